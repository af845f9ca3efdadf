"""What the wheel needs is linked into its environment: pip would fetch 120 packages again, for two minutes."""

import os
import sys
import sysconfig
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement


def asked_for(library: Path) -> set[str]:
    """The names of all packages that the wheel, as it is installed there, asks for."""
    (metadata,) = library.glob("npswidgets*.dist-info/METADATA")
    lines = metadata.read_text(encoding="utf-8").splitlines()
    return closure(line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: "))


def closure(requirements: Iterable[str]) -> set[str]:
    """The names of all packages that these ask for, directly or not, on this system."""
    found: set[str] = set()
    todo = [(Requirement(text), "") for text in requirements]
    seen: set[tuple[str, str]] = set()
    while todo:
        one, extra = todo.pop()
        if one.marker and not one.marker.evaluate({"extra": extra}):
            continue
        found.add(one.name)
        for wanted in {(one.name, extra) for extra in ("", *one.extras)} - seen:
            seen.add(wanted)
            todo += [(Requirement(text), wanted[1]) for text in distribution(one.name).requires or ()]
    return found


def link_all(packages: Iterable[str], library: Path) -> None:
    """Links what these packages have installed here into another environment."""
    here = Path(sysconfig.get_path("purelib"))
    tops = {file.parts[0] for package in packages for file in distribution(package).files or ()}
    for name in tops - {"..", "__pycache__"}:
        if not (library / name).exists():
            (library / name).symlink_to(here / name)
    share = library.parents[1 if os.name == "nt" else 2] / "share"  # templates of Voila and nbconvert
    if not share.exists():
        share.symlink_to(Path(sys.prefix) / "share", target_is_directory=True)
