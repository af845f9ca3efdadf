"""The charts of a report, for the formats that show pictures."""

from npswidgets.charts.chart import Chart
from npswidgets.charts.profile import ProfileRow
from npswidgets.charts.profile import profile as profile_of_rows
from npswidgets.domain.rubric import Level
from npswidgets.report.contents import Report


def profile(report: Report, part: str | None = None) -> Chart:
    """The agreed scores, of the whole workshop or of one theme or key area, named by its id."""
    places = [place for place in report.codes if part in (None, place[0].id, place[1].id)]
    rows = [
        ProfileRow(area.name, code.name, code.score, code.score_text, theme.name, code.target)
        for theme, area, code in places
    ]
    levels = [Level(level.value, level.name) for _, _, code in places[:1] for level in code.levels]
    return profile_of_rows(rows, levels)
