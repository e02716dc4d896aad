"""The site's addresses; each app brings its own."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", include("authors.accounts")),
    path("admin/", admin.site.urls),
    path("api/", include("papers.api.urls")),
    path("", include("papers.oai.urls")),
    path("", include("authors.urls")),
    path("", include("papers.urls")),
]

handler400 = "papers.views.bad_request"
handler403 = "papers.views.forbidden"
handler404 = "papers.views.not_found"
handler500 = "papers.views.server_error"
