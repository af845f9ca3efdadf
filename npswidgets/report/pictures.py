"""The charts of a report, for the formats that show pictures."""

from collections.abc import Iterator

from npswidgets.charts.chart import Chart
from npswidgets.charts.departments import DepartmentCounts, spread_by_department
from npswidgets.charts.gaps import GapRow, gap_ranking
from npswidgets.charts.heat_map import HeatRow
from npswidgets.charts.heat_map import heat_map as heat_map_of_rows
from npswidgets.charts.profile import ProfileRow
from npswidgets.charts.profile import profile as profile_of_rows
from npswidgets.charts.radar import Spoke
from npswidgets.charts.radar import radar as radar_of_spokes
from npswidgets.report.contents import CodeReport, Report


def profile(report: Report, part: str | None = None) -> Chart:
    """The agreed scores, of the whole workshop or of one theme or key area, named by its id."""
    places = [place for place in report.codes if part in (None, place[0].id, place[1].id)]
    rows = [
        ProfileRow(
            key_area="" if part == area.id else area.name,  # whoever shows one key area names it
            name=code.name,
            score=code.score,
            note=code.score_brief,
            theme=theme.name,
            target=code.target,
            earlier=code.earlier.score if code.earlier else None,
            changed=bool(code.earlier and code.earlier.is_marked),
            benchmark=code.benchmark,
        )
        for theme, area, code in places
    ]
    return profile_of_rows(rows, report.scale)


def radar(report: Report) -> Chart:
    """The weakest score of each key area."""
    return radar_of_spokes([Spoke(one.key_area, one.score, one.target) for one in report.radar], report.scale)


def heat_map(report: Report) -> Chart:
    """The last vote on every value code at a glance."""
    rows = [
        HeatRow(area.name, code.name, code.rounds[-1].counts, code.rounds[-1].dont_know, code.score, theme.name)
        for theme, area, code in report.codes
        if code.rounds
    ]
    return heat_map_of_rows(rows, report.scale)


def gap_chart(report: Report) -> Chart:
    """How far scores are from their targets."""
    codes = {code.id: code for _, _, code in report.codes}
    rows = [
        GapRow(gap.key_area, gap.name, codes[gap.code].score or 0, codes[gap.code].target or 0, gap.priority)
        for gap in report.gaps
    ]
    return gap_ranking(rows, report.scale)


def department_charts(report: Report) -> Iterator[tuple[CodeReport, Chart]]:
    """The last vote by department on the value codes on which views differ most, where that may be shown."""
    codes = {code.id: code for _, _, code in report.codes}
    for one in report.disagreements:
        code = codes[one.code]
        if code.departments:
            rows = [DepartmentCounts(line.name, line.counts) for line in code.departments]
            yield code, spread_by_department(rows, report.scale, code.name)
