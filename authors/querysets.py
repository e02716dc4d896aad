"""The vocabulary of queries about people and institutions."""

from typing import Self

from django.db.models import Q

from authors import names
from authors.curation.public_ids import PublicIdQuerySet


class AuthorQuerySet(PublicIdQuerySet):
    def named(self, text: str, *, hidden_names: bool = False) -> Self:
        """People one of whose names contains every word of `text`, in any order, whatever case and accents."""
        found = self
        for word in names.fold(text).split()[:8]:
            about = {"names__search_key__contains": word} | ({} if hidden_names else {"names__public": True})
            found = found.filter(pk__in=self.model._base_manager.filter(**about).values("pk"))
        return found

    def with_identifier(self, scheme: str, value: str) -> Self:
        return self.filter(identifiers__scheme=scheme, identifiers__value=value, identifiers__disputed=False)


class InstitutionQuerySet(PublicIdQuerySet):
    def named(self, text: str) -> Self:
        """Institutions whose name or alias contains every word of `text`."""
        found = self
        for word in names.institution_key(text).split()[:8]:
            alias = Q(aliases__name_key__contains=word)
            keys = self.model._base_manager.filter(Q(name_key__contains=word) | alias).values("pk")
            found = found.filter(pk__in=keys)
        return found

    def with_identifier(self, scheme: str, value: str) -> Self:
        return self.filter(identifiers__scheme=scheme, identifiers__value=value, identifiers__disputed=False)
