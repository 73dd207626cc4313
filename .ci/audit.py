"""Names known holes in what the site depends on, and says loudly what nobody could look up.

A hole fails. Advisory data that cannot be reached does not: it says nothing about the packages, and a machine without
the outside world must still be able to check the rest. pip-audit alone would pass both over in silence.
"""

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).resolve().parents[1] / "requirements.txt"


def main() -> int:
    """Return 1 when a package has a known hole, else 0."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "-r", str(LOCK)]
    told = subprocess.run([*command, "--format", "json"], capture_output=True, text=True, check=False)
    try:
        packages = json.loads(told.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(f"AUDIT NOT DONE: advisory data cannot be reached\n{told.stderr[-300:]}")
        return 0
    holes = [(one["name"], hole["id"]) for one in packages for hole in one.get("vulns", [])]
    unknown = [one["name"] for one in packages if "skip_reason" in one]
    for name, hole in holes:
        print(f"{name}: {hole}")
    if unknown:
        print(f"AUDIT NOT DONE for {len(unknown)} of {len(packages)} packages: nobody could look them up")
    print(f"audit: {len(packages) - len(unknown)} packages looked up, {len(holes)} known holes")
    return bool(holes)


if __name__ == "__main__":
    sys.exit(main())
