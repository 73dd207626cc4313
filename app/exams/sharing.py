"""A key split among people, some of whom bring it together again. Pure but for the chance of the split.

Source:
    A. Shamir, "How to Share a Secret", Communications of the ACM 22 (11), 1979; here over GF(2^8), with the
    polynomial of AES (FIPS 197, section 4.2).
"""

from base64 import b32decode, b32encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256
from secrets import token_bytes

from app.core.errors import N_, Invalid

POLYNOMIAL = 0x11B
MOST_SHARES = 255
CHECK_BYTES = 4
GROUP = 5
_LOOKS_LIKE = str.maketrans("018", "OIB")
"""What hands write for letters of the code; these figures are not in it."""


class Mistyped(Invalid):
    """The check digits do not fit: nothing was tried with it."""

    message = N_(
        "This is not a whole share, or a letter of it is wrong. Compare it with the sheet, group by group."
    )


@dataclass(frozen=True)
class Share:
    """One point of the polynomials: its place from 1 on, and for each byte of the key the value there."""

    number: int
    values: bytes


def _times(one: int, other: int) -> int:
    product = 0
    while other:
        if other & 1:
            product ^= one
        one = one << 1 ^ (POLYNOMIAL if one & 0x80 else 0)
        other >>= 1
    return product


def _inverse(one: int) -> int:
    # The group has 255 elements: the 254th power is the inverse.
    return reduce(lambda power, _: _times(power, one), range(253), one)


def split(
    secret: bytes, *, needed: int, shares: int, chance: Callable[[int], bytes] = token_bytes
) -> list[Share]:
    """Return so many shares of `secret`, any `needed` of which give it back; fewer say nothing of it.

    Raises:
        ValueError: fewer shares than are needed, or more than the field has places.
    """
    if not 1 <= needed <= shares <= MOST_SHARES:
        message = f"{needed} of {shares}"
        raise ValueError(message)
    # For each byte a polynomial of its own: the byte is where it meets zero, the rest is chance.
    polynomials = [(byte, *chance(needed - 1)) for byte in secret]
    return [Share(x, bytes(_value(one, x) for one in polynomials)) for x in range(1, shares + 1)]


def _value(polynomial: Sequence[int], x: int) -> int:
    return reduce(lambda value, coefficient: _times(value, x) ^ coefficient, reversed(polynomial), 0)


def join(shares: Iterable[Share]) -> bytes:
    """Return the secret that the shares give together; of too few or wrong ones, something else.

    Raises:
        ValueError: two of one number, or of different lengths.
    """
    given = list(shares)
    points = {share.number: share.values for share in given}
    lengths = {len(values) for values in points.values()}
    if len(points) < len(given) or len(lengths) != 1:
        message = "shares of one secret have different numbers and one length"
        raise ValueError(message)
    weights = {x: _weight(x, points) for x in points}
    return bytes(
        reduce(lambda sum_, x: sum_ ^ _times(points[x][place], weights[x]), points, 0)
        for place in range(lengths.pop())
    )


def _weight(x: int, others: Iterable[int]) -> int:
    """Return what the value at `x` counts for at zero (Lagrange; plus and minus are one here)."""
    return reduce(
        lambda product, other: _times(product, _times(other, _inverse(other ^ x))),
        (other for other in others if other != x),
        1,
    )


def code(share: Share) -> str:
    """Return a share as people write it: letters and figures in groups of five, the last ones to check the rest."""
    said = bytes([share.number]) + share.values
    text = b32encode(said + _check(said)).decode().rstrip("=")
    return " ".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))


def read(text: str) -> Share:
    """Return the share that a person typed: small letters, spaces and look-alike figures do no harm.

    Raises:
        Mistyped: it is no share, or not as it was written.
    """
    letters = "".join(one for one in text.upper() if one.isalnum()).translate(_LOOKS_LIKE)
    try:
        raw = b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError:
        raise Mistyped from None
    said, check = raw[:-CHECK_BYTES], raw[-CHECK_BYTES:]
    if len(said) <= 1 or not said[0] or check != _check(said):
        raise Mistyped
    return Share(said[0], said[1:])


def _check(said: bytes) -> bytes:
    return sha256(b"share of a paper" + said).digest()[:CHECK_BYTES]


def share_hash(share: Share) -> str:
    """Return what tells a share from any other without saying it, in hex."""
    return sha256(bytes([share.number]) + share.values).hexdigest()
