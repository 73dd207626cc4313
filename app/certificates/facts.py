"""What a certificate says, and its machine-readable twin. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias
from urllib.parse import urlsplit

from app.certificates import wording
from app.certificates.wording import Words

Json: TypeAlias = "str | bool | Sequence[Json] | Mapping[str, Json]"
"""No numbers: they are written differently by different programs, and a signature would not survive it."""

_CONTEXT = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
# Days of the paper begin and end by the clock of the country: one zone, UTC+5, since 1 March 2024.
_DAY_BEGINS = "T00:00:00+05:00"
_DAY_ENDS = "T23:59:59+05:00"


@dataclass(frozen=True)
class Section:
    """A part of the exam with its own floor; in the twin, not on the paper.

    Attributes:
        percent: the score, rounded.
        floor: what had to be reached; None where the blueprint asks nothing.
    """

    name: Words
    percent: int
    floor: int | None


@dataclass(frozen=True)
class Facts:
    """Everything a certificate states; fixed at issue.

    Attributes:
        number: 12 digits.
        holder: the name in its own spelling, the same in every language.
        score_percent: rounded as the result shows it.
        score_of: the top of the scale, 100 for percent.
        margin: lowest and highest score that the measurement allows; None when unknown.
        valid_until: the last day.
        trial: the test has not been tried out on enough people yet.
        address: where the certificate is checked, with its scheme.
        sample: the person is invented.
    """

    number: str
    holder: str
    kind: Literal["exam"]
    score_percent: int
    score_of: int
    margin: tuple[int, int] | None
    pass_mark_percent: int
    sections: tuple[Section, ...]
    exam_day: date
    issued_day: date
    valid_until: date
    test_version: str
    trial: bool
    address: str
    sample: bool


def credential(facts: Facts) -> dict[str, Json]:
    """Return the twin: an Open Badges 3.0 credential in the W3C data model 2.0.

    It is not signed: it has no `proof`, and no status list. Score, margin and sections stand as results, each pointing
    at its description; "trial" and "sample" are tags of the achievement.
    """
    return {
        "@context": list(_CONTEXT),
        "id": facts.address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": wording.TITLE.joined(),
        "description": wording.NO_LEGAL_EFFECT.joined(),
        "issuer": {"id": _origin(facts), "type": ["Profile"], "name": wording.SCHOOL.joined()},
        "validFrom": f"{facts.issued_day}{_DAY_BEGINS}",
        "validUntil": f"{facts.valid_until}{_DAY_ENDS}",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": facts.holder,
                    "identityType": "name",
                }
            ],
            "licenseNumber": facts.number,
            "activityEndDate": f"{facts.exam_day}{_DAY_BEGINS}",
            "achievement": _achievement(facts),
            "result": _results(facts),
        },
    }


def canonical_bytes(document: Json) -> bytes:
    """Return the one way to write `document`: the JSON Canonicalization Scheme, without its rules for numbers.

    Raises:
        TypeError: it holds something other than texts, booleans, lists and objects with ASCII keys.

    Source:
        RFC 8785, sections 3.2.1 to 3.2.4.
    """
    _ensure_plain(document)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _achievement(facts: Facts) -> Json:
    return {
        "id": f"{_origin(facts)}/#{facts.kind}",
        "type": ["Achievement"],
        "achievementType": "Certificate",
        "name": wording.TITLE.joined(),
        "description": wording.STATEMENT.joined(),
        "criteria": {
            "narrative": f"{wording.PASS_MARK.joined()}: {facts.pass_mark_percent} / {facts.score_of}"
        },
        "version": facts.test_version,
        "tag": [tag for tag, applies in (("trial", facts.trial), ("sample", facts.sample)) if applies],
        "resultDescription": _result_descriptions(facts),
    }


def _result_descriptions(facts: Facts) -> Sequence[Json]:
    top = str(facts.score_of)
    found: list[Json] = [_description(facts, "score", wording.SCORE, str(facts.pass_mark_percent), top)]
    if facts.margin:
        found += [
            _description(facts, f"margin-{end}", wording.MARGIN, None, top) for end in ("lowest", "highest")
        ]
    for place, section in enumerate(facts.sections, start=1):
        floor = None if section.floor is None else str(section.floor)
        found.append(_description(facts, f"section-{place}", section.name, floor, "100"))
    return found


def _description(facts: Facts, key: str, name: Words, required: str | None, top: str) -> Json:
    scale: dict[str, Json] = {"valueMin": "0", "valueMax": top}
    if required is not None:
        scale["requiredValue"] = required
    return {
        "id": _result_id(facts, key),
        "type": ["ResultDescription"],
        "name": name.joined(),
        "resultType": "Percent",
        **scale,
    }


def _results(facts: Facts) -> Sequence[Json]:
    values = {"score": facts.score_percent}
    if facts.margin:
        values["margin-lowest"], values["margin-highest"] = facts.margin
    for place, section in enumerate(facts.sections, start=1):
        values[f"section-{place}"] = section.percent
    return [
        {"type": ["Result"], "resultDescription": _result_id(facts, key), "value": str(value)}
        for key, value in values.items()
    ]


def _result_id(facts: Facts, key: str) -> str:
    return f"{_origin(facts)}/#{facts.kind}-{key}"


def _origin(facts: Facts) -> str:
    parts = urlsplit(facts.address)
    return f"{parts.scheme}://{parts.netloc}"


def _ensure_plain(document: object) -> None:
    match document:
        case str() | bool():
            return
        case list() | tuple():
            for part in document:
                _ensure_plain(part)
        case dict():
            for key, part in document.items():
                # Beyond ASCII the scheme sorts keys by UTF-16 units, which Python does not.
                if not (isinstance(key, str) and key.isascii()):
                    message = f"{key!r} cannot be a key of a credential"
                    raise TypeError(message)
                _ensure_plain(part)
        case _:
            message = f"{document!r} cannot stand in a credential"
            raise TypeError(message)
