"""Which practice items the rehearsal shows: every kind of question once, and one that goes with a case. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

ORDER = (
    "single_choice",
    "multiple_choice",
    "numeric",
    "situational_judgement",
    "ordering",
    "matching",
    "short_text",
    "essay",
)
"""From what is pressed to what is written."""


@dataclass(frozen=True)
class Candidate:
    """A practice item: its key in the bank, its type, and whether it goes with a text, table or case."""

    key: str
    type: str
    has_case: bool


def choose(candidates: Iterable[Candidate]) -> list[str]:
    """Return the keys of the items to show, in order: the first of each type, then the first that has a case."""
    known = sorted(candidates, key=lambda one: one.key)
    chosen: dict[str, str] = {}
    for one in known:
        if not one.has_case:
            chosen.setdefault(one.type, one.key)
    with_case = [one.key for one in known if one.has_case][:1]
    return [chosen[kind] for kind in ORDER if kind in chosen] + with_case
