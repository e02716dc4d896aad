"""What Novelty costs and what it is worth: time, memory, recall, planted texts, and agreement with what others said."""

import random
import resource
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import sparse, stats

from papers.management.benchmarks.timing import table, timed
from papers.metrics.distances import Catalogue, read_catalogue
from papers.metrics.scoring import encoder as encoding
from papers.metrics.scoring.encoder import Encoder
from papers.metrics.scoring.nearest import Texts, distances, nearest_earlier
from papers.metrics.scoring.percentiles import Floats, Ints, mid_ranks
from papers.metrics.scoring.rules import NEAREST
from papers.metrics.texts import texts
from papers.models import Paper, PaperFigure, TextEncoder

SHARES = (0.25, 0.5, 1.0)
LEAST_GROUP = 100  # papers of one venue and year, to ask whether scores and citations agree among them
PLANTED = 200  # texts of each kind
RANKS = {"oral": 3, "spotlight": 2, "poster": 2, "workshop": 1, "reject": 0}  # of acceptance, by what the word begins with


def measure_scores(*, seed: int) -> Iterator[str]:
    """On the catalogue at hand; nothing is written."""
    chance = random.Random(seed)  # noqa: S311 - to draw samples
    fitting, fitted = timed(lambda: encoding.fit(text.text for text in texts()))
    reading, catalogue = timed(lambda: read_catalogue(TextEncoder(version=fitted.version, content=fitted.as_bytes())))
    yield from _costs(catalogue, fitting, reading)
    found = _all_nearest(catalogue.texts)
    yield f"recall@{NEAREST} against a search one by one: {_recall(catalogue.texts, found[1], chance):.3f}"
    yield ""
    yield from _planted(catalogue, fitted, found[0], chance)
    yield ""
    yield from _agreement()


def _costs(catalogue: Catalogue, fitting: float, reading: float) -> Iterator[str]:
    rows: list[list[object]] = []
    total = catalogue.texts.vectors.shape[0]
    for share in SHARES:
        some = _first(catalogue.texts, int(total * share))
        needed, _ = timed(lambda some=some: _all_nearest(some))  # type: ignore[misc]
        rows.append(
            [
                f"{some.vectors.shape[0]:,}",
                f"{needed / 1000:.1f}",
                f"{needed / 1000 / max(some.vectors.shape[0], 1) * 1000:.2f}",
            ]
        )
    yield f"words learnt in {fitting / 1000:.1f} s, texts read and encoded in {reading / 1000:.1f} s"
    yield from table(("papers", "nearest earlier, s", "s a thousand"), rows)
    yield f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"


def _first(texts: Texts, count: int) -> Texts:
    """Those that began first."""
    rows = np.sort(np.argsort(texts.begins, kind="stable")[:count])
    return Texts(sparse.csr_matrix(texts.vectors[rows]), texts.begins[rows], texts.ends[rows], texts.works[rows])


def _all_nearest(texts: Texts) -> tuple[Floats, Ints]:
    """Row by row the distance and the ten nearest."""
    rows = np.arange(texts.vectors.shape[0])
    far, nearest = np.full(len(rows), np.nan), np.full((len(rows), NEAREST), -1)
    for step in nearest_earlier(texts, rows):
        far[step.rows], nearest[step.rows] = distances(step), step.papers
    return far, nearest


def _recall(texts: Texts, nearest: Ints, chance: random.Random) -> float:
    """Over 300 papers: what share of the similarity's exact ten is there; of equally near ones any will do."""
    shares = []
    for row in chance.sample(range(len(nearest)), min(300, len(nearest))):
        similar = np.asarray((texts.vectors @ texts.vectors[row].T).todense()).ravel()
        similar[(texts.ends >= texts.begins[row]) | (texts.works == texts.works[row])] = -1
        exact = np.sort(similar[similar >= 0])[-NEAREST:]
        if len(exact):
            mine = similar[nearest[row][nearest[row] >= 0]]
            shares.append((mine >= exact[0] - 1e-6).sum() / len(exact))
    return float(np.mean(shares)) if shares else float("nan")


# --- planted texts ----------------------------------------------------------------------------------------------------------


