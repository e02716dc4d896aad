"""The addresses of categories, venues and the methods page."""

from django.urls import path

from papers import browse

urlpatterns = [
    path("categories/", browse.category_list, name="categories"),
    path("categories/<str:code>/", browse.category, name="category"),
    path("venues/", browse.venue_list, name="venues"),
    path("venues/<str:public_id>/", browse.venue),
    path("venues/<str:public_id>/<str:slug>/", browse.venue, name="venue"),
    path("methods/", browse.methods, name="methods"),
]
