"""The fields of `filter=` for papers, by the names that OpenAlex and this catalogue give them, as search nodes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from authors.countries import country_code
from authors.identifiers import SCHEMES, normalise
from papers.api.clauses import BadClause, Clause, clauses_of
from papers.api.naming import keys_named, keys_of
from papers.api.parameters import hint, shortened
from papers.filters import known_categories
from papers.search import tags
from papers.search.ranges import days_of, limits_of
from papers.search.syntax import LONGEST, author_named, words_in
from papers.search.tree import (
    AI_SCORE,
    CITATIONS,
    NOVELTY,
    PUBLISHED,
    YEAR,
    Between,
    Node,
    Nothing,
    Tag,
    all_of,
    any_of,
    not_of,
)

LETTERS = {"paper": "P", "author": "A", "institution": "I", "venue": "V"}
YES, NO = {"true", "1", "yes"}, {"false", "0", "no"}


@dataclass(frozen=True)
class Field:
    """`read` makes a node of values that have been given together; `about` ends a line of the documentation. Where `null` asks
    for what has no value, `unknown` is that node."""

    read: Callable[[str, Sequence[str]], Node]
    about: str
    unknown: Node | None = None


def node_of(text: str) -> Node:
    """What `filter=` asks for. Raises BadClause."""
    return all_of(*(_node(clause) for clause in clauses_of(text)))


def node_of_clause(key: str, values: Sequence[str], *, negated: bool = False) -> Node:
    """One field alone. Raises BadClause."""
    return _node(Clause(key, tuple(values), negated))


def _node(clause: Clause) -> Node:
    field = FIELDS.get(ALIASES.get(clause.key, clause.key))
    if field is None:
        raise BadClause(
            f"“{clause.key[:60]}” is not a field of papers.{hint(clause.key, NAMES)} Valid are: {', '.join(FIELDS)}."
        )
    if clause.is_null:
        if field.unknown is None:
            nullable = ", ".join(name for name, each in FIELDS.items() if each.unknown)
            raise BadClause(f"{clause.key}: “null” can be asked of {nullable}.")
        return not_of(field.unknown) if clause.negated else field.unknown
    node = field.read(clause.key, clause.values)
    return _without(clause.key, node) if clause.negated else node


def _without(key: str, node: Node) -> Node:
    """All but these. What is left of a range that ends nowhere is the range below it, or above."""
    if not isinstance(node, Between) or node.column == YEAR:
        return not_of(node)
    if (node.low is None) == (node.high is None):
        raise BadClause(f"{key}: only a range open at one end, such as !>100, can be negated; ask for what you want instead.")
    if isinstance(node.low, str) or isinstance(node.high, str):
        raise BadClause(f"{key}: dates cannot be negated; from_publication_date and to_publication_date are each other's rest.")
    return Between(node.column, None, _before(node.low)) if node.low is not None else Between(node.column, _after(node.high))


def _before(number: float) -> float:
    return number - 1 if number == int(number) else number


def _after(number: float | None) -> float:
    return _before(-(number or 0)) * -1


# --- Readers -----------------------------------------------------------------------------------------------------------------


def _in_text(*fields: str) -> Callable[[str, Sequence[str]], Node]:
    def read(key: str, values: Sequence[str]) -> Node:
        if any(len(value) > LONGEST for value in values):
            raise BadClause(f"{key}: at most {LONGEST} characters.")
        return any_of(*(words_in(value, field) for value in values for field in fields))

    return read


def _names(key: str, values: Sequence[str]) -> Node:
    return any_of(*(author_named(value) for value in values))


def _records(kind: str) -> Callable[[str, Sequence[str]], Node]:
    """By our ids, also those of merged records, and by identifiers of others; what nobody has is found nowhere."""

    def read(key: str, values: Sequence[str]) -> Node:
        keys = keys_named(LETTERS[kind], key, values)
        return any_of(*(Tag(kind, str(each)) for each in keys)) if keys else Nothing()

    return read


def _identified(kind: str, scheme: str) -> Callable[[str, Sequence[str]], Node]:
    """By identifiers of one scheme, bare, prefixed or as addresses. Among several, one that cannot be is found nowhere: lists
    of identifiers come from elsewhere."""

    def read(key: str, values: Sequence[str]) -> Node:
        bare = {value: normalise(scheme, value) for value in values}
        if not any(bare.values()):
            raise BadClause(f"{key}: “{shortened(values[0])}” is not an identifier of the scheme {SCHEMES[scheme].label}.")
        keys = keys_of(LETTERS[kind], [(scheme, found) for found in bare.values() if found])
        return any_of(*(Tag(kind, str(each)) for each in keys.values())) if keys else Nothing()

    return read


def _categories(key: str, values: Sequence[str]) -> Node:
    known = known_categories(values)
    wrong = next((value for value in values if value not in known), None)
    if wrong is not None:
        raise BadClause(f"{key}: “{shortened(wrong)}” is not the code of a category, such as cs.CL.")
    return any_of(*(Tag("category", value) for value in values))


def _types(key: str, values: Sequence[str]) -> Node:
    return any_of(*(Tag("type", value) for value in values))


def _countries(key: str, values: Sequence[str]) -> Node:
    codes = {value: country_code(value) for value in values}
    wrong = next((value for value, code in codes.items() if not code), None)
    if wrong is not None:
        raise BadClause(f"{key}: “{shortened(wrong)}” is not a country: two letters such as US.")
    return any_of(*(Tag("country", code) for code in codes.values()))


def _languages(key: str, values: Sequence[str]) -> Node:
    wrong = next((value for value in values if not tags.is_language(value)), None)
    if wrong is not None:
        raise BadClause(f"{key}: “{shortened(wrong)}” is not the code of a language, such as en.")
    return any_of(*(Tag("language", value) for value in values))


def _years(key: str, values: Sequence[str]) -> Node:
    return any_of(*(_range(YEAR, key, value) for value in values))


def _number(column: str) -> Callable[[str, Sequence[str]], Node]:
    return lambda key, values: _range(column, key, _only(key, values))


def _range(column: str, key: str, value: str) -> Between:
    limits = limits_of(value) if len(value) <= 40 else None
    if limits is None:
        raise BadClause(f"{key}: “{shortened(value)}” is neither a number nor a range such as >100, <10 or 10-50.")
    return Between(column, *limits)


def _truth(fact: str) -> Callable[[str, Sequence[str]], Node]:
    def read(key: str, values: Sequence[str]) -> Node:
        said = _only(key, values).lower()
        if said not in YES | NO:
            raise BadClause(f"{key}: “{shortened(said)}” is neither true nor false.")
        return Tag("has", fact) if said in YES else not_of(Tag("has", fact))

    return read


def _dates(*, first: bool, last: bool) -> Callable[[str, Sequence[str]], Node]:
    def read(key: str, values: Sequence[str]) -> Node:
        value = _only(key, values)
        days = days_of(value)
        if days is None:
            raise BadClause(f"{key}: “{shortened(value)}” is not a day like 2021-03-09, a month or a year.")
        return Between(PUBLISHED, days[0] if first else None, days[1] if last else None)

    return read


def _only(key: str, values: Sequence[str]) -> str:
    if len(values) > 1:
        raise BadClause(f"{key}: takes one value or range; write from-to instead of several.")
    return values[0]


# --- The fields --------------------------------------------------------------------------------------------------------------

OWN = "our id, or one of others with its prefix or as an address"
NUMBERS = "`100`, `>100`, `>=100`, `<5`, `10-50`"
FIELDS: dict[str, Field] = {
    "title.search": Field(_in_text("title"), "words in the title"),
    "abstract.search": Field(_in_text("abstract"), "words in the abstract"),
    "title_and_abstract.search": Field(_in_text("title", "abstract"), "words in one of the two"),
    "default.search": Field(_in_text(""), "words anywhere"),
    "raw_author_name.search": Field(_names, "a name, its words in any order"),
    "id": Field(_records("paper"), OWN),
    "doi": Field(_identified("paper", "doi"), "DOIs", not_of(Tag("has", "doi"))),
    "arxiv": Field(_identified("paper", "arxiv"), "arXiv ids"),
    "pmid": Field(_identified("paper", "pmid"), "PubMed ids"),
    "openalex": Field(_identified("paper", "openalex"), "OpenAlex ids"),
    "abstract": Field(_truth("abstract"), "`null` or `!null`, or as has_abstract", not_of(Tag("has", "abstract"))),
    "author": Field(_records("author"), OWN),
    "authorships.author.orcid": Field(_identified("author", "orcid"), "ORCIDs"),
    "institution": Field(_records("institution"), OWN),
    "institutions.ror": Field(_identified("institution", "ror"), "ROR ids"),
    "institutions.country_code": Field(
        _countries, "countries of institutions, two letters such as `US`", not_of(Tag("has", "country"))
    ),
    "venue": Field(_records("venue"), OWN),
    "category": Field(_categories, "codes such as cs.CL, of the primary or a further category"),
    "publication_year": Field(_years, "`2020`, `2019-2023`, `>2019`", not_of(Between(YEAR))),
    "publication_date": Field(_dates(first=True, last=True), "a day, month or year"),
    "from_publication_date": Field(_dates(first=True, last=False), "a day, month or year"),
    "to_publication_date": Field(_dates(first=False, last=True), "a day, month or year"),
    "cited_by_count": Field(
        _number(CITATIONS), NUMBERS, not_of(any_of(*(Tag("citations", str(step)) for step in range(33))))
    ),
    "novelty": Field(_number(NOVELTY), NUMBERS),
    "ai_score": Field(_number(AI_SCORE), NUMBERS),
    "type": Field(_types, "`article`, `preprint` …"),
    "language": Field(_languages, "codes such as `en`; `pt` finds `pt-BR` too", not_of(Tag("has", "language"))),
    "has_code": Field(_truth("code"), "`true` or `false`"),
    "has_abstract": Field(_truth("abstract"), "`true` or `false`"),
    "has_doi": Field(_truth("doi"), "`true` or `false`"),
    "is_retracted": Field(_truth("retracted"), "`true` or `false`"),
}  # fmt: skip
ALIASES: dict[str, str] = {
    **dict.fromkeys(("openalex_id", "ids.id", "ids"), "id"),
    **{f"ids.{scheme}": scheme for scheme in ("doi", "arxiv", "pmid", "openalex")},
    **dict.fromkeys(("authorships.author.id", "author.id", "authors"), "author"),
    **dict.fromkeys(("author.orcid", "orcid"), "authorships.author.orcid"),
    **dict.fromkeys(("authorships.institutions.id", "institutions.id", "institutions"), "institution"),
    **dict.fromkeys(("authorships.institutions.ror", "ror"), "institutions.ror"),
    **dict.fromkeys(
        ("authorships.countries", "authorships.institutions.country_code", "country_code"), "institutions.country_code"
    ),
    **dict.fromkeys(("primary_location.source.id", "locations.source.id", "venue.id", "source"), "venue"),
    **dict.fromkeys(("primary_category", "categories", "primary_topic.id", "topics.id", "primary_category.id"), "category"),
    **dict.fromkeys(("display_name.search", "title"), "title.search"),
    "year": "publication_year",
}
NAMES = [*FIELDS, *ALIASES]
