"""What was decided: targets and how far away they are, actions by owner and date, and what others can learn from."""

from collections.abc import Iterable, Sequence

from npswidgets.domain.rubric import Rubric
from npswidgets.domain.rubric_words import RubricWords
from npswidgets.domain.scale import in_words
from npswidgets.domain.statistics import gap_priority
from npswidgets.report.contents import ActionLine, CodeReport, Exemplar, Gap
from npswidgets.report.phrases import counted

MOST_GAPS = 10


def decided(words: RubricWords, codes: Sequence[CodeReport]) -> Iterable[str]:
    """What the room decided, in sentences: scores, targets, actions."""
    scored = sum(code.state == "agreed" for code in codes)
    not_applicable = sum(code.state == "not_applicable" for code in codes)
    targets = sum(code.target is not None for code in codes)
    actions = sum(len(code.actions) for code in codes)
    apply = f"; {not_applicable} {'does' if not_applicable == 1 else 'do'} not apply" if not_applicable else ""
    yield f"The room agreed on a score for {scored} of {words.topic.counted(len(codes))}{apply}."
    yield f"It set a target for {words.topic.counted(targets)}." if targets else "It set no targets yet."
    if not actions:
        yield "It agreed on no actions yet."
        return
    dated = [line for line in _by_date(codes) if line.due]
    first = f"; the first is due on {dated[0].due_text}" if dated else ", none with a date yet"
    yield f"It agreed on {counted(actions, 'action')}{first}."


def gaps(rubric: Rubric, codes: Sequence[CodeReport]) -> tuple[Gap, ...]:
    """The value codes whose target is above their score, the most urgent first, ten at most."""
    found = [
        _gap(rubric, code, code.score, code.target)
        for code in codes
        if code.score is not None and code.target is not None
    ]
    open_ = [gap for gap in found if gap.priority]
    return tuple(sorted(open_, key=lambda gap: -gap.priority)[:MOST_GAPS])


def gap_sentence(rubric: Rubric, codes: Sequence[CodeReport]) -> str:
    """Introduces the gaps."""
    words = rubric.words.in_reports
    targets = sum(code.target is not None for code in codes)
    if not targets:
        return "No targets are set yet."
    above = sum(bool(code.priority) for code in codes)
    if not above:
        return f"No target is above the agreed score; targets are set for {words.topic.counted(targets)}."
    first, *wider = [f"{gap_priority(0, gap)} for {in_words(gap)}" for gap in range(1, rubric.scale.steps + 1)]
    said = f"On {words.topic.counted(above)} the target is"
    only = f"; these are the {MOST_GAPS} with the highest priority" if above > MOST_GAPS else ""
    return (
        f"{said} above the agreed score{only}. The priority rises faster than the gap (open-SAMMY): "
        f"{', '.join([f'{first} {words.level.one}', *wider])}."
    )


def plan(codes: Sequence[CodeReport]) -> tuple[ActionLine, ...]:
    """All actions, by owner, and the earliest date first."""
    return tuple(sorted(_by_date(codes), key=lambda line: line.owner.casefold()))


def plan_sentence(codes: Sequence[CodeReport]) -> str:
    """Introduces the action plan."""
    actions = sum(len(code.actions) for code in codes)
    return f"{counted(actions, 'action')}, by owner and date." if actions else "No actions are agreed yet."


def exemplars(rubric: Rubric, codes: Sequence[CodeReport]) -> tuple[Exemplar, ...]:
    """A card for each score at the level with which a council is asked to be a case study for others."""
    asked = rubric.case_study
    return tuple(
        Exemplar(
            code=code.id,
            name=code.name,
            key_area=rubric.key_area_of(code.id).name,
            score_text=code.score_text,
            statements=next(level.statements for level in code.levels if level.value == asked),
            comment=code.comment,
            evidence=code.evidence,
            case_study=code.case_study,
        )
        for code in codes
        if asked is not None and code.score == asked
    )


def _gap(rubric: Rubric, code: CodeReport, score: int, target: int) -> Gap:
    area = rubric.key_area_of(code.id).name
    return Gap(code.id, code.name, area, code.score_text, code.target_text, target - score, code.priority or 0)


def _by_date(codes: Sequence[CodeReport]) -> list[ActionLine]:
    lines = [line for code in codes for line in code.actions]
    return sorted(lines, key=lambda line: (not line.due, line.due))
