"""Sentences that more than one screen says."""

from datetime import date

from npswidgets.domain.ballots import say_answer
from npswidgets.domain.days import say_day
from npswidgets.domain.events import Answer
from npswidgets.domain.first_scores import Outcome
from npswidgets.domain.practice import is_practice
from npswidgets.domain.question import rules
from npswidgets.domain.retention import DAYS_AFTER_SIGN_OFF, last_deleted_on
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.rubric_words import capital
from npswidgets.domain.starting_level import ENOUGH_VOTES
from npswidgets.domain.workshop import ROUND_NAMES, Round, Workshop

VOTES = tuple(name[0].lower() + name[1:] for name in ROUND_NAMES)
"""What a round is called, by its number."""
OWN = ("first score", *VOTES[1:])
"""What one person's answer in it is called."""

DID_NOT_VOTE = "did not vote"


def not_known(rubric: Rubric) -> str:
    """That the record of an anonymous workshop holds nobody's vote any more."""
    return f"If you voted on this {rubric.words.topic.one}, nobody knows any more which vote was yours."


def parked(rubric: Rubric) -> str:
    """That the room goes on without a score."""
    return f"We leave this {rubric.words.topic.one} for later."


def not_applicable(rubric: Rubric) -> str:
    """That there is nothing to score."""
    return f"This {rubric.words.topic.one} does not apply to our council."


def how_to_score(rubric: Rubric) -> tuple[str, ...]:
    """What stands behind "How we score"."""
    lowest = rubric.scale.lowest
    not_even = (
        () if rubric.anchored_at else (f"If not even {rubric.words.level.one} {lowest} is true, choose {lowest}.",)
    )
    return (*rules(rubric), *not_even, 'If you cannot judge, choose "I don\'t know".')


def source(rubric: Rubric) -> str:
    """Whose words the statements are; empty for our own, of the practice."""
    return f"Statements: {rubric.credit or rubric.title}" if rubric.source else ""


def full_source(rubric: Rubric) -> str:
    """The same in full, in one line, for the big screen."""
    return f"Statements: {rubric.credit_in_full}" if rubric.credit_in_full else " ".join(rubric.source.split())


def nothing_sent(rubric: Rubric) -> str:
    """That what is signed off stays here; to whom it is not sent, either, where a rubric's answers go into a form."""
    return f"Nothing is sent to {f'the {rubric.form}' if rubric.form else 'anybody'}."


def break_words(until: str) -> str:
    """Such as "Break. Back at 11:15."."""
    return f"Break. Back at {until}."


def tab_title(*parts: str) -> str:
    """What a page is called, by its parts.

    >>> tab_title("Is this what we agreed?", "big screen", "Example County Council")
    'Is this what we agreed? Big screen, Example County Council'
    >>> tab_title("Break. Back at 11:15.", "Example County Council")
    'Break. Back at 11:15, Example County Council'
    """
    title = ""
    for part in filter(None, parts):
        asked = title.endswith(("?", "!"))
        title = f"{title}{' ' if asked else ', '}{part[:1].upper() + part[1:] if asked else part}" if title else part
        title = title.rstrip(".")
    return title


def topic_name(workshop: Workshop, code: str) -> str:
    """The name of a value code on screens."""
    return workshop.rubric.value_codes[code].display_name


def topic_number(workshop: Workshop, code: str) -> str:
    """Its place on the agenda: "Topic 2"; the practice has none."""
    if is_practice(code):
        return "The practice"
    return f"{workshop.rubric.words.topic.head} {topic_place(workshop, code)}"


def topic_place(workshop: Workshop, code: str) -> int:
    """The same as a number, from 1."""
    return _codes(workshop, code).index(code) + 1


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
    """Where the room is: "Topic 2 · Engaging Councillors", or that this is the practice.

    A topic keeps its number, which stands on the paper sheets, too; how far the room is says `done` alone, since topics
    are taken in another order, left for later, or agreed together.
    """
    if is_practice(code):
        return "Practice · nothing is kept"
    area = workshop.rubric.key_area_of(code).name
    return f"{topic_number(workshop, code)} · {area}"


def done(workshop: Workshop, session: str) -> str:
    """How far a session is: "2 of 13 done"."""
    return f"{workshop.scored(session)} of {len(workshop.sessions[session].codes)} done"


def take_together(number: int) -> str:
    """What the room is asked of so many scores."""
    return f"Agree {'this' if number == 1 else 'these'} without talking?"


def together(number: int) -> str:
    """What becomes of so many scores."""
    agreed = "this score is" if number == 1 else "these scores are"
    return f"The votes are close together. If nobody wants to talk, {agreed} agreed."


FIRST_SCORES_IN = "The first scores are in"


def somebody(rubric: Rubric) -> str:
    """Of a topic that was pulled out of those that are agreed without talking."""
    return f"Somebody wants to talk about this {rubric.words.topic.one}."


def first_scores_say(rubric: Rubric, found: Outcome) -> str:
    """What comes after the first scores: "We talk about 6 topics; 7 are close together"."""
    topic = rubric.words.topic
    if not found.close:
        return f"We talk about {topic.counted(found.to_talk)}"
    close = f"{'is' if found.close == 1 else 'are'} close together"
    if not found.to_talk:
        return f"{capital(topic.all_of(found.close))} {close}"
    return f"We talk about {topic.counted(found.to_talk)}; {found.close} {close}"


def finished(people: int, of: int) -> str:
    """How many have scored all topics on their own: "9 of 18 have finished"."""
    if people >= of > 1:
        return "Both have finished" if of == 2 else f"All {of} have finished"
    return f"{people} of {of} {'has' if people == 1 else 'have'} finished"


def answer_name(rubric: Rubric, answer: Answer) -> str:
    """The answer in full: "3 Mature", "I don't know"."""
    return str(rubric.level(answer)) if isinstance(answer, int) else say_answer(answer)


def read_levels(rubric: Rubric) -> str:
    """What opens the statements of all levels in place."""
    return f"Read the {rubric.scale.number} {rubric.words.level.many}"


def level_counts(shown: Round) -> str:
    """How many chose each level, to be read out: "Level 1: 3. Level 2: 0."."""
    counted = zip(shown.scale.values, shown.counts, strict=True)
    return " ".join(f"{shown.scale.word.head} {level}: {count}." for level, count in counted)


def vote_sentences(shown: Round) -> list[str]:
    """What came out, without full stops: "15 votes, from 1 to 4", "2 don't know", "1 not part of their role"."""
    return [_spread(shown), *other_answers(shown)]


def other_answers(shown: Round) -> list[str]:
    """Who chose no level: "2 don't know", "1 not part of their role"; what nobody chose is left out."""
    unsure = shown.count_of("dont_know")
    others = {"doesn't know" if unsure == 1 else "don't know": unsure}
    others["not part of their role"] = shown.count_of("not_my_role")
    return [f"{count} {said}" for said, count in others.items() if count]


def votes(number: int) -> str:
    """So many people chose a level: "no votes", "1 vote", "15 votes"."""
    return f"{number or 'no'} vote{'' if number == 1 else 's'}"


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
        return votes(shown.n).capitalize()
    if len(chosen) == 1:
        return f"All {shown.n} votes are at {shown.scale.word.one} {chosen[0]}"
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
    return f"First scores in {session}: " + ", ".join(
        f"{shown.scale.word.one} {level}: {number}" for level, number in levels if number
    )
