"""Where a browser runs no scripts, plain forms do everything that an attempt needs."""

from collections.abc import Callable

import pytest

from app.demo.cast import PASSWORD
from tests.journeys import attempt
from tests.journeys.accounts import Person, sign_in
from tests.journeys.bank import Fields, durable_answers
from tests.journeys.candidate import answer_requirements
from tests.journeys.screen import Screen
from tests.journeys.server import Installation

pytestmark = pytest.mark.browser
FLAGGED = 3
QUESTIONS = 42


def test_an_attempt_is_sat_and_finished_with_plain_forms(
    demonstration: Installation, open_screen: Callable[..., Screen]
) -> None:
    screen = open_screen(demonstration, language="en", scripts=False)
    sign_in(Person("Үлгібекова Сара", "sara@demo.example", screen), PASSWORD)
    answer_requirements(screen)
    number = attempt.start(screen, "suitability")
    seen: list[int] = []

    def flag_one(position: int, _fields: Fields) -> None:
        seen.append(position)
        assert durable_answers(demonstration, number) == position - 1
        if position == FLAGGED:
            screen.press(f"{attempt.leaf(position)} [name=flag]")
            assert screen.has(f"{attempt.leaf(position)} [name=unflag]")
            assert screen.page.url.endswith(attempt.leaf(position))

    attempt.answer_all(demonstration, screen, before=flag_one)
    assert len(seen) == QUESTIONS
    assert screen.has(f'.look-again a[href$="{attempt.leaf(FLAGGED)}"]')
    assert attempt.finish(screen)
    assert f"{QUESTIONS} / {QUESTIONS}" in screen.find("main").inner_text()
