"""A rubric as a folder of YAML files, as `load_rubric` reads it."""

from io import StringIO
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from npswidgets.domain.ids import file_in, is_id
from npswidgets.domain.rubric import Rubric
from npswidgets.errors import ExportFailed
from npswidgets.store.rubric_files import load_rubric
from npswidgets.store.rubric_folder import INDEX, rubric_paths
from npswidgets.store.rubric_json import Json, rubric_to_json
from npswidgets.whole_file import write_whole

_WIDTH = 1_000_000
"""A text stays in one line: where the writer of YAML folds it, it leaves blanks at the ends of lines."""


def folder_for(rubric: Rubric, wanted: Path) -> Path:
    """The folder of a rubric that is asked for as this one: it has the rubric's id as its name, or else stands in it.

    A folder whose name can be no id, such as "Our rubric", is taken as it is.
    """
    name = wanted.resolve().name
    is_named = name == rubric.id or not is_id(name) or name != name.lower() or "." in name or "_" in name
    return wanted if is_named else file_in(wanted, rubric.id)


def write_rubric(rubric: Rubric, folder: Path, *, replace: bool = False) -> None:
    """Writes the files. They are read again before they count, and say the same; whatever else is there stays.

    Raises:
        ExportFailed: there is a rubric that is not to be replaced, or a folder of something else.
        RubricFaults: what was to be written is no rubric; nothing is there.
        OSError: it cannot be written.
    """
    _refuse_to_lose(folder, replace)
    folder.parent.mkdir(parents=True, exist_ok=True)
    files, beside = _files(rubric), Path(mkdtemp(prefix=".", dir=folder.parent))
    try:
        made = beside / rubric.id
        _write(made, files)
        if load_rubric(made) != rubric:
            raise ExportFailed(f"{folder}: the rubric would not be read again as it is. Nothing was written.")
        if not folder.exists():
            made.rename(folder)
            return
    finally:
        rmtree(beside, ignore_errors=True)
    _write(folder, files)
    for path in rubric_paths(folder):
        if path.name not in files:
            path.unlink()


def _write(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        write_whole(folder / name, text)


def _refuse_to_lose(folder: Path, replace: bool) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ExportFailed(f"{folder}: expected a folder, or none yet; found a file.")
    there = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    if there and INDEX not in there:
        named = ", ".join(there[:3])
        raise ExportFailed(f"{folder}: expected an empty folder, or none yet; found {named}. Give another one.")
    if there and not replace:
        raise ExportFailed(f"{folder}: there is a rubric already. Give another folder, or add --replace.")


def _files(rubric: Rubric) -> dict[str, str]:
    """The text of each file by its name."""
    whole = rubric_to_json(rubric)
    areas = [area for theme in whole["themes"] for area in theme["key_areas"]]
    themes = [theme | {"key_areas": [area["id"] for area in theme["key_areas"]]} for theme in whole["themes"]]
    index = {key: value for key, value in whole.items() if value not in ("", None)} | {"themes": themes}
    return {INDEX: as_yaml(index)} | {f"{area['id']}.yaml": as_yaml(_with_values(area)) for area in areas}


def _with_values(area: Json) -> Json:
    """The same with numbers for the levels, as people write them, and a name for screens only where it is another."""
    codes = []
    for code in area["value_codes"]:
        levels = {int(value): said for value, said in code["levels"].items()}
        kept = {key: one for key, one in code.items() if key != "display_name" or one != code["name"]}
        codes.append(kept | {"levels": levels})
    return area | {"value_codes": codes}


def as_yaml(data: Json) -> str:
    """The text of a file that says this."""
    from ruamel.yaml import YAML

    yaml: Any = YAML()
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    buffer = StringIO()
    yaml.dump(data, buffer)
    return buffer.getvalue()
