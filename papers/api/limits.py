"""How much one address or token may ask in a while: counted in the cache, so by each process unless CACHE_URL names a shared
one.
"""

import time
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils.module_loading import import_string
from rest_framework.exceptions import APIException


@dataclass(frozen=True)
class Rate:
    """`most` requests in a window of `seconds`, called `name` in headers."""

    name: str
    most: int
    seconds: int


@dataclass(frozen=True)
class Spent:
    """How much of a rate is left, and in how many seconds its window ends."""

    rate: Rate
    left: int
    ends: int


class TooMany(APIException):
    """`wait` is in seconds."""

    status_code = 429

    def __init__(self, spent: Spent) -> None:
        self.wait = spent.ends
        told = f"{spent.rate.most:,} requests are allowed in a {spent.rate.name}; ask again in {spent.ends} seconds."
        super().__init__(told)


def spend(request: HttpRequest, token: Any = None) -> list[Spent]:
    """Count one request of every rate: of the token's owner, or of the address."""
    rates = [Rate(*each) for each in (settings.API_TOKEN_RATE if token else settings.API_RATE)]
    if not rates:
        return []
    client = f"token-{token.pk}" if token else _client(request)
    return [_spend(rate, client) for rate in rates]


def headers_of(spent: list[Spent]) -> dict[str, str]:
    """As draft-ietf-httpapi-ratelimit-headers writes them."""
    if not spent:
        return {}
    policy = ", ".join(f'"{each.rate.name}";q={each.rate.most};w={each.rate.seconds}' for each in spent)
    left = ", ".join(f'"{each.rate.name}";r={max(0, each.left)};t={each.ends}' for each in spent)
    return {"RateLimit-Policy": policy, "RateLimit": left}


def _spend(rate: Rate, client: str) -> Spent:
    cache: Any = caches["limits"]
    window, passed = divmod(int(time.time()), rate.seconds)
    key = f"api-{rate.name}-{window}-{client}"
    cache.add(key, 0, rate.seconds + 1)
    try:
        count = cache.incr(key)
    except ValueError:  # it went this very moment, or the cache is away
        count = 1
    return Spent(rate, rate.most - count, rate.seconds - passed)


def _client(request: HttpRequest) -> str:
    """The address; of IPv6 the network, for one person has a whole one."""
    address = import_string(settings.CLIENT_ADDRESS)(request)
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip_network(f"{parsed}/64", strict=False).network_address) if parsed.version == 6 else str(parsed)
