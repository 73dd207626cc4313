"""The school's own keys, each for one thing, in files that nobody else reads (security.md 13.1)."""

import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from secrets import token_bytes
from tempfile import mkstemp
from typing import TypeVar, cast

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.core.settings import Settings, WrongSettings

BYTES = 32
Made = TypeVar("Made")


class Key(StrEnum):
    """What a key is for; also the name of its file."""

    RECEIPTS = "receipts"
    """Ed25519: signs what the server acknowledged."""
    ANSWER_FILES = "answer-files"
    """P-256: opens the answer files that browsers seal to the server."""
    DRAFTS = "drafts"
    """AES-256: wraps the data keys of items that are not public."""


class Keys:
    """The keys of one installation, read when first used."""

    def __init__(self, settings: Settings) -> None:
        self._folder, self._is_production = settings.keys, settings.is_production
        self._made: dict[Key, object] = {}

    def make(self) -> list[Key]:
        """Make the keys that are missing; return which."""
        return [key for key in Key if self._make(key)]

    def receipts(self) -> Ed25519PrivateKey:
        """Return the key that signs receipts."""
        return self._once(Key.RECEIPTS, Ed25519PrivateKey.from_private_bytes)

    def answer_files(self) -> EllipticCurvePrivateKey:
        """Return the key that opens answer files."""
        return self._once(Key.ANSWER_FILES, _on_the_curve)

    def drafts(self) -> AESGCM:
        """Return the key that wraps the data keys of drafts."""
        return self._once(Key.DRAFTS, AESGCM)

    def _once(self, key: Key, made_of: Callable[[bytes], Made]) -> Made:
        """Return the key as the library holds it, read once: a save must be cheap."""
        if key not in self._made:
            self._made[key] = made_of(self._read(key))
        return cast("Made", self._made[key])

    def _path(self, key: Key) -> Path:
        return self._folder / f"{key}.key"

    def _make(self, key: Key) -> bool:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, written = mkstemp(dir=self._folder)
        with os.fdopen(descriptor, "w") as file:
            file.write(token_bytes(BYTES).hex())
        try:
            # Whole or not there; of several processes one makes it.
            os.link(written, self._path(key))
        except FileExistsError:
            return False
        finally:
            Path(written).unlink()
        return True

    def _read(self, key: Key) -> bytes:
        if not self._path(key).exists():
            if self._is_production:
                message = f"the key “{key}” is missing: `flask --app wsgi keys init` makes what is missing"
                raise WrongSettings(message)
            self._make(key)
        return bytes.fromhex(self._path(key).read_text())


def _on_the_curve(number: bytes) -> EllipticCurvePrivateKey:
    return derive_private_key(int.from_bytes(number), SECP256R1())
