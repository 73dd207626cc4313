"""Blueprints, papers, sittings, attempts and the journal of answers."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import AnyJson, Base, Json, JsonList
from app.exams.timing import Timing
from app.items.models import ItemVersion


class BlueprintVersion(Base):
    """One wording of a blueprint file. Never changed; the newest number is what the file says."""

    __tablename__ = "blueprint_versions"
    __table_args__ = (UniqueConstraint("key", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    """suitability, exam or practice."""
    content: Mapped[Json]
    content_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class Paper(Base):
    """A fixed, ordered set of item versions, drawn by a recorded seed, sealed by two people."""

    __tablename__ = "papers"
    __table_args__ = (
        CheckConstraint("state IN ('drawn', 'proposed', 'sealed', 'discarded')", name="state"),
        CheckConstraint("sealed_by_id IS NULL OR sealed_by_id <> proposed_by_id", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    blueprint_id: Mapped[int] = mapped_column(ForeignKey("blueprint_versions.id"), index=True)
    label: Mapped[str] = mapped_column(String(40))
    """What people call it: 2026-1."""
    seed: Mapped[str] = mapped_column(String(64))
    form: Mapped[int] = mapped_column(default=1)
    """Which of the parallel forms of the seed."""
    state: Mapped[str] = mapped_column(String(12))
    content_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 over the ordered content hashes of its item versions: what two people approve."""
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    drawn_at: Mapped[datetime]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime | None]
    sealed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    sealed_at: Mapped[datetime | None]
    custody_id: Mapped[int | None] = mapped_column(ForeignKey("custodies.id"), index=True)
    """What holds the words of its items; none before it is sealed, and where an older release sealed it."""

    blueprint: Mapped[BlueprintVersion] = relationship(lazy="joined", innerjoin=True)
    items: Mapped[list["PaperItem"]] = relationship(back_populates="paper", order_by="PaperItem.position")


