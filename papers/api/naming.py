"""Which records are meant by ids, ours or those of others, for many at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from authors.curation.models import Redirect
from authors.curation.public_ids import parse_public_id
from authors.identifiers import recognise
from authors.models import AuthorIdentifier, InstitutionIdentifier
from papers.api.clauses import BadClause
from papers.api.parameters import shortened
from papers.models import PaperIdentifier, VenueIdentifier

IDENTIFIERS: dict[str, tuple[Any, str]] = {
    "P": (PaperIdentifier, "paper"),
    "A": (AuthorIdentifier, "author"),
    "I": (InstitutionIdentifier, "institution"),
    "V": (VenueIdentifier, "venue"),
}
EXAMPLES = {
    "P": "doi:10.5555/example", "A": "orcid:0000-0002-1825-0097", "I": "ror:05gq02987", "V": "issn:1234-5679",
}  # fmt: skip
Identifier = tuple[str, str]


def meant_by(letter: str, texts: Sequence[str]) -> dict[str, "int | Identifier | None"]:
    """By text our own key, an identifier of a scheme, or None for what is neither."""
    found: dict[str, int | Identifier | None] = {}
    for text in texts:
        parsed = parse_public_id(text)
        if parsed:
            found[text] = parsed[1] if parsed[0] == letter else None
        else:
            found[text] = recognise(text)
    return found


def keys_of(letter: str, identifiers: Iterable[Identifier]) -> dict[Identifier, int]:
    """The records that have them, the first of each: one query a scheme. Disputed identifiers name nobody."""
    model, owner = IDENTIFIERS[letter]
    by_scheme: dict[str, list[str]] = defaultdict(list)
    for scheme, value in identifiers:
        by_scheme[scheme].append(value)
    found: dict[Identifier, int] = {}
    for scheme, values in by_scheme.items():
        rows = model.objects.filter(scheme=scheme, value__among=values, disputed=False).order_by("-id")
        found |= {(scheme, value): key for value, key in rows.values_list("value", owner)}
    return found


def survivors(letter: str, keys: Iterable[int]) -> dict[int, int]:
    """Of those of `keys` that were merged into others, these others: one query."""
    rows = Redirect.objects.filter(kind=letter, old_id__among=list(keys), target_id__isnull=False)
    return {old: target for old, target in rows.values_list("old_id", "target_id") if target}


def keys_named(letter: str, field: str, texts: Sequence[str]) -> list[int]:
    """Of the records that `texts` name, those of merged ids too; what nobody has is left out. Raises BadClause."""
    meant = meant_by(letter, texts)
    for text, found in meant.items():
        if found is None:
            told = (
                f"“{shortened(text)}” is not an id like {letter}12, nor one of others with its prefix, as {EXAMPLES[letter]}."
            )
            raise BadClause(f"{field}: {told}")
    own = [found for found in meant.values() if isinstance(found, int)]
    moved = survivors(letter, own)
    others = keys_of(letter, [found for found in meant.values() if isinstance(found, tuple)])
    return [*(moved.get(each, each) for each in own), *others.values()]
