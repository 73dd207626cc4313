"""A few places; a candidate with something to publish."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.core.database import unit_of_work
from tests.factories import make_places
from tests.pages import Browser
from tests.publication.author import Author
from tests.publication.stage import NAME, build, listed, number_of, released


@pytest.fixture(autouse=True)
def places(app: Flask) -> None:
    with app.app_context(), unit_of_work() as session:
        make_places(session)


@pytest.fixture
def author(app: Flask, sign_in: Callable[..., Browser]) -> Author:
    """A candidate on the list with a released exam."""
    browser = sign_in("candidate", name=NAME)
    with app.app_context(), unit_of_work() as session:
        entry = listed(session, person_id=browser.person_id)
        result = released(session, browser.person_id)
        made = Author(
            browser, str(entry.public_id), number_of(session, result), f"/en/publication/{result.public_id}"
        )
    build(app)
    return made