def _planted(catalogue: Catalogue, fitted: Encoder, far: Floats, chance: random.Random) -> Iterator[str]:
    """Texts dated as the newest year of the catalogue, ranked among the papers of that year."""
    years = catalogue.texts.ends // 365.2425
    newest = int(stats.mode(years[~np.isnan(far)][-5_000:]).mode) if (~np.isnan(far)).any() else 0
    among = far[(years == newest) & ~np.isnan(far)]
    if len(among) < LEAST_GROUP:
        yield "too few papers for planted texts"
        return
    originals = _texts_before(catalogue, newest, chance)
    rows = []
    for kind, made in _kinds(originals, chance).items():
        similar = (fitted.vectors(made) @ catalogue.texts.vectors[years < newest].T).toarray()
        nearest = np.sort(similar, axis=1)[:, -NEAREST:]
        ranks = mid_ranks(1 - nearest.mean(axis=1).astype(np.float64), among)
        low, middle, high = np.percentile(ranks, [5, 50, 95])
        rows.append([kind, f"{middle:.1f}", f"{low:.1f}", f"{high:.1f}", f"{float((1 - nearest[:, -1]).mean()):.2f}"])
    yield from table(("planted", "Novelty %, median", "5th", "95th", "distance of the nearest one"), rows)


def _texts_before(catalogue: Catalogue, year: int, chance: random.Random) -> list[str]:
    before = catalogue.dates.papers[catalogue.texts.ends // 365.2425 < year].tolist()
    rows = Paper.objects.filter(pk__in=chance.sample(before, min(PLANTED, len(before)))).order_by("pk")
    return [f"{title}\n{abstract}" for title, abstract in rows.values_list("title", "abstract")]


def _kinds(originals: list[str], chance: random.Random) -> dict[str, list[str]]:
    words = " ".join(originals).split()
    titles = [text.partition("\n")[0] for text in originals]
    moved = titles[1:] + titles[:1]
    return {
        "a copied abstract under another title": [
            f"{title}\n{text.partition(chr(10))[2]}" for title, text in zip(moved, originals, strict=True)
        ],
        "a text with its words shuffled": [" ".join(chance.sample(text.split(), len(text.split()))) for text in originals],
        "words drawn at random": [" ".join(chance.choices(words, k=150)) for _ in originals],
    }


# --- what others said -------------------------------------------------------------------------------------------------


def _agreement() -> Iterator[str]:
    """Spearman's ρ within a venue and year, with stored scores: run `compute_scores` before."""
    scored = dict(
        PaperFigure.objects.filter(name="novelty", origin="computed", value__isnull=False).values_list("subject", "value")
    )
    groups: dict[tuple[str, int], list[tuple[float, Any, int | None, str]]] = defaultdict(list)
    columns = ("pk", "venue__name", "year", "acceptance", "cited_by_count", "award")
    rows: Any = Paper.objects.counted().filter(venue__isnull=False).values_list(*columns)
    for pk, venue, year, acceptance, cited, award in rows:
        if (score := scored.get(pk)) is not None:
            groups[venue, year].append((score, _rank(acceptance), cited, award))
    yield from table(("Novelty and …", "groups", "papers", "ρ, median", "lowest", "highest"), _rows(groups))
    yield from _accepted(groups)


def _rank(acceptance: str) -> int | None:
    return next((rank for word, rank in RANKS.items() if acceptance.lower().startswith(word)), None)


def _rows(groups: dict[tuple[str, int], list[tuple[float, Any, int | None, str]]]) -> Iterator[list[object]]:
    def pairs(rows: list[Any], place: int) -> list[tuple[float, float]]:
        return [(row[0], row[place]) for row in rows if row[place] is not None]

    for name, place in (("acceptance (oral, poster, workshop, reject)", 1), ("citations within one venue and year", 2)):
        found = [pairs(rows, place) for rows in groups.values()]
        usable = [group for group in found if len(group) >= LEAST_GROUP and len({value for _, value in group}) > 1]
        rhos = [float(stats.spearmanr(*zip(*group, strict=True)).statistic) for group in usable]
        if rhos:
            count = sum(map(len, usable))
            yield [name, len(rhos), f"{count:,}", f"{np.median(rhos):.3f}", f"{min(rhos):.3f}", f"{max(rhos):.3f}"]
    honoured = [row[0] for rows in groups.values() for row in rows if row[3]]
    if honoured:
        yield [f"award: mean Novelty {np.mean(honoured):.1f}", "", len(honoured), "", "", ""]


def _accepted(groups: dict[tuple[str, int], list[tuple[float, Any, int | None, str]]]) -> Iterator[str]:
    for (venue, year), rows in sorted(groups.items()):
        told = [(row[0], row[1]) for row in rows if row[1] is not None]
        if len(told) >= LEAST_GROUP and len({rank for _, rank in told}) > 1:
            result = stats.spearmanr(*zip(*told, strict=True))
            yield f"{venue} {year}: {len(told):,} papers, ρ = {result.statistic:.3f} (p = {result.pvalue:.2f})"
