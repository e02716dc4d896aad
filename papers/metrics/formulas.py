"""The formulas behind the figures. Pure: plain numbers in, plain numbers out."""

from collections.abc import Iterable, Mapping


def h_index(citations: Iterable[int]) -> int:
    """The largest h such that h papers have at least h citations each (Hirsch 2005, 10.1073/pnas.0507655102)."""
    ranked = sorted(citations, reverse=True)
    return sum(1 for rank, count in enumerate(ranked, start=1) if count >= rank)


def h_index_of(papers: Mapping[int, int]) -> int:
    """The same, told how many papers have each count."""
    above = 0  # papers with more citations than the count at hand
    for count in sorted(papers, reverse=True):
        if above + papers[count] >= count:
            return max(above, count)
        above += papers[count]
    return above


def i10_index(citations: Iterable[int]) -> int:
    """How many papers have at least ten citations (as Google Scholar defines it)."""
    return sum(1 for count in citations if count >= 10)


def one_source(by_source: Mapping[str, Mapping[int, int]], preferred: str) -> Mapping[int, int]:
    """A paper's citations per year, of one source, for sources count by different rules: the source of the paper's count, else
    the one that knows the most years."""
    return by_source[max(by_source, key=lambda name: (name == preferred, len(by_source[name]), name))] if by_source else {}
