"""The differences of two editions of a rubric in words, part by part."""

from collections.abc import Iterator, Sequence
from unicodedata import normalize

from npswidgets.domain.editions import Difference, differences
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.rubric_words import RubricWords
from npswidgets.domain.text import printable

_FIELDS = {
    "agreement_by": "criterion by which a panel agrees",
    "anchored_at": "the levels that have statements",
    "asks": "title of a workshop that gets no other",
    "case_study": "level that asks for a case study",
    "credit": "source in a few words",
    "credit_in_full": "source on the big screen",
    "display_name": "name on screens",
    "form": "whose form takes the answers",
    "good_enough": "level that is good enough",
    "id": "ID",
    "question": "what each vote asks",
    "score_follows": "what the score follows",
    "words": "what a topic, a level and a key area are called",
}
"""What a field is called, where its own name says too little."""


def say_differences(before: Rubric, after: Rubric) -> Iterator[str]:
    """A line for each difference, indented below the part that it is of; what stood there and stands there below it."""
    head = ""
    for one in differences(before, after):
        if (named := _head(one, before, after)) != head:
            yield f"\n{named}"
            head = named
        yield f"  {_line(one, before, after)}"
        if one.kind in ("changed", "statements", "order"):
            yield from _was_and_is(_texts(one, one.before, before), _texts(one, one.after, after))


def _was_and_is(was: Sequence[str], now: Sequence[str]) -> Iterator[str]:
    yield from (f"    was: {text}" for text in was)
    yield from (f"    now: {text}" for text in now)
    if [normalize("NFC", printable(text)) for text in was] == [normalize("NFC", printable(text)) for text in now]:
        yield "    They differ in spaces, line ends or characters that nobody sees."


def _head(one: Difference, before: Rubric, after: Rubric) -> str:
    if one.what == "rubric":
        return "Rubric"
    if one.what == "level":
        return "Scale"
    return _named(one.id, before, after) if one.id else "Rubric"


def _line(one: Difference, before: Rubric, after: Rubric) -> str:
    match one.kind:
        case "added" | "gone" if one.what == "level":
            return f"{one.kind}: level {one.after or one.before}"
        case "added" | "gone":
            within = str(one.after or one.before or "")
            return one.kind + (f", in {_named(within, before, after)}" if within else "")
        case "moved":
            return f"moved from {_named(str(one.before), before, after)} to {_named(str(one.after), before, after)}"
        case "other level":
            return f"level changed, from {one.before} to {one.after}: {_quoted(one.field)}"
        case "statements":
            how = "reworded" if one.before and one.after else "added" if one.after else "gone"
            return f"level {one.field}, statements {how}"
        case "order" if one.field:
            return f"level {one.field}, order of the statements changed"
        case "order":
            return f"order of the {one.what}s changed"
    name = _FIELDS.get(one.field, one.field.replace("_", " "))
    return f"level {one.id}, name changed" if one.what == "level" else f"{name} changed"


def _texts(one: Difference, value: object, rubric: Rubric) -> list[str]:
    """What stands there, a line each."""
    if one.kind == "order" and not one.field and isinstance(value, tuple):
        return [", ".join(_name(id_, rubric) for id_ in value)]
    if one.kind in ("statements", "order") and isinstance(value, tuple):
        return [_quoted(text) for text in value]
    if isinstance(value, tuple):
        return [", ".join(_quoted(text) if isinstance(text, str) else str(text) for text in value) or "nothing"]
    if isinstance(value, RubricWords):
        return str(value).split("; ")
    return ["nothing" if value in (None, "") else _quoted(value) if isinstance(value, str) else str(value)]


def _quoted(text: object) -> str:
    return f"“{' '.join(str(text).split())}”"


def _names(rubric: Rubric) -> dict[str, tuple[str, str]]:
    """Kind and name of each part, by its id."""
    found = {one.id: ("Theme", one.name) for one in rubric.themes}
    found |= {one.id: ("Key area", one.name) for one in rubric.key_areas}
    return found | {one.id: ("Topic", one.display_name) for one in rubric.value_codes.values()}


def _name(id_: str, rubric: Rubric) -> str:
    return f"{_quoted(_names(rubric)[id_][1])} [{id_}]"


def _named(id_: str, before: Rubric, after: Rubric) -> str:
    kind, name = _names(after).get(id_) or _names(before)[id_]
    return f"{kind} {_quoted(name)} [{id_}]"
