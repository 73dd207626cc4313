import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from app.core.turns import SUFFIX, Turns, WaitingConnection, connection_type

HOLDER = """
import sys
from pathlib import Path
from app.core.turns import Turns
Turns(Path(sys.argv[1])).take()
print("taken", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / f"answers.sqlite{SUFFIX}"


def connect(turns: Turns) -> WaitingConnection:
    path = str(turns.file).removesuffix(SUFFIX)
    return sqlite3.connect(path, isolation_level=None, factory=connection_type(turns), timeout=0)


def test_a_second_thread_waits_until_the_first_has_written(file: Path) -> None:
    turns, order = Turns(file), list[str]()
    held = turns.take()

    def wait() -> None:
        mine = turns.take()
        order.append("second")
        turns.give(mine)

    waiting = threading.Thread(target=wait)
    waiting.start()
    order.append("first")
    turns.give(held)
    waiting.join(10)

    assert order == ["first", "second"]


def test_whoever_waits_too_long_is_told_so_as_sqlite_says_it(file: Path) -> None:
    turns = Turns(file, waits_seconds=0.05)
    held = turns.take()
    with pytest.raises(sqlite3.OperationalError, match="database is locked"):
        turns.take()
    turns.give(held)

    turns.give(turns.take())


def test_another_process_is_waited_for_and_its_death_frees_the_turn(file: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "taken\n"
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            Turns(file, waits_seconds=0.05).take()
        other.kill()
        other.wait(10)

    turns = Turns(file, waits_seconds=5)
    turns.give(turns.take())


@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_the_turn_ends_with_the_transaction(file: Path, end: str) -> None:
    turns = Turns(file, waits_seconds=0.05)
    with closing(connect(turns)) as first, closing(connect(turns)) as second:
        first.begin(writes=True)
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            second.begin(writes=True)
        getattr(first, end)()

        second.begin(writes=True)
        second.rollback()


def test_readers_take_no_turn(file: Path) -> None:
    turns = Turns(file, waits_seconds=0.05)
    with closing(connect(turns)) as writer, closing(connect(turns)) as reader:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.begin(writes=True)

        reader.begin(writes=False)

        assert reader.in_transaction
        reader.rollback()
        writer.rollback()


def test_a_program_that_takes_no_turns_is_still_kept_off(file: Path) -> None:
    turns = Turns(file)
    stranger = sqlite3.connect(str(file).removesuffix(SUFFIX), isolation_level=None, timeout=0)
    with closing(connect(turns)) as ours, closing(stranger):
        ours.begin(writes=True)

        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            stranger.execute("BEGIN IMMEDIATE")
        ours.rollback()


def test_a_turn_whose_transaction_cannot_begin_is_given_back_by_the_rollback(file: Path) -> None:
    turns = Turns(file, waits_seconds=0.05)
    stranger = sqlite3.connect(str(file).removesuffix(SUFFIX), isolation_level=None, timeout=0)
    with closing(connect(turns)) as ours, closing(stranger):
        stranger.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            ours.begin(writes=True)
        stranger.execute("ROLLBACK")
        ours.rollback()

        turns.give(turns.take())
