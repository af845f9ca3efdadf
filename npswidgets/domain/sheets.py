"""A score sheet on paper: what one person circled for the topics of a theme, entered in one go."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from npswidgets.domain.ballots import Ballot, check_paper, paper_ballot
from npswidgets.domain.events import Answer
from npswidgets.domain.scale import Scale
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import RuleBroken

_UNSURE = r"\?|(?:i\s+)?don'?t\s+know|dk"
_LEVEL = rf"(?:(?:level|lvl|lev|lv|l)\.?\s*)?\d{{1,2}}|{_UNSURE}"
_HANDS = re.compile(rf"\s*(?P<level>{_LEVEL})\s*[:=\-–—]\s*(?P<people>\d{{1,3}})\s*(?:hands?|votes?|people)?\s*")
_BETWEEN = re.compile(rf"[,;\u060c\n]|\band\b|[&+/]|(?<=[\dsed])\s+(?=(?:{_LEVEL})\s*[:=\-–—])")
"""What stands between two levels, of which the second may follow after a space: behind a number or "hands"."""

UNSURE: Answer = "dont_know"
HANDS = 'Write each level with its number of hands, such as "2: 3, 3: 5", and "?: 1" for who does not know.'
NOTHING_OPEN = "No vote is open on any topic of this sheet."


@dataclass(frozen=True)
class Mark:
    """What stands on a sheet for a value code.

    Attributes:
        round: the vote that was open when it was typed: what was circled for that vote counts in no later one.
        answer: None where nothing is circled.
    """

    code: str
    round: int
    answer: Answer | None


@dataclass(frozen=True)
class Sheet:
    """What a sheet comes to.

    Attributes:
        ballots: to be stored in place of those of the same sheet.
        blank: the value codes and rounds where nothing is circled: a ballot that is there goes.
        skipped: the value codes on which something is circled, and that vote is not open.
    """

    ballots: tuple[Ballot, ...]
    blank: tuple[tuple[str, int], ...]
    skipped: tuple[str, ...]


def read_sheet(workshop: Workshop, session: str, number: int, marks: Sequence[Mark]) -> Sheet:
    """The votes on a sheet, the first of which is number 1.

    Raises:
        RuleBroken: nobody is on that paper, a topic belongs elsewhere or stands twice, no vote is open on any of them,
            or there is no such answer.
    """
    check_paper(workshop, session, number)
    codes = [mark.code for mark in marks]
    if len(set(codes)) < len(codes) or not set(codes) <= set(workshop.sessions[session].codes):
        raise RuleBroken("This sheet does not belong to this session.")
    open_ones = [mark for mark in marks if is_open(workshop, mark.code, mark.round)]
    if not open_ones:
        raise RuleBroken(NOTHING_OPEN)
    return Sheet(
        ballots=tuple(
            paper_ballot(workshop, mark.code, mark.round, number, mark.answer)
            for mark in open_ones
            if mark.answer is not None
        ),
        blank=tuple((mark.code, mark.round) for mark in open_ones if mark.answer is None),
        skipped=tuple(mark.code for mark in marks if mark.answer is not None and mark not in open_ones),
    )


def read_hands(scale: Scale, typed: str) -> tuple[Answer, ...]:
    """The answers of a show of hands in one line, such as "2: 3, 3: 5"; "?" is "I don't know".

    Raises:
        RuleBroken: it cannot be read, names a level that there is not, or one twice, or counts no hand.
    """
    line = unicodedata.normalize("NFKC", typed).lower().replace("\u2019", "'")
    found = [_HANDS.fullmatch(part) for part in _BETWEEN.split(line) if part.strip(" .")]
    if not found or not all(found):
        raise RuleBroken(HANDS)
    counted = [(_level(one["level"]), int(one["people"])) for one in found if one]
    answers = [answer for answer, _ in counted]
    if len(set(answers)) < len(answers) or any(answer not in scale and answer != UNSURE for answer in answers):
        raise RuleBroken(f"{HANDS} Each level {scale.ends} stands once at most.")
    if not any(people for _, people in counted):
        raise RuleBroken(f"No hand is counted. {HANDS}")
    return tuple(answer for answer, people in counted for _ in range(people))


def _level(typed: str) -> Answer:
    return UNSURE if re.fullmatch(_UNSURE, typed) else int(re.sub(r"\D", "", typed))


def is_open(workshop: Workshop, code: str, number: int | None = None) -> bool:
    """Whether a vote is open on a value code: that of a number, or any."""
    running = workshop.topics[code].running
    return running is not None and running.state == "open" and number in (None, running.number) and not workshop.sealed
