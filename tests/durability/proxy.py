"""A bad line on this machine: a proxy that loses, delays, doubles and reorders requests by a seeded plan, or is cut."""

import asyncio
import gc
import random
import warnings
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from threading import Thread
from typing import Self

HOST = "127.0.0.1"
SLOW_SECONDS = (0.2, 1.0)
OVERTAKEN_SECONDS = (1.0, 4.0)
ANSWERS_WITHIN = 30.0


class Fate(StrEnum):
    """What becomes of one request."""

    PASSES = "passes"
    SLOW = "slow"
    """Arrives, later."""
    LOST = "lost"
    """Never arrives; the browser is hung up on."""
    REPLY_LOST = "reply lost"
    """Arrives and is done; nobody hears of it."""
    DOUBLED = "doubled"
    """Arrives twice; the second reply is heard."""
    OVERTAKEN = "overtaken"
    """The browser is hung up on, sends anew, and only then does this one arrive."""


BAD = {
    Fate.PASSES: 4,
    Fate.SLOW: 2,
    Fate.LOST: 2,
    Fate.REPLY_LOST: 2,
    Fate.DOUBLED: 2,
    Fate.OVERTAKEN: 2,
}
GOOD = {Fate.PASSES: 1}


class Proxy:
    """One line to one server; `plan` weighs the fates of what is posted, all else passes.

    Attributes:
        is_cut: there is no line at all.
        met: how many requests met each fate.
    """

    def __init__(self, upstream: int, *, plan: Mapping[Fate, int], seed: int) -> None:
        self._upstream, self.plan, self._chance = upstream, plan, random.Random(seed)
        self.is_cut, self.met = False, Counter[Fate]()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._late: set[asyncio.Task[None]] = set()
        self._meetings: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._thread = Thread(target=self._loop.run_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        opening = asyncio.start_server(self._let_in, HOST, 0)
        self._server = asyncio.run_coroutine_threadsafe(opening, self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        with warnings.catch_warnings():
            # A browser that came in the very moment of the end: its socket goes with the loop.
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()

    def settle(self) -> None:
        """Wait until what was overtaken has arrived, too."""
        asyncio.run_coroutine_threadsafe(self._settle(), self._loop).result()

    async def _settle(self) -> None:
        while self._late:
            await asyncio.gather(*self._late, return_exceptions=True)

    async def _end(self) -> None:
        self._server.close()
        # Who is being let in just now comes in first: asyncio forgets a socket whose own task is ended.
        await asyncio.sleep(0.3)
        own = [*self._meetings, *self._late]
        for task in own:
            task.cancel()
        await asyncio.gather(*own, return_exceptions=True)
        # A transport closes in the next rounds of the loop.
        await asyncio.sleep(0.1)

    # -- one request -----------------------------------------------------------------------------

    def _let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._meet(reader, writer))
        self._meetings[task] = writer
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        # Also of a task that was ended before it began.
        self._meetings.pop(task).transport.abort()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answer = None if self.is_cut else await self._carry(await _request(reader))
            # Cut in between: the answer does not arrive either.
            if answer is not None and not self.is_cut:
                # Drained is then: all of it is with the kernel.
                writer.transport.set_write_buffer_limits(0)
                writer.write(answer)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            pass  # The browser or the server went away.
        finally:
            writer.transport.abort()

    async def _carry(self, request: bytes) -> bytes | None:
        """Return the answer; None where the browser hears nothing."""
        fate = Fate.PASSES
        if request.startswith(b"POST") and b"/events " in request.partition(b"\r\n")[0]:
            fate = self._chance.choices(list(self.plan), weights=list(self.plan.values()))[0]
            self.met[fate] += 1
        if fate is Fate.LOST:
            return None
        if fate is Fate.OVERTAKEN:
            task = asyncio.create_task(self._arrive_late(request))
            self._late.add(task)
            task.add_done_callback(self._late.discard)
            return None
        if fate is Fate.SLOW:
            await asyncio.sleep(self._chance.uniform(*SLOW_SECONDS))
        if fate is Fate.DOUBLED:
            _, answer = await asyncio.gather(self._forward(request), self._forward(request))
            return answer
        answer = await self._forward(request)
        return None if fate is Fate.REPLY_LOST else answer

    async def _arrive_late(self, request: bytes) -> None:
        await asyncio.sleep(self._chance.uniform(*OVERTAKEN_SECONDS))
        with suppress(OSError, TimeoutError):
            await self._forward(request)

    async def _forward(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(HOST, self._upstream)
        try:
            writer.write(request)
            await writer.drain()
            return await asyncio.wait_for(reader.read(-1), ANSWERS_WITHIN)
        finally:
            writer.transport.abort()


async def _request(reader: asyncio.StreamReader) -> bytes:
    """Return one whole request, which asks for the line to be closed after it."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = [line for line in head.rstrip().split(b"\r\n") if not line.lower().startswith(b"connection:")]
    length = next(
        (int(line.partition(b":")[2]) for line in lines if line.lower().startswith(b"content-length:")), 0
    )
    return b"\r\n".join([*lines, b"Connection: close", b"", await reader.readexactly(length)])
