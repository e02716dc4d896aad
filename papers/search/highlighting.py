"""Showing what was found: the words of a title that were asked for, and the stretch of an abstract with most of them. Pure."""

from collections.abc import Iterator
from html import escape

from papers.search import words
from papers.search.tree import Node, Phrase, Prefix, Word, wanted

LENGTH = 320  # characters of a snippet
AROUND = 60  # characters before its first marked word


def asked_stems(node: Node) -> frozenset[str]:
    """Every stem that a search asks for in titles, abstracts or names."""
    return frozenset(_stems_of(node))


def _stems_of(node: Node) -> Iterator[str]:
    for leaf in wanted(node):
        if isinstance(leaf, Word):
            yield from leaf.stem.split(words.PAIR)
        elif isinstance(leaf, Phrase):
            yield from leaf.stems
        elif isinstance(leaf, Prefix):
            yield leaf.start


def marked(text: str, stems: frozenset[str]) -> str:
    """The text as HTML, its found words in <mark>."""
    html, done = [], 0
    for start, end, found in words.shown_words(text):
        if stems.intersection(found):
            html.append(f"{escape(text[done:start])}<mark>{escape(text[start:end])}</mark>")
            done = end
    return "".join(html) + escape(text[done:])


def snippet(text: str, stems: frozenset[str]) -> str:
    """The stretch of the text with the most different found words, as HTML; "" when it has none."""
    places = [(start, found) for start, _, parts in words.shown_words(text) if (found := stems.intersection(parts))]
    if not places:
        return ""
    best, most = 0, 0
    for start, _ in places:
        within = [found for place, found in places if start <= place < start + LENGTH - AROUND]
        richness = len(frozenset().union(*within)) * 100 + len(within)
        if richness > most:
            best, most = start, richness
    begin = max(0, best - AROUND)
    begin = text.rfind(" ", 0, begin + 1) + 1 if begin else 0
    end = min(len(text), begin + LENGTH)
    end = end if end == len(text) else max(text.rfind(" ", begin, end), begin + 1)
    return f"{'… ' if begin else ''}{marked(text[begin:end], stems)}{' …' if end < len(text) else ''}"
