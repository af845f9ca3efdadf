"""No export tells who took part: canaries are planted, and every file is searched, unzipped."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest
from played import (
    DEPARTMENTS,
    PEOPLE,
    SESSION,
    START,
    beginning,
    scored,
    store_events,
    theme_codes,
    voted,
    votes,
    workshop_of,
)
from pypdf import PdfReader
from reports import squeezed
from room import make_room
from sqlalchemy import Engine, insert

from npswidgets.domain.departments import count_departments
from npswidgets.domain.events import Anonymity, DepartmentChanged, Event, ReasonShown, Vote, Words
from npswidgets.report.exports import export
from npswidgets.report.formats import FORMATS
from npswidgets.store import tables
from npswidgets.store.archive import archive_text, stored_archive
from npswidgets.store.database import open_database, writing

pytestmark = pytest.mark.slow

NAMES = tuple(f"Canary Name{number}" for number in range(18))
SMALL = "Canary Department"
SHOWN = "Canary Reason that stood on the big screen"
UNREAD = "Canary Reason that nobody showed"


def told(cast: Sequence[Vote]) -> Iterator[Event]:
    """What happened on three value codes; a reason for a vote on the first was shown."""
    for code in theme_codes()[:3]:
        yield from voted(code, tuple(cast))
        yield ReasonShown(SESSION, code, 1, Words(SHOWN))
        yield scored(code, 2)


def named_workshop() -> list[Event]:
    """A workshop with names, in which each vote knows its department and its voter."""
    cast = [
        replace(vote, department=DEPARTMENTS[at % 3], participant=PEOPLE[at])
        for at, vote in enumerate(votes(3, 4, 4, 4, 0, dont_know=3))
    ]
    return [*beginning(theme_codes()[:3], anonymity="named"), *told(cast)]


def workshop_with_departments() -> list[Event]:
    """An anonymous workshop that shows departments; four people changed to one that is too small to be shown."""
    first, *opening = beginning(theme_codes()[:3])
    chosen = replace(first, departments=(*DEPARTMENTS, SMALL), departments_in_reports=True)  # type: ignore[type-var]
    moved = [DepartmentChanged(SESSION, who, SMALL) for who in PEOPLE[2:14:3]]
    events = [chosen, *opening, *moved, *told(votes(3, 9, 6))]
    workshop = workshop_of(events)
    cast = dict(zip(PEOPLE, (1, 2, 3, 2, 3, 2) * 3, strict=True))
    counted = [count_departments(workshop, code, cast) for code in theme_codes()[:3]]
    return [*events, *filter(None, counted)]


@dataclass(frozen=True)
class Made:
    """All files of a workshop; `departments` are those that its reports may name."""

    folder: Path
    departments: tuple[str, ...]

    @property
    def reports(self) -> list[Path]:
        """All files but the saved workshop, which is the record itself."""
        return [file for file in sorted(self.folder.iterdir()) if file.suffix != ".jsonl"]


@pytest.fixture(scope="module", params=["named", "departments"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """All formats of such a workshop, whose session is still open, so that its ballots are still there."""
    engine, out = open_database("sqlite://"), tmp_path_factory.mktemp("exports")
    named = request.param == "named"
    workshop = store_events(engine, named_workshop() if named else workshop_with_departments())
    with writing(engine) as db:
        rows = zip(PEOPLE, NAMES, strict=True)
        people = [{"workshop": workshop, "participant": who, "name": name} for who, name in rows]
        db.execute(insert(tables.people), people)
        db.execute(insert(tables.ballots), [_ballot(workshop, who) for who in PEOPLE])
    steps = export(stored_archive(engine, workshop), tuple(FORMATS), out)
    assert [(step.format, step.state) for step in steps] == [("jsonl", "done"), *((one, "done") for one in FORMATS)]
    return Made(out / workshop, () if named else DEPARTMENTS)


def _ballot(workshop: str, who: str) -> dict[str, object]:
    given = {"workshop": workshop, "session": SESSION, "code": theme_codes()[0], "round": 1, "participant": who}
    return given | {"ballot": f"ballot-{who}", "answer": "1", "reason": UNREAD, "at": START}


def texts_in(file: Path) -> list[str]:
    """All that is in a file: of a PDF the words, the properties and the metadata; of a zip each part."""
    if is_zipfile(file):
        inside = ZipFile(BytesIO(file.read_bytes()))
        return [inside.read(name).decode("utf-8", "replace") for name in inside.namelist()]
    if file.suffix == ".pdf":
        pdf = PdfReader(file)
        about = pdf.trailer["/Root"]["/Metadata"].get_data().decode()
        return [*(page.extract_text() for page in pdf.pages), str(pdf.metadata), about]
    return [file.read_text(encoding="utf-8")]


def test_no_name_and_no_reason_that_was_not_shown_is_in_any_file(made: Made) -> None:
    files = sorted(made.folder.iterdir())
    assert len(files) == 1 + len(FORMATS)
    for file in files:
        for text in texts_in(file):
            assert not [one for one in ("Canary Name", UNREAD) if squeezed(one) in squeezed(text)], file.name


def test_no_report_tells_who_took_part_or_what_was_shown_without_a_name(made: Made) -> None:
    hidden = [SMALL, SHOWN, *PEOPLE, *(one for one in DEPARTMENTS if one not in made.departments)]
    for file in made.reports:
        for text in texts_in(file):
            assert not [one for one in hidden if squeezed(one) in squeezed(text)], file.name


def test_departments_are_named_only_where_that_was_chosen_and_never_in_summary_response_and_slides(made: Made) -> None:
    for file in made.reports:
        said = squeezed("".join(texts_in(file)))
        if file.name.endswith(("-summary.pdf", "-response.pdf", ".slides.html", ".csv")):
            assert not [one for one in DEPARTMENTS if squeezed(one) in said], file.name
        else:
            assert (squeezed(DEPARTMENTS[0]) in said) == bool(made.departments), file.name


@pytest.mark.parametrize("anonymity", ["anonymous", "named"])
def test_a_draft_that_is_made_in_mid_vote_is_the_same_whatever_people_have_voted(
    engine: Engine, anonymity: Anonymity
) -> None:
    """Every file is made from the saved workshop alone, and that does not even tell that anybody has voted."""
    room = make_room(engine, anonymity=anonymity)
    for name in NAMES[:3]:
        room.join(1, name=name)
    code, second = room.codes[:2]
    room.open_voting(code)
    room.vote(code, 2, 3, 4)
    room.facilitator.show_votes(code)
    room.agree(code, 3)
    room.open_voting(second)
    before = archive_text(engine, room.workshop.id)
    for store, answer in zip(room.participants, (1, 5, "dont_know"), strict=True):
        store.cast(room.ballot(store, second, answer, reason=UNREAD))
    assert room.facilitator.vote_counts()[second, 1] == 3
    assert archive_text(engine, room.workshop.id) == before
