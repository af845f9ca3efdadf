"""The report: what it says of a workshop, and that it says it the same way everywhere."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, replace

import pytest
from played import (
    DEPARTMENTS,
    PEOPLE,
    SESSION,
    START,
    beginning,
    finished_theme,
    scored,
    theme_codes,
    voted,
    votes,
    whole_diagnostic,
    workshop_of,
    written,
)

from npswidgets.domain.events import (
    Event,
    Move,
    SessionClosed,
    Vote,
    VotesRevealed,
    VotingOpened,
    Words,
    WorkshopReopened,
    WorkshopSealed,
)
from npswidgets.errors import ExportFailed
from npswidgets.report.contents import MIME_TYPE, CodeReport, Report, report_from_json, report_to_json
from npswidgets.report.letters import texts_in
from npswidgets.report.make import make_report


def report_of(events: Sequence[Event]) -> Report:
    return make_report(workshop_of(events), START)


def code_in(report: Report, code: str) -> CodeReport:
    return next(one for _, _, one in report.codes if one.id == code)


def a_code(*happened: Event) -> CodeReport:
    """What a report says of the value code "reporting" after these events."""
    return code_in(report_of([*beginning(["reporting"]), *happened]), "reporting")


@pytest.fixture(scope="module")
def report() -> Report:
    return report_of(finished_theme())


def paragraphs(report: Report) -> str:
    return "\n".join(paragraph for section in report.method for paragraph in section.paragraphs)


def test_a_report_comes_back_from_its_json_as_it_was(report: Report) -> None:
    assert report_from_json(report_to_json(report)) == report


def test_the_json_of_a_report_has_numbers_as_numbers_and_gives_the_same_report_back(report: Report) -> None:
    text = report_to_json(report)
    numbers = [found for found in texts_in(asdict(report)) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?%?", found)]
    assert set(numbers) <= {report.source.version, report.record.head}
    assert report_from_json(text) == report
    assert report_to_json(report_from_json(text)) == text


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', '{"format": 99}'])
def test_what_is_no_report_is_refused_in_words(text: str) -> None:
    with pytest.raises(ExportFailed, match="This"):
        report_from_json(text)


def test_a_notebook_cell_shows_the_report_and_carries_it(report: Report) -> None:
    shown = report._repr_mimebundle_()
    assert report_from_json(json.dumps(shown[MIME_TYPE])) == report
    assert shown["text/plain"].startswith("Example County Council: How good is our procurement? (draft)\n")


def test_the_title_says_draft_until_the_workshop_is_signed_off() -> None:
    events = [*finished_theme(title="Spring review")]
    sealed = [*events, WorkshopSealed(1, Words("Head of procurement"))]
    assert report_of(events).title == "Spring review (draft)"
    assert report_of(sealed).title == "Spring review"
    assert report_of(sealed).status == "Version 1, signed off by Head of procurement on 12 March 2026."
    reopened = report_of([*sealed, WorkshopReopened(Words("A comment was missing"))])
    assert reopened.draft
    assert reopened.status == "Draft. Version 1 was signed off; the workshop has been reopened since."


def test_the_first_page_says_who_when_and_with_what(report: Report) -> None:
    assert {fact.label: fact.text for fact in report.facts} == {
        "Workshop": "2026-03-example",
        "Held on": "12 March 2026",
        "Took part": "18 people in 1 session",
        "Scored with": "National Procurement Strategy 2018 diagnostic, version 2018.1",
        "State": "Draft. The workshop is not signed off yet.",
    }
    assert "Local Government Association" in report.source.credit
    assert [(one.title, one.people, one.value_codes, one.scored) for one in report.sessions] == [
        ("Showing leadership", 18, 13, 12)
    ]


def test_the_summary_counts_levels_and_names_the_ends(report: Report) -> None:
    assert report.summary == (
        "Value codes at each level: Minimum 1, Developing 5, Mature 4, Leader 1, Innovator 1.",
        "Lowest, at level 1 Minimum: Influence and impact.",
        "Highest, at level 5 Innovator: Governance and processes.",
        "The last votes on 12 value codes: 11 close together; 1 where a few see it differently.",
    )


def test_figures_are_numbers_and_rounded_once_for_readers(report: Report) -> None:
    first, second = code_in(report, "reporting").rounds
    assert first.figures is not None
    assert (first.figures.median, first.figures.q1, first.figures.q3, first.figures.iqr) == (3.0, 2.0, 3.5, 1.5)
    assert (first.figures.median_text, first.figures.middle_half, first.figures.iqr_text) == ("3", "2 to 3.5", "1.5")
    assert (first.figures.consensus_text, first.figures.agreement_text) == ("0.58", "0.30")
    assert second.figures is not None
    shown = second.figures
    assert (shown.median_text, shown.iqr_text, shown.consensus_text) == ("2", "1", "0.75")


def test_a_vote_says_its_spread_its_verdict_and_its_movement(report: Report) -> None:
    first, second = code_in(report, "reporting").rounds
    assert (first.name, first.counts, first.dont_know, first.not_my_role) == ("Vote in the room", (3, 4, 4, 4, 0), 2, 1)
    assert first.sentence == "15 votes, from 1 to 4. 2 don't know. 1 not part of their role."
    assert first.verdict == "Wide spread: from 1 to 4"
    assert first.movement == ""
    assert second.movement == (
        "5 people changed their answer: 3 to a lower level and 2 to a higher level. "
        "33.3% of the votes lie elsewhere than in the vote in the room."
    )
    moves = [(move.before, move.after, move.people) for move in second.moves]
    assert moves == [(1, 2, 2), (4, 2, 2), (4, 3, 1)]


def test_a_second_vote_that_hardly_moves_is_called_stable() -> None:
    (_, second) = a_code(*voted("reporting", votes(0, 5, 5, 0, 0), votes(0, 6, 4, 0, 0), moves=[(3, 2, 1)])).rounds
    assert second.movement.startswith("1 person changed their answer: 1 to a lower level.")
    assert second.movement.endswith("; below 15% counts as stable.")


def test_a_vote_says_who_of_those_who_voted_in_both_kept_their_answer() -> None:
    def movement(both: int, *moves: Move) -> str:
        again = VotesRevealed(SESSION, "reporting", 2, votes(0, 7, 9), moves=moves, voted_in_both=both)
        return (
            a_code(*voted("reporting", votes(0, 9, 7)), VotingOpened(SESSION, "reporting", 2), again).rounds[1].movement
        )

    assert movement(14, Move(2, 3, 2), Move("dont_know", 3, 1)) == (
        "11 of 14 people who voted in both kept their answer (78.6%). 3 people changed their answer: "
        "2 to a higher level and 1 to or from another answer."
    )
    assert movement(14, Move(2, 3, 2)).endswith("higher level. Above 85% counts as stable.")
    assert movement(3) == "3 of 3 people who voted in both kept their answer."
    assert movement(0) == "The record has nobody's answers in both votes."


def test_the_method_says_how_many_repeated_votes_were_stable() -> None:
    again = VotesRevealed(SESSION, "reporting", 2, votes(0, 9, 7), voted_in_both=16)
    before = [*beginning(["reporting"]), *voted("reporting", votes(0, 9, 7)), VotingOpened(SESSION, "reporting", 2)]
    assert "Of 1 repeated vote, 1 was stable." in paragraphs(report_of([*before, again]))
    assert "repeated" not in paragraphs(report_of([*before, replace(again, voted_in_both=None)]))


def test_where_the_record_has_voters_the_appendix_says_how_alike_they_judged() -> None:
    codes = theme_codes()[:2]

    def said(people: str, anonymity: str = "named") -> tuple[str, ...]:
        voters = people if anonymity != "anonymous" else [None] * len(people)
        first, second = ([Vote(low + at % 2, None, who) for at, who in enumerate(voters)] for low in (1, 4))
        events = [*beginning(codes, anonymity=anonymity), *voted(codes[0], tuple(first))]
        return report_of([*events, *voted(codes[1], tuple(second))]).panel

    w, alpha = said("abcdef")
    assert w.startswith("Kendall's W is 1.00: from 0 to 1,")
    assert "the 2 value codes for which all 6 of them chose a level" in w
    assert alpha.startswith("Krippendorff's alpha is 0.")
    assert said("abcdef", "alias") == (w, alpha)
    assert said("abcd") == said("abcdef", "anonymous") == ()


def test_below_five_votes_there_are_no_figures() -> None:
    (vote,) = a_code(*voted("reporting", votes(1, 1, 1, 1, 0))).rounds
    assert vote.figures is None
    assert vote.verdict == "4 votes: too few to compare"
    assert vote.sentence == "4 votes, from 1 to 4. 14 gave no answer."


def test_a_score_has_the_name_of_its_level_and_marks_its_statements(report: Report) -> None:
    code = code_in(report, "reporting")
    assert (code.state, code.score, code.score_text) == ("agreed", 2, "2 Developing")
    assert [level.value for level in code.levels if level.agreed] == [2]
    assert [level.value for level in code.levels] == [1, 2, 3, 4, 5]
    assert all(level.statements for level in code.levels)


def test_what_is_missing_is_said_in_brackets(report: Report) -> None:
    code = a_code()
    assert (code.state, code.score) == ("not_scored", None)
    assert (code.score_text, code.comment) == ("(not scored)", "(no comment)")
    assert (code.rounds, code.starting.text) == ((), "No votes")
    assert code_in(report, theme_codes()[10]).score_text == "(not applicable: We have no such networks.)"


def test_what_people_wrote_stands_beside_the_score(report: Report) -> None:
    code = code_in(report, "reporting")
    assert code.comment == "Scrutiny gets reports when a decision is due."
    assert code.different_view == "Finance sees regular briefings."
    assert code.evidence == "Forward plan, on the intranet."


def test_words_that_were_erased_are_said_to_be_removed() -> None:
    assert a_code(*written("reporting", comment=None)).comment == "(removed)"  # type: ignore[arg-type]


def test_the_starting_level_comes_with_its_sentences_and_the_reason_above_it() -> None:
    happened = voted("reporting", votes(0, 6, 9, 1, 0))
    code = a_code(*happened, scored("reporting", 3, "Evidence shown in the room"))
    assert (code.starting.level, code.starting.text) == (2, "2 Developing")
    assert code.starting.sentences == ("Suggested level (weakest part): 2", "6 of 16 votes are at level 2 or lower.")
    assert code.reason_above == "Evidence shown in the room"


def test_a_reason_that_is_still_missing_is_marked() -> None:
    assert a_code(*voted("reporting", votes(0, 6, 9, 1, 0)), scored("reporting", 3)).reason_above == "(to be written)"
    assert a_code(*voted("reporting", votes(0, 6, 9, 1, 0)), scored("reporting", 2)).reason_above == ""


def test_a_five_that_is_ready_to_be_a_case_study_says_so(report: Report) -> None:
    (five,) = [code for _, _, code in report.codes if code.score == 5]
    assert five.case_study == "The council is ready to be a case study."


def test_value_codes_follow_the_diagnostic_and_not_the_agenda() -> None:
    codes = theme_codes()
    report = report_of([*beginning(codes[::-1])])
    assert tuple(code.id for _, _, code in report.codes) == codes
    assert report.themes[0].key_areas[0].name == "Engaging Councillors"


def test_only_themes_of_the_workshop_are_in_its_report() -> None:
    report = report_of([*beginning(["reporting"])])
    assert [theme.name for theme in report.themes] == ["Showing leadership"]
    assert "1 of its 59 value codes" in paragraphs(report)


def test_the_widest_disagreement_comes_first_and_five_are_enough() -> None:
    codes = theme_codes()[:7]
    spreads = [votes(2, 3, 3, 2, 0), votes(5, 0, 0, 0, 5), votes(0, 5, 5, 0, 0)] + [votes(1, 3, 3, 3, 0)] * 4
    events = [event for code, cast in zip(codes, spreads, strict=True) for event in voted(code, cast)]
    report = report_of([*beginning(codes), *events])
    assert [one.code for one in report.disagreements][:2] == [codes[1], codes[0]]
    assert report.disagreements[0].consensus_text == "0.00"
    assert len(report.disagreements) == 5
    assert report.disagreement_sentence == (
        "On 6 of 7 value codes the last vote was not close together; these are the 5 with the least consensus."
    )


def test_where_nobody_differs_that_is_said() -> None:
    report = report_of([*beginning(["reporting"]), *voted("reporting", votes(0, 5, 5, 0, 0))])
    assert report.disagreements == ()
    assert report.disagreement_sentence == "The last votes on all value codes were close together, or too few to say."


def test_many_who_do_not_know_are_a_finding() -> None:
    report = report_of([*beginning(["reporting"]), *voted("reporting", votes(0, 4, 4, 0, 0, dont_know=3))])
    assert report.summary[-1] == "A quarter or more of those who answered do not know: Reporting."


def test_the_method_statement_writes_itself_from_the_record(report: Report) -> None:
    assert [section.heading for section in report.method] == [
        "Introduction: what was asked",
        "Methods: who took part",
        "Methods: how the votes were taken",
        "Methods: how consensus was judged",
        "Methods: how scores were agreed",
        "Methods: what stays secret",
        "Results: rounds, consensus and scores",
        "Results: changes on the way",
        "Discussion: what this report cannot say",
        "Other information",
    ]
    said = paragraphs(report)
    assert " assessed itself with “National Procurement Strategy 2018 diagnostic” (version " in said
    assert "18 people joined, in 1 session. In the last vote on a value code, 13 to 17 of them chose a level." in said
    assert (
        "Vote in the room: 12 value codes, answered by 14 to 18 people. Second vote in the room: 1 value code, " in said
    )
    assert "answers were changed 5 times" in said
    assert "4 agreed scores stand above the suggested level, with the reason given there." in said
    assert "1 value code found not to apply." in said


def test_a_score_without_a_vote_is_a_change_on_the_way() -> None:
    report = report_of([*beginning(["reporting"]), scored("reporting", 2)])
    assert "1 value code scored without a vote." in paragraphs(report)


@pytest.mark.parametrize(
    ("anonymity", "sentence"),
    [
        ("anonymous", "held without names: the record keeps no voter with a vote."),
        ("alias", "held with aliases: the record keeps a number for the voter of each vote, and no alias."),
        ("named", "held with names: the record keeps a number for the voter of each vote, and no name."),
    ],
)
def test_the_report_says_what_stays_secret(anonymity: str, sentence: str) -> None:
    assert sentence in paragraphs(report_of([*beginning(["reporting"], anonymity=anonymity)]))


@pytest.mark.parametrize("anonymity", ["anonymous", "named"])
def test_no_person_and_no_department_is_in_a_report(anonymity: str) -> None:
    named = tuple(
        replace(vote, department=DEPARTMENTS[at % 3], participant=PEOPLE[at] if anonymity == "named" else None)
        for at, vote in enumerate(votes(3, 4, 4, 4, 0))
    )
    events = [*beginning(["reporting"], anonymity=anonymity), *voted("reporting", named), SessionClosed(SESSION)]
    text = report_to_json(report_of(events))
    assert not [found for found in (*PEOPLE, *DEPARTMENTS) if found in text]


@pytest.fixture(scope="module")
def by_department() -> Report:
    """All 59 value codes, with first scores, and with the choice that reports show departments."""
    return report_of(whole_diagnostic(departments_in_reports=True))


def test_departments_are_shown_only_where_that_was_chosen(by_department: Report) -> None:
    assert any(code.departments for _, _, code in by_department.codes)
    assert by_department.unsure_departments
    assert "It was chosen at the start" in paragraphs(by_department)
    without = report_of(whole_diagnostic())
    assert not any(code.departments for _, _, code in without.codes)
    assert not without.unsure_departments
    assert not [name for name in DEPARTMENTS if name in report_to_json(without)]
    assert "names no person and no department" in paragraphs(without)


def test_no_department_is_in_summary_plan_gaps_or_cards(by_department: Report) -> None:
    said = str((by_department.decided, by_department.summary, by_department.plan, by_department.gaps))
    assert not [name for name in DEPARTMENTS if name in said]


def test_a_department_in_a_report_has_five_votes_and_not_all_equal(by_department: Report) -> None:
    shown = [line for _, _, code in by_department.codes for line in code.departments]
    assert len(shown) > 20
    assert all(line.votes == sum(line.counts) >= 5 and max(line.counts) < line.votes for line in shown)
    for _, _, code in by_department.codes:
        if code.departments:
            sums = tuple(map(sum, zip(*(line.counts for line in code.departments), strict=True)))
            assert sums == code.rounds[-1].counts


def test_no_person_is_in_a_report_that_shows_departments() -> None:
    cast = tuple(
        replace(vote, department=DEPARTMENTS[at % 2], participant=PEOPLE[at])
        for at, vote in enumerate(votes(3, 4, 4, 4, 0))
    )
    first, *opening = beginning(["reporting"], anonymity="named")
    chosen = replace(first, departments_in_reports=True)  # type: ignore[type-var]
    report = report_of([chosen, *opening, *voted("reporting", cast)])
    assert [line.name for line in code_in(report, "reporting").departments] == list(DEPARTMENTS[:2])
    assert not [who for who in PEOPLE if who in report_to_json(report)]


def test_how_often_departments_do_not_know_is_counted_over_all_value_codes() -> None:
    cast = [replace(vote, department=DEPARTMENTS[at % 2]) for at, vote in enumerate(votes(0, 3, 3, dont_know=6))]
    opening = [*beginning(["reporting"])]
    opening[0] = replace(opening[0], departments_in_reports=True)  # type: ignore[type-var]
    report = report_of([*opening, *voted("reporting", tuple(cast))])
    assert [(one.name, one.dont_know, one.answers, one.share_text, one.most) for one in report.unsure_departments] == [
        (DEPARTMENTS[0], 3, 6, "50%", "Reporting"),
        (DEPARTMENTS[1], 3, 6, "50%", "Reporting"),
    ]
    assert [(one.name, one.dont_know, one.answers) for one in report.unsure] == [("Reporting", 6, 12)]
    assert "Most often on Reporting: 6 of 12." in report.unsure_sentence


def test_a_department_whose_name_holds_hidden_characters_is_shown_on_one_line() -> None:
    name = "Care\u0007 & <b>homes</b>"
    first, *opening = beginning(["reporting"])
    first = replace(first, departments=(name, *DEPARTMENTS), departments_in_reports=True)  # type: ignore[type-var]
    cast = (*votes(0, 3, 3, department=name), *votes(0, 0, 4, 2, department=DEPARTMENTS[0]))
    code = code_in(report_of([first, *opening, *voted("reporting", cast)]), "reporting")
    assert [line.name for line in code.departments] == [DEPARTMENTS[0], "Care & <b>homes</b>"]


def alone(code: str, *cast: Vote) -> list[Event]:
    """First scores that were shown."""
    return [VotingOpened(SESSION, code, 0), VotesRevealed(SESSION, code, 0, cast)]


def test_first_scores_are_called_so_and_count_as_no_vote_in_the_room() -> None:
    codes = theme_codes()[:2]
    close = votes(0, 9, 8, 0, 0, dont_know=1)
    events = [event for code in codes for event in (*alone(code, *close), scored(code, 2))]
    report = report_of([*beginning(codes), *events])
    said = paragraphs(report)
    assert "First each person scored 2 value codes alone" in said
    assert "First scores: 2 value codes, answered by 18 people." in said
    assert "2 value codes scored on first scores, without a vote in the room." in said
    assert "0 votes" not in said
    code = code_in(report, codes[0])
    assert (code.rounds[0].name, code.last_vote) == ("First scores", "First scores: close together: 2 to 3")


def test_a_vote_after_first_scores_says_what_changed_since_then() -> None:
    moves = (Move(3, 2, 4),)
    happened = [
        *alone("reporting", *votes(0, 5, 9)),
        VotingOpened(SESSION, "reporting", 1),
        VotesRevealed(SESSION, "reporting", 1, votes(0, 9, 5), moves=moves),
    ]
    code = a_code(*happened)
    assert code.last_vote == "Close together: 2 to 3"
    assert code.rounds[1].movement == (
        "4 people changed their answer: 4 to a lower level. 28.6% of the votes lie elsewhere than in the first scores."
    )


def test_the_report_carries_revision_and_digest_of_its_record() -> None:
    workshop = replace(workshop_of(finished_theme()), head="f" * 64)
    record = make_report(workshop, START).record
    assert (record.workshop, record.revision, record.head) == ("2026-03-example", workshop.revision, "f" * 64)
    assert str(workshop.revision) in record.sentence


def test_characters_that_nobody_sees_are_left_out_and_all_others_stay() -> None:
    code = a_code(*written("reporting", comment=" one\r\ntwo\x00\x07\x1b[31m \u202eright\u202c 😀\n"))
    assert code.comment == "one\ntwo[31m right 😀"


def test_a_name_of_several_lines_becomes_one_line() -> None:
    report = report_of([*beginning(["reporting"], council="Example\n County\tCouncil")])
    assert report.council == "Example County Council"
