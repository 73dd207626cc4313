"""What a machine can see in the wording of an item: language, numbers, phrases we do not use. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from app.core.content import LANGUAGES, Language

Texts = Mapping[str, object]
"""A nested part of a file; the texts are its {kk, ru, en} maps."""

KAZAKH_LETTERS = frozenset("әғқңөұүһі")
LONG_ENOUGH = 30
"""Letters from which on a Kazakh text without any letter of its own is not Kazakh."""

RUSSIAN_WORDS = frozenset(
    (  # noqa: SIM905 - words read better in a row
        "и в на что это для по из или как при если также только после между который которая которые она они был "
        "была было будет нет под над со их его её уже ещё где когда чтобы потому этот эта эти"
    ).split()
)
"""Words that are Russian and nothing else; `не`, `от`, `да`, `он`, `без` are Kazakh words too."""
_RUSSIAN = re.compile(
    r"\b[а-я]{3,}(?:ого|его|ться|ются|ение|ения|ость|ский|ская|ское|ского|ный|ная|ное|ные|ных|ному|ующий|ующая|ующие)\b"
)
"""Endings that no Kazakh word has; names begin with a capital and are let through."""

# An option that points at the others breaks when options are shuffled, and rewards the test-wise.
BANNED = {
    "kk": (
        r"(жоғарыда\w*|аталған\w*|көрсетілген\w*)\s+(\w+\s+)?(барлығы|бәрі|ешқайсысы)",
        r"(барлық|бүкіл) (жауап|нұсқа)\w*",
        r"дұрыс жауап (жоқ|берілмеген)",
    ),
    "ru": (
        r"(вс[её]|ничего|ничто) (из )?(выше)?(перечисленно|названно|указанно)\w*",
        r"все (ответы|варианты)",
        r"(нет|ни одного) (правильного|верного) (ответа|варианта)",
        r"ни один из (вариантов|ответов|перечисленных)",
    ),
    "en": (
        r"(all|none|any|both) of the (above|options|answers|following)",
        r"(all|none) of these",
        r"(all|no) (answers|options) (are|is) (right|correct)",
    ),
}
_BANNED = {
    language: re.compile("|".join(f"(?:{one})" for one in phrases), re.IGNORECASE)
    for language, phrases in BANNED.items()
}
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_QUOTED = re.compile(r"«[^»]*»|(?<!\*)\*[^*\n]+\*(?!\*)")
_ADDRESS = re.compile(r"\]\([^)]*\)")
_HEADING = re.compile(r"^#{2,4} ", re.MULTILINE)
_TABLE_ROW = re.compile(r"^\|", re.MULTILINE)
_LISTED = re.compile(r"^\s*(?:[-*]|\d+\.) ", re.MULTILINE)
_FIGURE_NAME = re.compile(r"\(figure:([a-z0-9-]+)\)")
_TERM_KEY = re.compile(r"\(term:([a-z0-9-]+)\)")
_MARKED = re.compile(r"^> \[!2026\]", re.MULTILINE)
_MIXED = re.compile(r"[^\W\d_]*(?:[a-z][\u0400-\u04ff]|[\u0400-\u04ff][a-z])[^\W\d_]*", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!]")


def problems(texts: Texts) -> list[str]:
    """Return the faults of what candidates read and choose from: language, HTML, banned phrases, numbers."""
    return language_problems(texts) + html_problems(texts) + phrase_problems(texts) + number_problems(texts)


def language_problems(texts: Texts) -> list[str]:
    """Return where a text is plainly not in its language, or mixes alphabets in a word."""
    found = []
    for where, text in texts_in(texts):
        for language in LANGUAGES:
            if not _may_be(language, text[language]):
                found.append(f"{where}.{language}: does not look like {language}")
            elif language == "kk":
                found += [f"{where}.kk: “{word}” is Russian" for word in russian_words(text["kk"])]
            # A Latin i in a Kazakh word looks right and is found by no search and read by no voice.
            found += [
                f"{where}.{language}: Latin and Cyrillic in “{word}”"
                for word in _MIXED.findall(text[language])
            ]
    return found


def russian_words(text: str) -> list[str]:
    """Return the Russian words that a Kazakh text left over; what it quotes, or sets in italics, is meant to be so."""
    lower = [word for word in _WORD.findall(_QUOTED.sub(" ", text)) if word.islower()]
    return [word for word in lower if word in RUSSIAN_WORDS or _RUSSIAN.fullmatch(word)]


def html_problems(texts: Texts) -> list[str]:
    """Return where a text holds a tag, which every page shows as it is."""
    return [
        f"{where}.{language}: holds HTML"
        for where, text in texts_in(texts)
        for language in LANGUAGES
        if _TAG.search(text[language])
    ]


def phrase_problems(texts: Texts) -> list[str]:
    """Return where a text uses a phrase that no item may use."""
    return [
        f"{where}.{language}: do not write “{found.group()}”"
        for where, text in texts_in(texts)
        for language in LANGUAGES
        if (found := _BANNED[language].search(text[language]))
    ]


def number_problems(texts: Texts) -> list[str]:
    """Return which numbers the languages of a text do not share."""
    return [problem for where, text in texts_in(texts) for problem in _number_problems(where, text)]


def _number_problems(where: str, text: Mapping[str, str]) -> list[str]:
    said = {language: numbers(text[language]) for language in LANGUAGES}
    everywhere = said["kk"] & said["ru"] & said["en"]
    extra = {language: sorted((said[language] - everywhere).elements()) for language in LANGUAGES}
    if not any(extra.values()):
        return []
    alone = "; ".join(
        f"{language} alone has {', '.join(those)}" for language, those in extra.items() if those
    )
    return [f"{where}: the numbers differ: {alone}"]


def structure_problems(texts: Mapping[Language, str]) -> list[str]:
    """Return in what the Markdown of the languages of one text is built differently."""
    built = {language: _built(texts[language]) for language in LANGUAGES}
    return [
        f"{what} differ: " + ", ".join(f"{language} {built[language][what]}" for language in LANGUAGES)
        for what in built["kk"]
        if len({str(built[language][what]) for language in LANGUAGES}) > 1
    ]


def _built(text: str) -> dict[str, object]:
    return {
        "headings": len(_HEADING.findall(text)),
        "table rows": len(_TABLE_ROW.findall(text)),
        "list entries": len(_LISTED.findall(text)),
        "figures": _FIGURE_NAME.findall(text),
        "glossary words": sorted(set(_TERM_KEY.findall(text))),
        "marks of 2026": len(_MARKED.findall(text)),
    }


def has_table(text: str) -> bool:
    """Tell whether a Markdown text holds a table."""
    return _TABLE_ROW.search(text) is not None


def length_problems(texts: Mapping[Language, str], lengths: Mapping[Language, tuple[int, int]]) -> list[str]:
    """Return which languages of a text have fewer or more words than `lengths` allows."""
    found = []
    for language in LANGUAGES:
        fewest, most = lengths[language]
        if not fewest <= (count := word_count(texts[language])) <= most:
            found.append(f"{language}: {count} words, wanted {fewest} to {most}")
    return found


def word_count(text: str) -> int:
    """Return how many words of a Markdown text are read; addresses are not."""
    return len(_WORD.findall(_ADDRESS.sub("]", text)))


def by_place(said: Mapping[Any, Any]) -> dict[str, object]:
    """Turn {kk: {a: …}, ru: {a: …}, en: {a: …}} inside out: {a: {kk: …, ru: …, en: …}}, at every depth.

    What is not in every language is left out: whoever reads the file has named that.
    """
    parts = [said[language] for language in LANGUAGES]
    if all(isinstance(part, Mapping) for part in parts):
        common = [key for key in parts[0] if all(key in part for part in parts)]
        return {key: by_place({language: said[language][key] for language in LANGUAGES}) for key in common}
    return dict(said)


def numbers(text: str) -> Counter[str]:
    """Return the numbers written in figures, thousands closed up, with a point before decimals."""
    closed = _GROUPED.sub(lambda match: re.sub(r"\D", "", match.group()), text)
    return Counter(found.replace(",", ".") for found in _NUMBER.findall(closed))


def texts_in(part: object, where: str = "") -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield each {kk, ru, en} map inside `part` with its place; lists count from 0, as in other messages."""
    if isinstance(part, Mapping):
        if set(part) == set(LANGUAGES):
            if all(isinstance(text, str) for text in part.values()):
                yield where, part
            return
        for key, value in part.items():
            yield from texts_in(value, f"{where}.{key}" if where else str(key))
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from texts_in(value, f"{where}.{place}")


def _may_be(language: str, text: str) -> bool:
    letters = [letter for letter in text.casefold() if letter.isalpha()]
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in letters)
    if language == "en":
        return cyrillic * 2 <= len(letters)
    if cyrillic * 2 < len(letters):
        return False
    return language == "ru" or len(letters) < LONG_ENOUGH or not KAZAKH_LETTERS.isdisjoint(letters)
