"""What a visitor types into the search box: words, "phrases", -not, OR, parentheses, fields and ranges.

Pure and forgiving: nothing a visitor can type is an error. What could not be used is told in a sentence of `problems`.
"""

import re
from dataclasses import dataclass, field

from authors.countries import country_code
from authors.identifiers import normalise
from papers.search import tags, words
from papers.search.fields import FIELDS, Kind, field_of
from papers.search.ranges import days_of, limits_of
from papers.search.tree import (
    Between,
    Everything,
    Lookup,
    Node,
    Nothing,
    Phrase,
    Prefix,
    Tag,
    Word,
    all_of,
    any_of,
    not_of,
)

LONGEST = 1_000  # characters read
MOST_LEAVES = 40
DEEPEST = 8
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<open>\() | (?P<close>\)) | (?P<bar>\|)
    | (?P<not>-(?=[^\s|)-])) | (?P<key>[A-Za-z][\w.-]*:(?=[^\s|)]))
    | "(?P<quoted>[^"]*)"? | (?P<word>[^\s()"|]+)
    )""",
    re.VERBOSE,
)
_VALUE = re.compile(r'(!?)(?:"([^"]*)"?|\(([^)]*)\)?|([^\s()"]+))')
_SHAPES = {"A": "author", "I": "institution", "V": "venue"}


@dataclass
class Parsed:
    """`words` are the plain words, as typed: what "did you mean" looks at. `problems` tells what could not be used, `nothing`
    why there is nothing left to look for."""

    node: Node = field(default_factory=Everything)
    words: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    nothing: str = ""

    @property
    def told(self) -> list[str]:
        return self.problems or ([self.nothing] if self.nothing else [])


def parse(text: str, *, typing: bool = False) -> Parsed:
    """`typing`: the last word may be unfinished."""
    line = words.clean(text, LONGEST + 1)
    parser = _Parser(line[:LONGEST], typing=typing and not text.endswith(" "))
    if len(line) > LONGEST:
        parser.found.problems.append(f"Only the first {LONGEST:,} characters were read.")
    parser.found.node = parser.read()
    if text and isinstance(parser.found.node, Everything):
        parser.found.nothing = "There is no word in this to look for."
        parser.found.node = Nothing()
    return parser.found


class _Parser:
    def __init__(self, line: str, *, typing: bool) -> None:
        self.line, self.at, self.typing = line, 0, typing
        self.found = Parsed()
        self.common: list[str] = []
        self.left = MOST_LEAVES

    def read(self) -> Node:
        node = self.any(0)
        while self.at < len(self.line):  # a bracket too many: what follows counts as well
            self.at += 1
            node = all_of(node, self.any(0))
        if self.left < 0:
            self.found.problems.append(f"Only the first {MOST_LEAVES} words and fields were used.")
        if isinstance(node, Everything) and self.common:
            self.found.nothing = f"“{' '.join(self.common[:8])}”: words as common as these are not looked for."
            return Nothing()
        return node

    def peek(self) -> re.Match[str] | None:
        found = _TOKEN.match(self.line, self.at)
        return found if found and found.end() > self.at and found.lastgroup else None

    def any(self, depth: int) -> Node:
        """all (OR all)*"""
        parts = [self.all(depth)]
        while (token := self.peek()) and (token["bar"] or token["word"] == "OR"):
            self.at = token.end()
            parts.append(self.all(depth))
        given = [part for part in parts if not isinstance(part, Everything)]
        return any_of(*given) if given else Everything()

    def all(self, depth: int) -> Node:
        parts: list[Node] = []
        while (token := self.peek()) and not (token["close"] and depth) and not token["bar"] and token["word"] != "OR":
            self.at = token.end()
            if token["close"] or token["word"] == "AND":
                continue
            parts.append(self.one(token, depth))
        return all_of(*parts)

    def one(self, token: re.Match[str], depth: int) -> Node:
        if token["not"] or token["word"] == "NOT":
            following = self.peek()
            if following is None or following["close"] or following["bar"]:
                return Everything()
            self.at = following.end()
            part = self.one(following, depth)
            return part if isinstance(part, Everything) else not_of(part)
        if token["open"]:
            return self.group(depth)
        self.left -= 1
        if self.left < 0:
            return Everything()
        if token["key"]:
            return self.keyed(token["key"][:-1])
        if token["quoted"] is not None:
            return self.phrase(token["quoted"], "")
        return self.plain(token["word"] or "", last=self.at >= len(self.line))

    def group(self, depth: int) -> Node:
        if depth >= DEEPEST:
            return Everything()
        node = self.any(depth + 1)
        if (token := self.peek()) and token["close"]:
            self.at = token.end()
        return node

    # --- words -----------------------------------------------------------------------------------------------------------

    def plain(self, word: str, *, last: bool) -> Node:
        parts = words.split(word)
        self.found.words += parts
        if last and self.typing and parts and len(parts[-1]) > 1:
            before = [self.text(part, "") for part in parts[:-1]]
            return all_of(*before, any_of(Prefix(parts[-1]), self.text(parts[-1], "")))
        return self.text(word, "")

    def text(self, text: str, inside: str) -> Node:
        """Words that belong together, such as the parts of "fine-tuning", stand together or are written as one."""
        stems = words.stems(text)
        if not stems:
            self.common += words.split(text)
            return Everything()
        if len(stems) == 1:
            return Word(stems[0], inside)
        joined = [Word(stem, inside) for stem in words.compounds(text)] if len(stems) == 2 else []
        return any_of(Phrase(tuple(stems), inside), *joined)

    def phrase(self, text: str, inside: str) -> Node:
        self.found.words += words.split(text)
        stems = words.stems(text)
        if not stems:
            self.common += words.split(text)
            return Everything()
        return Word(stems[0], inside) if len(stems) == 1 else Phrase(tuple(stems[:MOST_LEAVES]), inside)

    # --- fields ----------------------------------------------------------------------------------------------------------

    def keyed(self, key: str) -> Node:
        known = field_of(key)
        if known is None:
            names = ", ".join(FIELDS)
            self.found.problems.append(f"“{key}:” is not a field; it was read as a word. Fields are {names}.")
            return self.text(key, "")
        value = _VALUE.match(self.line, self.at)
        if value is None:
            return Everything()
        self.at = value.end()
        negated, quoted, grouped, bare = value.groups()
        texts = [quoted] if quoted is not None else (grouped if grouped is not None else bare).split("|")
        texts = [text[1:] if text.startswith("!") else text for text in texts if text.strip("! ")]
        negated = negated or (bare or "").startswith("!")
        allowed = max(0, self.left + 1)  # the first value was paid for by its key
        self.left -= max(0, len(texts) - 1)
        nodes = [self.value(key, known, text.strip(), exact=quoted is not None) for text in texts[:allowed]]
        node = any_of(*nodes) if nodes else Everything()
        return not_of(node) if negated and not isinstance(node, Everything) else node

    def value(self, key: str, kind: Kind, text: str, *, exact: bool) -> Node:
        node = _READERS[kind.how](self, kind, text, exact)
        if node is None:
            self.found.problems.append(f"{key}: “{text[:60]}” is not {kind.expects}; it was left out.")
            return Everything()
        return node

    def in_text(self, kind: Kind, text: str, exact: bool) -> Node:
        if exact:
            return self.phrase(text, kind.name)
        return all_of(*(self.text(word, kind.name) for word in text.split()))

    def in_names(self, kind: Kind, text: str, exact: bool) -> Node:
        return self.public_id(kind, text, exact) or author_named(text)

    def public_id(self, kind: Kind, text: str, exact: bool) -> Node | None:
        found = re.fullmatch(r"([AIV])([1-9]\d{0,17})", text.upper())
        if found and _SHAPES[found[1]] == kind.name:
            return Tag(kind.name, found[2])
        scheme = {"author": "orcid", "institution": "ror"}.get(kind.name)
        bare = normalise(scheme, text) if scheme else None
        return Lookup(scheme, bare) if scheme and bare else None

    def id_or_name(self, kind: Kind, text: str, exact: bool) -> Node:
        found = self.public_id(kind, text, exact)
        if found or kind.name == "institution":
            return found or Lookup("institution", text)
        return self.in_text(Kind("venue", "text", ""), text, exact)

    def identifier(self, kind: Kind, text: str, exact: bool) -> Node | None:
        bare = normalise(kind.name, text)
        return Lookup(kind.name, bare) if bare else None

    def category(self, kind: Kind, text: str, exact: bool) -> Node:
        return Lookup("category", text)

    def type(self, kind: Kind, text: str, exact: bool) -> Node:
        return Tag("type", text)

    def country(self, kind: Kind, text: str, exact: bool) -> Node | None:
        code = country_code(text)
        return Tag("country", code) if code else None

    def language(self, kind: Kind, text: str, exact: bool) -> Node | None:
        return Tag("language", text) if tags.is_language(text) else None

    def truth(self, kind: Kind, text: str, exact: bool) -> Node | None:
        said = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(text.lower())
        if said is None:
            return None
        node = Tag("has", kind.name)
        return node if said else not_of(node)

    def number(self, kind: Kind, text: str, exact: bool) -> Node | None:
        limits = limits_of(text)
        return Between(kind.name, *limits) if limits else None

    def since(self, kind: Kind, text: str, exact: bool) -> Node | None:
        days = days_of(text)
        return Between(kind.name, days[0], None) if days else None

    def until(self, kind: Kind, text: str, exact: bool) -> Node | None:
        days = days_of(text)
        return Between(kind.name, None, days[1]) if days else None


_READERS = {
    "text": _Parser.in_text,
    "names": _Parser.in_names,
    "id": _Parser.id_or_name,
    "identifier": _Parser.identifier,
    "category": _Parser.category,
    "type": _Parser.type,
    "country": _Parser.country,
    "language": _Parser.language,
    "truth": _Parser.truth,
    "number": _Parser.number,
    "since": _Parser.since,
    "until": _Parser.until,
}


def author_named(text: str) -> Node:
    """Papers with an author of this name: every pair of its words must be one person's, so order does not matter."""
    folded = words.names.fold(text).split()[:6]
    long = [word for word in folded if len(word) > 1]
    kept = long if len(long) > 1 else folded
    if len(kept) < 2:
        return Word(words.stem(kept[0]) or kept[0], "names") if kept else Everything()
    last = kept[-1]
    return all_of(*(Word(words.pair(word, last), "names") for word in kept[:-1]))


def words_in(text: str, inside: str) -> Node:
    """Every word of `text` in one field; without a word to look for, nothing."""
    found = all_of(*(Word(stem, inside) for stem in words.stems(words.clean(text, LONGEST))[:MOST_LEAVES]))
    return Nothing() if isinstance(found, Everything) else found
