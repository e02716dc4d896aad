"""Finding the venues that papers name, by identifier, else by name, and adding those the catalogue does not have yet."""

from collections.abc import Iterable

from authors.curation.bulk import insert, reserve_ids
from authors.names import fold
from papers.importers.records import Identifier, VenueMention
from papers.importers.saving.context import Saving
from papers.models import Venue, VenueIdentifier
from papers.venues import default_category

Known = tuple[int, str | None]  # a venue's key and its default category


class Venues:
    """The venues of one batch: key and default category of each mention."""

    def __init__(self, saving: Saving, categories: set[str]) -> None:
        self._saving, self._categories = saving, categories
        self._found: dict[VenueMention, Known] = {}

    def __getitem__(self, mention: VenueMention) -> Known:
        return self._found[mention]

    def resolve(self, mentions: Iterable[VenueMention]) -> None:
        wanted = list(dict.fromkeys(mentions))
        by_identifier, by_name = self._load(wanted)
        missing: dict[str, list[VenueMention]] = {}
        new_identifiers: dict[Identifier, VenueMention] = {}
        for mention in wanted:
            key = _key(mention)
            known = next((by_identifier[given] for given in mention.identifiers if given in by_identifier), by_name.get(key))
            for given in mention.identifiers:
                if given not in by_identifier:
                    new_identifiers.setdefault(given, mention)
            if known:
                self._found[mention] = known
            else:
                missing.setdefault(key, []).append(mention)
        self._add(missing)
        insert(
            VenueIdentifier,
            ["venue", "scheme", "value", "disputed"],
            [(self._found[mention][0], *given, False) for given, mention in new_identifiers.items()],
        )

    def _load(self, mentions: list[VenueMention]) -> tuple[dict[Identifier, Known], dict[str, Known]]:
        values = {value for mention in mentions for _, value in mention.identifiers}
        rows = VenueIdentifier.objects.filter(value__in=values, disputed=False).values_list(
            "scheme", "value", "venue", "venue__default_category"
        )
        by_identifier: dict[Identifier, Known] = {(scheme, value): (pk, category) for scheme, value, pk, category in rows}
        named = Venue.objects.filter(name_key__in={_key(mention) for mention in mentions}).order_by("-pk")
        by_name: dict[str, Known] = {
            key: (pk, category) for key, pk, category in named.values_list("name_key", "pk", "default_category")
        }
        return by_identifier, by_name

    def _add(self, missing: dict[str, list[VenueMention]]) -> None:
        now, rows = self._saving.now, []
        for (key, mentions), pk in zip(missing.items(), reserve_ids(Venue, len(missing)), strict=True):
            first = mentions[0]
            category = default_category(first.name)
            category = category if category in self._categories else None
            rows.append((pk, first.name, key, first.type, first.publisher, category, now, now))
            self._found |= dict.fromkeys(mentions, (pk, category))
        columns = ["id", "name", "name_key", "type", "publisher", "default_category", "created_at", "updated_at"]
        insert(Venue, columns, rows)


def _key(mention: VenueMention) -> str:
    return fold(mention.name)[:400]
