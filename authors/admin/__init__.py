"""The admin of people, institutions, bookkeeping, site and accounts; importing the modules registers their pages."""

from authors.admin import authors, bookkeeping, history, institutions, reports, site, users

__all__ = ["authors", "bookkeeping", "history", "institutions", "reports", "site", "users"]
