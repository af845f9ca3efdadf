"""What people are told about their votes, in the invitation and where they join."""

from npswidgets.domain.events import Anonymity

PRIVACY: dict[Anonymity, str] = {
    "anonymous": "No screen and no report shows who voted for what.",
    "alias": "The name that you choose is kept with your votes, not your own. Reports show votes without names.",
    "named": "The record keeps your name with your votes. Reports show votes without names.",
}
"""By how people take part."""
