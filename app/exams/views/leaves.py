"""The HTML of a paper's questions. A question with the same answer looks alike to many: each process keeps it."""

import re
from collections.abc import Mapping

from flask import current_app
from markupsafe import Markup

from app.core.kept import Kept
from app.exams.incoming import FormAnswer
from app.exams.service import Question, Sheet
from app.items.types.base import FIELD

MOST_KEPT = 20_000
"""About a kilobyte each: 60 questions in three languages, in every order of four options, with many answers."""
_BETWEEN_TAGS = re.compile(r">\n+<")
_kept: Kept[Markup] = Kept(MOST_KEPT)


def leaves(
    sheet: Sheet, language: str, refused: Mapping[int, str], typed: Mapping[int, FormAnswer]
) -> list[Markup]:
    """Return the HTML of each question, in order.

    Args:
        sheet: the paper, with what the attempt holds.
        language: of the page.
        refused: why an answer was not saved, by position.
        typed: what the page held when it was refused.
    """

    def render(one: Question) -> Markup:
        held = typed.get(one.position) if one.position in refused else None
        html = current_app.jinja_env.get_template("exams/_leaf.html").render(
            one=one,
            count=len(sheet.questions),
            language=language,
            refused=refused.get(one.position, ""),
            typed=held.fields[FIELD][0] if held and FIELD in held.fields else None,
        )
        return Markup(_BETWEEN_TAGS.sub("><", html))  # noqa: S704 - our own template, which escapes

    def leaf(one: Question) -> Markup:
        if one.look is None or one.position in refused:
            return render(one)
        return _kept.get((sheet.paper, language, one.position, one.look), lambda: render(one))

    return [leaf(one) for one in sheet.questions]
