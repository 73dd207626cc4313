"""Rate budgets: how often one caller may use a route, counted in memory or in Redis."""

import logging
from hashlib import sha256
from http import HTTPStatus

from flask import Flask, abort, request
from limits import parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from app.core.access import Policy
from app.core.settings import Settings

PER_SOURCE = 20
"""A whole village or an exam centre may share one address: a source has this many callers' budgets."""
logger = logging.getLogger(__name__)


def init_app(app: Flask, settings: Settings, policy: Policy) -> None:
    """Count each request against its route's budget before anything else looks at it."""
    if not settings.rate_limits:
        return
    address = settings.redis_url or "memory://"
    options = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2} if settings.redis_url else {}
    # A dead Redis must not stop an exam: counting goes on without it.
    limiter = FixedWindowRateLimiter(storage_from_string(address, wrap_exceptions=True, **options))

    @app.before_request
    def count() -> None:
        method = "GET" if request.method == "HEAD" else request.method
        rule = policy.get((request.endpoint or "", method))
        if rule is None:
            return
        budget = parse(rule.budget)
        source = type(budget)(budget.amount * PER_SOURCE, budget.multiples)
        cookie = request.cookies.get(app.config["SESSION_COOKIE_NAME"], "")
        try:
            allowed = limiter.hit(source, "source", _short(request.remote_addr or ""), request.endpoint or "")
            if cookie:
                allowed = limiter.hit(budget, "caller", _short(cookie), request.endpoint or "") and allowed
        except StorageError:
            logger.warning("rate budgets cannot be counted")
            return
        if not allowed:
            abort(HTTPStatus.TOO_MANY_REQUESTS)


def _short(text: str) -> str:
    # The whole of it: cookies of people in one room begin alike. No address is kept as it is.
    return sha256(text.encode()).hexdigest()[:32]
