"""One person's browser, which looks at every page it meets: open to everybody, not cut off, not broken."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page, Response

from tests.journeys.server import wait_for

PHONE, DESK = 360, 1280
HEIGHT = 760
GRAVE = ("serious", "critical")
AXE = """async () => (await axe.run({resultTypes: ["violations"]})).violations
  .map((found) => [found.impact, found.id, found.nodes.map((node) => node.html.slice(0, 200))])"""
# What a page is made of: its kinds of elements, without the words on it.
PARTS = """() => [...new Set([...document.querySelectorAll("*")].map((one) => [one.parentElement?.className,
  one.tagName, one.className, one.getAttribute("role"), one.type, one.hidden, ...one.getAttributeNames()].join(" ")
  ))].sort().join("\\n")"""
WIDTHS = "() => [document.documentElement.scrollWidth, window.innerWidth]"
CUT = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
  .slice(0, 3).map((one) => one.outerHTML.slice(0, 160))"""
_known: set[tuple[object, ...]] = set()
"""Pages without a fault, by their parts: axe need not look again at a page of the very same parts."""


class Screen:
    """A browser context of its own: cookies, storage and one page.

    Attributes:
        language: in which its person reads.
        status: of the last page.
        allowed: what the console may say at this moment.
    """

    def __init__(
        self,
        browser: Browser,
        base_url: str,
        *,
        language: str = "kk",
        width: int = PHONE,
        scheme: Literal["light", "dark"] = "light",
        scripts: bool = True,
    ) -> None:
        self.context = browser.new_context(
            base_url=base_url,
            viewport={"width": width, "height": HEIGHT},
            color_scheme=scheme,
            reduced_motion="reduce",
            java_script_enabled=scripts,
            locale={"kk": "kk-KZ", "ru": "ru-KZ", "en": "en-GB"}[language],
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.language, self.scheme = language, scheme
        self.status = 0
        self.allowed = re.compile(r"(?!)")
        self.troubles: list[str] = []
        self.has_scripts = scripts
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.troubles.append(f"{self.where}: {error}"))
        self.page.on("response", self._note)

    def close(self) -> None:
        self.context.close()

    def picture(self, name: str) -> str:
        """Return what stands on the screen and where a picture of it is, for whoever looks into a failure."""
        path = Path(gettempdir()) / name
        try:
            self.page.screenshot(path=path, full_page=True)
        except Error as closed:
            return f"{self.page.url}: {closed.message}"
        return f"{self.page.url} {path}"

    @property
    def where(self) -> str:
        """The path of the page."""
        return urlsplit(self.page.url).path

    # -- going about -----------------------------------------------------------------------------

    def go(self, path: str) -> None:
        """Open an address, as one that was typed or sent by letter."""
        self.page.goto(path)
        self.look()

    def at(self, path: str) -> str:
        """Return `path` in this person's language."""
        return f"/{self.language}{path}"

    def find(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def has(self, selector: str) -> bool:
        return self.find(selector).count() > 0

    def press(self, selector: str) -> None:
        """Press the first button or link like this, and look at the page that comes."""
        self._move(self.find(selector).first.click)

    def send(self, action: str) -> None:
        """Press the first button of the form that goes to an address with these words in it."""
        self.press(f'form[method=post][action*="{action}"] button:not(.out-of-sight)')

    def follow(self, address: str) -> None:
        """Press the first link of the page's content that holds these words in its address."""
        self.press(f'main a[href*="{address}"], .hero a[href*="{address}"]')

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            self.find(f'[name="{name}"]').fill(value)

    def choose(self, name: str, value: str) -> None:
        """Tick the radio or box of this name and value."""
        self.find(f'input[name="{name}"][value="{value}"]').check()

    def wait_for(self, selector: str) -> None:
        """Load the page again until a job has done its part and this is there."""
        wait_for(f"{selector} on {self.where}", lambda: self.has(selector) or self._again())

    def _again(self) -> bool:
        self.page.reload()
        return False

    def _move(self, act: Callable[[], None]) -> None:
        with self.page.expect_navigation():
            act()
        self.look()

    # -- looking -------------------------------------------------------------------------------------

    def look(self) -> None:
        """Fail if the page is broken, does not fit the screen, or shuts somebody out."""
        assert not self.troubles, f"{self.where}: {self.troubles}"
        wide, room = self.page.evaluate(WIDTHS)
        assert wide <= room, f"{self.where}: {wide} wide on a screen of {room}: {self.page.evaluate(CUT)}"
        if not self.has_scripts:
            # axe needs them; the same pages are looked at with scripts elsewhere.
            return
        made_of = (room, self.scheme, self.page.evaluate(PARTS))
        if made_of not in _known:
            faults = self.grave_faults()
            assert not faults, f"{self.where}\n" + "\n".join(faults)
            _known.add(made_of)

    def grave_faults(self) -> list[str]:
        """Return what axe finds on the page that is serious or critical."""
        self.page.evaluate(AXE_SCRIPT)
        found: list[tuple[str, str, Any]] = self.page.evaluate(AXE)
        return [f"{impact} {rule}: {nodes}" for impact, rule, nodes in found if impact in GRAVE]

    @contextmanager
    def expecting(self, words: str) -> Iterator[None]:
        """Let the console speak of what the test itself brings about: a refusal, a server that is away."""
        self.allowed = re.compile(words)
        yield
        self.allowed = re.compile(r"(?!)")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not self.allowed.search(message.text):
            self.troubles.append(f"{self.where}: {message.text}")

    def _note(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.status = response.status
