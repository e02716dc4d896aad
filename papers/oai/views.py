"""One address: read the arguments, ask the verb, write the envelope around what it says."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from papers.oai.arguments import read_arguments
from papers.oai.errors import BadArgument, BadVerb, ProtocolError
from papers.oai.verbs import VERBS, Site, Write, instant
from papers.oai.xml import Writer

NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
SCHEMA = f"{NAMESPACE} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"


@csrf_exempt  # nothing is changed, and the protocol knows no tokens of ours
@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(public=True, max_age=60)
def oai(request: HttpRequest) -> HttpResponse:
    """Errors are answers too, with the status 200, as the protocol has it."""
    moment = timezone.now()  # before anything is read, so that a harvest that begins here again misses nothing
    site = Site(request.build_absolute_uri(reverse("oai")), request.build_absolute_uri("/").rstrip("/"))
    asked: Mapping[str, str] = {}
    try:
        asked = read_arguments(request.POST if request.method == "POST" else request.GET)
        write = VERBS[asked["verb"]](asked, site)
        answer = _answer(instant(moment), site, asked, asked["verb"], write)
    except ProtocolError as error:
        told = {} if isinstance(error, BadVerb | BadArgument) else asked
        answer = _answer(instant(moment), site, told, "", _error(error))
    return HttpResponse(answer, content_type="text/xml; charset=utf-8")


def _answer(moment: str, site: Site, asked: Mapping[str, str], verb: str, write: Write) -> str:
    xml = Writer()
    with xml.root("OAI-PMH", {"": NAMESPACE}, SCHEMA):
        xml.element("responseDate", moment)
        xml.element("request", site.base, **asked)
        if verb:
            with xml.inside(verb):
                write(xml)
        else:
            write(xml)
    return xml.text()


def _error(error: ProtocolError) -> Write:
    return lambda xml: xml.element("error", str(error), code=error.code)
