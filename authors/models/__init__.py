"""Everything the `authors` app stores."""

from authors.curation.changes import Change, ChangedRecord, ChangeSet, CreatedRows
from authors.curation.harvests import Fetch, Harvest
from authors.curation.jobs.models import Job
from authors.curation.models import ImportProblem, ImportRun, Provenance, Redirect
from authors.curation.reports import Report
from authors.models.author import Affiliation, Author, AuthorIdentifier, AuthorName
from authors.models.institution import Institution, InstitutionAlias, InstitutionIdentifier
from authors.models.kept_answer import KeptAnswer
from authors.models.site import SiteIdentity
from authors.models.token import ApiToken

__all__ = [
    "Affiliation",
    "ApiToken",
    "Author",
    "AuthorIdentifier",
    "AuthorName",
    "Change",
    "ChangeSet",
    "ChangedRecord",
    "CreatedRows",
    "Fetch",
    "Harvest",
    "ImportProblem",
    "ImportRun",
    "Institution",
    "InstitutionAlias",
    "InstitutionIdentifier",
    "Job",
    "KeptAnswer",
    "Provenance",
    "Redirect",
    "Report",
    "SiteIdentity",
]
