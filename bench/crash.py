"""Kill -9 under writers, the long form: python -m bench.crash --acknowledged 50000 --kills 90 [--database sqlite]."""

import argparse
import logging
import sys

from bench.lines import load, machine
from tests.durability.killing import BACK_WITHIN_SECONDS, WRITERS, Report, run

DATABASES = ("sqlite", "postgresql")


def table(report: Report) -> str:
    """Return a report as lines for people."""
    verdict, statuses = report.verdict, dict(report.statuses)
    broken, busy = statuses.pop(0, 0), statuses.pop(503, 0)
    killed = [
        f"    {kind:<16}{count:4d}   back after {report.back[kind]:5.1f} s at most"
        for kind, count in report.kills.items()
    ]
    lines = [
        f"{report.database}: {WRITERS} writers, {report.seconds:.0f} seconds, {load()}, {machine()}",
        f"  kills -9          {sum(report.kills.values()):6d}",
        *killed,
        f"  acknowledged      {report.acknowledged:6d}",
        f"  in the journal    {verdict.kept:6d}",
        f"  lost              {len(verdict.lost):6d}",
        f"  doubled           {len(verdict.doubled):6d}",
        f"  never sent        {len(verdict.unsent):6d}",
        f"  broken chains     {len(verdict.faults):6d}",
        f"  wrong answers     {len(verdict.wrong_answers):6d}",
        f"  without an answer {broken:6d}   busy (503) {busy}   other {statuses or 'none'}",
    ]
    return "\n".join([*lines, *(f"  ! {problem}" for problem in verdict.problems[:20])])


def main() -> int:
    """Kill as the command line says; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--acknowledged", type=int, default=50_000, help="answers to wait for, each database")
    parser.add_argument("--kills", type=int, default=90, help="each database")
    parser.add_argument("--database", choices=DATABASES, help="both when left out")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    logging.disable(logging.WARNING)
    is_good = True
    for database in [asked.database] if asked.database else DATABASES:
        report = run(database, acknowledged=asked.acknowledged, kills=asked.kills, seed=asked.seed)
        print(table(report), flush=True)
        slow = [kind for kind, seconds in report.back.items() if seconds > BACK_WITHIN_SECONDS]
        is_good = is_good and not report.verdict.problems and not slow
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
