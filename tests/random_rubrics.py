"""Rubrics that nobody would write, on any scale: what a rubric can be, the toolkit takes.

`RANDOM_RUBRICS=1000` before the command tries so many, in place of a few.
"""

import os
from itertools import count

from hypothesis import strategies as st

from npswidgets.domain.rubric import KeyArea, Rubric, Theme, ValueCode
from npswidgets.domain.rubric_words import LEVEL, TOPIC, Noun, RubricWords, is_noun
from npswidgets.domain.scale import RATINGS, Level
from npswidgets.domain.text import cleaned, cleaned_line

EXAMPLES = int(os.environ.get("RANDOM_RUBRICS", 20))

odd = st.sampled_from("=+-@•*–'\"“”’ \n\t\u00a0\u200b#:[]/?1x0ABçß")
texts = st.text(st.one_of(st.characters(codec="utf-8"), odd), min_size=1, max_size=40).map(cleaned)
words = texts.filter(lambda text: any(one.isalnum() for one in text))
start = st.sampled_from(["a", "0", "topic", "workshop"])
said = words.map(cleaned_line).filter(is_noun)
nouns = st.sampled_from([TOPIC, LEVEL, Noun("question", "questions")]) | st.builds(Noun, said, said)


@st.composite
def rubrics(draw: st.DrawFn) -> Rubric:
    """Rubrics on any scale, with texts that would trip over themselves in a spreadsheet."""
    lowest, length = draw(st.integers(0, 1)), draw(st.integers(3, 10))
    seen = st.sampled_from(draw(st.lists(words, min_size=5, max_size=15)))
    values = tuple(range(lowest, lowest + length))
    anchors = draw(st.sampled_from([(), (values[0], values[-1]), (values[0], values[2], values[-1]), values]))
    anchors = tuple(dict.fromkeys(anchors))
    unique = (f"{draw(start)}-{n}" for n in count(1))
    said = st.lists(seen, min_size=1, max_size=3).map(tuple)

    def code() -> ValueCode:
        name = draw(seen)
        levels = {value: draw(said) if value in (anchors or values) else draw(st.just(()) | said) for value in values}
        shown = draw(st.just(name) | seen)
        return ValueCode(next(unique), name, shown, draw(seen), levels, draw(st.just(()) | said))

    def area() -> KeyArea:
        codes = tuple(code() for _ in range(draw(st.integers(1, 2))))
        return KeyArea(next(unique), draw(seen), draw(seen), draw(seen), draw(seen), codes)

    def theme() -> Theme:
        return Theme(next(unique), draw(seen), tuple(area() for _ in range(draw(st.integers(1, 2)))))

    ends = (values[0], values[-1])
    levels = tuple(Level(value, draw(seen if value in ends else st.just("") | seen)) for value in values)
    level, maybe = st.none() | st.sampled_from(values), st.just("") | seen
    return Rubric(
        next(unique),
        draw(seen),
        draw(seen),
        draw(seen),
        levels,
        tuple(theme() for _ in range(draw(st.integers(1, 2)))),
        draw(maybe),
        draw(st.sampled_from(["weakest part", "median", "nothing"])),
        draw(level),
        draw(level),
        anchors,
        *(draw(maybe) for _ in range(6)),
        words=RubricWords(*(draw(nouns) for _ in range(4))),
        agreement_by=draw(st.sampled_from([None, "counting", "IPRAS"])) if values == RATINGS else None,
    )
