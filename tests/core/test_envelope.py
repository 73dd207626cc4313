"""Closed words."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.core.envelope import WrongKey, close, new_key, opened

WORDS = "Ауыл бюджеті".encode()


def test_closed_words_open_with_their_key_as_what_they_are_about() -> None:
    key = AESGCM(new_key())

    assert opened(key, close(key, WORDS, "item a 1"), "item a 1") == WORDS


def test_the_same_words_are_never_closed_the_same_way() -> None:
    key = AESGCM(new_key())

    assert close(key, WORDS, "a") != close(key, WORDS, "a")
    assert WORDS not in close(key, WORDS, "a")


def test_another_key_opens_nothing() -> None:
    closed = close(AESGCM(new_key()), WORDS, "a")

    with pytest.raises(WrongKey):
        opened(AESGCM(new_key()), closed, "a")


def test_words_do_not_open_as_something_else() -> None:
    key = AESGCM(new_key())

    with pytest.raises(WrongKey):
        opened(key, close(key, WORDS, "item a 1"), "item a 2")


@pytest.mark.parametrize("place", [0, 12, -1])
def test_changed_words_do_not_open(place: int) -> None:
    key = AESGCM(new_key())
    closed = bytearray(close(key, WORDS, "a"))
    closed[place] ^= 1

    with pytest.raises(WrongKey):
        opened(key, bytes(closed), "a")
