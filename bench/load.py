"""A light load generator: sends prepared requests to a server of this machine, and keeps how long each took.

It runs in a process of its own and shares the processors with what it measures, so it does little: requests
are bytes that were made before, answers are read as far as their length says. It speaks to 127.0.0.1 alone,
and it ends when its plan does.
"""

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import quantiles

HOST = "127.0.0.1"
MOST_SECONDS = 600.0
ANSWER_WITHIN = 30.0
NO_ANSWER = 0
"""The status where the line broke or nothing came in time."""
LEADS_ON = 303


@dataclass(frozen=True)
class Shot:
    """One request.

    Attributes:
        request: the whole of it, head and body.
        kind: what it is measured as.
        expects: what the body of a good answer holds.
        at: seconds from the start; looked at in an open loop alone.
        then: asked where the answer leads, in place of {}; measured together. Empty: nowhere.
    """

    request: str
    kind: str = "save"
    expects: str = ""
    at: float = 0.0
    then: str = ""


@dataclass(frozen=True)
class Hit:
    """What became of one request.

    Attributes:
        place: of the shot in the plan.
        ms: until the whole answer was there; in an open loop from when it was due, not from when it was sent.
        status: of HTTP, or `NO_ANSWER`.
        is_good: status 200 and the expected words.
    """

    place: int
    ms: float
    status: int
    is_good: bool


@dataclass(frozen=True)
class Outcome:
    """What one run measured.

    Attributes:
        seconds: how long it took in all.
        cpu_seconds: what the generator itself used.
        hits: in the order of the answers.
    """

    seconds: float
    cpu_seconds: float
    hits: Sequence[Hit]

    @property
    def per_second(self) -> float:
        """Good answers a second."""
        return sum(hit.is_good for hit in self.hits) / self.seconds

    @property
    def errors(self) -> int:
        return sum(not hit.is_good for hit in self.hits)

    def percentile(self, percent: int, only: Sequence[int] | None = None) -> float:
        """Return the milliseconds within which `percent` of the answers came; infinite where none came.

        Args:
            percent: 1 to 99.
            only: places of the shots to look at; all of them when None.
        """
        wanted = None if only is None else frozenset(only)
        spans = [hit.ms for hit in self.hits if hit.is_good and (wanted is None or hit.place in wanted)]
        if len(spans) < 2:
            return float("inf")
        return quantiles(spans, n=100, method="inclusive")[percent - 1]


def post(path: str, body: object, *, headers: dict[str, str]) -> str:
    """Return a request that sends `body` as JSON."""
    text = json.dumps(body, ensure_ascii=True, separators=(",", ":"))
    about = {"Content-Type": "application/json", "Content-Length": str(len(text))}
    return head("POST", path, {**about, **headers}) + text


def get(path: str, *, headers: dict[str, str]) -> str:
    """Return a request for a page."""
    return head("GET", path, {"Accept-Encoding": "gzip", **headers})


