"""What every template knows."""

from django.http import HttpRequest

from authors.models import SiteIdentity


def site(request: HttpRequest) -> dict[str, object]:
    return {"site": SiteIdentity.current()}
