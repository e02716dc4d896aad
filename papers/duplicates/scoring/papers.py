"""Two papers of one title or identifier: is it one? Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from authors import names
from papers.duplicates.scoring.points import Point, Weights, counted, listed, shared_identifiers
from papers.fingerprint import LEAST_LETTERS, title_key

SCHEMES = {
    "doi": Weights(45, 0), "arxiv": Weights(45, 0), "openalex": Weights(40, 5), "pmid": Weights(45, 15),
    "pmcid": Weights(45, 15), "semanticscholar": Weights(40, 5), "acl": Weights(40, 0), "openreview": Weights(40, 0),
}  # fmt: skip
NEARLY = 0.9  # of two titles, how much is the same
ONE_NAME = 0.93  # of two names of authors, the same
# Titles that many papers have: parts of proceedings and notices.
_COMMON = re.compile(
    r"^(poster|posters|preface|foreword|editorial|introduction|workshops?|tutorials?|keynote|panel|proceedings|front ?matter"
    r"|back ?matter|table of contents|contents|index|author index|erratum|corrigendum|withdrawn|removed|untitled|organi[sz]ing"
    r"|organi[sz]ation|program(me)? committee|message|welcome|invited talk|demo|book review|reviewers)\b"
)
_ARXIV_DOI = "10.48550/"
_NUMERAL = re.compile(r"\d+|(?:ix|iv|v?i{1,3}|v|x)")
_ENDING_NUMBER = {"one": "1", "two": "2", "three": "3", "four": "4"}


@dataclass
class Work:
    """What the catalogue knows of a paper. `authors` are names as printed, in order."""

    title: str = ""
    year: int | None = None
    type: str = ""
    venue: str = ""
    fingerprint: str = ""
    authors: list[str] = field(default_factory=list)
    identifiers: dict[str, set[str]] = field(default_factory=dict)

    @property
    def is_preprint(self) -> bool:
        dois = self.identifiers.get("doi", set())
        only_arxiv = "arxiv" in self.identifiers and not self.venue and all(doi.startswith(_ARXIV_DOI) for doi in dois)
        return self.type == "preprint" or "arxiv" in names.fold(self.venue) or only_arxiv


def is_telling(title: str) -> bool:
    """Could a paper be known by it? Not by "Poster", "Preface", "Workshops and tutorials"."""
    return sum(map(str.isalpha, title_key(title))) >= LEAST_LETTERS and not _COMMON.match(names.fold(title))


def numbers(title: str) -> list[str]:
    """ "Part II" and "Part 2" are other papers than "Part I"."""
    return [_ENDING_NUMBER.get(word, word) for word in names.fold(title).split() if _is_number(word)]


def _is_number(word: str) -> bool:
    return bool(_NUMERAL.fullmatch(word)) or word in _ENDING_NUMBER


def compare(first: Work, second: Work) -> list[Point]:
    """Nothing when they cannot be one paper: titles that say nothing, or that differ, or numbered parts."""
    title = _of_title(first, second)
    if title is None or not (is_telling(first.title) and is_telling(second.title)):
        return []
    return [
        title,
        *shared_identifiers(first.identifiers, second.identifiers, SCHEMES),
        *_of_authors(first.authors, second.authors),
        *_of_year(first, second),
        *_of_versions(first, second),
    ]


def _of_title(first: Work, second: Work) -> Point | None:
    if first.title == second.title:
        return Point("the same title", 50)
    one, other = title_key(first.title), title_key(second.title)
    if one == other:
        return Point("titles equal but for case, accents or punctuation", 48)
    if numbers(first.title) != numbers(second.title):
        return None
    if SequenceMatcher(None, one, other, autojunk=False).ratio() >= NEARLY:
        return Point("titles nearly equal", 18)
    return None


def _of_authors(first: Sequence[str], second: Sequence[str]) -> list[Point]:
    first, second = ([name for name in given if names.is_person(name)] for given in (first, second))
    if not first or not second:
        return [Point("the authors of one are unknown", 0)]
    shared = [name for name in first if any(_one_name(name, other) for other in second)]
    if not shared:
        return [Point("no author in common", -60)]
    points = []
    if _one_name(first[0], second[0]):
        points.append(Point(f"the same first author: {first[0]}", 12))
    if len(shared) == len(first) == len(second):
        return [*points, Point(f"the same {counted(len(first), 'author')}", 28)]
    said = f"{len(shared)} of {max(len(first), len(second))} authors in common: {listed(shared)}"
    share = len(shared) / min(len(first), len(second))
    return [*points, Point(said, 18 if share > 0.5 else 0)]


def _one_name(first: str, second: str) -> bool:
    """Names that fit, or differ by a slip of the pen."""
    if names.compatible(first, second):
        return True
    return SequenceMatcher(None, names.fold(first), names.fold(second), autojunk=False).ratio() >= ONE_NAME


def _of_year(first: Work, second: Work) -> list[Point]:
    if not first.year or not second.year:
        return []
    gap = abs(first.year - second.year)
    if gap == 0:
        return [Point(f"both of {first.year}", 10)]
    return [Point(f"{counted(gap, 'year')} apart", {1: 6, 2: 0, 3: -5}.get(gap, -20))]


def _of_versions(first: Work, second: Work) -> list[Point]:
    if first.is_preprint != second.is_preprint:
        return [Point("a preprint and a published version", 5)]
    if first.is_preprint:
        return []
    if first.venue and second.venue and first.venue != second.venue:
        return [Point(f"published in two places: {first.venue}, {second.venue}", -8)]
    dois, others = first.identifiers.get("doi", set()), second.identifiers.get("doi", set())
    return [Point("two different DOIs", -8)] if dois and others and not dois & others else []