class Custody(Base):
    """One key under which the words of the parallel papers of one draw lie, and who can bring it together."""

    __tablename__ = "custodies"
    __table_args__ = (CheckConstraint("needed >= 2 OR kept = 'server'", name="two_people"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    blueprint_id: Mapped[int] = mapped_column(ForeignKey("blueprint_versions.id"), index=True)
    seed: Mapped[str] = mapped_column(String(64))
    kept: Mapped[str] = mapped_column(String(10))
    """shares or server."""
    needed: Mapped[int]
    """How many of the shares bring the key together."""
    key: Mapped[bytes | None]
    """The key, closed under the school's own: from the sealing on where the server keeps it, else from the release."""
    created_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    restored_at: Mapped[datetime | None]
    """The time of its papers is over: the bank has its readable copies again."""

    shares: Mapped[list["PaperShare"]] = relationship(back_populates="custody", order_by="PaperShare.number")


class PaperShare(Base):
    """One share of the key of a custody: shown to one person, once; given back by one person."""

    __tablename__ = "paper_shares"
    __table_args__ = (
        # One person is never two custodians, and never brings two shares.
        UniqueConstraint("custody_id", "holder_id"),
        UniqueConstraint("custody_id", "given_by_id"),
        CheckConstraint("(holder_id IS NULL) = (waiting IS NOT NULL)", name="shown_once"),
        CheckConstraint("given IS NULL OR given_by_id IS NOT NULL", name="given"),
    )

    custody_id: Mapped[int] = mapped_column(ForeignKey("custodies.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the share: tells a wrong one from the right one, and opens nothing."""
    waiting: Mapped[bytes | None]
    """The share, closed under the school's key, until its custodian has taken it."""
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    taken_at: Mapped[datetime | None]
    given: Mapped[bytes | None]
    """The share as its custodian gave it back, closed under the school's key, while it waits for the others."""
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    given_at: Mapped[datetime | None]

    custody: Mapped[Custody] = relationship(back_populates="shares")


class PaperEnvelope(Base):
    """The words of one item version with its stimulus, closed under the key of a custody. Only ever added."""

    __tablename__ = "paper_envelopes"

    custody_id: Mapped[int] = mapped_column(ForeignKey("custodies.id"), primary_key=True)
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), primary_key=True)
    words: Mapped[bytes]


class PaperItem(Base):
    """One item version at its place in a paper."""

    __tablename__ = "paper_items"
    __table_args__ = (
        UniqueConstraint("paper_id", "position"),
        UniqueConstraint("paper_id", "item_version_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"))
    position: Mapped[int]
    """From 1."""
    section: Mapped[str] = mapped_column(String(40))
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"), index=True)

    paper: Mapped[Paper] = relationship(back_populates="items")
    version: Mapped[ItemVersion] = relationship(lazy="joined", innerjoin=True)


class Sitting(Base):
    """When and for whom a set of parallel papers is open."""

    __tablename__ = "sittings"
    __table_args__ = (CheckConstraint("opens_at < closes_at", name="window"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    kind: Mapped[str] = mapped_column(String(20), index=True)
    title: Mapped[str] = mapped_column(String(120))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    place_kato: Mapped[str | None] = mapped_column(ForeignKey("places.kato"))
    """Only for candidates of this place and what lies in it; everyone when empty."""
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]

    papers: Mapped[list["SittingPaper"]] = relationship(
        back_populates="sitting", order_by="SittingPaper.id", lazy="selectin"
    )


class SittingPaper(Base):
    """One of the parallel papers of a sitting."""

    __tablename__ = "sitting_papers"
    __table_args__ = (UniqueConstraint("sitting_id", "paper_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"))
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"))

    sitting: Mapped[Sitting] = relationship(back_populates="papers")
    paper: Mapped[Paper] = relationship(lazy="joined", innerjoin=True)


class Attempt(Base):
    """One person's go at one paper."""

    __tablename__ = "attempts"
    __table_args__ = (
        # A double click or two devices start one attempt, whatever the code thinks.
        Index("uq_attempts_person_sitting", "person_id", "sitting_id", unique=True),
        Index("ix_attempts_state_deadline", "state", "deadline"),
        CheckConstraint("state IN ('open', 'finished')", name="state"),
        CheckConstraint("(state = 'open') = (finished_at IS NULL)", name="finished"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), index=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"))
    state: Mapped[str] = mapped_column(String(10))
    started_at: Mapped[datetime]
    length_seconds: Mapped[int]
    closes_at: Mapped[datetime]
    extra_seconds: Mapped[int] = mapped_column(default=0)
    deadline: Mapped[datetime]
    """Written once at the start from the three before; moved only by a recorded accommodation."""
    finished_at: Mapped[datetime | None]
    finished_by: Mapped[str | None] = mapped_column(String(10))
    """candidate, deadline or paper."""
    event_count: Mapped[int] = mapped_column(default=0)
    head_hash: Mapped[str] = mapped_column(String(64))
    """Hash of the newest event: the journal's chain; frozen at the finish."""
    shuffle_seed: Mapped[str] = mapped_column(String(32))
    """Orders the options for this person."""
    lease_number: Mapped[int] = mapped_column(default=0)
    """Counts the pages that took this attempt over, one after the other; the newest alone writes."""
    lease_since: Mapped[int] = mapped_column(default=0)
    """The first lease of the unbroken run of one device: what it still held from then on counts."""
    lease_device: Mapped[str | None] = mapped_column(String(36))
    last_seen_at: Mapped[datetime | None]
    waiting: Mapped[int] = mapped_column(default=0)
    """How many answers its page said it still held back, when it was last seen."""

    paper: Mapped[Paper] = relationship(lazy="select")
    sitting: Mapped[Sitting] = relationship(lazy="select")

    @property
    def timing(self) -> Timing:
        return Timing(started_at=self.started_at, deadline=self.deadline)


class AnswerEvent(Base):
    """One saved answer. Only ever added, never changed."""

    __tablename__ = "answer_events"
    __table_args__ = (
        UniqueConstraint("attempt_id", "number"),
        UniqueConstraint("attempt_id", "client", "client_sequence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    number: Mapped[int]
    """The server's own count within the attempt, from 1: the order of the chain."""
    client: Mapped[str] = mapped_column(String(36))
    """The browser tab that sent it; `form` where scripts are off."""
    client_sequence: Mapped[int]
    position: Mapped[int]
    body: Mapped[Json | None] = mapped_column(AnyJson)
    """The answer in its item type's form; null when it was cleared."""
    body_hash: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]
    is_late: Mapped[bool] = mapped_column(default=False)
    """Came after the deadline: kept, not scored, until an organiser decides."""
    is_stale: Mapped[bool] = mapped_column(default=False)
    """Came after a newer one of the same client for the same item: kept, not current."""
    is_superseded: Mapped[bool] = mapped_column(default=False)
    """Typed where another page had taken over: kept, not current."""
    lease: Mapped[int | None]
    """The lease under which it was typed; none where there are no scripts."""
    chain_hash: Mapped[str] = mapped_column(String(64))


class RefusedAnswer(Base):
    """A resend that contradicts what was saved under the same number: refused and kept."""

    __tablename__ = "refused_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    client: Mapped[str] = mapped_column(String(36))
    client_sequence: Mapped[int]
    position: Mapped[int]
    body: Mapped[Json | None] = mapped_column(AnyJson)
    received_at: Mapped[datetime]


class CurrentAnswer(Base):
    """The newest counting answer to one item: a projection of the journal, rebuildable at any time."""

    __tablename__ = "current_answers"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("answer_events.id"))
    body: Mapped[Json | None] = mapped_column(AnyJson)


class Flag(Base):
    """An item that the candidate wants to look at again."""

    __tablename__ = "flags"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)


class ShownReason(Base):
    """The reason of an item to learn from was shown: its answer stays as it is."""

    __tablename__ = "shown_reasons"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    shown_at: Mapped[datetime]


class Lease(Base):
    """One page's taking over of an attempt. Only ever added."""

    __tablename__ = "leases"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    client: Mapped[str] = mapped_column(String(36), primary_key=True)
    """The page: it takes once, however often its request comes."""
    number: Mapped[int]
    device: Mapped[str] = mapped_column(String(36))
    taken_at: Mapped[datetime]


class Outage(Base):
    """One stretch without a line between a page and the server: the ledger of lost time. Only ever added."""

    __tablename__ = "outages"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    seconds: Mapped[int]
    """As the page counted it, never more than the server had not heard of it."""
    given_seconds: Mapped[int]
    """Given back by rule."""


class Decision(Base):
    """What one person proposed for a sitting, an attempt or a person, and another approved."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('extra-time', 'sitting-time', 'late-answers', 'accommodation', 'answer-file')",
            name="kind",
        ),
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> proposed_by_id", name="two_people"),
        CheckConstraint("(approved_by_id IS NULL) = (approved_at IS NULL)", name="approved"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    kind: Mapped[str] = mapped_column(String(20))
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sittings.id"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempts.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    content: Mapped[Json]
    content_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of kind, target and content: what the second person approves."""
    reason: Mapped[str]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    approved_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class TimeGrant(Base):
    """Seconds added to one attempt, and why: its deadline is its first one plus all of these. Only ever added."""

    __tablename__ = "time_grants"
    __table_args__ = (CheckConstraint("cause IN ('accommodation', 'outage', 'decision')", name="cause"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    seconds: Mapped[int]
    cause: Mapped[str] = mapped_column(String(15))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decisions.id"))
    given_at: Mapped[datetime]


class AcceptedLate(Base):
    """A late answer that two people decided to count. Only ever added."""

    __tablename__ = "accepted_late"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """Of the answer event."""
    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"))


class ClockAlarm(Base):
    """A time in which the clocks were not trusted: nothing is closed by the clock until an organiser ends it."""

    __tablename__ = "clock_alarms"
    __table_args__ = (
        CheckConstraint("cause IN ('jump', 'apart')", name="cause"),
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed"),
        # Several processes may notice it: one alarm is on at a time.
        Index(
            "uq_clock_alarms_on",
            "is_on",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    is_on: Mapped[bool] = mapped_column(default=True)
    """Always true: what the one alarm without an end is found by."""
    cause: Mapped[str] = mapped_column(String(10))
    milliseconds: Mapped[int] = mapped_column(BigInteger)
    """By how much; forward is more than zero."""
    noticed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Incident(Base):
    """One entry of a sitting's incident book. Only ever added."""

    __tablename__ = "incidents"
    __table_args__ = (
        CheckConstraint("kind IN ('power', 'network', 'disturbance', 'health', 'other')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"), index=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempts.id"))
    kind: Mapped[str] = mapped_column(String(15))
    text: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]


class AnswerFile(Base):
    """A sealed file of answers as it came, and what was found in it. Only ever added."""

    __tablename__ = "answer_files"
    __table_args__ = (UniqueConstraint("attempt_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    received_at: Mapped[datetime]
    sha256: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[str]
    """The file itself."""
    answers: Mapped[int]
    """How many it holds."""
    added: Mapped[int]
    """How many of them the journal did not have yet."""
    faults: Mapped[JsonList]
    """Keys of `file_faults.Fault`."""
    numbers: Mapped[JsonList]
    """Of its answer events that came after the end: what two people may decide to count."""


class Seat(Base):
    """One printed copy of a sitting's paper, and the attempt that two people made of it."""

    __tablename__ = "seats"
    __table_args__ = (
        UniqueConstraint("sitting_id", "number"),
        CheckConstraint("first_by_id IS NULL OR first_by_id <> second_by_id", name="two_people"),
        CheckConstraint(
            "(attempt_id IS NULL) = (settled_at IS NULL) AND (attempt_id IS NULL) = (person_id IS NULL) "
            "AND (attempt_id IS NULL) = (first_by_id IS NULL) AND (attempt_id IS NULL) = (second_by_id IS NULL)",
            name="settled",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"))
    number: Mapped[int]
    """Within the sitting, from 1."""
    code: Mapped[str] = mapped_column(String(7), unique=True)
    """`seats.Code`: what stands on every sheet."""
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempts.id"), unique=True)
    first_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    second_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    settled_at: Mapped[datetime | None]

    paper: Mapped[Paper] = relationship(lazy="joined", innerjoin=True)
    sitting: Mapped[Sitting] = relationship(lazy="joined", innerjoin=True)


class SeatEntry(Base):
    """What one person typed from the sheets of a seat, without seeing what another typed."""

    __tablename__ = "seat_entries"
    __table_args__ = (UniqueConstraint("seat_id", "entered_by_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("seats.id"))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    """Whose sheets they are."""
    answers: Mapped[Json]
    """By position; what was left empty is not among them."""
