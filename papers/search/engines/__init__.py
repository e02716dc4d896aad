"""The two databases' ways to keep and ask the search index, behind one interface."""

from django.db import connection

from papers.search.engines.base import Engine
from papers.search.engines.postgresql import PostgreSQL
from papers.search.engines.sqlite import SQLite


def engine() -> Engine:
    return SQLite() if connection.vendor == "sqlite" else PostgreSQL()
