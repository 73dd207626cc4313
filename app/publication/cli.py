"""Commands of publication."""

from time import monotonic

import click
from flask.cli import AppGroup

from app.publication import service

commands = AppGroup("pages", help="The voters' pages, as files.")


def build_pages() -> str:
    """Write every page that files are needed for, take away the rest, and return how many there are."""
    return f"{service.build_all()} files"


@commands.command("build")
def build() -> None:
    """Write every page that files are needed for, and take away the rest."""
    begun = monotonic()
    click.echo(f"pages: {build_pages()} in {monotonic() - begun:.1f} s")
