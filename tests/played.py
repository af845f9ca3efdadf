"""A workshop that has been played, as a list of events: it folds without a database, and can be written into one."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from random import Random

from sqlalchemy import Engine

from npswidgets.domain.events import (
    ActionAgreed,
    Anonymity,
    Answer,
    Entry,
    Event,
    Move,
    NoteWritten,
    ParticipantJoined,
    ScoreRecorded,
    SessionClosed,
    SessionOpened,
    SessionPlanned,
    TargetSet,
    TopicPresented,
    Vote,
    VotesRevealed,
    VotingOpened,
    Words,
    WorkshopCreated,
    WorkshopSealed,
)
from npswidgets.domain.rubric import KeyArea, Rubric, Theme
from npswidgets.domain.rules import fold
from npswidgets.domain.simulated_people import first_answer, people, second_answer, standing
from npswidgets.domain.starting_level import starting_level
from npswidgets.domain.verdict import verdict
from npswidgets.domain.workshop import Workshop
from npswidgets.store import record, workshops
from npswidgets.store.database import writing
from npswidgets.store.rubric_files import load_rubric
from npswidgets.store.rubric_json import rubric_digest

DEPARTMENTS = ("Adult social care", "Finance and legal", "Highways and waste")
PEOPLE = tuple(f"participant-{number:02}" for number in range(1, 19))
START = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)
SESSION = "showing-leadership"

SCORES = (2, 2, 3, 1, 2, 3, 4, 2, 5, 3, None, 2, 3)
"""The agreed scores of the theme's 13 value codes; the eleventh does not apply."""


HOSTILE = (
    "<script>alert('x')</script><img src=x onerror=alert(1)>\n</textarea></style>{{ 7 * 7 }}{% raw %}{# no #} "
    "**bold** *strong* #panic() @none [press](javascript:alert(1)) `code` $x^2$ =1+1 &amp; \"quoted\" 'so' "
    "\u202eto the left\u202c \u05d0\u05d1\u05d2 😀 \x07\x1b[31m"
)
HOSTILE_NAME = (
    "<script>alert('x')</script><img src=x onerror=alert(1)>\n</style>{{ 7 * 7 }} **bold** #panic() `code` $x^2$ =1+1 "
    '&amp; "quoted" \u202eto the left\u202c \u05d0\u05d1\u05d2 😀 \x07\x1b[31m'
)
"""The same, no longer than a name can be."""
LONG = "x" * 10_000


@cache
def rubric() -> Rubric:
    return load_rubric("nps-2018")


def votes(*counts: int, dont_know: int = 0, not_my_role: int = 0, department: str | None = None) -> tuple[Vote, ...]:
    """So many votes on the levels 1 to 5, and other answers."""
    levels = [Vote(level, department) for level, number in enumerate(counts, 1) for _ in range(number)]
    return (*levels, *[Vote("dont_know")] * dont_know, *[Vote("not_my_role")] * not_my_role)


def created(council: str = "Example County Council", title: str = "", anonymity: Anonymity = "anonymous") -> Event:
    source = rubric()
    return WorkshopCreated(
        "2026-03-example", council, title, source.id, source.version, rubric_digest(source), anonymity, DEPARTMENTS
    )


def beginning(codes: Sequence[str], **options: str) -> Iterator[Event]:
    """A workshop with one open session, and 18 people in it."""
    yield created(**options)  # type: ignore[arg-type]
    yield SessionPlanned(SESSION, "Showing leadership", tuple(codes), 18)
    yield SessionOpened(SESSION)
    yield from (ParticipantJoined(SESSION, who, DEPARTMENTS[at % 3]) for at, who in enumerate(PEOPLE))


def voted(code: str, *rounds: tuple[Vote, ...], moves: Sequence[tuple[Answer, Answer, int]] = ()) -> Iterator[Event]:
    """One or more votes on a value code; `moves` are those of the last."""
    yield TopicPresented(SESSION, code)
    for number, cast in enumerate(rounds, 1):
        yield VotingOpened(SESSION, code, number)
        changed = tuple(Move(*move) for move in moves) if number > 1 and number == len(rounds) else ()
        yield VotesRevealed(SESSION, code, number, cast, absent=18 - len(cast), moves=changed)


