"""What all may read who count votes: how many there are, never who, or what."""

from npswidgets.store import ballot_box
from npswidgets.store.workshop_store import WorkshopStore


class CountingStore(WorkshopStore):
    """How many have voted."""

    def finished(self, session: str) -> int:
        """How many people have scored all topics whose first scores are open; 0 if none are."""
        codes = [topic.code for topic in self.workshop.on_their_own(session)]
        if not codes:  # each drawing of a screen asks
            return 0
        with self._read() as db:
            return ballot_box.finished(db, self.actor.workshop, codes, 0)

    def vote_counts(self) -> dict[tuple[str, int], int]:
        """How many have voted, by (value code, round)."""
        with self._read() as db:
            return ballot_box.counts(db, self.actor.workshop)

    def votes_in(self, code: str) -> int:
        """How many have voted in the round under way on a value code; 0 if none is."""
        running = self.of_topic(code).topics[code].running
        return self.vote_counts().get((code, running.number), 0) if running else 0
