"""Which items a paper gets. Pure: chance is a seed."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from typing import Any

from app.core.errors import N_, Refused
from app.exams.blueprints import Blueprint, Section, Slot
from app.items.types import is_written

FORMS = 4
"""Parallel forms that a blueprint must be able to give."""
MOST_SHARED = 0.3
"""Share of its items that a form may have in common with another."""


class TooFew(Refused):
    """The bank cannot fill the blueprint."""

    message = N_("The bank has too few items for the section “%(section)s” of this blueprint.")


@dataclass(frozen=True)
class Drawable:
    """What a draw looks at in an item.

    Attributes:
        stimulus: items of one stimulus stand side by side in a paper.
        apart_from: items that this one helps to answer, or the other way round; never in one paper.
        stage: learn or apply, in a set of learning and applying.
    """

    key: str
    topic: str
    type: str
    competency: str
    level: str
    stimulus: str | None = None
    apart_from: frozenset[str] = frozenset()
    stage: str | None = None

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Drawable":
        """Return what a draw looks at in an item file as JSON (`items.files.content`), also of an older release."""
        return cls(
            key=said["id"],
            topic=said["topic"],
            type=said["type"],
            competency=said["competency"],
            level=said["level"],
            stimulus=said["stimulus"],
            apart_from=frozenset(said["apart_from"]),
            stage=said.get("stage"),
        )

    @property
    def is_of_a_case(self) -> bool:
        """Tell whether it comes with the others of its stimulus; a text to be written may have one of its own."""
        return self.stimulus is not None and not is_written(self.type)

    def helps(self, other: "Drawable") -> bool:
        """Tell whether the two must not stand in one paper; said by either side, it holds for both."""
        return other.key in self.apart_from or self.key in other.apart_from


@dataclass(frozen=True)
class Drawn:
    """One item at its place; the places come in order."""

    section: str
    key: str


def rank(seed: str, *parts: object) -> str:
    """Return where something stands in the order that `seed` makes: SHA-256 in hex, lowest first.

    Source:
        R. L. Rivest, "Consistent Sampling with Replacement", 2018, arXiv:1808.10016.
    """
    return sha256(":".join([seed, *map(str, parts)]).encode()).hexdigest()


def fits(slot: Slot, item: Drawable) -> bool:
    """Tell whether the item is of the slot's description."""
    return (
        slot.case == item.is_of_a_case
        and (slot.topics is None or item.topic in slot.topics)
        and (slot.types is None or item.type in slot.types)
        and (slot.competency is None or item.competency == slot.competency)
        and (slot.levels is None or item.level in slot.levels)
    )


def draw(blueprint: Blueprint, pool: Iterable[Drawable], *, seed: str, form: int = 1) -> list[Drawn]:
    """Choose an item for each place of the blueprint.

    Items are taken by rank, each that leaves a way to fill all places: those taken before may move to others
    that they fit, and what it helps goes. So a draw succeeds whenever one exists, the lowest ranks win, and
    the order of `pool` does not matter. Parallel forms of one seed take what earlier forms used last.

    Args:
        blueprint: its sections come in their order; within one, items stand by rank, those of one stimulus
            side by side, those to learn from before those to apply.
        pool: the items to choose from, each once.
        seed: recorded with the paper, so that anyone can draw it again.
        form: which of the parallel forms, from 1.

    Raises:
        TooFew: there is no way to fill all places.
    """
    return parallel(blueprint, pool, seed=seed, forms=form)[-1]


def parallel(blueprint: Blueprint, pool: Iterable[Drawable], *, seed: str, forms: int) -> list[list[Drawn]]:
    """Return so many parallel forms, the first ones of the seed; see `draw`."""
    pool = list(pool)
    used: Counter[str] = Counter()
    drawn = []
    for _ in range(forms):
        drawn.append(_draw_one(blueprint, pool, seed, used))
        used.update(one.key for one in drawn[-1])
    return drawn


def overlap(one: Sequence[Drawn], other: Sequence[Drawn]) -> float:
    """Return which share of the items of `one` (0-1) stands in `other` too."""
    return len({drawn.key for drawn in one} & {drawn.key for drawn in other}) / len(one)


def _draw_one(
    blueprint: Blueprint, pool: Sequence[Drawable], seed: str, used: Mapping[str, int]
) -> list[Drawn]:
    slots = [(section.key, slot) for section in blueprint.sections for slot in section.slots]
    places = [(key, slot) for key, slot in slots if not slot.case for _ in range(slot.count)]
    order = sorted(pool, key=lambda item: (used[item.key], rank(seed, item.key)))
    if not _may_fill(order, places, {}):
        raise TooFew(section=_scarcest(pool, blueprint))
    for cases in _cases([(key, slot) for key, slot in slots if slot.case], order):
        taken = [item for _, items in cases for item in items]
        seated = _fill(_without(order, taken), places, {})
        if seated is None:
            continue
        of_section: dict[str, list[Drawable]] = {section.key: [] for section in blueprint.sections}
        for key, items in cases:
            of_section[key] += items
        for number, item in seated.items():
            of_section[places[number][0]].append(item)
        return [Drawn(key, item.key) for key, items in of_section.items() for item in _in_order(items, seed)]
    raise TooFew(section=_scarcest(pool, blueprint))


