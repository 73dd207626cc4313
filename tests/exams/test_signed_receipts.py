"""Signed receipts: nobody else can make one, and each says exactly what the journal holds."""

from base64 import urlsafe_b64encode
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from app.core import clock
from app.exams import service
from app.exams.signed_receipt import SignedReceipt
from tests.exams.builders import make_attempt
from tests.exams.test_answers import save, sent

KEY = Ed25519PrivateKey.generate()


@pytest.fixture
def receipt(session: Session) -> SignedReceipt:
    attempt = make_attempt(session)
    save(session, attempt, sent(1, attempt=attempt), sent(2, "b", attempt=attempt))
    found = service.newest_receipt(session, attempt, KEY)
    assert found is not None
    assert (found.count, found.head) == (2, attempt.head_hash)
    return found


def test_nothing_saved_has_no_receipt(session: Session) -> None:
    assert service.newest_receipt(session, make_attempt(session), KEY) is None


def test_what_the_school_signed_is_its_own(receipt: SignedReceipt) -> None:
    assert receipt.is_signed_by(KEY)
    assert not receipt.is_signed_by(Ed25519PrivateKey.generate())


@pytest.mark.parametrize(
    "change",
    [
        {"count": 3},
        {"head": "0" * 64},
        {"at": "2026-12-01T07:00:01+00:00"},
        {"signature": urlsafe_b64encode(b"x" * 64).decode()},
        {"signature": "ы"},
        {"signature": ""},
    ],
)
def test_a_changed_receipt_is_not(receipt: SignedReceipt, change: dict[str, object]) -> None:
    assert not replace(receipt, **change).is_signed_by(KEY)  # type: ignore[arg-type] # some are meant to be wrong


def test_a_receipt_holds_for_the_moment_it_was_given(session: Session) -> None:
    attempt = make_attempt(session)
    save(session, attempt, sent(1, attempt=attempt))
    earlier = service.newest_receipt(session, attempt, KEY, at=clock.now())
    save(session, attempt, sent(2, "b", attempt=attempt))

    assert earlier is not None
    assert earlier.is_signed_by(KEY)
    assert earlier.count == 1
