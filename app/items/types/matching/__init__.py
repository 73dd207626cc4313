"""Lines at the left, each to be given its fellow at the right."""

from collections.abc import Sequence
from fractions import Fraction
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


class MatchingBody(Strict):
    """`key` gives each left id its right id; a right one may serve several, or none."""

    left: list[Entry]
    right: list[Entry]
    key: dict[Id, Id]


class Matching(ItemType[MatchingBody]):
    """The answer gives right ids by left id, as far as chosen.

    Score: the share of left lines that were given their fellow.
    """

    key = "matching"
    marked_by: Literal["machine", "people"] = "machine"
    body_model = MatchingBody

    def problems(self, body: MatchingBody) -> list[str]:
        left, right = ids_of(body.left), ids_of(body.right)
        found = entry_problems("left", body.left) + entry_problems("right", body.right)
        if set(body.key) != set(left):
            found.append("key: does not name each left id once")
        found += [f"key: there is no right {one}" for one in body.key.values() if one not in right]
        if [body.key.get(one) for one in left] == right[: len(left)]:
            found.append("key: follows the order of the ids, which the page shows; mix the right side")
        return found

    def option_ids(self, body: MatchingBody) -> list[str]:
        """Return the right ids; the left lines stay as written."""
        return ids_of(body.right)

    def parse(self, body: MatchingBody, form: Form) -> dict[str, str] | None:
        return self.validate(body, fields_by_id(form))

    def validate(self, body: MatchingBody, answer: object) -> dict[str, str] | None:
        if answer is None:
            return None
        if not isinstance(answer, dict):
            raise MalformedAnswer
        left, right = ids_of(body.left), ids_of(body.right)
        ensure(set(answer) <= set(left))
        ensure(all(isinstance(chosen, str) and chosen in right for chosen in answer.values()))
        return {line: answer[line] for line in left if line in answer} or None

    def remark(self, body: MatchingBody, answer: object) -> str | None:
        matched = self.validate(body, answer)
        if matched is None or len(matched) == len(body.left):
            return None
        return N_("Some lines have no match yet.")

    def key_answer(self, body: MatchingBody) -> dict[str, str]:
        return {line: body.key[line] for line in ids_of(body.left)}

    def score(self, body: MatchingBody, answer: object) -> Fraction:
        matched = self.validate(body, answer) or {}
        return Fraction(sum(matched.get(line) == fellow for line, fellow in body.key.items()), len(body.key))

    def present(self, body: MatchingBody, language: str, order: Sequence[str]) -> dict[str, Any]:
        return {"left": shown(body.left, language), "options": shown(in_order(body.right, order), language)}

    def readable(self, body: MatchingBody, answer: object, language: str) -> list[str]:
        matched = self.validate(body, answer)
        if matched is None:
            return []
        texts = {entry.id: entry.text[language] for entry in body.right}
        return [
            f"{entry.text[language]} → {texts.get(matched.get(entry.id, ''), '–')}" for entry in body.left
        ]
