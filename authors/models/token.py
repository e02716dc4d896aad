"""Tokens with which an editor's programs speak to the API."""

from datetime import date, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

BEGINS = "byl_"  # so that whoever finds one in a file knows what it is
SHOWN = 10  # characters by which people tell their tokens apart
LASTS = timedelta(days=365)


def a_year_from_now() -> date:
    return timezone.localdate() + LASTS


class TokenQuerySet(models.QuerySet[Any]):
    def usable(self) -> Self:
        """Neither revoked nor expired, and the account may still log in to the admin."""
        fresh = models.Q(expires_on=None) | models.Q(expires_on__gte=timezone.localdate())
        return self.filter(fresh, revoked_at=None, user__is_active=True, user__is_staff=True)

    def with_secret(self, secret: str) -> Self:
        return self.filter(digest=digest_of(secret))


class ApiToken(models.Model):
    """Says who asks; it may do what its owner's roles allow, and nothing but read unless it `may_write`.

    The secret is told once and never kept. When a token was last used is not kept either: reading writes nothing.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="api_tokens", verbose_name="owner"
    )
    name = models.CharField(max_length=80, help_text="What uses it, and where: “nightly sync, library server”.")
    prefix = models.CharField("begins with", max_length=SHOWN, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    may_write = models.BooleanField(
        "may write", default=False, help_text="It may change what you may change. Without this it may only read."
    )
    expires_on = models.DateField(
        "last day", null=True, blank=True, default=a_year_from_now, help_text="Empty: until it is revoked."
    )
    created_at = models.DateTimeField("made", auto_now_add=True)
    revoked_at = models.DateTimeField("revoked", null=True, blank=True, editable=False)
    revoked_by = models.CharField(max_length=150, blank=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = "API token"
        ordering = ["-id"]
        default_permissions = ("view", "add")
        permissions = [("manage_apitokens", "Can see and revoke everybody's API tokens")]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def make_secret(self) -> str:
        """Gives the token a new secret, to be told once; the caller saves."""
        secret = BEGINS + token_urlsafe(32)
        self.prefix, self.digest = secret[:SHOWN], digest_of(secret)
        return secret

    @property
    def has_expired(self) -> bool:
        return self.expires_on is not None and self.expires_on < timezone.localdate()


def digest_of(secret: str) -> str:
    """No slow hash as for passwords: 256 random bits cannot be guessed, and every request would pay for it."""
    return sha256(secret.encode(errors="replace")).hexdigest()
