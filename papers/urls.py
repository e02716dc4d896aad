"""The addresses of papers, the home page and what belongs to the whole site."""

from django.urls import include, path

from papers import views

urlpatterns = [
    path("", views.home, name="home"),
    path("papers/", views.paper_list, name="papers"),
    path("papers/<str:public_id>/", views.paper_detail, name="paper-short"),
    path("papers/<str:public_id>/<str:slug>/", views.paper_detail, name="paper"),
    path("site.css", views.site_css, name="site-css"),
    path("site-logo", views.site_logo, name="site-logo"),
    path("", include("papers.browse_urls")),
]
