"""The charts of a workshop, for a notebook: `nps.charts.profile(workshop)`."""

from dataclasses import dataclass
from html import escape

from npswidgets.charts.chart import Chart
from npswidgets.charts.profile import ProfileRow
from npswidgets.charts.profile import profile as profile_of_rows
from npswidgets.charts.votes import RoundVotes, spread_of_votes
from npswidgets.domain.workshop import Round, Topic, Workshop


@dataclass(frozen=True)
class Charts:
    """Several charts, one below the other, each with its title."""

    charts: tuple[Chart, ...]

    def _repr_html_(self) -> str:
        return "\n".join(f"<h4>{escape(chart.title)}</h4>\n{chart._repr_html_()}" for chart in self.charts)


def profile(workshop: Workshop, theme: str | None = None, earlier: Workshop | None = None) -> Chart:
    """The agreed scores of a workshop, or of one of its themes, named by id or name.

    Targets stand beside them, and the scores of an `earlier` workshop, by the id of the value code.

    Raises:
        KeyError: the rubric has no such theme or key area.
    """
    wanted = workshop.rubric.codes_in(theme) if theme else workshop.rubric.value_codes
    rows = [_profile_row(workshop, workshop.topics[code], earlier) for code in wanted if code in workshop.topics]
    return profile_of_rows(rows, workshop.rubric.levels)


def spread(workshop: Workshop, code: str) -> Chart:
    """The votes on a value code that were shown, the rounds side by side.

    Raises:
        KeyError: no session of the workshop scores this value code.
        ValueError: no votes on it were shown yet.
    """
    topic = workshop.topics[code]
    if not topic.shown:
        raise ValueError(f"No votes on {code!r} are shown yet.")
    rounds = [_round_votes(one) for one in topic.shown]
    return spread_of_votes(rounds, workshop.rubric.levels, workshop.rubric.value_codes[code].display_name)


def spreads(workshop: Workshop) -> Charts:
    """The votes on every value code that were shown, in the order of the diagnostic."""
    voted = [code for code in workshop.rubric.value_codes if code in workshop.topics and workshop.topics[code].shown]
    return Charts(tuple(spread(workshop, code) for code in voted))


def _profile_row(workshop: Workshop, topic: Topic, earlier: Workshop | None) -> ProfileRow:
    rubric = workshop.rubric
    before = earlier.topics.get(topic.code) if earlier else None
    score = topic.score.value if topic.score else None
    return ProfileRow(
        key_area=rubric.key_area_of(topic.code).name,
        name=rubric.value_codes[topic.code].display_name,
        score=score,
        note="(not applicable)" if topic.status == "not_applicable" else "(not scored)",
        theme=rubric.theme_of(topic.code).name,
        target=topic.target,
        earlier=before.score.value if before and before.score else None,
    )


def _round_votes(one: Round) -> RoundVotes:
    return RoundVotes(one.name, one.counts, one.count_of("dont_know"), one.count_of("not_my_role"))
