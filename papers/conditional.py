"""For answers that programs fetch again and again."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

View = Callable[..., HttpResponse]


def kept(seconds: int) -> Callable[[View], View]:
    """Read only; any cache may keep the answer so long, and what has not changed by then is not sent again."""

    def decorate(view: View) -> View:
        @require_safe
        @conditional_page
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
            return cache_control(public=True, max_age=seconds)(view)(request, *args, **given)

        return answer

    return decorate
