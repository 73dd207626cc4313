"""Taking in the bank's files: a version is never changed, other words are a new one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import local
from app.core.sources import Act
from app.items.bank import Bank, Problem, load
from app.items.files import PUBLIC, ItemFile, StimulusFile, content, content_hash, stimulus_hash
from app.items.models import Item, ItemVersion, StimulusVersion
from app.items.service import vault


class BankNotSound(ValueError):  # noqa: N818 - named after the reason, as all are
    """The files have problems; nothing was taken in. `problems` names them all."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Synced:
    """What a sync changed: all 0 when the files say nothing new."""

    new_versions: int
    retired: int


def sync(session: Session, folder: Path, acts: Mapping[str, Act], now: datetime) -> Synced:
    """Read the bank in `folder` and take it in.

    Raises:
        BankNotSound: a file has a problem; nothing is taken in.
    """
    bank, problems = load(folder, acts, today=local(now).date())
    if problems:
        raise BankNotSound(problems)
    return take_in(session, bank, now)


def take_in(session: Session, bank: Bank, now: datetime) -> Synced:
    """Make the tables say what the files say; run again, it changes nothing.

    A version is never changed: other words are a new version. An item whose file is gone is retired.
    """
    work = _Sync(session, bank, now)
    made = sum(work.take_in(file) for file in bank.items.values())
    gone = [item for key, item in work.items.items() if key not in bank.items and item.retired_at is None]
    for item in gone:
        item.retired_at = now
    session.flush()
    encrypt(session)
    return Synced(new_versions=made, retired=len(gone))


def encrypt(session: Session) -> int:
    """Encrypt the words that an older release kept plain; return of how many versions."""
    body, text = ItemVersion.content["body"].as_string(), StimulusVersion.content["text"].as_string()
    use = ItemVersion.content["use"].as_string()
    open_ones = select(ItemVersion.stimulus_version_id).where(
        use == PUBLIC, ItemVersion.stimulus_version_id.is_not(None)
    )
    items = session.scalars(select(ItemVersion).where(body.is_not(None), use != PUBLIC))
    stimuli = session.scalars(
        select(StimulusVersion).where(text.is_not(None), StimulusVersion.id.not_in(open_ones))
    )
    done = sum(vault.take_out(session, version) for version in [*items, *stimuli])
    session.flush()
    return done


class _Sync:
    """One run: the files, and what the tables knew before it."""

    def __init__(self, session: Session, bank: Bank, now: datetime) -> None:
        self.session, self.bank, self.now = session, bank, now
        self.items = {item.key: item for item in session.scalars(select(Item))}
        # Without the contents, which may be long: (id, number) by content hash, by item.
        self.known: dict[str, dict[str, tuple[int, int]]] = {}
        columns = (ItemVersion.item_key, ItemVersion.content_hash, ItemVersion.id, ItemVersion.number)
        for key, hash_, version_id, number in session.execute(select(*columns)):
            self.known.setdefault(key, {})[hash_] = (version_id, number)
        stimuli: dict[str, dict[str, StimulusVersion]] = {}
        for version in session.scalars(select(StimulusVersion)):
            stimuli.setdefault(version.key, {})[version.content_hash] = version
        # What an open item goes with is open too.
        self.public = {item.stimulus for item in bank.items.values() if item.use == PUBLIC}
        self.stimuli = {key: self._stimulus(file, stimuli.get(key, {})) for key, file in bank.stimuli.items()}

    def _stimulus(self, file: StimulusFile, known: Mapping[str, StimulusVersion]) -> StimulusVersion:
        """Return the version that the file says, added where its words are new."""
        hash_ = stimulus_hash(file)
        if hash_ in known:
            return known[hash_]
        version = StimulusVersion(
            key=file.id,
            number=_next(version.number for version in known.values()),
            content_hash=hash_,
            created_at=self.now,
        )
        vault.keep(self.session, version, content(file), is_public=file.id in self.public)
        return version

    def take_in(self, file: ItemFile) -> bool:
        """Point the item at the version that its file says; tell whether that version is new."""
        item = self.items.get(file.id) or Item(key=file.id)
        item.type, item.use, item.topic, item.competency = file.type, file.use, file.topic, file.competency
        item.retired_at = None
        self.session.add(item)
        known = self.known.get(file.id, {})
        hash_ = content_hash(file, self.bank.stimulus_of(file))
        if hash_ in known:
            item.current_version_id = known[hash_][0]
            return False
        self.session.flush()
        version = ItemVersion(
            item_key=file.id,
            number=_next(number for _, number in known.values()),
            type=file.type,
            content_hash=hash_,
            stimulus=self.stimuli[file.stimulus] if file.stimulus else None,
            created_at=self.now,
        )
        vault.keep(self.session, version, content(file), is_public=file.use == PUBLIC)
        item.current_version_id = version.id
        return True


def _next(numbers: Iterable[int]) -> int:
    return max(numbers, default=0) + 1
