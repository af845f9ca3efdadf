"""Fixtures that all tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from npswidgets.store.database import open_database


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty database in a file of its own."""
    engine = open_database(f"sqlite:///{tmp_path / 'workshops.db'}", migrate=True)
    yield engine
    engine.dispose()
