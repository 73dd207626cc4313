"""The words of the office: one list for lessons, items and the site's own glossary. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import Field

from app.core import wording
from app.core.alphabet import sort_key
from app.core.content import LANGUAGES, Strict, Text, Words, read_entries
from app.core.sources import Act, Citation, citation_problems

FILE = Path("course_content/glossary.yaml")
"""From the folder of the content on."""


class Avoided(Strict):
    """Wordings that are wrong for a term, as beginnings of words; Kazakh and Russian words go on with endings."""

    kk: list[Words] = Field(default_factory=list)
    ru: list[Words] = Field(default_factory=list)
    en: list[Words] = Field(default_factory=list)


class TermFile(Strict):
    """One word of the office.

    Attributes:
        term: as the acts say it.
        meaning: in our words, a sentence or two.
        avoid: what people write instead, and what lessons and items must not.
        sources: where the term or its meaning stands; empty for a word of common use.
    """

    term: Text
    meaning: Text
    avoid: Avoided = Field(default_factory=Avoided)
    sources: list[Citation] = Field(default_factory=list)


@dataclass(frozen=True)
class Glossary:
    """All words by key."""

    terms: Mapping[str, TermFile]

    def in_order(self, language: str) -> list[tuple[str, TermFile]]:
        """Return keys and words in the alphabet of `language`."""
        return sorted(self.terms.items(), key=lambda pair: _order(pair[1].term[language], language))

    def wrong_words(self, texts: Mapping[str, object]) -> list[str]:
        """Return which texts use a wording that the glossary says to avoid; see `wording.Texts`."""
        return [
            f"{where}.{language}: “{found.group()}”: the glossary says “{term}”"
            for where, text in wording.texts_in(texts)
            for language in LANGUAGES
            for term, pattern in self._avoided(language)
            if (found := pattern.search(text[language]))
        ]

    def _avoided(self, language: str) -> Iterator[tuple[str, re.Pattern[str]]]:
        for entry in self.terms.values():
            for wrong in getattr(entry.avoid, language):
                yield entry.term[language], _pattern(wrong)


_PATTERNS: dict[str, re.Pattern[str]] = {}


def _pattern(wrong: str) -> re.Pattern[str]:
    """Compile each wording once: a bank asks for each of them thousands of times."""
    if wrong not in _PATTERNS:
        _PATTERNS[wrong] = re.compile(rf"\b{re.escape(wrong)}\w*", re.IGNORECASE)
    return _PATTERNS[wrong]


def _order(term: str, language: str) -> str:
    return sort_key(term) if language == "kk" else term.casefold().replace("ё", "е")


def load(path: Path, acts: Mapping[str, Act], *, today: date) -> tuple[Glossary, list[str]]:
    """Return the sound words of the file, and every problem of it in words."""
    terms, problems = read_entries(path, TermFile)
    for key, term in terms.items():
        texts = term.model_dump(include={"term", "meaning"})
        found = citation_problems(term.sources, acts, today=today)
        found += wording.language_problems(texts) + wording.html_problems(texts)
        found += wording.number_problems(term.model_dump(include={"meaning"}))
        problems += [f"{key}: {text}" for text in found]
    problems += [f"{key}: is no key" for key in _bad_keys(terms)]
    for language in LANGUAGES:
        problems += [f"{again}: stands twice ({language})" for again in _repeated(terms, language)]
    return Glossary(terms), problems


def _bad_keys(keys: Iterable[str]) -> list[str]:
    return [key for key in keys if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", key)]


def _repeated(terms: Mapping[str, TermFile], language: str) -> list[str]:
    seen: set[str] = set()
    found = []
    for entry in terms.values():
        word = entry.term[language].casefold()
        if word in seen:
            found.append(entry.term[language])
        seen.add(word)
    return found
