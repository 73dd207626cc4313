"""One-time codes of an authenticator, and recovery codes. Pure: the present moment is always an argument."""

import hmac
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from secrets import token_bytes

import pyotp
import segno

RECOVERY_CODES = 8
RECOVERY_BYTES = 10
SECRET_BYTES = 20
ISSUER = "Akim School"
_GROUP = 4


def new_secret(key: str, session_token: str) -> str:
    """Return the secret that this session is offered, in base32.

    Nothing is stored before a code confirms it, so that a page which is only read changes nothing; another
    session, and this one after its token was renewed, is offered another secret.
    """
    digest = hmac.new(key.encode(), f"totp:{session_token}".encode(), sha256).digest()
    return b32encode(digest[:SECRET_BYTES]).decode()


def matching_step(secret: str, code: str, *, now: datetime, last_step: int) -> int | None:
    """Return the time step that `code` belongs to; None when it fits none that is still unused.

    Args:
        secret: in base32.
        code: as `only_code` returns it.
        now: one step earlier and one later fit as well: clocks of phones are wrong.
        last_step: the newest step whose code was used; it and all before it never fit again.
    """
    totp = pyotp.TOTP(secret)
    this_step = int(now.timestamp()) // totp.interval
    if not code.isascii():
        return None
    for step in (this_step - 1, this_step, this_step + 1):
        if step > last_step and hmac.compare_digest(totp.generate_otp(step), code):
            return step
    return None


def only_code(text: str) -> str:
    """Return the digits and letters of a code; people type spaces, dashes and the digits of other scripts."""
    return "".join(
        str(int(letter)) if letter.isdecimal() else letter.casefold() for letter in text if letter.isalnum()
    )


def new_recovery_codes() -> list[str]:
    """Return fresh recovery codes: 80 random bits each, without spaces, in lower case."""
    return [b32encode(token_bytes(RECOVERY_BYTES)).decode().casefold() for _ in range(RECOVERY_CODES)]


def in_groups(text: str) -> str:
    """Return a key or code as people copy it: four by four."""
    return " ".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def set_up_link(secret: str, email: str) -> str:
    """Return the otpauth address that authenticators read."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


@dataclass(frozen=True)
class Drawing:
    """A QR code for an inline SVG.

    Attributes:
        side: of the square, quiet zone included, in modules.
        path: the outline of the dark modules.
    """

    side: int
    path: str


def drawing(text: str) -> Drawing:
    """Return the QR code of `text`."""
    code = segno.make(text, error="m", micro=False)
    border = code.default_border_size
    path = []
    for y, row in enumerate(code.matrix, start=border):
        x = border
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                path.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return Drawing(side=len(code.matrix) + 2 * border, path="".join(path))
