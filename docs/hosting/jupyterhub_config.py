"""JupyterHub in front of workshops: one server for all as a service, or one for each council, started on demand.

The tests run this very file (tests/hub.py), with other places and a password. Said in docs/hosting/jupyterhub.md.
"""

import os
import sys
from pathlib import Path
from urllib.parse import quote

c = get_config()  # noqa: F821  # JupyterHub gives it

# A council's workshops are in FOLDER/councils/<user>/<server>/workshops.db: block storage, and nobody else's.
FOLDER = Path(os.environ.get("NPS_HUB_FOLDER", "/var/lib/nps"))
URL = os.environ.get("NPS_HUB_URL", "https://hub.example.gov.uk/")  # as people type it
BIND = os.environ.get("NPS_HUB_BIND", "http://127.0.0.1:8000/")  # nginx with the certificate asks here
SERVICE = os.environ.get("NPS_HUB_SERVICE", "http://127.0.0.1:8866/")
SERVE = [str(Path(sys.executable).with_name("nps-workshop")), "serve"]

c.JupyterHub.public_url = URL  # what QR codes and invitations lead to
c.JupyterHub.bind_url = BIND
c.JupyterHub.allow_named_servers = True  # /user/<council>/<name>/, with a database of its own


def database(*names):
    """A file of its own for each server, by names that lead out of no folder."""
    place = FOLDER.joinpath(*(quote(name, safe="@").replace(".", "%2E") or "_" for name in names))
    place.mkdir(parents=True, exist_ok=True)
    return str(place / "workshops.db")


# One server for one council, below /services/nps/. The hub starts it and starts it again; it is never ended.
c.JupyterHub.services = [
    {
        "name": "nps",
        "url": SERVICE,
        "command": SERVE,
        "environment": {"NPS_DATABASE": database("services", "nps")},
        "oauth_no_confirm": True,
        "display": False,  # people are led to it by their own link
    }
]

# One server a council, below /user/<council>/, where the council is a user of the hub.
c.JupyterHub.spawner_class = "simple"  # many councils on one machine: systemdspawner, a user of the system each
c.Spawner.cmd = SERVE
c.Spawner.environment = {"NPS_DATABASE": lambda spawner: database("councils", spawner.user.name, spawner.name)}
c.Spawner.default_url = "/start"

# Who may sign on where. That alone opens nothing: the server knows its operators and facilitators by name.
c.JupyterHub.load_groups = {"facilitators": {"users": []}}
c.JupyterHub.load_roles = [
    {
        "name": "facilitators",
        "groups": ["facilitators"],
        "scopes": [
            "access:services!service=nps",
            "access:servers",
        ],  # one council's alone: access:servers!user=<council>
    }
]
