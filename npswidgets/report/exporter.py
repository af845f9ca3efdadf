"""What the nbconvert exporters of whole files have in common. Nothing large is imported before one of them is used."""

from typing import Any, ClassVar

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import default


class FileExporter(Exporter):
    """Makes a file of the report that a session notebook carries. `ending` is that of the file's name."""

    ending: ClassVar[str]

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return self.ending

    def render(self, notebook: NotebookNode) -> str | bytes:
        """The file.

        Raises:
            ExportFailed: the notebook carries no report.
        """
        raise NotImplementedError

    def from_notebook_node(  # type: ignore[override]  # a file's content is text or bytes
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str | bytes, dict[str, Any]]:
        """The file, and nbconvert's resources."""
        checked, resources = super().from_notebook_node(nb, resources, **kw)
        return self.render(checked), resources
