"""A paper as it is read in one language, without anything of an attempt: kept by each process, for it never changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from markupsafe import Markup

from app.core.kept import Kept
from app.exams.service.opening import OpenItem, OpenItems
from app.items import presenting

MOST_KEPT = 48
"""Papers in one language: the parallel forms of the sittings of a day, three times."""


@dataclass(frozen=True)
class Case:
    """The text, table or figure that items share, printed once before the first of them."""

    title: str
    text: Markup


@dataclass(frozen=True)
class Leaf:
    """One item in one language.

    Attributes:
        section: title of its section.
        part: title and minutes of the paper's part that begins with it.
        case: position of the first item that goes with the same material; 0 where there is none.
        introduction: what `presenting.introduction` gives.
    """

    item: OpenItem
    section: str
    part: tuple[str, int] | None
    case: int
    introduction: Mapping[str, Any]
    template: str


@dataclass(frozen=True)
class Printed:
    """A whole paper in one language. Not to be changed: the whole process shares it.

    Attributes:
        leaves: in order.
        cases: by the position of their first item.
    """

    leaves: Sequence[Leaf]
    cases: Mapping[int, Case]


_kept: Kept[Printed] = Kept(MOST_KEPT)


def printed(paper: UUID, items: OpenItems, plan: Mapping[str, Any], language: str) -> Printed:
    """Return a sealed paper in one language.

    Args:
        paper: its public id.
        items: what `delivered` gave: a paper is shown only where it may be.
        plan: content of the blueprint that it was drawn by.
        language: kk, ru or en.
    """
    return _kept.get((paper, language), lambda: _print(items, plan, language))


def _print(items: OpenItems, plan: Mapping[str, Any], language: str) -> Printed:
    titles = {section["key"]: section["title"][language] for section in plan["sections"]}
    parts = {
        part["sections"][0]: (part["title"][language], part["minutes"]) for part in plan.get("parts", ())
    }
    first: dict[int | None, int] = {}
    begins: dict[str, int] = {}
    for position, item in items.items():
        first.setdefault(item.stimulus_version_id, position)
        begins.setdefault(item.section, position)
    return Printed(
        leaves=[
            Leaf(
                item=item,
                section=titles[item.section],
                part=parts.get(item.section) if begins[item.section] == item.position else None,
                case=first[item.stimulus_version_id] if item.stimulus else 0,
                introduction=presenting.introduction(item.content, language),
                template=presenting.template(item.type),
            )
            for item in items.values()
        ],
        cases={
            position: Case(*presenting.material(items[position].stimulus or {}, language))
            for key, position in first.items()
            if key is not None
        },
    )
