"""The blueprint, and what its views have in common: who comes, who is in, where to go next."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import cast

from flask import Blueprint, Response, current_app, redirect, request, url_for

from app.accounts import service
from app.accounts.destinations import local_path
from app.accounts.throttle import Visit, source_of
from app.core import access, clock
from app.core.errors import Refused
from app.core.forms import Form

pages = Blueprint("accounts", __name__, template_folder="../templates")

KNOWN_FOR = 180 * 24 * 3600
"""Seconds that a browser remembers whom it signed in."""


def visit() -> Visit:
    """Return where and when this request comes from."""
    return Visit(
        now=clock.now(),
        source=source_of(request.remote_addr),
        user_agent=request.user_agent.string,
        known=request.cookies.get(_known_cookie(), ""),
    )


def _known_cookie() -> str:
    return "__Host-known" if current_app.extensions["settings"].is_secure else "known"


def me() -> service.Signed:
    """Return the session of whoever makes this request; only behind a permission, so there is one."""
    return cast("service.Signed", access.signed_in())


def wanted() -> str | None:
    """Return the page that `next` names, if it is one of this site."""
    return local_path(request.args.get("next"))


def go_in(entry: service.Entry, page: str | None) -> Response:
    """Answer a person who came in: a fresh session, and on to `page` or to where they begin."""
    signed = cast("service.Signed", service.signed_in_by_token(entry.token))
    access.begin(signed)
    answer = _onward(signed, page)
    answer.set_cookie(
        _known_cookie(),
        entry.known,
        max_age=KNOWN_FOR,
        secure=current_app.extensions["settings"].is_secure,
        httponly=True,
        samesite="Lax",
    )
    return answer


def go_on(token: str, page: str | None) -> Response:
    """Answer a person whose session has a new token: on to `page` or to where they begin."""
    return _onward(take(token), page)


def take(token: str) -> service.Signed:
    """Give this browser the new token of its session, and return the session."""
    signed = cast("service.Signed", service.signed_in_by_token(token))
    access.renew(signed)
    return signed


def _onward(signed: service.Signed, page: str | None) -> Response:
    if not signed.actor.is_complete:
        return cast("Response", redirect(url_for("accounts.second_factor", next=page), HTTPStatus.SEE_OTHER))
    return cast("Response", redirect(page or home(), HTTPStatus.SEE_OTHER))


def home() -> str:
    """Return the first section of whoever makes this request."""
    sections = current_app.extensions["sections"]()
    return str(sections[0].url)


@contextmanager
def refusals(form: Form, fields: Mapping[type[Refused], str]) -> Iterator[None]:
    """Show the refusals that a person can correct under their field; others pass."""
    try:
        yield
    except Refused as refusal:
        name = next((name for kind, name in fields.items() if isinstance(refusal, kind)), None)
        if name is None:
            raise
        form.refuse(name, refusal)


def status(form: Form) -> HTTPStatus:
    """Return the status of a page that shows `form`: refused if it was sent."""
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
