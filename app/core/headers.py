"""The headers of every answer, and the refusal of requests that another site sent."""

import secrets
from http import HTTPStatus

from flask import Flask, Response, abort, g, request

from app.core.access import signed_in
from app.core.database import READING
from app.core.settings import Settings

POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; "
    "img-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; script-src 'self' 'nonce-{nonce}'"
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    # Flask-WTF compares the referrer on https; "no-referrer" would refuse every form.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
TRANSPORT = "max-age=31536000; includeSubDomains"


def nonce() -> str:
    """Return this answer's nonce for scripts; made on first use, so that error pages have one too."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def init_app(app: Flask, settings: Settings) -> None:
    """Refuse unsafe requests from other sites; put the headers on every answer."""
    app.add_template_global(nonce, "csp_nonce")

    @app.before_request
    def refuse_other_sites() -> None:
        if request.method in READING:
            return
        origin = request.headers.get("Origin")
        strange = origin is not None and origin not in {settings.base_url, request.host_url.rstrip("/")}
        if strange or request.headers.get("Sec-Fetch-Site") == "cross-site":
            abort(HTTPStatus.BAD_REQUEST)

    @app.after_request
    def put_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY.format(nonce=nonce())
        response.headers.update(FIXED)
        if settings.is_secure:
            response.headers["Strict-Transport-Security"] = TRANSPORT
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store" if signed_in() else "no-cache"
        return response
