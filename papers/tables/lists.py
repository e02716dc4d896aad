"""Columns whose cell holds several rows of a record: identifiers, links, further categories, names, aliases."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from authors import names
from authors.identifiers import SCHEMES, label_of, normalise, recognise
from authors.models import AuthorName, InstitutionAlias
from papers.models import PaperCategory, PaperLink
from papers.models.paper import CategoryOrigin
from papers.tables.cells import joined, parts
from papers.tables.columns import Claims, Column
from papers.tables.pointing import category_codes

if TYPE_CHECKING:
    from papers.tables.comparing import Cell

Pair = tuple[str, str]  # scheme, value


@dataclass(frozen=True)
class Rows(Column):
    """The values are what tells the rows apart; their order says nothing."""

    relation: str = ""

    @property
    def saved(self) -> Sequence[str]:
        return []

    def rows(self, record: Any) -> Iterator[tuple[str, Any]]:
        """(value, row) of each that belongs in this column."""
        raise NotImplementedError

    def current(self, record: Any) -> list[str]:
        return [value for value, _ in self.rows(record)]

    def shown(self, value: Any) -> str:
        return joined(value)

    def parse(self, text: str, record: Any) -> list[str]:
        return list(dict.fromkeys(self.one(part, record) for part in parts(text)))

    def one(self, text: str, record: Any) -> str:
        """One value as it is kept; ValidationError if it is none."""
        raise NotImplementedError

    def make(self, record: Any, value: str) -> Any:
        """A row that is not saved yet."""
        raise NotImplementedError

    def gone(self, cell: "Cell") -> list[Any]:
        """Rows that the typed cell has no more."""
        return (
            [row for value, row in self.rows(cell.record) if value in cell.was and value not in cell.value] if cell.was else []
        )

    def fresh(self, cell: "Cell") -> list[Any]:
        """Rows for what it has besides, not saved yet."""
        return [self.make(cell.record, value) for value in cell.value if value not in cell.was]

    def put(self, record: Any, value: Any) -> None:
        """Rows are written for many records at once."""


@dataclass(frozen=True)
class Identifiers(Rows):
    """Of one scheme, as bare values; or of all schemes that have `no_column` of their own, as scheme:value."""

    relation: str = "identifiers"
    lock: str = "identifiers"
    scheme: str = ""
    elsewhere: tuple[str, ...] = ()

    def rows(self, record: Any) -> Iterator[tuple[str, Any]]:
        for row in record.identifiers.all():
            if self.scheme and row.scheme == self.scheme:
                yield row.value, row
            elif not self.scheme and row.scheme not in self.elsewhere:
                yield f"{row.scheme}:{row.value}", row

    def one(self, text: str, record: Any) -> str:
        if self.scheme:
            return _normal(self.scheme, text)
        address = recognise(text) if text.lower().startswith(("http://", "https://")) else None
        scheme, value = address or self.pair(text)
        if scheme in self.elsewhere:
            raise ValidationError(f"{label_of(scheme)} has a column of its own: {scheme}.")
        return f"{scheme}:{_normal(scheme, value)}"

    def pair(self, text: str) -> Pair:
        if self.scheme:
            return self.scheme, text
        scheme, _, value = text.partition(":")
        if scheme == "source":
            name, _, value = value.partition(":")
            scheme = f"source:{name}"
        if not value or (scheme not in SCHEMES and not scheme.startswith("source:")):
            raise ValidationError(f"{text!r}: write the scheme, a colon and the value, as in wikidata:Q1.")
        return scheme, value

    def make(self, record: Any, value: str) -> Any:
        relation = record._meta.get_field("identifiers")
        scheme, bare = self.pair(value)
        return relation.related_model(**{relation.field.name: record, "scheme": scheme, "value": bare})

    def check(self, cells: "Sequence[Cell]", claims: Claims) -> None:
        """Whose they are by now, and which row of the table wants them too."""
        wanted = [(cell, self.pair(value)) for cell in cells for value in cell.value if value not in cell.was]
        holders = _holders(cells[0].record, {value for _, (_, value) in wanted}) if wanted else {}
        for cell, pair in wanted:
            other = next((found for found in holders.get(pair, ()) if found.pk != cell.record.pk), None)
            if other is not None:
                cell.problem = f"{other.public_id} ({str(other)[:100]}) has {label_of(pair[0])} {pair[1]}."
            elif claims.setdefault((self.relation, pair), cell.number) != cell.number:
                cell.problem = f"Row {claims[self.relation, pair]} has {label_of(pair[0])} {pair[1]} too."

    def holders(self, cell: "Cell") -> list[Any]:
        """The other records that have an identifier of the cell."""
        wanted = {self.pair(value) for value in cell.value or ()}
        found = _holders(cell.record, {value for _, value in wanted}) if wanted else {}
        return [record for pair in sorted(wanted) for record in found.get(pair, ()) if record.pk != cell.record.pk]


def _normal(scheme: str, text: str) -> str:
    if found := normalise(scheme, text):
        return found
    raise ValidationError(f"{text!r} is not a valid {label_of(scheme)}.")


def _holders(record: Any, values: Iterable[str]) -> dict[Pair, list[Any]]:
    relation = record._meta.get_field("identifiers")
    found: dict[Pair, list[Any]] = {}
    for row in relation.related_model.objects.filter(value__among=sorted(values)).select_related(relation.field.name):
        found.setdefault((row.scheme, row.value), []).append(getattr(row, relation.field.name))
    return found


@dataclass(frozen=True)
class Links(Rows):
    relation: str = "links"
    lock: str = "links"
    kind: str = ""

    def rows(self, record: Any) -> Iterator[tuple[str, Any]]:
        return ((row.url, row) for row in record.links.all() if row.kind == self.kind)

    def one(self, text: str, record: Any) -> str:
        return str(PaperLink._meta.get_field("url").clean(text, None))

    def make(self, record: Any, value: str) -> Any:
        return PaperLink(paper=record, kind=self.kind, url=value)


@dataclass(frozen=True)
class FurtherCategories(Rows):
    relation: str = "further_categories"
    lock: str = "categories"

    def rows(self, record: Any) -> Iterator[tuple[str, Any]]:
        return ((row.category_id, row) for row in sorted(record.further_categories.all(), key=lambda row: row.category_id))

    def one(self, text: str, record: Any) -> str:
        return text

    def check(self, cells: "Sequence[Cell]", claims: Claims) -> None:
        codes = category_codes([cell.value for cell in cells])
        for cell in cells:
            unknown = [code for code in cell.value if code.lower() not in codes]
            if unknown:
                cell.problem = f"There is no category {', '.join(unknown)}."
            cell.value = list(dict.fromkeys(codes[code.lower()] for code in cell.value if code.lower() in codes))

    def make(self, record: Any, value: str) -> Any:
        return PaperCategory(paper=record, category_id=value, origin=CategoryOrigin.EDITOR)


@dataclass(frozen=True)
class Names(Rows):
    """A person's further public names. What a person left behind is no business of a table, neither way."""

    relation: str = "names"
    lock: str = "names"

    def rows(self, record: Any) -> Iterator[tuple[str, Any]]:
        return ((row.name, row) for row in record.names.all() if row.public and row.name != record.display_name)

    def one(self, text: str, record: Any) -> str:
        name = str(AuthorName._meta.get_field("name").clean(" ".join(text.split()), None))
        not_left_behind(name, record)
        return name

    def fresh(self, cell: "Cell") -> list[Any]:
        """A new displayed name is among the person's names already when this is asked."""
        known = {row.name for row in cell.record.names.all()} if cell.was else set()
        return [self.make(cell.record, value) for value in cell.value if value not in known | {cell.record.display_name}]

    def make(self, record: Any, value: str) -> Any:
        keys = {"search_key": names.search_key(value), "short_key": names.short_key(value)}
        return AuthorName(author=record, name=value, **keys)


def not_left_behind(name: str, record: Any) -> None:
    hidden = {row.search_key for row in record.names.all() if not row.public} if record.pk else set()
    if names.search_key(name) in hidden:
        raise ValidationError("This name of the person is not public; whether it is to be, decide on the person's page.")


@dataclass(frozen=True)
class Aliases(Rows):
    relation: str = "aliases"
    lock: str = "aliases"

    def rows(self, record: Any) -> Iterator[tuple[str, Any]]:
        return ((row.name, row) for row in record.aliases.all())

    def one(self, text: str, record: Any) -> str:
        return str(InstitutionAlias._meta.get_field("name").clean(" ".join(text.split()), None))

    def make(self, record: Any, value: str) -> Any:
        return InstitutionAlias(institution=record, name=value, name_key=names.institution_key(value))
