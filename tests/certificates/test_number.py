"""The number of a certificate and its check digit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.certificates.number import (
    LENGTH,
    MistypedNumber,
    check_digit,
    grouped,
    is_well_formed,
    new_number,
    parse,
)  # fmt: skip

DIGITS = st.text("0123456789", min_size=LENGTH - 1, max_size=LENGTH - 1)


def test_agrees_with_the_example_of_its_inventor() -> None:
    assert check_digit("572") == "4"


def test_is_drawn_from_the_whole_range() -> None:
    assert new_number(lambda below: below - 1)[:-1] == "9" * (LENGTH - 1)
    assert new_number(lambda _: 0) == "0" * LENGTH


@given(DIGITS, st.integers(0, LENGTH - 1), st.integers(1, 9))
def test_notices_every_single_wrong_digit(digits: str, place: int, shift: int) -> None:
    number = digits + check_digit(digits)
    wrong = str((int(number[place]) + shift) % 10)
    assert not is_well_formed(number[:place] + wrong + number[place + 1 :])


@given(DIGITS, st.integers(0, LENGTH - 2))
def test_notices_every_swap_of_neighbours(digits: str, place: int) -> None:
    number = digits + check_digit(digits)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or not is_well_formed(swapped)


@given(DIGITS)
def test_is_read_back_as_the_paper_shows_it(digits: str) -> None:
    number = digits + check_digit(digits)
    assert parse(grouped(number)) == number
    assert parse(f" № {grouped(number).replace(chr(0xA0), '-')}\u200b ") == number


@pytest.mark.parametrize(
    "text", ["", "1", "4071 8825 3016", "4071 8825 301", "4071 8825 30146", "четыре", "0" * 500]
)
def test_refuses_what_is_no_number(text: str) -> None:
    with pytest.raises(MistypedNumber):
        parse(text)
