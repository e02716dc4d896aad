#!/bin/sh
# Run a command with DATABASE_URL pointing to a PostgreSQL cluster that is made for it and removed afterwards.
# Usage: tests/with_postgres.sh COMMAND…      Needs PostgreSQL's server programs (Debian: apt install postgresql).
set -eu

bin=$(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb 2>/dev/null || echo /none/initdb)")
[ -x "$bin/initdb" ] || { echo "PostgreSQL's initdb was not found; install the server (Debian: apt install postgresql)." >&2; exit 1; }

folder=$(mktemp -d "${TMPDIR:-/tmp}/bylines-postgres.XXXXXX")
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then # initdb refuses root
  owner=$(id -un postgres 2>/dev/null || echo nobody)
  chown "$owner" "$folder"
  as() { setpriv --reuid="$owner" --regid="$(id -gn "$owner")" --clear-groups -- env HOME="$folder" "$@"; }
fi

finish() {
  as "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

cd "$folder"
as "$bin/initdb" -D "$folder/data" -U bylines -A trust -E UTF8 --locale=C.UTF-8 >"$folder/initdb.log" 2>&1 || { cat "$folder/initdb.log" >&2; exit 1; }
# A crash may lose this cluster, so nothing waits for the disk.
as "$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -w -o "-p $port -k '$folder' -h 127.0.0.1 -F \
  -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=256MB -c max_connections=60" start >/dev/null || { cat "$folder/server.log" >&2; exit 1; }
as "$bin/createdb" -h 127.0.0.1 -p "$port" -U bylines bylines
cd "$OLDPWD"

DATABASE_URL="postgres://bylines@127.0.0.1:$port/bylines" "$@"
