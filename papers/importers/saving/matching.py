"""Which paper of the catalogue a record describes: by a shared identifier if title or first author agrees, else by
fingerprint. Identifiers shared by papers that do not agree are disputed: both papers stay, both values are marked.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from papers.fingerprint import agree, title_key
from papers.importers.records import Identifier, PaperRecord
from papers.models import Authorship, Paper, PaperIdentifier


@dataclass(slots=True, eq=False)
class Known:
    """A paper as matching sees it; `pk` is 0 for one that this pass is about to write."""

    pk: int
    title: str
    first_author: str

    def may_be(self, record: PaperRecord, identifier: Identifier) -> bool:
        if agree(record.title, record.first_author, self.title, self.first_author):
            return True
        # A source's own id names one record even where it has neither title nor authors.
        return identifier == record.own_identifier and title_key(record.title) == title_key(self.title)


class Papers:
    """The papers that a pass of records may match."""

    def __init__(self, records: Sequence[PaperRecord]) -> None:
        self._by_identifier: dict[Identifier, list[Known]] = defaultdict(list)
        self._by_fingerprint: dict[str, Known] = {}
        self._load(records)

    def _load(self, records: Sequence[PaperRecord]) -> None:
        values = {value for record in records for _, value in record.identifiers}
        prints = {record.fingerprint for record in records if record.fingerprint}
        identified = list(
            PaperIdentifier.objects.filter(value__in=values).order_by("pk").values_list("scheme", "value", "paper")
        )
        printed = list(Paper.objects.filter(fingerprint__in=prints).order_by("-pk").values_list("fingerprint", "pk"))
        keys = {pk for *_, pk in identified} | {pk for _, pk in printed}
        first = dict(Authorship.objects.filter(paper__in=keys, position=1).values_list("paper", "raw_name"))
        known = {
            pk: Known(pk, title, first.get(pk, ""))
            for pk, title in Paper.objects.filter(pk__in=keys).values_list("pk", "title")
        }
        for scheme, value, pk in identified:
            self._by_identifier[scheme, value].append(known[pk])
        for fingerprint, pk in printed:
            self._by_fingerprint[fingerprint] = known[pk]

    def find(self, record: PaperRecord) -> Known | None:
        for identifier in record.identifiers:
            for known in self._by_identifier.get(identifier, ()):
                if known.may_be(record, identifier):
                    return known
        return self._by_fingerprint.get(record.fingerprint) if record.fingerprint else None

    def holders(self, identifier: Identifier) -> list[Known]:
        """Every paper that already carries the identifier."""
        return self._by_identifier.get(identifier, [])

    def expect(self, record: PaperRecord) -> Known:
        """A paper that will be written for `record`; later records of the pass may match it."""
        known = Known(0, record.title, record.first_author)
        self.claim(known, record.identifiers)
        if record.fingerprint:
            self._by_fingerprint.setdefault(record.fingerprint, known)
        return known

    def claim(self, known: Known, identifiers: Iterable[Identifier]) -> None:
        for identifier in identifiers:
            if known not in self._by_identifier[identifier]:
                self._by_identifier[identifier].append(known)


def split_pass(papers: Papers, records: Sequence[PaperRecord]) -> tuple[list[tuple[int, Known | None]], list[int]]:
    """Decide for each record: (its place, the paper it describes or None for a new one), and which must wait.

    A record waits for the next pass when an earlier one of this pass describes the same paper.
    """
    decided: list[tuple[int, Known | None]] = []
    waiting: list[int] = []
    seen: set[Known] = set()
    for place, record in enumerate(records):
        known = papers.find(record)
        if known is not None and (known.pk == 0 or known in seen):
            waiting.append(place)
            continue
        if known is None:
            papers.expect(record)
        else:
            seen.add(known)
        decided.append((place, known))
    return decided, waiting
