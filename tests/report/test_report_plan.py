"""What a report says of decisions: targets, gaps, actions and exemplars."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from played import SESSION, START, agreed, beginning, planned_theme, scored, theme_codes, voted, votes, workshop_of

from npswidgets.domain.events import Event, TargetSet
from npswidgets.errors import RuleBroken
from npswidgets.report.contents import Report
from npswidgets.report.layout import Bullets
from npswidgets.report.layout_summary import summary_document
from npswidgets.report.make import make_report

DAY = timedelta(days=1)


def report_of(events: Sequence[Event]) -> Report:
    return make_report(workshop_of(events), START)


@pytest.fixture(scope="module")
def report() -> Report:
    return report_of(planned_theme())


def test_what_was_decided_is_said_in_sentences(report: Report) -> None:
    assert report.decided == (
        "The room agreed on a score for 12 of 13 value codes; 1 does not apply.",
        "It set a target for 4 value codes.",
        "It agreed on 4 actions; the first is due on 31 March 2026.",
    )


def test_where_nothing_is_decided_yet_that_is_said() -> None:
    report = report_of([*beginning(["reporting"])])
    assert report.decided[1:] == ("It set no targets yet.", "It agreed on no actions yet.")
    assert (report.gap_sentence, report.plan_sentence) == ("No targets are set yet.", "No actions are agreed yet.")
    assert (report.gaps, report.plan, report.exemplars) == ((), (), ())


def test_an_action_without_a_date_does_not_make_one_up() -> None:
    report = report_of([*beginning(["reporting"]), agreed("reporting", "Ask")])
    assert report.decided[2] == "It agreed on 1 action, none with a date yet."


def test_the_most_urgent_gap_comes_first_and_a_target_that_is_met_is_none(report: Report) -> None:
    assert [(gap.name, gap.levels, gap.priority) for gap in report.gaps] == [
        ("Influence and impact", 3, 15),
        ("Reporting", 2, 8),
        ("Procurement and commercial champions", 1, 3),
    ]
    assert report.gap_sentence.startswith("On 3 value codes the target is above the agreed score. ")
    met = next(code for _, _, code in report.codes if code.id == theme_codes()[6])
    assert (met.target_text, met.priority) == ("4 Leader", 0)


def test_ten_gaps_are_enough_and_the_rest_is_counted() -> None:
    codes = theme_codes()
    events = [event for code in codes for event in (scored(code, 2), TargetSet(SESSION, code, 3))]
    report = report_of([*beginning(codes), *events])
    assert len(report.gaps) == 10
    assert "On 13 value codes the target is above the agreed score; these are the 10" in report.gap_sentence


def test_a_target_without_a_score_has_no_gap_yet() -> None:
    report = report_of([*beginning(["reporting"]), TargetSet(SESSION, "reporting", 3)])
    assert report.gaps == ()
    assert report.gap_sentence == "No target is above the agreed score; targets are set for 1 value code."


def test_the_plan_goes_by_owner_and_date(report: Report) -> None:
    assert [(line.owner, line.due, line.due_text) for line in report.plan] == [
        ("(no owner yet)", "2026-03-31", "31 March 2026"),
        ("Democratic services manager", "2026-06-30", "30 June 2026"),
        ("Head of procurement", "2026-04-30", "30 April 2026"),
        ("head of procurement", "", "(no date yet)"),
    ]
    assert report.plan_sentence == "4 actions, by owner and date."


def test_the_actions_of_a_value_code_stand_beside_its_score_the_earliest_first(report: Report) -> None:
    code = next(code for _, _, code in report.codes if code.id == "reporting")
    assert [line.what for line in code.actions] == ["Brief scrutiny every quarter", "Draw up a forward plan"]
    assert [line.done_when for line in code.actions] == ["It was briefed.", ""]


def test_a_score_of_five_has_a_card(report: Report) -> None:
    (card,) = report.exemplars
    assert (card.name, card.score_text) == ("Governance and processes", "5 Innovator")
    assert card.statements
    assert card.case_study == "The council is ready to be a case study."


def test_a_report_is_compared_only_with_another_workshop_that_was_signed_off() -> None:
    workshop = workshop_of(planned_theme())
    with pytest.raises(RuleBroken, match="not signed off yet, so its scores may still change"):
        make_report(workshop, START, earlier=workshop)
    signed = replace(workshop, sealed=True)
    with pytest.raises(RuleBroken, match="is the same as that of the report"):
        make_report(signed, START, earlier=signed)


def test_a_report_is_compared_only_with_a_workshop_that_is_earlier() -> None:
    workshop = replace(workshop_of(planned_theme()), sealed=True, sealed_at=START + DAY)
    begun_later = replace(workshop, id="later", created_at=workshop.created_at + DAY)
    signed_off_later = replace(workshop, id="later", sealed_at=START + 2 * DAY)
    for later in (begun_later, signed_off_later):
        with pytest.raises(RuleBroken, match=r"“later” .* is not earlier than “2026-03-example”"):
            make_report(workshop, START, earlier=later)
    assert make_report(replace(workshop, sealed=False, sealed_at=None), START, earlier=signed_off_later).earlier


def test_what_came_out_says_what_changed_since_the_earlier_workshop() -> None:
    workshop = workshop_of(planned_theme())
    lowered = {
        code: replace(topic, score=replace(topic.score, value=max(1, topic.score.value - 1)))
        for code, topic in workshop.topics.items()
        if topic.score and topic.score.value
    }
    earlier = replace(workshop, id="earlier", title="Last year", sealed=True, topics=lowered)
    report = make_report(workshop, START, earlier=earlier)
    (said,) = [
        sentence for sentence in report.summary if sentence.startswith("Since “Last year” of 12 March 2026: Of ")
    ]
    names = [code.name for _, _, code in report.codes if code.score and code.score > 1]
    assert " higher" in said
    assert f"Higher now: {names[0]}" in said
    assert "Lower now" not in said
    assert Bullets(report.summary) in summary_document(report).blocks
    assert not [sentence for sentence in make_report(workshop, START).summary if sentence.startswith("Since")]


def test_what_does_not_apply_is_neither_a_difference_nor_a_gap_in_knowledge() -> None:
    code = "reporting"
    asked = [*beginning([code]), *voted(code, votes(3, 0, 0, 0, 3, dont_know=3))]
    report = report_of(asked)
    assert [one.code for one in report.disagreements] == [one.code for one in report.unsure] == [code]
    report = report_of([*asked, scored(code, None, "A county does this for us.")])
    assert report.disagreements == report.unsure == ()
    assert not [sentence for sentence in report.summary if "do not know" in sentence or "last vote" in sentence]
    assert report.disagreement_sentence == report.unsure_sentence == "No votes yet."


def test_a_radar_needs_three_key_areas() -> None:
    with pytest.raises(RuleBroken, match="needs 3 key areas or more, and this workshop has 1"):
        make_report(workshop_of([*beginning(["reporting"])]), START, radar=True)
