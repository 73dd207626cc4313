"""Akim School: the only place that knows every room."""

import logging
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from flask import Flask, request
from flask_compress import Compress
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app import commands
from app.accounts import service as accounts
from app.accounts import views as accounts_views
from app.audit import service as audit
from app.audit import views as audit_views
from app.candidacy import views as candidacy_views
from app.certificates import views as certificates_views
from app.core import (
    access,
    assets,
    budgets,
    clock,
    database,
    glossary,
    headers,
    incoming,
    jobs,
    languages,
    mail,
    markdown,
    pages,
    sources,
)
from app.core.access import Recorder
from app.core.clock import Clock, database_clock
from app.core.database import db
from app.core.keys import Keys
from app.core.permissions import Actor
from app.core.settings import Settings
from app.exams import views as exams_views
from app.items import functions
from app.items import views as items_views
from app.marking import views as marking_views
from app.navigation import sections
from app.path import path
from app.places import views as places_views
from app.policy import POLICY
from app.publication import views as publication_views
from app.results import views as results_views
from app.training import views as training_views

LARGEST_BODY = 256 * 1024
LARGEST_UPLOAD = 4 * 1024 * 1024
MOST_PARTS = 500
SESSION_DAYS = 14
THIS_MACHINE = ("localhost", "127.0.0.1")
"""Where a watch beside the server asks for its health."""

ROOMS = (
    accounts_views,
    audit_views,
    places_views,
    candidacy_views,
    items_views,
    training_views,
    exams_views,
    marking_views,
    results_views,
    certificates_views,
    publication_views,
)


def create_app(settings: Settings, *, read_clock: Clock = database_clock) -> Flask:
    """Return the application for `settings`.

    Raises:
        PolicyBroken: a route has no entry in the policy, or the other way round.
    """
    app = Flask(__name__, static_folder=None)
    app.extensions["settings"] = settings
    app.extensions["clock"] = read_clock
    app.extensions["path"] = path
    app.extensions["keys"] = Keys(settings)
    _load_references(app, settings)
    _configure(app, settings)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")

    database.init_app(app, settings)
    languages.init_app(app, settings)
    # Requests are counted first, also those that the next checks refuse.
    budgets.init_app(app, settings, POLICY)
    headers.init_app(app, settings)
    incoming.init_app(app)
    # After-request acts run last registered first: the event is written, then all is committed, then compressed.
    Compress(app)
    app.after_request(database.end_transaction)
    CSRFProtect(app)
    access.login_manager(accounts.signed_in_by_token).init_app(app)
    pages.init_app(app, settings, sections)
    app.add_template_filter(markdown.stored_html)
    for room in ROOMS:
        app.register_blueprint(room.pages, url_prefix=getattr(room, "PREFIX", "/<lang:language>"))
    commands.init_app(app)
    jobs.init_app(app, settings, commands.HANDLERS | {mail.KIND: mail.deliver}, commands.PERIODIC)
    access.init_app(app, POLICY, _recorder())
    assets.init_app(app, settings)
    if settings.trusted_proxies:
        proxies = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    return app


def _load_references(app: Flask, settings: Settings) -> None:
    """Read what every page may cite: acts, words, functions. Their faults are named by `course check`."""
    acts, _ = sources.load(settings.content / sources.FILE)
    app.extensions["acts"] = acts
    app.extensions["glossary"], _ = glossary.load(settings.content / glossary.FILE, acts, today=date.max)
    app.extensions["functions"], _ = functions.load(settings.content / functions.FILE, acts, today=date.max)


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.old_secret_keys),
        DEBUG=settings.debug,
        TESTING=False,
        TRUSTED_HOSTS=[urlsplit(settings.base_url).hostname, *THIS_MACHINE]
        if settings.is_production
        else None,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        MAX_FORM_PARTS=MOST_PARTS,
        SESSION_COOKIE_NAME="__Host-school" if settings.is_secure else "school",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=SESSION_DAYS * 24 * 3600,
        # An exam must not fail because its form is an hour old; tokens live with the session.
        WTF_CSRF_TIME_LIMIT=None,
        COMPRESS_ALGORITHM=["br", "zstd", "gzip"],
        # A whole paper of 60 questions: a millisecond more, a tenth less to carry.
        COMPRESS_BR_LEVEL=6,
        COMPRESS_MIN_SIZE=600,
    )
    app.session_interface = access.SessionCookie()
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.url_map.strict_slashes = True


def _recorder() -> Recorder:
    def record(*, tag: str, actor: Actor, about: Mapping[str, str], refused: bool) -> None:
        audit.record(
            db.session(),
            tag=tag,
            actor=actor,
            # Not the path: it may hold the token of a letter.
            about={"route": request.endpoint or "", **about},
            now=clock.now(),
            request_id=pages.request_id(),
            refused=refused,
        )

    return record
