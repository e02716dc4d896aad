"""Whether something still stands at a web address. Only the hosts in CODE_HOSTS are asked, redirects included, by https."""

import time
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings

from papers.importers.fetching.client import REDIRECTS, Client, answer_to, check_status, too_slow
from papers.importers.fetching.errors import FetchError, NotFound, Refused
from papers.importers.fetching.pacing import wait_turn, within

EVERY = 1.0  # least seconds between two questions to one host
KEPT = "/%:@!$&'()*+,;=~-._?"  # characters that an address may hold as they are
PERMANENT, HEAD_REFUSED, LOCKED = (301, 308), (405, 501), (401, 403)
SIGN_IN = "/users/sign_in"  # where GitLab sends whoever asks for what is not there, or is private


@dataclass(frozen=True)
class Found:
    """Where it stands; `moved` if every step there was a redirect for good, and it is another address than before."""

    address: str
    moved: bool


def code_host(address: str) -> str:
    """The host on the list that would be asked for the address; nothing if none would."""
    try:
        parts = urlsplit(address)
        plain = parts.port in (None, 80, 443) and parts.username is None and parts.password is None
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.")
    return host if plain and parts.scheme in ("http", "https") and host in settings.CODE_HOSTS else ""


def origin_of(host: str) -> str:
    return f"https://{host}"


class Looker:
    """Asks once for each address; a host that does not answer, or has had enough, is not asked again."""

    def __init__(self) -> None:
        self._headers = {"User-Agent": Client().agent, "Accept": "*/*", "Accept-Encoding": "identity"}
        self._given_up: dict[str, FetchError] = {}

    def gave_up(self, address: str) -> bool:
        return code_host(address) in self._given_up

    def look(self, address: str) -> Found:
        """Raises FetchError: NotFound if nothing is there."""
        until = time.monotonic() + settings.FETCH_TIMEOUT
        here, for_good = address, True
        for _ in range(REDIRECTS + 1):
            led = self._ask(here, until)
            if led is None:
                return Found(here, for_good and _bare(here) != _bare(address))
            location, permanent = led
            here, for_good = _joined(here, location), for_good and permanent
            if urlsplit(here).path.startswith(SIGN_IN):
                raise NotFound("Nothing is there for everybody.")
        raise Refused(f"{code_host(address)} sends us in circles.")

    def _ask(self, address: str, until: float) -> tuple[str, bool] | None:
        """Where it redirects to, and whether for good; None if it is there."""
        host = code_host(address)
        if not host:
            raise Refused("It leads to an address that is not asked.")
        if host in self._given_up:
            raise self._given_up[host]
        try:
            return within(until, partial(self._exchange, host, address, until), late=too_slow(host))
        except FetchError as error:
            if error.lasting:
                self._given_up[host] = error
            raise

    def _exchange(self, host: str, address: str, until: float) -> tuple[str, bool] | None:
        """Bodies are never read: where a question for the head alone is refused, the answer is closed after its head."""
        for method in ("HEAD", "GET"):
            wait_turn(host, EVERY, until)
            with answer_to(method, origin_of(host) + _path(address), self._headers, host=host) as response:
                if response.status in HEAD_REFUSED and method == "HEAD":
                    continue
                if location := response.get_redirect_location():
                    return str(location), response.status in PERMANENT
                if response.status in LOCKED:
                    raise Refused(f"{host} does not show it to everybody ({response.status}).")
                check_status(response.status, response.headers.get("Retry-After"), host)
                return None
        raise AssertionError("the second method is answered or raises")


def _path(address: str) -> str:
    parts = urlsplit(address)
    path = quote(parts.path or "/", safe=KEPT)
    return f"{path}?{quote(parts.query, safe=KEPT + '/')}" if parts.query else path


def _joined(address: str, location: str) -> str:
    try:
        return urljoin(address, location)
    except ValueError as error:
        raise Refused("It leads to an address that is none.") from error


def _bare(address: str) -> str:
    """Without what makes no other place of it."""
    parts = urlsplit(address)
    return f"{code_host(address)}{parts.path.rstrip('/').removesuffix('.git')}?{parts.query}".casefold()
