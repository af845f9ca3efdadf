"""The charts of a workshop, for a notebook: `nps.charts.profile(workshop)`."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from numbers import Integral

from npswidgets.benchmarks.reading import read_benchmark
from npswidgets.charts.chart import Chart
from npswidgets.charts.departments import DepartmentCounts, spread_by_department
from npswidgets.charts.gaps import GapRow, gap_ranking
from npswidgets.charts.heat_map import HeatRow
from npswidgets.charts.heat_map import heat_map as heat_map_of_rows
from npswidgets.charts.profile import ProfileRow
from npswidgets.charts.profile import profile as profile_of_rows
from npswidgets.charts.progress import ProgressRow, weakest
from npswidgets.charts.progress import progress as progress_of_rows
from npswidgets.charts.radar import Spoke
from npswidgets.charts.radar import radar as radar_of_spokes
from npswidgets.charts.votes import RoundVotes, spread_of_votes
from npswidgets.domain.changes import check_one_scale, other_topic, panel_changed, rule_changed, with_care
from npswidgets.domain.days import day_of, say_month
from npswidgets.domain.departments import OTHERS, departments_shown
from npswidgets.domain.nearest import shown, unknown
from npswidgets.domain.rubric import KeyArea, wording_changed
from npswidgets.domain.scale import Scale
from npswidgets.domain.statistics import gap_priority
from npswidgets.domain.text import printable
from npswidgets.domain.verdict import verdict_on
from npswidgets.domain.workshop import Round, Topic, Workshop, check_opened
from npswidgets.errors import NothingToShow, RuleBroken

WORDING, RULE, CARE = "wording changed", "scores follow another rule", "a map says to compare with care"
"""What else can be behind a difference, as the chart of several workshops says it."""


@dataclass(frozen=True)
class Charts:
    """Several charts, one below the other, each with its title."""

    charts: tuple[Chart, ...]

    def __repr__(self) -> str:
        return printable(f"<Charts: {', '.join(chart.title for chart in self.charts) or 'none'}>")

    def _repr_html_(self) -> str:
        return "\n".join(f"<h4>{escape(chart.title)}</h4>\n{chart._repr_html_()}" for chart in self.charts)


def profile(
    workshop: Workshop, theme: str | None = None, earlier: Workshop | None = None, benchmark: object = None
) -> Chart:
    """The agreed scores of a workshop, or of one of its themes, named by id or name.

    Targets stand beside them, the scores of an `earlier` workshop, and the figures of a `benchmark` (a path, a
    DataFrame or a dict, as `read_benchmark` takes it), by the id of the value code.

    Raises:
        UnknownName: the rubric has no such theme or key area.
        RuleBroken: the earlier workshop was scored on other levels.
    """
    if earlier is not None:
        check_opened(earlier)
        check_one_scale((earlier, workshop))
    topics = _topics(workshop, theme)
    rubric = workshop.rubric
    figures = {} if benchmark is None else read_benchmark(benchmark, rubric.value_codes, rubric.scale)
    rows = [_profile_row(workshop, topic, earlier, figures.get(topic.code)) for topic in topics]
    return profile_of_rows(rows, workshop.rubric.scale)


def spread(workshop: Workshop, code: str) -> Chart:
    """The votes on a value code that were shown, the rounds side by side.

    Raises:
        UnknownName: no session of the workshop scores this value code.
        NothingToShow: no votes on it were shown yet.
    """
    topic = _topic(workshop, code)
    if not topic.shown:
        raise NothingToShow(f"No votes on {code!r} are shown yet.")
    rounds = [_round_votes(one) for one in topic.shown]
    return spread_of_votes(rounds, workshop.rubric.scale, workshop.rubric.value_codes[topic.code].display_name)


def spreads(workshop: Workshop, *, everything: bool = False) -> Charts:
    """The votes where views still differed in the last vote, in the order of the diagnostic; or `everything` shown."""
    voted = [topic for topic in _topics(workshop) if topic.shown]
    wanted = [topic for topic in voted if everything or verdict_on(topic.shown[-1]).kind in ("a_few", "wide")]
    return Charts(tuple(spread(workshop, topic.code) for topic in wanted))


def heat_map(workshop: Workshop, theme: str | None = None) -> Chart:
    """The last vote on every value code at a glance, and what was agreed; of one theme if it is named.

    Raises:
        UnknownName: the rubric has no such theme or key area.
    """
    rows = [_heat_row(workshop, topic) for topic in _topics(workshop, theme) if topic.shown]
    return heat_map_of_rows(rows, workshop.rubric.scale)


def gaps(workshop: Workshop, most: int = 10) -> Chart:
    """Where targets are above the agreed scores, the `most` urgent first.

    Raises:
        RuleBroken: `most` is no whole number from 0.
    """
    if not isinstance(most, Integral) or most < 0:
        raise RuleBroken(f"Expected a whole number from 0 as the most rows, found {shown(most)}.")
    found = [_gap_row(workshop, topic) for topic in _topics(workshop)]
    rows = sorted((row for row in found if row and row.priority), key=lambda row: -row.priority)
    return gap_ranking(rows[: int(most)], workshop.rubric.scale)


def radar(workshop: Workshop) -> Chart:
    """The weakest score of each key area on spokes: never an average.

    Raises:
        NothingToShow: the workshop is about fewer than three key areas.
    """
    check_opened(workshop)
    areas = (_spoke(workshop, area) for area in workshop.rubric.key_areas)
    return radar_of_spokes([spoke for spoke in areas if spoke], workshop.rubric.scale)


def departments(workshop: Workshop, code: str) -> Chart:
    """How departments see a value code in the last vote, as far as that may be shown.

    Raises:
        UnknownName: no session of the workshop scores this value code.
        NothingToShow: it was not chosen at the start that departments are shown, the votes protect nobody, or the
            session of an anonymous workshop has not ended.
    """
    topic = _topic(workshop, code)
    if not workshop.departments_in_reports:
        raise NothingToShow("It was not chosen at the start of this workshop that reports show departments.")
    found = departments_shown(workshop, topic)
    if found is None or not found.levels:
        if workshop.anonymity == "anonymous" and workshop.sessions[topic.session].state == "open":
            raise NothingToShow(f"The votes on {code!r} are counted by department when the session ends.")
        raise NothingToShow(f"The votes on {code!r} show no department: too few of each, or all equal.")
    rows = [DepartmentCounts(one.department or OTHERS, one.counts) for one in found.levels]
    return spread_by_department(rows, workshop.rubric.scale, workshop.rubric.value_codes[topic.code].display_name)


def progress(*workshops: Workshop) -> Chart:
    """The scores of two or more workshops side by side, the earliest first, by the id of the value code.

    Raises:
        NothingToShow: there are fewer than two.
        RuleBroken: they were scored on different levels.
    """
    return progress_of_rows(_progress_rows(workshops), _columns(workshops), _scales(workshops))


def councils(*workshops: Workshop) -> Chart:
    """Two or more councils side by side that become one, and the weakest level of them all.

    Raises:
        NothingToShow: there are fewer than two.
        RuleBroken: they were scored on different levels.
    """
    check_opened(*workshops)
    names = [one.council for one in workshops]
    columns = names if len(set(names)) == len(names) else _columns(workshops)
    return weakest(_progress_rows(workshops), columns, _scales(workshops))


def _topic(workshop: Workshop, code: str) -> Topic:
    """The topic of a value code, by its id or its name."""
    check_opened(workshop)
    found = workshop.rubric.code_named(code)
    if found not in workshop.topics:
        raise unknown("value code of this workshop", code, workshop.topics)
    return workshop.topics[found]


def _topics(workshop: Workshop, theme: str | None = None) -> list[Topic]:
    check_opened(workshop)
    wanted = workshop.rubric.codes_in(theme) if theme else workshop.rubric.value_codes
    return [workshop.topics[code] for code in wanted if code in workshop.topics]


def _heat_row(workshop: Workshop, topic: Topic) -> HeatRow:
    rubric, last = workshop.rubric, topic.shown[-1]
    return HeatRow(
        key_area=rubric.key_area_of(topic.code).name,
        name=rubric.value_codes[topic.code].display_name,
        counts=last.counts,
        dont_know=last.count_of("dont_know"),
        score=topic.agreed_level,
        theme=rubric.theme_of(topic.code).name,
    )


def _gap_row(workshop: Workshop, topic: Topic) -> GapRow | None:
    score = topic.agreed_level
    if score is None or topic.target is None:
        return None
    area, name = workshop.rubric.key_area_of(topic.code).name, workshop.rubric.value_codes[topic.code].display_name
    return GapRow(area, name, score, topic.target, gap_priority(score, topic.target))


def _spoke(workshop: Workshop, area: KeyArea) -> Spoke | None:
    topics = [workshop.topics[code.id] for code in area.value_codes if code.id in workshop.topics]
    scores = [topic.agreed_level for topic in topics if topic.agreed_level is not None]
    targets = [topic.target for topic in topics if topic.target is not None]
    return Spoke(area.name, min(scores, default=None), min(targets, default=None)) if topics else None


def _progress_rows(workshops: Sequence[Workshop]) -> list[ProgressRow]:
    """A row for each value code that one of them is about, in the order of the first."""
    check_opened(*workshops)
    if len(workshops) < 2:
        raise NothingToShow("Name two workshops or more to see them side by side.")
    check_one_scale(workshops)
    codes = dict.fromkeys(code for one in workshops for code in one.rubric.value_codes if code in one.topics)
    return [_progress_row(workshops, code) for code in codes]


def _progress_row(workshops: Sequence[Workshop], code: str) -> ProgressRow:
    rubric = next(one.rubric for one in workshops if code in one.rubric.value_codes)
    topics = [one.topics.get(code) for one in workshops]
    return ProgressRow(
        key_area=rubric.key_area_of(code).name,
        name=rubric.value_codes[code].display_name,
        scores=[topic.agreed_level if topic else None for topic in topics],
        changes=_what_changed(workshops, code),
        other=other_topic(workshops, code),
        theme=rubric.theme_of(code).name,
    )


def _what_changed(workshops: Sequence[Workshop], code: str) -> tuple[str, ...]:
    found = [
        (wording_changed([one.rubric for one in workshops], code), WORDING),
        (rule_changed(workshops, code), RULE),
        (with_care(workshops, code), CARE),
    ]
    return tuple(change for there, change in found if there)


def _scales(workshops: Sequence[Workshop]) -> list[Scale]:
    return [one.rubric.scale for one in workshops]


def _columns(workshops: Sequence[Workshop]) -> list[str]:
    """Month and number of people, with the council where there are several; numbered where two would be alike."""
    several = len({one.council for one in workshops}) > 1
    names = [f"{one.council if several else ''} {say_month(day_of(one.created_at))}".strip() for one in workshops]
    people = [one.took_part for one in workshops]
    numbers = [f" ({at})" if names.count(name) > 1 else "" for at, name in enumerate(names, 1)]
    return [f"{name}{at}, {size} people" for name, at, size in zip(names, numbers, people, strict=True)]


def _profile_row(workshop: Workshop, topic: Topic, earlier: Workshop | None, benchmark: float | None) -> ProfileRow:
    rubric = workshop.rubric
    before = earlier.topics.get(topic.code) if earlier and not other_topic((earlier, workshop), topic.code) else None
    return ProfileRow(
        key_area=rubric.key_area_of(topic.code).name,
        name=rubric.value_codes[topic.code].display_name,
        score=topic.agreed_level,
        note="(not applicable)" if topic.status == "not_applicable" else "(not scored)",
        theme=rubric.theme_of(topic.code).name,
        target=topic.target,
        earlier=before.agreed_level if before else None,
        changed=bool(earlier and before and _changed(workshop, earlier, topic.code)),
        benchmark=benchmark,
    )


def _changed(workshop: Workshop, earlier: Workshop, code: str) -> bool:
    both = (earlier, workshop)
    reworded = wording_changed([one.rubric for one in both], code)
    return reworded or rule_changed(both, code) or with_care(both, code) or panel_changed(both, code)


def _round_votes(one: Round) -> RoundVotes:
    moves = [
        (move.before, move.after, move.voters)
        for move in one.moves
        if isinstance(move.before, int) and isinstance(move.after, int)
    ]
    return RoundVotes(one.name, one.counts, one.count_of("dont_know"), one.count_of("not_my_role"), moves)
