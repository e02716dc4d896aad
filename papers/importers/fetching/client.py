"""One polite way to ask the services.

Only the origins in SERVICES are ever asked, redirects included; looking.py asks those in CODE_HOSTS in the same way. Every
question has an end: connecting, silence, the whole and the size of the answer are bounded. Proxies of the environment
(HTTPS_PROXY, NO_PROXY) are used.
"""

import json
import logging
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from django.conf import settings
from urllib3.exceptions import HTTPError, LocationValueError, NameResolutionError
from urllib3.util import Timeout, make_headers, parse_url

from authors.models import SiteIdentity
from papers.importers.fetching.answers import read_body
from papers.importers.fetching.errors import FetchError, NotFound, Offline, Refused, Unreadable
from papers.importers.fetching.pacing import wait_turn, within

logger = logging.getLogger(__name__)

CONNECT, SILENCE = 5.0, 20.0  # seconds until there is a connection, and between two parts of an answer
TRIES, LONGEST_PAUSE, REDIRECTS = 3, 30.0, 3
PAUSE = 1.0  # seconds before the second try, doubled before the third
TEMPORARY = {408, 425, *range(500, 600)}


@dataclass(frozen=True)
class Service:
    """Where a service is, and the least seconds between two questions of all our processes together."""

    origin: str
    every: float


SERVICES = {
    "openalex": Service("https://api.openalex.org", 0.15),
    "crossref": Service("https://api.crossref.org", 0.25),
    "arxiv": Service("https://export.arxiv.org", 3.0),
    "orcid": Service("https://pub.orcid.org", 0.25),
}
Parameters = Mapping[str, str | int]


@lru_cache
def version() -> str:
    told = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())
    return str(told["project"]["version"])


class Client:
    """Asks the services one question at a time. With `seconds` everything it is asked has to fit into them; else every
    question may take FETCH_TIMEOUT. A service that cannot be reached is not asked again.
    """

    def __init__(self, *, seconds: float | None = None) -> None:
        contact: str = settings.CONTACT_EMAIL or SiteIdentity.current().contact_email
        self.contact = contact if contact.isascii() else ""  # headers hold nothing else
        self._until = time.monotonic() + seconds if seconds else None
        self._given_up: dict[str, FetchError] = {}

    def json(self, name: str, path: str, parameters: Parameters | None = None) -> dict[str, Any]:
        """The object that the service answers with. Raises FetchError."""
        body = self._ask(name, path, {**(parameters or {}), **self._mailto(name)}, "application/json")
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Unreadable(f"{host_of(name)} answered with something that is no JSON.") from error
        if not isinstance(answer, dict):
            raise Unreadable(f"{host_of(name)} answered with something else than a record.")
        return answer

    def xml(self, name: str, path: str, parameters: Parameters | None = None) -> bytes:
        """The document that the service answers with, unread. Raises FetchError."""
        return self._ask(name, path, parameters or {}, "application/atom+xml")

    def _mailto(self, name: str) -> dict[str, str]:
        return {"mailto": self.contact} if self.contact and name in ("openalex", "crossref") else {}

    def _ask(self, name: str, path: str, parameters: Parameters, wanted: str) -> bytes:
        if name in self._given_up:
            raise self._given_up[name]
        address = SERVICES[name].origin + path + (f"?{urlencode(parameters)}" if parameters else "")
        try:
            return self._try(name, address, wanted)
        except FetchError as error:
            logger.warning("%s%s: %s", host_of(name), path, error)
            if error.lasting:
                self._given_up[name] = error
            raise

    def _try(self, name: str, address: str, wanted: str) -> bytes:
        """Up to three times, with growing pauses or as long as the service asks for."""
        until = time.monotonic() + settings.FETCH_TIMEOUT
        until = min(until, self._until) if self._until else until
        for attempt in range(1, TRIES + 1):
            try:
                return self._once(name, address, wanted, until)
            except FetchError as error:
                pause = PAUSE * 2 ** (attempt - 1) if error.after is None else error.after
                if not error.again or attempt == TRIES or pause > LONGEST_PAUSE or time.monotonic() + pause > until:
                    raise
            time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _once(self, name: str, address: str, wanted: str, until: float) -> bytes:
        for _ in range(REDIRECTS + 1):
            wait_turn(name, SERVICES[name].every, until)
            answer = within(until, partial(self._exchange, name, address, wanted, until), late=too_slow(name))
            if isinstance(answer, bytes):
                return answer
            address = _next(address, answer, name)
        raise Refused(f"{host_of(name)} sends us in circles.")

    def _exchange(self, name: str, address: str, wanted: str, until: float) -> bytes | str:
        """The body of the answer, or where it redirects to."""
        with answer_to("GET", address, self._headers(name, address, wanted), host=host_of(name)) as response:
            if location := response.get_redirect_location():
                return str(location)
            check_status(response.status, response.headers.get("Retry-After"), name)
            return read_body(response, wanted=wanted, host=host_of(name), until=until)

    @property
    def agent(self) -> str:
        about = f"mailto:{self.contact}" if self.contact else "no contact given"
        return f"Bylines/{version()} ({about})"

    def _headers(self, name: str, address: str, wanted: str) -> dict[str, str]:
        headers = {"User-Agent": self.agent, "Accept": wanted, "Accept-Encoding": "gzip"}
        if name == "openalex" and settings.OPENALEX_API_KEY and address.startswith(SERVICES[name].origin + "/"):
            headers["Authorization"] = f"Bearer {settings.OPENALEX_API_KEY}"  # not in the address, which proxies log
        return headers


