"""A candidate's own certificates: the paper, and its machine-readable twin."""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from app.certificates import facts, service
from app.certificates.models import Certificate
from app.core.access import current_actor
from app.core.database import db

pages = Blueprint("certificates", __name__, template_folder="templates")


@pages.get("/certificates/<string:number>.pdf")
def pdf(number: str) -> ResponseReturnValue:
    certificate = service.own(db.session(), current_actor(), number)
    return _download(certificate.pdf, "application/pdf", certificate, "pdf")


@pages.get("/certificates/<string:number>.json")
def credential(number: str) -> ResponseReturnValue:
    certificate = service.own(db.session(), current_actor(), number)
    return _download(facts.canonical_bytes(certificate.credential), "application/json", certificate, "json")


def _download(content: bytes, kind: str, certificate: Certificate, ending: str) -> Response:
    answer = Response(content, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="certificate-{certificate.number}.{ending}"'
    return answer
