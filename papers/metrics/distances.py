"""How far each paper's text lies from earlier ones: computed for what is new or changed, kept for the rest.

A run that was cut off is gone on with by beginning it again: what is stored with the present digest is done.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from scipy import sparse

from authors.curation.bulk import insert, upsert
from papers.metrics.reading import Dates, Numbers, dates_of
from papers.metrics.scoring import encoder as encoding
from papers.metrics.scoring.encoder import Encoder
from papers.metrics.scoring.nearest import ROWS, Nearest, Texts, distances, nearest_earlier
from papers.metrics.scoring.percentiles import Floats, Ints
from papers.metrics.scoring.rules import ENCODER, ENCODER_SETTINGS, LEAST_EARLIER
from papers.metrics.texts import in_parts, texts
from papers.models import NearestEarlier, PaperDistance, TextEncoder

COLUMNS = ["paper", "encoder", "digest", "distance", "earlier", "least", "nearest", "same_text", "computed_at"]
DIGITS = 6  # of a similarity


@dataclass(frozen=True)
class Catalogue:
    """Everything that can be compared, row by row: vectors, dates, and the digest under which a row is done."""

    encoder: TextEncoder
    texts: Texts
    dates: Dates
    digests: list[str]

    @cached_property
    def copies(self) -> dict[int, list[int]]:
        """Rows that say the same word for word, by the number of what they say."""
        found: dict[int, list[int]] = defaultdict(list)
        for row, said in enumerate(self.dates.texts.tolist()):
            found[said].append(row)
        return {said: rows for said, rows in found.items() if len(rows) > 1}

    def same_text(self, row: int) -> list[int]:
        """Papers of the same text whose dates overlap the row's own."""
        begins, ends = self.dates.begins, self.dates.ends
        rows = (other for other in self.copies.get(int(self.dates.texts[row]), []) if other != row)
        return [int(self.dates.papers[other]) for other in rows if begins[other] <= ends[row] and ends[other] >= begins[row]]


@dataclass(frozen=True)
class Progress:
    done: int
    total: int


def encoder_in_use() -> TextEncoder | None:
    return TextEncoder.objects.first()


def fit_encoder() -> TextEncoder:
    """Learn from all texts there are; a new version of the method. Raises TooFewTexts."""
    count = 0

    def counted() -> Iterator[str]:
        nonlocal count
        for text in texts():
            count += 1
            yield text.text

    fitted = encoding.fit(counted())
    about = {"method": ENCODER, "settings": ENCODER_SETTINGS, "texts": count, "content": fitted.as_bytes()}
    return TextEncoder.objects.update_or_create(version=fitted.version, defaults={**about, "fitted_at": timezone.now()})[0]


def update_distances(encoder: TextEncoder) -> Iterator[Progress]:
    """Bring every paper's distance up to date; each step is a transaction of its own."""
    catalogue = read_catalogue(encoder)
    _forget(catalogue)
    rows = _to_do(catalogue)
    total, done = len(rows), 0
    for nearest in nearest_earlier(catalogue.texts, rows):
        _store(catalogue, nearest)
        done += len(nearest.rows)
        yield Progress(done, total)


def read_catalogue(encoder: TextEncoder) -> Catalogue:
    fitted = Encoder.from_bytes(bytes(encoder.content))
    parts: list[sparse.csr_matrix] = []
    facts: list[tuple[int, int, int, int, int]] = []
    digests: list[str] = []
    works, said = Numbers(), Numbers()
    for some in in_parts(texts(), 5_000):
        parts.append(fitted.vectors(text.text for text in some))
        facts += [(text.paper, text.begins, text.ends, works(text.work), said(text.own)) for text in some]
        digests += [text.digest(encoder.version) for text in some]
    dates = dates_of(facts)
    vectors = sparse.csr_matrix(sparse.vstack(parts)) if parts else sparse.csr_matrix((0, 1), dtype=np.float32)
    return Catalogue(encoder, Texts(vectors, dates.begins, dates.ends, dates.works), dates, digests)


