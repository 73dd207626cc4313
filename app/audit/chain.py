"""The hash chain of events: each record holds the hash of the one before. Pure."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256

Link = tuple[int, str, str, Mapping[str, object]]
"""One record: sequence number from 1, stored previous hash, stored hash, what was hashed."""
FIRST = "0" * 64
"""What stands for the record before the first."""


def digest(previous: str, record: Mapping[str, object]) -> str:
    """Return the SHA-256 over the previous hash and the record as canonical JSON."""
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(f"{previous}\n{text}".encode()).hexdigest()


def first_fault(records: Iterable[Link]) -> str | None:
    """Return where the chain breaks, in words; None when it is whole. `records` come in order."""
    expected, before = 1, FIRST
    for sequence, previous, stored, record in records:
        if sequence != expected:
            return f"event {expected} is missing: {sequence} follows"
        if previous != before:
            return f"event {sequence} does not follow event {sequence - 1}"
        if digest(previous, record) != stored:
            return f"event {sequence} was changed"
        expected, before = sequence + 1, stored
    return None
