"""Tokens of the API: an editor makes and revokes her own, administrators see and revoke everybody's; nobody changes one."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.debug import sensitive_variables

from authors.admin.base import CatalogueAdmin
from authors.admin.bulk import question
from authors.admin.choosing import KnownForm
from authors.models import ApiToken


class TokenForm(KnownForm):
    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        if day and day < timezone.localdate():
            raise ValidationError("This day is over.")
        return day


def sees_everybodys(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("authors.manage_apitokens"))


@admin.register(ApiToken)
class TokenAdmin(CatalogueAdmin):
    menu_place = 30
    menu_name = "API tokens"
    form = TokenForm
    actions = ("revoke",)
    list_display = ["name", "begins", "owner", "may", "made", "last_day", "state"]
    list_select_related = ["user"]
    search_fields = ["name", "prefix", "user__username"]
    search_help_text = "Words of the name, the token's first characters, or whose it is."
    sortable_by = ()
    ordering = ["-id"]
    fields = ["name", "may_write", "expires_on"]

    def get_queryset(self, request: HttpRequest) -> Any:
        found = super().get_queryset(request)
        return found if sees_everybodys(request) else found.filter(user=request.user.pk)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["name", "begins", "owner", "may", "made", "last_day", "state"] if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A revoked token stays in the list: it says who revoked it, and when."""
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request)

    # --- making ----------------------------------------------------------------------------------------------------------

    @sensitive_variables("secret")
    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        obj.user = request.user  # type: ignore[assignment]  # nobody gets in here without an account
        obj.secret = obj.make_secret()  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """The secret is in this one answer and nowhere else: no message, no session and no cache holds it."""
        context = {
            **self.admin_site.each_context(request), "title": "The new token", "opts": self.opts, "token": obj,
            "secret": obj.secret, "owner_writes": request.user.has_perm("papers.change_paper"),
        }  # fmt: skip
        return TemplateResponse(request, "admin/token_made.html", context, headers={"Cache-Control": "no-store"})

    # --- revoking --------------------------------------------------------------------------------------------------------

    @admin.action(description="Revoke …", permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Asks first: the programs that use them stop working at once."""
        standing = queryset.filter(revoked_at=None)
        if "apply" not in request.POST:
            return question(self, request, "admin/revoke_tokens.html", standing, title="Revoke tokens", tokens=list(standing))
        count = standing.update(revoked_at=timezone.now(), revoked_by=request.user.get_username())
        told = f"{count:,} token{'' if count == 1 else 's'} revoked." if count else "They are revoked already."
        messages.success(request, told)
        return None

    # --- what a list says ------------------------------------------------------------------------------------------------

    @admin.display(description="begins with")
    def begins(self, obj: ApiToken) -> str:
        return f"{obj.prefix}…"

    @admin.display(description="owner")
    def owner(self, obj: ApiToken) -> str:
        return obj.user.get_username() if obj.user else "an account that is gone"

    @admin.display(description="may")
    def may(self, obj: ApiToken) -> str:
        return "read and write" if obj.may_write else "read"

    @admin.display(description="made")
    def made(self, obj: ApiToken) -> str:
        return date_format(obj.created_at, "DATE_FORMAT")

    @admin.display(description="last day")
    def last_day(self, obj: ApiToken) -> str:
        return date_format(obj.expires_on, "DATE_FORMAT") if obj.expires_on else "none"

    @admin.display(description="state")
    def state(self, obj: ApiToken) -> str:
        if obj.revoked_at:
            return f"revoked on {date_format(obj.revoked_at, 'DATE_FORMAT')} by {obj.revoked_by}"
        if obj.has_expired:
            return "expired"
        return "usable" if obj.user and obj.user.is_active and obj.user.is_staff else "dead: its owner cannot log in here"
