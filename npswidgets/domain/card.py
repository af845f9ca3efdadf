"""How a value shows itself in a notebook: in a line, and as a small card. Neither holds a whole workshop."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from html import escape

from npswidgets.domain.text import printable

MOST_ROWS = 12
"""Of the list on a card."""
LONGEST = 200
"""Characters of a text on a card."""
MOST_FACTS, MOST_IN_LINE = 6, 40
"""Of a part of a report in a line: fields, and characters of each."""


@dataclass(frozen=True)
class Card:
    """What a card says.

    Attributes:
        kind: of what it is, such as "Workshop".
        title: which one it is.
        facts: labels with their texts; those without a text are left out.
        parts: what it is made of, by id and name; the first few are listed.
        calls: what one can ask it for, such as "scores()".
    """

    kind: str
    title: str
    facts: Sequence[tuple[str, object]] = ()
    parts: Sequence[tuple[str, str]] = ()
    calls: Sequence[str] = ()

    @property
    def line(self) -> str:
        """All in a line: `<Rubric nps-2018: 59 value codes>`."""
        said = ", ".join(f"{label} {_short(text)}" for label, text in self.facts if str(text))
        return f"<{self.kind} {_short(self.title)}{': ' if said else ''}{said}>"

    @property
    def html(self) -> str:
        """A table with the facts, the first parts, and what one can ask for."""
        facts = [(label, _short(text)) for label, text in self.facts if str(text)]
        rows = [*facts, *((_short(one), _short(name)) for one, name in self.parts[:MOST_ROWS])]
        more = len(self.parts) - MOST_ROWS
        rows += [("", f"and {more} more")] if more > 0 else []
        rows += [("Ask for", ", ".join(self.calls))] if self.calls else []
        lines = "".join(
            f'<tr><th scope="row" {_LEFT}>{escape(one)}</th><td {_LEFT}>{escape(two)}</td></tr>' for one, two in rows
        )
        caption = f"<caption {_LEFT}>{escape(self.kind)} <strong>{escape(_short(self.title))}</strong></caption>"
        return f"<table>{caption}<tbody>{lines}</tbody></table>"


class Carded:
    """What shows itself as a card: a subclass says which."""

    def card(self) -> Card:
        """What it says of itself."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return self.card().line

    def _repr_html_(self) -> str:
        return self.card().html


class Brief(Carded):
    """A dataclass that shows what it holds, beginning with its first field; of what has parts the number of them."""

    def card(self) -> Card:
        """The fields that hold something."""
        held = [(one.name, getattr(self, one.name)) for one in fields(self)]  # type: ignore[arg-type]  # a dataclass is
        (_, title), *told = [(name, len(value) if isinstance(value, tuple) else value) for name, value in held]
        return Card(type(self).__name__, str(title), [(name, said) for name, said in told if said or said == 0])

    def __repr__(self) -> str:
        card = self.card()
        return replace(card, facts=[(name, _short(said, MOST_IN_LINE)) for name, said in card.facts[:MOST_FACTS]]).line


_LEFT = 'style="text-align: left"'


def _short(text: object, longest: int = LONGEST) -> str:
    said = printable(" ".join(str(text).split()))
    return said if len(said) <= longest else f"{said[: longest - 1]}…"
