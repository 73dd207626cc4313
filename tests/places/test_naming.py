import pytest

from app.places.naming import naming


@pytest.mark.parametrize(
    ("short_kk", "short_ru", "kk", "ru", "en"),
    [
        (
            "Көкбай а.о.",
            "Кокбайский с.о.",
            "Көкбай ауылдық округі",
            "Кокбайский сельский округ",
            "Kokbay rural district",
        ),
        (
            "Жиенәлі а.о",
            "Жиеналинский с.о",
            "Жиенәлі ауылдық округі",
            "Жиеналинский сельский округ",
            "Zhienali rural district",
        ),
        (
            "Родина а.о.",
            "с.о.Родина",
            "Родина ауылдық округі",
            "сельский округ Родина",
            "Rodina rural district",
        ),
        (
            "Қанай би атын.а.о.",
            "с.о.им.Канай би",
            "Қанай би атындағы ауылдық округі",
            "сельский округ им. Канай би",
            "Kanay bi rural district",
        ),
        (
            "Омар Шипин атындағы а.о.",
            "с.о.имени Омара Шипина",
            "Омар Шипин атындағы ауылдық округі",
            "сельский округ имени Омара Шипина",
            "Omar Shipin rural district",
        ),
        (
            "Қарабұлақ   а.ә.",
            "Карабулакская с.а.",
            "Қарабұлақ ауылдық әкімдігі",
            "Карабулакская сельская администрация",
            "Karabulak village administration",
        ),
        (
            "Нұра к.ә.",
            "п.а.Нура",
            "Нұра кенттік әкімдігі",
            "поселковая администрация Нура",
            "Nura settlement administration",
        ),
        (
            "Ақтау Г.А.",
            "Актау Г.А.",
            "Ақтау қалалық әкімдігі",
            "городская администрация Актау",
            "Aktau city administration",
        ),
        (
            "Рудный Қ.Ә.",
            "Рудный Г.А.",
            "Рудный қалалық әкімдігі",
            "городская администрация Рудный",
            "Rudnyy city administration",
        ),
        (
            "Қазыбек би атын. а.ә.",
            "р.а. им.Казыбек би",
            "Қазыбек би атындағы аудандық әкімдігі",
            "районная администрация им. Казыбек би",
            "Kazybek bi district administration",
        ),
        ("Алматы қ.", "г.Алматы", "Алматы қаласы", "город Алматы", "Almaty city"),
        (
            "Шығыс Қазақстан облысы",
            "Восточно-Казахстанская область",
            "Шығыс Қазақстан облысы",
            "Восточно-Казахстанская область",
            "East Kazakhstan region",
        ),
        ("Шал ақын ауданы", "Район Шал акына", "Шал ақын ауданы", "район Шал акына", "Shal akyn district"),
        ("Ақсақал а.", "с.Аксакал", "Ақсақал ауылы", "село Аксакал", "Aksakal village"),
        ("Октябрь а.", "с.Октябрьское", "Октябрь ауылы", "село Октябрьское", "Oktyabr village"),
        ("Асыл қыстауы", "зимовка Асыл", "Асыл қыстауы", "зимовка Асыл", "Asyl winter camp"),
        ("рзд.6", "рзд.6", "рзд.6", "разъезд 6", "rzd.6"),
        ("Шаршықора", "Шаршыкора", "Шаршықора", "Шаршыкора", "Sharshykora"),
    ],
)
def test_writes_the_classifiers_abbreviations_out(
    short_kk: str, short_ru: str, kk: str, ru: str, en: str
) -> None:
    found = naming(short_kk, short_ru)

    assert (found.kk, found.ru, found.en) == (kk, ru, en)


def test_spellings_are_bare_folded_words_and_names_of_several_words_as_one() -> None:
    assert naming("Жаңа Иқан а.о.", "с.о.Жана Икан").spellings == {"жана", "икан", "жанаикан"}


def test_kazakh_and_russian_spellings_that_sound_alike_are_one() -> None:
    assert naming("Көкпекті ауданы", "Кокпектинский район").spellings == {"кокпекти", "кокпектински"}


def test_initials_are_no_spellings_and_numbers_are() -> None:
    assert naming("Қаракөл 2 а.", "с.Караколь 2").spellings == {"каракол", "2", "каракол2"}
    assert naming("Ш.Берсиев атын. а.о.", "с.о.им. Ш.Берсиева").spellings >= {"берсиев", "берсиева"}
    assert "ш" not in naming("Ш.Берсиев атын. а.о.", "с.о.им. Ш.Берсиева").spellings
