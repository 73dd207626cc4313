"""Several answers out of more; the question says how many."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

from app.core.content import Strict
from app.core.errors import N_
from app.items.types.base import (
    FIELD,
    Entry,
    Form,
    Id,
    ItemType,
    MalformedAnswer,
    ensure,
    entry_problems,
    ids_of,
    in_order,
    shown,
)

FEWEST_RIGHT = 2


class MultipleChoiceBody(Strict):
    """Options in any number; `key` is the ids of the right ones."""

    options: list[Entry]
    key: list[Id]


class MultipleChoice(ItemType[MultipleChoiceBody]):
    """The answer is a list of ids of options, kept in the order of the file.

    Score: (right chosen - wrong chosen) / number of right ones, not below 0.
    """

    key = "multiple_choice"
    marked_by: Literal["machine", "people"] = "machine"
    body_model = MultipleChoiceBody

    def problems(self, body: MultipleChoiceBody) -> list[str]:
        found = entry_problems("options", body.options)
        found += [f"key: there is no option {one}" for one in body.key if one not in ids_of(body.options)]
        if len(set(body.key)) < len(body.key):
            found.append("key: an option stands twice")
        if not FEWEST_RIGHT <= len(body.key) < len(body.options):
            found.append("key: at least two options are right, and at least one is not")
        return found

    def option_ids(self, body: MultipleChoiceBody) -> list[str]:
        return ids_of(body.options)

    def reason_ids(self, body: MultipleChoiceBody) -> list[str]:
        return ids_of(body.options)

    def parse(self, body: MultipleChoiceBody, form: Form) -> list[str] | None:
        return self.validate(body, list(form.get(FIELD, ())))

    def validate(self, body: MultipleChoiceBody, answer: object) -> list[str] | None:
        if answer is None:
            return None
        if not isinstance(answer, list):
            raise MalformedAnswer
        known = ids_of(body.options)
        ensure(all(isinstance(chosen, str) and chosen in known for chosen in answer))
        ensure(len(set(answer)) == len(answer))
        return [option for option in known if option in answer] or None

    def remark(self, body: MultipleChoiceBody, answer: object) -> str | None:
        chosen = self.validate(body, answer)
        if chosen is None or len(chosen) == len(body.key):
            return None
        return N_("The number of answers chosen is not the number that the question asks for.")

    def key_answer(self, body: MultipleChoiceBody) -> list[str]:
        return [option for option in ids_of(body.options) if option in body.key]

    def score(self, body: MultipleChoiceBody, answer: object) -> Fraction:
        chosen = set(self.validate(body, answer) or ())
        right = set(body.key)
        return max(Fraction(0), Fraction(len(chosen & right) - len(chosen - right), len(right)))

    def present(self, body: MultipleChoiceBody, language: str, order: Sequence[str]) -> dict[str, Any]:
        return {"options": shown(in_order(body.options, order), language), "choose": len(body.key)}

    def readable(self, body: MultipleChoiceBody, answer: object, language: str) -> list[str]:
        chosen = self.validate(body, answer) or []
        return [option.text[language] for option in body.options if option.id in chosen]
