"""Commands of the core."""

import json

import click
from flask import current_app
from flask.cli import AppGroup

from app.core import access

policy = AppGroup("policy", help="Who may do what.")


@policy.command("dump")
@click.option("--json", "as_json", is_flag=True, help="Print a list of objects.")
def dump(*, as_json: bool) -> None:
    """Print every route and method with what it asks of a caller and the event it leaves."""
    entries = access.dump(current_app, current_app.extensions["policy"])
    if as_json:
        click.echo(json.dumps(entries, indent=2))
        return
    for entry in entries:
        who = entry["permission"] or "anyone"
        click.echo(
            f"{entry['method']:5} {entry['rule']:60} {entry['endpoint']:30} {who:20} {entry['event'] or '-'}"
        )


keys = AppGroup("keys", help="The school's own keys.")


@keys.command("init")
def init_keys() -> None:
    """Make the keys that are missing; those that are there stay."""
    made = current_app.extensions["keys"].make()
    click.echo(f"Made: {', '.join(made)}." if made else "All keys are there.")
