"""The addresses of papers, the home page and what belongs to the whole site."""

from django.urls import include, path

from authors import reporting
from papers import feeds, search_pages, views

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", search_pages.search, name="search"),
    path("search/suggest", search_pages.suggest, name="search-suggest"),
    path("papers/", views.paper_list, name="papers"),
    path("papers/<str:public_id>/", views.paper_detail, name="paper-short"),
    path("papers/<str:public_id>/report/", reporting.paper_report, name="paper-report"),
    path("papers/<str:public_id>/report/thanks/", reporting.paper_thanks, name="paper-report-thanks"),
    path("papers/<str:public_id>/<str:slug>/", views.paper_detail, name="paper"),
    path("feeds/papers.atom", feeds.papers_feed, name="papers-feed"),
    path("site.css", views.site_css, name="site-css"),
    path("site-logo", views.site_logo, name="site-logo"),
    path("", include("papers.browse_urls")),
]
