"""Letters: written into the outbox with the act they tell of, delivered by a job."""

import smtplib
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from flask import current_app, render_template
from sqlalchemy.orm import Session

from app.core import jobs
from app.core.database import Json
from app.core.languages import force_locale
from app.core.settings import Settings

KIND = "mail"
TIMEOUT_SECONDS = 20


def post(session: Session, *, to: str, language: str, template: str, **values: object) -> None:
    """Write a letter into the outbox of this transaction.

    Args:
        session: the running transaction; if it is rolled back, the letter was never written.
        to: the address.
        language: of the person written to.
        template: `<room>/mail/<name>.txt`; its first line is the subject.
        values: for the template.
    """
    with force_locale(language):
        subject, _, text = render_template(template, **values).strip().partition("\n")
    jobs.put(session, KIND, {"to": to, "subject": subject.strip(), "text": text.strip() + "\n"})


def deliver(payload: Json) -> None:
    """Send one letter of the outbox: by SMTP, or into the folder of the instance."""
    settings: Settings = current_app.extensions["settings"]
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = payload["to"]
    message["Subject"] = payload["subject"]
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=urlsplit(settings.base_url).hostname)
    message.set_content(payload["text"])
    if settings.mail_url:
        _send(settings.mail_url, message)
    else:
        _keep(settings.instance / "mail", message)


def _send(url: str, message: EmailMessage) -> None:
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"
    kind = smtplib.SMTP_SSL if secure else smtplib.SMTP
    with kind(parts.hostname or "", parts.port or 0, timeout=TIMEOUT_SECONDS) as server:
        if not secure and parts.username:
            server.starttls()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _keep(folder: Path, message: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f"{uuid4()}.new"
    aside.write_bytes(bytes(message))
    aside.rename(aside.with_suffix(".eml"))
