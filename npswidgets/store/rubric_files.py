"""Rubrics as folders of YAML files: `load_rubric("nps-2018")` gives the diagnostic of 2018."""

from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from npswidgets.domain.rubric import Rubric
from npswidgets.domain.text import cleaned_all
from npswidgets.errors import NotFound, RubricFaults
from npswidgets.settings import data_folder
from npswidgets.store.rubric_folder import INDEX, rubric_paths, stamps
from npswidgets.store.rubric_json import rubric_digest, rubric_from_json, rubric_to_json

__all__ = ["load_rubric", "rubric_digest", "rubric_folder", "rubric_from_json", "rubric_ids", "rubric_to_json"]


def load_rubric(path_or_id: str | Path = "nps-2018") -> Rubric:
    """The rubric of this id, or in this folder (its `rubric.yaml` will do as well).

    Files that stayed the same are read once.

    >>> len(load_rubric("nps-2018").value_codes)
    59

    Raises:
        NotFound: there is no such rubric.
        RubricFaults: its files have mistakes; the error carries all of them.
    """
    folder = rubric_folder(path_or_id)
    try:
        return _read(folder.resolve(), tuple(stamps(folder)))
    except OSError as error:
        raise NotFound(f"{folder}: this folder cannot be read ({error.strerror}). Check its rights.") from None


@lru_cache(maxsize=8)
def _read(folder: Path, _: tuple[tuple[str, int, int], ...]) -> Rubric:
    from npswidgets.store.rubric_check import read_rubric_folder

    files, faults = read_rubric_folder(folder)
    if faults:
        raise RubricFaults(faults)
    index = files[INDEX].data
    areas = {file.data["id"]: file.data for name, file in files.items() if name != INDEX}
    themes = [theme | {"key_areas": [areas[area] for area in theme["key_areas"]]} for theme in index["themes"]]
    return rubric_from_json(cleaned_all(index | {"themes": themes}))


def rubric_ids() -> list[str]:
    """The ids of the rubrics that come along."""
    return sorted(path.parent.name for path in data_folder("rubric").glob("*/rubric.yaml"))


def rubric_folder(path_or_id: str | Path) -> Path:
    """The folder of a rubric that is named by its id, by its folder, by a file in it, or by a folder with it alone.

    Raises:
        NotFound: there is no such rubric; the message names the ids that there are.
    """
    known = rubric_ids()
    if str(path_or_id) in known:
        return data_folder("rubric") / path_or_id
    path = Path(path_or_id)
    with suppress(OSError):  # longer than a name can be, or nobody may look
        if path.is_dir():
            return _the_one_in(path)
        if path.is_file():
            return path.parent
    raise NotFound(f'No rubric "{path_or_id}": neither an id (there is {", ".join(known)}) nor a folder.')


def _the_one_in(folder: Path) -> Path:
    """The folder, or the only one in it that holds a rubric where it holds none itself."""
    within: list[Path] = []
    with suppress(OSError):  # which is told by whoever reads it
        within = [] if rubric_paths(folder) else sorted(folder.glob(f"[!.]*/{INDEX}"))
    return within[0].parent if len(within) == 1 else folder
