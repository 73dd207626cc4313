"""What the classifier's short names mean: the name itself, and the kind of place in words. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.core.alphabet import fold
from app.places.transliteration import latin

LONGEST_SPELLING = 60


@dataclass(frozen=True)
class Naming:
    """One place's names, abbreviations written out.

    Attributes:
        kk: as in "Көкбай ауылдық округі".
        ru: as in "Кокбайский сельский округ".
        en: the Kazakh name in Latin letters and the kind in English, as in "Kokbay rural district".
        spellings: the folded words of the bare names, and each name of several words also as one.
    """

    kk: str
    ru: str
    en: str
    spellings: frozenset[str]


# How a Kazakh name of the classifier ends (a pattern), the same in full, the kind in English.
_KAZAKH_KINDS: tuple[tuple[str, str, str], ...] = (
    (r"а\.\s?о\.?", "ауылдық округі", "rural district"),
    (r"а\.\s?ә\.?", "ауылдық әкімдігі", "village administration"),
    (r"к\.\s?ә\.?", "кенттік әкімдігі", "settlement administration"),
    (r"қ\.\s?ә\.?|г\.\s?а\.?", "қалалық әкімдігі", "city administration"),
    (r"облысы", "облысы", "region"),
    (r"ауданы", "ауданы", "district"),
    (r"[қќ]\.", "қаласы", "city"),
    (r"к\.", "кенті", "settlement"),
    (r"а\.?", "ауылы", "village"),
    (r"ст\.", "станциясы", "station"),
    (r"рзд\.?", "разъезі", "siding"),
    (r"уч\.", "учаскесі", "plot"),
    (r"қыстауы", "қыстауы", "winter camp"),
    (r"мекені", "мекені", "place"),
)
# How a Russian one begins or ends; where both fit, the longer stands first.
_RUSSIAN_KINDS: tuple[tuple[str, str], ...] = (
    (r"с\.\s?о\.", "сельский округ"),
    (r"с\.\s?а\.", "сельская администрация"),
    (r"п\.\s?а\.", "поселковая администрация"),
    (r"р\.\s?а\.", "районная администрация"),
    (r"г\.\s?а\.", "городская администрация"),
    (r"г\.", "город"),
    (r"п\.", "поселок"),
    (r"с\.", "село"),
    (r"ст\.", "станция"),
    (r"рзд\.", "разъезд"),
    (r"уч\.", "участок"),
    (r"область", "область"),
    (r"[Рр]айон", "район"),
    (r"зимовка", "зимовка"),
    (r"точка", "точка"),
)


def _one_of(patterns: Iterable[str]) -> str:
    """Return a pattern with a group for each of `patterns`: the group that matched tells which it was."""
    return "(?:" + "|".join(f"({pattern})" for pattern in patterns) + ")"


_KAZAKH = re.compile(r"(.+?[\s.])\s*" + _one_of(end for end, _, _ in _KAZAKH_KINDS), re.IGNORECASE)
_RUSSIAN_BEGINS = re.compile("|".join(rf"({short})\s*(.+)" for short, _ in _RUSSIAN_KINDS))
_RUSSIAN_ENDS = re.compile(r"(.+?)\s+" + _one_of(f"{short}?" for short, _ in _RUSSIAN_KINDS), re.IGNORECASE)
_ADJECTIVES = re.compile(r".+(ий|ый|ой) (сельский округ|район)|.+ая (.+ая администрация|область)")
_NAMED_AFTER_KK = re.compile(r"\s*(атындағы|атын\.|ат\.)\s*")
_NAMED_AFTER_RU = re.compile(r"\b(имени\s|им\.)\s*")
_CITY_DISTRICT = "районная администрация"
# Parts of the world are translated.
_ENGLISH = {
    "Батыс Қазақстан": "West Kazakhstan",
    "Солтүстік Қазақстан": "North Kazakhstan",
    "Шығыс Қазақстан": "East Kazakhstan",
}


def naming(name_kk: str, name_ru: str) -> Naming:
    """Return the full names of a place from the classifier's short ones."""
    bare_ru, ru = _russian(" ".join(name_ru.split()))
    bare_kk, kk, en = _kazakh(" ".join(name_kk.split()))
    if _CITY_DISTRICT in ru:
        # The classifier shortens "аудандық" as it does "ауылдық".
        kk, en = kk.replace("ауылдық", "аудандық"), en.replace("village", "district")
    return Naming(kk=kk, ru=ru, en=en, spellings=_spellings(bare_kk, bare_ru, latin(bare_kk)))


def _kazakh(short: str) -> tuple[str, str, str]:
    """Return the bare name, the full name, and the English one."""
    found = _KAZAKH.fullmatch(short)
    if found is None:
        return short, short, latin(short)
    _, full, kind = _KAZAKH_KINDS[(found.lastindex or 0) - 2]
    bare, named_after = _NAMED_AFTER_KK.subn("", found[1].strip())
    shown = f"{bare} атындағы {full}" if named_after else f"{bare} {full}"
    return bare, shown, f"{_ENGLISH.get(bare, latin(bare))} {kind}"


def _russian(short: str) -> tuple[str, str]:
    """Return the bare name and the full one: an adjective before its kind, any other name after it."""
    if found := _RUSSIAN_BEGINS.fullmatch(short):
        name, kind = found[found.lastindex or 0], (found.lastindex or 0) // 2 - 1
    elif found := _RUSSIAN_ENDS.fullmatch(short):
        name, kind = found[1], (found.lastindex or 0) - 2
    else:
        return short, short
    full = _RUSSIAN_KINDS[kind][1]
    bare = _NAMED_AFTER_RU.sub("", name)
    shown = _NAMED_AFTER_RU.sub(lambda mark: f"{mark[1].strip()} ", name)
    before = f"{shown} {full}"
    return bare, before if _ADJECTIVES.fullmatch(before) else f"{full} {shown}"


def _spellings(*names: str) -> frozenset[str]:
    words: set[str] = set()
    for name in names:
        several = fold(name).split()
        words.update(several)
        words.add(fold("".join(several)))
    # An initial is no word that anybody searches for; a number is.
    return frozenset(word[:LONGEST_SPELLING] for word in words if len(word) > 1 or word.isdigit())
