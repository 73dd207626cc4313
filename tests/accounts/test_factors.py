from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.factors import (
    drawing,
    in_groups,
    matching_step,
    new_recovery_codes,
    new_secret,
    only_code,
    set_up_link,
)
from tests.accounts.codes import SECRET, code_at

NOW = datetime(2026, 12, 1, 7, 0, 10, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30
RFC_6238 = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("second", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_reads_the_codes_of_the_standard(second: int, code: str) -> None:
    now = datetime.fromtimestamp(second, UTC)

    assert matching_step(RFC_6238, code, now=now, last_step=0) == second // 30


@pytest.mark.parametrize(
    ("late", "step"), [(-30, STEP - 1), (0, STEP), (30, STEP + 1), (-60, None), (60, None)]
)
def test_forgives_half_a_minute_either_way(late: int, step: int | None) -> None:
    code = code_at(NOW + timedelta(seconds=late))

    assert matching_step(SECRET, code, now=NOW, last_step=0) == step


def test_a_code_and_all_before_it_fit_only_once() -> None:
    assert matching_step(SECRET, code_at(NOW), now=NOW, last_step=STEP) is None
    assert matching_step(SECRET, code_at(NOW - timedelta(seconds=30)), now=NOW, last_step=STEP) is None
    assert matching_step(SECRET, code_at(NOW + timedelta(seconds=30)), now=NOW, last_step=STEP) == STEP + 1


@pytest.mark.parametrize("wrong", ["", "000000", "12345", "1234567", "алтысан"])
def test_refuses_what_is_no_code(wrong: str) -> None:
    assert matching_step(SECRET, wrong, now=NOW, last_step=0) is None


@pytest.mark.parametrize("typed", ["123 456", "123-456", " 123456\n", "١٢٣٤٥٦", "１２３４５６"])
def test_reads_codes_as_people_type_them(typed: str) -> None:
    assert only_code(typed) == "123456"


def test_reads_recovery_codes_in_groups_and_capitals() -> None:
    code = new_recovery_codes()[0]

    assert only_code(in_groups(code).upper()) == code


@given(st.text())
def test_reading_a_code_never_fails(text: str) -> None:
    assert only_code(only_code(text)) == only_code(text) or not text.isascii()


def test_recovery_codes_bear_guessing() -> None:
    codes = new_recovery_codes()

    assert len(set(codes)) == len(codes) == 8
    assert {len(code) for code in codes} == {16}


def test_each_session_is_offered_its_own_secret_and_always_the_same() -> None:
    assert new_secret("key", "token") == new_secret("key", "token")
    assert len({new_secret("key", "token"), new_secret("key", "another"), new_secret("other", "token")}) == 3
    assert len(new_secret("key", "token")) == 32


def test_the_link_names_the_school_and_the_account() -> None:
    link = set_up_link(SECRET, "aigul@mail.example")

    assert link.startswith("otpauth://totp/Akim%20School:aigul%40mail.example?")
    assert f"secret={SECRET}" in link


def test_the_drawing_is_a_square_of_dark_runs() -> None:
    drawn = drawing("https://school.test")

    assert drawn.side > 21
    # The upper left finder: a run of seven after the quiet zone of four.
    assert drawn.path.startswith("M4 4h7v1h-7z")
