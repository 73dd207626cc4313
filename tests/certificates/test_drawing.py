"""The paper: looked at through a PDF reader and a QR reader."""

import unicodedata

import pypdfium2
import pytest
import zxingcpp

from app.certificates.drawing import draw, table
from app.certificates.fonts import NotDrawable, ensure_drawable
from app.core.alphabet import KAZAKH
from tests.certificates.examples import facts

LONGEST_NAME = "Қожахметова-Әбдірахманқызы Гүлбаршын-Нұрсұлтанқызы Ыбырайымжанқызы"
LARGEST = 90_000


def words(pdf: bytes) -> str:
    page = pypdfium2.PdfDocument(pdf)[0]
    text = page.get_textpage().get_text_range()
    return " ".join(unicodedata.normalize("NFC", text).split())


def test_the_same_facts_give_the_same_bytes() -> None:
    assert draw(facts()) == draw(facts())


def test_is_one_small_page_of_a4() -> None:
    pdf = draw(facts())
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    assert [round(side) for side in document[0].get_size()] == [595, 842]
    assert len(pdf) < LARGEST


def test_every_fact_can_be_read() -> None:
    text = words(draw(facts()))
    for fact in ("Мысалова Айгүл Үлгіқызы", "73 / 100", "67–79", "60 / 100", "12.12.2026", "18.12.2026", "12.12.2028", "2026-2", "сынақ · пробный · trial", "4071 8825 3014", "mektep.example/c/407188253014"):  # fmt: skip
        assert fact in text, fact


def test_the_code_leads_to_the_address() -> None:
    page = pypdfium2.PdfDocument(draw(facts()))[0]
    [code] = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
    assert code.text == "HTTPS://MEKTEP.EXAMPLE/C/407188253014"


def test_a_long_name_stays_whole() -> None:
    text = words(draw(facts(holder=LONGEST_NAME)))
    assert all(part in text for part in LONGEST_NAME.split())


def test_an_invented_name_is_marked_as_such() -> None:
    assert "Үлгі: есім ойдан шығарылған" in words(draw(facts(sample=True)))
    assert "ойдан" not in words(draw(facts()))


def test_the_status_line_goes_when_the_test_is_no_trial() -> None:
    assert len(table(facts())) == len(table(facts(trial=False))) + 1


def test_every_kazakh_letter_can_be_drawn() -> None:
    ensure_drawable(KAZAKH + KAZAKH.upper())


@pytest.mark.parametrize("name", ["李雷", "Айгүл 😀", "Аи\u0301гүл", "А\u0007"])
def test_a_letter_that_the_fonts_lack_is_refused(name: str) -> None:
    with pytest.raises(NotDrawable):
        draw(facts(holder=name))
