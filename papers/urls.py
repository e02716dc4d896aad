"""The addresses of papers, the home page and what belongs to the whole site."""

from django.urls import include, path

from authors import reporting
from papers import search_pages, views

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", search_pages.search, name="search"),
    path("search/suggest", search_pages.suggest, name="search-suggest"),
    path("papers/", views.paper_list, name="papers"),
    path("papers/<str:public_id>/", views.paper_detail, name="paper-short"),
    path("papers/<str:public_id>/report/", reporting.paper_report, name="paper-report"),
    path("papers/<str:public_id>/report/thanks/", reporting.paper_thanks, name="paper-report-thanks"),
    path("papers/<str:public_id>/<str:slug>/", views.paper_detail, name="paper"),
    path("papers/<str:public_id>/<str:slug>/references/", views.references, name="paper-references"),
    path("papers/<str:public_id>/<str:slug>/cited-by/", views.citing_papers, name="paper-cited-by"),
    path("papers/<str:public_id>/<str:slug>/charts/<slug:chart>.csv", views.paper_chart, name="paper-chart"),
    path("", include("papers.machine_urls")),
    path("", include("papers.export_urls")),
    path("site.css", views.site_css, name="site-css"),
    path("site-logo", views.site_logo, name="site-logo"),
    path("", include("papers.browse_urls")),
]
