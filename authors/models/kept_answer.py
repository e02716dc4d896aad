"""Answers to requests that wrote something, kept for a day for whoever sends the same request again."""

import json
import zlib
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from django.db import connection, models
from django.utils import timezone

from authors.models.token import ApiToken

KEPT = timedelta(hours=24)
MOST_OF_TOKEN = 10_000  # answers; older ones are let go before their time
NOW_AND_THEN = 50  # of so many answers that are kept one looks whether there are too many


def lock_of(token: ApiToken, key: str) -> int:
    """The number of PostgreSQL's lock for a request."""
    return int.from_bytes(blake2b(f"{token.pk} {key}".encode(), digest_size=8).digest(), signed=True)


class KeptAnswerQuerySet(models.QuerySet[Any]):
    def take(self, token: ApiToken, key: str) -> bool:
        """Whether nobody else is at this key, until the transaction ends; SQLite has one writer, who waits for the other."""
        if connection.vendor != "postgresql":
            return True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock_of(token, key)])
            return bool(cursor.fetchone()[0])

    def of(self, token: ApiToken, key: str) -> "KeptAnswer | None":
        return self.filter(token=token, key=key, made_at__gt=timezone.now() - KEPT).first()

    def keep(self, *, token: ApiToken, body: Any, **told: Any) -> None:
        """Lets go what is too old, and now and then what is too much."""
        self.filter(made_at__lte=timezone.now() - KEPT).delete()
        packed = zlib.compress(json.dumps(body, separators=(",", ":")).encode())
        made = self.create(token=token, packed=packed, **told)
        if made.pk % NOW_AND_THEN == 0:
            oldest = self.filter(token=token).order_by("-pk").values_list("pk", flat=True)[MOST_OF_TOKEN : MOST_OF_TOKEN + 1]
            self.filter(token=token, pk__lte=next(iter(oldest), 0)).delete()


class KeptAnswer(models.Model):
    """The answer to the request with this key; `asked` is a digest of that request, `packed` the body, compressed.

    It is written in the transaction of what it tells of: there is never the one without the other.
    """

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="kept_answers", db_index=False)
    key = models.CharField(max_length=255)
    asked = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    packed = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = KeptAnswerQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="kept_answer_once")]

    def __str__(self) -> str:
        return f"{self.token} {self.key}"

    @property
    def body(self) -> Any:
        return json.loads(zlib.decompress(self.packed))
