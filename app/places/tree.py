"""How codes of the classifier lie in each other: two digits a region, four a district, six a unit. Pure."""

from collections.abc import Container

LENGTH = 9
LEVELS = ("oblast", "district", "sub_district", "settlement")
_DIGITS = {"oblast": 2, "district": 4, "sub_district": 6, "settlement": LENGTH}
_CITY = "городская администрация"
_CITY_DISTRICT = "районная администрация"


def is_code(text: str) -> bool:
    """Tell whether `text` could be a code: nine plain digits."""
    return len(text) == LENGTH and text.isascii() and text.isdecimal()


def ancestors(kato: str) -> list[str]:
    """Return the codes that may stand above `kato`, region first; the classifier leaves some levels out."""
    padded = [kato[:digits].ljust(LENGTH, "0") for digits in (2, 4, 6)]
    return [code for code in dict.fromkeys(padded) if code != kato]


def parent(kato: str, known: Container[str]) -> str | None:
    """Return the nearest known code above `kato`; None for a region."""
    return next((code for code in reversed(ancestors(kato)) if code in known), None)


def lies_within(kato: str, *, ancestor: str, level: str) -> bool:
    """Tell whether `kato` is the place `ancestor` of `level`, or lies in it."""
    return kato.startswith(ancestor[: _DIGITS[level]])


def elects_akim(*, level: str, name_ru: str, parent_level: str | None, parent_name_ru: str) -> bool:
    """Tell whether the residents of this place elect an akim of the lowest level.

    That is a rural district, a village or settlement in no rural district, or a city of district
    significance; not a city with an administration of its own beside the districts, nor a city's district.

    Args:
        level: of the place.
        name_ru: its full Russian name, abbreviations written out.
        parent_level: of what it lies in.
        parent_name_ru: the same name of what it lies in.

    Source:
        Constitutional law No 2464 of 28 September 1995 on elections, articles 1 and 3; law No 148 of
        23 January 2001 on local public administration and self-government, article 36.
    """
    if parent_level != "district":
        return False
    in_city = parent_name_ru.startswith(_CITY)
    if level == "sub_district":
        return not name_ru.startswith((_CITY_DISTRICT, "город ") if in_city else _CITY_DISTRICT)
    return name_ru.startswith(("село ", "поселок ") if in_city else ("село ", "поселок ", "город "))
