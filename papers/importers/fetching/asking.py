"""What an editor asks for: identifiers in a text box, one or several a line, in any usual form. Pure."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

import idutils

from authors.identifiers import normalise, recognise

MOST = 200
# Commas and semicolons stand in DOIs too: they part only where the next identifier, or nothing, begins.
SEPARATORS = re.compile(r"\s+|[,;]+(?=\s|$|https?:|10\.\d{4}|doi:|arxiv:|orcid:|\d{4}[.-]\d{4}|[WAI]\d{4})", re.IGNORECASE)
PAIRS = {")": "(", "]": "[", ">": "<", "”": "“", "}": "{"}
TAKEN = {"doi", "arxiv", "orcid", "openalex"}
ROWS = 1_000  # lines that are looked at


@dataclass(frozen=True)
class Wanted:
    """One identifier. `scheme` is doi, arxiv, orcid, or the kind of an OpenAlex id: work, author, institution."""

    line: int
    text: str
    scheme: str
    value: str

    @property
    def kind(self) -> str:
        return "I" if self.scheme == "institution" else "P"

    @property
    def is_person(self) -> bool:
        return self.scheme in ("orcid", "author")


@dataclass(frozen=True)
class Problem:
    """Why an identifier gave nothing, and whether it may give something another time."""

    line: int
    text: str
    reason: str
    again: bool = False


def read_ids(text: str, *, most: int = MOST) -> tuple[list[Wanted], list[Problem]]:
    """Each identifier once, at most `most`; what is none, with its line."""
    found: dict[tuple[str, str], Wanted] = {}
    problems: list[Problem] = []
    for line, told in enumerate(text.splitlines()[:ROWS], start=1):
        words = _words(told)
        read = [(word, _read(line, word)) for word in words]
        if words and not any(wanted for _, wanted in read):
            read = [(told.strip(), None)]  # a line of prose is one problem
        for word, wanted in read:
            if wanted is None:
                problems.append(Problem(line, word[:100], "is no DOI, arXiv id, ORCID iD or OpenAlex id"))
            elif len(found) >= most and (wanted.scheme, wanted.value) not in found:
                problems.append(Problem(line, word[:100], f"is one more than {most}: ask for it afterwards"))
            else:
                found.setdefault((wanted.scheme, wanted.value), wanted)
    return list(found.values()), problems


def _words(line: str) -> list[str]:
    """Identifiers hold no blanks, but people write “doi: 10.1…”, put them in brackets and end lists with commas."""
    joined = re.sub(r"\b(doi|arxiv|orcid|openalex):\s+", r"\1:", line, flags=re.IGNORECASE)
    return [word for word in map(_bared, SEPARATORS.split(joined)) if word]


def _bared(word: str) -> str:
    """Without quotation marks, full stops and brackets around it; DOIs may hold brackets of their own."""
    word = word.strip("\"'.,;").lstrip("([<“{")
    while word and (word[-1] in ".,;\"'" or (word[-1] in PAIRS and word.count(word[-1]) > word.count(PAIRS[word[-1]]))):
        word = word[:-1]
    return word


def _read(line: int, word: str) -> Wanted | None:
    known = recognise(word) or recognise(unquote(word)) or _bare(word)
    if known is None or known[0] not in TAKEN:
        return None
    scheme, value = known
    if scheme == "openalex":
        scheme = {"W": "work", "A": "author", "I": "institution"}.get(value[0], "")
    return Wanted(line, word, scheme, value) if scheme else None


def _bare(word: str) -> tuple[str, str] | None:
    """An id without any prefix, or within an address that `recognise` does not know."""
    tail = re.sub(r"[?#].*", "", word).rstrip("/").rpartition("/")[2]
    if re.fullmatch(r"[WAIwai]\d{4,}", tail) and (value := normalise("openalex", tail)):
        return "openalex", value
    for scheme, normal in (
        ("doi", idutils.normalize_doi),
        ("arxiv", idutils.normalize_arxiv),
        ("orcid", idutils.normalize_orcid),
    ):
        if getattr(idutils, f"is_{scheme}")(word) and (value := normalise(scheme, normal(word))):
            return scheme, value
    return None
