"""Following links as a person who wants to see everything, a few pages of each kind."""

import json
import re
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.journeys.screen import Screen
from tests.journeys.server import Installation

MOST_OF_A_KIND = 2
LINKS = """() => [...document.querySelectorAll("a[href]:not([download])")]
  .map((one) => new URL(one.href, location.href))
  .filter((one) => one.origin === location.origin).map((one) => one.pathname + one.search)"""
NOT_PAGES = (".pdf", ".json")
_VARIABLE = re.compile(r"<(?:[^:<>]+:)?[^<>]+>")


@dataclass(frozen=True)
class Address:
    """One endpoint that can be read.

    Attributes:
        permission: what it asks of a caller; None: anyone.
    """

    endpoint: str
    permission: str | None
    shape: re.Pattern[str]


def addresses(school: Installation) -> list[Address]:
    """Return the endpoints that answer a GET, from the application's own list."""
    printed = school.flask("policy", "dump", "--json")
    return [
        Address(entry["endpoint"], entry["permission"], _shape(entry["rule"]))
        for entry in json.loads(printed)
        if entry["method"] == "GET"
    ]


def _shape(rule: str) -> re.Pattern[str]:
    fixed = [re.escape(part) for part in _VARIABLE.split(rule)]
    return re.compile("[^/]+".join(fixed))


@dataclass
class Crawl:
    """What has been seen in one language by all players of one role.

    Attributes:
        seen: how many pages of each endpoint, by all of them.
        visited: addresses that the present player has been at.
    """

    known: list[Address]
    seen: Counter[str] = field(default_factory=Counter)
    visited: set[str] = field(default_factory=set)

    def everything_from(self, screen: Screen) -> None:
        """Look at the page and at what its links lead to, and so on; each kind of page a few times."""
        self.visited.clear()
        waiting = deque(self._new(screen))
        while waiting:
            address = waiting.popleft()
            if not self._takes(address):
                continue
            screen.go(address)
            assert screen.status < 400, (address, screen.status)
            waiting.extend(self._new(screen))

    def _new(self, screen: Screen) -> list[str]:
        found: Iterable[str] = screen.page.evaluate(LINKS)
        start = screen.at("/")
        return [one for one in dict.fromkeys(found) if one.startswith(start)]

    def _takes(self, address: str) -> bool:
        path = urlsplit(address).path
        endpoint = self.endpoint(path)
        if address in self.visited or path.endswith(NOT_PAGES) or self.seen[endpoint] >= MOST_OF_A_KIND:
            return False
        self.visited.add(address)
        self.seen[endpoint] += 1
        return True

    def endpoint(self, path: str) -> str:
        """Return the endpoint of an address; more than one may fit, the one with the fewest variables is it."""
        fitting = [one for one in self.known if one.shape.fullmatch(path)]
        assert fitting, f"a link leads nowhere: {path}"
        return max(fitting, key=lambda one: len(one.shape.pattern.replace("[^/]+", ""))).endpoint
