"""The admin application with this catalogue's own admin site."""

from django.contrib.admin.apps import AdminConfig


class CatalogueAdminConfig(AdminConfig):
    default_site = "authors.admin_site.CatalogueAdminSite"
