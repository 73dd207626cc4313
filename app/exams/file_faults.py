"""What speaks against counting an answer file: its chain, its receipt, its device, its times. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.errors import N_
from app.exams.answer_file import AnswerFile, chain_of
from app.exams.lease import Lease
from app.exams.timing import Timing


class Fault(StrEnum):
    """What speaks against counting a file."""

    CHAIN = "chain"
    RECEIPT = "receipt"
    JOURNAL = "journal"
    DEVICE = "device"
    ORDER = "order"
    TIME = "time"
    CONTRADICTS = "contradicts"


FAULTS: Mapping[Fault, str] = {
    Fault.CHAIN: N_("The chain of its answers is broken: something in it was changed, left out or added."),
    Fault.RECEIPT: N_("The receipt that it begins with was not signed by the school."),
    Fault.JOURNAL: N_("The receipt that it begins with does not fit the journal of this attempt."),
    Fault.DEVICE: N_("It was not made by the device that held this attempt last."),
    Fault.ORDER: N_("Its times go backwards, or go on after the file was made."),
    Fault.TIME: N_("By its own times, answers were typed after the end of the attempt."),
    Fault.CONTRADICTS: N_("Under the same number the server holds another answer."),
}


@dataclass(frozen=True)
class Known:
    """What the server knows of the attempt that a file is of.

    Attributes:
        signed: the receipt that the file begins with was signed by the school; also where it begins with none.
        heads: hashes of the journal by number of their event.
        lease: who holds the attempt, or held it at its end.
        counted: (client, sequence) of the events that came in time by other ways.
        last_seen_at: when its page was last heard of.
    """

    signed: bool
    heads: Mapping[int, str]
    lease: Lease
    counted: Collection[tuple[str, int]]
    timing: Timing
    last_seen_at: datetime | None


def check(file: AnswerFile, known: Known, *, now: datetime) -> list[Fault]:
    """Return what speaks against counting a file that came at `now`; empty when chain and times fit."""
    return list(_faults(file, known, now))


def _faults(file: AnswerFile, known: Known, now: datetime) -> Iterator[Fault]:
    if not _is_chained(file):
        yield Fault.CHAIN
    if not known.signed:
        yield Fault.RECEIPT
    if file.base is not None and known.heads.get(file.base.count) != file.base.head:
        yield Fault.JOURNAL
    if not _is_of_holder(file, known.lease):
        yield Fault.DEVICE
    times = [event.typed for event in file.events]
    if times != sorted(times) or any(time > file.since for time in times):
        yield Fault.ORDER
    if not all(known.timing.counts(moment) for moment in _new_moments(file, known, now)):
        yield Fault.TIME


def _is_of_holder(file: AnswerFile, lease: Lease) -> bool:
    is_held = lease.device is None or lease.device == file.device
    return is_held and all(event.lease is None or event.lease >= lease.since for event in file.events)


def _is_chained(file: AnswerFile) -> bool:
    events = [event.model_dump(exclude={"chain"}, exclude_unset=True) for event in file.events]
    start, *links = chain_of(file.attempt, file.base.head if file.base else "", events)
    return [event.chain for event in file.events] == links and file.head == (links or [start])[-1]


def _new_moments(file: AnswerFile, known: Known, now: datetime) -> Iterator[datetime]:
    """Return when, at the latest, each answer was typed that did not come in time by another way."""
    contact = last_contact(file, known, now)
    for event in file.events:
        if (event.client, event.sequence) not in known.counted:
            yield contact + timedelta(seconds=event.typed)


def last_contact(file: AnswerFile, known: Known, now: datetime) -> datetime:
    """Return the latest moment that the device's last contact can have been at.

    The device counts seconds from it and knows no moment itself: it was before the file was made, and the
    server heard of it.
    """
    made_at = now - timedelta(seconds=file.since)
    heard_at = known.last_seen_at or known.timing.started_at
    return min(made_at, heard_at)
