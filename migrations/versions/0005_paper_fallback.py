"""answer files, printed papers by seat and their double entry."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def reference(table, column, other):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def protect_files():
    """Refuse changes of rows that are only ever added, whoever asks (design.md, what never breaks)."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER answer_files_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON answer_files "
            "FOR EACH STATEMENT EXECUTE FUNCTION only_added()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER answer_files_no_{act.lower()} BEFORE {act} ON answer_files "
            "BEGIN SELECT RAISE(ABORT, 'answer_files: rows are only added'); END"
        )


def upgrade():
    op.create_table(
        "answer_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("sealed", sa.String(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("faults", JSON, nullable=False),
        sa.Column("numbers", JSON, nullable=False),
        reference("answer_files", "attempt_id", "attempts"),
        reference("answer_files", "by_id", "people"),
        sa.PrimaryKeyConstraint("id", name="pk_answer_files"),
        sa.UniqueConstraint("public_id", name="uq_answer_files_public_id"),
        sa.UniqueConstraint("attempt_id", "sha256", name="uq_answer_files_attempt_id_sha256"),
    )
    op.create_table(
        "seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(7), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("attempt_id", sa.Integer(), nullable=True),
        sa.Column("first_by_id", sa.Integer(), nullable=True),
        sa.Column("second_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "first_by_id IS NULL OR first_by_id <> second_by_id", name=op.f("ck_seats_two_people")
        ),
        sa.CheckConstraint(
            "(attempt_id IS NULL) = (settled_at IS NULL) AND (attempt_id IS NULL) = (person_id IS NULL) "
            "AND (attempt_id IS NULL) = (first_by_id IS NULL) AND (attempt_id IS NULL) = (second_by_id IS NULL)",
            name=op.f("ck_seats_settled"),
        ),
        reference("seats", "sitting_id", "sittings"),
        reference("seats", "paper_id", "papers"),
        reference("seats", "created_by_id", "people"),
        reference("seats", "person_id", "people"),
        reference("seats", "attempt_id", "attempts"),
        reference("seats", "first_by_id", "people"),
        reference("seats", "second_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name="pk_seats"),
        sa.UniqueConstraint("sitting_id", "number", name="uq_seats_sitting_id_number"),
        sa.UniqueConstraint("code", name="uq_seats_code"),
        sa.UniqueConstraint("attempt_id", name="uq_seats_attempt_id"),
    )
    op.create_table(
        "seat_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        reference("seat_entries", "seat_id", "seats"),
        reference("seat_entries", "entered_by_id", "people"),
        reference("seat_entries", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name="pk_seat_entries"),
        sa.UniqueConstraint("seat_id", "entered_by_id", name="uq_seat_entries_seat_id_entered_by_id"),
    )
    protect_files()


def downgrade():
    for table in ("seat_entries", "seats", "answer_files"):
        op.drop_table(table)
