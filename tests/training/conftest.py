"""A loaded course, and people to whom it is open."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.core import clock
from app.core.database import unit_of_work
from app.training import reader, service
from tests.pages import Browser
from tests.training import course

MODULES = {"powers": ["first", "second"], "money": ["third"]}


@pytest.fixture
def loaded(app: Flask, tmp_path: Path) -> Callable[..., int]:
    """Return a function that loads a course; call it again with another one to change it."""

    def load(modules: dict[str, list[str]] = MODULES, mark: str = "") -> int:
        folder = tmp_path / f"course-{len(list(tmp_path.iterdir()))}"
        found, problems = reader.load(course.write(folder, modules, mark=mark), course.AROUND)
        assert problems == []
        with app.app_context(), unit_of_work() as session:
            return service.sync(session, found, now=clock.now())

    load()
    return load


@pytest.fixture
def learner(app: Flask, loaded: object, sign_in: Callable[..., Browser]) -> Browser:
    """A candidate to whom the course is open."""
    browser = sign_in("candidate")
    with app.app_context(), unit_of_work() as session:
        service.open_course(session, browser.person_id, "suitable", now=clock.now())
    return browser
