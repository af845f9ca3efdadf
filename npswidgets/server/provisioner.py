"""Where a kernel's process comes from: forked for a participant's page where that is possible, else as usual."""

from importlib.metadata import entry_points
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from npswidgets.server.forks import ForkedProcess

NAME = "npswidgets"
"""Of the entry point."""


def is_registered() -> bool:
    """Whether Jupyter finds the provisioner below under its name."""
    return any(entry_points(group=KernelProvisionerFactory.GROUP_NAME, name=NAME))


class WorkshopProvisioner(LocalProvisioner):
    """Forks a kernel that is started with `prepared=True`; all others are processes of their own from the beginning."""

    async def launch_kernel(self, cmd: list[str], *, prepared: bool = False, **options: Any) -> KernelConnectionInfo:
        """Starts the process; returns when it has (if it is forked: when its screen is open).

        Raises:
            ForkFailed: it was to be forked, and that did not work.
        """
        if not prepared:
            return await super().launch_kernel(cmd, **options)
        kernel = self.parent
        assert kernel is not None
        self.process = await kernel.parent.fork(kernel.connection_file, options["env"])
        self.pid = self.process.pid
        return self.connection_info

    async def cleanup(self, restart: bool = False) -> None:
        """Lets go of a process that has died."""
        if isinstance(self.process, ForkedProcess):
            self.process.close()
            self.process = None
        await super().cleanup(restart)
