"""A browser for tests: reads pages, and checks every page it is shown."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

RAW_TOKEN = "f" * 40
FORM_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
PART = re.compile(r"/sittings/[^/]+/board$")
"""What a script puts into a page that is there."""
UNLABELLED = frozenset({"hidden", "submit", "button"})


class PageReader(HTMLParser):
    """Collects what the rules of every page speak about."""

    def __init__(self) -> None:
        super().__init__()
        self.count: dict[str, int] = {}
        self.faults: list[str] = []
        self.language = ""
        self.fields: list[tuple[str, bool]] = []
        self.labelled: set[str] = set()
        self.open_labels = 0
        self.text: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.count[tag] = self.count.get(tag, 0) + 1
        if tag == "html":
            self.language = values.get("lang", "")
        if tag in {"script", "style"}:
            self.silent += 1
        if tag == "style" or "style" in values:
            self.faults.append(f"inline style in <{tag}>")
        if tag == "script" and "src" not in values:
            self.faults.append("inline script")
        self.faults += [f"inline handler {name}" for name in values if name.startswith("on")]
        if tag == "label":
            self.open_labels += 1
            self.labelled.add(values.get("for", ""))
        if tag in {"input", "select", "textarea"} and values.get("type") not in UNLABELLED:
            named = self.open_labels > 0 or "aria-label" in values or "aria-labelledby" in values
            self.fields.append((values.get("id", ""), named))

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self.open_labels -= 1
        if tag in {"script", "style"}:
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.text.append(data)

    def problems(self, *, is_part: bool = False) -> list[str]:
        found = list(self.faults)
        if not is_part:
            found += self._of_the_whole()
        found += [
            f"no label for #{name}" for name, named in self.fields if not named and name not in self.labelled
        ]
        return found

    def _of_the_whole(self) -> list[str]:
        found = [] if self.language in {"kk", "ru", "en"} else [f"lang is {self.language!r}"]
        return found + [
            f"{self.count.get(tag, 0)} <{tag}>" for tag in ("title", "h1") if self.count.get(tag) != 1
        ]


class Browser:
    """One person's browser. Every HTML answer is checked against the rules of all pages."""

    person_id: int = 0
    email: str = ""

    def __init__(self, app: Flask, *, token: str = "") -> None:
        self.client = app.test_client()
        self.csrf = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token").dumps(RAW_TOKEN)
        with self.client.session_transaction() as cookie:
            cookie["csrf_token"] = RAW_TOKEN
            if token:
                cookie["_user_id"] = token
                cookie["_fresh"] = True

    def get(self, address: str, **options: object) -> "Page":
        return self._seen(Page(self.client.get(address, **options)))

    def post(self, address: str, data: Mapping[str, object] | None = None, **options: object) -> "Page":
        """Send a form, with its token."""
        form = {"csrf_token": self.csrf, **(data or {})}
        return self._seen(Page(self.client.post(address, data=form, **options)))

    def _seen(self, page: "Page") -> "Page":
        # Signing in begins a new session with a new token: the one on the newest page counts.
        if found := FORM_TOKEN.search(page.html):
            self.csrf = found[1]
        return page

    def post_json(self, address: str, body: object) -> TestResponse:
        return self.client.post(address, json=body, headers={"X-CSRFToken": self.csrf})


class Page:
    """One answer."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.location = response.headers.get("Location", "")
        self.html = (
            response.get_data(as_text=True) if response.is_json or "text" in response.content_type else ""
        )
        self.text = self.html
        if response.content_type.startswith("text/html") and self.status not in range(300, 400):
            reader = PageReader()
            reader.feed(self.html)
            self.text = re.sub(r"\s+", " ", " ".join(reader.text))
            # A file to take along carries its style in itself; it is never a page of the site.
            taken_along = response.headers.get("Content-Disposition", "").startswith("attachment")
            is_part = PART.search(response.request.path) is not None
            assert taken_along or not reader.problems(is_part=is_part), (
                response.request.path,
                reader.problems(),
            )
