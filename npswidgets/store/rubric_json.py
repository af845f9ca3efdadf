"""A rubric as JSON and back. Imports nothing but the standard library, because every kernel reads rubrics this way."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, NoReturn, TypeAlias, get_args

from npswidgets.domain.rubric import KeyArea, Rubric, Theme, ValueCode
from npswidgets.domain.rubric_words import LONGEST_NOUN, NOUNS, OF_2018, Noun, RubricWords, is_noun
from npswidgets.domain.scale import RATINGS, AgreementBy, Level, ScoreFollows
from npswidgets.errors import Fault, RubricFaults, RuleBroken

Json = dict[str, Any]
Levels: TypeAlias = tuple[list[int], tuple[int, ...]]
"""All values of a scale, and those that have statements on every value code."""
FEWEST, MOST = 3, 10
"""How many levels a scale may have."""
MOST_CHARACTERS = 2_000_000
"""Of a rubric as JSON that is kept. The diagnostic of 2018 has a twentieth of it."""
TOO_LONG = "The rubric has {:,} characters, more than the {:,} that are kept. Shorten it, or make two of it."
LOWEST = (0, 1)
"""What its first level may be."""
FOLLOWS: tuple[ScoreFollows, ...] = get_args(ScoreFollows)
CRITERIA: tuple[AgreementBy, ...] = get_args(AgreementBy)
FOR_RATINGS = f"{len(RATINGS)} levels from {RATINGS[0]}, because a criterion of agreement is for no other scale"
"""What a scale has to be for panels to be judged on it."""

_UNSAID = {
    "nps-2018": {
        "credit": "LGA diagnostic 2018",
        "credit_in_full": "Local Government Association, National Procurement Strategy 2018 diagnostic",
        "asks": "How good is our procurement?",
        "form": "LGA",
    }
}
"""By id, what a rubric says of itself that was written before it could: it is not written now, so that digests stay."""
_UNSAID_WORDS = {"nps-2018": OF_2018}
"""The same of its words."""
_MEANING: Json = {"score_follows": "weakest part", "good_enough": 3, "case_study": 5}
"""The same of levels, for every rubric of five from 1 that says nothing of them."""
_WORDS = ("question", "credit", "credit_in_full", "asks", "form", "licence")
_MAY = ("guidance", "score_follows", "good_enough", "case_study", "anchored_at", "agreement_by", *_WORDS, "words")


def rubric_to_json(rubric: Rubric) -> Json:
    """The whole rubric as JSON values: what `rubric show --json` prints and an archive carries."""
    return {
        "id": rubric.id,
        "title": rubric.title,
        "version": rubric.version,
        "source": rubric.source,
        "levels": [{"value": level.value} | ({"name": level.name} if level.name else {}) for level in rubric.levels],
        "themes": [_theme_to_json(theme) for theme in rubric.themes],
        "guidance": rubric.guidance,
    } | _said(rubric)


def _said(rubric: Rubric) -> Json:
    """What a rubric says besides, without what it means anyway."""
    unsaid = _UNSAID.get(rubric.id, {})
    texts = {key: getattr(rubric, key) for key in _WORDS}
    said: Json = {key: text for key, text in texts.items() if text and text != unsaid.get(key)}
    if rubric.anchored_at:
        said["anchored_at"] = list(rubric.anchored_at)
    if rubric.agreement_by:
        said["agreement_by"] = rubric.agreement_by
    meaning = {key: getattr(rubric, key) for key in _MEANING}
    if not (_means_it_anyway(rubric.scale.values) and meaning == _MEANING):
        said |= {key: value for key, value in meaning.items() if value is not None}
    words = {
        key: noun for key, noun in _nouns(rubric.words).items() if noun != _unsaid_word(rubric.id, rubric.words, key)
    }
    return said | (
        {"words": {key: {"one": noun.one, "many": noun.many} for key, noun in words.items()}} if words else {}
    )


def _nouns(words: RubricWords) -> dict[str, Noun]:
    """The words by their keys."""
    return {key: getattr(words, key) for key in NOUNS}


def words_to_write(rubric: Rubric) -> dict[str, Noun]:
    """The words that a copy of the rubric has to name, also one that gets another id."""
    plain = RubricWords(topic_in_reports=rubric.words.topic)
    known = rubric.id in _UNSAID_WORDS
    found = _nouns(rubric.words)
    return {key: noun for key, noun in found.items() if noun != getattr(plain, key) or (known and key == NOUNS[-1])}


def _unsaid_word(id_: object, words: RubricWords, key: str) -> Noun:
    """What a rubric means that does not say this word; in reports a topic is called what it is called elsewhere."""
    anyway = _UNSAID_WORDS.get(str(id_))
    if anyway is None:
        anyway = RubricWords(topic_in_reports=words.topic)
    word: Noun = getattr(anyway, key)
    return word


def _read_words(data: object, id_: object) -> RubricWords:
    given = {} if data is None else _mapping(data, "words", (), NOUNS)
    read = RubricWords(**{key: _noun(one, f"words, {key}") for key, one in given.items()})
    unsaid = {key: _unsaid_word(id_, read, key) for key in NOUNS if key not in given}
    return replace(read, **unsaid)


def _noun(data: object, place: str) -> Noun:
    pair = _mapping(data, place, ("one", "many"))
    for key, word in pair.items():
        if not is_noun(word):
            _unfit(f"{place}, {key}", f"a word or a few, up to {LONGEST_NOUN} characters, without /", repr(word)[:60])
    return Noun(pair["one"], pair["many"])


def _means_it_anyway(values: Sequence[int]) -> bool:
    return list(values) == [1, 2, 3, 4, 5]


def _theme_to_json(theme: Theme) -> Json:
    return {"id": theme.id, "name": theme.name, "key_areas": [_area_to_json(area) for area in theme.key_areas]}


def _area_to_json(area: KeyArea) -> Json:
    return {
        "id": area.id,
        "name": area.name,
        "definition": area.definition,
        "what_it_is": area.what_it_is,
        "why_it_is_important": area.why_it_is_important,
        "value_codes": [_code_to_json(code) for code in area.value_codes],
    }


def _code_to_json(code: ValueCode) -> Json:
    plain: Json = {
        "id": code.id,
        "name": code.name,
        "display_name": code.display_name,
        "description": code.description,
        "levels": {str(value): list(said) for value, said in code.levels.items() if said},
    }
    return plain | ({"notes": list(code.notes)} if code.notes else {})


def rubric_text(rubric: Rubric) -> str:
    """The rubric's canonical JSON: sorted keys, no spaces."""
    return json.dumps(rubric_to_json(rubric), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def rubric_digest(rubric: Rubric) -> str:
    """SHA-256, in hexadecimal, of the rubric's canonical JSON in UTF-8."""
    return hashlib.sha256(rubric_text(rubric).encode()).hexdigest()


def check_length(rubric: Rubric) -> None:
    """Whether a rubric is short enough to be kept, and to be read by a server that has other things to do.

    Raises:
        RuleBroken: it is not.
    """
    length = len(rubric_text(rubric))
    if length > MOST_CHARACTERS:
        raise RuleBroken(TOO_LONG.format(length, MOST_CHARACTERS))


def rubric_from_json(data: object) -> Rubric:
    """The rubric that `rubric_to_json` wrote; what is missing and may be gets its default.

    Raises:
        RubricFaults: something does not fit. Programs write this form, so the first fault is enough.
    """
    top = _mapping(data, "rubric", ("id", "title", "version", "source", "levels", "themes"), _MAY)
    levels = tuple(_level(item, f"level {n}") for n, item in _items(top["levels"], "levels"))
    values = [level.value for level in levels]
    if not FEWEST <= len(levels) <= MOST or values[0] not in LOWEST or values != list(range(values[0], values[-1] + 1)):
        expected = f"{FEWEST} to {MOST} values in order, each one more than the last, from 0 or 1"
        _unfit("levels", expected, ", ".join(map(str, values)))
    said = _read_said(top, values)
    anchors = said["anchored_at"] or tuple(values)
    texts: dict[str, Any] = {key: _text(top[key], key) for key in ("id", "title", "version", "source")}
    rubric = Rubric(
        **texts,
        levels=levels,
        themes=tuple(_theme(item, f"theme {n}", (values, anchors)) for n, item in _items(top["themes"], "themes")),
        guidance=_text(top["guidance"], "guidance") if top.get("guidance") else "",
        **said,
    )
    codes = [code.id for area in rubric.key_areas for code in area.value_codes]
    _refuse_twins([*(theme.id for theme in rubric.themes), *(area.id for area in rubric.key_areas), *codes])
    return rubric


def _read_said(top: Json, values: list[int]) -> dict[str, Any]:
    """What a rubric says besides, with the default of what it does not say."""
    said: Json = {key: _text(top[key], key) for key in _WORDS if key in top}
    said |= {key: text for key, text in _UNSAID.get(str(top["id"]), {}).items() if key not in top}
    meaning = {key: top[key] for key in _MEANING if key in top}
    if not meaning and _means_it_anyway(values):
        meaning = _MEANING
    if meaning.get("score_follows", FOLLOWS[0]) not in FOLLOWS:
        _unfit("score_follows", f"one of {', '.join(FOLLOWS)}", repr(meaning["score_follows"])[:60])
    for key in ("good_enough", "case_study"):
        if meaning.get(key) is not None and not _is_level(meaning[key], values):
            _unfit(key, f"a level from {values[0]} to {values[-1]}", repr(meaning[key])[:60])
    criterion = {"agreement_by": _criterion(top["agreement_by"], values)} if "agreement_by" in top else {}
    said["words"] = _read_words(top.get("words"), top["id"])
    return said | meaning | criterion | {"anchored_at": _anchors(top.get("anchored_at", []), values)}


def _criterion(given: object, values: list[int]) -> object:
    if given not in CRITERIA:
        _unfit("agreement_by", f"one of {', '.join(CRITERIA)}", repr(given)[:60])
    if values != list(RATINGS):
        _unfit("levels", FOR_RATINGS, ", ".join(map(str, values)))
    return given


def _anchors(given: object, values: list[int]) -> tuple[int, ...]:
    if given == []:
        return ()
    anchors = tuple(value for value in values if isinstance(given, list) and value in given)
    if given != list(anchors) or not {values[0], values[-1]} <= set(anchors):
        _unfit("anchored_at", f"levels in order, from {values[0]}, the lowest, to {values[-1]}", repr(given)[:60])
    return anchors


def _is_level(value: object, values: list[int]) -> bool:
    return type(value) is int and value in values


def _level(data: object, place: str) -> Level:
    level = _mapping(data, place, ("value",), ("name",))
    if type(level["value"]) is not int:
        _unfit(f"{place}, value", "a whole number", repr(level["value"]))
    return Level(level["value"], _text(level["name"], f"{place}, name") if "name" in level else "")


def _theme(data: object, place: str, levels: Levels) -> Theme:
    theme = _mapping(data, place, ("id", "name", "key_areas"))
    place = f'theme "{theme["id"]}"'
    areas = tuple(_area(item, f"{place}, key area {n}", levels) for n, item in _items(theme["key_areas"], place))
    return Theme(_text(theme["id"], place), _text(theme["name"], f"{place}, name"), areas)


def _area(data: object, place: str, levels: Levels) -> KeyArea:
    texts = ("id", "name", "definition", "what_it_is", "why_it_is_important")
    area = _mapping(data, place, (*texts, "value_codes"))
    place = f'key area "{area["id"]}"'
    codes = tuple(_code(item, f"{place}, value code {n}", levels) for n, item in _items(area["value_codes"], place))
    return KeyArea(**{key: _text(area[key], f"{place}, {key}") for key in texts}, value_codes=codes)


def _code(data: object, place: str, levels: Levels) -> ValueCode:
    code = _mapping(data, place, ("id", "name", "description", "levels"), ("display_name", "notes"))
    place = f'value code "{code["id"]}"'
    values, anchors = levels
    said = _mapping(code["levels"], f"{place}, levels", tuple(map(str, anchors)), tuple(map(str, values)))
    return ValueCode(
        id=_text(code["id"], place),
        name=_text(code["name"], f"{place}, name"),
        display_name=_text(code.get("display_name", code["name"]), f"{place}, display_name"),
        description=_text(code["description"], f"{place}, description"),
        levels={
            value: _texts(said.get(str(value), []), f"{place}, level {value}", value in anchors) for value in values
        },
        notes=_texts(code["notes"], f"{place}, notes") if "notes" in code else (),
    )


def _mapping(data: object, place: str, needed: tuple[str, ...], allowed: tuple[str, ...] = ()) -> Json:
    if not isinstance(data, dict):
        _unfit(place, "keys with values", repr(data)[:60])
    for key in needed:
        if key not in data:
            _unfit(place, f'the key "{key}"', "no such key")
    for key in data:
        if key not in (*needed, *allowed):
            _unfit(place, "one of the keys " + ", ".join((*needed, *allowed)), f'the key "{key}"')
    return data


def _items(data: object, place: str) -> Iterable[tuple[int, object]]:
    if not isinstance(data, list) or not data:
        _unfit(place, "a list with at least one entry", repr(data)[:60])
    return enumerate(data, start=1)


def _text(data: object, place: str) -> str:
    if not isinstance(data, str) or not data.strip():
        _unfit(place, "text", repr(data)[:60])
    return data


def _texts(data: object, place: str, needed: bool = True) -> tuple[str, ...]:
    if data == [] and not needed:
        return ()
    return tuple(_text(item, f"{place}, statement {n}") for n, item in _items(data, place))


def _refuse_twins(ids: list[str]) -> None:
    for n, part in enumerate(ids):
        if part in ids[:n]:
            _unfit(f'id "{part}"', "an id that stands once", "the same id twice")


def _unfit(place: str, expected: str, found: str) -> NoReturn:
    raise RubricFaults((Fault("rubric", place, expected, found),))
