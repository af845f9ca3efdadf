"""What is counted of departments when a session closes: only what a report may show of them."""

from collections.abc import Sequence
from datetime import datetime

from npswidgets.domain.departments import SMALLEST_SHOWN, are_counted
from npswidgets.domain.events import DepartmentAnswers, DepartmentLevels, DepartmentsCounted
from npswidgets.domain.rules.changes import with_topic
from npswidgets.domain.rules.checks import check, open_session, topic_of
from npswidgets.domain.rules.dispatch import after
from npswidgets.domain.workshop import Round, Workshop


@after.register
def _(event: DepartmentsCounted, workshop: Workshop, at: datetime) -> Workshop:
    open_session(workshop, event.session)
    topic = topic_of(workshop, event)
    check(are_counted(workshop, topic), "The votes on this topic are not counted by department.")
    check(event.round == topic.shown[-1].number, "Only the last vote on a topic is counted by department.")
    for groups in (event.levels, event.answers):
        _check_names(workshop, [one.department for one in groups])
    _check_levels(event.levels, topic.shown[-1])
    _check_answers(event.answers, topic.shown[-1])
    return with_topic(workshop, topic, departments=event)


def _check_names(workshop: Workshop, names: Sequence[str | None]) -> None:
    known = set(names) <= {*workshop.departments, None} and len(set(names)) == len(names)
    check(known, "The votes are counted for an unknown department, or for one twice.")


def _check_levels(groups: Sequence[DepartmentLevels], last: Round) -> None:
    for one in groups:
        counts = len(one.counts) == len(last.counts) and min(one.counts) >= 0
        enough = sum(one.counts) >= SMALLEST_SHOWN and sum(map(bool, one.counts)) > 1
        check(counts and enough, "These votes of a department would tell what somebody chose.")
    whole = tuple(map(sum, zip(*(one.counts for one in groups), strict=True)))
    check(not groups or whole == last.counts, "The votes of the departments are not those that were shown.")


def _check_answers(groups: Sequence[DepartmentAnswers], last: Round) -> None:
    for one in groups:
        enough = one.answers >= SMALLEST_SHOWN and 0 <= one.dont_know < one.answers
        check(enough, "These answers of a department would tell what somebody chose.")
    whole = sum(one.answers for one in groups), sum(one.dont_know for one in groups)
    shown = len(last.votes), last.count_of("dont_know")
    check(not groups or whole == shown, "The answers of the departments are not those that were shown.")
