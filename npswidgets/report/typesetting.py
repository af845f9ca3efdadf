"""Typst, as PDFs are set with it: words are handed over as data, and no font of this machine changes a page."""

import json
import re
import unicodedata
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from npswidgets.errors import ExportFailed

if TYPE_CHECKING:
    from typst import Fonts, PDFStandard

_PICTURES = re.compile("[\ufe00-\ufe0f\u20e3]|\u200d(?=[\u2190-\u2bff\U0001f000-\U0001faff])")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
"""Characters that mean something in one font alone, such as the bullets of Word, and that PDF/A refuses."""
TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "typst"


def typeset(template: str, name: str, given: dict[str, Any], standards: "list[PDFStandard]") -> bytes:
    """The PDF that a template makes of values, which it reads as JSON in the input `name`. No clock is in it.

    Raises:
        ExportFailed: it would not keep to the standards.
    """
    import typst

    source = (TEMPLATES / template).read_bytes()
    for say in (_said, _plainest):
        typesetter = typst.Compiler(root=TEMPLATES, font_paths=_fonts(), sys_inputs={name: say(given)})
        with suppress(typst.TypstError):  # its text quotes what cannot be set
            made = typesetter.compile(source, pdf_standards=standards, timestamp=0)
            break
    else:
        raise ExportFailed("The PDF could not be made to its standards. Choose another format, such as Word.")
    assert isinstance(made, bytes)
    return made


def _said(given: dict[str, Any]) -> str:
    """The values as JSON, without what makes another picture of an emoji: no font here has it, and Typst gives up.

    A sign stands for each character of private use, as boxes do for letters that the fonts lack.
    """
    return _PRIVATE.sub("\ufffd", _PICTURES.sub("", json.dumps(given, ensure_ascii=False)))


def _plainest(given: dict[str, Any]) -> str:
    """The same without marks on letters that no single character holds: what Typst cannot join, it refuses."""
    composed = unicodedata.normalize("NFC", _said(given))
    return "".join(one for one in composed if unicodedata.category(one) not in ("Mn", "Me", "Cf"))


@cache
def fonts_folder() -> Path:
    """Where the fonts of matplotlib are, which takes a third of a second to import for those who draw nothing."""
    found = find_spec("matplotlib")
    assert found
    assert found.origin
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


@cache
def _fonts() -> "Fonts":
    """Those that come with matplotlib and Typst."""
    from typst import Fonts

    return Fonts(include_system_fonts=False, font_paths=[fonts_folder()])
