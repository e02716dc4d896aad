"""The counts of everybody and everything that made papers touch, after all are written."""

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils import timezone

from authors.models import Author
from papers.importers.runs import GROWING
from papers.metrics.refreshing import refresh_categories, refresh_institutions, refresh_venues
from papers.models import Authorship, Paper, PaperInstitution
from papers.sampling.source import made_papers

AT_ONCE = 50_000  # people

# What `refresh_authors` computes in Python, for people of neighbouring keys at once.
AUTHOR_METRICS = """
WITH written AS (
    SELECT DISTINCT a.author_id, p.id, p.is_retracted, p.year, p.cited_by_count, p.primary_category_id
    FROM papers_authorship a JOIN papers_paper p ON p.id = a.paper_id
    WHERE a.author_id BETWEEN %(first)s AND %(last)s AND p.state = 'published'
), ranked AS (
    SELECT *, ROW_NUMBER() OVER (
        PARTITION BY author_id, is_retracted ORDER BY cited_by_count DESC NULLS LAST
    ) AS place FROM written
), totals AS (
    SELECT author_id,
        COUNT(*) FILTER (WHERE NOT is_retracted) AS papers,
        COUNT(*) FILTER (WHERE is_retracted) AS retracted,
        SUM(cited_by_count) FILTER (WHERE NOT is_retracted) AS citations,
        COUNT(cited_by_count) FILTER (WHERE NOT is_retracted) AS cited,
        COUNT(*) FILTER (WHERE NOT is_retracted AND cited_by_count >= place) AS h,
        COUNT(*) FILTER (WHERE NOT is_retracted AND cited_by_count >= 10) AS i10,
        MIN(year) FILTER (WHERE NOT is_retracted) AS first_year,
        MAX(year) FILTER (WHERE NOT is_retracted) AS last_year
    FROM ranked GROUP BY author_id
), categories AS (
    SELECT author_id, primary_category_id, ROW_NUMBER() OVER (
        PARTITION BY author_id ORDER BY COUNT(*) DESC, primary_category_id {collation}
    ) AS place
    FROM written WHERE NOT is_retracted AND primary_category_id IS NOT NULL GROUP BY author_id, primary_category_id
)
INSERT INTO papers_authormetrics (author_id, papers_count, retracted_count, citations, cited_papers, h_index, i10_index,
    first_year, last_year, primary_category_id, refreshed_at)
SELECT a.id, COALESCE(t.papers, 0), COALESCE(t.retracted, 0), t.citations, COALESCE(t.cited, 0),
    CASE WHEN t.cited > 0 THEN t.h END, CASE WHEN t.cited > 0 THEN t.i10 END,
    t.first_year, t.last_year, c.primary_category_id, %(now)s
FROM authors_author a
    LEFT JOIN totals t ON t.author_id = a.id LEFT JOIN categories c ON c.author_id = a.id AND c.place = 1
WHERE a.id BETWEEN %(first)s AND %(last)s
ON CONFLICT (author_id) DO UPDATE SET papers_count = EXCLUDED.papers_count, retracted_count = EXCLUDED.retracted_count,
    citations = EXCLUDED.citations, cited_papers = EXCLUDED.cited_papers, h_index = EXCLUDED.h_index,
    i10_index = EXCLUDED.i10_index, first_year = EXCLUDED.first_year, last_year = EXCLUDED.last_year,
    primary_category_id = EXCLUDED.primary_category_id, refreshed_at = EXCLUDED.refreshed_at
"""


def refresh_figures() -> None:
    """Of all people from the first made one on, and of all institutions, venues and categories that have papers."""
    if connection.vendor == "postgresql":
        _tell_the_planner()
    people = Authorship.objects.filter(paper__in=made_papers()).aggregate(first=Min("author"))
    if people["first"] is not None:
        refresh_authors_between(people["first"], Author.objects.aggregate(last=Max("pk"))["last"])
    refresh_institutions(PaperInstitution.objects.order_by().values_list("institution", flat=True).distinct())
    papers = Paper.objects.order_by()
    refresh_venues(papers.filter(venue__isnull=False).values_list("venue", flat=True).distinct())
    refresh_categories(papers.filter(primary_category__isnull=False).values_list("primary_category", flat=True).distinct())


def refresh_authors_between(first: int, last: int) -> None:
    """Both included; each `AT_ONCE` keys in a transaction of their own."""
    sql = AUTHOR_METRICS.format(collation='COLLATE "C"' if connection.vendor == "postgresql" else "")
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    for begin in range(first, last + 1, AT_ONCE):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, {"first": begin, "last": min(last, begin + AT_ONCE - 1), "now": now})


def _tell_the_planner() -> None:
    """PostgreSQL's own upkeep looks once a minute; until then it plans for the tables as they were."""
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in GROWING)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")
