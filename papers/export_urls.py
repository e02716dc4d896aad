"""The addresses of papers as files: /papers/P34.bib, and of any list, such as /authors/A12/papers.bib or /search.ris?q=…"""

from django.urls import path, re_path, register_converter
from django.views.decorators.http import require_safe

from authors import views as people
from papers import browse, profiles, search_pages, views
from papers.export_pages import ExportSuffix, any_of, paper_address, paper_file, short_address
from papers.exports.formats import OF_ONE
from papers.models import Paper
from papers.record_pages import record_page

register_converter(ExportSuffix, "export")
PART = "papers.{suffix}"
OF_PAPER = any_of(OF_ONE)

_paper = record_page(Paper.objects.published, withdrawn=Paper.objects.withdrawn, at=paper_address, part=".{suffix}")
_author = record_page(profiles.authors_with_page, at=short_address, part=PART)
_institution = record_page(profiles.institutions_with_page, at=short_address, part=PART)
_venue = record_page(profiles.venues_with_page, at=short_address, part=PART)

urlpatterns = [
    path("papers.<export:suffix>", require_safe(views.paper_list_file), name="papers-file"),
    path("search.<export:suffix>", require_safe(search_pages.search_file), name="search-file"),
    re_path(rf"^papers/(?P<public_id>[^/.]+)\.(?P<suffix>{OF_PAPER})$", _paper(paper_file), name="paper-file"),
    re_path(rf"^papers/(?P<public_id>[^/.]+)/(?P<slug>[^/.]+)\.(?P<suffix>{OF_PAPER})$", _paper(paper_file)),
    path("authors/<str:public_id>/papers.<export:suffix>", _author(people.author_file), name="author-file"),
    path("authors/<str:public_id>/<str:slug>/papers.<export:suffix>", _author(people.author_file)),
    path("institutions/<str:public_id>/papers.<export:suffix>", _institution(people.institution_file), name="institution-file"),
    path("institutions/<str:public_id>/<str:slug>/papers.<export:suffix>", _institution(people.institution_file)),
    path("categories/<str:code>/papers.<export:suffix>", require_safe(browse.category_file), name="category-file"),
    path("venues/<str:public_id>/papers.<export:suffix>", _venue(browse.venue_file), name="venue-file"),
    path("venues/<str:public_id>/<str:slug>/papers.<export:suffix>", _venue(browse.venue_file)),
]
