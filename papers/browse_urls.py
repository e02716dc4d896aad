"""The addresses of categories, venues and the methods page."""

from django.urls import path

from papers import browse, compare, toplists

urlpatterns = [
    path("categories/", browse.category_list, name="categories"),
    path("categories/<str:code>/", browse.category, name="category"),
    path("categories/<str:code>/charts/<slug:chart>.csv", browse.category_chart, name="category-chart"),
    path("venues/", browse.venue_list, name="venues"),
    path("venues/<str:public_id>/", browse.venue),
    path("venues/<str:public_id>/<str:slug>/", browse.venue, name="venue"),
    path("venues/<str:public_id>/<str:slug>/charts/<slug:chart>.csv", browse.venue_chart, name="venue-chart"),
    path("methods/", browse.methods, name="methods"),
    path("compare/", compare.compare, name="compare"),
    path("top/", toplists.top_list),
    path("top/<slug:name>/", toplists.top_list, name="top-list"),
]
