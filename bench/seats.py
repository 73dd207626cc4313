"""People who sit an exam, by the thousand: their rows are written directly, their requests made beforehand."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.accounts.credentials import new_token, token_hash
from app.accounts.models import LoginSession, Person, RoleGrant
from app.core import clock
from app.core.database import db, unit_of_work
from app.exams.journal import start_hash
from app.exams.models import Attempt, Sitting
from app.exams.service.opening import opened
from bench import floor
from bench.load import Shot, get, head, post

TOKEN_OF_FORMS = "b" * 40
CHUNK = 1000
LEASE = 1
"""Everybody's first page."""
_numbers = count(1)


@dataclass(frozen=True)
class Choice:
    """An item of one answer: where it stands, what may be chosen."""

    position: int
    options: Sequence[str]


@dataclass
class Seat:
    """One candidate with a browser of their own; `attempt` is None before the start."""

    token: str
    cookie: str
    csrf: str
    address: str
    attempt: UUID | None
    choices: Sequence[Choice]
    person_id: int
    client: str = field(default_factory=lambda: str(uuid4()))
    device: str = field(default_factory=lambda: str(uuid4()))
    sequence: int = 0

    @property
    def headers(self) -> dict[str, str]:
        """What the browser, and the proxy in front, send with every request."""
        return {"Cookie": f"school={self.cookie}", "X-CSRFToken": self.csrf, "X-Forwarded-For": self.address}

    def body(self) -> dict[str, Any]:
        """Return what the page's script sends for the next answer."""
        self.sequence += 1
        choice = self.choices[self.sequence % len(self.choices)]
        option = choice.options[self.sequence // len(self.choices) % len(choice.options)]
        sent = {
            "client": self.client,
            "sequence": self.sequence,
            "position": choice.position,
            "lease": LEASE,
            "fields": {"answer": [option]},
        }
        return {**self.silence(), "events": [sent]}

    def silence(self) -> dict[str, Any]:
        """Return what an idle page sends, so that it is known to be there."""
        return {"client": self.client, "device": self.device, "lease": LEASE, "waiting": 0, "events": []}

    def save(self, at: float = 0.0) -> Shot:
        """Return the request that saves the next answer."""
        request = post(f"/kk/attempts/{self.attempt}/events", self.body(), headers=self.headers)
        return Shot(request, "save", '"outcome":"saved"', at)

    def beat(self, at: float = 0.0) -> Shot:
        """Return the request of an idle page."""
        request = post(f"/kk/attempts/{self.attempt}/events", self.silence(), headers=self.headers)
        return Shot(request, "beat", '"is_yours":true', at)

    def start(self, sitting: UUID, at: float = 0.0) -> Shot:
        """Return the request that starts an attempt, and the page it leads to."""
        form = urlencode({"csrf_token": self.csrf})
        about = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(form))}
        request = head("POST", f"/kk/sittings/{sitting}/start", {**about, **self.headers}) + form
        return Shot(request, "start", "", at, get("{}", headers=self.headers))

    def page(self, at: float = 0.0) -> Shot:
        """Return the request for the whole page, as a browser asks that comes back."""
        request = get(f"/kk/attempts/{self.attempt}", headers=self.headers)
        return Shot(request, "page", "", at)

    def to_floor(self, cookie: str) -> Shot:
        """Return the same answer for the floor, in a session of its own."""
        request = post("/save", self.body(), headers={**self.headers, "Cookie": f"session={cookie}"})
        return Shot(request, "save", '"saved":true')


def cookie_of_floor(token: str) -> str:
    """Return the cookie with which the floor knows the session of `token`."""
    app = Flask("floor")
    app.secret_key = floor.SECRET
    return _signed(app, {"token": token})


def _signed(app: Flask, content: dict[str, object]) -> str:
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    return str(serializer.dumps(content)).removeprefix("b'").removesuffix("'")


def the_sitting(session: Session) -> Sitting:
    """Return the exam that is open now."""
    now = clock.now()
    query = select(Sitting).where(Sitting.kind == "exam", Sitting.opens_at < now, Sitting.closes_at > now)
    return session.scalars(query).one()


