"""A candidate's own certificate: its page, the paper, and its machine-readable twin."""

from uuid import UUID

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.certificates import facts, service
from app.certificates.models import Certificate
from app.certificates.number import grouped
from app.core.access import current_actor
from app.core.database import db
from app.results import service as results

pages = Blueprint("certificates", __name__, template_folder="templates")


@pages.get("/results/<uuid:result_id>/certificate")
def certificate(result_id: UUID) -> ResponseReturnValue:
    result = results.own_result(db.session(), current_actor(), result_id)
    issued = service.of_result(db.session(), result.id)
    return render_template(
        "certificates/certificate.html",
        result=result,
        certificate=issued,
        number=grouped(issued.number) if issued else "",
        weight=len(service.pdf_of(db.session(), issued.number)) if issued else 0,
    )


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
    name = f"certificate-{certificate.number}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
