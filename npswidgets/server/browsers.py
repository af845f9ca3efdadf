"""Browsers that lose their people's place: those inside another app, which forget their cookies when it is left."""

import re

IN_APP = re.compile(
    r"FBA[NV]|FB_IAB|Instagram|\bLine/|MicroMessenger|LinkedInApp|Snapchat|Twitter|Pinterest|TikTok|musical_ly"
    r"|BytedanceWebview|WhatsApp|TeamsMobile|\bGSA/|; wv\)",
    re.IGNORECASE,
)
"""What apps add to the name of the browser that they show pages in; Android's own sign is "; wv)"."""


def is_inside_app(user_agent: str) -> bool:
    """Whether a page is open inside another app. On iPhones such a browser does not call itself Safari.

    >>> is_inside_app("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/22B83")
    True
    """
    on_ios = re.search(r"iPhone|iPad|iPod", user_agent) is not None
    return IN_APP.search(user_agent) is not None or (on_ios and "Safari/" not in user_agent)
