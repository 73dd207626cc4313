"""What the course teaches and the bank asks, laid side by side. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ASKED_AT_LEAST = 2
"""Live exam items that each function needs: with one, a paper either asks it or cannot."""


@dataclass(frozen=True)
class Taught:
    """What one lesson names."""

    key: str
    module: str
    competencies: Collection[str]
    functions: Collection[int]


@dataclass(frozen=True)
class Asked:
    """What one item names."""

    key: str
    use: str
    topic: str
    type: str
    competency: str
    level: str
    difficulty: str
    functions: Collection[int]


@dataclass(frozen=True)
class FunctionLine:
    """One function: the lessons that teach it and the live exam items that ask it.

    Attributes:
        is_open: the law leaves it unsure whether it is in force, so it is left out on purpose.
    """

    number: int
    lessons: Sequence[str]
    items: Sequence[str]
    is_open: bool

    @property
    def is_covered(self) -> bool:
        return self.is_open or (bool(self.lessons) and len(self.items) >= ASKED_AT_LEAST)


@dataclass(frozen=True)
class Coverage:
    """The whole matrix."""

    lessons: Sequence[Taught]
    items: Sequence[Asked]
    functions: Sequence[FunctionLine]

    @property
    def modules(self) -> list[str]:
        """Return the modules in the order of the course."""
        return list(dict.fromkeys(lesson.module for lesson in self.lessons))

    def counts(self, *by: str) -> dict[tuple[str, ...], int]:
        """Return how many items there are by some of their attributes, in the order of these."""
        counted = Counter(tuple(str(getattr(item, name)) for name in by) for item in self.items)
        return dict(sorted(counted.items()))

    def problems(self) -> list[str]:
        """Return which functions no lesson teaches or too few items ask."""
        found = []
        for line in self.functions:
            if line.is_covered:
                continue
            if not line.lessons:
                found.append(f"function {line.number}: no lesson teaches it")
            if len(line.items) < ASKED_AT_LEAST:
                found.append(
                    f"function {line.number}: {len(line.items)} items ask it, wanted {ASKED_AT_LEAST}"
                )
        return found

    def as_json(self) -> dict[str, Any]:
        """Return the matrix as plain JSON; `modules`, `lessons` and `items` are counts."""
        return {
            "modules": len(self.modules),
            "lessons": len(self.lessons),
            "items": len(self.items),
            "functions": {
                str(line.number): {
                    "lessons": list(line.lessons),
                    "items": list(line.items),
                    "open": line.is_open,
                    "covered": line.is_covered,
                }
                for line in self.functions
            },
            "topics": self._nested("topic", "level"),
            "uses": self._flat("use"),
            "competencies": self._nested("competency", "level"),
            "levels": self._flat("level"),
            "difficulties": self._flat("difficulty"),
            "types": self._flat("type"),
            "lessons_by_competency": dict(
                sorted(Counter(one for lesson in self.lessons for one in lesson.competencies).items())
            ),
        }

    def _flat(self, name: str) -> dict[str, int]:
        return {key: count for (key,), count in self.counts(name).items()}

    def _nested(self, outer: str, inner: str) -> dict[str, dict[str, int]]:
        table: dict[str, dict[str, int]] = {}
        for (one, other), count in self.counts(outer, inner).items():
            table.setdefault(one, {})[other] = count
        return table


def coverage(lessons: Iterable[Taught], items: Iterable[Asked], functions: Mapping[int, bool]) -> Coverage:
    """Lay lessons and items beside the functions.

    Args:
        lessons: in the order of the course.
        items: of every use.
        functions: by number whether it is open.
    """
    lessons, items = list(lessons), sorted(items, key=lambda item: item.key)
    lines = [
        FunctionLine(
            number,
            [lesson.key for lesson in lessons if number in lesson.functions],
            [item.key for item in items if item.use == "exam" and number in item.functions],
            is_open,
        )
        for number, is_open in sorted(functions.items())
    ]
    return Coverage(lessons, items, lines)
