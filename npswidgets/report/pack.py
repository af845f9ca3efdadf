"""What a workshop needs on paper, in one PDF: table cards, score sheets, the question book, the run sheet."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from npswidgets.addresses import join_link, typed
from npswidgets.domain import first_scores
from npswidgets.domain.agenda import expected_minutes, starting_minutes, talk_minutes
from npswidgets.domain.days import day_of, say_day
from npswidgets.domain.door import Door
from npswidgets.domain.join_code import grouped
from npswidgets.domain.question import circle, question, rules, steps
from npswidgets.domain.rubric import Rubric, ValueCode
from npswidgets.domain.text import cleaned_all
from npswidgets.domain.workshop import Session, Workshop
from npswidgets.errors import ExportFailed
from npswidgets.report.letters import missing_letters, say_missing, texts_in
from npswidgets.report.phrases import one_line
from npswidgets.report.typesetting import typeset

if TYPE_CHECKING:
    from npswidgets.store.wifi import Wifi

PARTS = {"cards": "Table cards", "sheets": "Score sheets", "book": "Question book", "run-sheet": "Run sheet"}
"""In the order in which they are printed."""

MOST_SHEETS = 500

PEOPLE = 12
"""How many come, where nobody said."""

EMPTY = (
    "There is nothing to print: table cards need a server that has run in the room once, and score sheets a number of "
    "people above 0."
)


@dataclass(frozen=True)
class WaysIn:
    """How people get in: the address, such as "http://192.168.1.20:8866", and the door of each session."""

    address: str
    doors: dict[str, Door]
    wifi: "Wifi | None" = None


def pack_pdf(
    workshop: Workshop,
    ways: WaysIn | None = None,
    sheets: int | None = None,
    days: Mapping[str, date] | None = None,
    parts: Collection[str] = PARTS,
) -> bytes:
    """The pack of all sessions as PDF/UA-1; the same pack has the same bytes.

    Args:
        ways: None for a pack without table cards.
        sheets: how many people get score sheets; by default as many as are expected.
        days: of its sessions by id, as far as they are known.
        parts: of `PARTS`, what is wanted.

    Raises:
        ExportFailed: the PDF could not be made, or nothing is wanted that there is.
    """
    workshop = cleaned_all(workshop)
    days = days or {}
    sessions = [_session(workshop, one, ways, sheets, days.get(one.id)) for one in workshop.sessions.values()]
    if not any(_has_pages(one, parts) for one in sessions):
        raise ExportFailed(EMPTY)
    given = {
        "title": "Print pack",
        "author": one_line(workshop.council),
        "question": one_line(workshop.title),
        "date": min(days.values(), default=day_of(workshop.created_at)).isoformat(),
        "source": workshop.rubric.source,
        "words": _words(workshop.rubric),
        "levels": [str(value) for value in workshop.rubric.scale.values],
        "parts": list(parts),
        "steps": list(steps(workshop.rubric)),
        "rules": " ".join(rules(workshop.rubric)),
        "circle": circle(workshop.rubric),
        "sessions": sessions,
    }
    lacking = say_missing(missing_letters(texts_in(given)))
    return typeset("pack.typ", "pack", given | {"lacking": lacking}, ["ua-1"])


def _words(rubric: Rubric) -> dict[str, str]:
    """What the template calls a topic and a level."""
    topic, level = rubric.words.topic, rubric.words.level
    return {
        "topic": topic.one,
        "topics": topic.many,
        "a-topic": topic.a,
        "Topic": topic.head,
        "Topics": topic.heads,
        "level": level.one,
        "Level": level.head,
    }


def _has_pages(session: dict[str, Any], parts: Collection[str]) -> bool:
    there = {"cards": session["card"] is not None, "sheets": session["sheets"] > 0}
    return any(there.get(part, True) for part in parts)


def _session(
    workshop: Workshop, session: Session, ways: WaysIn | None, sheets: int | None, day: date | None
) -> dict[str, Any]:
    """What the template reads of a session."""
    rubric, people = workshop.rubric, session.people_expected or PEOPLE
    codes = [rubric.value_codes[code] for code in session.codes]
    times = starting_minutes(codes, people)
    topics = [_topic(rubric, *each) for each in zip(range(1, len(codes) + 1), times, codes, strict=True)]
    return {
        "title": one_line(session.title),
        "day": say_day(day) if day else "",
        "question": question(workshop),
        "people": people,
        "minutes": expected_minutes(codes, people),
        "first-scores": len(codes) >= first_scores.DEFAULT_FROM,
        "first-minutes": first_scores.minutes(workshop, session.id),
        "talk-minutes": talk_minutes(codes, people),
        "sheets": people if sheets is None else sheets,
        "departments": bool(workshop.departments),
        "card": _card(ways, session.id) if ways and session.id in ways.doors else None,
        "themes": list(dict.fromkeys(topic["theme"] for topic in topics)),
        "topics": topics,
    }


def _topic(rubric: Rubric, number: int, minute: int, code: ValueCode) -> dict[str, Any]:
    area = rubric.key_area_of(code.id)
    return {
        "number": number,
        "at": f"{minute // 60}:{minute % 60:02}",
        "theme": rubric.theme_of(code.id).name,
        "area": area.name,
        "definition": area.definition,
        "name": code.display_name,
        "description": code.description,
        "levels": [
            {"level": str(level), "statements": [_statement(text) for text in code.levels[level.value]]}
            for level in rubric.levels
        ],
    }


def _statement(text: str) -> dict[str, Any]:
    """A statement; the source has some that belong to the one above them, with a point of their own."""
    return {"text": text.removeprefix("•").strip(), "inner": text.startswith("•")}


def _card(ways: WaysIn, session: str) -> dict[str, Any]:
    door, wifi = ways.doors[session], ways.wifi
    return {
        "address": typed(ways.address),
        "code": grouped(door.code),
        "qr": _qr(join_link(ways.address, door.secret)),
        "wifi": {"name": wifi.name, "password": wifi.password, "qr": _qr(wifi.join_text)} if wifi else None,
    }


def _qr(text: str) -> str:
    """A QR code as SVG."""
    import segno

    svg: str = segno.make(text, error="m", micro=False).svg_inline(border=4, omitsize=True)
    return svg
