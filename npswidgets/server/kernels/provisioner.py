"""Where a kernel's process comes from: for a page of ours, one that has built the screen already."""

import signal
from importlib.metadata import entry_points
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from npswidgets.server.kernels.forks import ForkedProcess
from npswidgets.server.kernels.spares import Spare

NAME = "npswidgets"
"""Of the entry point."""


def is_registered() -> bool:
    """Whether Jupyter finds the provisioner below under its name: an older installation may look for it elsewhere."""
    found = entry_points(group=KernelProvisionerFactory.GROUP_NAME, name=NAME)
    return f"{__name__}:{WorkshopProvisioner.__name__}" in {point.value for point in found}


class WorkshopProvisioner(LocalProvisioner):
    """Takes a process that waits for a kernel that is started with `prepared=True`; all others are started now."""

    async def launch_kernel(self, cmd: list[str], *, prepared: bool = False, **options: Any) -> KernelConnectionInfo:
        """Starts the process; returns when it has (if it is prepared: when its screen is open).

        Raises:
            ForkFailed: it was to be prepared, and that did not work.
        """
        if not prepared:
            return await super().launch_kernel(cmd, **options)
        kernel = self.parent
        assert kernel is not None
        self.process = await kernel.parent.open_screen(kernel.connection_file, options["env"])
        self.pid = self.process.pid
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """Sends a signal, but for an interruption to a kernel that runs no code."""
        if signum != signal.SIGINT or not isinstance(self.process, ForkedProcess | Spare):
            await super().send_signal(signum)

    async def cleanup(self, restart: bool = False) -> None:
        """Lets go of a process that has died."""
        if isinstance(self.process, ForkedProcess | Spare):
            self.process.close()
            self.process = None
        await super().cleanup(restart)
