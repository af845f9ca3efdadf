"""A day of a test that is not today: what the program stores is stored so many days ago.

Everything of ours that asks what time it is calls `datetime.now`; the rest of the computer keeps its time.
"""

import importlib
import pkgutil
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from types import ModuleType
from typing import Any

import npswidgets.cli
import npswidgets.server


class Earlier(datetime):
    """A clock that is behind by `days`."""

    days = 0

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return datetime.now(tz) - timedelta(days=cls.days)


def put_back(days: int, replace: Callable[[ModuleType, str, object], None] = setattr) -> None:
    """The clock of this program is so many days behind.

    Args:
        replace: as `monkeypatch.setattr`, which puts it right again.
    """
    replace(Earlier, "days", days)  # type: ignore[arg-type]
    for name, module in [*sys.modules.items()]:
        if name.startswith("npswidgets.") and vars(module).get("datetime") is datetime:
            replace(module, "datetime", Earlier)


def serve(days: int) -> None:
    """`nps-workshop serve` on a computer whose clock is behind."""
    for part in pkgutil.walk_packages(npswidgets.server.__path__, "npswidgets.server."):
        importlib.import_module(part.name)
    put_back(days)
    npswidgets.cli.main()
