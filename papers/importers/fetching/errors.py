"""Why a service gave nothing; every message is for an editor, and holds no address with its parameters. Pure."""


class FetchError(Exception):
    """`again`: the same question may be answered in a moment, or `after` so many seconds. `lasting`: the next question to the
    same service would end the same way.
    """

    def __init__(self, message: str, *, again: bool = False, after: float | None = None, lasting: bool = False) -> None:
        super().__init__(message)
        self.again, self.after, self.lasting = again, after, lasting


class Offline(FetchError):
    """The service cannot be reached, takes too long, or has trouble of its own."""


class NotFound(FetchError):
    """The service knows no such record."""


class Refused(FetchError):
    """The service does not want to answer, or we do not want to go where it sends us."""


class TooLarge(FetchError):
    """The answer is larger than anybody should hold."""


class Unreadable(FetchError):
    """The answer is damaged or something else than what was asked for."""
