"""The journal of answers: what a resend means, which answer counts, how events are chained. Pure."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

KEPT_LATE_FOR = timedelta(hours=24)
"""What a browser held through an outage is still kept, as late, this long after the end."""


class Outcome(StrEnum):
    """What became of one answer that was sent."""

    SAVED = "saved"
    """New, and the one that counts now."""
    REPEATED = "repeated"
    """Saved before under this number: nothing to do."""
    STALE = "stale"
    """Older than what the same browser page saved for the item, or after its reason was shown: kept, not current."""
    SUPERSEDED = "superseded"
    """Typed in a page whose attempt another page had taken over: kept, not current."""
    LATE = "late"
    """Came after the end: kept, not scored."""
    REFUSED = "refused"
    """Contradicts what was saved under the same number: kept aside, changes nothing."""
    MALFORMED = "malformed"
    """Not an answer that the item allows: nothing is kept."""


@dataclass(frozen=True)
class Known:
    """What an earlier event says of itself."""

    sequence: int
    position: int
    body_hash: str


def judge(
    earlier: Iterable[Known],
    sent: Known,
    *,
    is_late: bool,
    is_superseded: bool = False,
    is_closed: bool = False,
) -> Outcome:
    """Return what `sent` is beside the earlier events of the same client, its own number and later ones.

    The item is closed when its reason was shown: what comes then is kept, and does not count. The number
    decides before the time does: a repeat of what counted stays what it was.
    """
    same_item = []
    for known in earlier:
        if known.sequence == sent.sequence:
            return Outcome.REPEATED if known == sent else Outcome.REFUSED
        if known.position == sent.position:
            same_item.append(known.sequence)
    if is_late:
        return Outcome.LATE
    if is_superseded:
        return Outcome.SUPERSEDED
    is_older = any(number > sent.sequence for number in same_item)
    return Outcome.STALE if is_older or is_closed else Outcome.SAVED


def is_untouched(body_hash: str, *, shown: str, current: str) -> bool:
    """Tell whether a plain form says nothing new: it came back as it was shown, or as it already stands.

    A page opened earlier must not put its old state over a newer answer.
    """
    return body_hash in {shown, current}


def canonical(value: object) -> str:
    """Return `value` as the one JSON text that stands for it: keys sorted, no spaces, letters as they are."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical JSON of `value`, in lower-case hex."""
    return sha256(canonical(value).encode()).hexdigest()


@dataclass(frozen=True)
class Event:
    """One link of an attempt's chain."""

    number: int
    client: str
    client_sequence: int
    position: int
    body_hash: str
    received_at: datetime
    is_late: bool
    is_stale: bool
    is_superseded: bool = False
    lease: int | None = None

    @property
    def counts(self) -> bool:
        return not (self.is_late or self.is_stale or self.is_superseded)


def start_hash(attempt: UUID) -> str:
    """Return what the chain of an attempt hangs on before its first event."""
    return digest({"attempt": str(attempt)})


def chained(previous: str, event: Event) -> str:
    """Return the hash of an event that follows the hash `previous`."""
    # What was added to the record later is hashed only where it says something: older chains stay whole.
    later: dict[str, object] = {}
    if event.lease is not None:
        later["lease"] = event.lease
    if event.is_superseded:
        later["superseded"] = True
    return digest(
        {
            "previous": previous,
            "number": event.number,
            "client": event.client,
            "sequence": event.client_sequence,
            "position": event.position,
            "body": event.body_hash,
            "at": event.received_at.astimezone(UTC).isoformat(),
            "late": event.is_late,
            "stale": event.is_stale,
            **later,
        }
    )


def first_fault(start: str, links: Iterable[tuple[Event, str]]) -> int | None:
    """Return the place, from 1, of the first link that does not follow from those before; None if all do.

    Args:
        start: `start_hash` of the attempt.
        links: events in their order, each with the hash that is stored for it.
    """
    previous = start
    for place, (event, stored) in enumerate(links, start=1):
        if event.number != place or chained(previous, event) != stored:
            return place
        previous = stored
    return None


def counting(events: Iterable[Event], accepted: Collection[int] = ()) -> dict[int, int]:
    """Return the number of the event that counts, by position: the newest that is in time and current.

    Args:
        events: of one attempt, in their order.
        accepted: numbers of late events that two people decided to count; they follow all others.
    """
    return {event.position: event.number for event in events if event.counts or event.number in accepted}


def receipt(attempt: UUID, number: int) -> str:
    """Return the short number that a person notes: four figures of the attempt, and its count of events."""
    return f"{attempt.int % 10_000:04d}-{number}"


def short_hash(hash_: str) -> str:
    """Return the first 16 signs of a hash in groups of four."""
    return " ".join(hash_[place : place + 4] for place in range(0, 16, 4))
