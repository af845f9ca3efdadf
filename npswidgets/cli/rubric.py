"""Checking and showing rubrics, and making them in Excel."""

from collections.abc import Iterator
from pathlib import Path

import click

from npswidgets.cli.common import TEXT, echo, print_json
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.spreadsheets import taken_for
from npswidgets.errors import ExportFailed, Fault, RubricFaults
from npswidgets.store.rubric_json import FEWEST, LOWEST, MOST

rubric_argument = click.argument("path", default="nps-2018")
book_path = click.Path(dir_okay=False, path_type=Path)
replace_option = click.option("--replace", is_flag=True, help="Put it in the place of what is there.")
MOST_THEMES = 20


@click.group()
def rubric() -> None:
    """Check or show what a workshop scores, or make a rubric of your own in Excel.

    Example: nps-workshop rubric check
    """


@rubric.command()
@rubric_argument
def check(path: str) -> None:
    """Check the rubric in the folder PATH (or with this id; default nps-2018); prints all mistakes at once.

    Example: nps-workshop rubric check rubric/nps-2018
    """
    from npswidgets.store.rubric_files import load_rubric

    try:
        found = load_rubric(path)
    except RubricFaults as error:
        raise click.ClickException(f"{_count(len(error.faults), 'mistake')} in {path}\n{error}") from error
    echo(_summary(found))
    for line in _warnings(found):
        echo(line, err=True)


def _summary(found: Rubric) -> str:
    statements = sum(len(texts) for code in found.value_codes.values() for texts in code.levels.values())
    return (
        f"{found.id} is complete: {_count(len(found.themes), 'theme')}, {_count(len(found.key_areas), 'key area')}, "
        f"{_count(len(found.value_codes), 'value code')}, {_count(statements, 'statement')}."
    )


def _warnings(found: Rubric) -> Iterator[str]:
    """A line for each id that does not stay as it is in a spreadsheet, and what to do about them."""
    ids = [("rubric", found.id), *(("theme", theme.id) for theme in found.themes)]
    ids += [("key area", area.id) for area in found.key_areas] + [("value code", code) for code in found.value_codes]
    taken = [(what, id_, kind) for what, id_ in ids if (kind := taken_for(id_))]
    yield from (f'Warning: {what} "{id_}": spreadsheets take this id for {kind}' for what, id_, kind in taken)
    if taken:
        yield (
            "The files of the toolkit keep such ids; a table of your own may lose them. Better are ids of words, "
            f'such as "topic-{taken[0][1]}", as long as no workshop has used the rubric.'
        )


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


@rubric.command()
@rubric_argument
@click.option("--json", "as_json", is_flag=True, help="Print everything, as JSON.")
def show(path: str, as_json: bool) -> None:
    """Show the rubric in the folder PATH (or with this id; default nps-2018): its themes, key areas and value codes.

    Example: nps-workshop rubric show --json
    """
    from npswidgets.store.rubric_files import load_rubric, rubric_to_json

    found = load_rubric(path)
    if as_json:
        print_json(rubric_to_json(found))
    else:
        echo("\n".join(_overview(found)))


def _overview(found: Rubric) -> Iterator[str]:
    """The lines of a page that names every part of the rubric with its id."""
    yield f"{found.title} ({found.id}, version {found.version})"
    yield found.source
    yield "Levels: " + ", ".join(str(level) for level in found.levels)
    for theme in found.themes:
        yield f"\n{theme.name} [{theme.id}]"
        for area in theme.key_areas:
            yield f"  {area.name} [{area.id}]"
            yield from (f"    {code.display_name} [{code.id}]" for code in area.value_codes)


