"""Kazakh names in Latin letters without signs, for the English pages. Pure."""

# The classifier has no English names. A decision: one letter or digraph for each sound, as English maps
# of Kazakhstan have them (Zhetisu, Kyzylorda); the signs of the Latin alphabet to come are left out.
_LATIN = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh",
    "з": "z", "и": "i", "й": "y", "к": "k", "қ": "k", "л": "l", "м": "m", "н": "n", "ң": "n", "о": "o",
    "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "kh",
    "һ": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "і": "i", "ь": "", "э": "e",
    "ю": "yu", "я": "ya", "ќ": "k",
}  # fmt: skip


def latin(name: str) -> str:
    """Return `name` in Latin letters; what is no Cyrillic letter stays as it is."""
    return "".join(_in_case(letter) for letter in name)


def _in_case(letter: str) -> str:
    written = _LATIN.get(letter.lower(), letter)
    return written.capitalize() if letter.isupper() else written
