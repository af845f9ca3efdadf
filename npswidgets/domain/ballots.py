"""Votes while they are secret, and what of them is shown."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from npswidgets.domain.events import Answer, Move, Vote, VotesRevealed
from npswidgets.domain.rules import check_answer, check_answer_open
from npswidgets.domain.scale import Scale
from npswidgets.domain.starting_level import starting_level
from npswidgets.domain.workshop import Session, Workshop
from npswidgets.errors import RuleBroken, VoteRefused

LONGEST_REASON = 500
_BALLOT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
PAPER = "paper-"
"""What the ids of paper ballots begin with, which the facilitator enters; no participant's id does."""

ENDED = "This session has ended, so nothing can be changed any more."
TOO_LATE = (
    "The votes were shown before yours arrived, so it was not counted. Tell the facilitator if you want to vote again."
)
FROM_ZERO = "Voting was started from zero after you chose, so this vote was not counted. Choose again."
VOTER_TAKEN_OUT = "You were taken out of the session, so this vote does not count."


@dataclass(frozen=True)
class Ballot:
    """One person's vote on one value code in one round.

    Attributes:
        id: made by the browser, so that the same ballot sent twice is one vote.
        replaces: the id of the ballot that this browser believes to be the last one; None for a first.
        opening: for which opening of the vote it was made, as `Round.opening` has it; 0 for whichever there is.
    """

    id: str
    session: str
    code: str
    round: int
    participant: str
    answer: Answer
    reason: str = ""
    replaces: str | None = None
    opening: int = 0


@dataclass(frozen=True)
class Reason:
    """Why somebody voted so, without saying who.

    Attributes:
        session: the one in which it was given, with first scores on a topic that was moved from there; else empty.
    """

    answer: Answer
    text: str
    session: str = ""


def reasons(ballots: Sequence[Ballot], session: str = "") -> tuple[Reason, ...]:
    """The reasons given with these ballots: lowest level first, other answers last; the order says nothing else."""
    given = [Reason(ballot.answer, ballot.reason, session) for ballot in ballots if ballot.reason]
    return tuple(sorted(given, key=lambda one: (isinstance(one.answer, str), str(one.answer), one.text)))


def kept_reason(before: Ballot | None, answer: Answer) -> str:
    """The reason that stays when somebody votes so after this ballot: it belongs to the answer it was given for."""
    return before.reason if before and before.answer == answer else ""


def recorded_votes(
    workshop: Workshop, session: str, participant: str, elsewhere: frozenset[str] = frozenset()
) -> dict[tuple[str, int], Ballot]:
    """What the record holds of one person's votes, by (value code, round): nothing in an anonymous workshop.

    Args:
        elsewhere: the same person's ids in other sessions, whose first scores came along with a topic.
    """
    if workshop.sessions[session].participants[participant].erased:
        return {}
    mine = {participant, *elsewhere}
    return {
        (topic.code, one.number): Ballot("", session, topic.code, one.number, participant, vote.answer)
        for topic in workshop.topics_of(session)
        for one in topic.shown
        for vote in one.votes
        if vote.participant in mine
    }


def check_ballot(ballot: Ballot, stored: Ballot | None, workshop: Workshop) -> bool:
    """Whether this ballot is new; False if it is stored already.

    Raises:
        VoteRefused: with the reason that the voter sees.
    """
    _check_voter(ballot, workshop)
    if stored and stored.id == ballot.id and stored.answer == ballot.answer and stored.reason == ballot.reason:
        return False
    _check_content(ballot, workshop.rubric.scale)
    try:
        check_answer_open(workshop, ballot.code, ballot.round)
    except RuleBroken as broken:
        raise VoteRefused(_why_closed(ballot, workshop) or str(broken)) from broken
    running = workshop.topics[ballot.code].running
    of_before = ballot.opening and running and running.opening != ballot.opening
    if of_before or (ballot.replaces and not stored):
        raise VoteRefused(FROM_ZERO)
    if stored and ballot.replaces != stored.id and ballot.id != stored.id:
        raise VoteRefused(f"You chose {say_answer(stored.answer)} in another window.")
    return True


def paper_ballot(workshop: Workshop, code: str, round_number: int, number: int, answer: Answer) -> Ballot:
    """The vote on a sheet of paper, the first of which is number 1.

    Raises:
        RuleBroken: no such vote is open, nobody is on that paper, or there is no such answer.
    """
    check_answer_open(workshop, code, round_number)
    check_answer(workshop, answer)
    session = workshop.topics[code].session
    check_paper(workshop, session, number)
    who = paper_voter(number)
    return Ballot(f"{who}/{code}/{round_number}", session, code, round_number, who, answer)


def check_paper(workshop: Workshop, session: str, number: int) -> None:
    """Whether somebody votes on the paper of this number.

    Raises:
        RuleBroken: there are not so many people on paper.
    """
    on_paper = workshop.sessions[session].on_paper
    if not 1 <= number <= on_paper:
        who = {0: "Nobody is", 1: "1 person is"}.get(on_paper, f"{on_paper} people are")
        raise RuleBroken(f"{who} on paper, so there is no paper vote {number}.")


