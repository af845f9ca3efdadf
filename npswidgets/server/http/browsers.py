"""Browsers that lose their people's place, inside another app, and programs that look at a page for nobody."""

import re
from collections.abc import Mapping

IN_APP = re.compile(
    r"FBA[NV]|FB_IAB|Instagram|\bLine/|MicroMessenger|LinkedInApp|Snapchat|Twitter|Pinterest|TikTok|musical_ly"
    r"|BytedanceWebview|WhatsApp|TeamsMobile|\bGSA/|; wv\)",
    re.IGNORECASE,
)
"""What apps add to the name of the browser that they show pages in; Android's own sign is "; wv)"."""

PREVIEW = re.compile(
    r"(?<!Cu)[Bb]ot\b|[Cc]rawler|[Ss]pider|facebookexternalhit|^WhatsApp/|BingPreview|SkypeUriPreview|Slack-ImgProxy"
    r"|ms-office|SafeLinks"
)
"""How those call themselves that fetch a page to show a picture of it, to index it, or to check a link in a mail."""


def is_for_nobody(headers: Mapping[str, str]) -> bool:
    """Whether nobody looks at the page that is asked for: a preview, a robot, a browser that loads it in advance.

    >>> is_for_nobody({"Sec-Purpose": "prefetch;prerender"}), is_for_nobody({"User-Agent": "Slackbot 1.0"})
    (True, True)
    >>> is_for_nobody({"User-Agent": "Mozilla/5.0 (Linux; Android 13; Cubot P80) AppleWebKit/537.36 Chrome/126.0"})
    False
    """
    purposes = " ".join(headers.get(name, "") for name in ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz"))
    return any(word in purposes.lower() for word in ("prefetch", "prerender", "preview")) or (
        PREVIEW.search(headers.get("User-Agent", "")) is not None
    )


def is_inside_app(user_agent: str) -> bool:
    """Whether a page is open inside another app. On iPhones such a browser does not call itself Safari.

    >>> is_inside_app("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/22B83")
    True
    """
    on_ios = re.search(r"iPhone|iPad|iPod", user_agent) is not None
    return IN_APP.search(user_agent) is not None or (on_ios and "Safari/" not in user_agent)
