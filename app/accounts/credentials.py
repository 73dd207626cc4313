"""Passwords, tokens and addresses: what makes them good, equal and comparable. Pure."""

import re
import secrets
import unicodedata
from hashlib import sha256

from app.core.errors import N_, Refused

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
LONGEST_EMAIL = 254
TOKEN_BYTES = 32
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")

# What people here type first; compared after folding case and dropping digits and signs at the end.
_COMMON = frozenset(
    {
        "password", "parol", "пароль", "qwerty", "qwertyuiop", "йцукен", "йцукенгшщз", "akim", "әкім", "аким",
        "akimat", "әкімдік", "акимат", "qazaqstan", "kazakhstan", "қазақстан", "казахстан", "kazakstan", "astana",
        "астана", "almaty", "алматы", "school", "мектеп", "школа", "school akim", "akim school", "әкім мектебі",
        "admin", "administrator", "welcome", "letmein", "iloveyou", "abcdefghij", "salem", "сәлем", "привет",
    }
)  # fmt: skip


class BadEmail(Refused):
    """What was given is no e-mail address."""

    message = N_("The e-mail address has no @. Example: name@mail.example")
    status = 422


class WeakPassword(Refused):
    """The password is among the first that an attacker tries."""

    message = N_("This password is too easy to guess. Take three or four words that do not belong together.")
    status = 422


class WrongLength(Refused):
    """The password is too short or longer than any person types."""

    message = N_("The password must have 10 to 200 characters.")
    status = 422


def canonical_email(text: str) -> str:
    """Return the one form in which addresses are compared and kept.

    Raises:
        BadEmail: it is no address, too long, or mixes alphabets to look like another one.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    clean = "".join(letter for letter in folded if unicodedata.category(letter)[0] not in "CZ")
    if len(clean) > LONGEST_EMAIL or not _EMAIL.fullmatch(clean) or _mixes_scripts(clean.split("@")[0]):
        raise BadEmail
    return clean


def _mixes_scripts(text: str) -> bool:
    names = [unicodedata.name(letter, "") for letter in text if letter.isalpha()]
    return len({script for script in _SCRIPTS for name in names if name.startswith(script)}) > 1


def canonical_password(text: str) -> str:
    """Return the password as it is hashed: NFC, nothing cut off."""
    return unicodedata.normalize("NFC", text)


def ensure_good_password(text: str, *, email: str = "") -> None:
    """Refuse what is too short, too long, well known, or the person's own address.

    Raises:
        WrongLength: fewer than 10 or more than 200 characters.
        WeakPassword: a common word with digits, one repeated character, a row, or part of the address.
    """
    password = canonical_password(text)
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise WrongLength
    folded = password.casefold()
    core = folded.strip("0123456789!?.,*#@$ _-")
    local_part = email.split("@", maxsplit=1)[0]
    own = bool(local_part) and local_part in folded and len(folded) - len(local_part) < SHORTEST_PASSWORD
    if core in _COMMON or not core.strip() or len(set(folded)) < 5 or own:  # noqa: PLR2004 - "aaaabbbb"
        raise WeakPassword


def new_token() -> str:
    """Return a fresh secret for a cookie or a letter: 256 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """Return what is kept of a token; the token itself is in nobody's database."""
    return sha256(token.encode()).hexdigest()
