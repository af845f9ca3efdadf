"""Installs Streamlit, Panel and Solara, each into an environment of its own: ``make bench-peers``.

They are no dependency of the project. One that does not install is left out of the results, by name.
"""

import subprocess
import sys
import venv
from pathlib import Path

SOLARA = "1.58.2"
"""The newest whose files for browsers come as a package, too: others are fetched from a CDN."""
PEERS = {
    "streamlit": ("streamlit", "tornado"),  # `people.py` opens its websockets with tornado
    "panel": ("panel",),
    "solara": tuple(f"{name}=={SOLARA}" for name in ("solara", "solara-server", "solara-ui", "solara-assets")),
}

CACHE = Path(__file__).resolve().parent.parent / "cache"


def python_of(peer: str) -> Path:
    """The interpreter of a peer's environment."""
    folder = "Scripts" if sys.platform == "win32" else "bin"
    return CACHE / peer / folder / "python"


def is_installed(peer: str) -> bool:
    """Whether a peer's environment is complete."""
    return (CACHE / peer / "installed").exists()


def install(peer: str) -> bool:
    """Makes a peer's environment; whether that worked."""
    if not is_installed(peer):
        print(f"Installing {peer}.")
        venv.create(CACHE / peer, with_pip=True)
        command = [python_of(peer), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if subprocess.run([*command, *PEERS[peer]], check=False).returncode:
            print(f"{peer} does not install here; it is left out.")
            return False
        (CACHE / peer / "installed").touch()
    return True


def main() -> None:
    """Installs all of them."""
    for peer in PEERS:
        install(peer)


if __name__ == "__main__":
    main()
