"""New records of an import that are likely the same as others: what its preview warns of."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from authors.curation.changes import ChangeSet
from authors.curation.public_ids import LETTERS
from papers.duplicates.following import created_by
from papers.duplicates.scoring.points import LEAST_KEPT, LIKELY
from papers.models import Authorship, LikelyDuplicate
from papers.models.duplicates import MODELS

SHOWN = 100
TOLD_FROM = {"A": LIKELY, "P": LEAST_KEPT, "I": LIKELY}  # the score; of papers nearly every pair in the queue is right


@dataclass(frozen=True)
class Side:
    """One of the two: `key` is None for a record that is new, whose number is not given yet; `on` a paper of a person."""

    name: str
    kind: str
    key: int | None
    on: str = ""

    @property
    def public_id(self) -> str:
        return f"{self.kind}{self.key}" if self.key else ""


@dataclass(frozen=True)
class Doubled:
    """`other` is a record that is here, or another new one."""

    what: str
    new: Side
    other: Side
    score: int
    evidence: list[dict[str, Any]]


def doubled_by(change_set: ChangeSet | None) -> tuple[list[Doubled], int]:
    """The likeliest pairs with a record that the import added, at most SHOWN, and how many there are; a few queries for each
    kind.
    """
    found: list[Doubled] = []
    count = 0
    for kind, keys in created_by(change_set).items() if change_set else ():
        pairs = LikelyDuplicate.objects.concerning(kind, sorted(keys)).filter(score__gte=TOLD_FROM[kind]).standing()
        found += _told(kind, list(pairs.order_by("-score", "pk")[:SHOWN]), keys)
        count += pairs.count()
    return sorted(found, key=lambda one: -one.score)[:SHOWN], count


def _told(kind: str, pairs: list[LikelyDuplicate], created: Collection[int]) -> list[Doubled]:
    wanted = sorted({key for pair in pairs for key in (pair.first_id, pair.second_id)})
    names = {record.pk: str(record) for record in MODELS[kind].objects.filter(pk__among=wanted)}
    papers = _papers_of(wanted) if kind == "A" else {}

    def side(key: int) -> Side:
        return Side(names.get(key, ""), kind, None if key in created else key, papers.get(key, ""))

    # Keys grow: of the two the second is the newer.
    return [
        Doubled(LETTERS[kind], side(pair.second_id), side(pair.first_id), pair.score,
                [point for point in pair.evidence if point["weight"]])
        for pair in pairs
    ]  # fmt: skip


def _papers_of(authors: list[int]) -> dict[int, str]:
    """Of each person the title of one paper, by which an editor knows who it is."""
    lines = Authorship.objects.filter(author__among=authors).order_by("author", "-paper").values_list("author", "paper__title")
    return dict(lines)
