"""The bank in the database: taken in from files, versions that never change."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotYours
from app.items import service
from app.items.models import Item, ItemVersion, StimulusVersion
from app.items.service import BankNotSound, Filters, Synced
from tests.items.bodies import example
from tests.items.test_bank import ACTS, REASON, STEM, item, stimulus, write

Write = Callable[[str, object], None]
__all__ = ["write"]
OTHER_STEM = {language: f"{words} 2" for language, words in STEM.items()}


def sync(session: Session, folder: Path) -> Synced:
    return service.sync(session, folder, ACTS, clock.now())


def versions(session: Session) -> list[tuple[str, int]]:
    query = select(ItemVersion.item_key, ItemVersion.number).order_by(ItemVersion.id)
    return [(key, number) for key, number in session.execute(query)]


def test_a_sync_takes_in_items_with_their_stimuli(session: Session, tmp_path: Path, write: Write) -> None:
    write("budget/bud-001.yaml", item(stimulus="case-1"))
    write("budget/bud-002.yaml", item(id="bud-002", stimulus="case-1", use="suitability"))
    write("stimuli/case-1.yaml", stimulus())

    assert sync(session, tmp_path) == Synced(new_versions=2, retired=0)
    drawable = service.drawable(session, "exam")
    assert [version.item_key for version in drawable] == ["bud-001"]
    said = service.wording_of(session, drawable[0])
    assert said.content["stem"] == STEM
    assert said.content["sources"][0]["edition"] == "2026-07-14"
    assert said.stimulus is not None
    assert said.stimulus["id"] == "case-1"
    assert session.scalar(select(func.count()).select_from(StimulusVersion)) == 1


def test_a_second_sync_changes_nothing(session: Session, tmp_path: Path, write: Write) -> None:
    write("budget/bud-001.yaml", item(stimulus="case-1"))
    write("stimuli/case-1.yaml", stimulus())
    sync(session, tmp_path)

    assert sync(session, tmp_path) == Synced(new_versions=0, retired=0)
    assert versions(session) == [("bud-001", 1)]


def test_other_words_are_a_new_version_and_the_old_one_stays(
    session: Session, tmp_path: Path, write: Write
) -> None:
    write("budget/bud-001.yaml", item())
    sync(session, tmp_path)
    old = service.drawable(session, "exam")[0]
    write("budget/bud-001.yaml", item(stem=OTHER_STEM))

    assert sync(session, tmp_path).new_versions == 1
    new = service.drawable(session, "exam")[0]
    assert (new.number, service.wording_of(session, new).content["stem"]) == (2, OTHER_STEM)
    assert (old.number, service.wording_of(session, old).content["stem"]) == (1, STEM)


def test_words_taken_back_are_the_old_version_again(session: Session, tmp_path: Path, write: Write) -> None:
    for stem in (STEM, OTHER_STEM, STEM):
        write("budget/bud-001.yaml", item(stem=stem))
        sync(session, tmp_path)

    assert versions(session) == [("bud-001", 1), ("bud-001", 2)]
    assert service.drawable(session, "exam")[0].number == 1


def test_a_changed_stimulus_makes_new_versions_of_its_items(
    session: Session, tmp_path: Path, write: Write
) -> None:
    write("budget/bud-001.yaml", item(stimulus="case-1"))
    write("stimuli/case-1.yaml", stimulus())
    sync(session, tmp_path)
    write("stimuli/case-1.yaml", stimulus(text=OTHER_STEM))

    assert sync(session, tmp_path).new_versions == 1
    current = service.drawable(session, "exam")[0]
    assert current.stimulus is not None
    assert (current.number, current.stimulus.number) == (2, 2)


def test_a_changed_note_is_no_new_version(session: Session, tmp_path: Path, write: Write) -> None:
    write("budget/bud-001.yaml", item())
    sync(session, tmp_path)
    write("budget/bud-001.yaml", item(note="Other words for authors."))

    assert sync(session, tmp_path).new_versions == 0


def test_an_item_without_a_file_is_retired_and_comes_back_with_it(
    session: Session, tmp_path: Path, write: Write
) -> None:
    write("budget/bud-001.yaml", item())
    write("budget/bud-002.yaml", item(id="bud-002"))
    sync(session, tmp_path)
    (tmp_path / "budget" / "bud-002.yaml").unlink()

    assert sync(session, tmp_path) == Synced(new_versions=0, retired=1)
    assert [version.item_key for version in service.drawable(session, "exam")] == ["bud-001"]
    assert session.get_one(Item, "bud-002").retired_at == clock.now()
    assert sync(session, tmp_path).retired == 0
    write("budget/bud-002.yaml", item(id="bud-002"))
    sync(session, tmp_path)
    assert len(service.drawable(session, "exam")) == 2


def test_a_bank_with_a_problem_is_not_taken_in_at_all(session: Session, tmp_path: Path, write: Write) -> None:
    write("budget/bud-001.yaml", item())
    write("budget/bud-002.yaml", item(id="bud-002", level="guess"))

    with pytest.raises(BankNotSound) as refused:
        sync(session, tmp_path)
    assert [problem.where for problem in refused.value.problems] == ["budget/bud-002.yaml"]
    assert versions(session) == []


def test_the_database_itself_refuses_to_change_a_version(
    session: Session, tmp_path: Path, write: Write
) -> None:
    write("budget/bud-001.yaml", item())
    sync(session, tmp_path)

    for statement in ("UPDATE item_versions SET number = 9", "DELETE FROM item_versions"):
        with pytest.raises(DatabaseError, match="only added"), session.begin_nested():
            session.execute(text(statement))


def test_the_list_is_narrowed_and_counted(session: Session, tmp_path: Path, write: Write) -> None:
    numeric = {"type": "numeric", "body": example("numeric")["body"], "reasons": {"key": REASON}}
    write("budget/bud-001.yaml", item())
    write("budget/bud-002.yaml", item(id="bud-002", **numeric))
    write("law/law-001.yaml", item(id="law-001", topic="law"))
    sync(session, tmp_path)

    assert service.topics(session) == ["budget", "law"]
    for filters, keys in (
        (Filters(), ["bud-001", "bud-002", "law-001"]),
        (Filters(topic="budget"), ["bud-001", "bud-002"]),
        (Filters(type="numeric", use="exam"), ["bud-002"]),
        (Filters(competency="clarity"), []),
    ):
        found, total = service.listed(session, filters)
        assert ([one.key for one in found], total) == (keys, len(keys))
    assert [one.key for one in service.listed(session, Filters(), start=2)[0]] == ["law-001"]


def test_an_item_is_found_by_its_key_with_its_versions(
    session: Session, tmp_path: Path, write: Write
) -> None:
    for stem in (STEM, OTHER_STEM):
        write("budget/bud-001.yaml", item(stem=stem))
        sync(session, tmp_path)
    found = service.get(session, "bud-001")

    assert service.versions_of(session, found) == [(2, clock.now()), (1, clock.now())]
    with pytest.raises(NotYours):
        service.get(session, "bud-999")
