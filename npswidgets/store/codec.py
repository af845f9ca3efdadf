"""Events to lines of the record, and back.

A line is canonical JSON (UTF-8, sorted keys, no spaces, no floats); a line that is not written exactly so is refused,
which also refuses unknown fields. What people typed stands in it as a digest alone.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from npswidgets.domain.events import FORMAT_VERSION, Entry, Event, Words
from npswidgets.errors import ArchiveFault, RuleBroken

LONGEST_TEXT = 20_000
FIRST = "0" * 64

_KINDS: dict[str, type[Event]] = {kind.__name__: kind for kind in get_args(Event)}


@dataclass(frozen=True)
class SaltedWords:
    """What somebody typed, as the store keeps it: SHA-256 of the salt's 16 bytes and the text is the digest."""

    digest: str
    salt: str
    text: str | None

    def fits(self) -> bool:
        """Whether digest, salt and text belong together; erased words always do."""
        return self.text is None or self.digest == _digest(self.salt, self.text)


def to_line(entry: Entry) -> str:
    """The line of an entry whose words have been split off."""
    kind = type(entry.event).__name__
    event = _adapter(kind).dump_python(entry.event, mode="json", exclude_none=True)
    return canonical(
        {
            "at": entry.at.isoformat(),
            "by": entry.by,
            "event": event | {"kind": kind},
            "previous": entry.previous,
            "revision": entry.revision,
            "version": entry.version,
        }
    )


def from_line(line: str) -> Entry:
    """The entry that `to_line` wrote.

    Raises:
        ArchiveFault: it is not one, or not written exactly so.
    """
    try:
        data = json.loads(line)
        kind = data["event"].pop("kind")
        if data["version"] != FORMAT_VERSION or kind not in _KINDS:
            named = f"An event {str(kind)[:40]!r} of version {str(data['version'])[:10]}"
            raise ArchiveFault(f"{named} needs a newer version of the toolkit.")
        event = _adapter(kind).validate_json(json.dumps(data.pop("event")), strict=True)
        at = datetime.fromisoformat(data.pop("at")).astimezone(UTC)
        entry = Entry(int(data["revision"]), at, str(data["by"]), event, str(data["previous"]), FORMAT_VERSION)
    except (ValidationError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError):
        raise ArchiveFault("This is not a line of a record.") from None  # pydantic's errors hold what is in it
    if to_line(entry) != line:
        raise ArchiveFault("This line is not written as the record writes it.")
    return entry


def line_digest(line: str) -> str:
    """SHA-256 of the line's bytes, in hexadecimal."""
    return hashlib.sha256(line.encode()).hexdigest()


def split_words(event: Event) -> tuple[Event, tuple[SaltedWords, ...]]:
    """The event with a digest at each of its words, and the words with fresh salts.

    Raises:
        RuleBroken: a text is too long.
    """
    found = {one.name: _salted(value) for one in fields(event) if isinstance(value := getattr(event, one.name), Words)}
    marked: dict[str, Any] = {name: Words(salted.text, salted.digest) for name, salted in found.items()}
    return replace(event, **marked), tuple(found.values())


def without_texts(event: Event) -> Event:
    """The event as the record keeps it: digests alone."""
    return _with_words(event, {})


def with_texts(event: Event, texts: Mapping[str, str | None]) -> Event:
    """The event with the texts of these digests; a missing or erased text is None."""
    return _with_words(event, texts)


def words_in(event: Event) -> set[str]:
    """The digests of what was typed in this event."""
    found = (getattr(event, one.name) for one in fields(event))
    return {value.digest for value in found if isinstance(value, Words) and value.digest}


def canonical(data: object) -> str:
    """JSON in the one form that is hashed."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _with_words(event: Event, texts: Mapping[str, str | None]) -> Event:
    filled: dict[str, Any] = {
        one.name: Words(texts.get(value.digest or ""), value.digest)
        for one in fields(event)
        if isinstance(value := getattr(event, one.name), Words)
    }
    return replace(event, **filled) if filled else event


def _salted(words: Words) -> SaltedWords:
    text = words.text or ""
    if len(text) > LONGEST_TEXT:
        raise RuleBroken(f"Shorten the text to {LONGEST_TEXT:,} characters. It has {len(text):,}.")
    salt = secrets.token_hex(16)
    return SaltedWords(_digest(salt, text), salt, text)


def _digest(salt: str, text: str) -> str:
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_KINDS[kind])