def host_of(name: str) -> str:
    """Of a service; other hosts go by their own names."""
    return urlsplit(SERVICES[name].origin).hostname or name if name in SERVICES else name


@contextmanager
def answer_to(method: str, address: str, headers: Mapping[str, str], *, host: str) -> Iterator[Any]:
    """The answer, its body unread; redirects are not followed. Raises Offline, also for what breaks off within the block."""
    try:
        response = _pool(address).request(
            method, address, headers=headers, redirect=False, retries=False, preload_content=False,
            timeout=Timeout(connect=CONNECT, read=SILENCE),
        )  # fmt: skip
        try:
            yield response
        finally:
            response.close()
    except (HTTPError, OSError) as error:
        told = f"{host} does not answer: the server may have no way to the internet."
        # Where no name is known there is no way out: asking again only lets an editor wait.
        raise Offline(told, again=not isinstance(error, NameResolutionError), lasting=True) from error


def too_slow(name: str) -> FetchError:
    return Offline(f"{host_of(name)} takes too long to answer. Try again later.", lasting=True)


def _next(address: str, location: str, name: str) -> str:
    """Where a redirect leads, if that is one of the services."""
    try:
        address = urljoin(address, location)
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    except ValueError:
        origin = ""
    if origin not in {service.origin for service in SERVICES.values()}:
        raise Refused(f"{host_of(name)} sends us elsewhere, to an address that is not asked.")
    return address


def check_status(status: int, retry_after: str | None, name: str) -> None:
    host = host_of(name)
    if status in (404, 410):
        raise NotFound(f"{host} knows no such record.")
    if status == 429:
        told = f"{host} has had enough questions for now (429). Try again later."
        raise Refused(told, again=True, after=_seconds(retry_after), lasting=True)
    if status in TEMPORARY:
        raise Offline(f"{host} has trouble of its own ({status}). Try again later.", again=True, after=_seconds(retry_after))
    if status in (401, 403):
        key = " The key in OPENALEX_API_KEY may be missing or wrong." if name == "openalex" else ""
        raise Refused(f"{host} refuses to answer ({status}).{key}", lasting=status == 401)
    if status != 200:
        raise Refused(f"{host} does not take the question ({status}).")


def _seconds(told: str | None) -> float | None:
    """Retry-After as seconds; dates are rare, and then the usual pause does."""
    return float(told) if told and told.isascii() and told.isdigit() and len(told) < 9 else None


@lru_cache(16)
def _pool_to(proxy: str) -> urllib3.PoolManager:
    if not proxy:
        return urllib3.PoolManager()
    given = parse_url(proxy if "://" in proxy else f"http://{proxy}")
    return urllib3.ProxyManager(
        given._replace(auth=None).url, proxy_headers=make_headers(proxy_basic_auth=given.auth) if given.auth else None
    )


def _pool(address: str) -> urllib3.PoolManager:
    """Connections, by the environment's proxy if there is one for the address."""
    parts = urlsplit(address)
    proxy = "" if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme, "")
    try:
        return _pool_to(proxy)
    except (LocationValueError, ValueError, AssertionError) as error:
        raise Offline(
            "The proxy in HTTPS_PROXY cannot be used: its address is not one of http or https.", lasting=True
        ) from error
