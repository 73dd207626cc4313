"""Commands of places."""

from time import monotonic

import click
from flask.cli import AppGroup

from app.core.database import unit_of_work
from app.places import service

commands = AppGroup("places", help="The classifier of places.")


def load_classifier() -> str:
    """Bring the places up to the classifier's file and return what came of it."""
    with unit_of_work() as session:
        done = service.load(session)
    count = done.by_level
    return (
        f"{count['oblast']} regions, {count['district']} districts, {count['sub_district']} units, "
        f"{count['settlement']} settlements; {done.added} added, {done.changed} changed"
    )


@commands.command("load")
def load() -> None:
    """Bring the places up to the classifier's file; safe to run again."""
    begun = monotonic()
    click.echo(f"places: {load_classifier()}, {monotonic() - begun:.1f} s")