def written(code: str, **texts: str) -> Iterator[Event]:
    """Notes about a value code: comment, different_view, evidence."""
    yield from (NoteWritten(SESSION, code, kind, Words(text)) for kind, text in texts.items())  # type: ignore[arg-type]


def scored(code: str, score: int | None, reason: str = "") -> Event:
    """The score that was agreed on; the reason is why it does not apply, or why it is above the suggested level."""
    if score is None:
        return ScoreRecorded(SESSION, code, not_applicable=Words(reason))
    above = Words(reason) if reason else None
    return ScoreRecorded(SESSION, code, score, reason_above=above, case_study=score == 5)


def agreed(code: str, what: str, owner: str = "", due: str | None = None, done_when: str = "") -> Event:
    """What will be done about a value code; its id is made of the words."""
    return ActionAgreed(
        SESSION,
        code,
        sha256(what.encode()).hexdigest()[:12],
        Words(what),
        Words(owner),
        due,
        Words(done_when) if done_when else None,
    )


def theme_codes() -> tuple[str, ...]:
    """The 13 value codes of "Showing leadership"."""
    return rubric().codes_in("showing-leadership")


def finished_theme(**options: str) -> list[Event]:
    """The theme "Showing leadership", scored by 18 people, with what can stand in a report."""
    champions, reporting, *others = codes = theme_codes()
    events = [*beginning(codes, **options)]
    events += voted(champions, votes(0, 9, 8, 0, 0, dont_know=1))
    events += [
        *written(champions, comment="The portfolio holder has asked for a champion."),
        scored(champions, SCORES[0]),
    ]
    first = votes(3, 4, 4, 4, 0, dont_know=2, not_my_role=1)
    second = votes(1, 8, 5, 1, 0, dont_know=2, not_my_role=1)
    events += voted(reporting, first, second, moves=[(1, 2, 2), (4, 2, 2), (4, 3, 1)])
    texts = {
        "comment": "Scrutiny gets reports when a decision is due.",
        "different_view": "Finance sees regular briefings.",
    }
    events += [*written(reporting, **texts, evidence="Forward plan, on the intranet."), scored(reporting, SCORES[1])]
    for code, score in zip(others, SCORES[2:], strict=True):
        events += _ordinary(code, score)
    return [*events, SessionClosed(SESSION)]


def planned_theme(**options: str) -> list[Event]:
    """The finished theme, with targets and actions."""
    champions, reporting, _, influence, *_ = theme_codes()
    *events, closed = finished_theme(**options)
    targets = {champions: 3, reporting: 4, influence: 4, theme_codes()[6]: 4}
    events += [TargetSet(SESSION, code, target) for code, target in targets.items()]
    events += [
        agreed(champions, "Ask for a champion", "Head of procurement", "2026-04-30", "There is one."),
        agreed(reporting, "Draw up a forward plan", "head of procurement"),
        agreed(
            reporting, "Brief scrutiny every quarter", "Democratic services manager", "2026-06-30", "It was briefed."
        ),
        agreed(influence, "Take a seat in the management team", "", "2026-03-31"),
    ]
    return [*events, closed]


def _ordinary(code: str, score: int | None) -> list[Event]:
    if score is None:
        return [scored(code, None, "We have no such networks.")]
    counts = [3 if abs(level - score) == 1 else 10 if level == score else 0 for level in range(1, 6)]
    reason = "Evidence shown in the room" if score == 3 else ""
    if score == 3:
        counts = [0, 6, 9, 1, 0]
    comment = "We would show others how we do it." if score == 5 else ""
    return [*voted(code, votes(*counts, dont_know=1)), *written(code, comment=comment), scored(code, score, reason)]


