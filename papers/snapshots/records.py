"""The records of a snapshot, read from the database: each table once for a batch, whatever the number of records."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate, takewhile
from typing import Any

from papers.snapshots.kinds import Kind
from papers.snapshots.tables import Record, Table

AT_ONCE = 500  # records
MOST_LINES = 20_000  # of authors, unless one paper alone has more


def batches(kind: Kind, rows: Any, after: Any, most: int) -> Iterator[tuple[Any, list[Record]]]:
    """At most `most` records after a key, in the order of keys, a batch at a time with the key that it reached."""
    while most and (keys := _next_keys(kind, rows, after, min(most, AT_ONCE))):
        after, most = keys[-1], most - len(keys)
        yield after, _records(kind.table, rows, keys)


def _next_keys(kind: Kind, rows: Any, after: Any, most: int) -> list[Any]:
    told = ["pk", kind.size] if kind.size else ["pk"]
    found = list(rows.filter(pk__gt=after).order_by("pk").values_list(*told)[:most])
    sizes = accumulate(row[1] if kind.size else 0 for row in found)
    fitting = sum(1 for _ in takewhile(lambda size: size <= MOST_LINES, sizes))
    return [row[0] for row in found[: max(fitting, 1)]]


def _records(table: Table, rows: Any, keys: Sequence[Any]) -> list[Record]:
    records = [record for _, _, record in _read(table, rows.filter(pk__among=list(keys)), "pk")]
    table.tidy(records)
    return records


def _read(table: Table, rows: Any, owner: str) -> list[tuple[Any, Any, Record]]:
    """Of each row whose it is, its key and itself."""
    instead = table.instead()
    told = table.public(rows).annotate(**{f"public_{name}": value for name, value in instead.items()})
    columns = [f"public_{name}" if name in instead else name for name in table.columns]
    forms = [(name, table.forms[name].write) for name in table.columns]
    found = [
        (whose, key, {n: None if v is None else w(v) for (n, w), v in zip(forms, values, strict=True)})
        for whose, key, *values in told.order_by(owner, "pk").values_list(owner, "pk", *columns)
    ]
    for name, part in table.parts.items():
        _attach(name, part, found)
    return found


def _attach(name: str, part: Table, found: list[tuple[Any, Any, Record]]) -> None:
    rows = part.model._base_manager.filter(**{f"{part.owner}__among": [key for _, key, _ in found]})
    hanging = defaultdict(list)
    for whose, _, row in _read(part, rows, part.owner):
        hanging[whose].append(row)
    for _, key, record in found:
        mine = hanging.get(key, [])
        record[name] = (mine[0] if mine else None) if part.single else mine
