"""What a report says of departments and roles, where that was chosen at the start of the workshop; else nothing."""

from collections.abc import Iterable, Sequence
from statistics import median_low

from npswidgets.domain.departments import OTHERS, SMALLEST_SHOWN, departments_shown
from npswidgets.domain.events import DepartmentAnswers, DepartmentLevels
from npswidgets.domain.rubric_words import RubricWords
from npswidgets.domain.statistics import levels_of
from npswidgets.domain.workshop import Topic, Workshop
from npswidgets.report.contents import DepartmentLine, UnsureDepartment, UnsureLine
from npswidgets.report.phrases import counted, listed, one_line

MOST_LINES = 10
_FEW = 3
_NAMED = 3


def department_lines(workshop: Workshop, topic: Topic) -> tuple[DepartmentLine, ...]:
    """The last vote by department; empty without the choice, and where it would tell what somebody chose."""
    shown, lowest = departments_shown(workshop, topic), workshop.rubric.scale.lowest
    return tuple(
        DepartmentLine(_name(one), one.counts, sum(one.counts), median_low(levels_of(one.counts, lowest)))
        for one in (shown.levels if shown else ())
    )


def unsure_lines(workshop: Workshop, topics: Iterable[Topic]) -> tuple[UnsureLine, ...]:
    """The value codes on which three people or more did not know in the last vote, the most first, ten at most."""
    found = [
        UnsureLine(
            code=topic.code,
            name=workshop.rubric.value_codes[topic.code].display_name,
            key_area=workshop.rubric.key_area_of(topic.code).name,
            dont_know=topic.shown[-1].count_of("dont_know"),
            answers=len(topic.shown[-1].votes),
        )
        for topic in topics
        if topic.shown
    ]
    unsure = sorted((one for one in found if one.dont_know >= _FEW), key=lambda one: -one.dont_know)
    return tuple(unsure[:MOST_LINES])


def unsure_sentence(words: RubricWords, lines: Sequence[UnsureLine], voted: int) -> str:
    """Introduces the value codes on which people did not know."""
    if not voted:
        return "No votes yet."
    if not lines:
        return f"On no {words.topic.one} did {_FEW} people or more choose “I don't know” in the last vote."
    most = lines[0]
    said = (
        f"Who does not know is a finding, too: it may show where nobody has been told, or nobody asked. Most often on "
        f"{most.name}: {most.dont_know} of {most.answers}."
    )
    return f"{said} These are the {MOST_LINES} {words.topic.many} with the most." if len(lines) == MOST_LINES else said


def unsure_departments(workshop: Workshop, topics: Iterable[Topic]) -> tuple[UnsureDepartment, ...]:
    """How often each department did not know, over the last votes on all value codes; empty without the choice."""
    groups: dict[str, list[tuple[str, DepartmentAnswers]]] = {}
    for topic in topics:
        shown = departments_shown(workshop, topic)
        for one in shown.answers if shown else ():
            name = workshop.rubric.value_codes[topic.code].display_name
            groups.setdefault(_name(one), []).append((name, one))
    named = sorted(groups, key=lambda name: (name == OTHERS, name))
    return tuple(_unsure_department(name, groups[name]) for name in named)


def department_sentence(workshop: Workshop) -> str:
    """The rule by which departments are shown; empty without the choice."""
    if not workshop.departments_in_reports:
        return ""
    topic = workshop.rubric.words.in_reports.topic.a
    return (
        "It was chosen at the start, and people were told before they joined, that reports show departments and roles. "
        f"One is shown where at least {SMALLEST_SHOWN} of its people chose a level, and not all the same one. All "
        "others count together; where they would be too few, a larger department is counted with them, so that "
        f"nobody's vote can be found by subtraction. Only the last vote on {topic} is shown in this way."
    )


def _name(one: DepartmentLevels | DepartmentAnswers) -> str:
    return one_line(one.department) if one.department else OTHERS


def _unsure_department(name: str, groups: Sequence[tuple[str, DepartmentAnswers]]) -> UnsureDepartment:
    unsure = {code: one.dont_know for code, one in groups}
    answers = sum(one.answers for _, one in groups)
    most = sorted((code for code in unsure if unsure[code] >= _FEW), key=lambda code: -unsure[code])[:_NAMED]
    return UnsureDepartment(
        name=name,
        value_codes=len(groups),
        answers=answers,
        dont_know=sum(unsure.values()),
        share=sum(unsure.values()) / answers,
        most=listed(most),
    )


def panel_sentence(workshop: Workshop) -> str:
    """How many people of each department took part, as far as it may be said; empty without the choice."""
    if not workshop.departments_in_reports:
        return ""
    sizes: dict[str, int] = {}
    for session in workshop.sessions.values():
        for person in session.inside:
            sizes[person.department or ""] = sizes.get(person.department or "", 0) + 1
    shown = {name: size for name, size in sizes.items() if name and size >= SMALLEST_SHOWN}
    others = sum(sizes.values()) - sum(shown.values())
    if others and others < SMALLEST_SHOWN and shown:
        others += shown.pop(min(shown, key=lambda name: (shown[name], name)))
    said = [f"{one_line(name)}: {counted(shown[name], 'person', 'people')}" for name in sorted(shown)]
    said += [f"{OTHERS}: {others}"] if others and shown else []
    return f"{'; '.join(said)}." if said else ""
