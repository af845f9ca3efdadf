"""Whether the server is hosted, or runs on a laptop in a room."""

from npswidgets import addresses


def is_hosted(behind_proxy: bool, by_hub: bool = False) -> bool:
    """Whether people come through a proxy, or below a path of one.

    Then nothing secret is printed, and each operator has a secret of their own.
    """
    return behind_proxy or by_hub or addresses.root() != "/"
