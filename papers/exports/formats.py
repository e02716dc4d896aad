"""The formats there are: how their files end, what they are called in headers, who writes them. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from papers.exports import bibtex, csl, ris, sheets

# Line ends to some programs, though JSON leaves them as they are.
_LINE_ENDS = {"\u2028": "\\u2028", "\u2029": "\\u2029", "\u0085": "\\u0085"}


@dataclass(frozen=True)
class Format:
    """`write` gives the file piece by piece; of Items, or of the API's records where `of_records`."""

    suffix: str
    label: str
    media_type: str
    write: Callable[[Iterable[Any]], Iterator[str]]
    further_types: tuple[str, ...] = ()
    of_records: bool = False


def json_lines(records: Iterable[dict[str, Any]]) -> Iterator[str]:
    for record in records:
        line = orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE).decode()
        for sign, escaped in _LINE_ENDS.items():
            line = line.replace(sign, escaped)
        yield line


FORMATS = {
    known.suffix: known
    for known in (
        Format("bib", "BibTeX", "application/x-bibtex", bibtex.written, ("text/x-bibtex",)),
        Format("ris", "RIS", "application/x-research-info-systems", ris.written),
        Format("csl.json", "CSL-JSON", "application/vnd.citationstyles.csl+json", csl.written),
        Format("csv", "CSV", "text/csv", sheets.written),
        Format("jsonl", "JSON Lines", "application/x-ndjson", json_lines, ("application/jsonl",), of_records=True),
    )
}
RECORD = Format("json", "JSON", "application/json", json_lines, of_records=True)  # of one paper alone
OF_ONE = FORMATS | {RECORD.suffix: RECORD}
