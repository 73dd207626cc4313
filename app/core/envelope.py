"""Closed words: AES-256-GCM under a key, bound to what they are about (security.md 3.1)."""

from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class WrongKey(ValueError):  # noqa: N818 - named after the reason, as all are
    """The key is another one, the words were changed, or they are about something else."""


def new_key() -> bytes:
    """Return a fresh key."""
    return token_bytes(KEY_BYTES)


def close(key: AESGCM, words: bytes, about: str) -> bytes:
    """Return `words` closed under `key`; they open only as what they are `about`."""
    nonce = token_bytes(NONCE_BYTES)
    return nonce + key.encrypt(nonce, words, about.encode())


def opened(key: AESGCM, closed: bytes, about: str) -> bytes:
    """Return the words that `close` closed.

    Raises:
        WrongKey: they do not open.
    """
    try:
        return key.decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], about.encode())
    except InvalidTag:
        raise WrongKey from None
