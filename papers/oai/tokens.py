"""Where a list goes on, as a word that the harvester keeps: signed, complete in itself, and known to no table.

It names the last record's datestamp and id rather than a number of records, so that what comes and goes meanwhile shifts
nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing

from papers.oai.arguments import Selection
from papers.oai.errors import BadResumptionToken

SALT = "papers.oai"
LIFE = timedelta(days=7)
Place = tuple[datetime, int]


@dataclass(frozen=True)
class Resumed:
    """`cursor` counts the records before; `size` is how many there were in all when the list began."""

    selection: Selection
    after: Place | None
    cursor: int
    size: int


def write_token(verb: str, resumed: Resumed) -> str:
    asked, (at, key) = resumed.selection, resumed.after or (None, 0)
    moments = [moment.isoformat() if moment else "" for moment in (asked.since, asked.until, at)]
    told = [verb, asked.prefix, asked.set, *moments, key, resumed.cursor, resumed.size]
    return signing.dumps(told, salt=SALT, compress=True)


def read_token(verb: str, text: str) -> Resumed:
    told = _loaded(verb, text)
    since, until, at = (datetime.fromisoformat(moment) if moment else None for moment in told[3:6])
    key, cursor, size = told[6:]
    return Resumed(Selection(told[1], told[2], since, until), (at, key) if at else None, cursor, size)


def write_sets_token(after: int) -> str:
    return signing.dumps(["ListSets", after], salt=SALT)


def read_sets_token(text: str) -> int:
    return int(_loaded("ListSets", text)[1])


def _loaded(verb: str, text: str) -> list[Any]:
    try:
        told: list[Any] = signing.loads(text, salt=SALT, max_age=LIFE)
    except signing.SignatureExpired as error:
        raise BadResumptionToken("This token has expired; begin the list anew.") from error
    except (signing.BadSignature, ValueError) as error:
        raise BadResumptionToken("This is not a token of this site.") from error
    if told[0] != verb:
        raise BadResumptionToken(f"This token belongs to {told[0]}.")
    return told
