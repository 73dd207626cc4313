"""What a first visit of a page costs: the page and every style, script and picture it links, compressed."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

from flask.testing import FlaskClient

LINKED = {("link", "href"), ("script", "src"), ("img", "src"), ("use", "href"), ("source", "srcset")}
_IN_STYLES = re.compile(r"url\(\s*['\"]?([^'\")]+)")
_IN_SCRIPTS = re.compile(r"\bfrom\s+['\"]([^'\"]+)")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if (tag, name) in LINKED and value]


def first_visit(client: FlaskClient, address: str) -> Mapping[str, int]:
    """Return how many bytes each file is that a browser without anything kept loads, by address."""
    weights: dict[str, int] = {}
    waiting = [address]
    while waiting:
        here = waiting.pop()
        if here in weights:
            continue
        packed = client.get(here, headers={"Accept-Encoding": "gzip"})
        assert packed.status_code == 200, (here, packed.status)
        weights[here] = len(packed.get_data())
        plain = client.get(here)
        kind = plain.mimetype
        if kind in {"text/html", "text/css", "text/javascript", "application/javascript"}:
            found = _links(kind, plain.get_data(as_text=True))
            waiting += [urldefrag(urljoin(here, one)).url for one in found]
        packed.close()
        plain.close()
    return weights


def _links(kind: str, text: str) -> list[str]:
    if kind != "text/html":
        return _IN_STYLES.findall(text) if kind == "text/css" else _IN_SCRIPTS.findall(text)
    reader = _Links()
    reader.feed(text)
    return [one for one in reader.found if not one.startswith(("data:", "http:", "https:"))]
