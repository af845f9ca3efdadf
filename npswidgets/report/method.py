"""The method statement, which writes itself from the record.

Its headings are those of ACCORD, the reporting guideline for consensus methods: introduction, methods, results,
discussion, other information (Gattrell and others, 2024, PLOS Medicine 21(1)).
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from npswidgets.domain.question import between_counts_the_lower, question
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.rubric_words import RubricWords
from npswidgets.domain.scale import Scale, in_words
from npswidgets.domain.sign_off import above_starting_level
from npswidgets.domain.stability import stability
from npswidgets.domain.starting_level import ENOUGH_VOTES, called
from npswidgets.domain.statistics import STABLE_BELOW, percentage
from npswidgets.domain.verdict import Kind, levels_at_one_place, verdict_on
from npswidgets.domain.workshop import ROUND_NAMES, Topic, Workshop
from npswidgets.report.contents import Section
from npswidgets.report.departments import department_sentence, panel_sentence
from npswidgets.report.phrases import counted, listed, one_line
from npswidgets.report.ratings import criterion_sentences, feedback_sentence, ratings_sentence, sizes_sentence

KIND_NAMES: dict[Kind, str] = {
    "close": "close together",
    "a_few": "where a few see it differently",
    "wide": "widely spread",
    "too_few": "too few to compare",
}
_SECRECY = {
    "anonymous": "The workshop was held without names: the record keeps no voter with a vote.",
    "alias": "The workshop was held with aliases: the record keeps a number for the voter of each vote, and no alias.",
    "named": "The workshop was held with names: the record keeps a number for the voter of each vote, and no name.",
}


def method_statement(workshop: Workshop) -> tuple[Section, ...]:
    """How the scores of this workshop came about."""
    topics, scale, words = tuple(workshop.topics.values()), workshop.rubric.scale, workshop.rubric.words.in_reports
    return (
        Section("Introduction: what was asked", _asked(workshop)),
        Section("Methods: who took part", _panel(workshop, topics)),
        Section("Methods: how the votes were taken", _votes(words, topics, scale)),
        Section("Methods: how consensus was judged", _consensus(words, scale)),
        Section("Methods: how scores were agreed", _scores(workshop.rubric)),
        Section("Methods: what stays secret", _secrecy(workshop)),
        Section("Results: rounds, consensus and scores", _results(words, topics, suggested=bool(called(scale)))),
        Section("Results: changes on the way", _changes(workshop, topics)),
        Section("Discussion: what this report cannot say", _limits()),
        Section("Other information", _other()),
    )


def last_verdicts(topics: Sequence[Topic]) -> Counter[Kind]:
    """How many value codes have each kind of verdict in the last vote shown."""
    return Counter(verdict_on(topic.shown[-1]).kind for topic in topics if topic.shown)


def say_kinds(kinds: Counter[Kind]) -> str:
    """How many of each: "8 close together; 3 widely spread"."""
    return "; ".join(f"{kinds[kind]} {name}" for kind, name in KIND_NAMES.items() if kinds[kind])


def _asked(workshop: Workshop) -> tuple[str, ...]:
    rubric, words = workshop.rubric, workshop.rubric.words.in_reports
    return (
        f"{one_line(workshop.council)} assessed itself with “{one_line(rubric.title)}” (version {rubric.version}). "
        f"The workshop is about {len(workshop.topics)} of its {words.topic.counted(len(rubric.value_codes))}; "
        f"{_statements(rubric)}.",
        f"Everybody answered for each {words.topic.one}: “{question(workshop)}” {_how(rubric)}Who could not judge "
        "chose "
        "“I don't know” or “Not part of my role”.",
    )


def _statements(rubric: Rubric) -> str:
    levels = rubric.words.level.many
    if rubric.anchored_at:
        return f"each is scored at the {levels} {rubric.scale.ends}, with statements for {listed(rubric.anchored_at)}"
    return f"each has statements for the {levels} {listed(rubric.levels)}"


def _how(rubric: Rubric) -> str:
    level = rubric.words.level
    said = [] if rubric.anchored_at else [f"all the statements of {level.a} should be true"]
    said += [f"between two {level.many}, the lower one counts"] if between_counts_the_lower(rubric) else []
    return f"{'; '.join(said)}. ".capitalize() if said else ""


def _panel(workshop: Workshop, topics: Sequence[Topic]) -> tuple[str, ...]:
    people, words = workshop.took_part, workshop.rubric.words.in_reports
    sizes = [topic.shown[-1].n for topic in topics if topic.shown]
    said = f"{counted(people, 'person', 'people')} joined, in {counted(len(workshop.sessions), 'session')}."
    if workshop.counted:
        said += " Who came to several sessions with one phone or computer is counted once"
        said += "; votes on paper are counted in each session." if any(on_paper(workshop)) else "."
    if sizes:
        span = f"{min(sizes)} to {max(sizes)}" if min(sizes) < max(sizes) else f"{max(sizes)}"
        said += f" In the last vote on {words.topic.a}, {span} of them chose {words.level.a}."
    if workshop.departments:
        asked = counted(len(workshop.departments), "department or role", "departments or roles")
        said += f" They were asked to which of {asked} they belong."
    whom = "Whom the council invited, and why, is not part of the record."
    return tuple(filter(None, (said, panel_sentence(workshop), whom)))


def on_paper(workshop: Workshop) -> list[int]:
    """How many were on paper in each session."""
    return [session.on_paper for session in workshop.sessions.values()]


def _votes(words: RubricWords, topics: Sequence[Topic], scale: Scale) -> tuple[str, ...]:
    alone = sum(any(one.number == 0 for one in topic.shown) for topic in topics)
    first = (
        f"First each person scored {words.topic.counted(alone)} alone, at their own pace (first scores). Nobody saw "
        "a score of another person before all were shown. Where they stood close together, the room could take the "
        "score without talk; anybody could ask, without being seen, to talk about it."
    )
    in_room = (
        f"Everybody voted in private. The votes of all were shown at once, as a count for each {words.level.one}; "
        "after that they "
        "could not be changed. Then the room talked. Where it wished, it voted again, in private, with a new ballot."
    )
    feedback = (feedback_sentence(words),) if scale.agreement_by else ()
    return (first, in_room, *feedback) if alone else (in_room, *feedback)


def _consensus(words: RubricWords, scale: Scale) -> tuple[str, ...]:
    width = levels_at_one_place(len(scale.levels))
    place, half = in_words(width), len(scale.levels) // 2
    spans = f", and the votes span no more than {half + 1} {words.level.many}" if 2 * (width - 1) > half else ""
    return (
        *(criterion_sentences(words, scale.agreement_by) if scale.agreement_by else ()),
        f"A vote is close together if at least three quarters of it stand on {place} neighbouring {words.level.many}, "
        f"and nobody stands {place} or more {words.level.many} from the middle vote (the lower one of two){spans}. If "
        "somebody does, a few "
        f"see it differently. Everything else is a wide spread. Below {ENOUGH_VOTES} votes there is too little to say. "
        "This rule is the toolkit's own, and was fixed before the workshop.",
        "Consensus decided nothing and stopped no talk (von der Gracht 2012): a different view is recorded beside the "
        "score. Median and quartiles are interpolated linearly (Hyndman and Fan 1996, definition 7). Consensus is that "
        "of Tastle and Wierman (2007), from 0 for half the votes at each end to 1; agreement is that of van der Eijk "
        "(2001), from -1 for half the votes at each end over 0 to 1. They are aids for the reader.",
        f"Stability is another thing: of those who voted twice running on {words.topic.a}, the share that kept its "
        "answer "
        f"(Chaffin and Talley 1980). Above {percentage(1 - STABLE_BELOW)} counts as stable (Scheibe, Skutsch and "
        "Schofer 1975). Votes on paper cannot be followed from one vote to the next.",
    )


def _scores(rubric: Rubric) -> tuple[str, ...]:
    kind = "diagnostic" if "diagnostic" in rubric.title.casefold() else "rubric"
    level = rubric.words.level.one
    if rubric.score_follows == "nothing":
        return (
            f"The room agreed on each score after the votes. No {level} was suggested, and no average is in this "
            "report.",
        )
    if rubric.score_follows == "median":
        return (
            "The room agreed on each score after the votes. No average is in this report.",
            f"The suggested {level} is the vote in the middle, the lower one of two. It is shown, and the room "
            "decides.",
        )
    return (
        f"The room agreed on each score after the votes. The {kind} scores by the weakest {level} of attainment in the "
        "council, not by an average; so no average is in this report.",
        f"The suggested {level} says where the weakest part seems to stand: the lowest middle vote of a department "
        "with "
        f"at least three votes, smaller ones taken together; without departments, the lowest {level} that at least a "
        "quarter of the votes, and at least two, stand at or below. It is shown, and the room decides.",
    )


def _results(words: RubricWords, topics: Sequence[Topic], suggested: bool) -> tuple[str, ...]:
    kinds = last_verdicts(topics)
    if not kinds:
        return ("No votes are shown yet.",)
    moved = sum(one.moved for topic in topics for one in topic.shown[1:])
    said = [_round_sentence(words, number, topics) for number in range(len(ROUND_NAMES))]
    between = f"Between two rounds on the same {words.topic.one}, answers were changed {counted(moved, 'time')}."
    again = [stability(*two) for topic in topics for two in pairwise(topic.shown)]
    judged = [one for one in again if one and one.share is not None]
    if judged:
        stable = sum(one.is_stable for one in judged)
        between += f" Of {counted(len(judged), 'repeated vote')}, {stable} {'was' if stable == 1 else 'were'} stable."
    above = sum(above_starting_level(topic) is not None for topic in topics)
    reason = f"No agreed score stands above the suggested {words.level.one}." if suggested else ""
    if above:
        stand = counted(above, "agreed score stands", "agreed scores stand")
        reason = f"{stand} above the suggested {words.level.one}, with the reason given there."
    rated = ratings_sentence(words, topics)
    told = [
        " ".join([*filter(None, said), between]),
        f"{sizes_sentence(words, topics)} {rated}" if rated else "",
        f"The last votes on {words.topic.counted(kinds.total())}: {say_kinds(kinds)}.",
        reason,
    ]
    return tuple(filter(None, told))


def _round_sentence(words: RubricWords, number: int, topics: Sequence[Topic]) -> str:
    """On how many value codes there was this round, and how many answered: the fewest and the most."""
    found = [one for topic in topics for one in topic.shown if one.number == number]
    if not found:
        return ""
    answered = [len(one.votes) for one in found]
    span = f"{min(answered)} to {max(answered)}" if min(answered) < max(answered) else str(max(answered))
    people = "person" if max(answered) == 1 else "people"
    return f"{ROUND_NAMES[number]}: {words.topic.counted(len(found))}, answered by {span} {people}."


def _secrecy(workshop: Workshop) -> tuple[str, ...]:
    names = "no person" if workshop.departments_in_reports else "no person and no department"
    said = (
        f"{_SECRECY[workshop.anonymity]} No screen and no report shows who voted for what.",
        department_sentence(workshop),
        f"The report by itself names {names}. What people wrote stands in it as they wrote it.",
    )
    return tuple(filter(None, said))


def _changes(workshop: Workshop, topics: Sequence[Topic]) -> tuple[str, ...]:
    unvoted = sum(topic.agreed_level is not None and not topic.shown for topic in topics)
    not_applicable = sum(topic.score is not None and topic.score.value is None for topic in topics)
    missing = sum(topic.score is None for topic in topics)
    moved = sum(bool(topic.elsewhere) for topic in topics)
    alone = sum(topic.agreed_level is not None and bool(topic.shown) and _alone(topic) for topic in topics)
    changes = [
        (alone, "scored on first scores, without a vote in the room"),
        (unvoted, "scored without a vote"),
        (not_applicable, "found not to apply"),
        (missing, "not scored yet"),
        (moved, "moved to another session, with first scores shown as those of the session that gave them"),
        (len(workshop.left_out), "on an agenda and left out"),
    ]
    topic = workshop.rubric.words.in_reports.topic
    said = [f"{topic.counted(codes)} {what}." for codes, what in changes if codes]
    if workshop.version:
        said.append(f"The workshop was signed off {'once' if workshop.version == 1 else f'{workshop.version} times'}.")
    return (" ".join(said) or f"Every {topic.one} was voted on and scored.",)


def _alone(topic: Topic) -> bool:
    return all(one.number == 0 for one in topic.shown)


def _limits() -> tuple[str, ...]:
    return (
        "This is what the people in the room see of their council. Nobody from outside has checked it.",
        "To see how others voted presses people to conform (Woudenberg 1991): a second vote that is closer than the "
        "first does not by itself know more. Figures of few votes say little.",
    )


def _other() -> tuple[str, ...]:
    return (
        "Who paid for the workshop, who led it, and interests that people declared are not part of the record. The "
        "toolkit works out the figures and these sentences from the record; no score in this report was made by it.",
    )
