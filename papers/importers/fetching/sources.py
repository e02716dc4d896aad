"""What each service is asked, and how its answer becomes records: the source's own objects, one a line of a file."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import quote

from papers.importers.fetching.client import Client, Parameters
from papers.importers.fetching.errors import FetchError, NotFound, Refused, Unreadable

Record = dict[str, Any]
PAGE, MOST_WORKS = 100, 2_000  # of one person; OpenAlex gives at most 100 a page


class TooMany(FetchError):
    """The person has more works than somebody should wait for."""


def openalex_work(client: Client, name: str) -> Record:
    """By OpenAlex id or `doi:…`; one record at a time costs nothing there, and leads on from merged ones."""
    return client.json("openalex", f"/works/{quote(name, safe=':')}")


def openalex_institution(client: Client, name: str) -> Record:
    return client.json("openalex", f"/institutions/{quote(name)}")


def works_of(
    client: Client, scheme: str, value: str, *, since: date | None = None, most: int = MOST_WORKS, patient: bool = True
) -> Iterator[Record]:
    """Every work of a person by ORCID iD or OpenAlex author id, the newest first, up to `most`; who is not `patient` gets
    TooMany instead. Pages are numbered, for without a key OpenAlex gives no cursors, and so many works need none.
    """
    about = f"author.orcid:{value}" if scheme == "orcid" else f"author.id:{value}"
    since_when = f",from_updated_date:{since.isoformat()}" if since else ""
    asked: dict[str, str | int] = {"filter": about + since_when, "per-page": PAGE, "sort": "publication_date:desc"}
    for page in range(1, -(-most // PAGE) + 1):
        answer = client.json("openalex", "/works", {**asked, "page": page})
        results, meta = answer.get("results"), answer.get("meta")
        if not isinstance(results, list) or not isinstance(meta, dict) or not isinstance(meta.get("count"), int):
            raise Unreadable("OpenAlex answered with something else than a list of works.")
        if meta["count"] > most and not patient:
            raise TooMany(f"{value} has {meta['count']:,} works.")
        yield from (work for work in results if isinstance(work, dict))
        if len(results) < PAGE or page * PAGE >= meta["count"]:
            return


def updated_works_of(client: Client, scheme: str, value: str, *, since: date) -> Iterator[Record]:
    """Those that changed since; all of them when OpenAlex does not let this key ask for that."""
    try:
        changed = list(works_of(client, scheme, value, since=since))
    except Refused:
        yield from works_of(client, scheme, value)
    else:
        yield from changed


def crossref_work(client: Client, doi: str) -> Record:
    answer = client.json("crossref", f"/works/{quote(doi, safe='')}")
    message = answer.get("message")
    if not isinstance(message, dict):
        raise Unreadable("Crossref answered with something else than a work.")
    return message


def works_on_orcid(client: Client, orcid: str) -> list[tuple[str, str]]:
    """(scheme, id) of what stands on the person's own list at ORCID; each work by its first DOI or arXiv id."""
    answer: Parameters | Record = client.json("orcid", f"/v3.0/{orcid}/works")
    groups = answer.get("group")
    found = [_first_id(group) for group in groups if isinstance(group, dict)] if isinstance(groups, list) else []
    if not found:
        raise NotFound("ORCID knows no works of this person.")
    return list(dict.fromkeys(given for given in found if given))


def _first_id(group: Record) -> tuple[str, str] | None:
    told = (group.get("external-ids") or {}).get("external-id") or []
    given = {
        str(one.get("external-id-type")): str(one.get("external-id-value")) for one in reversed(told) if isinstance(one, dict)
    }
    return next(((scheme, given[scheme]) for scheme in ("doi", "arxiv") if scheme in given), None)
