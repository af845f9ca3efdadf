"""From a workshop to its report."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

from npswidgets.benchmarks.reading import read_benchmark
from npswidgets.domain.days import day_of, say_day
from npswidgets.domain.rubric import FEWEST_ON_A_RADAR, KeyArea, Rubric
from npswidgets.domain.rubric_words import RubricWords
from npswidgets.domain.text import cleaned_all
from npswidgets.domain.workshop import Session, Topic, Workshop, check_opened
from npswidgets.errors import RuleBroken
from npswidgets.report.contents import (
    AreaReport,
    CodeReport,
    Fact,
    Record,
    Report,
    SessionLine,
    Source,
    ThemeReport,
    WeakestScore,
)
from npswidgets.report.departments import unsure_departments, unsure_lines, unsure_sentence
from npswidgets.report.earlier import check_earlier, earlier_score, earlier_workshop, since_earlier
from npswidgets.report.improvement import decided, exemplars, gap_sentence, gaps, plan, plan_sentence
from npswidgets.report.method import method_statement
from npswidgets.report.panel import panel_sentences, panel_shown
from npswidgets.report.phrases import counted, one_line, said_time, say_days, say_people
from npswidgets.report.summary import (
    MOST_DISAGREEMENTS,
    disagreement_sentence,
    far_apart,
    say_scored,
    summary,
)
from npswidgets.report.value_code import code_report


def make_report(
    workshop: Workshop,
    made_at: datetime | None = None,
    *,
    earlier: Workshop | None = None,
    radar: bool = False,
    benchmark: object = None,
) -> Report:
    """The report of a workshop as it stands.

    Args:
        workshop: of any state; unless it is signed off, the report is a draft.
        made_at: now, if it is not given.
        earlier: one that was signed off; its scores stand beside those of the workshop.
        radar: the report shows the weakest score of each key area as a shape, too.
        benchmark: figures to show beside the scores, as `read_benchmark` takes them: a path, a DataFrame or a dict.

    Raises:
        NotFound, BenchmarkFaults: the benchmark cannot be read.
        RuleBroken: the earlier workshop is not signed off, not earlier or on other levels, or there are too few key
            areas for a radar.
    """
    check_opened(workshop, *([] if earlier is None else [earlier]))
    if earlier is not None:
        check_earlier(workshop, earlier)
        earlier = cleaned_all(earlier)
    workshop = cleaned_all(workshop)  # records from before hold what no format can carry
    topics, words = tuple(workshop.topics.values()), workshop.rubric.words.in_reports
    figures = (
        read_benchmark(benchmark, workshop.rubric.value_codes, workshop.rubric.scale) if benchmark is not None else {}
    )
    themes = tuple(_themes(workshop, earlier, figures))
    codes = [code for theme in themes for area in theme.key_areas for code in area.codes]
    made = day_of(made_at or datetime.now(UTC))
    applicable = [topic for topic in topics if topic.status != "not_applicable"]
    voted = sum(bool(topic.shown) for topic in applicable)
    far = far_apart(workshop, applicable)
    unsure = unsure_lines(workshop, applicable)
    return Report(
        title=_title(workshop),
        council=one_line(workshop.council),
        draft=not workshop.sealed,
        status=_status(workshop),
        made=say_day(made),
        made_on=made.isoformat(),
        facts=tuple(_facts(workshop, topics)),
        decided=tuple(decided(words, codes)),
        summary=tuple(summary(workshop, applicable, codes, since_earlier(words, earlier, codes))),
        source=_source(workshop.rubric),
        sessions=tuple(_session_line(workshop, session) for session in workshop.sessions.values()),
        disagreement_sentence=disagreement_sentence(words, len(far), voted),
        disagreements=far[:MOST_DISAGREEMENTS],
        unsure_sentence=unsure_sentence(words, unsure, voted),
        unsure=unsure,
        unsure_departments=unsure_departments(workshop, applicable),
        gap_sentence=gap_sentence(workshop.rubric, codes),
        gaps=gaps(workshop.rubric, codes),
        plan_sentence=plan_sentence(codes),
        plan=plan(codes),
        exemplars=exemplars(workshop.rubric, codes),
        themes=themes,
        method=method_statement(workshop),
        record=_record(workshop),
        earlier=earlier_workshop(workshop, earlier, codes),
        radar=_weakest_scores(words, themes) if radar else (),
        panel=tuple(panel_sentences(workshop)),
        benchmark="" if benchmark is None else _benchmark_sentence(codes),
    )


def _source(rubric: Rubric) -> Source:
    credit = " ".join(filter(None, (rubric.source, rubric.licence)))
    return Source(
        title=rubric.title,
        version=rubric.version,
        credit=credit,
        guidance=rubric.guidance,
        score_follows=rubric.score_follows,
        agreement_by=rubric.agreement_by,
        words=rubric.words.in_reports,
    )


def _title(workshop: Workshop) -> str:
    title = one_line(workshop.title) or one_line(workshop.rubric.asks or workshop.rubric.title)
    return title if workshop.sealed else f"{title} (draft)"


def _status(workshop: Workshop) -> str:
    if workshop.sealed and workshop.sealed_at:
        day = say_day(day_of(workshop.sealed_at))
        return f"Version {workshop.version}, signed off by {one_line(workshop.signed_off_by)} on {day}."
    if workshop.version:
        return f"Draft. Version {workshop.version} was signed off; the workshop has been reopened since."
    return "Draft. The workshop is not signed off yet."


def _facts(workshop: Workshop, topics: Sequence[Topic]) -> Iterable[Fact]:
    yield Fact("Workshop", workshop.id)
    yield Fact("Held on", say_days(_days(topics)) or "not held yet")
    yield Fact("Took part", say_people(workshop))
    yield Fact("Scored with", f"{workshop.rubric.title}, version {workshop.rubric.version}")
    yield Fact("State", _status(workshop))


def _days(topics: Sequence[Topic]) -> set[date]:
    """The days on which votes were shown in the room; if there were none, those on which scores were agreed."""
    shown = {day_of(one.shown_at) for topic in topics for one in topic.shown if one.number and one.shown_at}
    return shown or {day_of(topic.score.at) for topic in topics if topic.score}


def _session_line(workshop: Workshop, session: Session) -> SessionLine:
    topics = workshop.topics_of(session.id)
    panel = panel_shown(workshop, session)
    states = Counter(topic.score.value is not None for topic in topics if topic.score)
    return SessionLine(
        id=session.id,
        title=one_line(session.title),
        date=say_days(_days(topics)) or "not held yet",
        state=session.state,
        opened_at=said_time(session.opened_at),
        closed_at=said_time(session.closed_at),
        people=session.took_part,
        on_paper=session.on_paper,
        expected=session.people_expected or None,
        value_codes=len(topics),
        scored=states[True],
        not_applicable=states[False],
        kendalls_w=panel.w if panel else None,
        krippendorffs_alpha=panel.alpha if panel else None,
    )


def _themes(workshop: Workshop, earlier: Workshop | None, figures: Mapping[str, float]) -> Iterable[ThemeReport]:
    """What of the diagnostic the workshop is about, in the diagnostic's order."""
    words = workshop.rubric.words.in_reports
    for theme in workshop.rubric.themes:
        areas = tuple(
            area for area in (_area(workshop, one, earlier, figures) for one in theme.key_areas) if area.codes
        )
        if areas:
            scored = say_scored(words, [one for area in areas for one in area.codes])
            yield ThemeReport(theme.id, theme.name, scored, areas)


