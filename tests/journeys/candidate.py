"""The candidate's own steps beside the attempts: requirements, place, lessons, certificate, publication."""

import re
from pathlib import Path

import pypdfium2
from playwright.sync_api import expect

from app.candidacy import requirements
from tests.journeys.accounts import Person, give_password_if_asked
from tests.journeys.screen import Screen

OUTCOMES = ("met", "show", "not_met")


def answer_requirements(screen: Screen) -> None:
    """Answer each rule so that it is met, else so that a paper must be shown."""
    screen.press('.next-step a[href$="/requirements"]')
    for rule in requirements.load().rules:
        best = min(rule.options, key=lambda option: OUTCOMES.index(option.outcome))
        screen.choose(rule.key, best.key)
    screen.send("/requirements")
    assert screen.has("#summary")
    assert not screen.has(".note-danger")


def choose_place(screen: Screen, spelling: str, kato: str) -> None:
    """Find the place by a spelling of one's own and choose it."""
    screen.go(screen.at("/my-path"))
    screen.follow("/my-place")
    screen.fill(q=spelling)
    screen.press("main form[method=get] button")
    screen.press(f'form:has(input[name=kato][value="{kato}"]) button')
    assert screen.where.endswith("/my-path")


WITH_HANDS = 3
"""Lessons whose quick checks are pressed one by one; in the others, which are alike, they are sent at once."""


def learn_everything(screen: Screen) -> int:
    """Take the lessons in the order of the path, with their quick checks; return how many there were."""
    screen.go(screen.at("/my-path"))
    screen.press('.next-step a[href*="/course/"]')
    lessons = 0
    while re.search(r"/course/[^/]+/[^/]+$", screen.where):
        if lessons < WITH_HANDS:
            _answer_checks(screen)
        else:
            _answer_checks_at_once(screen)
        screen.send("/finish")
        lessons += 1
        assert lessons < 80, "the course has no end"
    return lessons


def _answer_checks(screen: Screen) -> None:
    checks = screen.find("section.check")
    for place in range(checks.count()):
        check = checks.nth(place)
        check.locator("input[type=radio]").first.check()
        screen.press(f'section.check[id="{check.get_attribute("id")}"] button')
        expect(check.locator(".note")).to_be_visible()


def _answer_checks_at_once(screen: Screen) -> None:
    """Send the page's own forms one after another, without looking at each answer: the page stays as it is."""
    screen.page.evaluate(
        """async () => {
            for (const form of document.querySelectorAll("section.check form")) {
                form.querySelector("input[type=radio]").checked = true;
                await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
            }
        }"""
    )


def download_certificate(person: Person, folder: Path) -> tuple[str, str]:
    """Download the paper from the last step of the path; return its number and its text."""
    screen = person.screen
    screen.go(screen.at("/my-path"))
    screen.follow("/certificate")
    screen.wait_for('main a[href$=".pdf"]')
    link = screen.find('main a[href$=".pdf"]').first
    with screen.page.expect_download() as coming:
        link.click()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    found = re.search(r"\d{12}", path.name)
    assert found is not None, path.name
    document = pypdfium2.PdfDocument(path)
    try:
        assert len(document) == 1
        return found[0], document[0].get_textpage().get_text_range()
    finally:
        document.close()


def publish_exam(person: Person) -> None:
    """Look at the page as voters would see it, with everything on it, and say yes to exactly that."""
    screen = person.screen
    screen.press('.sections a[href$="/results"]')
    screen.press('main a[href*="/results/"]')
    screen.follow("/publication")
    screen.press('main section:has(a[href*="/publication/"]) a[href*="/publication/"]')
    give_password_if_asked(screen)
    for box in screen.find("input[name=parts]").all():
        assert not box.is_checked(), "nothing is ticked beforehand"
        box.check()
    screen.press("main form[method=get] button")
    assert person.name in screen.find(".framed").inner_text()
    screen.find("input[name=agree_public]").check()
    screen.find("input[name=agree_copies]").check()
    screen.press("main form[method=post] button")
    assert screen.has('form[action$="/withdraw"]')


def withdraw(screen: Screen) -> None:
    screen.go(screen.at("/publication"))
    screen.send("/withdraw")
    assert not screen.has('form[action$="/withdraw"]')
