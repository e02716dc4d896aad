"""Shared caches that may be away: what was remembered is then worked out anew, and nothing is counted."""

import logging
import time
from typing import Any, ClassVar

from django.core.cache.backends.memcached import PyMemcacheCache
from django.core.cache.backends.redis import RedisCache

logger = logging.getLogger(__name__)
REST = 30  # seconds in which a server that failed is not asked again


class Forgiving:
    """Before a backend of Django's: one whose server fails holds nothing, and takes nothing. Told once for each rest."""

    resting_until: ClassVar[float] = 0.0

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return self._asked("get", default, key, default, version=version)

    def get_many(self, keys: Any, version: Any = None) -> Any:
        return self._asked("get_many", {}, keys, version=version)

    def has_key(self, key: Any, version: Any = None) -> bool:
        return bool(self._asked("has_key", None, key, version=version))

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._asked("set", None, *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._asked("set_many", [], *args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._asked("add", None, *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._asked("delete", None, *args, **kwargs))

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._asked("delete_many", None, *args, **kwargs)

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> Any:
        """As Django's: ValueError where there is no such key."""
        found = self._asked("incr", None, key, delta, version=version)
        if found is None:
            raise ValueError(f"Key {key!r} not found")
        return found

    def _asked(self, method: str, otherwise: Any, *args: Any, **kwargs: Any) -> Any:
        """`otherwise` is what a server that is away would say."""
        if time.monotonic() < Forgiving.resting_until:
            return otherwise
        try:
            return getattr(super(), method)(*args, **kwargs)
        except ValueError:
            raise
        except Exception:  # each client has errors of its own
            logger.exception("The shared cache failed. For %s seconds nothing is asked of it.", REST)
            Forgiving.resting_until = time.monotonic() + REST
            return otherwise


class ForgivingRedis(Forgiving, RedisCache):
    pass


class ForgivingPyMemcache(Forgiving, PyMemcacheCache):
    pass
