"""words of items that are not public apart from their versions, encrypted; papers in custody."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
VERSIONS = {
    "item_versions": (
        "id",
        "item_key",
        "number",
        "type",
        "content_hash",
        "stimulus_version_id",
        "created_at",
    ),
    "stimulus_versions": ("id", "key", "number", "content_hash", "created_at"),
}
WORDS = {"item_versions": "body", "stimulus_versions": "text"}


def reference(table, column, other):
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def let_words_go():
    """A version stays as it is, but its words may be taken out of it, to be kept encrypted."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION only_words_go() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN IF to_jsonb(NEW) - 'content' <> to_jsonb(OLD) - 'content' "
            "OR NOT OLD.content @> NEW.content OR NEW.content ?| array['body', 'text'] THEN "
            "RAISE EXCEPTION '%: rows are only added', TG_TABLE_NAME; END IF; RETURN NEW; END $$"
        )
        op.execute(
            "CREATE TRIGGER paper_envelopes_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON paper_envelopes "
            "FOR EACH STATEMENT EXECUTE FUNCTION only_added()"
        )
    else:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER paper_envelopes_no_{act.lower()} BEFORE {act} ON paper_envelopes "
                "BEGIN SELECT RAISE(ABORT, 'paper_envelopes: rows are only added'); END"
            )
    for table, columns in VERSIONS.items():
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {table}_only_added ON {table}")
            op.execute(
                f"CREATE TRIGGER {table}_only_added BEFORE DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION only_added()"
            )
            op.execute(
                f"CREATE TRIGGER {table}_only_words_go BEFORE UPDATE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION only_words_go()"
            )
            continue
        same = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in columns)
        word = WORDS[table]
        op.execute(f"DROP TRIGGER {table}_no_update")
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN NOT ({same} "
            f"AND json_type(OLD.content, '$.{word}') IS NOT NULL AND json_type(NEW.content, '$.{word}') IS NULL) "
            f"BEGIN SELECT RAISE(ABORT, '{table}: rows are only added'); END"
        )


def keep_words():
    """The trigger of the first tables again."""
    for table in VERSIONS:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP TRIGGER {table}_only_words_go ON {table}")
            op.execute(f"DROP TRIGGER {table}_only_added ON {table}")
            op.execute(
                f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION only_added()"
            )
            continue
        op.execute(f"DROP TRIGGER {table}_no_update")
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table}: rows are only added'); END"
        )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION only_words_go()")


def upgrade():
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=True),
        sa.Column("stimulus_version_id", sa.Integer(), nullable=True),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(item_version_id IS NULL) <> (stimulus_version_id IS NULL)", name=op.f("ck_drafts_one_version")
        ),
        reference("drafts", "item_version_id", "item_versions"),
        reference("drafts", "stimulus_version_id", "stimulus_versions"),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sa.UniqueConstraint("item_version_id", name="uq_drafts_item_version_id"),
        sa.UniqueConstraint("stimulus_version_id", name="uq_drafts_stimulus_version_id"),
    )
    op.create_table(
        "custodies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("blueprint_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("kept", sa.String(10), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.Column("restored_at", MOMENT, nullable=True),
        sa.CheckConstraint("needed >= 2 OR kept = 'server'", name=op.f("ck_custodies_two_people")),
        reference("custodies", "blueprint_id", "blueprint_versions"),
        sa.PrimaryKeyConstraint("id", name="pk_custodies"),
        sa.UniqueConstraint("public_id", name="uq_custodies_public_id"),
    )
    op.create_index("ix_custodies_blueprint_id", "custodies", ["blueprint_id"])
    op.create_table(
        "paper_shares",
        sa.Column("custody_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("waiting", sa.LargeBinary(), nullable=True),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.Column("given", sa.LargeBinary(), nullable=True),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("given_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "(holder_id IS NULL) = (waiting IS NOT NULL)", name=op.f("ck_paper_shares_shown_once")
        ),
        sa.CheckConstraint("given IS NULL OR given_by_id IS NOT NULL", name=op.f("ck_paper_shares_given")),
        reference("paper_shares", "custody_id", "custodies"),
        reference("paper_shares", "holder_id", "people"),
        reference("paper_shares", "given_by_id", "people"),
        sa.PrimaryKeyConstraint("custody_id", "number", name="pk_paper_shares"),
        sa.UniqueConstraint("custody_id", "holder_id", name="uq_paper_shares_custody_id_holder_id"),
        sa.UniqueConstraint("custody_id", "given_by_id", name="uq_paper_shares_custody_id_given_by_id"),
    )
    op.create_table(
        "paper_envelopes",
        sa.Column("custody_id", sa.Integer(), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        reference("paper_envelopes", "custody_id", "custodies"),
        reference("paper_envelopes", "item_version_id", "item_versions"),
        sa.PrimaryKeyConstraint("custody_id", "item_version_id", name="pk_paper_envelopes"),
    )
    with op.batch_alter_table("papers") as papers:
        papers.add_column(sa.Column("custody_id", sa.Integer(), nullable=True))
        papers.create_foreign_key("fk_papers_custody_id_custodies", "custodies", ["custody_id"], ["id"])
        papers.create_index("ix_papers_custody_id", ["custody_id"])
    let_words_go()


def downgrade():
    keep_words()
    with op.batch_alter_table("papers") as papers:
        papers.drop_index("ix_papers_custody_id")
        papers.drop_constraint("fk_papers_custody_id_custodies", type_="foreignkey")
        papers.drop_column("custody_id")
    for table in ("paper_envelopes", "paper_shares", "custodies", "drafts"):
        op.drop_table(table)
