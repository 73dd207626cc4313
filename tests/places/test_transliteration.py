import pytest

from app.core.alphabet import KAZAKH
from app.places.transliteration import latin


@pytest.mark.parametrize(
    ("kazakh", "english"),
    [
        ("Жетісу", "Zhetisu"),
        ("Қызылорда", "Kyzylorda"),
        ("Маңғыстау", "Mangystau"),
        ("Өскемен", "Oskemen"),
        ("Шұбарқұдық", "Shubarkudyk"),
        ("Форт-Шевченко", "Fort-Shevchenko"),
        ("Ащысай 2", "Ashchysay 2"),
    ],
)
def test_writes_names_as_english_maps_do(kazakh: str, english: str) -> None:
    assert latin(kazakh) == english


def test_leaves_no_letter_of_the_kazakh_alphabet_behind() -> None:
    assert latin(KAZAKH + KAZAKH.upper()).isascii()
