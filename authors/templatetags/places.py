"""How countries and web addresses are written in templates."""

from django import template

from authors import countries

register = template.Library()


@register.filter
def country(code: str) -> str:
    """The name of the country, or the code when there is no such country."""
    return countries.country_name(code)


@register.filter
def bare(address: str) -> str:
    """The address as people say it: `example.org/~ada`."""
    return address.partition("://")[2].removeprefix("www.").rstrip("/") or address
