"""Papers at the addresses where clients of OpenAlex ask for them, with the one field more that these read."""

from rest_framework import serializers

from papers.api.paper_records import FOR_OPENALEX
from papers.api.shapes import UNKNOWN
from papers.api.shapes import Paper as PaperShape
from papers.api.sparse import Sparsely
from papers.api.views import PaperDetail, PaperList, Papers


class WorkShape(PaperShape):
    abstract_inverted_index = serializers.DictField(**UNKNOWN, child=serializers.ListField(child=serializers.IntegerField()))


class Works(Papers):
    shape = WorkShape
    wanted_fields = FOR_OPENALEX

    def fields_wanted(self, asked: Sparsely) -> frozenset[str] | None:
        return asked.names or FOR_OPENALEX


class WorkList(Works, PaperList):
    pass


class WorkDetail(Works, PaperDetail):
    pass
