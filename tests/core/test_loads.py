"""What was loaded from files is loaded again only when the files changed."""

from pathlib import Path

import pytest
from flask import Flask

from app.core import loads


@pytest.fixture
def content(tmp_path: Path) -> Path:
    (tmp_path / "question_bank" / "land").mkdir(parents=True)
    (tmp_path / "question_bank" / "land" / "a.yaml").write_text("id: a", encoding="utf-8")
    return tmp_path


def load_again(app: Flask, content: Path, name: str = "bank") -> str:
    with app.app_context():
        return loads.when_changed(name, content, lambda: "loaded")()


def test_files_that_did_not_change_are_not_read_again(app: Flask, content: Path) -> None:
    assert [load_again(app, content) for _ in range(3)] == ["loaded", "nothing new", "nothing new"]


@pytest.mark.parametrize("change", ["other words", "another file", "one file less"])
def test_any_change_of_the_files_is_seen(app: Flask, content: Path, change: str) -> None:
    load_again(app, content)
    known = content / "question_bank" / "land" / "a.yaml"
    if change == "other words":
        known.write_text("id: b", encoding="utf-8")
    elif change == "another file":
        (content / "question_bank" / "land" / "b.yaml").write_text("id: b", encoding="utf-8")
    else:
        known.unlink()
    assert load_again(app, content) == "loaded"


def test_each_part_has_a_memory_of_its_own(app: Flask, content: Path) -> None:
    load_again(app, content)
    assert load_again(app, content, "course") == "loaded"


def test_a_load_that_failed_is_tried_again(app: Flask, content: Path) -> None:
    def fail() -> str:
        raise SystemExit(1)

    with app.app_context(), pytest.raises(SystemExit):
        loads.when_changed("bank", content, fail)()
    assert load_again(app, content) == "loaded"
