"""How far made papers resemble those they were made from."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, QuerySet
from django.db.models.functions import Length

from papers.models import Authorship, Paper, PaperInstitution
from papers.querysets import PaperQuerySet
from papers.sampling.source import MANY, made_papers, source_papers
from papers.sampling.texts import words

WORDS, PLACES = 50, 20  # the commonest words, and the largest institutions and venues
TEXTS = 20_000  # papers whose words are counted, evenly over all
QUANTILES = (50, 90, 99)
SHOWN = 9  # figures of a group that are all shown
COMMON = 0.01  # years and categories below this share of the papers are left out
Value = float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure of both; shares run from 0 to 1."""

    group: str
    what: str
    source: Value
    sample: Value

    @property
    def ratio(self) -> Value:
        return self.sample / self.source if self.source and self.sample is not None else None


def compare() -> list[Comparison]:
    """Every figure of the papers that made ones stem from, beside that of the made ones."""
    source, sample = source_papers().order_by(), made_papers().order_by()
    return [
        *_both("authors per paper", source, sample, _authors),
        *_both("papers per author", source, sample, _papers_per_author),
        *_both("citations", source, sample, _citations),
        *_both("papers", source, sample, _papers),
        *_leading("words", source, sample, _words, WORDS),
        *_leading("institutions", source, sample, _institutions, PLACES),
        *_leading("venues", source, sample, lambda papers: _shares(papers, "venue__name"), PLACES),
        *_common("years", source, sample, "year"),
        *_common("categories", source, sample, "primary_category"),
        *_common("precision of dates", source, sample, "date_precision"),
    ]


def farthest(comparisons: Iterable[Comparison]) -> list[Comparison]:
    """Of every group with many figures the one whose ratio is farthest from one; of the others all."""
    groups: dict[str, list[Comparison]] = {}
    for comparison in comparisons:
        groups.setdefault(comparison.group, []).append(comparison)
    found = []
    for rows in groups.values():
        known = [row for row in rows if row.ratio is not None]
        found += [max(known, key=lambda row: abs((row.ratio or 0) - 1))] if len(rows) > SHOWN else rows
    return found


def _both(group: str, source: PaperQuerySet, sample: PaperQuerySet, figures: Any) -> Iterator[Comparison]:
    theirs = figures(sample)
    for what, value in figures(source).items():
        yield Comparison(group, what, value, theirs.get(what))


def _leading(group: str, source: PaperQuerySet, sample: PaperQuerySet, shares: Any, at_most: int) -> Iterator[Comparison]:
    ours, theirs = shares(source), shares(sample)
    for what in sorted(ours, key=lambda key: (-ours[key], key))[:at_most]:
        yield Comparison(group, what, ours[what], theirs.get(what, 0))


def _common(group: str, source: PaperQuerySet, sample: PaperQuerySet, field: str) -> Iterator[Comparison]:
    ours, theirs = _shares(source, field), _shares(sample, field)
    yield from (Comparison(group, what, ours[what], theirs.get(what, 0)) for what in sorted(ours) if ours[what] >= COMMON)


def _shares(papers: PaperQuerySet, field: str) -> dict[str, float]:
    rows = papers.values_list(field).annotate(count=Count("pk"))
    found = {str(value) or "none": count for value, count in rows if value is not None}
    total = papers.count() or 1
    return {value: count / total for value, count in found.items()}


def _institutions(papers: PaperQuerySet) -> dict[str, float]:
    rows = PaperInstitution.objects.filter(paper__in=papers).order_by().values_list("institution__tag")
    total = papers.count() or 1
    return {tag: count / total for tag, count in rows.annotate(count=Count("pk"))}


def _words(papers: PaperQuerySet) -> dict[str, float]:
    keys = list(papers.order_by("pk").values_list("pk", flat=True))
    keys = keys[:: -(-len(keys) // TEXTS) or 1]
    texts = Paper.objects.filter(pk__among=keys).order_by().values_list("title", "abstract").iterator()
    counts = Counter(word for title, abstract in texts for word in words(f"{title} {abstract}"))
    return {word: count / len(keys) for word, count in counts.items()}


def _authors(papers: PaperQuerySet) -> dict[str, Value]:
    return _distribution(_histogram(papers, "authors_count"))


def _citations(papers: PaperQuerySet) -> dict[str, Value]:
    return _distribution(_histogram(papers.filter(cited_by_count__isnull=False), "cited_by_count"))


def _papers_per_author(papers: PaperQuerySet) -> dict[str, Value]:
    written = Authorship.objects.filter(paper__in=papers, author__isnull=False).order_by().values_list("author")
    histogram = Counter(count for _, count in written.annotate(count=Count("pk")).iterator())
    people = histogram.total() or 1
    shares: dict[str, Value] = {f"people with {number}": histogram[number] / people for number in (1, 2, 3)}
    shares[f"people with {MANY} or more"] = sum(histogram[number] for number in histogram if number >= MANY) / people
    return shares | _distribution(histogram)


def _papers(papers: PaperQuerySet) -> dict[str, Value]:
    total = papers.count() or 1
    return {
        "with code": papers.filter(has_code=True).count() / total,
        "with abstract": papers.exclude(abstract="").count() / total,
        "with known citations": papers.filter(cited_by_count__isnull=False).count() / total,
        "length of abstract": papers.aggregate(mean=Avg(Length("abstract")))["mean"],
    }


def _histogram(rows: QuerySet[Any], field: str) -> Counter[int]:
    return Counter(dict(rows.order_by().values_list(field).annotate(count=Count("pk"))))


def _distribution(histogram: Counter[int]) -> dict[str, Value]:
    """Mean, quantiles and maximum of the values that `histogram` counts."""
    total = histogram.total()
    if not total:
        return {}
    mean = sum(value * count for value, count in histogram.items()) / total
    quantiles = {f"{percent} % have at most": float(_quantile(histogram, percent / 100)) for percent in QUANTILES}
    return {"mean": mean, **quantiles, "most": float(max(histogram))}


def _quantile(histogram: Counter[int], part: float) -> int:
    remaining = part * histogram.total()
    for value in sorted(histogram):
        remaining -= histogram[value]
        if remaining <= 0:
            return value
    return max(histogram)
