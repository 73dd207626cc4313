"""what modules say of themselves, search over lessons, parallel forms, reasons shown in an attempt."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade():
    # The course is loaded anew from its files at every start: what stands here until then is empty.
    op.add_column("modules", sa.Column("about", JSON, nullable=False, server_default="{}"))
    op.create_table(
        "lesson_texts",
        sa.Column("lesson_key", sa.String(40), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("case", JSON, nullable=False),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["lesson_key"], ["lessons.key"], name="fk_lesson_texts_lesson_key_lessons"),
        sa.PrimaryKeyConstraint("lesson_key", "language", name="pk_lesson_texts"),
    )
    op.create_table(
        "loads",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_loads"),
    )
    op.add_column("papers", sa.Column("form", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "shown_reasons",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name="fk_shown_reasons_attempt_id_attempts"),
        sa.PrimaryKeyConstraint("attempt_id", "position", name="pk_shown_reasons"),
    )


def downgrade():
    op.drop_table("shown_reasons")
    op.drop_column("papers", "form")
    op.drop_table("loads")
    op.drop_table("lesson_texts")
    op.drop_column("modules", "about")
