#!/bin/sh
# The shop's two roles and its database: `pavilion` owns the tables and runs migrations,
# `pavilion_shop` reads and writes rows. Requests of a brand run as `pavilion_brand`. Runs when the database container makes its data, and by
# hand as often as you like (docs/database-roles.md): what exists stays, passwords are set.
set -eu
psql --set ON_ERROR_STOP=1 --quiet --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set owner_password="$DATABASE_OWNER_PASSWORD" --set shop_password="$DATABASE_PASSWORD" <<'SQL'
SELECT 'CREATE ROLE pavilion LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pavilion')\gexec
SELECT 'CREATE ROLE pavilion_shop LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pavilion_shop')\gexec
SELECT 'CREATE ROLE pavilion_brand NOLOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pavilion_brand')\gexec
GRANT pavilion_brand TO pavilion, pavilion_shop WITH INHERIT FALSE, SET TRUE;
ALTER ROLE pavilion PASSWORD :'owner_password';
ALTER ROLE pavilion_shop NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'shop_password';
SELECT 'CREATE DATABASE pavilion OWNER pavilion' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'pavilion')\gexec
SQL
