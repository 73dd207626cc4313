"""leases, the ledger of lost time, decisions of two people, the incident book."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
ONLY_ADDED = ("leases", "outages", "time_grants", "accepted_late", "incidents")
COUNTS = ("lease_number", "lease_since", "waiting")


def reference(table, column, other):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def protect():
    """Refuse changes of rows that are only ever added, whoever asks (design.md, what never breaks)."""
    for table in ONLY_ADDED:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION only_added()"
            )
            continue
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}: rows are only added'); END"
            )


def upgrade():
    for name in COUNTS:
        op.add_column("attempts", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("attempts", sa.Column("lease_device", sa.String(36), nullable=True))
    op.add_column("attempts", sa.Column("last_seen_at", MOMENT, nullable=True))
    op.add_column(
        "answer_events", sa.Column("is_superseded", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("answer_events", sa.Column("lease", sa.Integer(), nullable=True))
    op.create_table(
        "leases",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("client", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(36), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        reference("leases", "attempt_id", "attempts"),
        sa.PrimaryKeyConstraint("attempt_id", "client", name="pk_leases"),
    )
    op.create_table(
        "outages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("given_seconds", sa.Integer(), nullable=False),
        reference("outages", "attempt_id", "attempts"),
        sa.PrimaryKeyConstraint("id", name="pk_outages"),
    )
    op.create_index("ix_outages_attempt_id", "outages", ["attempt_id"])
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=True),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("content", JSON, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('extra-time', 'sitting-time', 'late-answers', 'accommodation', 'answer-file')",
            name=op.f("ck_decisions_kind"),
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> proposed_by_id", name=op.f("ck_decisions_two_people")
        ),
        sa.CheckConstraint(
            "(approved_by_id IS NULL) = (approved_at IS NULL)", name=op.f("ck_decisions_approved")
        ),
        reference("decisions", "sitting_id", "sittings"),
        reference("decisions", "attempt_id", "attempts"),
        reference("decisions", "person_id", "people"),
        reference("decisions", "proposed_by_id", "people"),
        reference("decisions", "approved_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.UniqueConstraint("public_id", name="uq_decisions_public_id"),
    )
    for column in ("sitting_id", "attempt_id", "person_id"):
        op.create_index(f"ix_decisions_{column}", "decisions", [column])
    op.create_table(
        "time_grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(15), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "cause IN ('accommodation', 'outage', 'decision')", name=op.f("ck_time_grants_cause")
        ),
        reference("time_grants", "attempt_id", "attempts"),
        reference("time_grants", "decision_id", "decisions"),
        sa.PrimaryKeyConstraint("id", name="pk_time_grants"),
    )
    op.create_index("ix_time_grants_attempt_id", "time_grants", ["attempt_id"])
    op.create_table(
        "accepted_late",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        reference("accepted_late", "attempt_id", "attempts"),
        reference("accepted_late", "decision_id", "decisions"),
        sa.PrimaryKeyConstraint("attempt_id", "number", name="pk_accepted_late"),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(15), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "kind IN ('power', 'network', 'disturbance', 'health', 'other')", name=op.f("ck_incidents_kind")
        ),
        reference("incidents", "sitting_id", "sittings"),
        reference("incidents", "attempt_id", "attempts"),
        reference("incidents", "by_id", "people"),
        sa.PrimaryKeyConstraint("id", name="pk_incidents"),
    )
    op.create_index("ix_incidents_sitting_id", "incidents", ["sitting_id"])
    protect()


def downgrade():
    for table in ("incidents", "accepted_late", "time_grants", "decisions", "outages", "leases"):
        op.drop_table(table)
    for name in ("lease", "is_superseded"):
        op.drop_column("answer_events", name)
    for name in (*COUNTS, "lease_device", "last_seen_at"):
        op.drop_column("attempts", name)
