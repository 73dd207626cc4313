"""Enforces the policy before every view; the only reader of Flask-Login's current user."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol, cast

from flask import Flask, Response, abort, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user, logout_user

from app.core.database import FIRST_FAULT, FIRST_REFUSAL, READING, expect_writes
from app.core.permissions import VISITOR, Actor, Permission

MACHINE_METHODS = frozenset({"HEAD", "OPTIONS"})
SECRET = frozenset({"token"})
"""Variables of addresses that no record may keep."""


@dataclass(frozen=True)
class Rule:
    """What one (route, method) asks of a caller, and what it leaves behind.

    Attributes:
        needs: the permission; None: anyone.
        event: the tag of the audit event; every unsafe method has one.
        journal: the act writes a record of its own (the answers' journal), so none in the global chain.
        budget: how often one caller may come, in the words of `limits`.
        before_complete: reachable while the second factor is still missing.
        public: no cookie, no person: may be kept by shared caches.
        keeps_nothing: an unsafe method that answers from what was sent alone: no person, no token, no event.
    """

    needs: Permission | None
    event: str | None = None
    journal: bool = False
    budget: str = "120/minute"
    before_complete: bool = False
    public: bool = False
    keeps_nothing: bool = False

    @property
    def knows_nobody(self) -> bool:
        return self.public or self.keeps_nothing


Policy = Mapping[tuple[str, str], Rule]


class SignedIn(Protocol):
    """What accounts hand over for a session that is alive."""

    @property
    def actor(self) -> Actor: ...
    @property
    def session_id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def is_authenticated(self) -> bool: ...


class Recorder(Protocol):
    """Writes one audit event in the running transaction."""

    def __call__(self, *, tag: str, actor: Actor, about: Mapping[str, str], refused: bool) -> None: ...


class PolicyBroken(RuntimeError):  # noqa: N818 - named after the reason, as all are
    """The policy and the routes do not agree; the application does not start."""


def problems(app: Flask, policy: Policy) -> list[str]:
    """Return what the policy lacks or says wrongly, one line each; empty when all is well."""
    routes = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - MACHINE_METHODS
    }
    found = [f"no rule for {method} {endpoint}" for endpoint, method in sorted(routes - set(policy))]
    found += [f"no route for {method} {endpoint}" for endpoint, method in sorted(set(policy) - routes)]
    for (endpoint, method), rule in policy.items():
        if method in READING:
            continue
        if rule.needs is not None and rule.needs.endswith(":read"):
            found.append(f"{method} {endpoint} writes with a permission to read")
        if rule.keeps_nothing and (rule.needs is not None or rule.event is not None):
            found.append(f"{method} {endpoint} keeps nothing, and yet asks who it is or leaves an event")
        if rule.event is None and not rule.keeps_nothing:
            found.append(f"{method} {endpoint} leaves no audit event")
    return found


def init_app(app: Flask, policy: Policy, record: Recorder) -> None:
    """Enforce `policy` before every view and write its events after it.

    Raises:
        PolicyBroken: a route without an entry, an entry without a route, or an unsafe entry.
    """
    if found := problems(app, policy):
        raise PolicyBroken("\n".join(found))
    app.extensions["policy"] = policy
    _ask_no_token(app, policy)

    @app.before_request
    def enforce() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None
        method = "GET" if request.method in MACHINE_METHODS else request.method
        rule = policy.get((request.endpoint, method))
        if rule is None:
            abort(HTTPStatus.METHOD_NOT_ALLOWED)
        g.rule = rule
        if rule.event is not None:
            # Also a page that is only read may leave an event.
            expect_writes()
        return None if rule.needs is None else _admit(rule)

    @app.after_request
    def leave_event(response: Response) -> Response:
        rule = g.get("rule")
        if rule is None or rule.event is None or rule.journal:
            return response
        refused = response.status_code >= FIRST_REFUSAL
        if response.status_code < FIRST_FAULT and (not refused or g.get("keep", False)):
            record(tag=rule.event, actor=current_actor(), about=_about(), refused=refused)
        return response


def _ask_no_token(app: Flask, policy: Policy) -> None:
    """Let through without a token what keeps nothing: there is nobody in whose name another site could send it."""
    for (endpoint, _), rule in policy.items():
        if rule.keeps_nothing:
            app.extensions["csrf"].exempt(app.view_functions[endpoint])


def _admit(rule: Rule) -> ResponseReturnValue | None:
    actor = current_actor()
    if actor.id is None:
        if request.method in READING:
            wanted = request.full_path.rstrip("?")
            return redirect(url_for("accounts.sign_in", next=wanted), code=HTTPStatus.SEE_OTHER)
        abort(HTTPStatus.UNAUTHORIZED)
    if not actor.is_complete and not rule.before_complete:
        return redirect(url_for("accounts.second_factor"), code=HTTPStatus.SEE_OTHER)
    if rule.needs is not None and not actor.may(rule.needs):
        abort(HTTPStatus.FORBIDDEN)
    return None


def _about() -> dict[str, str]:
    noted = cast("dict[str, str]", g.get("noted", {}))
    ids = {name: str(value) for name, value in (request.view_args or {}).items() if name not in SECRET}
    return {**ids, **noted}


def note(**about: str) -> None:
    """Add ids or hashes (never names, answers or tokens) to this request's audit event."""
    g.noted = {**g.get("noted", {}), **about}


def current_actor() -> Actor:
    """Return whoever makes this request."""
    signed = signed_in()
    return VISITOR if signed is None else signed.actor


def signed_in() -> SignedIn | None:
    """Return the live session of this request; None for a visitor."""
    if g.get("nobody", False) or ("rule" in g and cast("Rule", g.rule).knows_nobody):
        return None
    user = cast("SignedIn", current_user)
    return user if user.is_authenticated else None


def begin(signed: SignedIn) -> None:
    """Make this browser the one of `signed`; whatever its session held before is gone."""
    session.clear()
    login_user(signed)
    session.permanent = not signed.actor.is_staff


def renew(signed: SignedIn) -> None:
    """Go on in this browser with the new token of the same session."""
    login_user(signed)


def leave() -> None:
    """Make this browser nobody's."""
    logout_user()
    session.clear()


def forget_person() -> None:
    """Go on as if nobody were signed in: the database cannot be asked any more."""
    g.nobody = True


class SessionCookie(SecureCookieSessionInterface):
    """The session's cookie; one of staff is not sent along when another site leads here."""

    def get_cookie_samesite(self, app: Flask) -> str | None:
        """Return `Strict` for staff, else what is configured."""
        return "Strict" if current_actor().is_staff else super().get_cookie_samesite(app)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie and "Vary: Cookie"; never on a public route, whose answers are everybody's."""
        rule = g.get("rule")
        if rule is None or not rule.knows_nobody:
            super().save_session(app, session, response)


def login_manager(load: Callable[[str], SignedIn | None]) -> LoginManager:
    """Return the manager that finds a live session by its token."""
    manager = LoginManager()
    # Mobile addresses change constantly: binding a session to one would sign people out.
    manager.session_protection = None
    manager.user_loader(load)
    return manager


def dump(app: Flask, policy: Policy) -> list[dict[str, str | None]]:
    """Return the policy as a list of objects: endpoint, rule (address), method, permission, event."""
    routes = sorted(
        (route.endpoint, method, route.rule)
        for route in app.url_map.iter_rules()
        for method in (route.methods or set()) - MACHINE_METHODS
    )
    return [
        {
            "endpoint": endpoint,
            "rule": address,
            "method": method,
            "permission": rule.needs and str(rule.needs),
            "event": rule.event,
        }
        for endpoint, method, address in routes
        if (rule := policy.get((endpoint, method))) is not None
    ]
