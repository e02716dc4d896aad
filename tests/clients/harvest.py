"""Asking the service for harvesters as a harvester does, without a server between."""

from typing import Any
from xml.etree import ElementTree

from django.test import Client

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
KERNEL = "{http://datacite.org/schema/kernel-4}"


def ask(verb: str = "", *, post: bool = False, **arguments: Any) -> ElementTree.Element:
    """`since` stands for `from`, which is a word of Python's."""
    given = {"verb": verb} if verb else {}
    given |= {{"since": "from"}.get(name, name): value for name, value in arguments.items()}
    response = Client().post("/oai", given) if post else Client().get("/oai", given)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own answer


def error(verb: str = "", **arguments: Any) -> str:
    answer = ask(verb, **arguments)
    assert len(answer) == 3, "an error stands alone"
    return answer[2].attrib["code"]


def headers(answer: ElementTree.Element) -> dict[str, str]:
    """By local id ("P34") the status, "" of what is there."""
    found = answer.iter(f"{OAI}header")
    return {one.findtext(f"{OAI}identifier", "").rpartition(":")[2]: one.get("status", "") for one in found}


def listed(**arguments: Any) -> dict[str, str]:
    return headers(ask("ListIdentifiers", **{"metadataPrefix": "oai_dc"} | arguments))


def token(answer: ElementTree.Element) -> str:
    return next(answer.iter(f"{OAI}resumptionToken")).text or ""


def record(paper: Any, prefix: str = "oai_dc") -> ElementTree.Element:
    return ask("GetRecord", identifier=f"oai:bylines.localhost:{paper.public_id}", metadataPrefix=prefix)


def texts(answer: ElementTree.Element, tag: str) -> list[str]:
    return [one.text or "" for one in answer.iter(tag)]


def datestamp(paper: Any) -> str:
    return texts(record(paper), f"{OAI}datestamp")[0]
