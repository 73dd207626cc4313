import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.alphabet import KAZAKH, fold, sort_key

WORDS = st.text(alphabet=KAZAKH + KAZAKH.upper() + "0123456789 -", max_size=8)
# The order itself, written once more as values that compare.
RANK = {letter: (2, place) for place, letter in enumerate(KAZAKH)}


def rank(text: str) -> list[tuple[int, int]]:
    return [
        RANK.get(letter, (1, int(letter)) if letter.isdecimal() else (0, 0)) for letter in text.casefold()
    ]


def test_knows_the_letters_in_their_order() -> None:
    shuffled = list(KAZAKH)
    random.Random(1).shuffle(shuffled)

    assert "".join(sorted(shuffled, key=sort_key)) == KAZAKH


def test_sorts_as_a_person_from_here_does() -> None:
    names = [
        "Ұлытау",
        "Абай",
        "Әбден",
        "Іле",
        "Қарасу",
        "Кеген",
        "Уәли",
        "Өтеген",
        "Оңтүстік",
        "Үржар",
        "Шу",
        "Ырғыз",
    ]

    assert sorted(names, key=sort_key) == [
        "Абай", "Әбден", "Кеген", "Қарасу", "Оңтүстік", "Өтеген", "Уәли", "Ұлытау", "Үржар", "Шу", "Ырғыз",
        "Іле",
    ]  # fmt: skip


def test_signs_come_before_digits_and_digits_before_letters() -> None:
    assert sorted(["аб", "а1", "а б", "а", "аz", "а-в"], key=sort_key) == [
        "а",
        "а б",
        "а-в",
        "а1",
        "аб",
        "аz",
    ]


@given(WORDS, WORDS)
def test_keys_compare_as_the_letters_do(one: str, other: str) -> None:
    if rank(one) != rank(other):
        assert (sort_key(one) < sort_key(other)) == (rank(one) < rank(other))


@given(st.text(), st.text())
def test_different_texts_have_different_keys(one: str, other: str) -> None:
    assert (sort_key(one) == sort_key(other)) == (one == other)


@pytest.mark.parametrize(
    "spellings",
    [
        ("Шыңғыс", "Шынгыс", "shyngys", "ШЫҢҒЫС"),
        ("Қарағанды", "Караганда"[:-1] + "ы", "qaragandy", "Qaraǵandy"),
        ("Көкшетау", "Кокшетау", "kokshetau", "Kókshetaý"[:-1] + "u"),
        ("Өскемен", "Оскемен", "oskemen"),
        ("Үшарал", "Ушарал", "usharal"),
        ("Ақсу-Аюлы", "аксу  аюлы", "aqsu ayuly"),
        ("Нұрсұлтан", "нурсултан", "nursultan"),
        ("Алматы", "алматы", "Almaty", "  АЛМАТЫ!"),
        ("Жаңаөзен", "жанаозен", "zhanaozen", "janaozen"),
    ],
)
def test_every_way_of_writing_a_name_folds_to_one(spellings: tuple[str, ...]) -> None:
    assert len({fold(spelling) for spelling in spellings}) == 1, [fold(spelling) for spelling in spellings]


def test_different_names_stay_different() -> None:
    assert len({fold(name) for name in ("Абай", "Алға", "Аққайың", "Ақсай", "Шу", "Іле")}) == 6


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(WORDS)
def test_case_and_signs_do_not_matter(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower()) == fold(f" {text}.")


@given(st.text())
def test_leaves_only_words_with_single_spaces(text: str) -> None:
    folded = fold(text)

    assert folded == " ".join(folded.split())
    assert all(letter.isalnum() or letter == " " for letter in folded)
