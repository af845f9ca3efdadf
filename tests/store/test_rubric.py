"""The diagnostic as data: the words are those of the source, each in its place."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import pytest
from paths import DATA

from npswidgets.domain.rubric import KeyArea, Rubric, ValueCode
from npswidgets.errors import NotFound, RubricFaults
from npswidgets.settings import data_folder
from npswidgets.store.rubric_files import load_rubric, rubric_digest, rubric_from_json, rubric_to_json

DIAGNOSTIC = (DATA / "diagnostic.txt").read_text(encoding="utf-8")
TABLE = re.compile(
    r"Description:(.*?)1 - Minimum 2 - Developing 3 - Mature 4 - Leader 5 - Innovator(.*?)Comment\s", re.S
)
INTRODUCTION = re.compile(r"(.*?)What it is:(.*?)Why it is important:(.*)", re.S)


@dataclass(frozen=True)
class Section:
    """A heading of the diagnostic's text and what follows it, up to the next one."""

    heading: str
    body: str


def sections() -> Iterator[Section]:
    pages, _ = DIAGNOSTIC.split("Appendix A: Guidance")
    parts = re.split(r"((?:^ Engaging VCSEs [^\n]*\n)?^[^\n]*) \(draft\)$", pages, flags=re.M)
    yield from map(Section, parts[1::2], parts[2::2])


SECTIONS = tuple(sections())
TABLES = tuple(section for section in SECTIONS if TABLE.search(section.body))
INTRODUCTIONS = tuple(section for section in SECTIONS if section not in TABLES)


def words(text: str) -> list[str]:
    """The words of a text; where the source breaks a line after "/" or "-", it does not tell if a space stood there."""
    return re.sub(r"(?<=[/-])\s+", "", text).split()


@pytest.fixture(scope="module")
def rubric() -> Rubric:
    return load_rubric("nps-2018")


def codes(rubric: Rubric) -> tuple[ValueCode, ...]:
    return tuple(rubric.value_codes.values())


def test_the_diagnostic_has_4_themes_11_key_areas_59_value_codes_and_564_statements(rubric: Rubric) -> None:
    statements = [text for code in codes(rubric) for texts in code.levels.values() for text in texts]
    assert (len(rubric.themes), len(rubric.key_areas), len(codes(rubric)), len(statements)) == (4, 11, 59, 564)


def test_the_themes_have_13_17_25_and_4_value_codes(rubric: Rubric) -> None:
    assert {theme.name: len(theme.value_codes) for theme in rubric.themes} == {
        "Showing leadership": 13,
        "Behaving commercially": 17,
        "Achieving community benefits": 25,
        "Enablers": 4,
    }


def test_the_levels_have_the_names_of_the_source(rubric: Rubric) -> None:
    assert " ".join(f"{level.value} - {level.name}" for level in rubric.levels) in DIAGNOSTIC


def test_the_names_stand_in_the_order_of_the_source(rubric: Rubric) -> None:
    names = chain.from_iterable((area.name, *(code.name for code in area.value_codes)) for area in rubric.key_areas)
    assert list(names) == [" ".join(section.heading.split()) for section in SECTIONS]


@pytest.mark.parametrize("n", range(59))
def test_every_word_of_a_table_stands_in_exactly_one_level_in_order(rubric: Rubric, n: int) -> None:
    code, table = codes(rubric)[n], TABLE.search(TABLES[n].body)
    assert table is not None
    assert words(" ".join(chain.from_iterable(code.levels[value] for value in range(1, 6)))) == words(table[2])


@pytest.mark.parametrize("n", range(59))
def test_the_description_of_a_value_code_is_that_of_the_source(rubric: Rubric, n: int) -> None:
    table = TABLE.search(TABLES[n].body)
    assert table is not None
    printed = " ".join(words(table[1])).removesuffix(" .")  # one has a full stop of its own line too many
    assert " ".join(words(codes(rubric)[n].description)) == printed


@pytest.mark.parametrize("n", range(11))
def test_the_introduction_of_a_key_area_is_that_of_the_source(rubric: Rubric, n: int) -> None:
    area: KeyArea = rubric.key_areas[n]
    printed = INTRODUCTION.fullmatch(INTRODUCTIONS[n].body)
    assert printed is not None
    for ours, theirs in zip(
        (area.definition, area.what_it_is, area.why_it_is_important), printed.groups(), strict=True
    ):
        assert words(ours) == words(theirs)


