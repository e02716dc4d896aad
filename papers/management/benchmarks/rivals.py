"""What answers without a framework: a WSGI application on the database's driver, and Datasette."""

import os
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.db import connection

PORT, ASKED = 8763, 300


def bare_application(statements: Sequence[tuple[str, Any]], body: bytes) -> Callable[[], bytes]:
    """Asks the database the same, throws the rows away and writes the same JSON."""
    record = orjson.loads(body)
    execute = _on_sqlite() if connection.vendor == "sqlite" else _on_postgresql()
    if connection.vendor == "sqlite":
        statements = [(sql.replace("%s", "?").replace("%%", "%"), params) for sql, params in statements]

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        for sql, params in statements:
            execute(sql, params or ()).fetchall()
        written = orjson.dumps(record)
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(written)))])
        return [written]

    return lambda: b"".join(application({}, lambda *_: None))


def _on_sqlite() -> Callable[[str, Any], Any]:
    opened = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    opened.executescript(str(settings.SQLITE_OPTIONS["init_command"]))
    return opened.execute


def _on_postgresql() -> Callable[[str, Any], Any]:
    import psycopg  # noqa: PLC0415 - SQLite needs none

    about = connection.get_connection_params()
    named = {name: about[name] for name in ("dbname", "user", "password", "host", "port") if about.get(name)}
    opened = psycopg.connect(**named, autocommit=True, cursor_factory=psycopg.ClientCursor)
    return opened.execute


def cpu_of_datasette(program: Path, file: Path, table: str, columns: Sequence[str]) -> float:
    """Milliseconds of the server's CPU for 25 rows in the order of their keys, the newest first, without counts, facets and
    suggestions."""
    wanted = "&".join(f"_col={column}" for column in columns)
    address = f"http://127.0.0.1:{PORT}/{file.stem}/{table}.json"
    address += f"?_size=25&_nocount=1&_nofacet=1&_nosuggest=1&_shape=objects&_sort_desc=id&{wanted}"
    command = [str(program), "serve", str(file), "--port", str(PORT), "--setting", "suggest_facets", "off"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - named by who measures
    try:
        _until_there(address)
        for _ in range(20):
            _read(address)
        before = _cpu(server.pid)
        for _ in range(ASKED):
            _read(address)
        return (_cpu(server.pid) - before) / ASKED * 1000
    finally:
        server.terminate()
        server.wait()


def _until_there(address: str) -> None:
    for _ in range(100):
        try:
            return _read(address)
        except OSError:
            time.sleep(0.2)
    raise OSError(f"Datasette does not answer at {address}")


def _read(address: str) -> None:
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - this machine's own
        answer.read()


def _cpu(process: int) -> float:
    """Seconds, as Linux tells them."""
    told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
