"""The site's own style sheets and scripts, each with the digest that browsers compare it with before they use it."""

from base64 import b64encode
from functools import lru_cache
from hashlib import sha384
from pathlib import Path

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from papers import own_style

register = template.Library()


@register.simple_tag
def stylesheet(name: str, media: str = "") -> SafeString:
    about = format_html(' media="{}"', media) if media else ""
    return format_html('<link rel="stylesheet" href="{}"{}{}>', static(name), about, _integrity(integrity_of(name)))


@register.simple_tag
def script(name: str, *, defer: bool = True) -> SafeString:
    later = SafeString(" defer") if defer else ""
    return format_html('<script src="{}"{}{}></script>', static(name), _integrity(integrity_of(name)), later)


@register.simple_tag
def own_stylesheet() -> SafeString:
    """The administrator's colours; nothing while there are none."""
    style = own_style.current()
    if not style.rules:
        return SafeString()
    return format_html('<link rel="stylesheet" href="{}"{}>', style.address, _integrity(style.integrity))


def integrity_of(name: str) -> str:
    """Of the file as it is served; nothing if it is not where it should be."""
    try:
        if hasattr(staticfiles_storage, "stored_name") and not settings.DEBUG:
            return _digest_of_collected(staticfiles_storage.path(staticfiles_storage.stored_name(name)))
        return _digest(Path(str(finders.find(name))))
    except OSError:
        return ""


@lru_cache(maxsize=256)
def _digest_of_collected(path: str) -> str:
    """Another content has another name."""
    return _digest(Path(path))


def _digest(path: Path) -> str:
    return f"sha384-{b64encode(sha384(path.read_bytes()).digest()).decode()}"


def _integrity(digest: str) -> str:
    return format_html(' integrity="{}"', digest) if digest else ""
