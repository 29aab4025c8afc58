#!/bin/sh
# Run once by the database's container, when its volume is new: the roles that the app and its worker
# sign in with, which own nothing.
set -eu
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set password="$APP_PASSWORD" \
  --set retention_password="$RETENTION_PASSWORD" <<'SQL'
create role loans_app login password :'password';
alter role loans_app set statement_timeout = '15s';
alter role loans_app set lock_timeout = '5s';
alter role loans_app set idle_in_transaction_session_timeout = '15s';
revoke all on database loans from public;
create role loans_retention login password :'retention_password';
grant connect on database loans to loans_app, loans_retention;
SQL
