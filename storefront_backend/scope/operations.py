"""Migration operations that keep a brand's role to its rows (PostgreSQL row-level security).

https://www.postgresql.org/docs/18/ddl-rowsecurity.html: policies of one role are joined by OR, and
a table with row security and no policy for a role shows that role nothing.
"""

from __future__ import annotations

from django.db.migrations.operations import RunSQL

from storefront_backend.running.cluster import BRAND_ROLE

# Another process may make the same role at the same moment. Who may not make roles is shown how the
# role is made by hand; the embedded database and compose make it beforehand.
_MAKE_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pavilion_brand') THEN
        CREATE ROLE pavilion_brand NOLOGIN NOSUPERUSER NOBYPASSRLS;
    END IF;
    IF NOT pg_has_role(CURRENT_USER, 'pavilion_brand', 'SET') THEN
        EXECUTE format('GRANT pavilion_brand TO %I WITH INHERIT FALSE, SET TRUE', CURRENT_USER);
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'The role pavilion_brand is missing, or % may not act as it', CURRENT_USER
        USING HINT = format('As a superuser: CREATE ROLE pavilion_brand NOLOGIN; GRANT'
            ' pavilion_brand TO %I WITH INHERIT FALSE, SET TRUE;', CURRENT_USER);
END $$
"""
_BRANDS = """
CREATE OR REPLACE FUNCTION pavilion_brands() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT string_to_array(current_setting('pavilion.brands', true), ',')::bigint[] $$
"""


def brand_role() -> list[RunSQL]:
    """The role itself, and the function that says which brands it acts for at the moment.

    Roles are the cluster's, not the database's, so it stays when the migration is undone.
    """
    return [
        RunSQL(_MAKE_ROLE, RunSQL.noop),
        RunSQL(_BRANDS, "DROP FUNCTION pavilion_brands()"),
        RunSQL(
            f"GRANT USAGE ON SCHEMA public TO {BRAND_ROLE};"
            f" GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {BRAND_ROLE};"
            f" ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {BRAND_ROLE}",
            RunSQL.noop,
        ),
    ]


def own_rows(table: str, condition: str) -> RunSQL:
    """A brand sees and changes the rows of `table` that meet `condition`; the shop all of them.

    `condition` is SQL over the table's columns, as `brand_id = ANY (pavilion_brands())`. What it
    reads of other tables goes through their own policies.
    """
    return RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f" CREATE POLICY everything ON {table} USING (true);"
        f" CREATE POLICY own_rows ON {table} AS RESTRICTIVE TO {BRAND_ROLE} USING ({condition});"
        f" GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {BRAND_ROLE}",
        f"REVOKE ALL ON {table} FROM {BRAND_ROLE};"
        f" DROP POLICY own_rows ON {table}; DROP POLICY everything ON {table};"
        f" ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    )


def readable(table: str) -> RunSQL:
    """A table that is the same for everybody: a brand's role may read it."""
    return RunSQL(
        f"GRANT SELECT ON {table} TO {BRAND_ROLE}",
        f"REVOKE ALL ON {table} FROM {BRAND_ROLE}",
    )
