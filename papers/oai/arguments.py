"""What a harvester asks for, checked by the protocol's rules before any table is read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.http import QueryDict

from papers.oai.errors import BadArgument, BadVerb

LISTS = ("from", "until", "metadataPrefix", "set", "resumptionToken")
ARGUMENTS = {
    "Identify": (),
    "ListMetadataFormats": ("identifier",),
    "ListSets": ("resumptionToken",),
    "GetRecord": ("identifier", "metadataPrefix"),
    "ListIdentifiers": LISTS,
    "ListRecords": LISTS,
}
REQUIRED = {
    "GetRecord": ("identifier", "metadataPrefix"),
    "ListIdentifiers": ("metadataPrefix",),
    "ListRecords": ("metadataPrefix",),
}
_WORD = r"[A-Za-z0-9\-_.!~*'()]+"
SHAPES = {
    "identifier": r"[A-Za-z][!-~]{0,300}",
    "metadataPrefix": _WORD,
    "set": rf"{_WORD}(?::{_WORD})*",
    "from": r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?",
    "until": r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?",
    "resumptionToken": r"[!-~]{1,4000}",
}
DAY = len("2026-11-23")


@dataclass(frozen=True)
class Selection:
    """Which records of a list: the format, the set ("" for all), and the first and last moment, both included."""

    prefix: str
    set: str = ""
    since: datetime | None = None
    until: datetime | None = None


def read_arguments(given: QueryDict) -> dict[str, str]:
    """The verb and its arguments, each at most once and of the shape that the protocol gives it."""
    verbs = given.getlist("verb")
    if len(verbs) != 1 or verbs[0] not in ARGUMENTS:
        said = "Give one verb" if len(verbs) != 1 else f"“{verbs[0][:40]}” is no verb"
        raise BadVerb(f"{said}: {', '.join(ARGUMENTS)}.")
    verb = verbs[0]
    for name, values in given.lists():
        if name != "verb":
            _check(verb, name, values)
    arguments = {name: values[0] for name, values in given.lists()}
    if "resumptionToken" in arguments and len(arguments) > 2:
        raise BadArgument("A resumptionToken stands alone: it knows what the list was asked for.")
    missing = [name for name in REQUIRED.get(verb, ()) if name not in arguments]
    if missing and "resumptionToken" not in arguments:
        raise BadArgument(f"{verb} needs {' and '.join(missing)}.")
    return arguments


def _check(verb: str, name: str, values: list[str]) -> None:
    if name not in ARGUMENTS[verb]:
        allowed = ", ".join(ARGUMENTS[verb]) or "none"
        raise BadArgument(f"{verb} knows no argument “{name[:40]}”; it takes: {allowed}.")
    if len(values) > 1:
        raise BadArgument(f"{name} is given {len(values)} times.")
    if not re.fullmatch(SHAPES[name], values[0], re.ASCII):
        raise BadArgument(f"{name}: this is not of the form that the protocol gives it.")


def read_selection(arguments: Mapping[str, str]) -> Selection:
    since, until = arguments.get("from", ""), arguments.get("until", "")
    if since and until and len(since) != len(until):
        raise BadArgument("from and until are of the same granularity: both days, or both seconds.")
    first, last = _moment("from", since, time.min), _moment("until", until, time.max)
    if first and last and first > last:
        raise BadArgument("from is later than until.")
    return Selection(arguments["metadataPrefix"], arguments.get("set", ""), first, last)


def _moment(name: str, text: str, of_day: time) -> datetime | None:
    """Days and seconds are intervals: `until` takes in all of its last one."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        raise BadArgument(f"{name}: there is no such moment as {text}.") from None
    if len(text) == DAY:
        return datetime.combine(found.date(), of_day, UTC)
    return found.replace(microsecond=of_day.microsecond)
