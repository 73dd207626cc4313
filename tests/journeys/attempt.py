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
        assert screen.where.endswith(f"/items/{position}")
        before(position, fields)
        put(screen, fields)
        screen.press(".move .button:last-child")
    assert screen.where.endswith("/review")


def put(screen: Screen, fields: Fields) -> None:
    """Fill the page's own controls as a hand would."""
    for name, values in fields.items():
        if screen.has(f'#answer-form select[name="{name}"]'):
            screen.find(f'select[name="{name}"]').select_option(values[0])
        elif screen.has(
            f'#answer-form input[name="{name}"][type=text], #answer-form textarea[name="{name}"]'
        ):
            screen.fill(**{name: values[0]})
        else:
            for value in values:
                screen.choose(name, value)


def finish(screen: Screen) -> str:
    """Hand in; return the number of the receipt."""
    screen.send("/finish")
    assert screen.where.endswith("/receipt")
    return screen.find(".receipt-number").inner_text()


def live_through_a_crash(school: Installation, screen: Screen, fields: Fields) -> None:
    """Answer while the server is dead: the page waits, keeps the answer, sends it when the server is back."""
    attempt, line = attempt_of(screen), screen.find(".save-line")
    acknowledged = screen.find(".cell.answered[data-cell]").count()
    assert acknowledged > 1
    school.kill9()
    with screen.expecting(OUTAGE):
        put(screen, fields)
        expect(line).to_have_class(re.compile("waiting"))
        expect(screen.find("[data-waiting-note]")).to_be_visible()
        screen.look()
        here = screen.where
        screen.find(".move .button:last-child").click()
        assert durable_answers(school, attempt) == acknowledged, "what was acknowledged is on the disk"
        school.start()
        expect(line).to_have_class(re.compile("saved"), timeout=RETURN_MILLISECONDS)
    assert screen.where == here
    assert durable_answers(school, attempt) == acknowledged + 1
