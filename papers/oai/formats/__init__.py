"""The formats a record is offered in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from papers.oai.formats import datacite, dublin_core
from papers.oai.xml import Writer


@dataclass(frozen=True)
class Format:
    """`write` takes a paper with all that `selecting` reads, and the address that paths are appended to."""

    namespace: str
    schema: str
    write: Callable[[Writer, Any, str], None]


FORMATS = {
    "oai_dc": Format(dublin_core.NAMESPACE, dublin_core.SCHEMA, dublin_core.write),
    "oai_datacite": Format(datacite.NAMESPACE, datacite.SCHEMA, datacite.write),
}
