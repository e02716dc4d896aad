"""The forgotten password: mail in the site's name, and not as much of it as somebody may ask for."""

from hashlib import sha256
from typing import Any

from axes.helpers import get_client_ip_address
from django.contrib.auth.views import PasswordResetView
from django.core.cache import cache
from django.http import HttpResponse

from authors.models import SiteIdentity

MOST, SECONDS = 5, 3600  # mails to one address, and requests from one, in an hour


class ForgottenPassword(PasswordResetView):
    """Whether an account exists makes no difference to the answer, nor to what is counted."""

    def form_valid(self, form: Any) -> HttpResponse:
        asked = [_asked("from", str(get_client_ip_address(self.request))), _asked("for", form.cleaned_data["email"].lower())]
        if max(asked) > MOST:
            form.add_error("email", "Too many requests for a new password. Please try again in an hour.")
            return self.render_to_response(self.get_context_data(form=form), status=429)
        # Django would name the host.
        self.extra_email_context = {"site_name": SiteIdentity.current().name}
        return super().form_valid(form)


def _asked(what: str, address: str) -> int:
    """How often within the hour, this time included."""
    key = f"password-reset-{what}-{sha256(address.encode()).hexdigest()}"
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key)
    except ValueError:  # forgotten at this very moment
        return 1
