"""Scores as they are kept: plain JSON, fractions as text, and the hash that people confirm. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from app.core.content import Text
from app.results.scoring import Band, ItemScore, Part, Scores

Json = dict[str, Any]


def written(scores: Scores, rule: Mapping[str, Any]) -> Json:
    """Return the scores and the pass rule they were judged by, as JSON."""
    return {
        "rule": dict(rule),
        "total": _part(scores.total) if scores.total else None,
        "sections": [_part(part) for part in scores.sections],
        "competencies": [_part(part) for part in scores.competencies],
        "items": [_item(item) for item in scores.items],
        "has_passed": scores.has_passed,
    }


def read(content: Mapping[str, Any]) -> Scores:
    """Return the scores that `written` kept."""
    return Scores(
        items=tuple(_read_item(item) for item in content["items"]),
        sections=tuple(_read_part(part) for part in content["sections"]),
        competencies=tuple(_read_part(part) for part in content["competencies"]),
        total=_read_part(content["total"]) if content["total"] else None,
        has_passed=content["has_passed"],
    )


def content_hash(content: Mapping[str, Any]) -> str:
    """Return what tells these scores from any others: SHA-256 of their canonical JSON, in lower-case hex."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def batch_hash(lines: Iterable[tuple[str, int, str]]) -> str:
    """Return the hash over several results, as (public id, version, content hash), in any order."""
    text = "\n".join(f"{public_id} {number} {content}" for public_id, number, content in sorted(lines))
    return hashlib.sha256(text.encode()).hexdigest()


def _part(part: Part) -> Json:
    return {
        "key": part.key,
        "title": part.title.model_dump() if part.title else None,
        "points": str(part.points),
        "most": part.most,
        "floor": None if part.floor is None else str(part.floor),
        "band": part.band,
    }


def _read_part(part: Mapping[str, Any]) -> Part:
    return Part(
        key=part["key"],
        title=Text.model_validate(part["title"]) if part["title"] else None,
        points=Fraction(part["points"]),
        most=part["most"],
        floor=None if part["floor"] is None else Fraction(part["floor"]),
        band=Band(part["band"]) if part["band"] else None,
    )


def _item(item: ItemScore) -> Json:
    return {
        "position": item.position,
        "section": item.section,
        "competency": item.competency,
        "points": str(item.points),
        "most": item.most,
    }


def _read_item(item: Mapping[str, Any]) -> ItemScore:
    return ItemScore(
        position=item["position"],
        section=item["section"],
        competency=item["competency"],
        points=Fraction(item["points"]),
        most=item["most"],
    )
