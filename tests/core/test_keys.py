"""The school's own keys: made once, read by nobody else, never made silently where it matters."""

from pathlib import Path

import pytest

from app.core.keys import Key, Keys
from app.core.settings import Environment, Settings, WrongSettings


def keys(folder: Path, environment: Environment = Environment.TESTING) -> Keys:
    return Keys(Settings(environment=environment, instance=folder))


def test_a_key_is_made_once_and_stays(tmp_path: Path) -> None:
    first = keys(tmp_path).receipts().private_bytes_raw()

    assert keys(tmp_path).receipts().private_bytes_raw() == first
    assert keys(tmp_path).make() == [Key.ANSWER_FILES, Key.DRAFTS]
    assert keys(tmp_path).make() == []


def test_each_key_is_another(tmp_path: Path) -> None:
    keys(tmp_path).make()
    texts = {path.read_text() for path in (tmp_path / "keys").iterdir()}

    assert len(texts) == len(Key)


def test_nobody_else_may_read_a_key(tmp_path: Path) -> None:
    keys(tmp_path).make()

    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "keys").rglob("*")} == {0}


def test_in_production_a_missing_key_is_an_error_and_not_a_new_key(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings, match="keys init"):
        keys(tmp_path, Environment.PRODUCTION).receipts()
    keys(tmp_path, Environment.PRODUCTION).make()
    keys(tmp_path, Environment.PRODUCTION).receipts()


def test_what_one_opens_another_sealed(tmp_path: Path) -> None:
    sealed = keys(tmp_path).drafts().encrypt(b"n" * 12, b"words", b"about")

    assert keys(tmp_path).drafts().decrypt(b"n" * 12, sealed, b"about") == b"words"
    assert keys(tmp_path).answer_files().curve.name == "secp256r1"
