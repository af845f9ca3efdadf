"""No export tells who took part: canaries are planted, and every file is searched, unzipped."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest
from played import DEPARTMENTS, PEOPLE, SESSION, beginning, scored, store_events, theme_codes, voted, votes
from pypdf import PdfReader
from reports import squeezed
from sqlalchemy import insert

from npswidgets.domain.events import Event, SessionClosed
from npswidgets.report.exports import FORMATS, export
from npswidgets.store import tables
from npswidgets.store.archive import stored_archive
from npswidgets.store.database import open_database, writing

CANARIES = tuple(f"Canary Name{number}" for number in range(18))


def named_workshop() -> list[Event]:
    """A workshop with names, in which each vote knows its department and its voter."""
    codes = theme_codes()[:3]
    cast = tuple(
        replace(vote, department=DEPARTMENTS[at % 3], participant=PEOPLE[at])
        for at, vote in enumerate(votes(3, 4, 4, 4, 0, dont_know=3))
    )
    events = [event for code in codes for event in (*voted(code, cast), scored(code, 2))]
    return [*beginning(codes, anonymity="named"), *events, SessionClosed(SESSION)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All formats of that workshop."""
    engine, out = open_database("sqlite://"), tmp_path_factory.mktemp("exports")
    workshop = store_events(engine, named_workshop())
    with writing(engine) as db:
        rows = zip(PEOPLE, CANARIES, strict=True)
        people = [{"workshop": workshop, "participant": who, "name": name} for who, name in rows]
        db.execute(insert(tables.people), people)
    steps = export(stored_archive(engine, workshop), tuple(FORMATS), out)
    assert [(step.format, step.state) for step in steps] == [("jsonl", "done"), *((one, "done") for one in FORMATS)]
    return out / workshop


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


def test_no_name_is_in_any_file(folder: Path) -> None:
    files = sorted(folder.iterdir())
    assert len(files) == 1 + len(FORMATS)
    for file in files:
        for text in texts_in(file):
            assert "canary" not in text.casefold(), file.name


def test_no_participant_and_no_department_is_in_any_report(folder: Path) -> None:
    for file in folder.iterdir():
        if file.suffix == ".jsonl":  # the saved workshop itself, which is the record
            continue
        for text in texts_in(file):
            assert not [one for one in (*PEOPLE, *DEPARTMENTS) if squeezed(one) in squeezed(text)], file.name
