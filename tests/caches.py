"""A shared cache whose server can be away."""

from typing import Any, ClassVar

from django.core.cache.backends.locmem import LocMemCache

from config.caching import Forgiving


class Server(LocMemCache):
    is_away: ClassVar[bool] = True
    asked: ClassVar[int] = 0

    def __init__(self, *args: Any) -> None:
        super().__init__("away", {})

    def _reached(self) -> None:
        type(self).asked += 1
        if self.is_away:
            raise ConnectionError("nobody there")

    def get(self, *args: Any, **kwargs: Any) -> Any:
        self._reached()
        return super().get(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        self._reached()
        return super().add(*args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        self._reached()
        return super().incr(*args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._reached()
        super().set(*args, **kwargs)


class Away(Forgiving, Server):
    pass
