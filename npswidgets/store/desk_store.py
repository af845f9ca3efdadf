"""What a facilitator and a helper do alike: they write about topics, and enter the votes that are given on paper."""

from collections.abc import Sequence

from sqlalchemy import Connection

from npswidgets.domain.ballots import paper_ballot, paper_voter
from npswidgets.domain.events import Answer, NoteKind, NoteWritten, PresenceChanged, Words
from npswidgets.domain.rules import check_answer_open
from npswidgets.domain.sheets import Mark, read_hands, read_sheet
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import RuleBroken
from npswidgets.store import ballot_box
from npswidgets.store.counting_store import CountingStore


class DeskStore(CountingStore):
    """Texts about topics, and votes on paper."""

    def write_note(self, code: str, note: NoteKind, text: str) -> Workshop:
        """Stores a text about a topic in place of the one before.

        Raises:
            RuleBroken: no session scores this value code, or nothing may be written now.
            StoreFault: the database cannot take it.
        """
        with self._changing() as db:
            self._store(db, NoteWritten(self._session_of(code), code, note, Words(text)))
        return self.workshop

    def count_on_paper(self, session: str, number: int) -> Workshop:
        """So many people of a session vote on paper from now on.

        Raises:
            RuleBroken: the session is not open, or so many cannot.
        """
        with self._changing() as db:
            self._store(db, PresenceChanged(self._mine(session), on_paper=number))
        return self.workshop

    def enter_paper_vote(self, code: str, round_number: int, number: int, answer: Answer | None) -> None:
        """Stores the vote on a sheet of paper in place of the one before; None takes it out.

        Raises:
            RuleBroken: no such vote is open, nobody is on that paper, or there is no such answer.
        """
        with self._changing(shared=True) as db:
            self._session_of(code)
            if answer is None:
                check_answer_open(self.workshop, code, round_number)
                ballot_box.delete_ballot(db, self.actor.workshop, code, round_number, paper_voter(number))
            else:
                ballot_box.put(db, self.workshop, paper_ballot(self.workshop, code, round_number, number, answer))

    def enter_hands(self, code: str, round_number: int, typed: str) -> None:
        """Stores a show of hands as the votes of those on paper, in place of all that were entered.

        Raises:
            RuleBroken: it cannot be read, no such vote is open, or fewer people are on paper.
        """
        with self._changing(shared=True) as db:
            session = self._session_of(code)
            check_answer_open(self.workshop, code, round_number)
            answers = read_hands(self.workshop.rubric.scale, typed)
            on_paper = self.workshop.sessions[session].on_paper
            if len(answers) > on_paper:
                hands = "1 hand is" if len(answers) == 1 else f"{len(answers)} hands are"
                raise RuleBroken(f"{hands} more than the {on_paper} on paper. Count these first.")
            for number in range(1, on_paper + 1):
                if number > len(answers):
                    ballot_box.delete_ballot(db, self.actor.workshop, code, round_number, paper_voter(number))
                else:
                    ballot = paper_ballot(self.workshop, code, round_number, number, answers[number - 1])
                    ballot_box.put(db, self.workshop, ballot)

    def enter_sheet(self, session: str, number: int, marks: Sequence[Mark]) -> tuple[str, ...]:
        """Stores what stands on a score sheet, of all its topics in one transaction; gives those that were skipped.

        Raises:
            RuleBroken: nobody is on that paper, or no vote is open on any of these topics.
        """
        with self._changing(shared=True) as db:
            return self._put_sheet(db, session, number, marks)

    def enter_next_sheet(
        self, session: str, number: int, marks: Sequence[Mark], codes: Sequence[str]
    ) -> tuple[int, tuple[str, ...]]:
        """The same of a new sheet: as the next free one, where another screen has entered it since.

        Args:
            codes: all value codes of the sheet.

        Returns:
            Its number, and the value codes that were skipped.

        Raises:
            RuleBroken: as above, or no sheet is free.
        """
        with self._changing() as db:
            entered = self._entered(db, codes)
            total = self.workshop.sessions[self._mine(session)].on_paper
            free = [one for one in range(1, total + 1) if one not in entered]
            if not free:
                last = f"Another screen has entered the last of {total} sheets."
                raise RuleBroken(f"{last} Count one more on paper with +.")
            number = free[0] if number in entered else number
            return number, self._put_sheet(db, session, number, marks)

    def _put_sheet(self, db: Connection, session: str, number: int, marks: Sequence[Mark]) -> tuple[str, ...]:
        sheet = read_sheet(self.workshop, self._mine(session), number, marks)
        for code, round_number in sheet.blank:
            ballot_box.delete_ballot(db, self.actor.workshop, code, round_number, paper_voter(number))
        for ballot in sheet.ballots:
            ballot_box.put(db, self.workshop, ballot)
        return sheet.skipped

    def sheets(self, codes: Sequence[str]) -> frozenset[int]:
        """The numbers of the sheets of which something was entered in the votes now open on these value codes."""
        with self._read() as db:
            return self._entered(db, codes)

    def _entered(self, db: Connection, codes: Sequence[str]) -> frozenset[int]:
        topics = [self.workshop.topics[code] for code in codes if code in self.workshop.topics]
        rounds = {topic.code: topic.running.number for topic in topics if topic.running}
        return ballot_box.sheets(db, self.actor.workshop, rounds)

    def paper_votes(self, code: str) -> tuple[int, ...]:
        """Which paper votes of the round under way were entered, by number; nobody learns what they are."""
        running = self.of_topic(code).topics[code].running
        with self._read() as db:
            return ballot_box.on_paper(db, self.actor.workshop, code, running.number) if running else ()

    def _mine(self, session: str) -> str:
        """The session, where this actor may write and enter in it."""
        return session

    def _session_of(self, code: str) -> str:
        if code not in self.workshop.topics:
            raise RuleBroken(f"No session of this workshop scores {code!r}.")
        return self._mine(self.workshop.topics[code].session)
