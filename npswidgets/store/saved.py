"""The file of a saved workshop: a header, the lines of the record, and the words that people typed.

No people, no ballots, no links. The header carries the whole rubric, so that the file can be read for good, and nothing
here needs a database.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from npswidgets.domain.events import Entry, WorkshopCreated
from npswidgets.domain.rubric import Rubric
from npswidgets.domain.rules import apply, begin
from npswidgets.domain.workshop import Workshop
from npswidgets.errors import ArchiveFault, RubricFaults, RuleBroken
from npswidgets.store.codec import FIRST, SaltedWords, from_line, line_digest, with_texts, words_in
from npswidgets.store.rubric_json import rubric_digest, rubric_from_json
from npswidgets.store.travelled import lines_in, put_together, say_other, text_of

MOST_LINES = 200_000
LONGEST_LINE = 4_000_000
"""Characters; the header with the whole rubric takes a tenth of it. A longer line would keep the room waiting."""

DEEPEST = 20
LONGEST_NUMBER = 15
MOST_NAMED = 5
"""Files in a folder, in an error."""
FORMAT = "nps-workshop"
FORMAT_VERSION = 1
ENDING = ".jsonl"
_HASH, _SALT = re.compile(r"[0-9a-f]{64}"), re.compile(r"([0-9a-f]{2}){1,16}")


@dataclass(frozen=True)
class Archive:
    """A saved workshop that has been read and verified.

    Attributes:
        text: all that is in the file, with the ends of lines that it was saved with.
        lines: the record, as its bytes are hashed.
        entries: the same, read, with the words in them.
        travelled: a program changed the ends of the lines on the way, which changes no word.
    """

    text: str
    rubric: Rubric
    lines: tuple[str, ...]
    words: tuple[SaltedWords, ...]
    entries: tuple[Entry, ...]
    workshop: Workshop
    travelled: bool = False

    def at(self, revision: int) -> Workshop:
        """The workshop as it stood at a revision."""
        return _fold(self.entries[:revision], self.lines, self.rubric, "archive")


def is_saved(workshop: str | Path) -> bool:
    """Whether this is the path of a saved workshop, or of a folder, and not an id."""
    path = Path(workshop)
    try:
        named = isinstance(workshop, Path) or path.name != workshop  # an id has no folder before it
        return path.suffix == ENDING or path.is_file() or (named and path.is_dir())
    except OSError:  # longer than a name can be
        return False


def read_archive(path: Path | str) -> Archive:
    """A saved workshop, verified line by line. A pipe or a device is none: it may never end.

    Raises:
        ArchiveFault: names the first line that does not fit, and why.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise ArchiveFault(f"{path}: this is a folder. {_in_folder(path)}")
        if path.exists() and not path.is_file():
            raise ArchiveFault(f"{path}: this is no file. Give the path of a saved workshop.")
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no file is called so"
        raise ArchiveFault(f"{path}: this file cannot be read ({why}). Check its name and its rights.") from None
    return parse_archive(data, path)


def _in_folder(folder: Path) -> str:
    """What to name in place of a folder."""
    there = sorted(one.name for one in folder.glob(f"*{ENDING}"))[:MOST_NAMED]
    return f"Name a saved workshop in it: {', '.join(there)}." if there else "There is no saved workshop in it."


def parse_archive(data: bytes, path: Path) -> Archive:
    """The saved workshop in these bytes, verified line by line; the path is for its errors.

    Programs that pass a file on change what stands at the ends of its lines, break long ones, or put a mark before the
    first. That is taken; a changed word is not.

    Raises:
        ArchiveFault: names the first line that does not fit.
    """
    given = _decoded(data, path)
    if given.count("\n") + given.count("\r") > MOST_LINES:
        raise ArchiveFault(f"{path}: this is not a saved workshop: it has more than {MOST_LINES:,} lines.")
    try:
        found = _parsed(lines_in(given), path)
    except ArchiveFault:
        for texts in put_together(given):
            with suppress(ArchiveFault):
                return replace(_parsed(texts, path), travelled=True)
        raise
    return replace(found, travelled=found.text.encode() != data)


def _parsed(texts: Sequence[str], path: Path) -> Archive:
    """The saved workshop of these lines.

    Raises:
        ArchiveFault: names the first that does not fit.
    """
    too_long = next((number for number, line in enumerate(texts, 1) if len(line) > LONGEST_LINE), None)
    if too_long:
        raise ArchiveFault(f"{path}, line {too_long}: it is longer than any line of a saved workshop.")
    header, rubric = _header(path, texts[0])
    count = header["count"]
    lines, rest = tuple(texts[1 : count + 1]), texts[count + 1 :]
    if len(lines) < count:
        raise ArchiveFault(f"{path}: the record has {count} lines, and {len(lines)} are there. The end is missing.")
    words = tuple(_words(path, number, text) for number, text in enumerate(rest, count + 2))
    entries = tuple(_entries(path, lines, {one.digest: one.text for one in words}))
    _check_words(path, entries, words, count)
    workshop = _fold(entries, lines, rubric, str(path))
    if (workshop.head, workshop.id) != (header["head"], header["workshop"]):
        raise ArchiveFault(f"{path}, line 1: the header belongs to another record (head {header['head']}).")
    return Archive("\n".join(texts) + "\n", rubric, lines, words, entries, workshop)


