"""What a report says about one value code."""

from collections.abc import Iterator

from npswidgets.domain.ballots import say_answer
from npswidgets.domain.days import say_day
from npswidgets.domain.events import Answer
from npswidgets.domain.rubric import Rubric, ValueCode
from npswidgets.domain.sign_off import above_starting_level
from npswidgets.domain.stability import stability
from npswidgets.domain.starting_level import ENOUGH_VOTES, starting_level_of
from npswidgets.domain.statistics import STABLE_BELOW, Spread, change, gap_priority, percentage, spread
from npswidgets.domain.verdict import verdict_on
from npswidgets.domain.workshop import Round, Topic, Workshop
from npswidgets.report.contents import (
    ActionLine,
    CodeReport,
    CodeState,
    EarlierScore,
    Figures,
    FirstScoresElsewhere,
    LevelStatements,
    MoveLine,
    StartingPoint,
    VoteRound,
)
from npswidgets.report.departments import department_lines
from npswidgets.report.phrases import (
    NO_COMMENT,
    NO_OWNER,
    NOT_APPLICABLE,
    NOT_SCORED,
    counted,
    listed,
    one_line,
    said_time,
    typed,
)
from npswidgets.report.ratings import panel_ratings


def code_report(
    workshop: Workshop, topic: Topic, earlier: EarlierScore | None = None, benchmark: float | None = None
) -> CodeReport:
    """The value code with its score, its texts and all votes that were shown.

    A benchmark stands beside an agreed score alone: before that it would lead the room.
    """
    code = workshop.rubric.value_codes[topic.code]
    score = topic.agreed_level
    return CodeReport(
        id=code.id,
        name=code.display_name,
        source_name=code.name,
        description=code.description,
        session=topic.session,
        levels=_levels(workshop.rubric, code, score),
        state=_state(topic),
        score=score,
        score_text=score_text(workshop.rubric, topic),
        score_brief=NOT_APPLICABLE if _state(topic) == "not_applicable" else score_text(workshop.rubric, topic),
        not_applicable=typed(topic.score.not_applicable or "") if topic.score else "",
        agreed_at=said_time(topic.score.at) if topic.score else "",
        comment=typed(topic.note("comment")) or NO_COMMENT,
        different_view=typed(topic.note("different_view")),
        evidence=typed(topic.note("evidence")),
        case_study="The council is ready to be a case study." if topic.score and topic.score.case_study else "",
        reason_above=_reason_above(topic),
        target=topic.target,
        target_text="" if topic.target is None else str(workshop.rubric.level(topic.target)),
        priority=None if score is None or topic.target is None else gap_priority(score, topic.target),
        actions=_actions(code, topic),
        rounds=tuple(vote_round(one, before) for one, before in zip(topic.shown, (None, *topic.shown), strict=False)),
        last_vote=last_vote(topic),
        starting=starting_point(workshop.rubric, topic),
        departments=department_lines(workshop, topic),
        earlier=earlier,
        benchmark=None if score is None else benchmark,
        presented_at=said_time(topic.presented_at),
        elsewhere=tuple(_elsewhere_given(workshop, topic)),
    )


def _elsewhere_given(workshop: Workshop, topic: Topic) -> Iterator[FirstScoresElsewhere]:
    for one in topic.elsewhere:
        title = one_line(workshop.sessions[one.session].title)
        yield FirstScoresElsewhere(one.session, title, vote_round(one.round, None))


def vote_round(vote: Round, before: Round | None) -> VoteRound:
    """One vote; `before` is the vote shown before it, None for the first."""
    dont_know, not_my_role = vote.count_of("dont_know"), vote.count_of("not_my_role")
    figures = spread(vote.counts, vote.scale.lowest)
    same = stability(before, vote) if before else None
    return VoteRound(
        number=vote.number,
        name=vote.name,
        counts=vote.counts,
        votes=vote.n,
        dont_know=dont_know,
        not_my_role=not_my_role,
        absent=vote.absent,
        opened_at=said_time(vote.opened_at),
        shown_at=said_time(vote.shown_at),
        sentence=_sentence(vote, figures),
        verdict=verdict_on(vote).sentence,
        figures=_figures(figures) if figures.n >= ENOUGH_VOTES else None,
        movement=_movement(vote, before) if before else "",
        voted_in_both=same.voters if same else None,
        stability=float(same.share) if same and same.share is not None else None,
        panel=panel_ratings(vote),
        moves=tuple(MoveLine(_moved(move.before), _moved(move.after), move.voters) for move in vote.moves),
    )


def last_vote(topic: Topic) -> str:
    """The verdict on the last vote shown; first scores are called so, for nobody voted in the room."""
    if not topic.shown:
        return "No votes"
    last = topic.shown[-1]
    said = verdict_on(last).sentence
    return said if last.number else f"{last.name}: {said[0].lower()}{said[1:]}"


