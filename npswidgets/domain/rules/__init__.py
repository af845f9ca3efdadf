"""What may happen next, and what it changes: `after(event, workshop, at)` gives the next state or raises `RuleBroken`.

The same function checks a new event, folds the record, and verifies a saved workshop. Each kind of event has its rule
in the module of its subject.
"""

from npswidgets.domain.rules import (  # noqa: F401 - they register rules
    agenda,
    agreeing,
    departments,
    people,
    sessions,
    signing_off,
    voting,
)
from npswidgets.domain.rules.checks import check_answer, check_answer_open, check_level
from npswidgets.domain.rules.dispatch import after
from npswidgets.domain.rules.folding import apply, begin, fold

__all__ = ["after", "apply", "begin", "check_answer", "check_answer_open", "check_level", "fold"]
