"""Answer files: what came by stick or messenger is entered into its attempt's journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import N_, NotYours, Refused
from app.core.keys import Keys
from app.core.permissions import Actor
from app.exams import answer_file, file_faults
from app.exams.file_faults import Fault, Known
from app.exams.incoming import MOST_EVENTS, Batch
from app.exams.journal import KEPT_LATE_FOR, Outcome, start_hash
from app.exams.models import AcceptedLate, AnswerEvent, AnswerFile, Attempt, Sitting
from app.exams.service import answers, leases
from app.exams.service.endings import close_if_over
from app.exams.signed_receipt import SignedReceipt

NEW = {Outcome.SAVED, Outcome.STALE, Outcome.SUPERSEDED, Outcome.LATE}
"""The journal did not have it before."""


class OtherAttempt(Refused):
    """The file is of another attempt than the page that it was given to."""

    message = N_("This file belongs to another attempt. Nothing of it was taken.")
    status = 422


class CameTooLate(Refused):
    """Files are taken for a day."""

    message = N_("The attempt ended more than 24 hours ago. Its answers cannot be handed in any more.")
    status = 422


@dataclass(frozen=True)
class Taken:
    """What became of a file.

    Attributes:
        is_new: it was not there before.
        waits: how many of its late answers nobody has decided to count.
    """

    file: AnswerFile
    attempt: Attempt
    is_new: bool
    waits: int

    @property
    def faults(self) -> list[str]:
        """Return what speaks against counting it, as English sentences, keys of the catalogues."""
        return [file_faults.FAULTS[Fault(key)] for key in self.file.faults]


def attempt_of_file(session: Session, sitting: Sitting, raw: bytes, keys: Keys) -> Attempt:
    """Return the attempt that a file names, locked; the file is one of this sitting's.

    Raises:
        Refused: one of `answer_file.open_file`.
        OtherAttempt: it names no attempt of this sitting.
    """
    file = answer_file.open_file(raw, keys.answer_files())
    query = select(Attempt).where(Attempt.public_id == UUID(file.attempt), Attempt.sitting_id == sitting.id)
    attempt = session.scalar(query.with_for_update(of=Attempt))
    if attempt is None:
        raise OtherAttempt
    return attempt


def take_in(session: Session, attempt: Attempt, raw: bytes, keys: Keys, *, by: Actor, now: datetime) -> Taken:
    """Keep a file of a locked attempt, and enter its answers; the same file twice is taken once.

    Before the end they count as if their page had sent them, unless something speaks against the file:
    then, and after the end, they are kept and do not count.

    Raises:
        Refused: one of `answer_file.open_file`.
        OtherAttempt: it is of another attempt.
        CameTooLate: the attempt ended more than a day ago.
    """
    file = answer_file.open_file(raw, keys.answer_files())
    if UUID(file.attempt) != attempt.public_id:
        raise OtherAttempt
    hash_ = sha256(raw).hexdigest()
    known = session.scalar(
        select(AnswerFile).where(AnswerFile.attempt_id == attempt.id, AnswerFile.sha256 == hash_)
    )
    if known is not None:
        return _taken(session, attempt, known, is_new=False)
    close_if_over(session, attempt, now=now)
    if attempt.finished_at is not None and now - attempt.finished_at > KEPT_LATE_FOR:
        raise CameTooLate
    faults = file_faults.check(file, _known(session, attempt, file, keys), now=now)
    outcomes = _enter(session, attempt, file, is_sound=not faults, now=now)
    if Outcome.REFUSED in outcomes:
        faults.append(Fault.CONTRADICTS)
    row = AnswerFile(
        attempt_id=attempt.id,
        by_id=by.person_id,
        received_at=now,
        sha256=hash_,
        sealed=raw.decode(),
        answers=len(file.events),
        added=sum(outcome in NEW for outcome in outcomes),
        faults=list(faults),
        numbers=_late_numbers(session, attempt, file),
    )
    session.add(row)
    session.flush()
    return _taken(session, attempt, row, is_new=True)


def _taken(session: Session, attempt: Attempt, file: AnswerFile, *, is_new: bool) -> Taken:
    return Taken(file, attempt, is_new, len(waiting_numbers(session, file)))


def _known(session: Session, attempt: Attempt, file: answer_file.AnswerFile, keys: Keys) -> Known:
    base = file.base
    event = AnswerEvent
    heads = {0: start_hash(attempt.public_id)}
    if base is not None:
        # What came after the end hangs on the journal, and no receipt was given for it.
        there = select(event.chain_hash).where(
            event.attempt_id == attempt.id, event.number == base.count, event.is_late.is_(False)
        )
        heads |= dict.fromkeys([base.count], session.scalar(there) or heads.get(base.count, ""))
    counted = select(event.client, event.client_sequence).where(
        event.attempt_id == attempt.id,
        event.client.in_({one.client for one in file.events}),
        event.is_late.is_(False),
    )
    return Known(
        signed=base is None
        or SignedReceipt(attempt.public_id, base.count, base.head, base.at, base.signature).is_signed_by(
            keys.receipts()
        ),
        heads=heads,
        lease=leases.lease_of(attempt),
        counted={(client, sequence) for client, sequence in session.execute(counted)},
        timing=attempt.timing,
        last_seen_at=attempt.last_seen_at,
    )


def _enter(
    session: Session, attempt: Attempt, file: answer_file.AnswerFile, *, is_sound: bool, now: datetime
) -> list[Outcome]:
    heard = attempt.last_seen_at, attempt.waiting
    if is_sound:
        replies = answers.save(session, attempt, file.events, now=now)
    else:
        # As from a page that was taken over: kept, not current.
        nobodys = attempt.lease_number + 1
        starts = range(0, len(file.events), MOST_EVENTS)
        batches = [Batch(lease=nobodys, events=[*file.events[at : at + MOST_EVENTS]]) for at in starts]
        replies = [
            reply for batch in batches for reply in answers.receive(session, attempt, batch, now=now).replies
        ]
    # A file is no word of the page: its outage goes on, and is not to be reckoned shorter for it.
    attempt.last_seen_at, attempt.waiting = heard
    session.flush()
    return [reply.outcome for reply in replies]


def _late_numbers(session: Session, attempt: Attempt, file: answer_file.AnswerFile) -> list[int]:
    wanted = {(one.client, one.sequence) for one in file.events}
    query = (
        select(AnswerEvent.number, AnswerEvent.client, AnswerEvent.client_sequence)
        .where(
            AnswerEvent.attempt_id == attempt.id,
            AnswerEvent.client.in_({client for client, _ in wanted}),
            AnswerEvent.is_late,
        )
        .order_by(AnswerEvent.number)
    )
    return [number for number, *sent in session.execute(query) if tuple(sent) in wanted]


def waiting_numbers(session: Session, file: AnswerFile) -> list[int]:
    """Return the late answers of a file that nobody has decided to count, by their numbers in the journal."""
    accepted = set(
        session.scalars(select(AcceptedLate.number).where(AcceptedLate.attempt_id == file.attempt_id))
    )
    return [number for number in file.numbers if number not in accepted]


def files_of_sitting(session: Session, sitting: Sitting) -> Sequence[Taken]:
    """Return the files that came in a sitting, newest first."""
    query = (
        select(AnswerFile, Attempt)
        .join(Attempt, Attempt.id == AnswerFile.attempt_id)
        .where(Attempt.sitting_id == sitting.id)
        .order_by(AnswerFile.received_at.desc(), AnswerFile.id.desc())
    )
    return [_taken(session, attempt, file, is_new=False) for file, attempt in session.execute(query)]


def get_file(session: Session, public_id: UUID) -> Taken:
    """Return a file that came.

    Raises:
        NotYours: there is none.
    """
    query = (
        select(AnswerFile, Attempt)
        .join(Attempt, Attempt.id == AnswerFile.attempt_id)
        .where(AnswerFile.public_id == public_id)
    )
    found = session.execute(query).first()
    if found is None:
        raise NotYours
    return _taken(session, found[1], found[0], is_new=False)
