"""Reading files of BibTeX entry by entry: macros put in, fields inherited by `crossref`, TeX left as it is. Pure.

bibtexparser takes an entry apart; it gets one at a time, so that memory does not grow with the file, and an entry that
never closes costs only itself.
"""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from bibtexparser.model import Block, DuplicateFieldKeyBlock, Entry, ParsingFailedBlock, String
from bibtexparser.splitter import Splitter

from papers.importers.reading import Raw
from papers.importers.texts import PIECE_LIMIT, Piece, pieces

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it would log, the report says

BEGINS = re.compile(r"[ \t]*@[ \t]*\w+[ \t]*[{(]").match
_KEYLESS = re.compile(r"^(\s*@(?!string|preamble|comment)\w+[ \t]*[{(])(?=\s*[\w:+.-]+\s*=)", re.IGNORECASE)
_AT = re.compile(r"^([ \t]*@)[ \t]+")
_PARENT = re.compile(r"\bcrossref\s*=\s*[{\"]\s*([^{}\"\s]+)", re.IGNORECASE)
_TOKEN = re.compile(r"[^\s#{}\"]+")
PARENTS_AT_MOST = 10_000
MACROS_AT_MOST = 10_000
NOT_INHERITED = frozenset("id entry title subtitle author doi url abstract pages keywords crossref file eprint note".split())
Fields = dict[str, Any]


def bibtex_records(file: IO[bytes], path: Path) -> Iterator[Raw]:
    """Values are {field: text} with `entry`, the kind of entry, and `id`, its key."""
    parents = _parents(file)
    macros: dict[str, str] = {}
    for piece in pieces(file, BEGINS):
        for raw in _entries(piece, macros):
            if isinstance(raw.value, dict) and (parent := parents.get(str(raw.value.get("crossref", "")).lower())):
                _inherit(raw.value, parent)
            yield raw


def _parents(file: IO[bytes]) -> dict[str, Fields]:
    """Entries that others name as theirs; they stand behind those, so the file is read for them first."""
    wanted: set[str] = set()
    for piece in pieces(file, BEGINS):
        wanted.update(key.lower() for key in _PARENT.findall(piece.text) if len(wanted) < PARENTS_AT_MOST)
    if not wanted:
        return {}
    macros: dict[str, str] = {}
    values = (raw.value for piece in pieces(file, BEGINS) for raw in _entries(piece, macros) if raw.value)
    return {key: value for value in values if (key := value["id"].lower()) in wanted}


def _inherit(value: Fields, parent: Fields) -> None:
    """What the child does not say itself; the parent's title is the title of the book it is in."""
    for name, text in parent.items():
        if name not in NOT_INHERITED:
            value.setdefault(name, text)
    if title := parent.get("booktitle") or parent.get("title"):
        value.setdefault("booktitle", title)


def _entries(piece: Piece, macros: dict[str, str]) -> Iterator[Raw]:
    if piece.too_long:
        yield Raw(piece.line, error=f"is longer than {PIECE_LIMIT // 2**20} MB")
        return
    text = _KEYLESS.sub(r"\1,", _AT.sub(r"\1", piece.text))
    note = piece.note
    for block in Splitter(text).split().blocks:
        line = piece.line + max(block.start_line or 0, 0)
        if isinstance(block, String):
            if len(macros) < MACROS_AT_MOST:
                macros[block.key.lower()] = _joined(block.value, macros)
        elif raw := _raw(block, line, macros, note):
            note = ""
            yield raw


def _raw(block: Block, line: int, macros: dict[str, str], note: str) -> Raw | None:
    """The record of one block; comments and the like are none."""
    if isinstance(block, DuplicateFieldKeyBlock):
        block = block.ignore_error_block or block
    if isinstance(block, Entry):
        return Raw(line, _fields(block, macros), note=note)
    if isinstance(block, ParsingFailedBlock) and not re.match(r"@(comment|preamble)", block.raw or "", re.IGNORECASE):
        reason = getattr(block.error, "abort_reason", str(block.error))
        return Raw(line, error=f"is not readable BibTeX: {' '.join(reason.split())}")
    return None


def _fields(entry: Entry, macros: dict[str, str]) -> Fields:
    found: Fields = {}
    for field in entry.fields:
        if value := _joined(field.value, macros):
            found.setdefault(field.key.lower(), value)  # of two the first counts, as for BibTeX itself
    return found | {"id": entry.key, "entry": entry.entry_type.lower()}


def _joined(value: str, macros: dict[str, str]) -> str:
    """`"Proc. of " # acm # {!}` as one text; an unknown macro stands for itself."""
    found, at = [], 0
    while at < len(value):
        if value[at] in '{"':
            end = _end_of_text(value, at)
            found.append(value[at + 1 : end])
            at = end + 1
        elif token := _TOKEN.match(value, at):
            found.append(macros.get(token[0].lower(), token[0]))
            at = token.end()
        else:
            at += 1
    return "".join(found).strip()


def _end_of_text(value: str, start: int) -> int:
    """Where the text that begins at `start` ends: at its brace, or at a quotation mark outside braces."""
    level = 0
    for place in range(start, len(value)):
        sign = value[place]
        if sign == "{":
            level += 1
        elif sign == "}":
            level -= 1
        if level <= 0 and place > start and sign == ("}" if value[start] == "{" else '"'):
            return place
    return len(value)
