"""Which cookie is whose, where several servers are at one host, or have been."""

from pathlib import Path

from sqlalchemy import Engine

from npswidgets.server.http.access import cookie_mark
from npswidgets.server.http.http_server import nearest
from npswidgets.store.access import set_server_value
from npswidgets.store.database import open_database


def test_a_database_keeps_the_mark_of_its_cookies(engine: Engine) -> None:
    mark = cookie_mark(engine)
    set_server_value(engine, "port", "8867")
    assert cookie_mark(engine) == mark


def test_two_databases_have_two(engine: Engine, tmp_path: Path) -> None:
    other = open_database(str(tmp_path / "other.db"), migrate=True)
    assert cookie_mark(engine) != cookie_mark(other)
    other.dispose()


def test_people_of_a_database_of_before_stay_in(engine: Engine) -> None:
    set_server_value(engine, "port", "8866")
    assert cookie_mark(engine) == "8866"


def test_of_two_cookies_of_a_name_the_nearer_one_counts() -> None:
    assert nearest("a=1; b=2; a=3; c=4;b=5") == "a=1; b=2; c=4"
    assert nearest("a=1") == "a=1"
    assert nearest("=;=;\xff") == "=; \xff"
