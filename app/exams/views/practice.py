"""Practice: one question a page, its answer in the address, the reasons at once. Nothing is kept."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.core.errors import NotYours
from app.core.languages import current, in_language, say
from app.exams import dealing, service
from app.exams.views.room import pages
from app.items import presenting
from app.items import service as items
from app.items.types import BY_KEY
from app.items.types.base import FIELD, MalformedAnswer


@pages.get("/practice")
def practices() -> ResponseReturnValue:
    return render_template("exams/practices.html", plans=service.practice_papers(db.session()))


@pages.get("/practice/<string:key>")
def practice(key: str) -> ResponseReturnValue:
    return render_template("exams/practice.html", paper=service.practice(db.session(), key))


@pages.get("/practice/<string:key>/<int:position>")
def practice_item(key: str, position: int) -> ResponseReturnValue:
    paper = service.practice(db.session(), key)
    if not 0 < position <= len(paper.items):
        raise NotYours
    section, version = paper.items[position - 1]
    wording = items.wording_of(db.session(), version)
    titles = {one.key: one.title for one in paper.plan.sections}
    fields = {
        name: values
        for name, values in request.args.to_dict(flat=False).items()
        if name == FIELD or name.startswith(f"{FIELD}-")
    }
    answer, earned, refused = None, None, None
    if fields:
        try:
            answer, earned = items.scored(wording, fields)
        except MalformedAnswer as refusal:
            refused = say(refusal)
    return render_template(
        "exams/practice_item.html",
        paper=paper,
        position=position,
        section=in_language(titles[section].model_dump()),
        question=_question(version.item_key, wording, position),
        given=answer,
        earned=earned,
        refused=refused,
        view=items.shown(wording, current()),
        content=wording.content,
        here=url_for(".practice_item", key=key, position=position),
    )


def _question(key: str, wording: items.Wording, position: int) -> dict[str, object]:
    item_type = BY_KEY[wording.type]
    body = item_type.body_model.model_validate(wording.content["body"])
    order = dealing.option_order(item_type.option_ids(body), seed=key, position=position)
    return presenting.question(wording.content, current(), order)
