"""The sealed file of answers that leaves a device when nothing else gets through. Pure.

The key of the file: ECDH on P-256 between a key made for this file and the school's own, then SHA-256 over the
shared x and `LABEL`; AES-256-GCM. Whoever knows the school's public key can make a file, so that a file proves
nothing by itself: what counts is the signed receipt it grows from, its chain, its times, and two people.
"""

import json
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from secrets import token_bytes
from typing import Annotated, Any, Literal
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import Field, StringConstraints, ValidationError

from app.core.content import Model, Strict
from app.core.errors import N_, Invalid
from app.exams.incoming import LARGEST, Client, Count, Sent
from app.exams.journal import canonical, digest

LABEL = b"akim-school answer file 1"
LARGEST_FILE = 200 * 1024
MOST_EVENTS = 2000
IV_BYTES = 12

Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=LARGEST_FILE)]


class NotAFile(Invalid):
    """Not of the form that a page of an attempt makes."""

    message = N_(
        "This is not an answer file of the school, or it is not whole. Take the file as the device saved it."
    )


class TooLarge(Invalid):
    """Larger than any page makes it."""

    message = N_("The file is larger than 200 KB. An answer file of the school never is.")


class CannotOpen(Invalid):
    """Sealed for another key, or changed on its way."""

    message = N_("The file cannot be opened: it was changed on its way, or was not made for this school.")


class Base(Strict):
    """The newest receipt that the device had, as the server gave it."""

    attempt: Client | None = None
    number: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{1,10}$")]
    count: Count
    head: Hash
    at: Annotated[str, StringConstraints(max_length=40)]
    signature: Annotated[str, StringConstraints(max_length=100)]


class Typed(Sent):
    """One answer as the device kept it.

    Attributes:
        typed: whole seconds after the last contact; before it when negative.
        chain: of all answers up to this one.
    """

    typed: Annotated[int, Field(ge=-LARGEST, le=LARGEST)]
    chain: Hash


class AnswerFile(Strict):
    """What was sealed.

    Attributes:
        since: whole seconds from the last contact to the making of the file.
        head: of the chain.
    """

    attempt: Client
    device: Client
    base: Base | None
    since: Count
    events: Annotated[list[Typed], Field(max_length=MOST_EVENTS)]
    head: Hash


class Sealed(Strict):
    """The file as it travels."""

    v: Literal[1]
    attempt: Client
    ephemeral: Annotated[Code, StringConstraints(max_length=100)]
    iv: Annotated[Code, StringConstraints(max_length=20)]
    data: Code


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        message = "a name stands twice"
        raise ValueError(message)
    return found


def _no_number(text: str) -> None:
    raise ValueError(text)


def _read(model: type[Model], raw: bytes) -> Model:
    try:
        parsed = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
        return model.model_validate(parsed)
    except (ValidationError, ValueError, RecursionError):
        raise NotAFile from None


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (NotBase64, ValueError):
        raise NotAFile from None


def open_file(raw: bytes, key: EllipticCurvePrivateKey) -> AnswerFile:
    """Return what a sealed file says.

    Raises:
        TooLarge: more than 200 KB.
        NotAFile: not in the form of an answer file, outside or inside.
        CannotOpen: not sealed for this key, or changed.
    """
    if len(raw) > LARGEST_FILE:
        raise TooLarge
    sealed = _read(Sealed, raw)
    iv, data = _decoded(sealed.iv), _decoded(sealed.data)
    if len(iv) != IV_BYTES:
        raise NotAFile
    try:
        point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), _decoded(sealed.ephemeral))
    except ValueError:
        raise NotAFile from None
    try:
        plain = AESGCM(_file_key(key, point)).decrypt(iv, data, None)
    except InvalidTag:
        raise CannotOpen from None
    file = _read(AnswerFile, plain)
    if file.attempt != sealed.attempt:
        raise CannotOpen
    return file


def _file_key(own: EllipticCurvePrivateKey, other: EllipticCurvePublicKey) -> bytes:
    return sha256(own.exchange(ECDH(), other) + LABEL).digest()


def chain_of(attempt: str, base_head: str, events: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Return the hash of the chain before the first of `events` and after each of them (without `chain`)."""
    link = digest({"attempt": attempt, "base": base_head})
    yield link
    for event in events:
        link = sha256(f"{link}\n{canonical(event)}".encode()).hexdigest()
        yield link


def seal_file(
    key: EllipticCurvePublicKey,
    *,
    attempt: UUID,
    device: str,
    base: Mapping[str, Any] | None,
    since: int,
    events: Sequence[Mapping[str, Any]],
) -> bytes:
    """Return the file as a device makes it: the browser's side, for checks of ours.

    Args:
        key: the school's.
        attempt: whose answers they are.
        device: of the page.
        base: the newest receipt of the device, None before the first.
        since: whole seconds since the last contact.
        events: in the order of typing, without their chain.
    """
    start, *links = chain_of(str(attempt), base["head"] if base else "", events)
    plain = {
        "attempt": str(attempt),
        "device": device,
        "base": base,
        "since": since,
        "events": [{**event, "chain": link} for event, link in zip(events, links, strict=True)],
        "head": links[-1] if links else start,
    }
    return seal_plain(key, attempt, canonical(plain).encode())


def seal_plain(key: EllipticCurvePublicKey, attempt: UUID, plain: bytes) -> bytes:
    """Return `plain` sealed for the school as a file of this attempt."""
    ephemeral, iv = generate_private_key(SECP256R1()), token_bytes(IV_BYTES)
    point = ephemeral.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    data = AESGCM(_file_key(ephemeral, key)).encrypt(iv, plain, None)
    parts = {"ephemeral": point, "iv": iv, "data": data}
    coded = {name: b64encode(part).decode() for name, part in parts.items()}
    return canonical({"v": 1, "attempt": str(attempt), **coded}).encode()


class Counting(Strict):
    """What two people decide of a file: by its check sum, and the numbers of its late answers in the journal."""

    file: Hash
    events: Annotated[
        list[Annotated[int, Field(ge=1, le=LARGEST)]], Field(min_length=1, max_length=MOST_EVENTS)
    ]
