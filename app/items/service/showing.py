"""A version of an item with its key and reasons, for those who may see them; and what an answer to it earns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from markupsafe import Markup

from app.items import presenting
from app.items.service.vault import Wording
from app.items.types import BY_KEY
from app.items.types.base import Form


@dataclass(frozen=True)
class Shown:
    """A version of an item as an author reads it, or whoever has practised on it, in one language.

    Attributes:
        question: as candidates see it; `template` shows it, with the key as the answer.
        key: lines that say what earns everything; empty where people mark.
        reasons: reason by what it explains.
        criteria: name of each criterion, with level, descriptor and answers of that level.
        material: title and text that the item goes with.
    """

    question: Mapping[str, Any]
    template: str
    answer: Any
    key: Sequence[str]
    reasons: Mapping[str, str]
    criteria: Sequence[tuple[str, Sequence[tuple[int, str, Sequence[str]]]]]
    material: tuple[str, Markup] | None


def shown(wording: Wording, language: str) -> Shown:
    """Return everything of a version, with its key."""
    said = wording.content
    item_type = BY_KEY[wording.type]
    body = item_type.body_model.model_validate(said["body"])
    answer = item_type.key_answer(body)
    return Shown(
        question=presenting.question(said, language, item_type.option_ids(body)),
        template=presenting.template(wording.type),
        answer=answer,
        key=item_type.readable(body, answer, language),
        reasons={key: reason[language] for key, reason in said["reasons"].items()},
        criteria=[_criterion(one, language) for one in said["body"].get("criteria", ())],
        material=presenting.material(wording.stimulus, language) if wording.stimulus else None,
    )


def _criterion(said: Mapping[str, Any], language: str) -> tuple[str, list[tuple[int, str, list[str]]]]:
    samples: dict[int, list[str]] = {}
    for anchor in said["anchors"]:
        samples.setdefault(anchor["level"], []).append(anchor["text"][language])
    levels = [(one["level"], one["text"][language], samples.get(one["level"], [])) for one in said["levels"]]
    return said["name"][language], levels


def scored(wording: Wording, fields: Form) -> tuple[Any, Fraction | None]:
    """Return the answer that a plain form holds, and the share it earns (0-1); None where people mark.

    Raises:
        MalformedAnswer: the form cannot have come from this item's page.
    """
    item_type = BY_KEY[wording.type]
    body = item_type.body_model.model_validate(wording.content["body"])
    answer = item_type.parse(body, fields)
    return answer, item_type.score(body, answer) if item_type.marked_by == "machine" else None
