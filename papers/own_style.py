"""The administrator's colours as a style sheet whose address names what it holds."""

from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha384

from django.core.cache import cache
from django.urls import reverse

from authors.models import SiteIdentity
from papers.models import Category
from papers.site_css import site_css

REMEMBERED = 60  # seconds, as long as the site's identity


@dataclass(frozen=True)
class OwnStyle:
    """`rules` is empty while nobody chose a colour."""

    rules: str

    @cached_property
    def integrity(self) -> str:
        """What a browser compares the style sheet with before it believes it."""
        return f"sha384-{b64encode(sha384(self.rules.encode()).digest()).decode()}"

    @cached_property
    def version(self) -> str:
        return sha384(self.rules.encode()).hexdigest()[:16]

    @property
    def address(self) -> str:
        return f"{reverse('site-css')}?v={self.version}"


def current() -> OwnStyle:
    found: OwnStyle | None = cache.get(_key())
    return found or renewed()


def renewed() -> OwnStyle:
    """From the database: another process may know of colours that this one does not yet."""
    site = SiteIdentity.current()
    coloured = Category.objects.exclude(colour="").values_list("code", "colour")
    made = OwnStyle(site_css(accent=site.accent, accent_dark=site.accent_dark, categories=coloured))
    cache.set(_key(), made, REMEMBERED)
    return made


def _key() -> str:
    return f"own-style:{SiteIdentity.current().updated_at}".replace(" ", "T")
