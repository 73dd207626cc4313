"""Facts as they are kept: plain JSON, days as ISO texts. Pure."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from app.certificates.facts import Facts, Section
from app.certificates.wording import Words

DAYS = ("exam_day", "issued_day", "valid_until")


def written(facts: Facts) -> dict[str, Any]:
    """Return the facts as JSON."""
    kept = asdict(facts)
    kept.update({name: getattr(facts, name).isoformat() for name in DAYS})
    kept["margin"] = None if facts.margin is None else list(facts.margin)
    kept["sections"] = list(kept["sections"])
    return kept


def read(content: Mapping[str, Any]) -> Facts:
    """Return the facts that `written` kept."""
    days = {name: date.fromisoformat(content[name]) for name in DAYS}
    margin = None if content["margin"] is None else (content["margin"][0], content["margin"][1])
    sections = tuple(
        Section(Words(**section["name"]), section["percent"], section["floor"])
        for section in content["sections"]
    )
    return Facts(**{**content, **days, "margin": margin, "sections": sections})
