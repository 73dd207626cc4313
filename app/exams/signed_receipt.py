"""Signed receipts: made, checked, and read as people hold them (a number off a screen, the whole text). Pure."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.core.errors import N_, Invalid
from app.exams import journal
from app.exams.incoming import LARGEST

LONGEST = 2000
"""A whole receipt has about 350 signs."""
SHORTEST_SUM = 16
"""Signs of the check sum that a screen shows."""
_NUMBER = re.compile(r"([0-9]{4})-([0-9]{1,10})")
_SUM = re.compile(rf"[0-9a-f]{{{SHORTEST_SUM},64}}")
_HEAD = re.compile(r"[0-9a-f]{64}")
_SIGNATURE = re.compile(r"[A-Za-z0-9_-]{80,88}={0,2}")
_MOST_SIGNS = 100


class Unreadable(Invalid):
    """What was typed or pasted is no receipt; whether a true one was meant is not known."""

    message = N_("This is not a receipt. Copy the whole text, from the first sign to the last.")


class NoNumber(Invalid):
    """The typed number has another form."""

    message = N_("A receipt's number has four figures, a hyphen and figures. For example: 1234-57")


class NoSum(Invalid):
    """The typed check sum has another form."""

    message = N_("A check sum has at least 16 signs: figures and the letters a to f.")


@dataclass(frozen=True)
class SignedReceipt:
    """What the school acknowledges of an attempt; as somebody holds it, nothing in it is believed yet.

    Attributes:
        count: how many events the journal held.
        head: hash of the newest of them, 64 hexadecimal figures.
        at: when that event was received, ISO 8601, as it was signed.
        signature: Ed25519 over the canonical JSON of attempt, number (the count), head and at; base64url.
    """

    attempt: UUID
    count: int
    head: str
    at: str
    signature: str

    @property
    def number(self) -> str:
        """Return the short number that a person notes."""
        return journal.receipt(self.attempt, self.count)

    @property
    def query(self) -> str:
        """Return the receipt as the query of an address."""
        return urlencode(vars(self))

    def as_json(self) -> dict[str, Any]:
        """Return what a page keeps: the number that a person notes, and everything that a check needs."""
        return {**vars(self), "attempt": str(self.attempt), "number": self.number}

    def is_signed_by(self, key: Ed25519PrivateKey) -> bool:
        """Tell whether this key signed these words; what cannot be read was signed by none."""
        try:
            given = urlsafe_b64decode(self.signature + "=" * (-len(self.signature) % 4))
            key.public_key().verify(given, _signed_text(self.attempt, self.count, self.head, self.at))
        except (ValueError, InvalidSignature):
            return False
        return True


def _signed_text(attempt: UUID, count: int, head: str, at: str) -> bytes:
    return journal.canonical({"attempt": str(attempt), "number": count, "head": head, "at": at}).encode()


def sign(attempt: UUID, *, count: int, head: str, at: datetime, key: Ed25519PrivateKey) -> SignedReceipt:
    """Return the receipt of `count` events, the newest with the hash `head` and received at `at`, signed."""
    moment = at.astimezone(UTC).isoformat()
    signature = urlsafe_b64encode(key.sign(_signed_text(attempt, count, head, moment))).decode().rstrip("=")
    return SignedReceipt(attempt, count, head, moment, signature)


def read(text: str) -> SignedReceipt:
    """Return the receipt in a pasted text: the JSON that a page keeps, or the address of a photographed code.

    Raises:
        Unreadable: it is neither, or a part is missing.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise Unreadable
    try:
        parts = json.loads(text) if text.startswith("{") else dict(parse_qsl(urlsplit(text).query))
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    return of_parts(parts)


def of_parts(parts: Mapping[str, object]) -> SignedReceipt:
    """Return the receipt with these parts; parts that a check does not need may stand beside them.

    Raises:
        Unreadable: a part is missing or is not what it should be.
    """
    texts = {name: str(parts.get(name, "")) for name in ("attempt", "count", "head", "at", "signature")}
    count = texts["count"]
    is_count = count.isascii() and count.isdecimal() and len(count) < _MOST_SIGNS and int(count) <= LARGEST
    has_forms = _HEAD.fullmatch(texts["head"]) and _SIGNATURE.fullmatch(texts["signature"])
    if not is_count or not has_forms or not 0 < len(texts["at"]) < _MOST_SIGNS:
        raise Unreadable
    try:
        attempt = UUID(texts["attempt"])
    except ValueError as error:
        raise Unreadable from error
    return SignedReceipt(attempt, int(count), texts["head"], texts["at"], texts["signature"])


def number(typed: str) -> tuple[str, int]:
    """Return the four figures of the attempt, and the count.

    Raises:
        NoNumber: it has another form.
    """
    found = _NUMBER.fullmatch("".join(typed.split()).replace("–", "-"))
    if found is None or int(found[2]) > LARGEST:
        raise NoNumber
    return found[1], int(found[2])


def check_sum(typed: str) -> str:
    """Return the typed check sum, whole or its beginning, in lower case and without spaces.

    Raises:
        NoSum: it is too short, too long or has other signs.
    """
    found = "".join(typed.split()).lower()
    if not _SUM.fullmatch(found):
        raise NoSum
    return found