def _decoded(data: bytes, path: Path) -> str:
    """The text of the file.

    Raises:
        ArchiveFault: it is another file; says which, if that is known.
    """
    other = say_other(data)
    if other:
        raise ArchiveFault(f"{path}: {other}")
    try:
        return text_of(data)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ArchiveFault(
            f"{path}, line {line}: this file cannot be read as a saved workshop: it is no text."
        ) from None


def verify(path: Path | str) -> str:
    """The head digest of a saved workshop, which stands on every report made from it.

    Raises:
        ArchiveFault: names the first line that does not fit.
    """
    return read_archive(path).workshop.head


def _header(path: Path, text: str) -> tuple[dict[str, Any], Rubric]:
    try:
        header = _read_json(text)
        if header["format"] != FORMAT or type(header["version"]) is not int or header["version"] < 1:
            raise ValueError
        if header["version"] > FORMAT_VERSION:
            raise ArchiveFault(f"{path}: the file has format {header['version']}, which needs a newer toolkit.")
        texts = isinstance(header["head"], str) and isinstance(header["workshop"], str)
        if not (texts and type(header["count"]) is int and header["count"] > 0):
            raise ValueError
        return header, rubric_from_json(header["rubric"])
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError):
        raise ArchiveFault(f"{path}, line 1: this is not a saved workshop. Choose another copy of it.") from None
    except RubricFaults as error:
        raise ArchiveFault(f"{path}, line 1: the rubric in it has faults:\n{error}") from None


def _read_json(text: str) -> Any:
    """The data of a line.

    Raises:
        RecursionError: it is nested very deeply.
        ValueError: it is no JSON, or such as no program of ours writes: deep, with numbers that are not whole or very
            long, with a key that stands twice, or with half a character.
    """
    numbers = dict.fromkeys(("parse_int", "parse_float", "parse_constant"), _number)
    data = json.loads(text, object_pairs_hook=_keys_once, **numbers)  # type: ignore[arg-type]
    level = [data]
    for _ in range(DEEPEST):
        level = [one for part in level if isinstance(part, dict | list) for one in _parts(part)]
    if level:
        raise ValueError("It is nested too deeply.")
    json.dumps(data, ensure_ascii=False).encode()  # half emoji, which JSON can hold, cannot be encoded
    return data


def _parts(of: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return of.values() if isinstance(of, dict) else of


def _keys_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        raise ValueError("A key stands twice.")
    return data


def _number(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError("A number is too long.")
    return int(text)


def _entries(path: Path, lines: tuple[str, ...], said: dict[str, str | None]) -> Iterator[Entry]:
    head = FIRST
    for number, line in enumerate(lines, 2):
        try:
            entry = from_line(line)
        except ArchiveFault as fault:
            raise ArchiveFault(f"{path}, line {number}: {fault} Choose another copy of the file.") from None
        if entry.previous != head:
            raise ArchiveFault(f"{path}, line {number}: it does not follow the line before it.")
        head = line_digest(line)
        yield replace(entry, event=with_texts(entry.event, said))


def _words(path: Path, number: int, text: str) -> SaltedWords:
    try:
        words = SaltedWords(**_read_json(text))
        salted = _SALT.fullmatch(words.salt) or (words.text is None and not words.salt)  # erased words have lost theirs
        fits = _HASH.fullmatch(words.digest) and salted and words.fits()
    except (ValueError, TypeError, AttributeError, ArithmeticError, RecursionError):
        raise ArchiveFault(f"{path}, line {number}: these are not the words of a workshop.") from None
    if not fits:
        raise ArchiveFault(f"{path}, line {number}: these words are not those that were recorded.")
    return words


def _check_words(path: Path, entries: tuple[Entry, ...], words: tuple[SaltedWords, ...], count: int) -> None:
    there = {one.digest for one in words}
    used, words_before = set(), set()
    for number, entry in enumerate(entries, 2):
        digests = words_in(entry.event)
        if not digests <= there:
            raise ArchiveFault(f"{path}, line {number}: its words are missing from the end of the file.")
        used |= digests
    for number, one in enumerate(words, count + 2):
        if one.digest in words_before:
            raise ArchiveFault(f"{path}, line {number}: these words stand twice.")
        words_before.add(one.digest)
        if one.digest not in used:
            raise ArchiveFault(f"{path}, line {number}: these words belong to no line of the record.")


def _fold(entries: tuple[Entry, ...], lines: tuple[str, ...], rubric: Rubric, name: str) -> Workshop:
    workshop: Workshop | None = None
    for number, (entry, line) in enumerate(zip(entries, lines, strict=False), 2):
        try:
            workshop = apply(workshop, entry) if workshop else begin(entry, rubric)
            workshop = replace(workshop, head=line_digest(line))
        except RuleBroken as broken:
            raise ArchiveFault(f"{name}, line {number}: {broken}") from None
        except LookupError:
            raise ArchiveFault(f"{name}, line {number}: it does not fit what was recorded before.") from None
        if isinstance(entry.event, WorkshopCreated) and entry.event.rubric_digest != rubric_digest(rubric):
            raise ArchiveFault(f"{name}, line {number}: the rubric in the header is not the one that was used.")
    if workshop is None:
        raise ArchiveFault(f"{name}: the record is empty.")
    return workshop
