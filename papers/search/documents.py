"""What the index holds of papers and people, read from their own tables for many at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from authors import names
from authors.models import Author, AuthorName, InstitutionAlias
from papers.models import Authorship, Paper, PaperCategory, PaperFigure, PaperIdentifier, PaperInstitution
from papers.models.search import LAST_DATE, NO_DATE, NO_NUMBER
from papers.people import public_authors, public_institutions
from papers.search import scoring, tags, words
from papers.search.engines.base import Document, Row

TITLE_KEY = 60
SCORES = ("novelty", "ai_score")
FIELDS = (
    "pk", "title", "abstract", "type", "published", "year", "primary_category", "venue", "venue__name", "is_retracted",
    "has_code", "cited_by_count", "language",
)  # fmt: skip


def paper_documents(paper_ids: Sequence[int]) -> list[Document]:
    """One for each published paper of `paper_ids`, in seven queries whatever their number."""
    about = _About(paper_ids)
    rows = Paper.objects.published().filter(pk__among=paper_ids).order_by("pk").values_list(*FIELDS)
    return [_document(dict(zip(FIELDS, row, strict=True)), about) for row in rows]


class _About:
    """What hangs on the papers, by paper."""

    def __init__(self, paper_ids: Sequence[int]) -> None:
        self.categories = _grouped(PaperCategory.objects.filter(paper__among=paper_ids).values_list("paper", "category"))
        institutions = PaperInstitution.objects.filter(paper__among=paper_ids).order_by("institution")
        places = list(institutions.values_list("paper", "institution", "institution__country_code"))
        self.institutions = _grouped((paper, institution) for paper, institution, _ in places)
        self.countries = _grouped(sorted({(paper, country) for paper, _, country in places if country}))
        dois = PaperIdentifier.objects.filter(paper__among=paper_ids, scheme="doi")
        self.with_doi = set(dois.values_list("paper", flat=True))
        self.scores = scores_of(paper_ids)
        self.authors: dict[int, list[int]] = defaultdict(list)
        self.names: dict[int, list[str]] = defaultdict(list)
        self._read_authors(paper_ids)

    def _read_authors(self, paper_ids: Sequence[int]) -> None:
        """Hidden people, and names that people left behind, are not to be found; who hid the paper on their profile is found by
        the printed name alone.
        """
        rows = list(
            Authorship.objects.filter(paper__among=paper_ids)
            .order_by("paper", "position")
            .values_list("paper", "author", "raw_name", "name_key", "author__display_name", "author__visibility",
                         "hidden_on_profile")
        )  # fmt: skip
        people = {row[1] for row in rows if row[1]}
        former = set(AuthorName.objects.filter(author__among=people, public=False).values_list("author", "search_key"))
        for paper, author, raw_name, key, display_name, visibility, not_shown in rows:
            if visibility == Author.Visibility.HIDDEN:
                continue
            if author and not not_shown:
                self.authors[paper].append(author)
            printed = [] if (author, key) in former else [raw_name]
            self.names[paper] += [*printed, display_name] if display_name and display_name != raw_name else printed


def _grouped(pairs: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def shown_scores() -> Any:
    return PaperFigure.objects.filter(subject__scores_hidden=False, origin="computed", name__in=SCORES)


def scores_of(paper_ids: Sequence[int]) -> dict[tuple[int, str], float]:
    known = shown_scores().filter(subject__among=paper_ids).values_list("subject", "name", "value")
    return {(paper, name): value for paper, name, value in known if value is not None}


def _spaced(values: Iterable[Any]) -> str:
    joined = " ".join(map(str, dict.fromkeys(values)))
    return f" {joined} " if joined else ""


def title_key(title: str) -> str:
    """What papers are sorted by when they are sorted by title."""
    return names.fold(title)[:TITLE_KEY]


def _document(paper: dict[str, Any], about: _About) -> Document:
    key = paper["pk"]
    rank = scoring.rank_of(scoring.prior(paper["cited_by_count"], paper["published"]), key)
    codes = [code for code in (paper["primary_category"], *about.categories.get(key, ())) if code]
    institutions, authors = about.institutions.get(key, ()), about.authors.get(key, ())
    novelty, ai_score = (about.scores.get((key, name), NO_NUMBER) for name in SCORES)
    count = NO_NUMBER if paper["cited_by_count"] is None else paper["cited_by_count"]
    day = paper["published"].isoformat() if paper["published"] else None
    entry = (
        rank, key, day or NO_DATE, day or LAST_DATE, paper["year"] or 0, count, novelty, ai_score,
        title_key(paper["title"]), paper["has_code"], paper["venue"] or 0,
        _spaced(codes), _spaced(institutions), _spaced(authors),
    )  # fmt: skip
    name_words = chain.from_iterable(map(words.name_words, about.names.get(key, ())))
    facts = _tags(paper, rank, codes, about)
    texts = (
        rank, words.indexed(paper["title"]), words.indexed(paper["abstract"]), _spaced(name_words),
        words.indexed(paper["venue__name"] or ""), _spaced(facts),
    )  # fmt: skip
    return Document(entry, texts)


def _tags(paper: dict[str, Any], rank: int, codes: Sequence[str], about: _About) -> list[str]:
    key, languages = paper["pk"], tags.languages_of(paper["language"])
    countries = about.countries.get(key, ())
    found = [tags.ALL, tags.sample_of(key), tags.tag("tier", scoring.tier_of(rank)), tags.tag("paper", key)]
    found += [tags.tag("category", code) for code in codes]
    found += [tags.tag("institution", institution) for institution in about.institutions.get(key, ())]
    found += [tags.tag("country", country) for country in countries]
    found += [tags.tag("author", author) for author in about.authors.get(key, ())]
    found += [tags.tag("language", language) for language in languages]
    found += [tags.tag(kind, paper[kind]) for kind in ("year", "venue", "type") if paper[kind]]
    if paper["cited_by_count"] is not None:
        found.append(tags.tag("citations", tags.citations_step(paper["cited_by_count"])))
    has = {
        "code": paper["has_code"], "retracted": paper["is_retracted"], "abstract": paper["abstract"],
        "doi": key in about.with_doi, "country": countries, "language": languages,
    }  # fmt: skip
    return found + [tags.tag("has", name) for name, present in has.items() if present]


# --- people and institutions ----------------------------------------------------------------------------------------------


def author_rows(author_ids: Sequence[int]) -> list[Row]:
    """(rank, key, words) for each of them who is public. Ranks go by papers and citations in coarse steps, so that they
    seldom change; a name's initials stand for it, with a full stop where nothing else of it is known."""
    public = public_authors().filter(pk__among=author_ids).order_by("pk")
    figures = {
        key: (papers or 0, citations or 0)
        for key, papers, citations in public.values_list("pk", "metrics__papers_count", "metrics__citations")
    }
    known = AuthorName.objects.filter(author__among=list(figures), public=True).order_by("author", "id")
    names_of = _grouped(known.values_list("author", "name"))
    return [
        (_coarse_rank(papers, citations, key), key, _spaced(word for name in names_of[key] for word in _person_words(name)))
        for key, (papers, citations) in figures.items()
    ]


def _coarse_rank(papers: int, citations: int, key: int) -> int:
    step = 8 * papers.bit_length() + citations.bit_length()
    return scoring.HIGHEST - min(step, scoring.HIGHEST) << scoring.ID_BITS | key


def _person_words(name: str) -> list[str]:
    folded = names.fold(name).split()[:12]
    family = names.fold(names.split(name)[1]).split()
    given = [word for word in folded if word not in family]
    return [*folded, *(word[0] for word in given), *(f"{word}{words.PAIR}" for word in given if len(word) == 1)]


def institution_rows(institution_ids: Sequence[int]) -> list[Row]:
    """(rank, key, words) for each of them that has a page."""
    public = public_institutions().filter(pk__among=institution_ids).order_by("pk")
    rows = list(public.values_list("pk", "name", "tag", "metrics__papers_count"))
    known = InstitutionAlias.objects.filter(institution__among=[row[0] for row in rows]).order_by("id")
    aliases = _grouped(known.values_list("institution", "name"))
    return [
        (
            _coarse_rank(papers or 0, 0, key),
            key,
            _spaced(word for text in (name, tag.replace("-", " "), *aliases[key]) for word in words.stems(text)),
        )
        for key, name, tag, papers in rows
    ]
