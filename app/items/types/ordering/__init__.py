"""Lines to be put in order."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any, Literal

from app.core.content import Strict
from app.core.errors import N_
from app.items.types.base import (
    Entry,
    Form,
    Id,
    ItemType,
    MalformedAnswer,
    ensure,
    entry_problems,
    fields_by_id,
    ids_of,
    in_order,
    shown,
)

FEWEST = 3


class OrderingBody(Strict):
    """Lines, and `key`: their ids, first to last."""

    entries: list[Entry]
    key: list[Id]


class Ordering(ItemType[OrderingBody]):
    """The answer gives numbers from 1 by line id, as typed: some may be missing, some may stand twice.

    Score: max(0, 2 x pairs in the right order / all pairs - 1), so that chance earns nothing. A pair with
    equal or missing numbers is not in order.

    Source: the share of concordant pairs, M. G. Kendall, "A New Measure of Rank Correlation",
    Biometrika 30, 1938, cut at 0.
    """

    key = "ordering"
    marked_by: Literal["machine", "people"] = "machine"
    body_model = OrderingBody

    def problems(self, body: OrderingBody) -> list[str]:
        ids = ids_of(body.entries)
        found = entry_problems("entries", body.entries, at_least=FEWEST)
        if sorted(body.key) != sorted(ids):
            found.append("key: does not name each entry once")
        if body.key == sorted(ids):
            found.append("key: follows the alphabet of the ids, which the page shows; mix the entries")
        return found

    def option_ids(self, body: OrderingBody) -> list[str]:
        return ids_of(body.entries)

    def parse(self, body: OrderingBody, form: Form) -> dict[str, int] | None:
        numbers = {line: _number(typed) for line, typed in fields_by_id(form).items()}
        return self.validate(body, numbers)

    def validate(self, body: OrderingBody, answer: object) -> dict[str, int] | None:
        if answer is None:
            return None
        if not isinstance(answer, dict):
            raise MalformedAnswer
        ids = ids_of(body.entries)
        ensure(set(answer) <= set(ids))
        ensure(all(type(place) is int and 1 <= place <= len(ids) for place in answer.values()))
        return {line: answer[line] for line in ids if line in answer} or None

    def remark(self, body: OrderingBody, answer: object) -> str | None:
        placed = self.validate(body, answer)
        if placed is None:
            return None
        if len(set(placed.values())) < len(placed):
            return N_("The same number stands beside two lines.")
        if len(placed) < len(body.entries):
            return N_("Some lines have no number yet.")
        return None

    def key_answer(self, body: OrderingBody) -> dict[str, int]:
        return {line: body.key.index(line) + 1 for line in ids_of(body.entries)}

    def score(self, body: OrderingBody, answer: object) -> Fraction:
        placed = self.validate(body, answer) or {}
        pairs = list(combinations(body.key, 2))
        in_order = sum(
            first in placed and second in placed and placed[first] < placed[second] for first, second in pairs
        )
        return max(Fraction(0), Fraction(2 * in_order, len(pairs)) - 1)

    def present(self, body: OrderingBody, language: str, order: Sequence[str]) -> dict[str, Any]:
        return {"options": shown(in_order(body.entries, order), language)}

    def readable(self, body: OrderingBody, answer: object, language: str) -> list[str]:
        placed = self.validate(body, answer)
        if placed is None:
            return []
        lines = sorted(body.entries, key=lambda entry: placed.get(entry.id, len(body.entries) + 1))
        return [f"{placed.get(entry.id, '–')}. {entry.text[language]}" for entry in lines]


def _number(typed: str) -> int:
    ensure(typed.isascii() and typed.isdigit() and len(typed) <= len("99"))
    return int(typed)
