"""first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


# Rows of these tables are only ever added; whoever tries otherwise is refused by the database itself.
ONLY_ADDED = ("audit_events", "answer_events", "item_versions", "stimulus_versions", "blueprint_versions")
# All of a result but its state: once released, a version may only be superseded.
FIXED_BY_RELEASE = (
    "public_id",
    "attempt_id",
    "person_id",
    "kind",
    "number",
    "scores",
    "content_hash",
    "has_passed",
    "reason",
    "computed_at",
    "proposed_by_id",
    "proposed_at",
    "released_by_id",
    "released_at",
)
GENESIS = "0" * 64


def protect():
    op.execute(f"INSERT INTO audit_head (id, sequence, hash) VALUES (1, 0, '{GENESIS}')")
    if op.get_bind().dialect.name == "sqlite":
        for table in ONLY_ADDED:
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table}: rows are only added'); END"
                )
        changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in FIXED_BY_RELEASE)
        for act, when in (("UPDATE", f" AND ({changed})"), ("DELETE", "")):
            op.execute(
                f"CREATE TRIGGER results_no_{act.lower()} BEFORE {act} ON results "
                f"WHEN OLD.released_at IS NOT NULL{when} "
                "BEGIN SELECT RAISE(ABORT, 'results: a released version never changes'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION only_added() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '%: rows are only added', TG_TABLE_NAME; END $$"
    )
    for table in ONLY_ADDED:
        op.execute(
            f"CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION only_added()"
        )
    op.execute(
        "CREATE FUNCTION released_stays() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'results: a released version never changes'; END $$"
    )
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FIXED_BY_RELEASE)
    for act, when in (("UPDATE", f" AND ({changed})"), ("DELETE", "")):
        op.execute(
            f"CREATE TRIGGER results_no_{act.lower()} BEFORE {act} ON results FOR EACH ROW "
            f"WHEN (OLD.released_at IS NOT NULL{when}) EXECUTE FUNCTION released_stays()"
        )


def unprotect():
    if op.get_bind().dialect.name == "sqlite":
        for table in ONLY_ADDED:
            for act in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_no_{act}")
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER results_no_{act}")
        return
    for table in ONLY_ADDED:
        op.execute(f"DROP TRIGGER {table}_only_added ON {table}")
    op.execute("DROP FUNCTION only_added()")
    for act in ("update", "delete"):
        op.execute(f"DROP TRIGGER results_no_{act} ON results")
    op.execute("DROP FUNCTION released_stays()")


def upgrade():
    op.create_table(
        "audit_events",
        sa.Column(
            "sequence",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("roles", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("about", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit_events")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_events_hash")),
    )
    op.create_index(op.f("ix_audit_events_actor_id"), "audit_events", ["actor_id"], unique=False)
    op.create_index(op.f("ix_audit_events_at"), "audit_events", ["at"], unique=False)
    op.create_index(op.f("ix_audit_events_tag"), "audit_events", ["tag"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "blueprint_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blueprint_versions")),
        sa.UniqueConstraint("key", "number", name=op.f("uq_blueprint_versions_key_number")),
    )
    op.create_table(
        "credential_tries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential_tries")),
    )
    op.create_index("ix_credential_tries_key_at", "credential_tries", ["key", "at"], unique=False)
    op.create_table(
        "items",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("type", sa.String(length=30), nullable=False),
        sa.Column("use", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("competency", sa.String(length=20), nullable=False),
        sa.Column("current_version_id", sa.Integer(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["current_version_id"],
            ["item_versions.id"],
            name=op.f("fk_items_current_version_id_item_versions"),
            use_alter=True,
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_items")),
    )
    op.create_index(op.f("ix_items_topic"), "items", ["topic"], unique=False)
    op.create_index(op.f("ix_items_use"), "items", ["use"], unique=False)
    op.create_table(
        "modules",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("summary", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("competencies", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_modules")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(op.f("ix_outbox_due_at"), "outbox", ["due_at"], unique=False)
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("totp_secret", sa.String(), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_people_public_id")),
    )
    op.create_table(
        "places",
        sa.Column("kato", sa.String(length=9), nullable=False),
        sa.Column("parent_kato", sa.String(length=9), nullable=True),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("type_code", sa.String(length=1), nullable=False),
        sa.Column("name_kk", sa.String(), nullable=False),
        sa.Column("name_ru", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column(
            "sort_key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("is_rural", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["parent_kato"], ["places.kato"], name=op.f("fk_places_parent_kato_places")),
        sa.PrimaryKeyConstraint("kato", name=op.f("pk_places")),
    )
    op.create_index("ix_places_parent_kato_sort_key", "places", ["parent_kato", "sort_key"], unique=False)
    op.create_table(
        "stimulus_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stimulus_versions")),
        sa.UniqueConstraint("key", "number", name=op.f("uq_stimulus_versions_key_number")),
    )
    op.create_table(
        "candidacies",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("place_kato", sa.String(length=9), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_candidacies_person_id_people"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["place_kato"], ["places.kato"], name=op.f("fk_candidacies_place_kato_places")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_candidacies")),
    )
    op.create_index(op.f("ix_candidacies_place_kato"), "candidacies", ["place_kato"], unique=False)
    op.create_table(
        "enrolments",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_enrolments_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_enrolments")),
    )
    op.create_table(
        "examiner_districts",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("place_kato", sa.String(length=9), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_examiner_districts_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["place_kato"], ["places.kato"], name=op.f("fk_examiner_districts_place_kato_places")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_examiner_districts")),
    )
    op.create_table(
        "item_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_key", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=30), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("stimulus_version_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["item_key"], ["items.key"], name=op.f("fk_item_versions_item_key_items")),
        sa.ForeignKeyConstraint(
            ["stimulus_version_id"],
            ["stimulus_versions.id"],
            name=op.f("fk_item_versions_stimulus_version_id_stimulus_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_versions")),
        sa.UniqueConstraint("item_key", "content_hash", name=op.f("uq_item_versions_item_key_content_hash")),
        sa.UniqueConstraint("item_key", "number", name=op.f("uq_item_versions_item_key_number")),
    )
    op.create_table(
        "lessons",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("module_key", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("checks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("meta", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["module_key"], ["modules.key"], name=op.f("fk_lessons_module_key_modules")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_lessons")),
    )
    op.create_index(op.f("ix_lessons_module_key"), "lessons", ["module_key"], unique=False)
    op.create_table(
        "listed_candidates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("place_kato", sa.String(length=9), nullable=False),
        sa.Column("election_day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "sort_key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("source_day", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("tied_by_id", sa.Integer(), nullable=True),
        sa.Column("tied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_listed_candidates_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["place_kato"], ["places.kato"], name=op.f("fk_listed_candidates_place_kato_places")
        ),
        sa.ForeignKeyConstraint(
            ["tied_by_id"], ["people.id"], name=op.f("fk_listed_candidates_tied_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed_candidates")),
        sa.UniqueConstraint("person_id", name=op.f("uq_listed_candidates_person_id")),
        sa.UniqueConstraint(
            "place_kato",
            "election_day",
            "name",
            name=op.f("uq_listed_candidates_place_kato_election_day_name"),
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_listed_candidates_public_id")),
    )
    op.create_index(
        op.f("ix_listed_candidates_place_kato"), "listed_candidates", ["place_kato"], unique=False
    )
    op.create_table(
        "login_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reauthenticated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_login_sessions_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
        sa.UniqueConstraint("public_id", name=op.f("uq_login_sessions_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_sessions_token_hash")),
    )
    op.create_index(op.f("ix_login_sessions_person_id"), "login_sessions", ["person_id"], unique=False)
    op.create_table(
        "papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("blueprint_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_by_id", sa.Integer(), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('drawn', 'proposed', 'sealed', 'discarded')", name=op.f("ck_papers_state")
        ),
        sa.CheckConstraint(
            "sealed_by_id IS NULL OR sealed_by_id <> proposed_by_id", name=op.f("ck_papers_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["blueprint_id"],
            ["blueprint_versions.id"],
            name=op.f("fk_papers_blueprint_id_blueprint_versions"),
        ),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["people.id"], name=op.f("fk_papers_drawn_by_id_people")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_papers_proposed_by_id_people")
        ),
        sa.ForeignKeyConstraint(["sealed_by_id"], ["people.id"], name=op.f("fk_papers_sealed_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        sa.UniqueConstraint("public_id", name=op.f("uq_papers_public_id")),
    )
    op.create_index(op.f("ix_papers_blueprint_id"), "papers", ["blueprint_id"], unique=False)
    op.create_table(
        "place_spellings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kato", sa.String(length=9), nullable=False),
        sa.Column(
            "word",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["kato"], ["places.kato"], name=op.f("fk_place_spellings_kato_places"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_spellings")),
    )
    op.create_index(op.f("ix_place_spellings_kato"), "place_spellings", ["kato"], unique=False)
    op.create_index("ix_place_spellings_word", "place_spellings", ["word"], unique=False)
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_recovery_codes_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_person_id"), "recovery_codes", ["person_id"], unique=False)
    op.create_table(
        "requirement_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("rule_key", sa.String(length=60), nullable=False),
        sa.Column("answer", sa.String(length=60), nullable=False),
        sa.Column("rules_version", sa.String(length=10), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_requirement_answers_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement_answers")),
        sa.UniqueConstraint("person_id", "rule_key", name=op.f("uq_requirement_answers_person_id_rule_key")),
    )
    op.create_table(
        "role_grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["granted_by_id"], ["people.id"], name=op.f("fk_role_grants_granted_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_role_grants_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
        sa.UniqueConstraint("person_id", "role", name=op.f("uq_role_grants_person_id_role")),
    )
    op.create_table(
        "sittings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place_kato", sa.String(length=9), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_sittings_window")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["people.id"], name=op.f("fk_sittings_created_by_id_people")
        ),
        sa.ForeignKeyConstraint(["place_kato"], ["places.kato"], name=op.f("fk_sittings_place_kato_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sittings")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sittings_public_id")),
    )
    op.create_index(op.f("ix_sittings_kind"), "sittings", ["kind"], unique=False)
    op.create_table(
        "team_invites",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["people.id"], name=op.f("fk_team_invites_leader_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_invites")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_team_invites_token_hash")),
    )
    op.create_index(op.f("ix_team_invites_leader_id"), "team_invites", ["leader_id"], unique=False)
    op.create_table(
        "team_memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("leader_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["leader_id"],
            ["people.id"],
            name=op.f("fk_team_memberships_leader_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_team_memberships_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_memberships")),
        sa.UniqueConstraint("public_id", name=op.f("uq_team_memberships_public_id")),
    )
    op.create_index(op.f("ix_team_memberships_leader_id"), "team_memberships", ["leader_id"], unique=False)
    op.create_index(
        "uq_team_memberships_one_at_a_time",
        "team_memberships",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('confirm', 'reset')", name=op.f("ck_tokens_purpose")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_tokens_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tokens_token_hash")),
    )
    op.create_index(op.f("ix_tokens_person_id"), "tokens", ["person_id"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("length_seconds", sa.Integer(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extra_seconds", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_by", sa.String(length=10), nullable=True),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("shuffle_seed", sa.String(length=32), nullable=False),
        sa.CheckConstraint("(state = 'open') = (finished_at IS NULL)", name=op.f("ck_attempts_finished")),
        sa.CheckConstraint("state IN ('open', 'finished')", name=op.f("ck_attempts_state")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_attempts_paper_id_papers")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_attempts_person_id_people")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_attempts_sitting_id_sittings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_attempts_public_id")),
    )
    op.create_index(op.f("ix_attempts_sitting_id"), "attempts", ["sitting_id"], unique=False)
    op.create_index("ix_attempts_state_deadline", "attempts", ["state", "deadline"], unique=False)
    op.create_index("uq_attempts_person_sitting", "attempts", ["person_id", "sitting_id"], unique=True)
    op.create_table(
        "check_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("lesson_key", sa.String(length=40), nullable=False),
        sa.Column("check_key", sa.String(length=40), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_key"], ["lessons.key"], name=op.f("fk_check_answers_lesson_key_lessons")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_check_answers_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_answers")),
        sa.UniqueConstraint(
            "person_id",
            "lesson_key",
            "check_key",
            name=op.f("uq_check_answers_person_id_lesson_key_check_key"),
        ),
    )
    op.create_table(
        "lesson_progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("lesson_key", sa.String(length=40), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["lesson_key"], ["lessons.key"], name=op.f("fk_lesson_progress_lesson_key_lessons")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_lesson_progress_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_progress")),
        sa.UniqueConstraint("person_id", "lesson_key", name=op.f("uq_lesson_progress_person_id_lesson_key")),
    )
    op.create_table(
        "paper_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.Column("item_version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_version_id"],
            ["item_versions.id"],
            name=op.f("fk_paper_items_item_version_id_item_versions"),
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_paper_items_paper_id_papers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_items")),
        sa.UniqueConstraint(
            "paper_id", "item_version_id", name=op.f("uq_paper_items_paper_id_item_version_id")
        ),
        sa.UniqueConstraint("paper_id", "position", name=op.f("uq_paper_items_paper_id_position")),
    )
    op.create_index(op.f("ix_paper_items_item_version_id"), "paper_items", ["item_version_id"], unique=False)
    op.create_table(
        "sitting_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_sitting_papers_paper_id_papers")),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_sitting_papers_sitting_id_sittings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_papers")),
        sa.UniqueConstraint("sitting_id", "paper_id", name=op.f("uq_sitting_papers_sitting_id_paper_id")),
    )
    op.create_table(
        "answer_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("client", sa.String(length=36), nullable=False),
        sa.Column("client_sequence", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("is_stale", sa.Boolean(), nullable=False),
        sa.Column("chain_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_answer_events_attempt_id_attempts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_events")),
        sa.UniqueConstraint(
            "attempt_id",
            "client",
            "client_sequence",
            name=op.f("uq_answer_events_attempt_id_client_client_sequence"),
        ),
        sa.UniqueConstraint("attempt_id", "number", name=op.f("uq_answer_events_attempt_id_number")),
    )
    op.create_table(
        "flags",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_flags_attempt_id_attempts")),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("pk_flags")),
    )
    op.create_table(
        "refused_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("client", sa.String(length=36), nullable=False),
        sa.Column("client_sequence", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_refused_answers_attempt_id_attempts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_answers")),
    )
    op.create_index(op.f("ix_refused_answers_attempt_id"), "refused_answers", ["attempt_id"], unique=False)
    op.create_table(
        "results",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("scores", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("has_passed", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('released', 'superseded')) = (released_at IS NOT NULL)",
            name=op.f("ck_results_released"),
        ),
        sa.CheckConstraint(
            "state IN ('provisional', 'proposed', 'released', 'superseded')", name=op.f("ck_results_state")
        ),
        sa.CheckConstraint(
            "released_by_id IS NULL OR released_by_id <> proposed_by_id", name=op.f("ck_results_two_people")
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_results_attempt_id_attempts")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_results_person_id_people")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_results_proposed_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["people.id"], name=op.f("fk_results_released_by_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_results")),
        sa.UniqueConstraint("attempt_id", "number", name=op.f("uq_results_attempt_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_results_public_id")),
    )
    op.create_index(op.f("ix_results_attempt_id"), "results", ["attempt_id"], unique=False)
    op.create_index(op.f("ix_results_person_id"), "results", ["person_id"], unique=False)
    op.create_index(
        "uq_results_one_released",
        "results",
        ["attempt_id"],
        unique=True,
        sqlite_where=sa.text("state = 'released'"),
        postgresql_where=sa.text("state = 'released'"),
    )
    op.create_table(
        "scripts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=14), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('marking', 'adjudication', 'settled')", name=op.f("ck_scripts_state")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_scripts_attempt_id_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scripts")),
        sa.UniqueConstraint("attempt_id", "position", name=op.f("uq_scripts_attempt_id_position")),
    )
    op.create_index(op.f("ix_scripts_attempt_id"), "scripts", ["attempt_id"], unique=False)
    op.create_table(
        "appeals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('open', 'upheld', 'declined')", name=op.f("ck_appeals_state")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_appeals_answered_by_id_people")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_appeals_person_id_people")),
        sa.ForeignKeyConstraint(["result_id"], ["results.id"], name=op.f("fk_appeals_result_id_results")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeals")),
        sa.UniqueConstraint("public_id", name=op.f("uq_appeals_public_id")),
    )
    op.create_index(op.f("ix_appeals_person_id"), "appeals", ["person_id"], unique=False)
    op.create_index(
        "uq_appeals_one_open",
        "appeals",
        ["result_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "certificates",
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("credential", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.String(length=12), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_certificates_person_id_people")),
        sa.ForeignKeyConstraint(
            ["replaced_by"], ["certificates.number"], name=op.f("fk_certificates_replaced_by_certificates")
        ),
        sa.ForeignKeyConstraint(
            ["result_id"], ["results.id"], name=op.f("fk_certificates_result_id_results")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_certificates")),
        sa.UniqueConstraint("result_id", name=op.f("uq_certificates_result_id")),
        sa.UniqueConstraint("sha256", name=op.f("uq_certificates_sha256")),
    )
    op.create_index(op.f("ix_certificates_person_id"), "certificates", ["person_id"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("listed_id", sa.Integer(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_at >= given_at", name=op.f("ck_consents_order")
        ),
        sa.ForeignKeyConstraint(
            ["listed_id"], ["listed_candidates.id"], name=op.f("fk_consents_listed_id_listed_candidates")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_consents_person_id_people")),
        sa.ForeignKeyConstraint(["result_id"], ["results.id"], name=op.f("fk_consents_result_id_results")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("public_id", name=op.f("uq_consents_public_id")),
    )
    op.create_index(op.f("ix_consents_listed_id"), "consents", ["listed_id"], unique=False)
    op.create_index(op.f("ix_consents_person_id"), "consents", ["person_id"], unique=False)
    op.create_index(
        "uq_consents_one_live",
        "consents",
        ["result_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "current_answers",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_current_answers_attempt_id_attempts")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["answer_events.id"], name=op.f("fk_current_answers_event_id_answer_events")
        ),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("pk_current_answers")),
    )
    op.create_table(
        "markings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("script_id", sa.Integer(), nullable=False),
        sa.Column("examiner_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("queue_order", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("wants_second_opinion", sa.Boolean(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("round IN (1, 2, 3)", name=op.f("ck_markings_round")),
        sa.ForeignKeyConstraint(["examiner_id"], ["people.id"], name=op.f("fk_markings_examiner_id_people")),
        sa.ForeignKeyConstraint(["script_id"], ["scripts.id"], name=op.f("fk_markings_script_id_scripts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_markings")),
        sa.UniqueConstraint("code", name=op.f("uq_markings_code")),
        sa.UniqueConstraint("script_id", "examiner_id", name=op.f("uq_markings_script_id_examiner_id")),
        sa.UniqueConstraint("script_id", "round", name=op.f("uq_markings_script_id_round")),
    )
    op.create_index(op.f("ix_markings_examiner_id"), "markings", ["examiner_id"], unique=False)
    op.create_table(
        "marks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("marking_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 0 AND 4", name=op.f("ck_marks_level")),
        sa.ForeignKeyConstraint(
            ["marking_id"], ["markings.id"], name=op.f("fk_marks_marking_id_markings"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks")),
        sa.UniqueConstraint("marking_id", "criterion", name=op.f("uq_marks_marking_id_criterion")),
    )
    if op.get_bind().dialect.name != "sqlite":
        # Items and their versions point at each other: here one side must be tied afterwards.
        op.create_foreign_key(
            "fk_items_current_version_id_item_versions",
            "items",
            "item_versions",
            ["current_version_id"],
            ["id"],
        )

    protect()


def downgrade():
    unprotect()

    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("fk_items_current_version_id_item_versions", "items", type_="foreignkey")
    op.drop_table("marks")
    op.drop_index(op.f("ix_markings_examiner_id"), table_name="markings")
    op.drop_table("markings")
    op.drop_table("current_answers")
    op.drop_index(
        "uq_consents_one_live",
        table_name="consents",
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_index(op.f("ix_consents_person_id"), table_name="consents")
    op.drop_index(op.f("ix_consents_listed_id"), table_name="consents")
    op.drop_table("consents")
    op.drop_index(op.f("ix_certificates_person_id"), table_name="certificates")
    op.drop_table("certificates")
    op.drop_index(
        "uq_appeals_one_open",
        table_name="appeals",
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.drop_index(op.f("ix_appeals_person_id"), table_name="appeals")
    op.drop_table("appeals")
    op.drop_index(op.f("ix_scripts_attempt_id"), table_name="scripts")
    op.drop_table("scripts")
    op.drop_index(
        "uq_results_one_released",
        table_name="results",
        sqlite_where=sa.text("state = 'released'"),
        postgresql_where=sa.text("state = 'released'"),
    )
    op.drop_index(op.f("ix_results_person_id"), table_name="results")
    op.drop_index(op.f("ix_results_attempt_id"), table_name="results")
    op.drop_table("results")
    op.drop_index(op.f("ix_refused_answers_attempt_id"), table_name="refused_answers")
    op.drop_table("refused_answers")
    op.drop_table("flags")
    op.drop_table("answer_events")
    op.drop_table("sitting_papers")
    op.drop_index(op.f("ix_paper_items_item_version_id"), table_name="paper_items")
    op.drop_table("paper_items")
    op.drop_table("lesson_progress")
    op.drop_table("check_answers")
    op.drop_index("uq_attempts_person_sitting", table_name="attempts")
    op.drop_index("ix_attempts_state_deadline", table_name="attempts")
    op.drop_index(op.f("ix_attempts_sitting_id"), table_name="attempts")
    op.drop_table("attempts")
    op.drop_index(op.f("ix_tokens_person_id"), table_name="tokens")
    op.drop_table("tokens")
    op.drop_index(
        "uq_team_memberships_one_at_a_time",
        table_name="team_memberships",
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.drop_index(op.f("ix_team_memberships_leader_id"), table_name="team_memberships")
    op.drop_table("team_memberships")
    op.drop_index(op.f("ix_team_invites_leader_id"), table_name="team_invites")
    op.drop_table("team_invites")
    op.drop_index(op.f("ix_sittings_kind"), table_name="sittings")
    op.drop_table("sittings")
    op.drop_table("role_grants")
    op.drop_table("requirement_answers")
    op.drop_index(op.f("ix_recovery_codes_person_id"), table_name="recovery_codes")
    op.drop_table("recovery_codes")
    op.drop_index("ix_place_spellings_word", table_name="place_spellings")
    op.drop_index(op.f("ix_place_spellings_kato"), table_name="place_spellings")
    op.drop_table("place_spellings")
    op.drop_index(op.f("ix_papers_blueprint_id"), table_name="papers")
    op.drop_table("papers")
    op.drop_index(op.f("ix_login_sessions_person_id"), table_name="login_sessions")
    op.drop_table("login_sessions")
    op.drop_index(op.f("ix_listed_candidates_place_kato"), table_name="listed_candidates")
    op.drop_table("listed_candidates")
    op.drop_index(op.f("ix_lessons_module_key"), table_name="lessons")
    op.drop_table("lessons")
    op.drop_table("item_versions")
    op.drop_table("examiner_districts")
    op.drop_table("enrolments")
    op.drop_index(op.f("ix_candidacies_place_kato"), table_name="candidacies")
    op.drop_table("candidacies")
    op.drop_table("stimulus_versions")
    op.drop_index("ix_places_parent_kato_sort_key", table_name="places")
    op.drop_table("places")
    op.drop_table("people")
    op.drop_index(op.f("ix_outbox_due_at"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("modules")
    op.drop_index(op.f("ix_items_use"), table_name="items")
    op.drop_index(op.f("ix_items_topic"), table_name="items")
    op.drop_table("items")
    op.drop_index("ix_credential_tries_key_at", table_name="credential_tries")
    op.drop_table("credential_tries")
    op.drop_table("blueprint_versions")
    op.drop_table("audit_head")
    op.drop_index(op.f("ix_audit_events_tag"), table_name="audit_events")
    op.drop_index(op.f("ix_audit_events_at"), table_name="audit_events")
    op.drop_index(op.f("ix_audit_events_actor_id"), table_name="audit_events")
    op.drop_table("audit_events")
