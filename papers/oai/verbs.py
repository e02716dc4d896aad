"""The six verbs: each takes the checked arguments and gives what writes the answer, or raises the protocol's error."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr

from django.conf import settings
from django.utils import timezone

from authors.models import SiteIdentity
from papers.oai import errors, selecting, sets
from papers.oai.arguments import read_selection
from papers.oai.formats import FORMATS
from papers.oai.selecting import Listed
from papers.oai.tokens import LIFE, Resumed, read_sets_token, read_token, write_sets_token, write_token
from papers.oai.xml import Writer

PAGE = 100
SECONDS = "%Y-%m-%dT%H:%M:%SZ"
OAI_IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
_DOMAIN = re.compile(r"[A-Za-z][A-Za-z0-9-]*(\.[A-Za-z][A-Za-z0-9-]*)+")

Write = Callable[[Writer], None]
Arguments = Mapping[str, str]


@dataclass(frozen=True)
class Site:
    """`base` is the address of the service, `root` the one that paths are appended to."""

    base: str
    root: str


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(SECONDS)


def domain() -> str:
    """What identifiers name the site by, whichever of its addresses is asked: the first name in ALLOWED_HOSTS."""
    named = (host.removeprefix(".") for host in settings.ALLOWED_HOSTS)
    return next(filter(_DOMAIN.fullmatch, named), "bylines.localhost")


def identifier(key: int) -> str:
    return f"oai:{domain()}:P{key}"


# --- about the site ------------------------------------------------------------------------------------------------------


def identify(arguments: Arguments, site: Site) -> Write:
    identity, earliest = SiteIdentity.current(), selecting.earliest()

    def write(xml: Writer) -> None:
        xml.element("repositoryName", identity.name)
        xml.element("baseURL", site.base)
        xml.element("protocolVersion", "2.0")
        xml.element("adminEmail", _admin(identity.contact_email))
        xml.element("earliestDatestamp", instant(earliest))
        xml.element("deletedRecord", "persistent")
        xml.element("granularity", "YYYY-MM-DDThh:mm:ssZ")
        xml.elements("compression", ["gzip"])
        schema = f"{OAI_IDENTIFIER} http://www.openarchives.org/OAI/2.0/oai-identifier.xsd"
        with xml.inside("description"), xml.root("oai-identifier", {"": OAI_IDENTIFIER}, schema):
            xml.element("scheme", "oai")
            xml.element("repositoryIdentifier", domain())
            xml.element("delimiter", ":")
            xml.element("sampleIdentifier", identifier(34))

    return write


def _admin(contact: str) -> str:
    """The protocol demands an address with a domain: where nobody gave one, the one that RFC 2142 has every site answer."""
    given = (contact, settings.CONTACT_EMAIL, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    return next((one for one in given if "." in one.rpartition("@")[2]), f"webmaster@{domain()}")


def list_metadata_formats(arguments: Arguments, site: Site) -> Write:
    if "identifier" in arguments and _found(arguments["identifier"]).paper is None:
        raise errors.NoMetadataFormats("This paper is gone; no format describes it any more.")

    def write(xml: Writer) -> None:
        for prefix, form in FORMATS.items():
            with xml.inside("metadataFormat"):
                xml.element("metadataPrefix", prefix)
                xml.element("schema", form.schema)
                xml.element("metadataNamespace", form.namespace)

    return write


def list_sets(arguments: Arguments, site: Site) -> Write:
    token = arguments.get("resumptionToken", "")
    found, last = sets.list_sets(read_sets_token(token) if token else 0, PAGE)
    if not found:
        raise errors.NoSetHierarchy("There are no categories and no institutions yet.")

    def write(xml: Writer) -> None:
        for spec, name in found:
            with xml.inside("set"):
                xml.element("setSpec", spec)
                xml.element("setName", name)
        if last:
            xml.element("resumptionToken", write_sets_token(last), expirationDate=_expires())
        elif token:
            xml.element("resumptionToken")

    return write


# --- records -------------------------------------------------------------------------------------------------------------


def get_record(arguments: Arguments, site: Site) -> Write:
    _check_format(arguments["metadataPrefix"])
    found = _found(arguments["identifier"])
    return lambda xml: _record(xml, found, arguments["metadataPrefix"], site)


def list_identifiers(arguments: Arguments, site: Site) -> Write:
    return _list("ListIdentifiers", arguments, site)


def list_records(arguments: Arguments, site: Site) -> Write:
    return _list("ListRecords", arguments, site)


def _list(verb: str, arguments: Arguments, site: Site) -> Write:
    whole = verb == "ListRecords"
    resumed = _resumed(verb, arguments)
    found = selecting.select(resumed.selection, resumed.after, PAGE + 1, whole=whole)
    if not found:
        raise errors.NoRecordsMatch("No record is in this list.")

    def write(xml: Writer) -> None:
        for listed in found[:PAGE]:
            if whole:
                _record(xml, listed, resumed.selection.prefix, site)
            else:
                _header(xml, listed)
        _resumption(xml, verb, resumed, found)

    return write


def _resumed(verb: str, arguments: Arguments) -> Resumed:
    if token := arguments.get("resumptionToken", ""):
        resumed = read_token(verb, token)
        if resumed.selection.prefix not in FORMATS:
            raise errors.BadResumptionToken("The format of this list is no longer offered.")
        return resumed
    asked = read_selection(arguments)
    _check_format(asked.prefix)
    return Resumed(asked, None, 0, selecting.count(asked))


def _resumption(xml: Writer, verb: str, resumed: Resumed, found: list[Listed]) -> None:
    """Of a list in several pieces the last one says so by an empty token."""
    told = {"completeListSize": str(max(resumed.size, resumed.cursor + len(found))), "cursor": str(resumed.cursor)}
    if len(found) > PAGE:
        after = Resumed(resumed.selection, found[PAGE - 1].place, resumed.cursor + PAGE, resumed.size)
        xml.element("resumptionToken", write_token(verb, after), expirationDate=_expires(), **told)
    elif resumed.after is not None:
        xml.element("resumptionToken", **told)


def _record(xml: Writer, listed: Listed, prefix: str, site: Site) -> None:
    with xml.inside("record"):
        _header(xml, listed)
        if listed.paper is not None:
            with xml.inside("metadata"):
                FORMATS[prefix].write(xml, listed.paper, site.root)


def _header(xml: Writer, listed: Listed) -> None:
    status = {} if listed.paper is not None else {"status": "deleted"}
    with xml.inside("header", **status):
        xml.element("identifier", identifier(listed.key))
        xml.element("datestamp", instant(listed.at))
        xml.elements("setSpec", listed.sets)


def _found(name: str) -> Listed:
    shape = re.fullmatch(rf"oai:{re.escape(domain())}:P([1-9]\d{{0,17}})", name)
    found = selecting.find(int(shape[1])) if shape else None
    if found is None:
        raise errors.IdDoesNotExist(f"Nothing here is called that; identifiers look like {identifier(34)}.")
    return found


def _check_format(prefix: str) -> None:
    if prefix not in FORMATS:
        raise errors.CannotDisseminateFormat(f"The formats are {' and '.join(FORMATS)}.")


def _expires() -> str:
    return instant(timezone.now() + LIFE)


VERBS = {
    "Identify": identify,
    "ListMetadataFormats": list_metadata_formats,
    "ListSets": list_sets,
    "GetRecord": get_record,
    "ListIdentifiers": list_identifiers,
    "ListRecords": list_records,
}
