"""A file that a form sends without a script: what is taken of it, and of what only looks like a form."""

import pytest
from requests import Request

from npswidgets.server.pages.sent_file import SentFile, sent_file


def form(name: str, data: bytes, **more: str) -> tuple[str, bytes]:
    """The head and the body, as a program sends them."""
    made = Request("POST", "http://x/", files={"book": (name, data)}, data=more).prepare()
    assert isinstance(made.body, bytes)
    return made.headers["Content-Type"], made.body


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("our rubric.xlsx", "our rubric.xlsx"),
        ("Zoë “ü” \u202e.xlsx", "Zoë “ü” \u202e.xlsx"),
        (r"C:\Users\anna\our.xlsx", "our.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("-rf", "-rf"),
    ],
)
def test_the_file_comes_with_its_name_and_the_token(said: str, name: str) -> None:
    data = b"PK\r\n--\0\xff"
    assert sent_file(*form(said, data, _xsrf="2|abc"), "book") == SentFile(data, name, "2|abc")


def test_a_field_without_a_file_is_no_file_and_the_token_counts_all_the_same() -> None:
    kind, body = form("x", b"", _xsrf="2|abc")
    nothing = body.replace(b'filename="x"', b'filename=""')
    assert sent_file(kind, nothing, "book") == SentFile(token="2|abc")
    assert sent_file(kind, body, "other") == SentFile(token="2|abc")


@pytest.mark.parametrize(
    "kind", ["", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain; boundary=x"]
)
def test_another_kind_of_request_is_nothing(kind: str) -> None:
    assert sent_file(kind, b"--x--\r\n", "book") == SentFile()


def test_what_is_cut_or_mangled_is_nothing() -> None:
    kind, body = form("our.xlsx", b"PK" * 1000, _xsrf="2|abc")
    for wrong in (body[:-40], body[:500], b"", b"\0" * 100, body.replace(b"form-data", b"attachment")):
        assert sent_file(kind, wrong, "book") == SentFile()
    many = b"".join(b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\n1\r\n' % n for n in range(50))
    assert sent_file("multipart/form-data; boundary=x", many + b"--x--\r\n", "book") == SentFile()
