"""Sentences that more than one screen says."""

from datetime import date

from npswidgets.domain.ballots import say_answer
from npswidgets.domain.days import say_day
from npswidgets.domain.events import Answer
from npswidgets.domain.first_scores import Outcome
from npswidgets.domain.practice import is_practice
from npswidgets.domain.retention import DAYS_AFTER_SIGN_OFF, last_deleted_on
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.starting_level import ENOUGH_VOTES, weakest_part
from npswidgets.domain.workshop import ROUND_NAMES, Round, Workshop

VOTES = tuple(name[0].lower() + name[1:] for name in ROUND_NAMES)
"""What a round is called, by its number."""
OWN = ("first score", *VOTES[1:])
"""What one person's answer in it is called."""

DID_NOT_VOTE = "did not vote"
NOT_KNOWN = "If you voted on this topic, nobody knows any more which vote was yours."
PARKED = "We leave this topic for later."
TAKE_TOGETHER = "Agree these without talking?"
TOGETHER = "The votes are close together. If nobody wants to talk, these scores are agreed."
NOT_APPLICABLE = "This topic does not apply to our council."
SOURCE = "Statements: LGA diagnostic 2018"
FULL_SOURCE = "Statements: Local Government Association, National Procurement Strategy 2018 diagnostic"


def how_to_score(rubric: Rubric) -> tuple[str, ...]:
    """What stands behind "How we score"."""
    lowest = rubric.scale.lowest
    return (
        "All the statements of a level should be true.",
        "Between two levels, choose the lower one.",
        f"If not even level {lowest} is true, choose {lowest}.",
        'If you cannot judge, choose "I don\'t know".',
    )


def steps(rubric: Rubric) -> tuple[str, ...]:
    """What the room is told before its first vote."""
    return (
        "Choose the level that is true for the part of the council you know. All its statements should be true.",
        "Between two levels? Choose the lower one.",
        weakest_part(rubric.scale),
    )


def source(rubric: Rubric) -> str:
    """Whose words the statements are; empty for our own, of the practice."""
    return SOURCE if rubric.source else ""


def break_words(until: str) -> str:
    """Such as "Break. Back at 11:15."."""
    return f"Break. Back at {until}."


def topic_name(workshop: Workshop, code: str) -> str:
    """The name of a value code on screens."""
    return workshop.rubric.value_codes[code].display_name


def topic_number(workshop: Workshop, code: str) -> str:
    """Its place on the agenda: "Topic 2"; the practice has none."""
    return "The practice" if is_practice(code) else f"Topic {_codes(workshop, code).index(code) + 1}"


def names_kept(workshop: Workshop, today: date) -> str:
    """Until when names are kept, for the facilitator; empty where nobody was asked for one."""
    last = last_deleted_on(workshop)
    if workshop.anonymity == "anonymous" or last is None:
        return ""
    if last <= today:
        return f"Names were deleted on {say_day(last)}."
    if workshop.sealed:
        return f"Names are deleted on {say_day(last)}."
    return f"Names are deleted {DAYS_AFTER_SIGN_OFF} days after sign-off, at the latest on {say_day(last)}."


def place(workshop: Workshop, code: str) -> str:
    """Where the room is: "Topic 2 of 13 · Engaging Councillors", or that this is the practice."""
    if is_practice(code):
        return "Practice · nothing is kept"
    area = workshop.rubric.key_area_of(code).name
    return f"{topic_number(workshop, code)} of {len(_codes(workshop, code))} · {area}"


def done(workshop: Workshop, session: str) -> str:
    """How far a session is: "2 of 13 done"."""
    return f"{workshop.scored(session)} of {len(workshop.sessions[session].codes)} done"


def topics(number: int) -> str:
    """So many: "1 topic", "13 topics"."""
    return "1 topic" if number == 1 else f"{number} topics"


FIRST_SCORES_IN = "The first scores are in"
SOMEBODY = "Somebody wants to talk about this topic."
"""Of a topic that was pulled out of those that are agreed without talking."""


