"""Pages of places."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from app.core.database import db
from app.core.languages import current
from app.places import service

pages = Blueprint("places", __name__, template_folder="templates")


@pages.get("/places/search")
def search() -> ResponseReturnValue:
    text = request.args.get("q", "")
    rural_only = request.args.get("rural") == "1"
    found = service.suggestions(db.session(), text, language=current(), rural_only=rural_only)
    answer = jsonify(places=list(found))
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer
