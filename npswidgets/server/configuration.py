"""How Voila and the kernels are set up, and the limits of the server."""

import os
import secrets
import sys
import tempfile

from tornado.httputil import ParseBodyConfig, ParseMultipartConfig, ParseUrlEncodedConfig
from traitlets.config import Config

from npswidgets.errors import WorkshopError
from npswidgets.server.kernels.workshop_kernels import Ceiling, WorkshopKernels, WorkshopKernelSpecs, most_kernels

LAB_EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"]
LONGEST_MESSAGE_BYTES = 256 * 1024
FORM_BOUNDS = ParseBodyConfig(
    multipart=ParseMultipartConfig(max_parts=20), urlencoded=ParseUrlEncodedConfig(max_arguments=1000)
)
"""The largest form has six fields and those of up to twelve sessions, one of which is ticked once for each key area."""
LONGEST_SOCKET_PATH = 90
LEFT_KERNEL_SECONDS = 900
CULLING_SECONDS = 10
OPENING_SECONDS = 40
PING_MS = 30_000
SILENT_MS = 90_000
"""After so long without an answer to a ping a page is gone. The first ping goes out after `PING_MS`: a page that may
not be silent for longer than that would be cut off before it was ever asked."""


def voila_config(database: str, ceiling: Ceiling) -> Config:
    """The configuration of Voila and all that it starts; nothing is read from files."""
    return Config(
        VoilaConfiguration={
            "template": "base",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "extension_allowlist": LAB_EXTENSIONS,
            "file_allowlist": [],
            "multi_kernel_manager_class": WorkshopKernels,
            "kernel_spec_manager_class": WorkshopKernelSpecs,
        },
        WorkshopKernels={
            "database": database,
            "most": most_kernels(ceiling.memory_bytes),
            "most_people": ceiling.people,
            "kernel_manager_class": "npswidgets.server.kernels.workshop_kernels.WorkshopKernel",
            "allow_tracebacks": False,
            "buffer_offline_messages": False,  # a page that comes back fetches its state anyway
            "cull_idle_timeout": LEFT_KERNEL_SECONDS,
            "cull_interval": CULLING_SECONDS,
            "kernel_info_timeout": OPENING_SECONDS,
        },
        KernelManager={
            # TCP ports are found free long before a busy kernel binds them
            "transport": "ipc" if sys.platform == "linux" else "tcp",
            "shutdown_wait_time": 2.0,
        },
        KernelRestarter={"restart_limit": 0, "time_to_dead": 1.0},  # started again, it would not run its notebook
        VoilaExecutor={"startup_timeout": OPENING_SECONDS, "timeout": OPENING_SECONDS},
        NotebookNotary={"db_file": ":memory:", "secret": secrets.token_bytes(32)},
    )


def folder_for_sockets() -> str | None:
    """A folder in which the path of a kernel's socket is not too long; None for the usual one.

    Raises:
        WorkshopError: there is none.
    """
    usual = tempfile.gettempdir()
    longest = len(usual) + len("/nps-12345678/kernel-12345678-1234-1234-1234-123456789012-ipc-12345")
    if sys.platform != "linux" or longest <= LONGEST_SOCKET_PATH:
        return None
    if not os.access("/tmp", os.W_OK):
        most = len(usual) - (longest - LONGEST_SOCKET_PATH)
        raise WorkshopError(
            f"The path of the folder for temporary files has {len(usual)} characters, and sockets in it need one of at "
            f"most {most}: {usual}. Set TMPDIR to a shorter one, or have the database in a folder with a shorter path."
        )
    return "/tmp"
