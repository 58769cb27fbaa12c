"""Network addresses as they may be shown."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

_SECRET = re.compile(r"(?i)([?&;](?:[^=&;]*(?:pass|pwd|secret|token|key|auth|sig)[^=&;]*)=)[^&;#]*")
_HIDDEN = r"\1***"


def shown_address(url: str) -> str:
    """``url`` without its password, and with secret-looking parameters made unreadable."""
    try:
        parts = urlsplit(url)
        user, at, host = parts.netloc.rpartition("@")
        shown = urlunsplit(parts._replace(netloc=user.split(":")[0] + at + host))
    except ValueError:  # not an address at all, but a password may still be in it
        shown = re.sub(r"//[^/]*@", "//", url)
    return _SECRET.sub(_HIDDEN, shown)
