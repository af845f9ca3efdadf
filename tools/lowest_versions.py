"""Prints the lowest version that pyproject.toml allows of each dependency, as constraints for pip.

With `--check` it compares them with what is installed for the Python that runs it, and says which are others.
"""

import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

PROJECT = Path(__file__).parent.parent / "pyproject.toml"


def lowest() -> dict[str, str]:
    """The lower bound of each dependency that this system needs, by name.

    Raises:
        ValueError: a dependency has none.
    """
    found = {}
    for line in tomllib.loads(PROJECT.read_text("utf-8"))["project"]["dependencies"]:
        needed = Requirement(line)
        if needed.marker and not needed.marker.evaluate():
            continue
        bounds = [one.version for one in needed.specifier if one.operator == ">="]
        if len(bounds) != 1:
            raise ValueError(f'pyproject.toml: "{line}": expected one lower bound, such as {needed.name}>=1.0')
        found[needed.name] = bounds[0]
    return found


def main() -> int:
    """Prints or compares."""
    if sys.argv[1:] != ["--check"]:
        sys.stdout.writelines(f"{name}=={bound}\n" for name, bound in lowest().items())
        return 0
    others = {name: version(name) for name, bound in lowest().items() if Version(version(name)) != Version(bound)}
    sys.stdout.writelines(f"{name} {found} is installed, not the lowest\n" for name, found in others.items())
    return int(bool(others))


if __name__ == "__main__":
    sys.exit(main())
