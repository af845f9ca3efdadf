"""The files of the pages and of the widgets, compressed once, since a phone loads 5 MB of them."""

import gzip
import mimetypes
import os
from collections.abc import Sequence
from pathlib import Path

from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.utils import filefind

from npswidgets.server.pages.page import Page

COMPRESSED = {".js", ".css", ".json", ".svg", ".txt"}
SMALLEST_BYTES = 1000


class Files(Page, FileFindHandler):
    """A file from the first of several folders that has it. Its address has a version, so that browsers keep it."""

    @classmethod
    def get_absolute_path(cls, roots: Sequence[str], path: str) -> str:
        """Where the file is, looked up each time; "" if there is none.

        Jupyter keeps each address that it has found, and a file has as many as there are ways to write it.
        """
        try:
            return os.path.abspath(filefind(path, roots))  # noqa: PTH100 (the interface)
        except (OSError, ValueError):  # too long, or a name that no file can have
            return ""

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """The file to send: the compressed one for a browser that takes it."""
        found = super().validate_absolute_path(root, absolute_path)
        if found is None or not self._compresses(Path(found)):
            return found
        self.set_header("Content-Encoding", "gzip")
        self.set_header("Vary", "Accept-Encoding")
        return str(compressed(Path(found), Path(self.settings["compressed_files"])))

    def set_extra_headers(self, path: str) -> None:
        """Fewer than a page has, for scripts and styles."""
        super().set_extra_headers(path)
        if Path(path).suffix in (".js", ".css"):
            self.send_fewer_headers()

    def get_content_type(self) -> str:
        """The type of what is inside."""
        kind, _ = mimetypes.guess_type(str(self.absolute_path).removesuffix(".gz"))
        return kind or "application/octet-stream"

    def get_content_size(self) -> int:
        """The bytes that are sent."""
        return Path(str(self.absolute_path)).stat().st_size

    def _compresses(self, path: Path) -> bool:
        taken = "gzip" in self.request.headers.get("Accept-Encoding", "")
        return taken and path.suffix in COMPRESSED and path.stat().st_size >= SMALLEST_BYTES


def compressed(path: Path, folder: Path) -> Path:
    """The compressed copy of a file, made when it is first asked for and whenever the file has changed."""
    file = path.stat()
    copy = folder / f"{file.st_dev}-{file.st_ino}-{file.st_mtime_ns}{path.suffix.lower()}.gz"
    if not copy.exists():
        folder.mkdir(exist_ok=True)
        copy.write_bytes(gzip.compress(path.read_bytes(), compresslevel=9))
    return copy