def paper_voter(number: int) -> str:
    """Who casts the vote on a sheet of paper."""
    return f"{PAPER}{number}"


def reveal(workshop: Workshop, code: str, ballots: Sequence[Ballot], before: Sequence[Ballot] = ()) -> VotesRevealed:
    """What is shown of these ballots, and of those of the round before, as the anonymity mode allows.

    In an anonymous workshop no vote has a department: one person of a small one among people who were made up, or
    three who agree, could be told from it. The suggested level needs one number of them, which comes with the votes.

    Raises:
        RuleBroken: no vote on this value code is under way.
    """
    topic = workshop.topics[code]
    if topic.running is None:
        raise RuleBroken("Voting on this topic is not open.")
    people = workshop.sessions[topic.session].participants
    departments = {who: person.department for who, person in people.items()}
    votes = [_vote(ballot, departments, workshop.anonymity != "anonymous") for ballot in ballots]
    weakest = None
    if workshop.anonymity == "anonymous":
        start = starting_level(votes)
        weakest = start.level if start.by_department else None
        votes = [Vote(vote.answer) for vote in votes]
    return VotesRevealed(
        session=topic.session,
        code=code,
        round=topic.running.number,
        votes=tuple(sorted(votes, key=lambda vote: (vote.department or "", str(vote.answer), vote.participant or ""))),
        absent=_absent(workshop.sessions[topic.session], ballots),
        moves=moves(before, ballots),
        voted_in_both=len(_pairs(before, ballots)) if topic.shown else None,
        weakest_department=weakest,
    )


def moves(before: Sequence[Ballot], now: Sequence[Ballot]) -> tuple[Move, ...]:
    """How many of those who voted twice went from which answer to which other one."""
    changed = Counter((old, new) for old, new in _pairs(before, now) if old != new)
    return tuple(Move(old, new, voters) for (old, new), voters in sorted(changed.items(), key=str))


def _pairs(before: Sequence[Ballot], now: Sequence[Ballot]) -> tuple[tuple[Answer, Answer], ...]:
    """Both answers of each person who voted twice, but for votes on paper: nobody knows which sheet is whose."""
    earlier = {ballot.participant: ballot.answer for ballot in before if not ballot.participant.startswith(PAPER)}
    return tuple((earlier[one.participant], one.answer) for one in now if one.participant in earlier)


def say_answer(answer: Answer) -> str:
    """The answer as a screen says it."""
    return {"dont_know": "I don't know", "not_my_role": "Not part of my role"}.get(str(answer), str(answer))


def _check_voter(ballot: Ballot, workshop: Workshop) -> None:
    session = workshop.sessions.get(ballot.session)
    voter = session.participants.get(ballot.participant) if session else None
    if session is None or voter is None or voter.erased or ballot.code not in session.codes:
        raise VoteRefused("This vote does not belong to this session.")
    if voter.taken_out:
        raise VoteRefused(VOTER_TAKEN_OUT)


def _check_content(ballot: Ballot, scale: Scale) -> None:
    if ballot.answer not in scale and ballot.answer not in ("dont_know", "not_my_role"):
        raise VoteRefused(f"Choose one of the levels {scale.ends}, or one of the two other answers.")
    if not _BALLOT_ID.fullmatch(ballot.id) or not _BALLOT_ID.fullmatch(ballot.replaces or ballot.id):
        raise VoteRefused("This vote has no proper number. Open the page again, then vote.")
    if len(ballot.reason) > LONGEST_REASON:
        raise VoteRefused(f"Shorten the reason to {LONGEST_REASON} characters. It has {len(ballot.reason)}.")


def _why_closed(ballot: Ballot, workshop: Workshop) -> str | None:
    if workshop.sessions[ballot.session].state == "closed":
        return ENDED
    topic = workshop.topics[ballot.code]
    if any(one.number == ballot.round for one in topic.shown):
        return TOO_LATE
    if topic.running and topic.running.state == "stopped":
        return "Voting has stopped for now, so this vote was not counted."
    return None


def _absent(session: Session, ballots: Sequence[Ballot]) -> int:
    """How many people in the room gave no answer.

    Who voted and then left counts as one of them, on purpose: else this number would tell, of somebody who is taken out
    of the count before the votes are shown, whether that person had voted.
    """
    on_paper = sum(ballot.participant.startswith(PAPER) for ballot in ballots)
    return max(0, session.on_phones - (len(ballots) - on_paper)) + max(0, session.on_paper - on_paper)


def _vote(ballot: Ballot, departments: Mapping[str, str | None], with_voter: bool) -> Vote:
    return Vote(ballot.answer, departments.get(ballot.participant), ballot.participant if with_voter else None)
