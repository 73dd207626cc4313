"""Servers and browsers that some tests need: where one is missing, CI fails, and anybody else is told how to get it."""

import os
import shutil
from typing import NoReturn

import pytest

NO_CHROMIUM = "no Chromium on this machine: on Debian, apt install chromium"


def need(*, there: bool, absent: str) -> None:
    """Go on when the server is there; else fail in CI, and skip elsewhere with the words of `absent`."""
    if not there:
        miss(absent)


def miss(what: str) -> NoReturn:
    """Fail in CI, where nothing is left out; skip elsewhere, saying how to get it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI never skips: {what}", pytrace=False)
    pytest.skip(what)


def chromium() -> str:
    """Return the path of Chromium; where there is none, fail in CI and skip elsewhere."""
    return shutil.which("chromium") or miss(NO_CHROMIUM)