def sitting_of(app: Flask) -> UUID:
    """Return the public id of the exam that is open now."""
    with app.app_context():
        with unit_of_work(writes=False) as session:
            found = the_sitting(session).public_id
        db.session.remove()
    return found


def take_seats(app: Flask, people: int, *, started: bool = True, role: str = "candidate") -> list[Seat]:
    """Write so many signed-in people of a role, each with an attempt at the same paper when `started`."""
    found: list[Seat] = []
    with app.app_context():
        with unit_of_work() as session:
            make = _maker(app, session, started=started, role=role)
            while len(found) < people:
                found += make(min(CHUNK, people - len(found)))
        db.session.remove()
    return found


def _maker(app: Flask, session: Session, *, started: bool, role: str) -> Callable[[int], list[Seat]]:
    sitting, now = the_sitting(session), clock.now()
    paper_id = sitting.papers[0].paper_id
    choices = list(_choices(session, paper_id))
    csrf = str(URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token").dumps(TOKEN_OF_FORMS))

    def make(people: int) -> list[Seat]:
        numbers = [next(_numbers) for _ in range(people)]
        tokens = [new_token() for _ in numbers]
        rows = [_person(number, now) for number in numbers]
        adding = insert(Person).returning(Person.id, sort_by_parameter_order=True)
        ids = list(session.scalars(adding, rows))
        grants = [{"person_id": one, "role": role, "granted_at": now} for one in ids]
        session.execute(insert(RoleGrant), grants)
        signed_in = [_session(one, token, now) for one, token in zip(ids, tokens, strict=True)]
        session.execute(insert(LoginSession), signed_in)
        attempts: list[UUID | None] = [None] * people
        if started:
            attempts = [uuid4() for _ in ids]
            pairs = zip(ids, attempts, strict=True)
            rows = [_attempt(person, one, sitting, paper_id) for person, one in pairs if one]
            session.execute(insert(Attempt), rows)
        return [
            Seat(token, _cookie(app, token), csrf, _address(number), attempt, choices, one)
            for token, number, attempt, one in zip(tokens, numbers, attempts, ids, strict=True)
        ]

    return make


def _cookie(app: Flask, token: str) -> str:
    return _signed(app, {"_user_id": token, "_fresh": True, "csrf_token": TOKEN_OF_FORMS})


def _address(number: int) -> str:
    # Some twenty people behind one address, as in a village.
    place = number // 20
    return f"10.{place // 62500}.{place // 250 % 250}.{place % 250}"


def _person(number: int, now: datetime) -> dict[str, object]:
    return {
        "public_id": uuid4(), "email": f"sitter-{secrets.token_hex(8)}@mail.example",
        "name": f"Мысалова Айгүл {number}", "language": "kk", "password_hash": "-", "created_at": now,
        "confirmed_at": now,
    }  # fmt: skip


def _session(person_id: int, token: str, now: datetime) -> dict[str, object]:
    return {
        "public_id": uuid4(), "person_id": person_id, "token_hash": token_hash(token), "device": "bench",
        "created_at": now, "last_seen_at": now, "reauthenticated_at": now,
    }  # fmt: skip


def _attempt(person_id: int, public_id: UUID, sitting: Sitting, paper_id: int) -> dict[str, object]:
    now = clock.now()
    length = timedelta(hours=2)
    return {
        "public_id": public_id, "person_id": person_id, "sitting_id": sitting.id, "paper_id": paper_id, "state": "open",
        "started_at": now, "length_seconds": int(length.total_seconds()), "closes_at": now + length,
        "deadline": now + length, "head_hash": start_hash(public_id), "shuffle_seed": secrets.token_hex(16),
        "lease_number": LEASE, "lease_since": LEASE,
    }  # fmt: skip


def _choices(session: Session, paper_id: int) -> Iterator[Choice]:
    for position, item in sorted(opened(session, paper_id).items()):
        if item.type == "single_choice":
            yield Choice(position, tuple(option["id"] for option in item.body["options"]))
