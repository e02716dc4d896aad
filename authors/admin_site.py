"""The admin as this catalogue shows it: the site's own name, records before bookkeeping, telling autocompletes."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from authors.models import SiteIdentity


class RecordAutocomplete(AutocompleteJsonView):
    """Offers records by the text their ModelAdmin chooses: names alone do not tell people apart."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        text = getattr(self.model_admin, "offered_as", str)(obj)
        return {"id": str(getattr(obj, to_field_name)), "text": text}


class CatalogueAdminSite(AdminSite):
    index_title = "Editing"
    enable_nav_sidebar = False  # lists need the width; the header leads to the records, the index to everything

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """`site` must be named here: Django's login view would put the host's name in its place."""
        site = SiteIdentity.current()
        return super().each_context(request) | {"site": site, "site_title": site.name, "site_header": site.name}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """What waits and what is missing, before the list of everything."""
        from papers.admin.dashboard import dashboard  # noqa: PLC0415 - models are not loaded when the site is made

        return super().index(request, {**(extra_context or {}), "dashboard": dashboard(request)})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Papers first, accounts last; within an app by `menu_place`, so that records stand before bookkeeping."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            app["name"] = {"auth": "Accounts and roles"}.get(app["app_label"], app["name"])
            for entry in app["models"]:
                entry["name"] = getattr(self._registry[entry["model"]], "menu_name", "") or entry["name"]
            app["models"].sort(key=lambda entry: getattr(self._registry[entry["model"]], "menu_place", 99))
        return sorted(apps, key=lambda app: {"papers": 0, "authors": 1}.get(app["app_label"], 2))

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        view: Any = RecordAutocomplete.as_view(admin_site=self)
        return view(request)
