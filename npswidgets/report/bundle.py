"""All files of an export in one: with a page of contents, and the digests by which each can be checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from npswidgets.report.contents import Report
from npswidgets.report.formats import FORMATS
from npswidgets.report.html import templates

CONTENTS = "contents.html"
READABLE = 0o644 << 16
"""What ZIP keeps of the rights of a file that anybody may read."""

_USES = {one.ending: f"{one.name}, {one.use}" for one in FORMATS.values()} | {
    "-benchmark.csv": "figures that the reports show beside the agreed scores",
    "-map.yaml": "map from the rubric of the earlier workshop to that of the reports",
    "-earlier.jsonl": "saved earlier workshop, which the reports compare with",
    ".jsonl": "saved workshop, by which every report can be checked and made again",
}


@dataclass(frozen=True)
class File:
    """A file as the page of contents lists it.

    Attributes:
        bytes: its length.
        digest: SHA-256 of its content, in hexadecimal digits.
    """

    name: str
    use: str
    bytes: int
    digest: str

    @property
    def size(self) -> str:
        """Its length as people say it: "12 kB", "1.2 MB"."""
        return (
            f"{max(1, round(self.bytes / 1000))}\u00a0kB" if self.bytes < 999_500 else f"{self.bytes / 1e6:.1f}\u00a0MB"
        )


def bundle(report: Report, files: Sequence[Path]) -> bytes:
    """A ZIP file with these files in a folder of the workshop's name; the same files have the same bytes.

    Raises:
        OSError: one of the files cannot be read.
    """
    contents = {path.name: path.read_bytes() for path in files}
    listed = [File(name, _use(name), len(content), sha256(content).hexdigest()) for name, content in contents.items()]
    page = templates().get_template("contents.html.j2").render(report=report, files=listed, scale=None)
    made = date.fromisoformat(report.made_on)
    packed = BytesIO()
    with ZipFile(packed, "w") as file:
        for name, content in {CONTENTS: page.encode(), **contents}.items():
            info = ZipInfo(f"{report.record.workshop}/{name}", (made.year, made.month, made.day, 0, 0, 0))
            info.compress_type, info.external_attr = ZIP_DEFLATED, READABLE
            file.writestr(info, content)
    return packed.getvalue()


def _use(name: str) -> str:
    """What a file is for; the longest ending says it."""
    return _USES[max(filter(name.endswith, _USES), key=len)]
