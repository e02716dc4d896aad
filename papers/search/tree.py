"""What a search asks for, as a tree. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

TEXT_FIELDS = ("title", "abstract", "names", "venue")
YEAR, CITATIONS, PUBLISHED, NOVELTY, AI_SCORE = "year", "citations", "published", "novelty", "ai_score"


@dataclass(frozen=True)
class Word:
    """A stem somewhere, or in one of TEXT_FIELDS."""

    stem: str
    field: str = ""


@dataclass(frozen=True)
class Phrase:
    """Stems next to each other, function words between them not counted."""

    stems: tuple[str, ...]
    field: str = ""


@dataclass(frozen=True)
class Prefix:
    """The beginning of a word that is still being typed."""

    start: str
    field: str = ""


@dataclass(frozen=True)
class Tag:
    """A fact that a paper has or has not: see papers.search.tags."""

    kind: str
    value: str


@dataclass(frozen=True)
class Between:
    """A number or a day (ISO) from `low` to `high`, both included; None is open. Unknown values never match."""

    column: str
    low: float | str | None = None
    high: float | str | None = None


@dataclass(frozen=True)
class Lookup:
    """Something that the catalogue must be asked for: an identifier, or a name of an institution."""

    kind: str
    value: str


@dataclass(frozen=True)
class And:
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Or:
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Not:
    part: "Node"


@dataclass(frozen=True)
class Everything:
    pass


@dataclass(frozen=True)
class Nothing:
    pass


Node = Word | Phrase | Prefix | Tag | Between | Lookup | And | Or | Not | Everything | Nothing


def all_of(*nodes: Node) -> Node:
    """Every one of `nodes`, flattened."""
    parts: list[Node] = []
    for node in nodes:
        parts += node.parts if isinstance(node, And) else () if isinstance(node, Everything) else (node,)
    if any(isinstance(part, Nothing) for part in parts):
        return Nothing()
    unique = tuple(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else And(unique) if unique else Everything()


def any_of(*nodes: Node) -> Node:
    """One of `nodes` at least, flattened."""
    parts: list[Node] = []
    for node in nodes:
        parts += node.parts if isinstance(node, Or) else () if isinstance(node, Nothing) else (node,)
    if any(isinstance(part, Everything) for part in parts):
        return Everything()
    unique = tuple(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else Or(unique) if unique else Nothing()


def not_of(node: Node) -> Node:
    """What `node` leaves out; twice not is the node itself, however often somebody types it."""
    return node.part if isinstance(node, Not) else Not(node)


def leaves(node: Node) -> Iterator[Node]:
    """Every node without parts, those under a Not as well."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from leaves(part)
    elif isinstance(node, Not):
        yield from leaves(node.part)
    else:
        yield node


def wanted(node: Node) -> Iterator[Node]:
    """The leaves that a match has, or may have: none under a Not."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from wanted(part)
    elif not isinstance(node, Not):
        yield node


def has_text(node: Node) -> bool:
    return any(isinstance(leaf, Word | Phrase | Prefix) for leaf in wanted(node))
