"""A second edition of the example that comes along, made up for the tests, and a map from the first one to it."""

from copy import deepcopy
from typing import Any

from npswidgets.domain.rubric import Rubric
from npswidgets.store.rubric_files import load_rubric, rubric_digest, rubric_from_json, rubric_to_json

FILLED = """\
before: {id: meetings, version: "1", digest: OLD}
after: {id: meetings, version: "2", digest: NEW}
changes:
  - {change: one to one, before: [purpose], after: [purpose], comparable: yes}
  - {change: split, before: [people], after: [hosts, guests], comparable: with care, note: Hosts were among them.}
  - {change: merged, before: [papers, room], after: [material], comparable: no}
  - {change: one to one, before: [time], after: [time], comparable: yes}
  - {change: one to one, before: [voices], after: [voices], comparable: with care}
  - {change: gone, before: [decisions]}
  - {change: new, after: [minutes]}
"""


def second_edition() -> Rubric:
    """What the example that comes along could become: made up for the tests."""
    made: dict[str, Any] = rubric_to_json(load_rubric("meetings")) | {"version": "2"}
    inviting, preparing = made["themes"][0]["key_areas"]
    (talking,) = made["themes"][1]["key_areas"]
    people, (papers, *_), decisions = (
        inviting["value_codes"].pop(1),
        preparing["value_codes"],
        talking["value_codes"].pop(),
    )
    inviting["value_codes"] += [
        people | {"id": id_, "display_name": id_.title(), "description": f"How {id_} come."}
        for id_ in ("hosts", "guests")
    ]
    preparing["value_codes"] = [papers | {"id": "material", "description": "How all is at hand."}]
    talking["value_codes"].append(decisions | {"id": "minutes", "description": "How it is written down."})
    return rubric_from_json(deepcopy(made))


OLD, NEW = load_rubric("meetings"), second_edition()


def map_text() -> str:
    """The map between the two, filled in."""
    return FILLED.replace("OLD", rubric_digest(OLD)).replace("NEW", rubric_digest(NEW))
