"""Titles and abstracts as safe HTML: mathematics typeset, addresses linked, all else escaped. Pure.

The text is read once from left to right; what does not make sense as a formula or an address stays as it is written, so
nothing is ever lost and nothing raises.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

from papers.mathml import LONGEST, Formula, formula

MOST_FORMULAS = 300  # tried in one text; the rest stays as TeX

_MARK = re.compile(r"\\[\\$]|\\\(|\\\[|\$\$?|https?://")
_CLOSING = {"\\(": "\\)", "\\[": "\\]", "$$": "$$", "$": "$"}
_ADDRESS = re.compile(r"https?://[\w.-]+(?::\d{1,5})?(?:[/?#][^\s<>\"{}|\\^`$]{0,2000})?", re.ASCII)
_TRAILING = ".,;:!?'*_~"
_PROSE = re.compile(r"[A-Za-z]{3} | [A-Za-z]{3}")
_SIGN = re.compile(r"[\^_=<>+*/|{}-]")
_EMPHASIS = re.compile(r"\\(emph|textit|textbf|texttt)\{([^{}\\]{1,300})\}")
_ELEMENT = {"emph": "em", "textit": "em", "textbf": "strong", "texttt": "code"}
# Signs that HTML forbids, and halves of surrogate pairs, which no encoding can write.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True)
class Piece:
    """A stretch of the text; `raw` is how it was written, `text` what a reader sees unless it is a formula."""

    raw: str
    text: str = ""
    formula: Formula | None = None
    is_block: bool = False
    is_address: bool = False


def typeset(text: str, *, links: bool = True, written: Callable[[str], str] = escape) -> str:
    """The text as HTML that needs no further escaping; without `links` it may stand inside a link.

    `written` makes HTML of plain stretches; one that marks words must escape them too.
    """
    return "".join(_html(piece, links=links, written=written) for piece in pieces(text))


def plain(text: str) -> str:
    """The text for places that know no markup, such as <title>: `$\\alpha$-stable` gives `α-stable`."""
    shown = (piece.formula.letters if piece.formula else piece.text for piece in pieces(text))
    return " ".join(_EMPHASIS.sub(r"\2", "".join(shown)).split())


def _html(piece: Piece, *, links: bool, written: Callable[[str], str]) -> str:
    if piece.formula:
        return piece.formula.html(block=piece.is_block)
    if piece.is_address and links:
        return f'<a href="{escape(piece.text)}" rel="nofollow noopener">{escape(piece.text)}</a>'
    return _EMPHASIS.sub(lambda found: "<{0}>{1}</{0}>".format(_ELEMENT[found[1]], found[2]), written(piece.text))


def pieces(text: str) -> Iterator[Piece]:
    """The stretches of the text in order; their `raw` joined is the text without its forbidden signs."""
    reading = _Reading(_FORBIDDEN.sub("", text))
    done = at = 0
    while mark := _MARK.search(reading.text, at):
        found = reading.piece_at(mark)
        if found is None:
            at = mark.end()
            continue
        if mark.start() > done:
            yield _text(reading.text[done : mark.start()])
        yield found
        done = at = mark.start() + len(found.raw)
    if done < len(reading.text):
        yield _text(reading.text[done:])


def _text(value: str) -> Piece:
    return Piece(value, text=value)


def _address(text: str, start: int) -> Piece | None:
    found = _ADDRESS.match(text, start)
    if not found:
        return None
    address = found[0].rstrip(_TRAILING)
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(_TRAILING)
    return Piece(address, text=address, is_address=True)


def _is_mathematics(value: str, *, followed_by: str) -> bool:
    """Not what stands between two prices: `5 and `, `5-` before another number, `A and B`. A command settles it."""
    if "\\" in value:
        return True
    if not value or value != value.strip() or (value[0].isdigit() and followed_by.isdigit()):
        return False
    return bool(_SIGN.search(value)) or not _PROSE.search(value)


class _Reading:
    """One text while it is read from left to right.

    It remembers where each closing delimiter stands next and how many formulas were tried: both keep the time linear.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.closers: dict[str, int] = {}
        self.tried = 0

    def piece_at(self, mark: re.Match[str]) -> Piece | None:
        """What begins at the mark, if anything does."""
        if mark[0].startswith("http"):
            return _address(self.text, mark.start())
        if mark[0] == "\\$":
            return Piece(mark[0], text="$")
        return self._formula(mark) if mark[0] in _CLOSING else None

    def _formula(self, mark: re.Match[str]) -> Piece | None:
        opening, start = mark[0], mark.end()
        end = self._closer(_CLOSING[opening], start)
        if end < 0 or end - start > LONGEST or self.tried >= MOST_FORMULAS:
            return None
        value = self.text[start:end]
        if opening == "$" and not _is_mathematics(value, followed_by=self.text[end + 1 : end + 2]):
            return None
        self.tried += 1
        raw, made = self.text[mark.start() : end + len(opening)], formula(value)
        return Piece(raw, formula=made, is_block=opening in ("$$", "\\[")) if made else None

    def _closer(self, closing: str, start: int) -> int:
        """Where the first `closing` at or after `start` stands, or -1. `start` never decreases."""
        known = self.closers.get(closing)
        if known is None or 0 <= known < start:
            known = self.closers[closing] = self._find(closing, start)
        return known

    def _find(self, closing: str, start: int) -> int:
        at = self.text.find(closing, start)
        while closing[0] == "$" and at > start and self.text[at - 1] == "\\":
            at = self.text.find(closing, at + 1)
        return at
