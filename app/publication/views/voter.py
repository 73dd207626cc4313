"""What anyone may see: the start, places, candidates, the check. Files where there are some, no cookies."""

from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import UUID

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.certificates import number as numbers
from app.certificates.number import MistypedNumber
from app.core import clock
from app.core.database import db
from app.core.languages import current, gettext, say
from app.places import service as places
from app.publication import building, service
from app.publication.building import Sent
from app.publication.views.blueprint import pages

KEPT = "public, max-age=0, s-maxage=60, must-revalidate"
"""Caches of many readers keep a page for a minute; a reader's own asks each time, so a withdrawal holds at once."""
NOT_FOR_ENGINES = "noindex, noarchive"


def answer(page: Sent, kind: str = "text/html; charset=utf-8") -> Response:
    """Answer with these bytes, or that the caller has them already."""
    is_compressed = page.compressed is not None and bool(request.accept_encodings["gzip"])
    response = Response(page.compressed if is_compressed else page.content, content_type=kind)
    response.headers["Cache-Control"] = KEPT
    response.vary.add("Accept-Encoding")
    # Other bytes, another tag: the compressed form is a representation of its own.
    response.set_etag(building.etag(page.content) + "-gz" * is_compressed)
    if is_compressed:
        response.content_encoding = "gzip"
    response.make_conditional(request)
    return response


@pages.get("/<lang:language>/")
def start() -> ResponseReturnValue:
    return render_template("publication/start.html")


@pages.get("/<lang:language>/about/<any(help,accessibility,privacy,method):subject>")
def about(subject: str) -> ResponseReturnValue:
    return answer(Sent(service.draw_about(subject, current())))


@pages.get("/<lang:language>/places")
def regions() -> ResponseReturnValue:
    text = request.args.get("q", "").strip()
    if not text:
        return answer(service.regions_page(db.session(), current()))
    found = list(places.suggestions(db.session(), text, language=current()))
    page = render_template(
        "publication/regions.html",
        sections=service.sections(),
        regions=(),
        found=found,
        text=text,
    )
    return answer(Sent(page.encode()))


@pages.get("/<lang:language>/places/<string(length=9):kato>")
def place(kato: str) -> ResponseReturnValue:
    return answer(service.place_page(db.session(), kato, current()))


@pages.get("/<lang:language>/candidates/<uuid:public_id>")
def candidate(public_id: UUID) -> ResponseReturnValue:
    return answer(service.candidate_page(db.session(), public_id, current(), now=clock.now()))


@pages.get("/<lang:language>/candidates/<uuid:public_id>/certificate.pdf")
def published_pdf(public_id: UUID) -> ResponseReturnValue:
    content = service.pdf(db.session(), public_id, current(), now=clock.now())
    response = answer(content, "application/pdf")
    response.headers["X-Robots-Tag"] = NOT_FOR_ENGINES
    return response


@pages.get("/<lang:language>/check")
def check() -> ResponseReturnValue:
    typed = request.args.get("number", "").strip()
    if not typed:
        return _checked(gettext("Check a certificate"), HTTPStatus.OK)
    try:
        number = numbers.parse(typed)
    except MistypedNumber as mistyped:
        return _checked(
            gettext("The number is mistyped"),
            HTTPStatus.UNPROCESSABLE_ENTITY,
            typed=typed,
            error=say(mistyped),
        )
    facts = service.confirmed(db.session(), number, now=clock.now())
    if facts is None:
        return _checked(gettext("We cannot confirm this number"), HTTPStatus.NOT_FOUND, number=number)
    is_over = facts.valid_until < clock.local(clock.now()).date()
    return _checked(gettext("The certificate is genuine"), HTTPStatus.OK, facts=facts, is_over=is_over)


def _checked(title: str, status: HTTPStatus, **values: object) -> Response:
    host = urlsplit(current_app.extensions["settings"].base_url).netloc
    page = render_template(
        "publication/check.html",
        title=title,
        host=host,
        sections=service.sections(),
        **({"typed": ""} | values),
    )
    response = Response(page, status)
    # Never kept: a withdrawal holds from the next question on.
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = NOT_FOR_ENGINES
    return response


@pages.get("/C/<string:number>")
@pages.get("/c/<string:number>")
def short_check(number: str) -> ResponseReturnValue:
    response = redirect(url_for("publication.check", number=number[: numbers.LENGTH * 2]))
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = NOT_FOR_ENGINES
    return response
