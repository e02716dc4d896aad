"""Records as Markdown, for programs that read text. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from papers.structured.articles import Article
from papers.structured.parts import web

# What means something in Markdown, outside of addresses: an underscore only at the edge of a word.
_SIGNS = re.compile(r"(https?://[^\s<>]+)|([\\`*\[\]<>#|~]|(?<!\w)_|_(?!\w))")
_BEGINS_LIST = re.compile(r"^(\d+|)([.)+-])(?=\s)")
Fact = tuple[str, str]


@dataclass(frozen=True)
class Entry:
    """A paper in a list."""

    title: str
    address: str
    people: str
    year: str


def escaped(text: str) -> str:
    """Words that mean nothing but themselves, in one line."""
    return _BEGINS_LIST.sub(r"\1\\\2", _SIGNS.sub(_marked, " ".join(text.split())))


def _marked(found: re.Match[str]) -> str:
    return found[1] or f"\\{found[2]}"


def link(text: str, address: str) -> str:
    return f"[{escaped(text)}]({_target(address)})" if address else escaped(text)


def address_line(address: str) -> str:
    """Only what a browser may follow."""
    return f"<{_target(address)}>" if web([address]) else escaped(address)


def _target(address: str) -> str:
    return re.sub(r"[\s<>()\\]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), address)


def paper_text(article: Article, facts: Sequence[Fact], *, credit: str) -> str:
    """`facts` are (label, Markdown)."""
    item = article.item
    people = ", ".join(link(person.name, person.url) for person in article.people) or "unknown"
    more = "" if item.complete else " et al. (the source names only some of the authors)"
    parts = [("volume", item.volume), ("issue", item.issue), ("pages", item.pages("–"))]
    where = ", ".join([escaped(item.venue), *(f"{name} {escaped(value)}" for name, value in parts if value)])
    known = [
        ("Authors", people + more),
        ("Date", "-".join(f"{part:02}" for part in item.date_parts) or "unknown"),
        ("Venue", where if item.venue else ""),
        ("Categories", ", ".join(f"{escaped(code)} {escaped(name)}" for code, name in article.subjects)),
        *facts,
        ("Page", address_line(article.address)),
    ]
    body = escaped(article.abstract) if article.abstract else "No abstract is known."
    return _text(article.title, known, ["## Abstract", body], credit)


def profile_text(name: str, facts: Sequence[Fact], papers: Sequence[Entry], *, told: str, credit: str) -> str:
    """`told` says how many papers there are and where those are that are not listed."""
    lines = [f"- {link(entry.title, entry.address)}{_about(entry)}" for entry in papers]
    return _text(name, facts, ["## Papers", told, "\n".join(lines)], credit)


def _about(entry: Entry) -> str:
    about = [escaped(part) for part in (entry.people, entry.year) if part]
    return f". {', '.join(about)}" if about else ""


def _text(title: str, facts: Iterable[Fact], body: Sequence[str], credit: str) -> str:
    listed = "\n".join(f"- {label}: {value}" for label, value in facts if value)
    return "\n\n".join(part for part in (f"# {escaped(title)}", listed, *body, "---", credit) if part) + "\n"