def first_scores_say(found: Outcome) -> str:
    """What comes after the first scores: "We talk about 6 topics; 7 are close together"."""
    if not found.close:
        return f"We talk about {topics(found.to_talk)}"
    if not found.to_talk:
        return f"All {found.close} topics are close together" if found.close > 1 else "The topic is close together"
    return f"We talk about {topics(found.to_talk)}; {found.close} {'is' if found.close == 1 else 'are'} close together"


def finished(people: int, of: int) -> str:
    """How many have scored all topics on their own: "9 of 18 have finished"."""
    return f"All {of} have finished" if people >= of > 1 else f"{people} of {of} have finished"


def answer_name(rubric: Rubric, answer: Answer) -> str:
    """The answer in full: "3 Mature", "I don't know"."""
    return str(rubric.level(answer)) if isinstance(answer, int) else say_answer(answer)


def read_levels(rubric: Rubric) -> str:
    """What opens the statements of all levels in place."""
    return f"Read the {rubric.scale.number} levels"


def level_counts(shown: Round) -> str:
    """How many chose each level, to be read out: "Level 1: 3. Level 2: 0."."""
    counted = zip(shown.scale.values, shown.counts, strict=True)
    return " ".join(f"Level {level}: {count}." for level, count in counted)


def vote_sentences(shown: Round) -> list[str]:
    """What came out, without full stops: "15 votes, from 1 to 4", "2 don't know", "1 not part of their role"."""
    return [_spread(shown), *other_answers(shown)]


def other_answers(shown: Round) -> list[str]:
    """Who chose no level: "2 don't know", "1 not part of their role"; what nobody chose is left out."""
    others = {"don't know": shown.count_of("dont_know"), "not part of their role": shown.count_of("not_my_role")}
    return [f"{count} {said}" for said, count in others.items() if count]


def did_not_vote(shown: Round) -> list[str]:
    """Such as "8 did not vote", of those who counted as in the room; nothing for nobody."""
    return [f"{shown.absent} {DID_NOT_VOTE}"] if shown.absent else []


def what_is_seen(shown: Round) -> str:
    """The sentence below the votes on the big screen: "15 votes, from 1 to 4, 2 don't know, 8 did not vote"."""
    return ", ".join([*vote_sentences(shown), *did_not_vote(shown)])


def not_voted_yet(people: int) -> str:
    """Such as "8 have not voted yet"; empty for nobody."""
    return f"{people} {'has' if people == 1 else 'have'} not voted yet" if people > 0 else ""


def _spread(shown: Round) -> str:
    chosen = [level for level, count in zip(shown.scale.values, shown.counts, strict=True) if count]
    if shown.n < ENOUGH_VOTES:
        return f"{shown.n} vote{'' if shown.n == 1 else 's'}"
    if len(chosen) == 1:
        return f"All {shown.n} votes are at level {chosen[0]}"
    return f"{shown.n} votes, from {chosen[0]} to {chosen[-1]}"


def _codes(workshop: Workshop, code: str) -> tuple[str, ...]:
    return workshop.sessions[workshop.topics[code].session].codes


def has_ended(workshop: Workshop, session: str) -> str:
    """What has ended with a session: the workshop, once no other one goes on."""
    return f"{'This session' if workshop.to_come(session) else 'The workshop'} has ended."


def thanks(workshop: Workshop, session: str) -> str:
    """The same to the people who were there."""
    return f"Thank you. {has_ended(workshop, session)}"


def end_words(workshop: Workshop, session: str) -> str:
    """The button that ends a session."""
    return f"End the {'session' if workshop.to_come(session) else 'workshop'}"


def given_in(session: str, shown: Round) -> str:
    """First scores of another session: "First scores in Leadership: level 2: 3, level 4: 1"."""
    levels = zip(shown.scale.values, shown.counts, strict=True)
    return f"First scores in {session}: " + ", ".join(f"level {level}: {number}" for level, number in levels if number)