def head(method: str, path: str, headers: dict[str, str]) -> str:
    """Return the head of a request to this machine."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\nHost: {HOST}\r\n{lines}\r\n"


def closed(port: int, shots: Sequence[Shot], *, clients: int, seconds: float) -> Outcome:
    """Let so many clients send one request after the other until the time is over or the shots are."""
    return _run({"port": port, "lines": clients, "seconds": seconds}, shots)


def open_loop(port: int, shots: Sequence[Shot], *, lines: int) -> Outcome:
    """Send every request when it is due, whether or not those before are answered; over at most so many lines."""
    return _run({"port": port, "lines": lines, "seconds": None}, shots)


def _run(plan: dict[str, object], shots: Sequence[Shot]) -> Outcome:
    sent = json.dumps({**plan, "shots": [asdict(shot) for shot in shots]})
    command = [sys.executable, "-m", "bench.load"]
    done = subprocess.run(command, input=sent, capture_output=True, text=True, check=False)  # noqa: S603 - ourselves
    if done.returncode:
        message = f"the load generator failed: {done.stderr[-2000:]}"
        raise RuntimeError(message)
    said = json.loads(done.stdout)
    hits = [Hit(*values) for values in said.pop("hits")]
    return Outcome(hits=hits, **said)


# -- in the process of its own -----------------------------------------------------------------


class _Line(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._buffer = b""
        self.leads_to = ""
        self._body_from, self._ends_at = 0, 0
        self.is_open = self.is_late = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self.is_open = transport, True

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's own
        self.is_open = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((NO_ANSWER, b""))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._ends_at and (head_ends := self._buffer.find(b"\r\n\r\n")) >= 0:
            said = self._buffer[:head_ends].lower()
            length = said.partition(b"content-length:")[2].partition(b"\r\n")[0]
            self.leads_to = said.partition(b"\nlocation:")[2].partition(b"\r\n")[0].strip().decode()
            self._body_from = head_ends + 4
            self._ends_at = self._body_from + int(length or 0)
        if self._ends_at and len(self._buffer) >= self._ends_at and self._answer and not self._answer.done():
            self._answer.set_result((int(self._buffer[9:12]), self._buffer[self._body_from : self._ends_at]))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        assert self._transport is not None
        self._buffer, self._ends_at = b"", 0
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            return await asyncio.wait_for(self._answer, ANSWER_WITHIN)
        except TimeoutError:
            self.is_late = True
            self.close()
            return NO_ANSWER, b""

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()
        self.is_open = False


class _Gun:
    """Sends the shots of one plan."""

    def __init__(self, port: int, shots: Sequence[Shot]) -> None:
        self._port = port
        self._shots = [
            (shot.at, shot.request.encode("ascii"), shot.expects.encode(), shot.then) for shot in shots
        ]
        self._idle: list[_Line] = []
        self.hits: list[tuple[int, float, int, bool]] = []

    async def _line(self) -> _Line:
        while self._idle:
            line = self._idle.pop()
            if line.is_open:
                return line
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(_Line, HOST, self._port)
        return line

    async def _fire(self, place: int, since: float) -> None:
        _, request, expects, then = self._shots[place]
        try:
            line, status, body = await self._ask(request)
            if then and status == LEADS_ON:
                line, status, body = await self._ask(then.replace("{}", line.leads_to).encode("ascii"), line)
            self._idle.append(line)
        except OSError:
            status, body = NO_ANSWER, b""
        spent = (time.perf_counter() - since) * 1000
        self.hits.append((place, round(spent, 3), status, status == 200 and expects in body))

    async def _ask(self, request: bytes, line: _Line | None = None) -> tuple[_Line, int, bytes]:
        line = line or await self._line()
        status, body = await line.ask(request)
        if status == NO_ANSWER and not line.is_late:
            # The server closed an idle connection just then: a browser sends once more, too.
            line = await self._line()
            status, body = await line.ask(request)
        return line, status, body

    async def closed(self, clients: int, seconds: float) -> None:
        ends_at, places = time.perf_counter() + min(seconds, MOST_SECONDS), iter(range(len(self._shots)))

        async def client() -> None:
            for place in places:
                now = time.perf_counter()
                if now >= ends_at:
                    return
                await self._fire(place, now)

        await asyncio.gather(*(client() for _ in range(clients)))

    async def open_loop(self, lines: int) -> None:
        begun, free, running = time.perf_counter(), asyncio.Semaphore(lines), set()

        async def one(place: int, due: float) -> None:
            async with free:
                await self._fire(place, due)

        for place in self._due():
            due = begun + self._shots[place][0]
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            task = asyncio.create_task(one(place, due))
            running.add(task)
            task.add_done_callback(running.discard)
        await asyncio.gather(*running)

    def _due(self) -> Iterator[int]:
        places = sorted(range(len(self._shots)), key=lambda place: self._shots[place][0])
        return (place for place in places if self._shots[place][0] <= MOST_SECONDS)


async def _shoot(plan: dict[str, object]) -> dict[str, object]:
    shots = [Shot(**values) for values in plan["shots"]]  # type: ignore[attr-defined] # our own list
    gun = _Gun(int(str(plan["port"])), shots)
    begun = time.perf_counter()
    if plan["seconds"] is None:
        await gun.open_loop(int(str(plan["lines"])))
    else:
        await gun.closed(int(str(plan["lines"])), float(str(plan["seconds"])))
    seconds = time.perf_counter() - begun
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"seconds": seconds, "cpu_seconds": used.ru_utime + used.ru_stime - STARTED, "hits": gun.hits}


if __name__ == "__main__":
    given = json.load(sys.stdin)
    _spent = resource.getrusage(resource.RUSAGE_SELF)
    STARTED = _spent.ru_utime + _spent.ru_stime
    json.dump(asyncio.run(_shoot(given)), sys.stdout)
