"""Sitting an attempt: the same hands for the suitability test and the exam, with scripts and without."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.bank import Fields, durable_answers, right_answers
from tests.journeys.screen import Screen
from tests.journeys.server import Installation

OUTAGE = "Failed to load resource|Failed to fetch"
RETURN_MILLISECONDS = 60_000
Between = Callable[[int, Fields], None]


def start(screen: Screen, kind: str) -> str:
    """Go by the next step of the path to the open sitting and start; return the attempt's id."""
    screen.go(screen.at("/my-path"))
    screen.press(f'.next-step a[href*="/tests/{kind}"]')
    screen.send("/start")
    return attempt_of(screen)


def attempt_of(screen: Screen) -> str:
    found = re.search(r"/attempts/([0-9a-f-]{36})", screen.where)
    assert found is not None, screen.where
    return found[1]


def answer_all(
    school: Installation, screen: Screen, *, before: Between = lambda _position, _fields: None
) -> None:
    """Answer every item rightly and come to the review; `before` is called with each item and its answer."""
    answers = right_answers(school, attempt_of(screen))
    for position, fields in sorted(answers.items()):
        assert screen.find(leaf(position)).is_visible()
        before(position, fields)
        put(screen, position, fields)
        if screen.has_scripts:
            # Nothing is loaded anew: the last step leads to the review.
            screen.find("[data-step='1']").click()
            expect(screen.find(leaf(position + 1) if position < len(answers) else "#review")).to_be_visible()
            screen.look()
        else:
            screen.press(f"{leaf(position)} [name=go]")
    if not screen.has_scripts:
        screen.press("[name=go][value=review]")
    assert screen.has("#review:visible" if screen.has_scripts else ".look-again, form[data-finish]")


def leaf(position: int) -> str:
    """Return the selector of one question on the paper."""
    return f"#q-{position}"


def put(screen: Screen, position: int, fields: Fields) -> None:
    """Fill the question's own controls as a hand would."""
    for field, values in fields.items():
        name = f"{position}-{field}"
        if screen.has(f'#paper select[name="{name}"]'):
            screen.find(f'select[name="{name}"]').select_option(values[0])
        elif screen.has(f'#paper input[name="{name}"][type=text], #paper textarea[name="{name}"]'):
            screen.fill(**{name: values[0]})
        else:
            for value in values:
                screen.choose(name, value)


def finish(screen: Screen) -> str:
    """Hand in; return the number of the receipt."""
    screen.send("/finish")
    assert screen.where.endswith("/receipt")
    return screen.find(".receipt-number").inner_text()


def live_through_a_crash(school: Installation, screen: Screen, position: int, fields: Fields) -> None:
    """Answer while the server is dead: the page keeps the answer, goes on, and sends it when the server is back."""
    attempt, line = attempt_of(screen), screen.find(".save-line")
    expect(line).to_have_class(re.compile("saved"))
    acknowledged = screen.find(".navigator a.answered").count()
    assert acknowledged > 1
    school.kill9()
    with screen.expecting(OUTAGE):
        put(screen, position, fields)
        expect(line).to_have_class(re.compile("waiting"))
        expect(screen.find("[data-note=waiting]")).to_be_visible()
        screen.look()
        screen.find("[data-step='1']").click()
        expect(screen.find(leaf(position + 1))).to_be_visible()
        screen.find("[data-step='-1']").click()
        expect(screen.find(leaf(position))).to_be_visible()
        assert durable_answers(school, attempt) == acknowledged, "what was acknowledged is on the disk"
        school.start()
        expect(line).to_have_class(re.compile("saved"), timeout=RETURN_MILLISECONDS)
    assert durable_answers(school, attempt) == acknowledged + 1
