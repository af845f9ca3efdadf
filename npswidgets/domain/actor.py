"""Who is using a screen."""

import json
from dataclasses import asdict, dataclass
from typing import Literal, TypeAlias

Role: TypeAlias = Literal["facilitator", "helper", "participant", "projector"]


@dataclass(frozen=True)
class Actor:
    """A person (or the wall) in a workshop.

    It reaches a kernel as JSON in the environment variable ``NPS_ACTOR`` and is bound when the store is opened, so that
    no later call names a role.

    Attributes:
        workshop: the workshop's id.
        role: what the person may do.
        session: the session that a participant joined, a helper helps in, the wall shows, or a facilitator's page
            begins with; None where it is for the whole workshop.
        participant: the participant's id; None for the others.
        link: the id of a helper's link; None for the others.
    """

    workshop: str
    role: Role
    session: str | None = None
    participant: str | None = None
    link: str | None = None

    def to_json(self) -> str:
        """The actor as one line of JSON."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Actor":
        """The actor that `to_json` wrote.

        Raises:
            TypeError, ValueError: the text is not one.
        """
        return cls(**json.loads(text))
