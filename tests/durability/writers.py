"""Candidates who answer all the time: each writes down what the server acknowledged, and sends again what it did not."""

import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Event, Lock, Thread
from typing import Any
from uuid import UUID, uuid4

from app.exams.journal import digest
from tests.journeys.server import wait_for

ANSWER_WITHIN = 20.0
PATIENCE_SECONDS = 120
PAUSE_SECONDS = 0.2
MOST_IN_ONE = 10
SENT_TWICE, OPENED_ANEW = 0.03, 0.01
"""How often a batch that was acknowledged is sent once more, and the page is loaded anew."""
ACKNOWLEDGED = {"saved", "repeated"}
Fields = dict[str, list[str]]


@dataclass(frozen=True)
class Place:
    """One item: where it stands, what may be chosen; text is written where nothing can be."""

    position: int
    options: Sequence[str] = ()

    def answer(self, chance: random.Random, mark: str) -> Fields:
        return {"answer": [chance.choice(self.options) if self.options else f"Ауыл жиналысы туралы {mark}"]}


@dataclass(frozen=True)
class Desk:
    """One candidate's attempt, and the browser that is signed in."""

    attempt: UUID
    cookie: str
    csrf: str
    places: Sequence[Place]


@dataclass(frozen=True)
class Typed:
    """One answer as it was typed."""

    client: str
    sequence: int
    position: int
    fields: Fields

    @property
    def key(self) -> tuple[str, int]:
        return self.client, self.sequence


class Tally:
    """What all writers have heard, to be looked at while they write; they stop when it is over."""

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.is_over = Event()
        self._lock, self._acknowledged = Lock(), 0
        self.statuses: dict[int, int] = {}
        """Of answers that acknowledged nothing; 0 where the line broke."""

    @property
    def acknowledged(self) -> int:
        return self._acknowledged

    def add(self, count: int) -> None:
        with self._lock:
            self._acknowledged += count

    def wait_for_more(self, count: int) -> None:
        """Return once so many more are acknowledged."""
        wanted = self._acknowledged + count
        wait_for("acknowledged answers", lambda: self._acknowledged >= wanted, seconds=PATIENCE_SECONDS)

    def refused(self, status: int) -> None:
        with self._lock:
            self.statuses[status] = self.statuses.get(status, 0) + 1


@dataclass
class Writer:
    """One candidate, typing and sending in a thread of their own.

    Attributes:
        sent: all that was ever sent, by client and sequence.
        acknowledged: what the server said it keeps, by client and sequence; written down once its whole reply is there.
        latest: the last answer typed, by position.
        strange: replies that are neither an acknowledgement nor a plain fault.
    """

    desk: Desk
    port: int
    tally: Tally
    seed: int
    sent: dict[tuple[str, int], Typed] = field(default_factory=dict)
    acknowledged: dict[tuple[str, int], Typed] = field(default_factory=dict)
    latest: dict[int, Typed] = field(default_factory=dict)
    strange: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._device = str(uuid4())
        self._line: HTTPConnection | None = None
        self._waiting: list[Typed] = []
        self._open_page()
        self.thread = Thread(target=self._run, daemon=True)

    def _open_page(self) -> None:
        self._client, self._sequence, self._lease = str(uuid4()), 0, None

    def _run(self) -> None:
        try:
            self._write()
        except Exception as error:
            self.strange.append(f"the writer fell over: {error!r}")
            raise
        finally:
            self._hang_up()

    def _write(self) -> None:
        while not self.tally.is_over.is_set():
            if self._chance.random() < OPENED_ANEW:
                self._open_page()
            self._type()
            self._deliver()
        self._deliver()

    def _type(self) -> None:
        for _ in range(self._chance.randint(1, MOST_IN_ONE)):
            self._sequence += 1
            place = self._chance.choice(self.desk.places)
            fields = place.answer(self._chance, f"{self._client}:{self._sequence}")
            typed = Typed(self._client, self._sequence, place.position, fields)
            self._waiting.append(typed)
            self.latest[place.position] = typed

    def _deliver(self) -> None:
        """Send what waits until it is acknowledged, whatever happens meanwhile."""
        while self._waiting or self._lease is None:
            batch = self._waiting[:50]
            for typed in batch:
                self.sent[typed.key] = typed
            reply = self._send(batch)
            if reply is None:
                time.sleep(PAUSE_SECONDS * (0.5 + self._chance.random()))
                continue
            known = set(self._take(batch, reply))
            self._waiting = [typed for typed in self._waiting if typed.key not in known]
            if batch and self._chance.random() < SENT_TWICE and (again := self._send(batch)) is not None:
                self._look_at_repeat(again)

    def _take(self, batch: Sequence[Typed], reply: dict[str, Any]) -> Iterator[tuple[str, int]]:
        """Write down what was acknowledged under its very words."""
        self._lease, new = reply["lease"]["number"], 0
        by_key = {typed.key: typed for typed in batch}
        for one in reply["replies"]:
            typed = by_key.get((one["client"], one["sequence"]))
            if typed is None:
                self.strange.append(f"a reply to what was not asked: {one}")
                continue
            if one["outcome"] in ACKNOWLEDGED and one["hash"] == digest(typed.fields):
                new += typed.key not in self.acknowledged
                self.acknowledged[typed.key] = typed
            elif one["outcome"] != "stale":
                self.strange.append(f"{one['outcome']} for {typed.key}")
            yield typed.key
        self.tally.add(new)

    def _look_at_repeat(self, reply: dict[str, Any]) -> None:
        outcomes = {one["outcome"] for one in reply["replies"]}
        if outcomes - {"repeated"}:
            self.strange.append(f"{sorted(outcomes)} for what was sent twice")

    # -- the line --------------------------------------------------------------------------------

    def _send(self, batch: Sequence[Typed]) -> dict[str, Any] | None:
        """Return what the server said; None where nothing can be believed."""
        try:
            status, body = self._ask(json.dumps(self._body(batch)).encode())
            reply = json.loads(body)
        except (OSError, HTTPException, ValueError):
            self._hang_up()
            self.tally.refused(0)
            return None
        if "replies" in reply and status == 200:
            return dict(reply)
        self.tally.refused(status)
        if status < 500 or "replies" in reply:
            self.strange.append(f"status {status}: {body[:200]!r}")
        return None

    def _body(self, batch: Sequence[Typed]) -> dict[str, Any]:
        return {
            "client": self._client,
            "device": self._device,
            "lease": self._lease,
            "take": self._lease is None,
            "waiting": max(0, len(self._waiting) - len(batch)),
            "outage": None,
            "events": [{**vars(typed), "lease": self._lease} for typed in batch],
        }

    def _ask(self, body: bytes) -> tuple[int, bytes]:
        if self._line is None:
            self._line = HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_WITHIN)
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Cookie": f"school={self.desk.cookie}",
            "X-CSRFToken": self.desk.csrf,
        }
        self._line.request("POST", f"/kk/attempts/{self.desk.attempt}/events", body, headers)
        answer = self._line.getresponse()
        return answer.status, answer.read()

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None
