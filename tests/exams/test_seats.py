"""Seats: codes, the hours of printing, and where two entries differ."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exams.seats import (
    LENGTH,
    SIGNS,
    Difference,
    Entered,
    WrongCode,
    difference,
    make_code,
    may_print,
    read_code,
    spaced,
)

CODES = st.builds(make_code)
OPENS = datetime(2026, 12, 1, 7, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=3)


def test_signs_are_a_prime_number_and_none_looks_like_another() -> None:
    assert all(len(SIGNS) % number for number in range(2, len(SIGNS)))
    assert len(set(SIGNS)) == len(SIGNS)
    assert not set(SIGNS) & set("0O1IL5S8BGQUVZ") - {"8"}


def test_a_known_code() -> None:
    # 1 * 4 + 2 * 14 + 3 * 15 + 4 * 7 + 5 * 0 + 6 * 18 = 213 = 9 * 23 + 6: the sign at 6.
    assert read_code("7KMA2R9") == "7KMA2R9"
    with pytest.raises(WrongCode):
        read_code("7KMA2RA")


@given(CODES)
def test_codes_are_read_as_hands_and_keyboards_write_them(code: str) -> None:
    cyrillic = code.translate(str.maketrans("ACEHKMPTXY", "АСЕНКМРТХУ"))

    assert len(code) == LENGTH
    for typed in (code, code.lower(), spaced(code), f"  {code[:3]}-{code[3:]} ", cyrillic, cyrillic.lower()):
        assert read_code(typed) == code


@given(CODES, st.integers(0, LENGTH - 1), st.sampled_from(SIGNS))
def test_every_wrong_sign_is_found(code: str, place: int, sign: str) -> None:
    typed = code[:place] + sign + code[place + 1 :]
    if typed == code:
        return

    with pytest.raises(WrongCode):
        read_code(typed)


@given(CODES)
def test_every_two_swapped_neighbours_are_found(code: str) -> None:
    for place, (one, other) in enumerate(pairwise(code)):
        if one != other:
            with pytest.raises(WrongCode):
                read_code(code[:place] + other + one + code[place + 2 :])


@pytest.mark.parametrize("typed", ["", "7KMA2R", "7KMA2RAA", "7KMA2R0", "7KMA2RÄ", "ъ" * 7, "7" * 500])
def test_other_texts_are_no_codes(typed: str) -> None:
    with pytest.raises(WrongCode):
        read_code(typed)


def test_paper_is_printed_from_half_an_hour_before_until_the_close() -> None:
    second = timedelta(seconds=1)

    def may(now: datetime) -> bool:
        return may_print(opens_at=OPENS, closes_at=CLOSES, now=now)

    assert not may(OPENS - timedelta(minutes=30) - second)
    assert may(OPENS - timedelta(minutes=30))
    assert may(CLOSES - second)
    assert not may(CLOSES)


def test_equal_entries_do_not_differ() -> None:
    one = Entered(7, {"1": "a", "2": ["a", "b"], "3": {"x": 1, "y": 2}})

    assert not difference(one, Entered(7, {"3": {"y": 2, "x": 1}, "2": ["a", "b"], "1": "a"}))


def test_entries_differ_by_person_and_by_position() -> None:
    one = Entered(7, {"1": "a", "2": ["a", "b"], "10": "x"})

    assert difference(one, Entered(8, one.answers)) == Difference(in_person=True)
    assert difference(one, Entered(7, {"1": "b", "2": ["a", "b"]})) == Difference(
        in_person=False, positions=(1, 10)
    )
    assert difference(one, Entered(7, {**one.answers, "3": "1"})).positions == (3,)


def test_spaces_and_lines_between_words_are_no_difference() -> None:
    assert not difference(Entered(1, {"1": "Ауыл  жолы\nтаза"}), Entered(1, {"1": "Ауыл жолы таза "}))
    assert difference(Entered(1, {"1": "Ауыл жолы"}), Entered(1, {"1": "Ауылжолы"}))


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("жол су жарық", "жол су жарык", {1: 3}),
        ("жол су", "жол су жарық", {1: 3}),
        ("Жол су", "жол су", {1: 1}),
        ("жол", "жол су", {}),
        ("a", "b", {}),
        (["a", "b"], ["a"], {}),
    ],
)
def test_texts_differ_from_a_word_on(one: object, other: object, words: dict[int, int]) -> None:
    found = difference(Entered(1, {"1": one}), Entered(1, {"1": other}))

    assert (found.positions, found.words) == ((1,), words)


ANSWERS = st.dictionaries(st.integers(1, 9).map(str), st.sampled_from(["a", "b", 1, "1"]), max_size=4)


@given(ANSWERS, ANSWERS)
def test_they_agree_only_when_everything_is_the_same(
    one: dict[str, object], other: dict[str, object]
) -> None:
    found = difference(Entered(1, one), Entered(1, other))

    assert bool(found) == (one != other)
    assert found == difference(Entered(1, other), Entered(1, one))
