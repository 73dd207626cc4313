"""Which items a paper gets, who gets which paper, in which order options stand. Pure: chance is a seed."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from app.core.errors import N_, Refused
from app.exams.blueprints import Blueprint, Section, Slot


class TooFew(Refused):
    """The bank cannot fill the blueprint."""

    message = N_("The bank has too few items for the section “%(section)s” of this blueprint.")


@dataclass(frozen=True)
class Drawable:
    """What a draw looks at in an item.

    Attributes:
        stimulus: items of one stimulus stand side by side in a paper.
        apart_from: items that this one helps to answer, or the other way round; never in one paper.
    """

    key: str
    topic: str
    type: str
    competency: str
    level: str
    stimulus: str | None = None
    apart_from: frozenset[str] = frozenset()

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
        (slot.topics is None or item.topic in slot.topics)
        and (slot.types is None or item.type in slot.types)
        and (slot.competency is None or item.competency == slot.competency)
        and (slot.levels is None or item.level in slot.levels)
    )


def draw(blueprint: Blueprint, pool: Iterable[Drawable], *, seed: str) -> list[Drawn]:
    """Choose an item for each place of the blueprint.

    Items are taken by rank, each that leaves a way to fill all places: those taken before may move to others
    that they fit, and what it helps goes. So a draw succeeds whenever one exists, the lowest ranks win, and
    the order of `pool` does not matter.

    Args:
        blueprint: its sections come in their order; within one, items stand by rank, those of one stimulus
            side by side.
        pool: the items to choose from, each once.
        seed: recorded with the paper, so that anyone can draw it again.

    Raises:
        TooFew: there is no way to fill all places.
    """
    pool = list(pool)
    places = [
        (section.key, slot)
        for section in blueprint.sections
        for slot in section.slots
        for _ in range(slot.count)
    ]
    seated = _fill(sorted(pool, key=lambda item: rank(seed, item.key)), places, {})
    if seated is None:
        raise TooFew(section=_scarcest(pool, blueprint))
    return [
        Drawn(section.key, item.key)
        for section in blueprint.sections
        for item in _in_order(
            [item for number, item in seated.items() if places[number][0] == section.key], seed
        )
    ]


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

    return sorted(items, key=lambda item: (group(item), rank(seed, item.key)))


def _together(item: Drawable, other: Drawable) -> bool:
    return item == other or (item.stimulus is not None and item.stimulus == other.stimulus)


def problems(blueprint: Blueprint, pool: Iterable[Drawable]) -> list[str]:
    """Return why the bank cannot fill the blueprint, in English, for its author; empty when it can."""
    items = list(pool)
    found = []
    for section in blueprint.sections:
        for slot in section.slots:
            there = sum(fits(slot, item) for item in items)
            if there < slot.count:
                found.append(
                    f"sections.{section.key}: wants {slot.count} items, the bank has {there} that fit"
                )
    if found:
        return found
    try:
        draw(blueprint, items, seed="check")
    except TooFew as refusal:
        return [
            f"sections.{refusal.values['section']}: its items are wanted elsewhere, or kept apart from others"
        ]
    return []


def content_hash(hashes: Sequence[str]) -> str:
    """Return the SHA-256 over the ordered hashes of a paper's item versions: what two people approve."""
    return sha256(json.dumps(list(hashes)).encode()).hexdigest()


def option_order(ids: Iterable[str], *, seed: str, position: int) -> list[str]:
    """Return the ids in the order in which this attempt shows them at this position."""
    return sorted(ids, key=lambda one: rank(seed, position, one))


def choose_paper(papers: Sequence[int], *, seen: Collection[int], seed: str) -> int:
    """Return one of the parallel papers: one that the person has not seen, while there is one.

    Raises:
        ValueError: there are no papers.
    """
    fresh = [paper for paper in papers if paper not in seen]
    return min(fresh or papers, key=lambda paper: rank(seed, paper))
