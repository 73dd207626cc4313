"""Errors as plain helpful pages, health, and what every template may use."""

import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import cast
from uuid import uuid4

from flask import (
    Blueprint,
    Flask,
    Response,
    flash,
    g,
    get_flashed_messages,
    has_request_context,
    jsonify,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException, SecurityError

from app.core import durability, languages
from app.core.access import forget_person, signed_in
from app.core.database import db
from app.core.durability import NotDurable
from app.core.errors import N_, Refused
from app.core.languages import LANGUAGES, force_locale, gettext
from app.core.settings import Settings

pages = Blueprint("core", __name__, template_folder="templates")
logger = logging.getLogger(__name__)

RETRY_SECONDS = "30"
EVERYBODY = frozenset({HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE})
"""Errors whose page speaks all three languages."""
FAULTS_OF_DATABASE = (OperationalError, NoConnectionFree, NotDurable)
"""It cannot take the act now: locked, full, away, not to be trusted. Whoever comes again may be served."""
# title, what happened and what is safe, what to do
WORDS: dict[int, tuple[str, str, str]] = {
    400: (
        N_("The request was not understood"),
        N_("Something in the address or the form is not what this page expects. Nothing was changed."),
        N_("Go back, reload the page and send the form again."),
    ),
    401: (
        N_("Sign in first"),
        N_("You are not signed in, or your session has ended. Nothing was changed."),
        N_("Sign in and open the page again."),
    ),
    403: (
        N_("This page is not open to you"),
        N_("Your role does not allow this. Nothing was changed."),
        N_("If you believe it should, write to the organiser."),
    ),
    404: (
        N_("There is nothing at this address"),
        N_("The address is mistyped, or the page is no longer here."),
        N_("Check the address or begin from the start page."),
    ),
    405: (
        N_("This address cannot be used in this way"),
        N_("Nothing was changed."),
        N_("Begin from the start page."),
    ),
    409: (
        N_("This cannot be done now"),
        N_("Nothing was changed."),
        N_("Go back and look at the present state."),
    ),
    413: (
        N_("What was sent is too large"),
        N_("The server does not take so much at once. Nothing was changed."),
        N_("Shorten the text or send a smaller file."),
    ),
    422: (
        N_("Something in the form is not right"),
        N_("Nothing was changed."),
        N_("Go back, correct the form and send it again."),
    ),
    429: (
        N_("Too many requests"),
        N_("The server received more requests from you than it can take. Nothing was changed."),
        N_("Wait a minute and try again. Saved answers are safe."),
    ),
    500: (
        N_("An error on our side"),
        N_("The act was not carried out. Everything saved before it is safe."),
        N_("Try again in a minute. If it happens again, tell us the number below."),
    ),
    503: (
        N_("The server is busy"),
        N_("The act was not carried out. Everything saved before it is safe."),
        N_("Try again in half a minute."),
    ),
}


def init_app(app: Flask, settings: Settings, sections: Callable[[], Sequence[object]]) -> None:
    """Register the error pages, health, the start redirect, and the templates' common values."""
    app.extensions["sections"] = sections
    app.jinja_env.globals.update(is_sample=settings.demo, base_url=settings.base_url, messages=messages)
    app.register_blueprint(pages)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(CSRFError, csrf_error)
    app.register_error_handler(Refused, refused)
    for fault in FAULTS_OF_DATABASE:
        app.register_error_handler(fault, database_busy)
    app.register_error_handler(IntegrityError, lost_race)
    app.register_error_handler(DataError, too_large)
    app.register_error_handler(OverflowError, too_large)
    app.register_error_handler(StatementError, not_bound)
    app.register_error_handler(Exception, unexpected)

    @app.context_processor
    def common() -> dict[str, object]:
        if not has_request_context():
            # A letter that a job or a command writes: nobody is looking at a page.
            return {}
        return {
            "language": languages.current(),
            "language_links": languages.links(),
            "sections": sections(),
            "signed_in": signed_in(),
        }


def say(text: str, kind: str = "ok") -> None:
    """Show `text` on top of the next page: what was done, or what waits (kind: ok, wait, plain)."""
    flash(text, kind)


def messages() -> list[tuple[str, str]]:
    """Return what `say` left, as (kind, text); a visitor without a session has none."""
    if signed_in() is None:
        return []
    return cast("list[tuple[str, str]]", get_flashed_messages(with_categories=True))


def _error_page(code: int, words: str | None = None) -> Response:
    title, what, advice = WORDS.get(
        code, WORDS[HTTPStatus.BAD_REQUEST if code < HTTPStatus.INTERNAL_SERVER_ERROR else 500]
    )
    number = request_id()
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        answer = jsonify(error=code, message=words or gettext(title), request=number)
    else:
        answer = Response(
            render_template(
                "core/error.html",
                title=gettext(title),
                text=words or gettext(what),
                advice=gettext(advice),
                other_languages=_elsewhere(title) if code in EVERYBODY else [],
                code=code,
                request_id=number,
            )
        )
    answer.status_code = code
    if code in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        answer.headers["Retry-After"] = RETRY_SECONDS
    return answer


def _elsewhere(title: str) -> list[dict[str, str]]:
    """Return the title in the other two languages: whoever meets a broken server must understand it."""
    found = []
    for code in LANGUAGES:
        if code != languages.current():
            with force_locale(code):
                found.append({"code": code, "text": gettext(title)})
    return found


def request_id() -> str:
    """Return the number that ties this request's page, log line and audit event together."""
    if "request_id" not in g:
        g.request_id = uuid4().hex[:12]
    return str(g.request_id)


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Answer 4xx and explicit 5xx; redirects pass."""
    # What fails at the commit, after the view, arrives here wrapped.
    cause = getattr(error, "original_exception", None)
    if isinstance(cause, FAULTS_OF_DATABASE):
        return database_busy(cause)
    if isinstance(cause, IntegrityError):
        return lost_race(cause)
    if isinstance(cause, StatementError):
        return not_bound(cause)
    if isinstance(error, SecurityError):
        # A host that is not ours: no page of ours has an address there.
        return Response(status=HTTPStatus.BAD_REQUEST)
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    answer = _error_page(code)
    for name, value in error.get_headers():
        if name == "Allow":
            answer.headers[name] = value
    return answer


def csrf_error(_error: CSRFError) -> ResponseReturnValue:
    """Say that the form is too old or came from elsewhere."""
    return _error_page(
        HTTPStatus.BAD_REQUEST,
        gettext("The form is too old or was opened in another session. Nothing was changed."),
    )


def refused(error: Refused) -> ResponseReturnValue:
    """Answer a rule's refusal with its sentence."""
    return _error_page(error.status, languages.say(error))


def database_busy(error: Exception) -> ResponseReturnValue:
    """Answer 503 when the database cannot take the act now (locked, full, restarting)."""
    logger.error("request %s: the database refused: %s", request_id(), _kind(error))
    _give_up()
    return _error_page(HTTPStatus.SERVICE_UNAVAILABLE)


def _kind(error: Exception) -> str:
    """Return what kind of fault it is, without the words of the statement: they may hold an answer."""
    if isinstance(error, NotDurable):
        return str(error)
    cause = getattr(error, "orig", None) or error
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    return f"{type(cause).__name__} {code or ''}".rstrip()


def lost_race(error: IntegrityError) -> ResponseReturnValue:
    """Answer 409 when a constraint decided against this request: somebody was first."""
    logger.info("request %s: a constraint decided: %s", request_id(), type(error.orig).__name__)
    db.session().rollback()
    return _error_page(HTTPStatus.CONFLICT)


def too_large(error: DataError | OverflowError) -> ResponseReturnValue:
    """Answer 400 to a number or text that no column can hold."""
    logger.info("request %s: a value does not fit: %s", request_id(), type(error).__name__)
    db.session().rollback()
    return _error_page(HTTPStatus.BAD_REQUEST)


def not_bound(error: StatementError) -> ResponseReturnValue:
    """Answer 400 if a value does not fit its column, 503 if the line broke; anything else is an error of ours."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return database_busy(error)
    return too_large(error.orig) if isinstance(error.orig, OverflowError) else unexpected(error)


def _give_up() -> None:
    """Let the error page be written without asking the database again."""
    forget_person()
    db.session().rollback()


def unexpected(_error: Exception) -> ResponseReturnValue:
    """Answer 500 without a word of what went wrong inside."""
    logger.exception("request %s failed", request_id())  # noqa: LOG004 - Flask calls this while handling it
    _give_up()
    return _error_page(HTTPStatus.INTERNAL_SERVER_ERROR)


@pages.get("/")
def root() -> ResponseReturnValue:
    answer = redirect(f"/{languages.current()}/")
    answer.headers["Vary"] = "Accept-Language"
    return answer


@pages.get("/healthz")
def health() -> ResponseReturnValue:
    return jsonify(status="ok")


@pages.get("/readyz")
def ready() -> ResponseReturnValue:
    found = durability.problems(db.session().connection())
    if found:
        # The log says which; whoever asks from outside need not know.
        raise NotDurable(durability.in_words(found))
    return jsonify(status="ok", durable=True)