# --- what is to be done ----------------------------------------------------------------------------------------------------


def _forget(catalogue: Catalogue) -> None:
    """Papers that can be compared no longer have no distance."""
    stored = set(PaperDistance.objects.values_list("pk", flat=True))
    gone = sorted(stored - set(catalogue.dates.papers.tolist()))
    for some in in_parts(gone, 5_000):
        PaperDistance.objects.filter(pk__among=some).delete()


def _to_do(catalogue: Catalogue) -> Ints:
    """Rows that are new or changed, and those whose nearest papers these were or become."""
    papers = catalogue.dates.papers.tolist()
    stored = {paper: rest for paper, *rest in _stored(catalogue.encoder)}
    fresh = np.array([stored.get(paper, (None,))[0] != catalogue.digests[row] for row, paper in enumerate(papers)], dtype=bool)
    if fresh.all() or not stored:
        return np.flatnonzero(fresh)
    known = set(papers)
    changed = {paper for row, paper in enumerate(papers) if fresh[row] and paper in stored}
    least = np.full(len(papers), np.inf)
    now_earlier = catalogue.texts.earlier(np.arange(len(papers)))
    again = fresh.copy()
    for row, paper in enumerate(papers):
        if fresh[row]:
            continue
        _, earlier, last, nearest = stored[paper]
        least[row] = last
        enough_now = earlier < LEAST_EARLIER <= now_earlier[row]
        again[row] = enough_now or any(pk in changed or pk not in known for pk, _ in nearest)
    return np.flatnonzero(again | _nearer_now(catalogue.texts, np.flatnonzero(fresh), least))


def _stored(encoder: TextEncoder) -> Iterable[tuple[Any, ...]]:
    rows = PaperDistance.objects.filter(encoder=encoder)
    return rows.values_list("pk", "digest", "earlier", "least", "nearest").iterator(5_000)


def _nearer_now(texts: Texts, fresh: Ints, least: Floats) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    """Rows to which one of the fresh papers is earlier and nearer than the last of their ten."""
    found = np.zeros(len(least), dtype=bool)
    for start in range(0, len(fresh), ROWS):
        rows = fresh[start : start + ROWS]
        similar = (texts.vectors[rows] @ texts.vectors.T).toarray()
        similar[texts.ends[rows][:, None] >= texts.begins[None, :]] = -2.0
        similar[texts.works[rows][:, None] == texts.works[None, :]] = -2.0
        found |= (similar > least[None, :] - 10.0**-DIGITS).any(axis=0)
    return found


# --- writing -----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def _store(catalogue: Catalogue, nearest: Nearest) -> None:
    now, found = timezone.now(), distances(nearest).tolist()
    rows = []
    for place, (row, distance) in enumerate(zip(nearest.rows.tolist(), found, strict=True)):
        pairs = zip(nearest.papers[place].tolist(), nearest.similarities[place].tolist(), strict=True)
        listed = [[int(catalogue.dates.papers[other]), round(similarity, DIGITS)] for other, similarity in pairs if other >= 0]
        mean = None if np.isnan(distance) else round(distance, DIGITS)
        least = round(float(nearest.similarities[place].min()), DIGITS)
        rows.append((
            int(catalogue.dates.papers[row]), catalogue.encoder.pk, catalogue.digests[row], mean,
            int(nearest.earlier[place]), least, listed, catalogue.same_text(row), now,
        ))  # fmt: skip
    upsert(PaperDistance, COLUMNS, rows, unique=["paper"])
    _store_pairs({row[0]: row[6] for row in rows})


def _store_pairs(nearest: dict[int, list[list[Any]]]) -> None:
    NearestEarlier.objects.filter(paper__among=list(nearest)).delete()
    pairs = [(paper, other, similarity) for paper, listed in nearest.items() for other, similarity in listed]
    insert(NearestEarlier, ["paper", "earlier", "similarity"], pairs)
