"""One answer out of several."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

from app.core.content import Strict
from app.items.types.base import (
    Entry,
    Form,
    Id,
    ItemType,
    ensure,
    entry_problems,
    ids_of,
    in_order,
    one_field,
    shown,
)


class SingleChoiceBody(Strict):
    """Options in any number; `key` is the id of the right one."""

    options: list[Entry]
    key: Id


class SingleChoice(ItemType[SingleChoiceBody]):
    """The answer is the id of an option."""

    key = "single_choice"
    marked_by: Literal["machine", "people"] = "machine"
    body_model = SingleChoiceBody

    def problems(self, body: SingleChoiceBody) -> list[str]:
        unknown = [] if body.key in ids_of(body.options) else [f"key: there is no option {body.key}"]
        return entry_problems("options", body.options) + unknown

    def option_ids(self, body: SingleChoiceBody) -> list[str]:
        return ids_of(body.options)

    def reason_ids(self, body: SingleChoiceBody) -> list[str]:
        return ids_of(body.options)

    def parse(self, body: SingleChoiceBody, form: Form) -> str | None:
        return self.validate(body, one_field(form) or None)

    def validate(self, body: SingleChoiceBody, answer: object) -> str | None:
        if answer is None:
            return None
        ensure(isinstance(answer, str) and answer in ids_of(body.options))
        return str(answer)

    def key_answer(self, body: SingleChoiceBody) -> str:
        return body.key

    def score(self, body: SingleChoiceBody, answer: object) -> Fraction:
        return Fraction(self.validate(body, answer) == body.key)

    def present(self, body: SingleChoiceBody, language: str, order: Sequence[str]) -> dict[str, Any]:
        return {"options": shown(in_order(body.options, order), language)}

    def readable(self, body: SingleChoiceBody, answer: object, language: str) -> list[str]:
        chosen = self.validate(body, answer)
        return [option.text[language] for option in body.options if option.id == chosen]
