import pytest

from app.places import tree


@pytest.mark.parametrize(
    ("kato", "above"),
    [
        ("100000000", []),
        ("103200000", ["100000000"]),
        ("103247000", ["100000000", "103200000"]),
        ("103247100", ["100000000", "103200000", "103247000"]),
    ],
)
def test_a_code_names_what_it_lies_in(kato: str, above: list[str]) -> None:
    assert tree.ancestors(kato) == above


def test_the_parent_is_the_nearest_one_that_the_classifier_has() -> None:
    known = {"110000000", "113800000", "113820100"}

    assert tree.parent("113820100", known) == "113800000"
    assert tree.parent("113800000", known) == "110000000"
    assert tree.parent("110000000", known) is None


def test_a_place_lies_in_itself_and_in_what_stands_above_it_only() -> None:
    assert tree.lies_within("103247100", ancestor="103247000", level="sub_district")
    assert tree.lies_within("103247000", ancestor="103247000", level="sub_district")
    assert tree.lies_within("103247100", ancestor="100000000", level="oblast")
    assert not tree.lies_within("103249100", ancestor="103247000", level="sub_district")
    assert not tree.lies_within("103200000", ancestor="103247000", level="sub_district")


@pytest.mark.parametrize(
    ("level", "name", "parent_level", "parent", "elects"),
    [
        ("sub_district", "Кокбайский сельский округ", "district", "Абайский район", True),
        ("sub_district", "Аккольская городская администрация", "district", "Аккольский район", True),
        (
            "sub_district",
            "Станционная поселковая администрация",
            "district",
            "городская администрация Кокшетау",
            True,
        ),
        ("settlement", "город Атбасар", "district", "Атбасарский район", True),
        ("settlement", "село Меновное", "district", "городская администрация Усть-Каменогорск", True),
        ("sub_district", "город Семей", "district", "городская администрация Семей", False),
        ("settlement", "город Семей", "district", "городская администрация Семей", False),
        (
            "sub_district",
            "районная администрация им. Казыбек би",
            "district",
            "городская администрация Караганда",
            False,
        ),
        ("sub_district", "Алмалинский район", "oblast", "город Алматы", False),
        ("settlement", "район Астана", "district", "городская администрация Актобе", False),
        ("settlement", "Кордон", "district", "городская администрация Риддер", False),
        ("settlement", "село Кокбай", "sub_district", "Кокбайский сельский округ", False),
        ("district", "Абайский район", "oblast", "область Абай", False),
        ("oblast", "область Абай", None, "", False),
    ],
)
def test_knows_where_residents_elect_an_akim(
    level: str, name: str, parent_level: str | None, parent: str, *, elects: bool
) -> None:
    assert (
        tree.elects_akim(level=level, name_ru=name, parent_level=parent_level, parent_name_ru=parent)
        is elects
    )


@pytest.mark.parametrize("text", ["", "10000000", "1000000000", "10000000x", "١٠٠٠٠٠٠٠٠"])
def test_only_nine_plain_digits_are_a_code(text: str) -> None:
    assert not tree.is_code(text)
    assert tree.is_code("100000000")
