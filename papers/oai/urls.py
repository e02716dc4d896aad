"""The one address of the service for harvesters."""

from django.urls import path

from papers.oai.views import oai

urlpatterns = [path("oai", oai, name="oai")]
