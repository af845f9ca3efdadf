"""What spreadsheets and statistics programs take a text for when they open a CSV file, which has no types."""

import re

_FORMULA = re.compile(r"[=+\-@\t\r]")
_WHOLE = r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)"
_NUMBER = re.compile(
    rf"[£$€]? ?[+-]?(?:{_WHOLE}(?:[.,][0-9]*)?|[.,][0-9]+)(?:e[+-]?[0-9]+)?[-%]?"
    "|[+-]?(?:inf|infinity)|[0-9]+ [0-9]+/[0-9]+"
)
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = re.compile(
    rf"[0-9]{{1,4}}[-/. ][0-9]{{1,2}}(?:[-/. ][0-9]{{1,4}})?|[0-9]{{1,2}}[-/. ]?{_MONTH}(?:[-/., ]{{0,2}}[0-9]{{1,4}})?"
    rf"|(?:[0-9]{{4}}[-/. ]?)?{_MONTH}[-/. ]?[0-9]{{1,4}}(?:[-/., ]{{1,2}}[0-9]{{1,4}})?"
)
_TIME = re.compile(r"[0-9]{1,4}(?::[0-9]{1,2}){1,2}(?: ?[ap]m?)?|[0-9]{1,2} [ap]m?")
_MISSING = ("nan", "na", "n/a", "#n/a", "#na", "<na>", "null", "none")
_KINDS = {"a number": _NUMBER, "a date": _DAY, "a time": _TIME}


def taken_for(text: str) -> str:
    """What the text is taken for: a formula, number, date, time, truth value or missing value; empty if a text.

    What one of the common programs takes it for is enough: Excel and LibreOffice in English, pandas, R.

    >>> [taken_for(text) for text in ("1-1", "2e5", "007", "nan", "true", "mar-1", "=x", "reporting")]
    ['a date', 'a number', 'a number', 'a missing value', 'a truth value', 'a date', 'a formula', '']
    """
    if _FORMULA.match(text):
        return "a formula"
    word = text.strip().casefold()
    if word in ("true", "false"):
        return "a truth value"
    if word in _MISSING:
        return "a missing value"
    return next((kind for kind, pattern in _KINDS.items() if pattern.fullmatch(word)), "")


def as_text(text: str) -> str:
    """The text with a "'" before it where it would be taken for something else, so that it stays as it is.

    >>> as_text("1-1"), as_text("reporting")
    ("'1-1", 'reporting')
    """
    return f"'{text}" if taken_for(text) else text
