"""What every part of one batch's saving shares."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from json import JSONEncoder
from typing import Any

from authors.curation.bulk import rows_of
from authors.curation.models import ImportProblem, ImportRun, Provenance
from papers.importers.records import Note, Record

_ENCODER = JSONEncoder(sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Incoming:
    """One translated record on its way in; `line` is where it stands in the file."""

    line: int
    record: Record
    source: str
    digest: str

    @property
    def me(self) -> tuple[str, str]:
        """The source's record, as provenance names it."""
        return self.source, (self.record.key or self.digest)[:200]


@dataclass(slots=True)
class Saving:
    """One batch: the run it belongs to, its clock, and what it found out for the report."""

    run: ImportRun
    now: datetime
    state: str = "published"
    problems: list[ImportProblem] = field(default_factory=list)
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0

    @property
    def today(self) -> date:
        return self.now.date()

    def report(self, line: int, notes: Iterable[Note], *, record: str = "", skipped: bool = False) -> None:
        """`skipped`: the record was left out; otherwise something in it was left out, mended or found doubtful."""
        self.problems.extend(
            ImportProblem(
                run=self.run, line=line, record=record[:255], field=note.field[:60], reason=note.reason[:2000], skipped=skipped
            )
            for note in notes
        )


def digest_of(value: Any, *, kind: str, source: str) -> str:
    """The same for the same record of the same source, however its file was written."""
    text = _ENCODER.encode(value)
    return blake2b(f"{kind}:{source}:{text}".encode(), digest_size=16).hexdigest()


def known_digests(digests: Iterable[str]) -> set[str]:
    """Which of `digests` have been taken in before."""
    # The index leaves out rows without a digest, and is used only where the question does so too.
    rows = Provenance.objects.exclude(digest="").values_list("digest")
    return {digest for (digest,) in rows_of(rows.filter(digest__among=list(digests)))}


Owners = dict[str, tuple[str, str]]  # field -> the source's record that gave it


def owners_of(kind: str, record_ids: Iterable[int]) -> dict[int, Owners]:
    """For each record, which source's record each of its fields belongs to; editors' marks win."""
    found: dict[int, Owners] = {}
    rows = Provenance.objects.filter(kind=kind, record_id__among=list(record_ids)).order_by("pk")
    for row in rows:
        owners = found.setdefault(row.record_id, {})
        for name in row.fields:
            if row.source == Provenance.EDITOR or name not in owners:
                owners[name] = (row.source, row.source_key)
    return found


def may_write(name: str, *, current: Any, incoming: Any, owners: Owners, me: tuple[str, str]) -> bool:
    """May `me` give the field `incoming`? Empty fields take anything; others change only by the record that gave them.

    What an editor touched, even to empty it, no import writes.
    """
    if incoming in (None, "", [], ()) or incoming == current:
        return False
    owner = owners.get(name)
    if owner and owner[0] == Provenance.EDITOR:
        return False
    return current in (None, "", [], ()) or owner == me
