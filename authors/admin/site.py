"""The site's identity: one row, so no list."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect

from authors.admin.base import CatalogueAdmin
from authors.models import SiteIdentity


@admin.register(SiteIdentity)
class SiteIdentityAdmin(CatalogueAdmin):
    menu_place = 20
    fieldsets = [
        (None, {"fields": ["name", "tagline", "introduction"]}),
        ("Looks", {"fields": ["logo", ("accent", "accent_dark")]}),
        ("Contact and privacy", {"fields": ["contact_email", "contact_text", "privacy_text"]}),
        ("Top lists", {"fields": ["top_lists"]}),
        ("Licence of the data", {"fields": ["data_licence_name", "data_licence_url", "data_licence_text"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> SiteIdentity | None:
        """The defaults while nobody has saved the form yet."""
        return SiteIdentity.objects.filter(pk=1).first() or SiteIdentity(pk=1) if object_id == "1" else None

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("admin:authors_siteidentity_change", 1)

    def response_post_save_change(self, request: HttpRequest, obj: SiteIdentity) -> HttpResponseRedirect:
        return redirect("admin:index")