def _area(workshop: Workshop, area: KeyArea, earlier: Workshop | None, figures: Mapping[str, float]) -> AreaReport:
    topics = [workshop.topics[one.id] for one in area.value_codes if one.id in workshop.topics]
    before = {topic.code: earlier_score(workshop, topic, earlier) for topic in topics}
    codes = tuple(code_report(workshop, one, before[one.code], figures.get(one.code)) for one in topics)
    return AreaReport(area.id, area.name, area.definition, area.what_it_is, area.why_it_is_important, codes)


def _benchmark_sentence(codes: Sequence[CodeReport]) -> str:
    """Where the figures come from, and on how many value codes they stand."""
    beside = counted(sum(code.benchmark is not None for code in codes), "agreed score")
    return (
        "The benchmark is made of figures that were brought along for this report, and shown as they were given; the "
        f"toolkit has none of its own. They stand beside {beside}."
    )


def _record(workshop: Workshop) -> Record:
    return Record(
        workshop=workshop.id,
        revision=workshop.revision,
        head=workshop.head,
        sentence=(
            f"This report was made from the first {counted(workshop.revision, 'entry', 'entries')} of the record of "
            f"the workshop “{workshop.id}”. Whoever holds the saved workshop can check that the report belongs to it: "
            "“nps-workshop verify FILE” prints the digest of a saved workshop."
        ),
    )


def _weakest_scores(words: RubricWords, themes: Sequence[ThemeReport]) -> tuple[WeakestScore, ...]:
    """The weakest score and the lowest target of each key area.

    Raises:
        RuleBroken: there are too few key areas for a shape.
    """
    areas = [area for theme in themes for area in theme.key_areas]
    if len(areas) < FEWEST_ON_A_RADAR:
        raise RuleBroken(
            f"A radar needs {FEWEST_ON_A_RADAR} {words.key_area.many} or more, and this workshop has {len(areas)}."
        )
    return tuple(
        WeakestScore(
            area.name,
            min((code.score for code in area.codes if code.score is not None), default=None),
            min((code.target for code in area.codes if code.target is not None), default=None),
        )
        for area in areas
    )
