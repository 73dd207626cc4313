"""What can be seen only by looking at the whole bank, or at an item as a stranger would. Pure.

Source of the rules: T. M. Haladyna, S. M. Downing, M. C. Rodriguez, "A Review of Multiple-Choice Item-Writing
Guidelines for Classroom Assessment", 2002, Applied Measurement in Education 15 (3).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations
from typing import Any

from app.core import wording
from app.core.content import LANGUAGES
from app.items.files import ItemFile, StimulusFile
from app.items.types import is_written

LONGEST_KEYS = Fraction(3, 10)
"""Largest share of single-choice items whose key is the longest option: more rewards those who guess by length."""
PLACES = 4
"""Options of the usual question."""
KEY_PLACES = (Fraction(15, 100), Fraction(35, 100))
"""Between which shares each of four places holds the key."""
ENOUGH = 20
"""Items from which on a share says something."""
ALIKE = Fraction(3, 5)
"""Share of common word triples from which on two items ask the same."""
LONGEST_STEM = {"kk": 120, "ru": 130, "en": 150}
LONGEST_OPTION = {"kk": 32, "ru": 34, "en": 38}
"""Words; the reading load of a question is part of its fairness."""
LONGEST_STIMULUS = {"kk": 900, "ru": 950, "en": 1100}
READING_SPREAD = Fraction(17, 10)
"""How many times as long, in letters, one language of a stem may be as another."""
SHORT_STEM = 80
"""Letters below which the lengths of languages are not compared."""
CASE_SIZE = range(3, 6)
LEARN_SIZE = 8

_DOUBLE = {
    "kk": r"емес[^.?!]*\bемес\b|емес[^.?!]*\b(жоқ|болмайды)\b|(ма|ме|ба|бе|па|пе)й(ды|ді|тын|тін)[^.?!,;]*\bемес\b",
    "ru": r"\bнельзя не\b|\bне (может|могут|должен|должна|должны) не\b|\bне (является|относится|входит)\b[^.?!]*\bне\b",
    "en": r"\b(cannot|can't|must not|may not|is not|are not|do not|does not)\b[^.?!,;]*\bnot\b|\bnot un\w+",
}
_DOUBLE_NEGATIVE = {language: re.compile(rule, re.IGNORECASE) for language, rule in _DOUBLE.items()}
_ASKED = re.compile(r"[^.?!\n]*\?")

Problems = Iterator[tuple[str, str]]
"""Item or part of the bank, and what is wrong there."""


def item_problems(item: ItemFile) -> list[str]:
    """Return what is wrong with one item as it is read: length, double negatives, its stage."""
    found = _reading_problems(item) + _double_negatives(item)
    if item.stage and item.stimulus is None:
        found.append("stage: a set of learning and applying has a rule, its stimulus")
    return found


def _reading_problems(item: ItemFile) -> list[str]:
    found = []
    most = (
        {language: 2 * words for language, words in LONGEST_STEM.items()}
        if is_written(item.type)
        else LONGEST_STEM
    )
    letters = {language: len(item.stem[language]) for language in LANGUAGES}
    for language in LANGUAGES:
        if (words := wording.word_count(item.stem[language])) > most[language]:
            found.append(f"stem.{language}: {words} words, wanted at most {most[language]}")
        found += [
            f"option {option['id']}.{language}: {words} words, wanted at most {LONGEST_OPTION[language]}"
            for option in _options(item)
            if (words := wording.word_count(option["text"][language])) > LONGEST_OPTION[language]
        ]
    if min(letters.values()) >= SHORT_STEM and max(letters.values()) > READING_SPREAD * min(letters.values()):
        found.append(f"stem: one language is far longer than another: {letters}")
    return found


def _double_negatives(item: ItemFile) -> list[str]:
    return [
        f"stem.{language}: a double negative: “{match.group()}”"
        for language in LANGUAGES
        for asked in _ASKED.findall(item.stem[language])
        if (match := _DOUBLE_NEGATIVE[language].search(asked))
    ]


def bank_problems(
    items: Mapping[str, ItemFile], stimuli: Mapping[str, StimulusFile]
) -> list[tuple[str, str]]:
    """Return what is wrong between items: keys that give themselves away, near duplicates, sets of a wrong size."""
    rules: tuple[Callable[[], Problems], ...] = (
        lambda: _long_keys(items.values()),
        lambda: _key_places(items.values()),
        lambda: _near_duplicates(items),
        lambda: _set_sizes(items.values(), stimuli),
        lambda: _long_stimuli(stimuli),
    )
    return [problem for rule in rules for problem in rule()]


def _single_choice(items: Iterable[ItemFile]) -> list[ItemFile]:
    return [item for item in items if item.type == "single_choice"]


def _long_keys(items: Iterable[ItemFile]) -> Problems:
    """The key may not be the longest option too often, in the bank and in each of its topics."""
    for name, group in _groups(_single_choice(items)):
        for language in LANGUAGES:
            longest = [item.id for item in group if key_is_longest(item, language)]
            if len(longest) > LONGEST_KEYS * len(group):
                yield (
                    name,
                    (
                        f"{language}: the key is the longest option in {len(longest)} of {len(group)} items, "
                        f"wanted at most {float(LONGEST_KEYS):.0%}: {', '.join(longest)}"
                    ),
                )


def _groups(items: list[ItemFile]) -> Iterator[tuple[str, list[ItemFile]]]:
    by_topic: dict[str, list[ItemFile]] = defaultdict(list)
    for item in items:
        by_topic[item.topic].append(item)
    yield from ((topic, group) for topic, group in sorted(by_topic.items()) if len(group) >= ENOUGH)
    if len(items) >= ENOUGH:
        yield "bank", items


def key_is_longest(item: ItemFile, language: str) -> bool:
    """Tell whether the key of a single-choice item has more letters than each other option."""
    length = {option["id"]: len(option["text"][language].strip()) for option in _options(item)}
    key = item.body["key"]
    return all(length[key] > other for option, other in length.items() if option != key)


def _key_places(items: Iterable[ItemFile]) -> Problems:
    """Options are shuffled on the screen; but an author who favours a place thinks of the key first."""
    for name, group in _groups(_single_choice(items)):
        four = [item for item in group if len(_options(item)) == PLACES]
        if len(four) < ENOUGH:
            continue
        places = Counter([option["id"] for option in _options(item)].index(item.body["key"]) for item in four)
        for place in range(PLACES):
            share = Fraction(places[place], len(four))
            if not KEY_PLACES[0] <= share <= KEY_PLACES[1]:
                yield name, f"the key stands at place {place + 1} in {places[place]} of {len(four)} items"


def _options(item: ItemFile) -> list[dict[str, Any]]:
    options = item.body.get("options", ())
    return [option for option in options if isinstance(option, dict) and isinstance(option.get("text"), dict)]


def _near_duplicates(items: Mapping[str, ItemFile]) -> Problems:
    triples = {key: _triples(item) for key, item in items.items()}
    for one, other in combinations(sorted(items), 2):
        smaller = min(len(triples[one]), len(triples[other]))
        common = len(triples[one] & triples[other])
        if smaller and common >= ALIKE * smaller:
            yield items[one].topic, f"{one} and {other} ask nearly the same"


def _triples(item: ItemFile) -> set[tuple[str, ...]]:
    """The runs of three words of an item in English, with its options, actions, lines or criteria."""
    texts = [item.stem["en"], *(text["en"] for _, text in wording.texts_in(item.body))]
    words = re.findall(r"\w+", " ".join(texts).casefold())
    return set(zip(words, words[1:], words[2:], strict=False))


def _set_sizes(items: Iterable[ItemFile], stimuli: Mapping[str, StimulusFile]) -> Problems:
    """A case has three to five items, a dossier four, a rule to be learnt eight to learn and eight to apply."""
    of: dict[str, list[ItemFile]] = defaultdict(list)
    for item in items:
        if item.stimulus and not is_written(item.type):
            of[item.stimulus].append(item)
    for key, group in sorted(of.items()):
        where = f"stimuli/{key}.yaml"
        if {item.use for item in group} == {"practice"}:
            continue
        stages = Counter(item.stage for item in group)
        if stages["learn"] or stages["apply"]:
            if (stages["learn"], stages["apply"]) != (LEARN_SIZE, LEARN_SIZE):
                yield (
                    where,
                    f"{stages['learn']} items to learn and {stages['apply']} to apply, wanted 8 and 8",
                )
        elif len(group) not in CASE_SIZE:
            yield where, f"{len(group)} items share it, wanted 3 to 5"
        if len({(item.use, item.topic) for item in group}) > 1:
            yield where, "its items are of several uses or topics"
    used = {item.stimulus for item in items}
    yield from ((f"stimuli/{key}.yaml", "no item uses it") for key in sorted(set(stimuli) - used))


def _long_stimuli(stimuli: Mapping[str, StimulusFile]) -> Problems:
    for key, stimulus in stimuli.items():
        for language in LANGUAGES:
            if (words := wording.word_count(stimulus.text[language])) > LONGEST_STIMULUS[language]:
                yield (
                    f"stimuli/{key}.yaml",
                    f"{language}: {words} words, wanted at most {LONGEST_STIMULUS[language]}",
                )
