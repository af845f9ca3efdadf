"""Names and numbers can be changed until sign-off, by one event that holds all of them."""

import pytest
from played import SESSION, beginning, theme_codes, workshop_of

from npswidgets.domain.events import NamesChanged, SessionClosed, SessionNamed, SessionOpened, SessionPlanned
from npswidgets.domain.naming import change_of, names_of, put_together
from npswidgets.domain.recording import LONGEST_TITLE, as_recorded
from npswidgets.domain.workshop import MOST_EXPECTED, Workshop
from npswidgets.errors import RuleBroken

A, B, C, D, *_ = theme_codes()
NOW = {"council": "Old", "title": "Title", "title-1": "One", "people-1": "18", "title-2": "Two", "people-2": ""}


def played(*events: object) -> Workshop:
    """Two sessions, of which the first has ended."""
    begun = [*beginning((A, B)), SessionPlanned("two", "Second", (C, D)), SessionOpened("two"), SessionClosed(SESSION)]
    return workshop_of([*begun, *events])


def renamed(first: str = "First", second: str = "Next", council: str = "New", people: int = 7) -> NamesChanged:
    return NamesChanged(council, "Other", (SessionNamed(SESSION, first, 12), SessionNamed("two", second, people)))


def test_all_is_called_otherwise_and_nothing_else_changes() -> None:
    before, after = played(), played(renamed())
    assert (after.council, after.title) == ("New", "Other")
    called = [(one.id, one.title, one.people_expected, one.state) for one in after.sessions.values()]
    assert called == [(SESSION, "First", 12, "closed"), ("two", "Next", 7, "open")]
    assert (after.id, after.topics) == (before.id, before.topics)


def test_files_are_called_by_the_council_and_as_they_were_while_it_is_the_same() -> None:
    before = played()
    assert before.file_name == before.id
    assert played(renamed(council=before.council)).file_name == before.id
    assert played(renamed(council="Kent & Medway")).file_name == f"{before.created_at:%Y-%m}-kent-medway"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (renamed(council=" "), "name of the council"),
        (renamed(people=MOST_EXPECTED + 1), "501 people cannot be expected"),
        (renamed(people=-1), "cannot be expected"),
        (NamesChanged("New", "Other", ()), "each session"),
        (NamesChanged("New", "Other", (SessionNamed(SESSION, "A"), SessionNamed("three", "B"))), "each session"),
        (NamesChanged("New", "Other", (SessionNamed(SESSION, "A"), SessionNamed(SESSION, "B"))), "each session"),
    ],
)
def test_the_rule_refuses(wrong: NamesChanged, said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        played(wrong)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (renamed(first="\u200b"), "Give each session a title"),
        (renamed(first="Next", second="NEXT "), "Two sessions have the title"),
        (renamed(council="\u3164"), "name of the council"),
        (renamed(council="x" * (LONGEST_TITLE + 1)), "Shorten the name to 200 characters. It has 201."),
        (renamed(first="x" * (LONGEST_TITLE + 1)), "Shorten the name"),
        (NamesChanged("New", "", renamed().sessions), "Give the workshop a title"),
    ],
)
def test_what_nobody_could_read_or_tell_apart_does_not_come_into_the_record(wrong: NamesChanged, said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        as_recorded(wrong, played())


def test_two_sessions_may_swap_their_titles() -> None:
    swapped = as_recorded(renamed(first="Second", second="Showing leadership"), played())
    assert [one.title for one in played(swapped).sessions.values()] == ["Second", "Showing leadership"]


def test_names_are_cleaned_and_composed_where_they_are_recorded() -> None:
    event = as_recorded(renamed(council=" Co\u0302te  d\u2019Or\n", first="A\u202eB"), played())
    assert isinstance(event, NamesChanged)
    assert (event.council, event.sessions[0].title) == ("C\u00f4te d\u2019Or", "AB")


def test_who_did_not_touch_a_name_takes_what_somebody_else_made_of_it() -> None:
    shown, typed = (
        NOW | {"council": "Older", "people-1": "9"},
        NOW | {"council": "Older", "people-1": "9", "title": "T"},
    )
    assert put_together(NOW, shown, typed) == (NOW | {"title": "T"}, ())


def test_who_would_go_over_a_name_that_was_not_shown_is_told() -> None:
    shown, typed = NOW | {"council": "Older", "people-2": "3"}, NOW | {"council": "Mine", "people-2": "4"}
    assert put_together(NOW, shown, typed)[1] == ("council", "people-2")
    assert put_together(NOW, NOW, typed)[1] == (), "it was shown"
    assert put_together(NOW, shown, NOW)[1] == (), "it is the same"


def test_no_event_where_nothing_changes() -> None:
    workshop = played()
    assert change_of(workshop, names_of(workshop)) is None
    change = change_of(workshop, names_of(workshop) | {"people-2": "11"})
    assert change is not None
    assert [one.people_expected for one in change.sessions] == [18, 11]
