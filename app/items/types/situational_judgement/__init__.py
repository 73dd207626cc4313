"""A situation and four actions: how effective is each?"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Annotated, Any, Literal

from pydantic import Field

from app.core.content import Strict, Text
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

ACTIONS = 4
SCALE = {
    1: Text(kk="Зиянды", ru="Вредно", en="Harmful"),
    2: Text(kk="Пайдасыз", ru="Бесполезно", en="Useless"),
    3: Text(kk="Пайдалы", ru="Полезно", en="Useful"),
    4: Text(kk="Өте пайдалы", ru="Очень полезно", en="Very useful"),
}
"""The words of the effectiveness scale: in the item's language, not the screen's."""

Rating = Annotated[int, Field(ge=min(SCALE), le=max(SCALE))]


class SituationalJudgementBody(Strict):
    """Four actions and how effective each is.

    Attributes:
        key: rating by action id.
        trial_key: the ratings are the authors', not yet those of a panel of experts.
        law_bound: actions whose rating follows from an article and is no opinion.
    """

    actions: list[Entry]
    key: dict[Id, Rating]
    trial_key: bool = True
    law_bound: list[Id] = Field(default_factory=list)


class SituationalJudgement(ItemType[SituationalJudgementBody]):
    """The answer gives ratings 1-4 by action id, as far as rated.

    Score: over the pairs of actions that the key rates differently, 1 if the answer orders them the same
    way, 1/2 if it rates them equal, 0 if it turns them round; an action without a rating ties with all.
    Harsh and mild raters earn the same; all four alike earns exactly half.
    """

    key = "situational_judgement"
    marked_by: Literal["machine", "people"] = "machine"
    body_model = SituationalJudgementBody

    def problems(self, body: SituationalJudgementBody) -> list[str]:
        ids = ids_of(body.actions)
        found = entry_problems("actions", body.actions)
        if len(ids) != ACTIONS:
            found.append(f"actions: there must be {ACTIONS}")
        if set(body.key) != set(ids):
            found.append("key: does not rate each action once")
        if len(set(body.key.values())) == 1:
            found.append("key: all actions are rated alike, so nothing can be told apart")
        return found + [f"law_bound: there is no action {one}" for one in body.law_bound if one not in ids]

    def option_ids(self, body: SituationalJudgementBody) -> list[str]:
        return ids_of(body.actions)

    def parse(self, body: SituationalJudgementBody, form: Form) -> dict[str, int] | None:
        typed = fields_by_id(form)
        ensure(set(typed.values()) <= {str(rating) for rating in SCALE})
        return self.validate(body, {action: int(rating) for action, rating in typed.items()})

    def validate(self, body: SituationalJudgementBody, answer: object) -> dict[str, int] | None:
        if answer is None:
            return None
        if not isinstance(answer, dict):
            raise MalformedAnswer
        ids = ids_of(body.actions)
        ensure(set(answer) <= set(ids))
        ensure(all(type(rating) is int and rating in SCALE for rating in answer.values()))
        return {action: answer[action] for action in ids if action in answer} or None

    def remark(self, body: SituationalJudgementBody, answer: object) -> str | None:
        rated = self.validate(body, answer)
        if rated is None or len(rated) == len(body.actions):
            return None
        return N_("Some actions are not rated yet. Each of them counts as equal to all the others.")

    def key_answer(self, body: SituationalJudgementBody) -> dict[str, int]:
        return {action: body.key[action] for action in ids_of(body.actions)}

    def score(self, body: SituationalJudgementBody, answer: object) -> Fraction:
        rated = self.validate(body, answer)
        if rated is None:
            return Fraction(0)
        # From the better to the worse action, as the key has it.
        pairs = [
            (one, other) if body.key[one] > body.key[other] else (other, one)
            for one, other in combinations(body.key, 2)
            if body.key[one] != body.key[other]
        ]
        return sum(
            (_earned(rated.get(better), rated.get(worse)) for better, worse in pairs), Fraction(0)
        ) / len(pairs)

    def present(self, body: SituationalJudgementBody, language: str, order: Sequence[str]) -> dict[str, Any]:
        return {
            "options": shown(in_order(body.actions, order), language),
            "scale": [{"value": value, "text": text[language]} for value, text in SCALE.items()],
        }

    def readable(self, body: SituationalJudgementBody, answer: object, language: str) -> list[str]:
        rated = self.validate(body, answer)
        if rated is None:
            return []
        words = {action: SCALE[rating][language] for action, rating in rated.items()}
        return [f"{action.text[language]} – {words.get(action.id, '–')}" for action in body.actions]


def _earned(better: int | None, worse: int | None) -> Fraction:
    if better is None or worse is None or better == worse:
        return Fraction(1, 2)
    return Fraction(better > worse)
