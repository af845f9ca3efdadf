"""Typst, as PDFs are set with it: words are handed over as data, and no font of this machine changes a page."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from npswidgets.errors import ExportFailed

if TYPE_CHECKING:
    from typst import Fonts, PDFStandard

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "typst"


def typeset(template: str, name: str, given: dict[str, Any], standards: "list[PDFStandard]") -> bytes:
    """The PDF that a template makes of values, which it reads as JSON in the input `name`. No clock is in it.

    Raises:
        ExportFailed: it would not keep to the standards.
    """
    import typst

    try:
        typesetter = typst.Compiler(root=TEMPLATES, font_paths=_fonts(), sys_inputs={name: json.dumps(given)})
        made = typesetter.compile((TEMPLATES / template).read_bytes(), pdf_standards=standards, timestamp=0)
    except typst.TypstError:  # its text quotes what cannot be set
        raise ExportFailed("The PDF could not be made to its standards. Choose another format, such as Word.") from None
    assert isinstance(made, bytes)
    return made


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
