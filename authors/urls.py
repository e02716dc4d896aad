"""The addresses of people, institutions and the pages of text."""

from django.urls import path
from django.views.generic import TemplateView

from authors import reporting, views

urlpatterns = [
    path("authors/", views.author_list, name="authors"),
    path("authors/<str:public_id>/", views.author),
    path("authors/<str:public_id>/report/", reporting.author_report, name="author-report"),
    path("authors/<str:public_id>/report/thanks/", reporting.author_thanks, name="author-report-thanks"),
    path("authors/<str:public_id>/<str:slug>/", views.author, name="author"),
    path("authors/<str:public_id>/<str:slug>/charts/<slug:chart>.csv", views.author_chart, name="author-chart"),
    path("institutions/", views.institution_list, name="institutions"),
    path("institutions/<str:public_id>/", views.institution),
    path("institutions/<str:public_id>/report/", reporting.institution_report, name="institution-report"),
    path("institutions/<str:public_id>/report/thanks/", reporting.institution_thanks, name="institution-report-thanks"),
    path("institutions/<str:public_id>/<str:slug>/", views.institution, name="institution"),
    path("institutions/<str:public_id>/<str:slug>/charts/<slug:chart>.csv", views.institution_chart, name="institution-chart"),
    path("about/", TemplateView.as_view(template_name="pages/about.html"), name="about"),
    path("accessibility/", TemplateView.as_view(template_name="pages/accessibility.html"), name="accessibility"),
    path("contact/", TemplateView.as_view(template_name="pages/contact.html"), name="contact"),
    path("data-licence/", TemplateView.as_view(template_name="pages/data_licence.html"), name="data-licence"),
    path("privacy/", TemplateView.as_view(template_name="pages/privacy.html"), name="privacy"),
]