@rubric.command()
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="AFTER")
@click.option("--map", "map_file", type=book_path, help="Write a map to fill in, too: what became of each topic.")
@replace_option
def diff(before: str, after: str, map_file: Path | None, replace: bool) -> None:
    """Say what is not the same in two editions of a rubric; each is a folder, an Excel workbook, or an id.

    Parts are compared by their IDs.

    Example: nps-workshop rubric diff our-rubric our-rubric.xlsx
    """
    from npswidgets.cli.editions import say_differences
    from npswidgets.store.rubric_json import rubric_digest

    old, new = _edition(before), _edition(after)
    names = [f"{one.id}, version {one.version}, digest {rubric_digest(one)}" for one in (old, new)]
    lines = list(say_differences(old, new))
    echo(f"{before} ({names[0]})\n{after} ({names[1]})")
    echo("\n".join(lines) if lines else "Both are the same.")
    if map_file:
        from npswidgets.store.edition_map import first_map_text

        _write_new(map_file, first_map_text(old, new).encode(), replace)
        echo(f"\n{map_file}: fill in what was split or merged, and what can be compared.")
        echo(
            f"Then: nps-workshop rubric check-map {_as_word(map_file)} {_as_word(Path(before))} {_as_word(Path(after))}"
        )


@rubric.command("check-map")
@click.argument("map_file", metavar="MAP", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("before", metavar="BEFORE")
@click.argument("after", metavar="AFTER")
def check_map(map_file: Path, before: str, after: str) -> None:
    """Check the map in the YAML file MAP between two editions of a rubric; prints all mistakes at once.

    Example: nps-workshop rubric check-map map.yaml our-rubric our-rubric.xlsx
    """
    from npswidgets.store.edition_map import read_map

    try:
        found = read_map(map_file, _edition(before), _edition(after))
    except RubricFaults as error:
        raise click.ClickException(f"{_count(len(error.faults), 'mistake')} in {map_file}\n{error}") from error
    numbers = [(sum(one.comparable == word for one in found), said) for word, said in _COMPARABLE.items()]
    echo(f"{map_file} is complete: " + ", ".join(f"{number} {said}" for number, said in numbers if number) + ".")


_COMPARABLE = {"yes": "to compare", "with care": "to compare with care", "no": "not to compare"}


def _edition(path: str) -> Rubric:
    """The rubric in a workbook or a folder, or of an id, as `rubric diff` names it."""
    from npswidgets.rubric_book.opening import bytes_of
    from npswidgets.rubric_book.reading import read_book
    from npswidgets.store.rubric_files import load_rubric

    book = Path(path)
    is_book = book.suffix.lower().startswith(".xl")
    try:
        return read_book(bytes_of(book), book.name, _id_of_file(book)).rubric if is_book else load_rubric(path)
    except RubricFaults as error:
        raise click.ClickException(f"{_count(len(error.faults), 'mistake')} in {path}\n{error}") from error


@rubric.command()
@click.argument("book", default="rubric.xlsx", type=book_path)
@click.option("--levels", type=click.IntRange(FEWEST, MOST), help="How many levels there are. Default: it asks.")
@click.option("--themes", type=click.IntRange(1, MOST_THEMES), help="How many themes there are. Default: it asks.")
@click.option(
    "--areas", type=click.IntRange(1, MOST_THEMES), default=1, show_default=True, help="Key areas of a theme."
)
@click.option("--lowest", type=click.IntRange(*LOWEST), default=LOWEST[-1], show_default=True, help="The lowest level.")
@click.option("--title", type=TEXT, help="What the rubric is called. Default: it asks, if it asks at all.")
@replace_option
def new(
    book: Path, levels: int | None, themes: int | None, areas: int, lowest: int, title: str | None, replace: bool
) -> None:
    """Make a workbook to fill in, by default rubric.xlsx; asks for what is not said, and names the cells to fill.

    Example: nps-workshop rubric new our-rubric.xlsx --levels 4 --themes 3
    """
    from npswidgets.rubric_book.empty import empty_book, still_to_fill

    if levels is None and themes is None:
        title = title or click.prompt("What is the rubric called?", default="", show_default=False)
    levels = levels or click.prompt(f"How many levels ({FEWEST} to {MOST})?", type=click.IntRange(FEWEST, MOST))
    themes = themes or click.prompt("How many themes?", type=click.IntRange(1, MOST_THEMES))
    data = empty_book(levels, themes, areas=areas, lowest=lowest, title=title or "")
    _write_book(book, data, replace)
    cells = still_to_fill(data, book.name)
    echo(f"{book}: {_count(len(cells), 'cell')} to fill in, each with a yellow ground; topics more as you need them:")
    echo("\n".join(f"  {fault.place}: {fault.expected}" for fault in cells))
    echo(f"Then: nps-workshop rubric from-excel {_as_word(book)} {_id_of_file(book) or 'our-rubric'}")


@rubric.command("to-excel")
@click.argument("path", metavar="RUBRIC")
@click.argument("book", type=book_path)
@replace_option
def to_excel(path: str, book: Path, replace: bool) -> None:
    """Write the rubric in the folder RUBRIC (or with this id) into the Excel workbook BOOK, to read or to change.

    Example: nps-workshop rubric to-excel meetings meetings.xlsx
    """
    from npswidgets.rubric_book.writing import book_of
    from npswidgets.store.rubric_files import load_rubric

    _write_book(book, book_of(load_rubric(path)), replace)
    echo(book)


@rubric.command("from-excel")
@click.argument("book", type=book_path)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@replace_option
def from_excel(book: Path, folder: Path, replace: bool) -> None:
    """Make a rubric of the Excel workbook BOOK, in FOLDER; names all cells that are not right, or still empty, at once.

    The folder's name is the rubric's id. Where the workbook says another one, a folder of that name is made in it.

    Example: nps-workshop rubric from-excel our-rubric.xlsx our-rubric
    """
    from npswidgets.rubric_book.opening import bytes_of
    from npswidgets.rubric_book.reading import read_book
    from npswidgets.store.rubric_writing import folder_for, write_rubric

    try:
        read = read_book(bytes_of(book), book.name, _id_of_file(folder))
    except RubricFaults as error:
        raise click.ClickException(_told(error.faults, book)) from error
    for notice in read.notices:
        echo(f"Note: {notice}", err=True)
    place = folder_for(read.rubric, folder)
    write_rubric(read.rubric, place, replace=replace)
    echo(f"{place}: {_summary(read.rubric)}")
    for line in _warnings(read.rubric):
        echo(line, err=True)
    echo(f'Then: nps-workshop new --rubric {_as_word(place)} --council "Example County Council"')


def _told(faults: tuple[Fault, ...], book: Path) -> str:
    """All faults, what is still to be filled in after what is not right."""
    empty = [fault for fault in faults if fault.found == "nothing"]
    wrong = [fault for fault in faults if fault.found != "nothing"]
    counts = [f"{_count(len(wrong), 'mistake')}"] if wrong else []
    counts += [f"{_count(len(empty), 'cell')} still to fill in"] if empty else []
    return f"{' and '.join(counts)} in {book}\n" + "\n".join(map(str, [*wrong, *empty]))


def _id_of_file(path: Path) -> str:
    """The id that the name of a file or folder can be; empty if it can be none."""
    from npswidgets.rubric_book.parts import id_of

    name = path.resolve().name.removesuffix(".xlsx")
    return name if id_of(name) == name else ""


def _as_word(path: Path) -> str:
    """A path as it is typed in a command."""
    return f'"{path}"' if " " in str(path) else str(path)


def _write_book(book: Path, data: bytes, replace: bool) -> None:
    if book.suffix.casefold() != ".xlsx":
        raise ExportFailed(f"{book}: expected a name that ends in .xlsx, which is what Excel opens.")
    _write_new(book, data, replace)


def _write_new(path: Path, data: bytes, replace: bool) -> None:
    from npswidgets.whole_file import write_whole

    if path.exists() and not replace:
        raise ExportFailed(f"{path}: there is such a file already. Give another name, or add --replace.")
    write_whole(path, data)