def starting_point(rubric: Rubric, topic: Topic) -> StartingPoint:
    """The suggested level of the last vote shown."""
    if not topic.shown:
        return StartingPoint(None, "No votes", ())
    start = starting_level_of(topic.shown[-1])
    none = "Too few votes to compare" if start.n < ENOUGH_VOTES else "None"
    text = none if start.level is None else str(rubric.level(start.level))
    return StartingPoint(start.level, text, start.sentences)


def _levels(rubric: Rubric, code: ValueCode, score: int | None) -> tuple[LevelStatements, ...]:
    return tuple(
        LevelStatements(level.value, level.name, code.levels[level.value], agreed=level.value == score)
        for level in rubric.levels
    )


def _state(topic: Topic) -> CodeState:
    if topic.score is None:
        return "not_scored"
    return "not_applicable" if topic.score.value is None else "agreed"


def score_text(rubric: Rubric, topic: Topic) -> str:
    """The level with its name; "(not scored)", or why it does not apply."""
    if topic.score is None:
        return NOT_SCORED
    if topic.score.value is None:
        return f"(not applicable: {typed(topic.score.not_applicable)})"
    return str(rubric.level(topic.score.value))


def _reason_above(topic: Topic) -> str:
    """Why the score is above the suggested level; a reminder if that is still to be written."""
    reason = typed(topic.score.reason_above or "") if topic.score else ""
    return reason or ("(to be written)" if above_starting_level(topic) is not None else "")


def _actions(code: ValueCode, topic: Topic) -> tuple[ActionLine, ...]:
    lines = [
        ActionLine(
            code=code.id,
            name=code.display_name,
            what=typed(action.what),
            owner=one_line(action.owner) or NO_OWNER,
            due=action.due.isoformat() if action.due else "",
            due_text=say_day(action.due) if action.due else "(no date yet)",
            done_when=typed(action.done_when or ""),
        )
        for action in topic.actions.values()
    ]
    return tuple(sorted(lines, key=lambda line: (not line.due, line.due)))


def _sentence(vote: Round, figures: Spread) -> str:
    others = [
        (vote.count_of("dont_know"), "doesn't know" if vote.count_of("dont_know") == 1 else "don't know"),
        (vote.count_of("not_my_role"), "not part of their role"),
        (vote.absent, "gave no answer"),
    ]
    return " ".join([_ends(vote, figures), *(f"{people} {what}." for people, what in others if people)])


def _ends(vote: Round, figures: Spread) -> str:
    if not figures.n:
        return "No votes."
    if figures.lowest == figures.highest:
        return f"{counted(figures.n, 'vote')}, all at {vote.scale.word.one} {figures.lowest}."
    return f"{counted(figures.n, 'vote')}, from {figures.lowest} to {figures.highest}."


def _figures(figures: Spread) -> Figures:
    """The figures of `ENOUGH_VOTES` or more, so that none of them is None."""
    values = [figures.median, figures.q1, figures.q3, figures.iqr, figures.consensus, figures.agreement]
    return Figures(*(value or 0.0 for value in values))


def _moved(answer: Answer) -> int | str:
    return answer if isinstance(answer, int) else say_answer(answer)


def _movement(vote: Round, before: Round) -> str:
    """How many kept their answer and how many changed it, and whether that counts as stable."""
    found = stability(before, vote)
    if found is None:
        return f"{_who_moved(vote)} {_elsewhere(vote, before)}".strip()
    if not found.voters:
        return "The record has nobody's answers in both votes."
    of = counted(found.voters, "person", "people")
    share = f" ({percentage(found.share, 1)})" if found.share is not None else ""
    stable = f"Above {percentage(1 - STABLE_BELOW)} counts as stable." if found.is_stable else ""
    kept = f"{found.kept} of {of} who voted in both kept their answer{share}."
    return " ".join(filter(None, (kept, _ways(vote), stable)))


def _elsewhere(vote: Round, before: Round) -> str:
    """How far the two votes differ as a whole, where nobody knows who voted in both."""
    moved = change(before.counts, vote.counts)
    if moved is None:
        return ""
    stable = f"; below {percentage(STABLE_BELOW)} counts as stable" if moved < STABLE_BELOW else ""
    return f"{percentage(moved, 1)} of the votes lie elsewhere than in the {before.name.lower()}{stable}."


def _who_moved(vote: Round) -> str:
    return _ways(vote) or "Nobody changed their answer."


def _ways(vote: Round) -> str:
    """How many changed their answer, and to where; empty for nobody."""
    if not vote.moves:
        return ""
    steps = [
        (move.after - move.before, move.voters)
        for move in vote.moves
        if isinstance(move.before, int) and isinstance(move.after, int)
    ]
    lower = sum(people for step, people in steps if step < 0)
    higher = sum(people for step, people in steps if step > 0)
    other = vote.moved - lower - higher
    level = vote.scale.word.one
    ways = [(lower, f"to a lower {level}"), (higher, f"to a higher {level}"), (other, "to or from another answer")]
    said = listed(f"{people} {way}" for people, way in ways if people)
    return f"{counted(vote.moved, 'person', 'people')} changed their answer: {said}."
