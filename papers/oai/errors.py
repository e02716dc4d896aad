"""What the protocol says when a request cannot be answered; the names are the protocol's own codes."""


class ProtocolError(Exception):
    """The message is for whoever runs the harvester."""

    code = ""


class BadVerb(ProtocolError):
    code = "badVerb"


class BadArgument(ProtocolError):
    code = "badArgument"


class BadResumptionToken(ProtocolError):
    code = "badResumptionToken"


class CannotDisseminateFormat(ProtocolError):
    code = "cannotDisseminateFormat"


class IdDoesNotExist(ProtocolError):
    code = "idDoesNotExist"


class NoRecordsMatch(ProtocolError):
    code = "noRecordsMatch"


class NoMetadataFormats(ProtocolError):
    code = "noMetadataFormats"


class NoSetHierarchy(ProtocolError):
    code = "noSetHierarchy"
