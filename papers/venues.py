"""What the names of well-known conference series say about their subject. Pure: no database.

Only a first guess for new venues; editors set each venue's default category in the admin.
"""

import re

from authors.names import fold

SERIES = {
    "cs.CL": "acl emnlp naacl eacl aacl coling conll tacl lrec",
    "cs.CV": "cvpr iccv eccv wacv bmvc accv",
    "cs.RO": "corl icra iros rss",
    "cs.LG": "iclr icml neurips nips colm acml mlsys",
    "stat.ML": "aistats uai",
    "cs.AI": "ijcai aaai",
    "cs.GR": "siggraph siggraphasia",
    "cs.IR": "sigir recsys",
    "cs.HC": "chi uist cscw",
    "cs.SE": "icse fse ase",
    "cs.CR": "ccs usenix ndss",
    "cs.DB": "sigmod vldb icde",
    "cs.DL": "jcdl tpdl",
}
_BY_ACRONYM = {acronym: code for code, acronyms in SERIES.items() for acronym in acronyms.split()}
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\b\d{2}\b")


def default_category(venue: str) -> str | None:
    """The category of a venue called by its series' acronym, with or without a year: "ACL 2022" gives cs.CL."""
    return _BY_ACRONYM.get(_YEAR.sub("", fold(venue)).replace(" ", ""))
