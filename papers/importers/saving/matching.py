"""Which paper of the catalogue a record describes: by a shared identifier if title and first author agree, else by
fingerprint. Identifiers shared by papers that do not agree are disputed: both papers stay, both values are marked.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from authors.curation.bulk import rows_of
from authors.curation.models import Provenance
from papers.fingerprint import agree, same_first_author, title_key
from papers.importers.records import Identifier, PaperRecord
from papers.models import Authorship, Paper, PaperIdentifier


@dataclass(slots=True, eq=False)
class Known:
    """A paper as matching sees it; `pk` is 0 for one that this pass is about to write."""

    pk: int
    title: str
    first_author: str
    rewritten: bool = False  # by an editor: the source's own title or authors are not to be seen here any more

    def may_be(self, record: PaperRecord, identifier: Identifier) -> bool:
        if identifier != record.own_identifier:
            return agree(record.title, record.first_author, self.title, self.first_author)
        # A source's own id names one record, even where it has neither title nor authors or was retitled.
        same_title = self.rewritten or title_key(record.title) == title_key(self.title)
        return same_title or same_first_author(record.first_author, self.first_author)


@dataclass(slots=True)
class Decision:
    """Which paper a record describes, and which of its identifiers stand on another paper too."""

    known: Known
    is_new: bool
    clashes: dict[Identifier, Known]


class Papers:
    """The papers that a batch of records may match, those that it brings included."""

    def __init__(self, records: Sequence[PaperRecord]) -> None:
        self._by_identifier: dict[Identifier, list[Known]] = defaultdict(list)
        self._by_fingerprint: dict[str, Known] = {}
        self._load(records)

    def _load(self, records: Sequence[PaperRecord]) -> None:
        values = {value for record in records for _, value in record.identifiers}
        prints = {record.fingerprint for record in records if record.fingerprint}
        rows = PaperIdentifier.objects.order_by("pk").values_list("scheme", "value", "paper")
        identified = rows_of(rows.filter(value__among=values))
        # The index leaves out papers without a fingerprint, and is used only where the question does so too.
        papers = Paper.objects.exclude(fingerprint="").order_by("-pk").values_list("fingerprint", "pk")
        printed = rows_of(papers.filter(fingerprint__among=prints))
        keys = {pk for *_, pk in identified} | {pk for _, pk in printed}
        first_lines = Authorship.objects.filter(position=1).values_list("paper", "raw_name")
        first = dict(first_lines.filter(paper__among=keys))
        titles = Paper.objects.values_list("pk", "title").filter(pk__among=keys)
        rewritten = _rewritten(keys)
        known = {pk: Known(pk, title, first.get(pk, ""), pk in rewritten) for pk, title in titles}
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

    def decide(self, record: PaperRecord) -> Decision:
        """The record's paper. Later records find it by all that this one says."""
        found = self.find(record)
        known = found or Known(0, record.title, record.first_author)
        clashes = {}
        for identifier in record.identifiers:
            holders = self._by_identifier[identifier]
            if known not in holders:
                if holders:
                    clashes[identifier] = holders[0]
                holders.append(known)
        if record.fingerprint:
            self._by_fingerprint.setdefault(record.fingerprint, known)
        return Decision(known, found is None, clashes)

    def decide_all(self, records: Iterable[PaperRecord]) -> list[Decision]:
        """Decisions for as many of the records, from the first, as describe different papers.

        The next one must wait until the paper it describes is written: so everything happens in file order.
        """
        decided: list[Decision] = []
        seen: set[Known] = set()
        for record in records:
            if self.find(record) in seen:
                break
            decided.append(self.decide(record))
            seen.add(decided[-1].known)
        return decided


def _rewritten(keys: set[int]) -> set[int]:
    marks = Provenance.objects.filter(kind=Paper.letter, source=Provenance.EDITOR, record_id__among=keys)
    return {pk for pk, fields in marks.values_list("record_id", "fields") if not {"title", "authorships"}.isdisjoint(fields)}
