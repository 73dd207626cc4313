"""alarms of the clock."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        "clock_alarms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("cause", sa.String(10), nullable=False),
        sa.Column("milliseconds", sa.BigInteger(), nullable=False),
        sa.Column("noticed_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("cause IN ('jump', 'apart')", name="ck_clock_alarms_cause"),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="ck_clock_alarms_closed"),
        sa.ForeignKeyConstraint(["closed_by_id"], ["people.id"], name="fk_clock_alarms_closed_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_clock_alarms"),
    )
    is_on = sa.text("closed_at IS NULL")
    op.create_index(
        "uq_clock_alarms_on",
        "clock_alarms",
        ["is_on"],
        unique=True,
        sqlite_where=is_on,
        postgresql_where=is_on,
    )


def downgrade():
    op.drop_table("clock_alarms")
