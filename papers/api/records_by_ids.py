"""Many records of each kind by their ids."""

from authors.api.views import AuthorDetail, AuthorList, Authors, InstitutionDetail, InstitutionList, Institutions
from papers.api.batching import RecordBatch
from papers.api.views import PaperDetail, PaperList, Papers, VenueDetail, VenueList, Venues


class PaperBatch(RecordBatch, Papers):
    operation, summary = "get_papers_by_ids", "Papers by their ids"
    of, listed = PaperDetail, PaperList


class AuthorBatch(RecordBatch, Authors):
    operation, summary = "get_authors_by_ids", "People by their ids"
    of, listed = AuthorDetail, AuthorList


class InstitutionBatch(RecordBatch, Institutions):
    operation, summary = "get_institutions_by_ids", "Institutions by their ids"
    of, listed = InstitutionDetail, InstitutionList


class VenueBatch(RecordBatch, Venues):
    operation, summary = "get_venues_by_ids", "Venues by their ids"
    of, listed = VenueDetail, VenueList
