"""Takes the pictures of the README from the real screens of the demonstration: `make screenshots`."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from app.core.languages import LANGUAGES
from app.demo.cast import PASSWORD
from tests.journeys.server import Installation

PICTURES = Path(__file__).with_name("pictures")
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 860}
SEED = "7"


def shots(ids: dict[str, Any]) -> list[tuple[str, str | None, str, ViewportSize]]:
    """Return what to take: name, whose screen (None: a visitor's), address, size of the window."""
    attempt = _of(ids["attempts"], "bolat", state="open")["id"]
    result = _of(ids["results"], "erlan", kind="exam")["id"]
    listed = next(one["id"] for one in ids["listed_candidates"] if one["name"].startswith("Мысалова Айгүл"))
    return [
        ("start-kk", None, "/kk/", DESK),
        ("path-en", "gulnar", "/en/my-path", DESK),
        ("lesson-kk", "gulnar", "/kk/course/budget/village-budget", PHONE),
        ("attempt-ru", "bolat", f"/ru/attempts/{attempt}#q-5", PHONE),
        ("attempt-kk", "bolat", f"/kk/attempts/{attempt}#q-9", DESK),
        ("result-ru", "erlan", f"/ru/results/{result}", DESK),
        ("candidate-kk", None, f"/kk/candidates/{listed}", PHONE),
        ("marking-ru", "examiner-2", "/ru/marking", DESK),
        ("papers-en", "organiser-2", "/en/papers", DESK),
        *_content(),
    ]


def _content() -> Iterator[tuple[str, str | None, str, ViewportSize]]:
    """What is taught and asked, in each language and on both sizes."""
    pages = {
        "module": ("gulnar", "/course/community"),
        "figure": ("gulnar", "/course/budget/village-budget#.drawn"),
        "case": ("gulnar", "/course/communication/case"),
        "dossier": (None, "/practice/practice-suitability-a/1"),
        "task": ("author", "/bank/wri-101#main h2"),
    }
    for name, (who, address) in pages.items():
        for language in LANGUAGES:
            for size_name, size in (("phone", PHONE), ("desk", DESK)):
                yield f"content/{name}-{language}-{size_name}", who, f"/{language}{address}", size


def _of(entries: list[dict[str, str]], key: str, **wanted: str) -> dict[str, str]:
    return next(
        one
        for one in entries
        if one["owner"].startswith(f"{key}-") and all(one[name] == value for name, value in wanted.items())
    )


@contextmanager
def served() -> Iterator[tuple[str, dict[str, Any]]]:
    """Serve a fresh demonstration; yield its address and the ids of its things."""
    with tempfile.TemporaryDirectory() as folder:
        school = Installation(Path(folder), settings={"DEMO": "1", "QA": "1", "STAFF_SECOND_FACTOR": "0"})
        # The cast of `qa seed` alone, which tells its ids: two casts would fill every list twice.
        Installation(Path(folder)).flask("prepare")
        ids = json.loads(school.flask("qa", "seed", "--seed", SEED))
        school.start()
        try:
            yield school.url, ids
        finally:
            school.stop()


def sign_in(page: Page, base: str, who: str) -> None:
    page.goto(f"{base}/kk/sign-in")
    page.fill("[name=email]", f"{who}-{SEED}@demo.example")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_load_state()


def take_delivery(browser: Browser, base: str, ids: dict[str, Any]) -> None:
    """Take the pictures of an exam as it is sat, also without a line, and of its board."""
    attempt = _of(ids["attempts"], "bolat", state="open")
    for scheme, size_name, size in (
        ("light", "phone", PHONE),
        ("light", "desk", DESK),
        ("dark", "phone", PHONE),
        ("dark", "desk", DESK),
    ):
        context = browser.new_context(viewport=size, color_scheme=scheme)
        page = context.new_page()
        sign_in(page, base, "bolat")
        for language in LANGUAGES if scheme == "light" else ("kk",):
            page.goto(f"{base}/{language}/attempts/{attempt['id']}#q-7")
            _keep(page, f"attempt-{language}-{scheme}-{size_name}")
        context.set_offline(True)
        page.locator("#q-7 input:not(:checked)").first.check()
        page.locator("[data-save-line].waiting").wait_for()
        _keep(page, f"offline-{scheme}-{size_name}")
        context.set_offline(False)
        page.locator("[data-save-line].saved").wait_for(timeout=60_000)
        page.goto(f"{page.url.partition('#')[0]}#review")
        _keep(page, f"review-{scheme}-{size_name}")
        context.close()
    for size_name, size in (("phone", PHONE), ("desk", DESK)):
        page = browser.new_context(viewport=size).new_page()
        sign_in(page, base, "organiser-2")
        page.goto(f"{base}/en/sittings")
        page.locator("main table a").first.click()
        page.wait_for_load_state()
        _keep(page, f"board-{size_name}")
        page.context.close()


def _keep(page: Page, name: str) -> None:
    page.wait_for_timeout(400)
    page.screenshot(path=PICTURES / "delivery" / f"{name}.png")
    print(f"docs/pictures/delivery/{name}.png")


def take(browser: Browser, base: str, ids: dict[str, Any]) -> None:
    """Take every picture."""
    for name, who, address, size in shots(ids):
        scale = 2 if size is PHONE and "/" not in name else 1
        page = browser.new_context(viewport=size, device_scale_factor=scale).new_page()
        if who:
            sign_in(page, base, who)
        # After the sign # stands what the picture begins with, where that is not the top of the page.
        path, _, part = address.partition("#")
        is_of_a_paper = "/attempts/" in path
        page.goto(base + (address if is_of_a_paper else path))
        if part and not is_of_a_paper:
            page.locator(part).first.evaluate(
                "element => scrollTo(0, element.getBoundingClientRect().top - 60)"
            )
        page.screenshot(path=PICTURES / f"{name}.png")
        page.context.close()
        print(f"docs/pictures/{name}.png")


def main() -> None:
    """Take the pictures."""
    for folder in ("content", "delivery"):
        (PICTURES / folder).mkdir(parents=True, exist_ok=True)
    with served() as (base, ids), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        take_delivery(browser, base, ids)
        take(browser, base, ids)
        browser.close()


if __name__ == "__main__":
    main()
