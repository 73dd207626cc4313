"""Commands of the whole house, and what the rooms give to the jobs."""

from collections.abc import Mapping

from flask import Flask

from app.core.jobs import Handler, Periodic

HANDLERS: dict[str, Handler] = {}
"""By kind of outbox row."""
PERIODIC: Mapping[str, Periodic] = {}
"""Tidying acts of every minute; each is safe to run twice."""


def init_app(app: Flask) -> None:
    """Register the rooms' commands."""
