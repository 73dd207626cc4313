"""Where a person may be sent on to: addresses of this site and no others. Pure."""

import unicodedata
from urllib.parse import urlsplit

LONGEST = 500


def local_path(text: str | None) -> str | None:
    """Return `text` if it is a path of this site; None for anything else."""
    if not text or len(text) > LONGEST or not text.startswith("/") or text.startswith("//"):
        return None
    # Browsers read a backslash as a slash and skip control characters: both could lead to another site.
    if any(sign == "\\" or unicodedata.category(sign)[0] in "CZ" for sign in text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else text