def test_the_guidance_is_that_of_the_source(rubric: Rubric) -> None:
    assert words(rubric.guidance) == words(DIAGNOSTIC.split("Appendix A: Guidance")[1])


def test_the_source_is_named(rubric: Rubric) -> None:
    assert "Local Government Association" in rubric.source
    assert "2018 National Procurement Strategy (NPS) diagnostic" in rubric.source


def test_a_clumsy_name_has_another_one_for_screens(rubric: Rubric) -> None:
    code = rubric.value_codes["procurement-and-commercial-champions"]
    assert (code.name, code.display_name) == (
        "Proc. and commercial champions",
        "Procurement and commercial champions",
    )
    assert rubric.value_codes["reporting"].display_name == "Reporting"


def test_display_names_differ_from_each_other(rubric: Rubric) -> None:
    names = [code.display_name for code in codes(rubric)]
    assert len(set(names)) == len(names)


def test_every_open_border_is_noted_with_words_that_stand_beside_it(rubric: Rubric) -> None:
    noted = {code.id: code.notes for code in codes(rubric) if code.notes}
    assert len(noted) == 16
    for code, notes in noted.items():
        for note in notes:
            lower = int(re.findall(r"levels (\d) and \d", note)[0])
            beside = " ".join((*rubric.value_codes[code].levels[lower], *rubric.value_codes[code].levels[lower + 1]))
            assert all(quoted in beside for quoted in re.findall('"(.+?)"', note))


def test_a_rubric_goes_to_json_and_back(rubric: Rubric) -> None:
    text = json.dumps(rubric_to_json(rubric))
    assert rubric_from_json(json.loads(text)) == rubric


def test_the_digest_does_not_depend_on_the_order_of_keys(rubric: Rubric) -> None:
    backwards = dict(reversed(rubric_to_json(rubric).items()))
    assert rubric_digest(rubric_from_json(backwards)) == rubric_digest(rubric)


def test_the_digest_tells_a_corrected_rubric_from_the_old_one(rubric: Rubric) -> None:
    corrected = rubric_to_json(rubric) | {"version": "2018.2"}
    assert rubric_digest(rubric_from_json(corrected)) != rubric_digest(rubric)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            {"colour": "red"},
            "expected one of the keys id, title, version, source, levels, themes, guidance, score_follows, "
            "good_enough, case_study, anchored_at, agreement_by, question, credit, credit_in_full, asks, form, "
            "licence, words, found",
        ),
        ({"title": 3}, "rubric: title: expected text, found 3"),
        ({"source": "  "}, "rubric: source: expected text, found '  '"),
        ({"themes": []}, "rubric: themes: expected a list with at least one entry, found []"),
        ({"levels": [{"value": True, "name": "Minimum"}]}, "level 1, value: expected a whole number, found True"),
        ({"levels": [{"value": 2, "name": "Minimum"}]}, "levels: expected 3 to 10 values in order, "),
    ],
)
def test_json_that_is_no_rubric_is_refused(rubric: Rubric, change: dict[str, object], fault: str) -> None:
    with pytest.raises(RubricFaults) as refused:
        rubric_from_json(rubric_to_json(rubric) | change)
    assert fault in str(refused.value)


@pytest.mark.parametrize("data", [None, [], "nps-2018", {}])
def test_json_of_another_kind_is_refused(data: object) -> None:
    with pytest.raises(RubricFaults):
        rubric_from_json(data)


def test_json_without_a_level_is_refused(rubric: Rubric) -> None:
    data = rubric_to_json(rubric)
    del data["themes"][0]["key_areas"][0]["value_codes"][1]["levels"]["4"]
    with pytest.raises(RubricFaults, match=r'value code "reporting", levels: expected the key "4"'):
        rubric_from_json(data)


def test_json_with_an_id_twice_is_refused(rubric: Rubric) -> None:
    data = rubric_to_json(rubric)
    data["themes"][1]["id"] = "reporting"
    with pytest.raises(RubricFaults, match='id "reporting"'):
        rubric_from_json(data)


def test_a_rubric_loads_by_id_by_folder_and_by_its_index_file(rubric: Rubric) -> None:
    folder = data_folder("rubric") / "nps-2018"
    assert load_rubric(folder) == load_rubric(str(folder / "rubric.yaml")) == rubric


def test_an_unknown_rubric_is_answered_with_the_ids_that_there_are() -> None:
    with pytest.raises(NotFound, match=r'No rubric "nps-2081".*there is meetings, nps-2018, panel-rating'):
        load_rubric("nps-2081")
