"""A file that a form sends, with what else is in it: read by hand, because only some may send so much."""

import re
from dataclasses import dataclass

from tornado.httputil import HTTPFile, HTTPInputError, ParseMultipartConfig, parse_multipart_form_data

BOUNDS = ParseMultipartConfig(max_parts=5)
_BOUNDARY = re.compile(r"multipart/form-data\b.*?;\s*boundary=(\"[^\"]+\"|[^\s;]+)", re.IGNORECASE)


@dataclass(frozen=True)
class SentFile:
    """What came.

    Attributes:
        data: the file; None where nobody has chosen one.
        name: as the browser says, without folders.
        token: what shows that the form was ours; empty for none.
    """

    data: bytes | None = None
    name: str = ""
    token: str = ""


def sent_file(content_type: str, body: bytes, field: str) -> SentFile:
    """The file in this field of a form; nothing where the body is no such form."""
    boundary = _BOUNDARY.match(content_type)
    values: dict[str, list[bytes]] = {}
    files: dict[str, list[HTTPFile]] = {}
    if not boundary:
        return SentFile()
    try:
        parse_multipart_form_data(boundary[1].encode(), body, values, files, config=BOUNDS)
    except (HTTPInputError, ValueError):  # it was cut, or nobody's browser has made it
        return SentFile()
    (token, *_), (file, *_) = values.get("_xsrf", [b""]), files.get(field, [None])
    said = token.decode(errors="replace")
    return SentFile(file.body, re.split(r"[/\\]", file.filename)[-1], said) if file else SentFile(token=said)
