"""What pages were told about their votes, against what the database holds and what was shown."""

import random
from dataclasses import dataclass, field

from sqlalchemy import Engine, select

from npswidgets.domain.events import Answer
from npswidgets.domain.workshop import Workshop
from npswidgets.store import tables


@dataclass(frozen=True)
class Sent:
    """A vote that left a page; its number grows with each vote of that voter."""

    number: int
    ballot: str
    answer: Answer


@dataclass
class Votes:
    """One voter's votes on one topic in one round.

    Attributes:
        told: the number of the last vote that the page was told to be saved; 0 for none.
    """

    sent: dict[str, Sent] = field(default_factory=dict)
    told: int = 0


@dataclass
class Ledger:
    """All votes of all voters.

    Attributes:
        acknowledged: how many votes pages were told to be saved.
        lost: votes that a page was told to be saved, and that are not there, nor a later one of the same voter.
        doubled: voters of whom a round holds more than one vote, in the database or in what was shown.
        strange: votes that nobody sent, or shown otherwise than sent.
        rounds: how many were shown and compared.
    """

    votes: dict[tuple[str, str, int], Votes] = field(default_factory=dict)
    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    rounds: int = 0
    _number: int = 0

    def of(self, voter: str, code: str, round_number: int) -> Votes:
        """A voter's votes in a round."""
        return self.votes.setdefault((voter, code, round_number), Votes())

    def new_vote(self, voter: str, code: str, round_number: int, chance: random.Random) -> Sent:
        """Notes a vote that is about to be sent."""
        self._number += 1
        sent = Sent(self._number, f"{self._number:08d}-{chance.getrandbits(32):08x}", chance.randint(1, 5))
        self.of(voter, code, round_number).sent[sent.ballot] = sent
        return sent

    def was_told(self, voter: str, code: str, round_number: int, sent: Sent) -> None:
        """A page has heard that this vote is saved."""
        votes = self.of(voter, code, round_number)
        votes.told = max(votes.told, sent.number)
        self.acknowledged += 1

    def was_shown_again(self, voter: str, code: str, round_number: int, ballot: str | None) -> None:
        """A page that was opened again says which vote is saved."""
        votes, place = self.of(voter, code, round_number), f"{voter} on {code} in round {round_number}"
        if not self._is_current(votes, ballot):
            self.lost.append(f"{place}: the page came back with {ballot}")

    def compare(self, engine: Engine, workshop: Workshop, code: str, round_number: int) -> None:
        """Compares a round that was shown: its votes are there once, the last that were said to be saved or later."""
        with engine.connect() as db:
            asked = select(tables.ballots.c["participant", "ballot", "answer"]).where(
                tables.ballots.c.workshop == workshop.id,
                tables.ballots.c.code == code,
                tables.ballots.c.round == round_number,
            )
            rows = [tuple(row) for row in db.execute(asked)]
        stored = {voter: (ballot, answer) for voter, ballot, answer in rows}
        shown = next(one for one in workshop.topics[code].shown if one.number == round_number).votes
        place = f"{code} in round {round_number}"
        self.rounds += 1
        if len(rows) != len(stored) or len(shown) != len({vote.participant for vote in shown}):
            self.doubled.append(place)
        answers = {voter: answer for voter, (_, answer) in stored.items()}
        if {vote.participant: str(vote.answer) for vote in shown} != answers:
            self.strange.append(f"{place}: what was shown is not what was stored")
        for (voter, of_code, of_round), votes in self.votes.items():
            if (of_code, of_round) != (code, round_number):
                continue
            ballot, answer = stored.get(voter, (None, ""))
            if not self._is_current(votes, ballot):
                self.lost.append(f"{voter} on {place}: {ballot} is stored")
            elif ballot and answer != str(votes.sent[ballot].answer):
                self.strange.append(f"{voter} on {place}: another answer than was sent")

    def _is_current(self, votes: Votes, ballot: str | None) -> bool:
        """Whether this is the last vote that the page was told to be saved, or one that was sent after it."""
        if ballot is None:
            return votes.told == 0
        return ballot in votes.sent and votes.sent[ballot].number >= votes.told
