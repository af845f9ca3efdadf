"""What a rubric calls a topic, a level and a key area: kept without loss, and not written where it need not be."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from scales import OWN_WORDS, garden_of

from npswidgets.cli import main
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.rubric_words import KEY_AREA, LEVEL, OF_2018, PLAIN_WORDS, TOPIC, VALUE_CODE, Noun, RubricWords
from npswidgets.errors import RubricFaults
from npswidgets.rubric_book.reading import read_book
from npswidgets.rubric_book.writing import book_of
from npswidgets.store.rubric_files import load_rubric, rubric_digest, rubric_from_json, rubric_to_json
from npswidgets.store.rubric_writing import write_rubric

QUESTION = Noun("question", "questions")
QUESTIONS = RubricWords(QUESTION, topic_in_reports=QUESTION)
OURS = replace(load_rubric(), id="ours")


@pytest.mark.parametrize(
    ("rubric", "said"),
    [
        (garden_of(4), []),
        (garden_of(4, words=replace(QUESTIONS, level=LEVEL)), ["topic"]),
        (garden_of(4, words=OWN_WORDS), ["topic", "level", "key_area", "topic_in_reports"]),
        (load_rubric(), []),
        (replace(load_rubric(), words=PLAIN_WORDS), ["topic_in_reports"]),
        (OURS, ["topic_in_reports"]),
    ],
    ids=["none", "a topic", "all", "2018", "2018 without its own", "2018 by another name"],
)
def test_words_come_back_from_json_files_and_workbook_and_stand_only_where_they_are_said(
    rubric: Rubric, said: list[str], tmp_path: Path
) -> None:
    data = rubric_to_json(rubric)
    assert sorted(data.get("words", {})) == sorted(said)
    assert rubric_from_json(data) == rubric
    assert read_book(book_of(rubric), "book.xlsx").rubric == rubric
    write_rubric(rubric, tmp_path / rubric.id)
    assert load_rubric(tmp_path / rubric.id) == rubric


def test_the_digests_of_rubrics_that_say_no_words_are_what_they_were() -> None:
    assert rubric_digest(load_rubric()) == "931383d718454ca916632edde28126de387527d40aa56cc6832f70119416720e"
    for name in ("meetings", "panel-rating"):
        assert "words" not in rubric_to_json(load_rubric(name))


def test_the_diagnostic_of_2018_says_topic_on_screens_and_value_code_in_reports() -> None:
    words = load_rubric().words
    assert words == OF_2018
    assert (words.topic, words.in_reports.topic) == (TOPIC, VALUE_CODE)
    assert load_rubric("meetings").words == RubricWords(TOPIC, LEVEL, KEY_AREA, TOPIC)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("question", "words: expected keys with values"),
        ({"topic": {"one": "question"}}, 'words, topic: expected the key "many"'),
        ({"topic": {"one": "question", "many": "a/b"}}, "words, topic, many: expected a word or a few"),
        ({"level": {"one": "a\nb", "many": "b"}}, "words, level, one: expected a word or a few"),
        ({"level": {"one": "x" * 31, "many": "b"}}, "words, level, one: expected a word or a few"),
        ({"theme": {"one": "a", "many": "b"}}, 'found the key "theme"'),
    ],
)
def test_words_that_are_none_are_refused(words: object, fault: str) -> None:
    with pytest.raises(RubricFaults) as refused:
        rubric_from_json(rubric_to_json(garden_of(4)) | {"words": words})
    assert fault in str(refused.value)


def test_other_words_are_told_in_what_changed(tmp_path: Path) -> None:
    for name, rubric in (("before", garden_of(4)), ("after", garden_of(4, words=QUESTIONS))):
        write_rubric(rubric, tmp_path / name / "garden")
    result = CliRunner().invoke(main, ["rubric", "diff", str(tmp_path / "before"), str(tmp_path / "after")])
    assert result.exit_code == 0, result.output
    assert "what a topic, a level and a key area are called changed" in result.output
    assert "now: topic: question / questions" in result.output
