"""The words of versions: encrypted at rest, opened in one place."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.core import clock
from app.core.envelope import WrongKey
from app.items import service
from app.items.files import StimulusFile, content
from app.items.models import Draft, Item, ItemVersion, StimulusVersion
from app.items.service import InSealedPaper
from tests.exams.builders import item_file, make_item
from tests.items.test_bank import STEM, Write, item, stimulus, write
from tests.items.test_service import sync

__all__ = ["write"]
SHARED = StimulusFile.model_validate(stimulus())


def plain_item(session: Session, key: str = "old-001", use: str = "exam") -> ItemVersion:
    """Add an item as older releases kept it."""
    said = content(item_file(key, use=use))
    session.add(Item(key=key, type="single_choice", use=use, topic="functions", competency="constraint"))
    session.flush()
    version = ItemVersion(
        item_key=key,
        number=1,
        type="single_choice",
        content=said,
        content_hash="0" * 64,
        created_at=clock.now(),
    )
    session.add(version)
    session.flush()
    return version


def everything(session: Session) -> str:
    """Return all that the tables of the bank say, as text."""
    rows = [
        row
        for table in ("items", "item_versions", "stimulus_versions", "drafts")
        for row in session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 - our own names
    ]
    return "\n".join(str(row) for row in rows)


def test_a_sync_keeps_the_words_encrypted(session: Session, tmp_path: Path, write: Write) -> None:
    write("budget/bud-001.yaml", item(stimulus="case-1"))
    write("stimuli/case-1.yaml", stimulus())
    sync(session, tmp_path)
    version = service.drawable(session, "exam")[0]
    said = service.wording_of(session, version)

    assert (said.content["stem"], said.stimulus and said.stimulus["text"]) == (STEM, STEM)
    assert set(version.content) == {
        *("id", "type", "use", "stage", "topic", "competency", "functions", "level", "difficulty"),
        *("sources", "stimulus", "apart_from"),
    }
    assert version.content["sources"] == [{"act": "LGL", "edition": "2026-07-14"}]
    assert "2027" not in everything(session)
    assert "approves" not in everything(session)


def test_open_items_and_what_they_go_with_stay_readable(
    session: Session, tmp_path: Path, write: Write
) -> None:
    write("budget/bud-001.yaml", item(stimulus="case-1", use="practice"))
    write("stimuli/case-1.yaml", stimulus())
    sync(session, tmp_path)
    version = service.drawable(session, "practice")[0]

    assert version.content["stem"] == STEM
    assert version.stimulus is not None
    assert version.stimulus.content["text"] == STEM
    assert session.scalars(select(Draft)).all() == []


def test_a_draft_opens_only_as_its_own_version(session: Session) -> None:
    one, other = make_item(session, item_file("fun-001")), make_item(session, item_file("fun-002"))
    drafts = {draft.item_version_id: draft for draft in session.scalars(select(Draft))}
    drafts[one.id].data_key, drafts[one.id].words = drafts[other.id].data_key, drafts[other.id].words
    session.flush()

    with pytest.raises(WrongKey):
        service.wording_of(session, one)


def test_many_versions_are_read_in_one_query(session: Session) -> None:
    versions = [
        make_item(session, item_file(f"fun-00{one}", stimulus="case-1"), SHARED) for one in range(1, 6)
    ]
    found = service.wordings_of(session, versions)

    assert [found[version.id].content["id"] for version in versions] == [
        f"fun-00{number}" for number in range(1, 6)
    ]
    # Words that five items share are opened once.
    assert len({id(wording.stimulus) for wording in found.values()}) == 1


def test_shut_words_are_nowhere_and_come_back(session: Session) -> None:
    version = make_item(session, item_file("fun-001", stimulus="case-1"), SHARED)
    neighbour = make_item(session, item_file("fun-002", stimulus="case-1"), SHARED)
    before = service.wording_of(session, version)
    service.shut(session, [version])

    assert service.wordings_of(session, [version, neighbour]) == {}
    with pytest.raises(InSealedPaper):
        service.wording_of(session, version)
    service.restore(session, version, before)
    assert service.wording_of(session, version) == before
    assert neighbour.id in service.wordings_of(session, [neighbour])
    service.restore(session, version, before)
    assert len(session.scalars(select(Draft)).all()) == 3


def test_what_an_open_item_goes_with_is_never_shut(session: Session) -> None:
    practice = make_item(session, item_file("pra-001", use="practice", stimulus="case-1"), SHARED)
    version = make_item(session, item_file("fun-001", stimulus="case-1"), SHARED)
    service.shut(session, [version])

    assert service.wording_of(session, practice).stimulus is not None


def test_words_of_older_releases_are_read_and_then_encrypted(session: Session) -> None:
    version, practice = plain_item(session), plain_item(session, "pra-001", "practice")
    old = StimulusVersion(
        key="case-9", number=1, content=content(SHARED), content_hash="0" * 64, created_at=clock.now()
    )
    session.add(old)
    session.flush()
    before = json.loads(json.dumps(version.content))
    assert service.wording_of(session, version).content == before

    assert service.encrypt(session) == 2
    session.expire_all()
    assert "stem" not in version.content
    assert "text" not in old.content
    assert "stem" in practice.content
    assert service.wording_of(session, version).content == before
    assert service.encrypt(session) == 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE item_versions SET number = 9",
        "UPDATE item_versions SET content = '{\"body\": 1}'",
        "UPDATE item_versions SET content = '{}', number = 9",
        "UPDATE item_versions SET content = '{}', content_hash = 'x'",
        "DELETE FROM item_versions",
        "UPDATE stimulus_versions SET number = 9",
        "DELETE FROM stimulus_versions",
    ],
)
def test_the_database_lets_words_go_and_nothing_else(session: Session, change: str) -> None:
    plain_item(session)
    make_item(session, item_file("fun-001", stimulus="case-1"), SHARED)

    with pytest.raises(DatabaseError, match="only added"), session.begin_nested():
        session.execute(text(change))


def test_words_that_went_do_not_come_back_into_the_version(session: Session) -> None:
    version = make_item(session, item_file("fun-001"))

    back = update(ItemVersion).where(ItemVersion.id == version.id).values(content={"body": {}, "stem": {}})

    with pytest.raises(DatabaseError, match="only added"), session.begin_nested():
        session.execute(back)
