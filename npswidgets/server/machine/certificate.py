"""The certificate of a server, as a phone sees it: whether it is trusted, for this name, and for how long."""

import asyncio
import ssl
from datetime import UTC, datetime
from urllib.parse import urlsplit

PATIENCE_SECONDS = 20.0
RENEWED_DAYS = 7
"""Whatever renews it does so weeks before; with so few days left it does not."""

EXPIRED, NOT_YET, SELF_SIGNED = 10, 9, 18
OTHER_NAME = (62, 64)
NO_ISSUER = (2, 19, 20, 21)
"""X509_V_ERR_* of https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/."""


async def look_at_certificate(url: str, now: datetime, trusted: str | None = None) -> tuple[str, str] | None:
    """What is seen, and what to do about it, which is empty where all is well; None where nothing answers at all.

    Args:
        trusted: the file of a certificate to trust; None for those that this computer does.
    """
    host, port = urlsplit(url).hostname or "", urlsplit(url).port or 443
    context = ssl.create_default_context(cafile=trusted)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            _, line = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        return say_refused(error.verify_code, error.verify_message, host)
    except (ssl.SSLError, ConnectionResetError) as error:  # whoever does not speak it may hang up
        why = getattr(error, "reason", None) or "it is closed"
        return f"No encrypted connection comes about ({why}).", "Have the proxy speak https there, by TLS 1.2 or newer."
    except (OSError, TimeoutError):
        return None
    until = line.get_extra_info("peercert")["notAfter"]
    line.close()
    return say_until(datetime.fromtimestamp(ssl.cert_time_to_seconds(until), UTC), now)


def say_until(until: datetime, now: datetime) -> tuple[str, str]:
    """Of a certificate that is trusted."""
    days = (until - now).days
    says = f"The certificate is trusted, for this name, and ends in {days} day{'' if days == 1 else 's'}."
    return says, "" if days >= RENEWED_DAYS else "Renew it now, and have the proxy read it again (nginx -s reload)."


def say_refused(code: int, message: str, host: str) -> tuple[str, str]:
    """Why phones would warn, by the code of OpenSSL."""
    if code == EXPIRED:
        return "The certificate has ended.", "Renew it, and have the proxy read it again (nginx -s reload)."
    if code == NOT_YET:
        return "The certificate is not valid yet.", "Set the clock of this computer, or wait until it begins."
    if code in OTHER_NAME:
        return f"The certificate is for another name than {host}.", "Have one made for the name that people type."
    if code == SELF_SIGNED:
        return "The certificate is signed by itself.", "Phones warn of it: have one that they trust."
    if code in NO_ISSUER:
        todo = "Have the proxy send the whole chain (nginx: ssl_certificate with the intermediate certificates in it)."
        return "Who has signed the certificate is not known: its chain is not whole, or the council's own.", todo
    return f"The certificate is refused ({message}).", "Phones warn of it: have one that they trust."
