#!/bin/sh
# Runs once, when the database container makes its data: Saleor's own role and database.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set password="$DATABASE_PASSWORD" <<'SQL'
CREATE ROLE saleor LOGIN PASSWORD :'password';
CREATE DATABASE saleor OWNER saleor;
SQL
