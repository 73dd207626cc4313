"""Rate budgets: how often one caller may use a route, counted in memory or in Redis."""

import logging
import time
from collections import Counter
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from threading import Lock
from typing import Protocol

from flask import Flask, abort, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from app.core.access import Policy
from app.core.settings import REDIS_SECONDS, Settings

PER_SOURCE = 20
"""A whole village or an exam centre may share one address: a source has this many callers' budgets."""
logger = logging.getLogger(__name__)


class Limiter(Protocol):
    """Counts one more and tells whether it was within the budget."""

    def hit(self, item: RateLimitItem, *identifiers: str) -> bool: ...


class InMemory:
    """Counts in this process alone. That of `limits` starts a thread with nearly every request."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._windows: dict[int, tuple[int, Counter[str]]] = {}
        """By length in seconds: the number of the running window, and its counts."""

    def hit(self, item: RateLimitItem, *identifiers: str) -> bool:
        """Count one more and tell whether it was within the budget."""
        length, key = item.get_expiry(), item.key_for(*identifiers)
        now = int(time.time()) // length
        with self._lock:
            window, counts = self._windows.get(length, (now, Counter()))
            if window != now:
                # What was counted before is over: nothing is kept of it.
                counts = Counter()
            self._windows[length] = (now, counts)
            counts[key] += 1
            return counts[key] <= item.amount


@cache
def _budgets(words: str) -> tuple[RateLimitItem, RateLimitItem]:
    """Return the budget of one caller and that of one source."""
    budget = parse(words)
    return budget, type(budget)(budget.amount * PER_SOURCE, budget.multiples)


def _limiter(redis_url: str) -> Limiter:
    if not redis_url:
        return InMemory()
    # A dead Redis must not stop an exam: counting goes on without it.
    storage = storage_from_string(
        redis_url, wrap_exceptions=True, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
    )
    return FixedWindowRateLimiter(storage)


def init_app(app: Flask, settings: Settings, policy: Policy) -> None:
    """Count each request against its route's budget before anything else looks at it."""
    if not settings.rate_limits:
        return
    limiter = _limiter(settings.redis_url)

    @app.before_request
    def count() -> None:
        method = "GET" if request.method == "HEAD" else request.method
        rule = policy.get((request.endpoint or "", method))
        if rule is None:
            return
        budget, source = _budgets(rule.budget)
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
