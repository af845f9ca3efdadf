"""Rubrics on any scale, and what they say of their levels, kept without loss."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scales import diagnostic_of, garden_of
from sqlalchemy import Engine, update

from npswidgets.domain.rubric import Rubric
from npswidgets.domain.scale import ScoreFollows
from npswidgets.errors import RubricFaults
from npswidgets.store import tables
from npswidgets.store.database import writing
from npswidgets.store.rubric_files import load_rubric, rubric_digest, rubric_from_json, rubric_to_json
from npswidgets.store.workshops import NewWorkshop, create_workshop, earlier_workshops

DIGEST = "931383d718454ca916632edde28126de387527d40aa56cc6832f70119416720e"
"""Of the diagnostic of 2018, as it was while a rubric could say nothing of its levels."""
follows: st.SearchStrategy[ScoreFollows] = st.sampled_from(["weakest part", "median", "nothing"])
gardens = st.builds(garden_of, st.integers(3, 10), st.integers(0, 1), follows, st.booleans(), st.booleans())


def test_the_diagnostic_means_what_it_meant_and_its_digest_stays() -> None:
    rubric = load_rubric()
    assert rubric_digest(rubric) == DIGEST
    assert (rubric.score_follows, rubric.good_enough, rubric.case_study) == ("weakest part", 3, 5)
    assert (rubric.credit, rubric.asks, rubric.form) == ("LGA diagnostic 2018", "How good is our procurement?", "LGA")


@given(gardens)
def test_a_rubric_of_any_scale_is_kept_without_loss(rubric: Rubric) -> None:
    kept = rubric_from_json(rubric_to_json(rubric))
    assert kept == rubric
    assert rubric_digest(kept) == rubric_digest(rubric)


def test_a_rubric_of_five_levels_that_names_none_stays_so() -> None:
    rubric = garden_of(5, case_study=False)
    assert rubric_to_json(rubric)["score_follows"] == "weakest part"
    assert rubric_from_json(rubric_to_json(rubric)).case_study is None


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"score_follows": "average"}, "score_follows: expected one of weakest part, median, nothing, found 'average'"),
        ({"good_enough": 4}, "good_enough: expected a level from 0 to 3, found 4"),
        ({"case_study": True}, "case_study: expected a level from 0 to 3, found True"),
        ({"anchored_at": [0, 2]}, "anchored_at: expected levels in order, from 0, the lowest, to 3, found [0, 2]"),
        ({"anchored_at": [3, 0]}, "anchored_at: expected levels in order, from 0, the lowest, to 3, found [3, 0]"),
        ({"anchored_at": "0"}, "anchored_at: expected levels in order, from 0, the lowest, to 3, found '0'"),
        ({"agreement_by": "eye"}, "agreement_by: expected one of counting, IPRAS, found 'eye'"),
        ({"agreement_by": "counting"}, "levels: expected 9 levels from 1, because a criterion of agreement is for no"),
        ({"question": 1}, "question: expected text, found 1"),
        (
            {"levels": [{"value": 0}, {"value": 2}, {"value": 3}]},
            "levels: expected 3 to 10 values in order, each one more",
        ),
        ({"levels": [{"value": 2}, {"value": 3}, {"value": 4}]}, "from 0 or 1, found 2, 3, 4"),
        ({"id": ["nps-2018"]}, "id: expected text"),
    ],
)
def test_what_does_not_fit_the_scale_is_refused(change: dict[str, object], fault: str) -> None:
    with pytest.raises(RubricFaults) as refused:
        rubric_from_json(rubric_to_json(garden_of(4, 0)) | change)
    assert fault in str(refused.value)


def test_the_examples_are_whole() -> None:
    meetings, panel = load_rubric("meetings"), load_rubric("panel-rating")
    assert (len(meetings.levels), len(meetings.themes), meetings.score_follows) == (4, 2, "median")
    assert (panel.scale.ends, panel.anchored_at, panel.score_follows) == ("1 to 9", (1, 5, 9), "nothing")
    assert (panel.scale.agreement_by, meetings.scale.agreement_by) == ("counting", None)
    assert [str(level) for level in panel.levels[:2]] == ["1 Not appropriate", "2"]
    assert all(code.levels[2] == () and code.levels[5] for code in panel.value_codes.values())


def test_a_rubric_from_before_panels_were_judged_says_the_same_and_names_no_criterion() -> None:
    said = rubric_to_json(load_rubric("panel-rating"))
    criterion = said.pop("agreement_by")
    before = rubric_from_json(said)
    assert (criterion, before.agreement_by) == ("counting", None)
    assert rubric_to_json(before) == said


@pytest.mark.parametrize("length", [3, 10])
def test_the_diagnostic_could_have_another_length(length: int) -> None:
    assert rubric_from_json(rubric_to_json(diagnostic_of(length))).scale.values == tuple(range(1, length + 1))


def test_only_a_workshop_on_the_same_levels_is_offered_to_compare_with(engine: Engine) -> None:
    four, five, now = (
        create_workshop(engine, NewWorkshop("Hill Council", rubric=garden_of(levels), id=f"hill-{levels}-{n}")).workshop
        for n, levels in enumerate((4, 5, 4))
    )
    with writing(engine) as db:
        db.execute(update(tables.workshops).where(tables.workshops.c.id.in_([four, five])).values(sealed=True))
    assert [one.id for one in earlier_workshops(engine, now)] == [four]
