"""What a rubric calls a topic, a level and a key area: its nouns, and the one place that makes words of a number.

Whoever says how many there are asks here, so that a sentence reads well for none, one, two and all.
"""

import re
from dataclasses import dataclass, replace

LONGEST_NOUN = 30
"""Characters of a noun: more would not fit a button on a phone."""
_NOUN = re.compile(r"[^\s/\x00-\x1f\x7f-\x9f]+( [^\s/\x00-\x1f\x7f-\x9f]+)*")
_AN = re.compile(r"(?!one\b|once\b|u[bcnrst]i|us[aeu]|eu)[aeiou]", re.IGNORECASE)
"""Before such a beginning stands "an"; "one-off", "unit", "user" and "European" begin with another sound."""


@dataclass(frozen=True)
class Noun:
    """A word for one and for many, in lower case unless it is a name: "topic" and "topics"."""

    one: str
    many: str

    def __str__(self) -> str:
        return f"{self.one} / {self.many}"

    @property
    def a(self) -> str:
        """One of them, with its article.

        >>> Noun("level", "levels").a, Noun("item", "items").a, Noun("unit", "units").a
        ('a level', 'an item', 'a unit')
        """
        return f"{'an' if _AN.match(self.one) else 'a'} {self.one}"

    @property
    def head(self) -> str:
        """One of them at the head of a column, or where a sentence begins: "Key area"."""
        return capital(self.one)

    @property
    def heads(self) -> str:
        """The same for many."""
        return capital(self.many)

    def of(self, number: int) -> str:
        """The word that fits a number: "topic" for 1, "topics" for 0 and 13."""
        return self.one if number == 1 else self.many

    def counted(self, number: int) -> str:
        """So many: "1 topic", "13 topics"."""
        return f"{number} {self.of(number)}"

    def all_of(self, number: int) -> str:
        """All of so many: "the topic", "both topics", "all 13 topics"."""
        return f"the {self.one}" if number == 1 else f"both {self.many}" if number == 2 else f"all {number} {self.many}"


def capital(text: str) -> str:
    """A text as a sentence begins; names in it stay as they are."""
    return text[:1].upper() + text[1:]


TOPIC = Noun("topic", "topics")
VALUE_CODE = Noun("value code", "value codes")
LEVEL = Noun("level", "levels")
KEY_AREA = Noun("key area", "key areas")


@dataclass(frozen=True)
class RubricWords:
    """What people that use a rubric say.

    Attributes:
        topic_in_reports: what reports and charts call a topic; the same, unless the rubric says another word for them.
    """

    topic: Noun = TOPIC
    level: Noun = LEVEL
    key_area: Noun = KEY_AREA
    topic_in_reports: Noun = TOPIC

    def __str__(self) -> str:
        return "; ".join(f"{name.replace('_', ' ')}: {getattr(self, name)}" for name in NOUNS)

    @property
    def in_reports(self) -> "RubricWords":
        """The same words as reports and charts use them."""
        return replace(self, topic=self.topic_in_reports)


NOUNS = ("topic", "level", "key_area", "topic_in_reports")
"""The fields of `RubricWords`, and the keys of a rubric's `words`."""
PLAIN_WORDS = RubricWords()
"""Those of a rubric that has none of its own."""
OF_2018 = RubricWords(topic_in_reports=VALUE_CODE)
"""The words of the diagnostic of 2018: its reports say "value code"."""


def is_noun(text: object) -> bool:
    """Whether a rubric can have this as a word: one line without a slash, of up to `LONGEST_NOUN` characters."""
    return isinstance(text, str) and len(text) <= LONGEST_NOUN and bool(_NOUN.fullmatch(text))


def noun_of(text: str) -> Noun | None:
    """The noun that somebody typed as "question / questions"; None where it is none.

    >>> noun_of("question / questions"), noun_of("question")
    (Noun(one='question', many='questions'), None)
    """
    parts = [" ".join(part.split()) for part in text.split("/")]
    return Noun(*parts) if len(parts) == 2 and all(map(is_noun, parts)) else None
