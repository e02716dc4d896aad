"""The formulas behind the figures. Pure: plain numbers in, plain numbers out."""

from collections.abc import Iterable


def h_index(citations: Iterable[int]) -> int:
    """The largest h such that h papers have at least h citations each (Hirsch 2005, 10.1073/pnas.0507655102)."""
    ranked = sorted(citations, reverse=True)
    return sum(1 for rank, count in enumerate(ranked, start=1) if count >= rank)


def i10_index(citations: Iterable[int]) -> int:
    """How many papers have at least ten citations (as Google Scholar defines it)."""
    return sum(1 for count in citations if count >= 10)
