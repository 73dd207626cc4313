"""What a candidate sees of an item: the only way from the bank's content to a page of an attempt. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup
from pydantic import TypeAdapter

from app.core.figures import AnyFigure, Figure
from app.core.markdown import render
from app.core.svg import draw
from app.items.types import BY_KEY

_FIGURE: TypeAdapter[AnyFigure] = TypeAdapter(Figure)
_BLANK_LINE = re.compile(r"\n\s*\n")


def template(type_key: str) -> str:
    """Return the name of the type's template, from the folder of types on."""
    return f"{type_key}/question.html"


def introduction(content: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return what stands above the answer of an item: type, language, situation (paragraphs, may be empty), ask.

    The last paragraph of the stem is the question; what comes before it is the situation.
    """
    *situation, ask = [
        paragraph.strip() for paragraph in _BLANK_LINE.split(content["stem"][language].strip())
    ]
    return {"type": content["type"], "language": language, "situation": situation, "ask": ask}


def question(content: Mapping[str, Any], language: str, order: Sequence[str]) -> dict[str, Any]:
    """Return what may be shown of an item in an attempt, as plain JSON in one language.

    Never holds the key, reasons, sources, ratings of the authors, or descriptors and anchors of criteria.

    Args:
        content: the item file as JSON (`ItemVersion.content`).
        language: kk, ru or en.
        order: `option_ids` of the type in the order to show.

    Returns:
        what `introduction` gives, and what the type's `present` gives.
    """
    item_type = BY_KEY[content["type"]]
    body = item_type.body_model.model_validate(content["body"])
    return introduction(content, language) | item_type.present(body, language, order)


def material(stimulus: Mapping[str, Any], language: str) -> tuple[str, Markup]:
    """Return title and text of a stimulus file as JSON, with its figure below the text, in one language."""
    text = render(stimulus["text"][language])
    if stimulus.get("figure"):
        figure = _FIGURE.validate_python(stimulus["figure"])
        text += Markup(draw(figure, language))  # noqa: S704 - drawn by us, every text escaped
    return stimulus["title"][language], text
