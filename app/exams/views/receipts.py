"""Receipts: a candidate checks them against the journal; anyone learns whether the school signed one."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.factors import Drawing, drawing
from app.core.database import db
from app.core.errors import Refused
from app.core.keys import Keys
from app.exams import journal, service, signed_receipt
from app.exams.forms.receipts import ReceiptForm, ReceiptTextForm
from app.exams.models import Attempt
from app.exams.service import Checked
from app.exams.signed_receipt import SignedReceipt
from app.exams.views.room import own, pages, settings

PARTS = ("attempt", "count", "head", "at", "signature")


@dataclass(frozen=True)
class TakenAlong:
    """A signed receipt as `_receipt.html` shows it: to photograph, to print, to copy.

    Attributes:
        attempt: whose page checks it.
        sum: the first signs of the check sum in groups.
        text: the address that says everything; what the code holds.
    """

    attempt: UUID
    number: str
    sum: str
    text: str
    code: Drawing


def take_along(signed: SignedReceipt) -> TakenAlong:
    """Return a signed receipt as a page shows it."""
    text = f"{settings().base_url}{url_for('exams.receipt_check')}?{signed.query}"
    return TakenAlong(signed.attempt, signed.number, journal.short_hash(signed.head), text, drawing(text))


def newest(attempt: Attempt) -> TakenAlong | None:
    """Return the signed receipt of all that stands in the journal of an attempt; None before the first save."""
    signed = service.newest_receipt(db.session(), attempt, _key())
    return take_along(signed) if signed else None


@pages.get("/attempts/<uuid:attempt_id>/receipts")
def receipts(attempt_id: UUID) -> ResponseReturnValue:
    attempt, form = own(attempt_id), ReceiptForm(request.args)
    checked, status = None, HTTPStatus.OK
    if form.is_filled:
        try:
            checked = _check(attempt, form)
        except Refused as refusal:
            form.refuse(form.at_fault(refusal), refusal)
            status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template("exams/receipts.html", attempt=attempt_id, form=form, checked=checked), status


def _check(attempt: Attempt, form: ReceiptForm) -> Checked:
    sent = form.read()
    if sent["text"]:
        return service.check_signed(db.session(), attempt, signed_receipt.read(sent["text"]), _key())
    return service.check_typed(db.session(), attempt, sent["number"] or "", sent["check_sum"] or "")


@pages.get("/receipt-check")
def receipt_check() -> ResponseReturnValue:
    form = ReceiptTextForm(request.args)
    held, status = None, HTTPStatus.OK
    try:
        held = _held(form)
    except Refused as refusal:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        form.refuse("text", refusal)
    is_signed = held is not None and held.is_signed_by(_key())
    answer = make_response(
        render_template(
            "exams/receipt_check.html",
            form=form,
            held=held,
            is_signed=is_signed,
            # Who signed it wrote a moment there.
            at=datetime.fromisoformat(held.at) if held and is_signed else None,
            key=service.public_key(_key()),
            host=urlsplit(settings().base_url).netloc,
        ),
        status,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _held(form: ReceiptTextForm) -> SignedReceipt | None:
    """Return the receipt of this request, pasted or in the address of a photographed code; None for none."""
    parts = {name: request.args[name] for name in PARTS if name in request.args}
    if parts:
        return signed_receipt.of_parts(parts)
    return signed_receipt.read(form.text.data) if form.text.data else None


def _key() -> Ed25519PrivateKey:
    keys: Keys = current_app.extensions["keys"]
    return keys.receipts()
