"""A participant's kernel: it holds one screen and takes its messages, and runs no code.

It is much smaller than IPython, and quick to start: no shell, history, debugger, configuration files or output capture.
"""

import logging
from collections.abc import Callable
from typing import Any

import comm
from ipykernel._version import kernel_protocol_version
from ipykernel.comm import CommManager
from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel
from ipywidgets import Widget
from tornado.ioloop import IOLoop

CONTROL = "jupyter.widget.control"


class ScreenKernel(Kernel):
    """Answers what a page asks: who are you, which widgets are there, what is in them."""

    implementation = "npswidgets"
    implementation_version = "1"
    language_info = {"name": "python", "mimetype": "text/x-python", "file_extension": ".py"}  # noqa: RUF012 (the interface)
    banner = "A screen of a workshop"

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.comm_manager: CommManager = comm.get_comm_manager()  # type: ignore[assignment]  # ipykernel's own
        for kind in ("comm_open", "comm_msg", "comm_close"):
            self.shell_handlers[kind] = getattr(self.comm_manager, kind)

    @property
    def kernel_info(self) -> dict[str, Any]:
        """What the kernel is. The base class would import a debugger to say whether there is one."""
        return {
            "protocol_version": kernel_protocol_version,
            "implementation": self.implementation,
            "implementation_version": self.implementation_version,
            "language_info": self.language_info,
            "banner": self.banner,
            "help_links": [],
            "supported_features": ["kernel subshells"],
        }

    async def do_execute(self, *_: Any, **__: Any) -> dict[str, Any]:
        """Runs nothing."""
        return {"status": "error", "ename": "NotAllowed", "evalue": "This kernel runs no code.", "traceback": []}


class ScreenKernelApp(IPKernelApp):
    """The sockets and threads around the kernel; nothing is read from files but the connection's."""

    kernel_class = ScreenKernel
    outstream_class = None  # type: ignore[assignment]  # what is logged goes where the server's log goes
    profile_dir = None

    def init_profile_dir(self) -> None:
        """None."""

    def load_config_file(self, *_: Any, **__: Any) -> None:
        """None."""

    init_config_files = init_pdb = init_path = patch_io = init_profile_dir


def run_screen(connection_file: str, open_screen: Callable[[], None]) -> None:
    """Runs a kernel whose widgets were made before it was there; returns when it has been shut down.

    Args:
        open_screen: called when the event loop runs, before the first message of a page.
    """
    options = {"parent_handle": 1, "log_level": logging.ERROR}  # nothing is printed; no parent is watched
    app = ScreenKernelApp.instance(connection_file=connection_file, **options)
    logging.getLogger("Comm").setLevel(logging.ERROR)  # not a line for each message about a widget that is not there
    app.initialize([])
    _connect_widgets(app.kernel)
    IOLoop.current().add_callback(open_screen)
    app.start()


def _connect_widgets(kernel: ScreenKernel) -> None:
    """Lets widgets that were there before the kernel speak through it; a page may ask for them, and make none."""
    for one in kernel.comm_manager.comms.values():
        one.kernel = kernel
    kernel.comm_manager.register_target(CONTROL, Widget.handle_control_comm_opened)
