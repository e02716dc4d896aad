"""The counts of everybody and everything that made papers touch, after all are written."""

from collections import deque

from django.db import connection
from django.db.models import Min

from papers.importers.runs import GROWING
from papers.metrics.refreshing import refresh_categories, refresh_institutions, refresh_venues
from papers.metrics.refreshing.everything import refresh_all
from papers.models import Authorship, Paper, PaperInstitution
from papers.sampling.source import made_papers


def refresh_figures() -> None:
    """Of all people from the first made one on, and of all institutions, venues and categories that have papers."""
    if connection.vendor == "postgresql":
        _tell_the_planner()
    people = Authorship.objects.filter(paper__in=made_papers()).aggregate(first=Min("author"))
    if people["first"] is not None:
        deque(refresh_all("A", after=people["first"] - 1), maxlen=0)
    refresh_institutions(PaperInstitution.objects.order_by().values_list("institution", flat=True).distinct())
    papers = Paper.objects.order_by()
    refresh_venues(papers.filter(venue__isnull=False).values_list("venue", flat=True).distinct())
    refresh_categories(papers.filter(primary_category__isnull=False).values_list("primary_category", flat=True).distinct())


def _tell_the_planner() -> None:
    """PostgreSQL's own upkeep looks once a minute; until then it plans for the tables as they were."""
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in GROWING)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")
