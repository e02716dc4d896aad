"""The admin of people, institutions, bookkeeping, site and accounts; importing the modules registers their pages."""

from authors.admin import authors, bookkeeping, harvests, history, institutions, jobs, reports, site, tokens, users

__all__ = ["authors", "bookkeeping", "harvests", "history", "institutions", "jobs", "reports", "site", "tokens", "users"]
