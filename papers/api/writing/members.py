"""What the bodies of changes hold, and what each member says in the columns of the record's table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rest_framework import serializers

from authors.identifiers import SCHEMES
from papers.api.parameters import hint, is_text, shortened
from papers.api.shapes import Shape
from papers.api.writing.author_lines import MOST_AUTHORS, AuthorshipEdit
from papers.api.writing.shapes import REASON
from papers.api.writing.values import OPTIONAL, BadMember, tidied_at
from papers.models import PaperLink
from papers.tables.cells import joined
from papers.tables.kinds import INSTITUTIONS, PAPERS, PEOPLE, Kind

MOST = 500  # values of one list
LARGEST_OF_PAPER = 4_000_000  # bytes: of a list of some thousand authors with their affiliations


@dataclass(frozen=True)
class Member:
    """`column` is the column that it fills; null empties it."""

    column: str = ""

    def columns(self, path: str) -> Iterator[tuple[str, str]]:
        """Each column, and the member that fills it."""
        yield self.column, path

    def texts(self, path: str, value: Any, record: Any) -> dict[str, str]:
        """By column what its cell is to read. Raises BadMember."""
        return {self.column: _text(path, value)}

    def shape(self, name: str, about: str) -> serializers.Field[Any, Any, Any, Any]:
        return serializers.CharField(**OPTIONAL, allow_blank=True, help_text=about)


@dataclass(frozen=True)
class Flag(Member):
    def texts(self, path: str, value: Any, record: Any) -> dict[str, str]:
        if not isinstance(value, bool):
            raise BadMember(path, f"“{path}” is true or false.")
        return {self.column: "yes" if value else "no"}

    def shape(self, name: str, about: str) -> serializers.Field[Any, Any, Any, Any]:
        return serializers.BooleanField(required=False)


@dataclass(frozen=True)
class Several(Member):
    """A list, which takes the place of the one there is."""

    def texts(self, path: str, value: Any, record: Any) -> dict[str, str]:
        return {self.column: joined(_values(path, value))}

    def shape(self, name: str, about: str) -> serializers.Field[Any, Any, Any, Any]:
        return serializers.ListField(child=serializers.CharField(), max_length=MOST, **OPTIONAL, help_text=about)


@dataclass(frozen=True)
class Within(Member):
    """An object; members of it that are not named stay."""

    members: Mapping[str, Member] = field(default_factory=dict)

    def columns(self, path: str) -> Iterator[tuple[str, str]]:
        for name, member in self.members.items():
            yield from member.columns(f"{path}.{name}")

    def texts(self, path: str, value: Any, record: Any) -> dict[str, str]:
        return texts_of(self.members, _object(path, value), record, within=f"{path}.")

    def shape(self, name: str, about: str) -> serializers.Field[Any, Any, Any, Any]:
        parts = {part: member.shape(f"{name}{part.title()}", "") for part, member in self.members.items()}
        shape: type[Shape] = type(f"{name}Edit", (Shape,), {**parts, "__module__": __name__, "__doc__": "Unnamed ones stay."})
        return shape(required=False)


@dataclass(frozen=True)
class Ids(Member):
    """Identifiers by scheme, each a text, a list of texts or null; `own` are the schemes that have columns of their own."""

    own: tuple[str, ...] = ()

    def columns(self, path: str) -> Iterator[tuple[str, str]]:
        yield "identifiers", path
        for scheme in self.own:
            yield scheme, f"{path}.{scheme}"

    def texts(self, path: str, value: Any, record: Any) -> dict[str, str]:
        found, others = {}, {}
        for scheme, given in _object(path, value).items():
            if scheme not in SCHEMES and not scheme.startswith("source:"):
                raise BadMember(shortened(f"{path}.{scheme}"), f"There is no scheme “{shortened(scheme)}”.", SCHEMES)
            values = _values(f"{path}.{scheme}", [given] if isinstance(given, str) else given)
            if scheme in self.own:
                found[scheme] = joined(values)
            else:
                others[scheme] = [f"{scheme}:{value}" for value in values]
        return found | (self._beside(record, others) if others else {})

    def _beside(self, record: Any, others: Mapping[str, list[str]]) -> dict[str, str]:
        """The one column of all other schemes: those not named stay."""
        there = record.identifiers.all() if record.pk else ()
        stay = [f"{row.scheme}:{row.value}" for row in there if row.scheme not in (*self.own, *others)]
        return {"identifiers": joined([*stay, *(value for values in others.values() for value in values)])}

    def shape(self, name: str, about: str) -> serializers.Field[Any, Any, Any, Any]:
        told = "By scheme a value, a list of values, or null to take it off; schemes that are not named stay."
        return serializers.DictField(required=False, help_text=told)


@dataclass(frozen=True)
class ByHand(Member):
    """What has no column: `papers.api.writing.author_lines` reads and writes it."""

    field: Any = None

    def columns(self, path: str) -> Iterator[tuple[str, str]]:
        yield from ()

    def texts(self, path: str, value: Any, record: Any) -> dict[str, str]:
        return {}

    def shape(self, name: str, about: str) -> serializers.Field[Any, Any, Any, Any]:
        made: serializers.Field[Any, Any, Any, Any] = self.field()
        return made


def _author_list() -> Any:
    told = "All of them in order, in the place of those there are; a list as it was read changes nothing."
    return serializers.ListField(child=AuthorshipEdit(), required=False, max_length=MOST_AUTHORS, help_text=told)


def _text(path: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or not is_text(value):
        raise BadMember(path, f"“{path}” is text or null.")
    return tidied_at(path, value)


def _values(path: str, value: Any) -> list[str]:
    given = [] if value is None else value
    if not isinstance(given, list) or not all(isinstance(each, str) and each.strip() and is_text(each) for each in given):
        raise BadMember(path, f"“{path}” is a list of texts.")
    if len(given) > MOST:
        raise BadMember(path, f"“{path}” takes at most {MOST} values.")
    return [tidied_at(path, each) for each in given]


def _object(path: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadMember(path, f"“{path}” is an object.")
    return value


def texts_of(members: Mapping[str, Member], given: Mapping[str, Any], record: Any, within: str = "") -> dict[str, str]:
    """Raises BadMember for the first member that is unknown or cannot be."""
    found: dict[str, str] = {}
    for name, value in given.items():
        if name not in members:
            known = [f"{within}{one}" for one in members]
            path = shortened(f"{within}{name}")
            told = f"There is no member “{path}”.{hint(f'{within}{name}', known)} Valid are: {', '.join(known)}."
            raise BadMember(path, told, known)
        found |= members[name].texts(f"{within}{name}", value, record)
    return found


def _plain(*names: str) -> dict[str, Member]:
    return {name: Member(name) for name in names}


OF_PAPERS: dict[str, Member] = {
    **_plain("title", "abstract", "type"),
    "publication_date": Member("published"),
    "primary_category": Member("primary_category"),
    "categories": Several("categories"),
    "venue": Member("venue"),
    "biblio": Within(members=_plain("volume", "issue", "first_page", "last_page")),
    **_plain("publisher", "track", "acceptance", "award", "language", "licence", "open_access"),
    "keywords": Several("keywords"),
    "ids": Ids(own=("doi", "arxiv", "pmid", "pmcid", "openalex")),
    "links": Within(members={str(kind): Several(str(kind)) for kind in PaperLink.Kind}),
    "authorships": ByHand(field=_author_list),
    "authors_complete": ByHand(field=lambda: serializers.BooleanField(required=False)),
    "has_code": Flag("has_code"),
    "is_retracted": Flag("is_retracted"),
    "retraction": Within(members={"retracted_on": Member("retracted_on"), "notice_url": Member("retraction_notice")}),
}
OF_PEOPLE: dict[str, Member] = {
    "display_name": Member("display_name"),
    "alternative_names": Several("other_names"),
    "ids": Ids(own=("orcid", "openalex")),
    **_plain("homepage", "biography", "visibility"),
}
OF_INSTITUTIONS: dict[str, Member] = {
    "display_name": Member("name"),
    "tag": Member("tag"),
    "alternative_names": Several("aliases"),
    "ids": Ids(own=("ror", "openalex")),
    "country_code": Member("country_code"),
    "city": Member("city"),
    "type": Member("kind"),
    "homepage": Member("homepage"),
    "parent": Member("parent"),
}


@dataclass(frozen=True)
class Editable:
    """What of a kind of record can be changed, under which names."""

    kind: Kind
    members: Mapping[str, Member]
    permission: str
    to_add: str

    def path_of(self, column: str) -> str:
        paths = dict(pair for name, member in self.members.items() for pair in member.columns(name))
        return paths.get(column, column)

    @property
    def main(self) -> str:
        """The member that a new record must have."""
        return self.path_of(self.kind.main.name)

    @property
    def for_new(self) -> Mapping[str, Member]:
        """The members of a record that is added."""
        return {**self.members, "state": Member("state")} if "state" in self.kind.by_name else self.members

    def shape(self) -> type[Shape]:
        """The body of a change, for the schema."""
        about = "What is to change, as a JSON merge patch (RFC 7396): what is not named stays, null empties."
        fields = {**{name: self._fields[name] for name in self.members}, "reason": serializers.CharField(**REASON)}
        return self._made("Edit", fields, about)

    def new_shape(self) -> type[Shape]:
        """The body that a record is made of."""
        alike = serializers.BooleanField(required=False, help_text="Add it though a record here is likely the same.")
        fields = {**self._fields, "though_alike": alike, "reason": serializers.CharField(**REASON)}
        fields[self.main] = serializers.CharField()
        return self._made("NewAsked", fields, "What is known of the new record.")

    @cached_property
    def _fields(self) -> dict[str, Any]:
        """Made once: what stands in both bodies is one shape."""
        members = self.for_new
        helps = {key: self.kind.by_name.get(member.column) for key, member in members.items()}
        told = {key: column.help if column else "" for key, column in helps.items()}
        name = self.kind.model.__name__
        return {key: one.shape(name + key.title().replace("_", ""), told[key]) for key, one in members.items()}

    def _made(self, ending: str, fields: dict[str, Any], about: str) -> type[Shape]:
        name = f"{self.kind.model.__name__}{ending}"
        made: type[Shape] = type(name, (Shape,), {**fields, "__module__": __name__, "__doc__": about})
        return made


PAPER = Editable(PAPERS, OF_PAPERS, "papers.change_paper", "papers.add_paper")
PERSON = Editable(PEOPLE, OF_PEOPLE, "authors.change_author", "authors.add_author")
INSTITUTION = Editable(INSTITUTIONS, OF_INSTITUTIONS, "authors.change_institution", "authors.add_institution")