def whole_diagnostic(*, departments_in_reports: bool = False, seed: int = 1) -> list[Event]:
    """All 59 value codes, scored by 18 simulated people: first scores, votes where they differ, targets and actions."""
    chance = Random(seed)
    codes = tuple(rubric().value_codes)
    panel = people(18, DEPARTMENTS, chance)
    first, *rest = beginning(codes)
    assert isinstance(first, WorkshopCreated)
    events: list[Event] = [replace(first, departments_in_reports=departments_in_reports or None), *rest]
    for at, code in enumerate(codes):
        stands, disputed = standing(chance), chance.choice((0, 0, 0.3, 0.9))
        now = [first_answer(one, stands, disputed, rubric().scale, chance) for one in panel]
        before, start = None, None
        for number in range(2):
            cast = tuple(Vote(answer, one.department) for answer, one in zip(now, panel, strict=True))
            changes = Counter((old, new) for old, new in zip(before or now, now, strict=True) if old != new)
            moves = tuple(Move(old, new, times) for (old, new), times in sorted(changes.items(), key=str))
            events += [VotingOpened(SESSION, code, number), VotesRevealed(SESSION, code, number, cast, 0, moves)]
            start = starting_level(cast).level
            if verdict(counts := rubric().scale.counts(now)).kind == "close":
                break
            before, now = now, [second_answer(one, counts, rubric().scale, chance) for one in now]
        score = start or 1
        notes = {"comment": f"What we do about {rubric().value_codes[code].display_name.lower()}, in a sentence."}
        events += [*written(code, **notes), scored(code, score)]
        if at % 4 == 0 and score < 4:
            owner = ("Head of procurement", "Director of finance")[at // 4 % 2]
            events.append(TargetSet(SESSION, code, score + 1 + at % 3 % (5 - score)))
            events.append(agreed(code, f"{at} Do what level {score + 1} says", owner, f"2026-0{4 + at % 5}-30"))
    return [*events, SessionClosed(SESSION)]


def hostile_events() -> Iterator[Event]:
    """A workshop in which every text that people can type is hostile."""
    above, absent, far = theme_codes()[:3]
    opening = list(beginning((above, absent, far), council=f"Council {HOSTILE_NAME}", title=f"Title {HOSTILE_NAME}"))
    yield opening[0]
    yield replace(opening[1], title=f"Session {HOSTILE_NAME}")  # type: ignore[type-var]
    yield from opening[2:]
    yield from voted(above, votes(0, 6, 9, 1, 0))
    notes = {"comment": HOSTILE + LONG, "different_view": f"View {HOSTILE}", "evidence": f"Evidence {HOSTILE}"}
    yield from written(above, **notes)
    yield scored(above, 3, f"Above {HOSTILE}")
    yield agreed(above, f"Action {HOSTILE}", f"Owner {HOSTILE}", "2026-04-30", f"Done {HOSTILE}")
    yield scored(absent, None, f"Not {HOSTILE}")
    yield from [*voted(far, votes(5, 0, 0, 0, 5)), *written(far, different_view=f"Far {HOSTILE}"), scored(far, 1)]
    yield SessionClosed(SESSION)
    yield WorkshopSealed(1, Words(f"Role {HOSTILE}"))


def workshop_of(events: Sequence[Event]) -> Workshop:
    """What these events add up to, one a minute."""
    entries = (
        Entry(number, START + timedelta(minutes=number), "facilitator", event, "")
        for number, event in enumerate(events, 1)
    )
    return fold(entries, rubric())


def sealed(name: str, *scores: int | None) -> Workshop:
    """A workshop on the first value codes of a theme, with these scores; None does not apply."""
    codes = theme_codes()[: len(scores)]
    given = [scored(code, score, "" if score else "No") for code, score in zip(codes, scores, strict=True)]
    workshop = workshop_of([*beginning(codes), *given])
    return replace(workshop, id=name, sealed=True)


def reworded(workshop: Workshop, code: str) -> Workshop:
    """The same with other statements of a value code."""

    def change(area: KeyArea) -> KeyArea:
        codes = [
            replace(one, levels={**one.levels, 1: ("New.",)}) if one.id == code else one for one in area.value_codes
        ]
        return replace(area, value_codes=tuple(codes))

    old = workshop.rubric
    themes = [Theme(one.id, one.name, tuple(map(change, one.key_areas))) for one in old.themes]
    new = Rubric(old.id, old.title, "2018.2", old.source, old.levels, tuple(themes))
    return replace(workshop, rubric=new)


def store_events(engine: Engine, events: Sequence[Event], begun: datetime = START) -> str:
    """Writes these events into a database, as its record, one a minute; gives the workshop's id."""
    first, *rest = events
    assert isinstance(first, WorkshopCreated)
    with writing(engine) as db:
        workshops.insert_row(db, first, rubric())
        workshop = record.start(db, first, rubric(), begun)
        for minutes, event in enumerate(rest, 1):
            workshop = record.append(db, workshop, event, "facilitator", begun + timedelta(minutes=minutes))
    return workshop.id