def _without(items: Iterable[Drawable], taken: Sequence[Drawable]) -> list[Drawable]:
    """Return `items` without those taken and those that one of them helps, or is helped by."""
    return [item for item in items if item not in taken and not any(item.helps(one) for one in taken)]


Cases = list[tuple[str, list[Drawable]]]


def _cases(slots: Sequence[tuple[str, Slot]], order: Sequence[Drawable]) -> Iterator[Cases]:
    """Yield the ways to give each slot a whole case of its own: those least used first, then by rank."""
    if not slots:
        yield []
        return
    (section, slot), *others = slots
    by_stimulus: dict[str, list[Drawable]] = {}
    for item in order:
        if item.stimulus and fits(slot, item):
            by_stimulus.setdefault(item.stimulus, []).append(item)
    # `order` puts what was used before behind everything else; a case is as used as its most used item.
    place_of = {item.key: place for place, item in enumerate(order)}
    by_use = sorted(by_stimulus, key=lambda one: place_of[by_stimulus[one][-1].key])
    for stimulus in by_use:
        items = _apart(by_stimulus[stimulus], slot.count)
        if items is None:
            continue
        left = [item for item in _without(order, items) if item.stimulus != stimulus]
        yield from ([(section, items), *more] for more in _cases(others, left))


def _apart(items: Sequence[Drawable], count: int) -> list[Drawable] | None:
    """Return the first `count` of `items` of which none helps another; None if there are fewer."""
    taken: list[Drawable] = []
    for item in items:
        if len(taken) < count and not any(item.helps(one) for one in taken):
            taken.append(item)
    return taken if len(taken) == count else None


Places = Sequence[tuple[str, Slot]]
Seated = dict[int, Drawable]


def _fill(items: Sequence[Drawable], places: Places, seated: Seated) -> Seated | None:
    """Return `seated` with all places filled from `items`, taken in their order; None if there is no way.

    What no other item is kept apart from can be taken at once: where a full paper exists, one with it exists.
    """
    for number, item in enumerate(items):
        if len(seated) == len(places):
            break
        trial = dict(seated)
        if not _seat(item, places, trial, set()):
            continue
        later = items[number + 1 :]
        left = [other for other in later if not item.helps(other)]
        if len(left) == len(later):
            seated = trial
        elif _may_fill(left, places, trial) and (found := _fill(left, places, trial)) is not None:
            return found
    return seated if len(seated) == len(places) else None


def _may_fill(items: Iterable[Drawable], places: Places, seated: Seated) -> bool:
    """Tell whether `items` could fill the places if none of them had to be kept apart from another."""
    trial = dict(seated)
    for item in items:
        _seat(item, places, trial, set())
    return len(trial) == len(places)


def _seat(item: Drawable, places: Places, seated: Seated, tried: set[int]) -> bool:
    """Seat `item`, moving others along if need be; tell whether it went. One step of bipartite matching."""
    for number, (_, slot) in enumerate(places):
        if number in tried or not fits(slot, item):
            continue
        tried.add(number)
        if number not in seated or _seat(seated[number], places, seated, tried):
            seated[number] = item
            return True
    return False


def _scarcest(items: Iterable[Drawable], blueprint: Blueprint) -> str:
    """Return the section that has the fewest items to spare."""
    pool = list(items)

    def spare(section: Section) -> int:
        return sum(any(fits(slot, item) for slot in section.slots) for item in pool) - section.count

    return min(blueprint.sections, key=spare).key


def _in_order(items: Sequence[Drawable], seed: str) -> list[Drawable]:
    def group(item: Drawable) -> str:
        return min(rank(seed, other.key) for other in items if _together(item, other))

    return sorted(items, key=lambda item: (group(item), item.stage == "apply", rank(seed, item.key)))


def _together(item: Drawable, other: Drawable) -> bool:
    return item == other or (item.stimulus is not None and item.stimulus == other.stimulus)


def problems(blueprint: Blueprint, pool: Iterable[Drawable]) -> list[str]:
    """Return why the bank cannot fill the blueprint, in English, for its author; empty when it can."""
    items = list(pool)
    found = []
    for section in blueprint.sections:
        for slot in section.slots:
            there = sum(fits(slot, item) for item in items)
            if slot.case:
                there = max(Counter(item.stimulus for item in items if fits(slot, item)).values(), default=0)
            if there < slot.count:
                found.append(
                    f"sections.{section.key}: wants {slot.count} items, the bank has {there} that fit"
                )
    if found:
        return found
    try:
        forms = parallel(blueprint, items, seed="check", forms=1 if blueprint.kind == "practice" else FORMS)
    except TooFew as refusal:
        return [
            f"sections.{refusal.values['section']}: its items are wanted elsewhere, or kept apart from others"
        ]
    return [
        f"parallel forms {one + 1} and {other + 1} share {share:.0%} of their items, wanted under {MOST_SHARED:.0%}"
        for (one, first), (other, second) in combinations(enumerate(forms), 2)
        if (share := overlap(first, second)) >= MOST_SHARED
    ]


def content_hash(hashes: Sequence[str]) -> str:
    """Return the SHA-256 over the ordered hashes of a paper's item versions: what two people approve."""
    return sha256(json.dumps(list(hashes)).encode()).hexdigest()
