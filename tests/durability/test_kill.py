"""Kill -9 of workers, master, everything and the database under writers: the short form of bench/crash.py."""

import pytest

from tests.durability.killing import run

ACKNOWLEDGED, KILLS = 1500, 12


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_no_acknowledged_answer_is_lost_or_doubled_by_a_kill(database: str) -> None:
    report = run(database, acknowledged=ACKNOWLEDGED, kills=KILLS, seed=1)

    assert report.verdict.problems == []
    assert report.acknowledged >= ACKNOWLEDGED
    assert report.verdict.kept >= report.acknowledged
    assert sum(report.kills.values()) == KILLS
    assert report.statuses[0] > 0, "no kill was ever felt: nothing was tried"
