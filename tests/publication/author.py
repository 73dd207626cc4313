"""A candidate at their browser, for the tests of pages."""

import re
from dataclasses import dataclass

from tests.pages import Browser, Page

AGREED = {"agree_public": "y", "agree_copies": "y"}


@dataclass
class Author:
    """A candidate on the list with a released exam, and their browser."""

    browser: Browser
    entry: str
    number: str
    address: str
    """Of the preview."""

    def get(self, address: str = "") -> Page:
        return self.browser.get(address or self.address)

    def post(self, address: str, form: dict[str, object] | None = None) -> Page:
        return self.browser.post(address, form)

    def withdrawal(self) -> str:
        """Return the address of the button that withdraws."""
        found = re.search(r'action="([^"]+/withdraw)"', self.get("/en/publication").html)
        assert found
        return found[1]


def seen(page: Page) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page.html)
    assert found, page.text
    return found[1]


def consent_form(author: Author, *parts: str, until: str = "2027-03-16") -> dict[str, object]:
    query = "&".join([f"until={until}", *(f"parts={part}" for part in parts)])
    page = author.get(f"{author.address}?{query}")
    return {"parts": list(parts), "until": until, "seen": seen(page), **AGREED}


def publish(author: Author, *parts: str) -> Page:
    page = author.post(author.address, consent_form(author, *parts))
    assert page.status == 303, page.text
    return page
