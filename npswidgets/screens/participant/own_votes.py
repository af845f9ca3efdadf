"""What one person voted, in that person's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from npswidgets.domain.ballots import Ballot, say_answer
from npswidgets.domain.events import Answer
from npswidgets.domain.workshop import Round, Workshop
from npswidgets.screens import words


@dataclass(frozen=True)
class OwnVotes:
    """A person's ballots in a workshop, by (value code, round)."""

    workshop: Workshop
    ballots: Mapping[tuple[str, int], Ballot]

    def in_round(self, code: str, one: Round | None) -> Ballot | None:
        """The ballot of a round; None if there is none."""
        return self.ballots.get((code, one.number)) if one else None

    def before(self, code: str, running: Round) -> Ballot | None:
        """The last ballot before this round; the first score counts as one."""
        earlier = (self.ballots.get((code, number)) for number in range(running.number - 1, -1, -1))
        return next((ballot for ballot in earlier if ballot), None)

    def lead(self, code: str, running: Round) -> dict[str, Any]:
        """What stands above the choice where this person answered before, and from the second vote on; else empty."""
        before = self.before(code, running)
        if before is None and running.number < 2:
            return {}
        title = f"{words.VOTES[running.number].capitalize()} · {words.topic_name(self.workshop, code)}"
        if before is None:
            return {"title": title}
        which = words.OWN[before.round]
        return {
            "title": title,
            "words": f"Your {which} was {self.named(before)}.",
            "hint": "Only what you choose now counts.",
            "keep": before.answer,
            "label": f"Keep {before.answer}" if isinstance(before.answer, int) else "Keep this answer",
        }

    def opened(self, code: str, running: Round) -> str:
        """Said when voting opens: "Second vote in the room is open. Your vote in the room was 3."."""
        before = self.before(code, running)
        if running.number < 2 and before is None:
            return f"Voting is open: {words.topic_name(self.workshop, code)}."
        said = f"{words.VOTES[running.number].capitalize()} is open."
        return f"{said} Your {words.OWN[before.round]} was {short(before.answer)}." if before else said

    def sentence(self, code: str) -> str:
        """What this person chose in the rounds shown: "Your votes: first score 3, vote in the room 2"."""
        own = self._shown(code)
        if len(own) == 1:
            return f"{called(own[0])}: {self.named(own[0])}"
        return f"Your votes: {_rounds(own)}" if own else ""

    def lines(self, session: str) -> list[str]:
        """The votes shown so far, a line for each topic: "Reporting: first score 3, vote in the room 2"."""
        found = {code: self._shown(code) for code in self.workshop.sessions[session].codes}
        return [f"{words.topic_name(self.workshop, code)}: {_rounds(own)}" for code, own in found.items() if own]

    def named(self, ballot: Ballot) -> str:
        """The answer in full: "3 Mature"."""
        return words.answer_name(self.workshop.rubric, ballot.answer)

    def _shown(self, code: str) -> list[Ballot]:
        own = (self.in_round(code, one) for one in self.workshop.topics[code].shown)
        return [ballot for ballot in own if ballot]


def called(own: Ballot) -> str:
    """What an answer that stands alone is: first scores are no vote in the room."""
    return "Your vote" if own.round else f"Your {words.OWN[0]}"


def short(answer: Answer) -> str:
    """The answer as a number, or in quotation marks."""
    return str(answer) if isinstance(answer, int) else f"“{say_answer(answer)}”"


def _rounds(own: list[Ballot]) -> str:
    return ", ".join(f"{words.OWN[ballot.round]} {short(ballot.answer)}" for ballot in own)
