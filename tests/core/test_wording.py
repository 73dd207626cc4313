from collections import Counter

import pytest

from app.core import wording
from app.core.content import LANGUAGES

SOUND = {
    "kk": "Ауылдық округ бюджетін кім бекітеді және қашан?",
    "ru": "Кто и когда утверждает бюджет сельского округа?",
    "en": "Who approves the budget of a rural district, and when?",
}


def told(**changes: str) -> list[str]:
    return wording.problems({"stem": SOUND | changes})


def test_russian_words_in_a_kazakh_text_are_named() -> None:
    text = {
        "kk": "Әкім решение қабылдайды и жарияланған күннен после күшіне енеді, не болса да, от өшеді.",
        "ru": "Аким принимает решение, и оно вступает в силу после публикации.",
        "en": "The akim takes a decision, and it takes force after publication.",
    }
    assert wording.language_problems({"text": text}) == [
        "text.kk: “решение” is Russian",
        "text.kk: “и” is Russian",
        "text.kk: “после” is Russian",
    ]


def test_names_in_a_kazakh_text_are_no_russian_words() -> None:
    assert wording.russian_words("Александр Достоевский мен «Ақ Жол» партиясы, облыстық мәслихат") == []
    assert wording.russian_words("Хабар келді: «На мосту нет перил», орысша *это решение*") == []


def test_sound_wording_has_no_problems() -> None:
    assert told() == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("kk", SOUND["ru"]),
        ("kk", SOUND["en"]),
        ("ru", SOUND["en"]),
        ("en", SOUND["ru"]),
    ],
)
def test_text_in_another_language_is_named(language: str, text: str) -> None:
    assert told(**{language: text}) == [f"stem.{language}: does not look like {language}"]


def test_short_kazakh_needs_no_letter_of_its_own() -> None:
    assert told(kk="а" * (wording.LONG_ENOUGH - 1)) == []
    assert told(kk="а" * wording.LONG_ENOUGH) == ["stem.kk: does not look like kk"]


def test_texts_of_figures_alone_are_of_any_language() -> None:
    assert told(kk="12 %", ru="12 %", en="12 %") == []


def test_latin_letter_inside_a_kazakh_word_is_named() -> None:
    assert told(kk="Қаулыны кiм қабылдайды?") == ["stem.kk: Latin and Cyrillic in “кiм”"]
    assert told(ru="IT-отдел и QR-код отвечают") == []


def test_tags_are_named() -> None:
    assert told(en="Who <b>approves</b> it?") == ["stem.en: holds HTML"]
    assert told(en="Is 5 < 7 so?", kk="5 < 7 ме?", ru="5 < 7?") == []


@pytest.mark.parametrize(
    ("language", "phrase"),
    [
        ("kk", "Жоғарыда аталғандардың барлығы"),
        ("kk", "Аталғандардың ешқайсысы"),
        ("kk", "Барлық жауап дұрыс"),
        ("kk", "Дұрыс жауап жоқ"),
        ("ru", "Всё перечисленное"),
        ("ru", "Все вышеперечисленное"),
        ("ru", "Ничего из перечисленного"),
        ("ru", "Все варианты верны"),
        ("ru", "Нет правильного ответа"),
        ("ru", "Ни один из вариантов"),
        ("en", "All of the above"),
        ("en", "None of the options"),
        ("en", "All answers are right"),
    ],
)
def test_banned_phrases_are_named(language: str, phrase: str) -> None:
    found = told(**{language: phrase})

    assert len(found) == 1
    assert f"stem.{language}: do not write" in found[0]


def test_numbers_that_the_languages_do_not_share_are_named() -> None:
    found = told(
        kk="Қарызы 1\u00a0200 теңге, мерзімі 15 күн",
        ru="Долг 1200 тенге, срок 15 дней",
        en="Debt 1 250, 15 days",
    )

    assert found == ["stem: the numbers differ: kk alone has 1200; ru alone has 1200; en alone has 1250"]


def test_number_said_twice_in_one_language_is_named() -> None:
    assert told(kk="5 және 5 күн", ru="5 и 5 дней", en="5 days") != []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12,5 %", ["12.5"]),
        ("12.5 %", ["12.5"]),
        ("1 234 567,8", ["1234567.8"]),
        ("35-баптың 1-тармағы", ["35", "1"]),
        ("9:00–17:00", ["9:00", "17:00"]),
        ("2024 300", ["2024", "300"]),
        ("1, 3, 7.", ["1", "3", "7"]),
        ("жоқ", []),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, found: list[str]) -> None:
    assert wording.numbers(text) == Counter(found)


def test_place_of_a_text_is_named_however_deep_it_is() -> None:
    deep = {"options": [{"id": "a", "text": SOUND}, {"id": "b", "text": SOUND | {"en": "<i>"}}]}

    assert [where for where, _ in wording.texts_in(deep)] == ["options.0.text", "options.1.text"]
    assert wording.html_problems({"body": deep}) == ["body.options.1.text.en: holds HTML"]


def test_map_that_only_looks_like_a_text_is_left_to_the_models() -> None:
    assert list(wording.texts_in({"stem": dict.fromkeys(LANGUAGES, 1)})) == []
