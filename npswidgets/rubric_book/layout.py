"""What stands where in a rubric's workbook: its sheets, tables and heads, each known to whoever writes and reads it."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from npswidgets.store.rubric_json import CRITERIA, FEWEST, FOLLOWS, LOWEST, MOST

OVERVIEW, NOTES = "Overview", "How to fill this in"
"""The sheets that each workbook has; the others are key areas."""
YOUR_TEXT, BELONGS = "Your text", "What belongs here"
YES, NO = "yes", "no"

Kind: TypeAlias = Literal["line", "text", "id", "follows", "level", "criterion", "noun"]
"""What a field holds: a line, lines, an id, what a score follows, a level, how a panel is judged, a noun."""


@dataclass(frozen=True)
class Field:
    """A row of a table of fields.

    Attributes:
        key: as in the rubric's JSON.
        belongs: what belongs there, as the workbook says it.
        needed: without it there is no rubric.
    """

    label: str
    key: str
    belongs: str
    kind: Kind = "line"
    needed: bool = False


@dataclass(frozen=True)
class Table:
    """A table of a sheet: found by its heads, wherever they stand.

    Attributes:
        key: the head by which the table is known.
        heads: all heads by which something is found, with `key`; others are taken, too, where levels stand.
        beside: heads of columns that are for people alone.
    """

    key: str
    heads: tuple[str, ...]
    beside: tuple[str, ...] = ()


ABOUT_RUBRIC = Table("About the rubric", ("About the rubric", YOUR_TEXT), (BELONGS,))
LEVELS = Table("Level", ("Level", "Name", "Statements only here"))
THEMES = Table("Theme", ("Theme", "Sheet of the key area", "Theme ID"))
ABOUT_AREA = Table("About the key area", ("About the key area", YOUR_TEXT), (BELONGS,))
TOPICS = Table("Topic", ("Topic", "Description", "Shown as", "ID", "Notes"))
"""Between *Description* and *Shown as* stand the levels, each below its value and its name."""

RUBRIC_FIELDS = (
    Field("Title", "title", "What the rubric is called.", needed=True),
    Field(
        "ID",
        "id",
        "Leave it empty: it is made from the title. Once a workshop has used the rubric, it stays as it is.",
        "id",
    ),
    Field("Version", "version", "Raise it whenever something changes: 1, 2, 2a.", needed=True),
    Field("Source", "source", "A sentence that says whose words these are. Every screen shows it.", "text", True),
    Field("Licence", "licence", "On what terms the words may be used.", "text"),
    Field("Short credit", "credit", "The source in a few words, below each vote. Empty: the title."),
    Field("Full credit", "credit_in_full", "The source as the big screen names it. Empty: the sentence above.", "text"),
    Field("Question", "question", "What each vote asks. Empty: the usual question, which level is true.", "text"),
    Field("Workshop title", "asks", "What a workshop is called that gets no other title. Empty: the rubric's title."),
    Field("Form", "form", "Whose form takes the answers, such as LGA. Most rubrics leave it empty."),
    Field(
        "Score follows", "score_follows", f"One of {', '.join(FOLLOWS)}: from it comes the level suggested.", "follows"
    ),
    Field("Good enough", "good_enough", "The value of the level that is already a good result, or nothing.", "level"),
    Field("Case study", "case_study", "The level with which people are asked to be a case study, or nothing.", "level"),
    Field(
        "Agreement by",
        "agreement_by",
        f"{' or '.join(CRITERIA)}: how a panel that rates from 1 to 9 is judged, or nothing.",
        "criterion",
    ),
    Field(
        "A topic is called", "topic", "A word for one and for many, such as question / questions. Empty: topic.", "noun"
    ),
    Field("A level is called", "level", "The same, such as grade / grades. Empty: level.", "noun"),
    Field("A key area is called", "key_area", "The same, such as chapter / chapters. Empty: key area.", "noun"),
    Field("A topic in reports", "topic_in_reports", "Only where reports use another word for it.", "noun"),
    Field("Guidance", "guidance", "How to score, in as many lines as it takes. Can be empty.", "text"),
)
AREA_FIELDS = (
    Field("Key area", "name", "What people call it.", needed=True),
    Field("ID", "id", "Leave it empty, as on the overview.", "id"),
    Field("Definition", "definition", "What the key area is, in a sentence.", "text", True),
    Field("What it is", "what_it_is", "What it looks like where it is done.", "text", True),
    Field("Why it is important", "why_it_is_important", "What is lost without it.", "text", True),
)

LEVELS_BELONG = (
    f"{FEWEST} to {MOST} levels, the lowest first, from {LOWEST[0]} or {LOWEST[1]}. The lowest and the highest have a "
    f"name. In the last column “{YES}” stands only where some levels have no statements: it marks those that have them."
)
THEMES_BELONG = "A row for each key area: the theme that it belongs to, and the name of its sheet. The order counts."
TOPICS_BELONG = (
    "A row for each topic. Below each level its statements, a line for each (Alt+Enter); “•” can stand before."
)
SAID = frozenset((LEVELS_BELONG, THEMES_BELONG, TOPICS_BELONG))
"""Lines that explain a table: they stand above it and say nothing of the rubric."""

BELONGS_TO_TOPICS = {
    "Topic": "What people vote on, in a few words.",
    "Description": "The extent to which …",
    "Shown as": "The name for screens, where the topic's own is clumsy. Most leave it empty.",
    "ID": "Leave it empty: it is made from the name. Once a workshop has used the rubric, it stays as it is.",
    "Notes": "What is to be known about these words, a line for each. People do not see it.",
}
HOW_TO = (
    "One sheet says what the rubric is called and which levels and themes it has; each key area has its own.",
    "Cells with a yellow ground still need something.",
    "A key area more: copy the sheet of one, empty the IDs in it, and write its name into the table of themes.",
    "A key area less: delete its sheet and its row in the table of themes.",
    "A topic more or less: insert or delete a row. Empty rows do not matter.",
    "Columns and rows can be moved and made wider; the heads stay as they are, because by them everything is found.",
    "A sheet of your own for notes can stand beside these; it is left out.",
    "Other numbers of levels, such as 0 to 3: change them on the overview and above the columns of each key area.",
    "When all is there: send it on the start page, or nps-workshop rubric from-excel BOOK.xlsx FOLDER.",
    "Either names every cell that is not right yet.",
)
