import smtplib
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from typing import ClassVar, Self

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import jobs, mail
from app.core.database import db
from app.core.jobs import OutboxItem

Letters = Callable[[], list[str]]
VALUES = {"link": "http://school.test/kk/confirm/x", "site": "http://school.test/kk"}
PAYLOAD = {"to": "aigul@mail.example", "subject": "Әкім мектебі", "text": "Сәлеметсіз бе\n"}


class FakeServer:
    """Keeps what it was told."""

    told: ClassVar[list[object]] = []

    def __init__(self, host: str, port: int, timeout: int) -> None:
        self.told.append((type(self).__name__, host, port, timeout > 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.told.append("closed")

    def starttls(self) -> None:
        self.told.append("starttls")

    def login(self, user: str, password: str) -> None:
        self.told.append((user, password))

    def send_message(self, message: EmailMessage) -> None:
        self.told.append(message["To"])


class FakeSecureServer(FakeServer):
    """The same, encrypted from the first byte."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    FakeServer.told.clear()
    monkeypatch.setattr(smtplib, "SMTP", FakeServer)
    monkeypatch.setattr(smtplib, "SMTP_SSL", FakeSecureServer)
    return FakeServer.told


def test_a_letter_waits_in_the_outbox_of_the_act(session: Session, letters: Letters) -> None:
    mail.post(session, to="aigul@mail.example", language="kk", template="accounts/mail/confirm.txt", **VALUES)

    assert letters() == []
    item = session.scalars(select(OutboxItem)).one()
    assert item.payload["to"] == "aigul@mail.example"
    assert "\n" not in item.payload["subject"]
    assert VALUES["link"] in item.payload["text"]


def test_a_letter_speaks_the_language_of_the_person(session: Session) -> None:
    for language in ("kk", "ru", "en"):
        mail.post(
            session, to="a@mail.example", language=language, template="accounts/mail/confirm.txt", **VALUES
        )

    subjects = {item.payload["subject"] for item in session.scalars(select(OutboxItem))}
    assert len(subjects) == 3


def test_letters_go_into_the_folder_whole_and_in_every_alphabet(session: Session, letters: Letters) -> None:
    mail.post(session, to="айгүл@пошта.қаз", language="kk", template="accounts/mail/confirm.txt", **VALUES)
    db.session().commit()

    assert jobs.drain() == 1

    (letter,) = letters()
    assert "To: айгүл@пошта.қаз" in letter


def test_nothing_in_a_letter_adds_a_header(app: Flask, letters: Letters) -> None:
    with app.app_context(), pytest.raises(ValueError, match="linefeed"):
        mail.deliver(PAYLOAD | {"subject": "x\nBcc: all@mail.example"})

    assert letters() == []


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (
            "smtp://user:p%40ss@mail.example:587",
            [
                ("FakeServer", "mail.example", 587, True),
                "starttls",
                ("user", "p@ss"),
                "aigul@mail.example",
                "closed",
            ],
        ),
        (
            "smtps://user:x@mail.example",
            [("FakeSecureServer", "mail.example", 0, True), ("user", "x"), "aigul@mail.example", "closed"],
        ),
        ("smtp://localhost:25", [("FakeServer", "localhost", 25, True), "aigul@mail.example", "closed"]),
    ],
)
def test_letters_go_by_smtp_when_it_is_set(
    app: Flask, server: list[object], monkeypatch: pytest.MonkeyPatch, url: str, told: list[object]
) -> None:
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], mail_url=url))

    with app.app_context():
        mail.deliver(PAYLOAD)

    assert server == told


def test_a_password_never_goes_over_an_open_line(
    app: Flask, server: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = replace(app.extensions["settings"], mail_url="smtp://user:secret@mail.example:25")
    monkeypatch.setitem(app.extensions, "settings", changed)

    with app.app_context():
        mail.deliver(PAYLOAD)

    assert server.index("starttls") < server.index(("user", "secret"))


def test_a_letter_is_never_seen_half_written(app: Flask) -> None:
    with app.app_context():
        mail.deliver(PAYLOAD)

    folder = app.extensions["settings"].instance / "mail"
    assert [path.suffix for path in folder.iterdir()] == [".eml"]
