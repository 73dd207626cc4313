"""Blueprints in the database: taken in from their files, and the ones to draw by."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import NotYours
from app.exams.blueprints import Blueprint
from app.exams.journal import digest
from app.exams.models import BlueprintVersion


def current_blueprints(session: Session) -> list[BlueprintVersion]:
    """Return the newest version of each blueprint."""
    newest = select(BlueprintVersion.key, func.max(BlueprintVersion.number)).group_by(BlueprintVersion.key)
    numbers = dict(session.execute(newest).all())
    every = session.scalars(select(BlueprintVersion).order_by(BlueprintVersion.kind, BlueprintVersion.key))
    return [version for version in every if version.number == numbers[version.key]]


def current_blueprint(session: Session, key: str) -> BlueprintVersion:
    """Return the newest version of one blueprint.

    Raises:
        NotYours: there is none.
    """
    query = (
        select(BlueprintVersion).where(BlueprintVersion.key == key).order_by(BlueprintVersion.number.desc())
    )
    version = session.scalars(query.limit(1)).first()
    if version is None:
        raise NotYours
    return version


def sync_blueprints(session: Session, files: Mapping[str, Blueprint], now: datetime) -> int:
    """Add a version of each blueprint whose file says something new; return how many were added."""
    known = {version.key: version for version in current_blueprints(session)}
    added = 0
    for key, file in files.items():
        content = file.model_dump(mode="json")
        hash_ = digest(content)
        newest = known.get(key)
        if newest is not None and newest.content_hash == hash_:
            continue
        session.add(
            BlueprintVersion(
                key=key,
                number=newest.number + 1 if newest else 1,
                kind=file.kind,
                content=content,
                content_hash=hash_,
                created_at=now,
            )
        )
        added += 1
    session.flush()
    return added


def read(version: BlueprintVersion) -> Blueprint:
    """Return what a stored version says."""
    return Blueprint.model_validate(version.content)
