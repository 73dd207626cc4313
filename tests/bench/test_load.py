"""The load generator tells the truth about a server that is known."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench import load
from bench.load import Shot, get, post

SLOW_SECONDS = 0.2


class Known(BaseHTTPRequestHandler):
    """Answers at once, late, wrongly, or leads on; keeps the line."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/slow":
            time.sleep(SLOW_SECONDS)
        self._say(404 if self.path == "/gone" else 200, b"here is " + self.path.encode())

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        self._say(303 if self.path == "/start" else 200, sent)

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if status == 303:
            self.send_header("Location", "/there")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer((load.HOST, 0), Known)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join(10)
    server.server_close()


def test_every_shot_is_answered_once_and_each_answer_is_looked_at(port: int) -> None:
    good = Shot(get("/page", headers={}), expects="here is /page")
    shots = [
        good,
        Shot(get("/gone", headers={})),
        Shot(get("/page", headers={}), expects="other words"),
        good,
    ]

    outcome = load.closed(port, shots, clients=2, seconds=30)

    assert sorted((hit.place, hit.status, hit.is_good) for hit in outcome.hits) == [
        (0, 200, True),
        (1, 404, False),
        (2, 200, False),
        (3, 200, True),
    ]
    assert outcome.errors == 2


def test_a_body_arrives_as_it_was_given(port: int) -> None:
    shot = Shot(
        post("/save", {"жауап": "ә"}, headers={}), expects='{"\\u0436\\u0430\\u0443\\u0430\\u043f":"\\u04d9"}'
    )

    assert load.closed(port, [shot], clients=1, seconds=30).errors == 0


def test_a_start_is_measured_with_the_page_it_leads_to(port: int) -> None:
    start = post("/start", {}, headers={})
    shots = [
        Shot(start, expects="here is /there", then=get("{}", headers={})),
        Shot(start, expects="here is /there"),
    ]

    outcome = load.closed(port, shots, clients=1, seconds=30)

    assert [(hit.status, hit.is_good) for hit in outcome.hits] == [(200, True), (303, False)]


def test_in_an_open_loop_a_request_that_had_to_wait_counts_from_when_it_was_due(port: int) -> None:
    shots = [Shot(get("/slow", headers={}), at=0.0)] * 3

    outcome = load.open_loop(port, shots, lines=1)

    waited = sorted(hit.ms for hit in outcome.hits)
    assert waited[2] >= 3 * SLOW_SECONDS * 1000
    assert waited[1] >= 2 * SLOW_SECONDS * 1000


def test_a_server_that_is_not_there_is_an_error_and_no_answer() -> None:
    outcome = load.closed(1, [Shot(get("/", headers={}))], clients=1, seconds=30)

    assert [(hit.status, hit.is_good) for hit in outcome.hits] == [(load.NO_ANSWER, False)]
    assert outcome.percentile(95) == float("inf")


def test_a_closed_loop_ends_with_its_time(port: int) -> None:
    shots = [Shot(get("/slow", headers={}))] * 1000

    outcome = load.closed(port, shots, clients=2, seconds=0.5)

    assert outcome.seconds < 5
    assert 2 <= len(outcome.hits) < 20
