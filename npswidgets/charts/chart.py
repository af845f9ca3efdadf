"""A picture that says in words what it shows, and is the same bytes each time it is made."""

import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import matplotlib as mpl
from matplotlib.figure import Figure

from npswidgets.domain.nearest import shown
from npswidgets.domain.text import printable
from npswidgets.errors import ExportFailed
from npswidgets.whole_file import write_whole

if TYPE_CHECKING:
    from pandas import DataFrame

PNG_DPI = 200
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}

_PAGE_WIDE_STYLE = re.compile(r"<style.*?</style>", re.DOTALL)
_STROKES = 'stroke-linejoin="round" stroke-linecap="butt"'
"""What matplotlib says in a style sheet, which would hold for the whole page that the picture is put into."""


@dataclass(frozen=True, repr=False)
class ChartTable:
    """The figures behind a chart, as texts; the first cells of a row say what it is about.

    Attributes:
        texts: the columns that hold words; all others hold whole numbers.
        figures: those of the others that hold numbers with digits behind the point.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: tuple[str, ...]
    figures: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return printable(f"<ChartTable {', '.join(self.head)}: {len(self.rows)} rows>")

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{_xml(text)}</th>' for text in self.head)
        rows = ("".join(f"<td>{_xml(text)}</td>" for text in row) for row in self.rows)
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


@dataclass(frozen=True, repr=False)
class Chart:
    """A chart.

    Attributes:
        title: what it is of, in a few words.
        alt: a sentence or two written from its data, for people who do not see it.
        figure: the drawing; nothing of it is kept by matplotlib elsewhere.
        says: what it shows, in one sentence written from its data, for everybody.
        cells: the figures behind it, as texts.
    """

    title: str
    alt: str
    figure: Figure
    says: str
    cells: ChartTable

    def __repr__(self) -> str:
        return printable(f"<Chart {self.title}: {self.says}>")

    @property
    def table(self) -> "DataFrame":
        """The figures behind it as a DataFrame: numbers as `Int64` or `Float64`, texts as `string`.

        Columns have their types without rows, too. A missing one is `pd.NA`. Where a text stands in place of a number,
        such as "(not applicable)", it is in a column of its own behind it.
        """
        from npswidgets.charts.chart_frame import chart_frame

        return chart_frame(self.cells.head, self.cells.rows, self.cells.texts, self.cells.figures)

    def save(self, path: str | Path) -> Path:
        """Writes the picture, as its name ends: `.svg`, `.png` or `.pdf`; gives the path back.

        Raises:
            ExportFailed: the name ends otherwise, or the file cannot be written; what was there stays.
        """
        file = _file_of(path)
        makers = {".svg": lambda: self.svg().encode(), ".png": self.png, ".pdf": self._pdf}
        make = makers.get(file.suffix.lower())
        if make is None:
            raise ExportFailed(f"{shown(file)}: a chart is saved as {', '.join(makers)}. End its name so.")
        made = make()
        try:
            write_whole(file, made)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "no file can be called so"
            raise ExportFailed(f"{shown(file)}: the chart cannot be written there ({why}).") from None
        return file

    def svg(self, letters: Literal["outlines", "text"] = "outlines") -> str:
        """An `<svg>` element with title and description, to be put into a page or saved as a file.

        Who does not see it gets `alt` as its description. Ids are unlike those of other charts on the same page.

        Args:
            letters: as outlines the picture needs no font, and looks the same on any computer; as text it takes half
                the time and can be searched, where somebody sets it with the font that matplotlib brings along.
        """
        buffer = BytesIO()
        kind = "path" if letters == "outlines" else "none"
        settings = {"svg.fonttype": kind, "svg.hashsalt": "npswidgets", "font.sans-serif": ["DejaVu Sans"]}
        with mpl.rc_context(settings):  # type: ignore[arg-type]  # it asks for names that it knows when it is typed
            self.figure.savefig(buffer, format="svg", metadata=_NO_METADATA)
        return self._described(buffer.getvalue().decode("utf-8"))

    def png(self) -> bytes:
        """The picture at 200 dots per inch."""
        buffer = BytesIO()
        metadata = {"Title": self.title, "Description": self.alt, "Software": None}
        self.figure.savefig(buffer, format="png", dpi=PNG_DPI, metadata=metadata)
        return buffer.getvalue()

    def _pdf(self) -> bytes:
        buffer = BytesIO()
        metadata = {"Title": self.title, "Subject": self.alt, "CreationDate": None, "Creator": None, "Producer": None}
        self.figure.savefig(buffer, format="pdf", metadata=metadata)
        return buffer.getvalue()

    def _described(self, svg: str) -> str:
        key = sha256(f"{self.title}\n{self.alt}".encode()).hexdigest()[:8]
        drawing = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>c{key}-", svg[svg.index("<svg") :])
        drawing = _PAGE_WIDE_STYLE.sub("", drawing)
        words = f'<title id="c{key}-title">{_xml(self.title)}</title>\n<desc id="c{key}-desc">{_xml(self.alt)}</desc>'
        attributes = f'role="img" aria-labelledby="c{key}-title" aria-describedby="c{key}-desc" {_STROKES}'
        return re.sub(r"<svg([^>]*)>", lambda found: f"<svg {attributes}{found[1]}>\n{words}", drawing, count=1)

    def _repr_html_(self) -> str:
        """How a notebook shows it: as an image, which JupyterLab keeps even in a notebook that it does not trust."""
        data = b64encode(self.svg().encode()).decode()
        image = f'<img alt="{_xml(self.alt)}" src="data:image/svg+xml;base64,{data}">'
        return f"<figure>{image}<figcaption>{_xml(self.says)}</figcaption></figure>"


def _file_of(path: str | Path) -> Path:
    """The file; `~` is the home folder."""
    try:
        return Path(path).expanduser()
    except (TypeError, RuntimeError):
        raise ExportFailed(f"Expected the path of a file for the chart, found {shown(repr(path))}.") from None


def _xml(text: str) -> str:
    return escape("".join(mark for mark in text if mark.isprintable()))
