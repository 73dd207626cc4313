"""Servers and browsers that some tests need: where one is missing, CI fails, and anybody else is told how to get it."""

import os
import shutil

import pytest

NO_CHROMIUM = "no Chromium on this machine: on Debian, apt install chromium"


def need(*, there: bool, absent: str) -> None:
    """Go on when the server is there; else fail in CI, and skip elsewhere with the words of `absent`."""
    if there:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI never skips: {absent}", pytrace=False)
    pytest.skip(absent)


def chromium() -> str:
    """Return the path of Chromium; where there is none, fail in CI and skip elsewhere."""
    path = shutil.which("chromium")
    need(there=path is not None, absent=NO_CHROMIUM)
    return str(path)
