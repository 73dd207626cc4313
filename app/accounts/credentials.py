"""Passwords, tokens, names and addresses: what makes them good, equal and comparable. Pure."""

import re
import secrets
import unicodedata
from hashlib import sha256

from app.core.errors import N_, Refused

SHORTEST_PASSWORD = 15
LONGEST_PASSWORD = 200
LONGEST_EMAIL = 254
SHORTEST_NAME, LONGEST_NAME = 2, 120
TOKEN_BYTES = 32
FEWEST_DIFFERENT = 5
SHORTEST_OWN_PART = 6
"""What must be left of a password once the words that everybody tries are taken out of it."""
_LABEL = r'[^@\s"(),:;<>\[\]\\|.]+'
_EMAIL = re.compile(rf"{_LABEL}(\.{_LABEL})*@({_LABEL}\.)+{_LABEL}")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")
_IN_NAMES = frozenset(" -'’ʼ.")

# What people here type first; looked for anywhere in a password, longest first.
_COMMON_WORDS = """
    password parol пароль құпиясөз кұпиясоз qwertyuiop asdfghjkl zxcvbnm qwerty qazwsxedc йцукенгшщзхъ
    йцукенгшщз фывапролджэ ячсмитьбю йцукен akim әкім аким akimat әкімдік акимат qazaqstan kazakhstan
    kazakstan қазақстан казахстан astana астана almaty алматы shymkent шымкент school мектеп мектебі
    школа admin administrator админ welcome letmein iloveyou monkey dragon abcdefghijklm salem сәлем
    привет nursultan нұрсұлтан нурсултан nazarbayev назарбаев tokayev тоқаев токаев тенге теңге auyl
    ауыл село
"""
_COMMON = sorted(_COMMON_WORDS.split(), key=lambda word: (-len(word), word))


class BadEmail(Refused):
    """What was given is no e-mail address."""

    message = N_("The e-mail address has no @. Example: name@mail.example")
    status = 422


class OddEmail(BadEmail):
    """There is an @, and still it is no address that a letter reaches."""

    message = N_("A letter cannot reach this e-mail address. Example: name@mail.example")


class BadName(Refused):
    """A name that cannot stand on a certificate."""

    message = N_("Write the name in letters, as it shall stand on the certificate: 2 to 120 letters.")
    status = 422


class WeakPassword(Refused):
    """The password is among the first that an attacker tries."""

    message = N_("This password is too easy to guess. Take three or four words that do not belong together.")
    status = 422


class WrongLength(Refused):
    """The password is too short or longer than any person types."""

    message = N_("The password must have 15 to 200 characters. Three or four words are enough.")
    status = 422


def canonical_email(text: str) -> str:
    """Return the one form in which addresses are compared and kept.

    Raises:
        BadEmail: it is no address, too long, or mixes alphabets to look like another one.
    """
    clean = "".join(letter for letter in _folded(text) if unicodedata.category(letter)[0] not in "CZ")
    if "@" not in clean:
        raise BadEmail
    local_part, _, domain = clean.rpartition("@")
    mixed = any(_mixes_scripts(part) for part in (local_part, *domain.split(".")))
    if len(clean) > LONGEST_EMAIL or not _EMAIL.fullmatch(clean) or mixed or _folded(clean) != clean:
        raise OddEmail
    return clean


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _mixes_scripts(text: str) -> bool:
    names = [unicodedata.name(letter, "") for letter in text if letter.isalpha()]
    return len({script for script in _SCRIPTS for name in names if name.startswith(script)}) > 1


def canonical_name(text: str) -> str:
    """Return a person's name with single spaces, in NFC.

    Raises:
        BadName: too short, too long, or with other signs than Cyrillic and Latin letters, hyphens and
            the like: a name stands on certificates.
    """
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    letters = [sign for sign in name if sign not in _IN_NAMES]
    if not SHORTEST_NAME <= len(letters) <= len(name) <= LONGEST_NAME or not all(map(_is_letter, letters)):
        raise BadName
    return name


def _is_letter(sign: str) -> bool:
    return sign.isalpha() and unicodedata.name(sign, "").startswith(("LATIN", "CYRILLIC"))


def canonical_password(text: str) -> str:
    """Return the password as it is hashed: NFC, nothing cut off."""
    return unicodedata.normalize("NFC", text)


def ensure_good_password(text: str, *, email: str = "") -> None:
    """Refuse what is too short, too long, well known, or the person's own address.

    Raises:
        WrongLength: fewer than 15 or more than 200 characters.
        WeakPassword: little is left once common words, digits, signs and the address are taken out, or
            one part is only repeated.
    """
    password = canonical_password(text)
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise WrongLength
    folded = password.casefold()
    own = _own_part(folded, email.partition("@")[0])
    if len(own) < SHORTEST_OWN_PART or len(set(folded)) < FEWEST_DIFFERENT or _is_repeated(folded):
        raise WeakPassword


def _own_part(folded: str, name: str) -> str:
    for word in ([name] if name else []) + _COMMON:
        folded = folded.replace(word, " ")
    return "".join(letter for letter in folded if letter.isalpha())


def _is_repeated(folded: str) -> bool:
    return folded in (folded + folded)[1:-1]


def new_token() -> str:
    """Return a fresh secret for a cookie or a letter: 256 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """Return what is kept of a token; the token itself is in nobody's database."""
    return sha256(token.encode()).hexdigest()
