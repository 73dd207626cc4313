"""Exams without the rooms above: what they put into the outbox is kept and looked at."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def handed_in(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Return the payloads of “attempt-finished” that reached their handler."""
    kept: list[dict[str, Any]] = []
    if "house" in request.fixturenames:
        extensions = request.getfixturevalue("house")[0].extensions
        monkeypatch.setitem(extensions["handlers"], "attempt-finished", kept.append)
    return kept
