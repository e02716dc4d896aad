"""Where a field is from, in the admin's forms."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of(origins: Mapping[str, Any] | str, name: str) -> Any:
    """The field's origin; nothing on forms of records that have none."""
    return origins.get(name) if isinstance(origins, Mapping) else None
