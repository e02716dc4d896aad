"""Finding the venues that papers name, by identifier, else by name, and adding those the catalogue does not have yet."""

from collections.abc import Iterable
from dataclasses import dataclass

from authors.curation.bulk import insert, reserve_ids
from authors.names import fold
from papers.importers.records import Identifier, VenueMention
from papers.importers.saving.context import Saving
from papers.models import Venue, VenueIdentifier
from papers.venues import default_category


@dataclass(slots=True)
class _Known:
    """`pk` is 0 until a new venue is written."""

    pk: int
    category: str | None


class Venues:
    """The venues of one pass: key and default category of each mention."""

    def __init__(self, saving: Saving, categories: set[str]) -> None:
        self._saving, self._categories = saving, categories
        self._found: dict[VenueMention, _Known] = {}
        self._by_identifier: dict[Identifier, _Known] = {}
        self._by_name: dict[str, _Known] = {}
        self._disputed: set[Identifier] = set()

    def __getitem__(self, mention: VenueMention) -> tuple[int, str | None]:
        known = self._found[mention]
        return known.pk, known.category

    def resolve(self, mentions: Iterable[VenueMention]) -> None:
        wanted = list(dict.fromkeys(mentions))
        self._load(wanted)
        missing: list[tuple[VenueMention, _Known]] = []
        learned: list[tuple[_Known, Identifier]] = []
        for mention in wanted:
            found = (self._by_identifier[given] for given in mention.identifiers if given in self._by_identifier)
            known = next(found, None) or self._by_name.get(_key(mention))
            if known is None:
                known = _Known(0, self._guess(mention))
                missing.append((mention, known))
            self._by_name.setdefault(_key(mention), known)
            for given in mention.identifiers:
                if given not in self._by_identifier and given not in self._disputed:
                    self._by_identifier[given] = known
                    learned.append((known, given))
            self._found[mention] = known
        self._add(missing)
        rows = [(known.pk, *given, False) for known, given in learned]
        insert(VenueIdentifier, ["venue", "scheme", "value", "disputed"], rows, remembered=True)

    def _guess(self, mention: VenueMention) -> str | None:
        category = default_category(mention.name)
        return category if category in self._categories else None

    def _load(self, mentions: list[VenueMention]) -> None:
        values = {value for mention in mentions for _, value in mention.identifiers}
        rows = VenueIdentifier.objects.filter(value__among=values).select_related("venue")
        for row in rows:
            if row.disputed:
                self._disputed.add((row.scheme, row.value))
            else:
                self._by_identifier[row.scheme, row.value] = _Known(row.venue_id, row.venue.default_category_id)
        named = Venue.objects.filter(name_key__among={_key(mention) for mention in mentions}).order_by("-pk")
        for key, pk, category in named.values_list("name_key", "pk", "default_category"):
            self._by_name[key] = _Known(pk, category)

    def _add(self, missing: list[tuple[VenueMention, _Known]]) -> None:
        now, rows = self._saving.now, []
        for (mention, known), pk in zip(missing, reserve_ids(Venue, len(missing)), strict=True):
            known.pk = pk
            rows.append((pk, mention.name, _key(mention), mention.type, mention.publisher, known.category, now, now))
        columns = ["id", "name", "name_key", "type", "publisher", "default_category", "created_at", "updated_at"]
        insert(Venue, columns, rows)


def _key(mention: VenueMention) -> str:
    return fold(mention.name)[:400]
