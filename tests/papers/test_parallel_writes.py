"""Several editors at once, on the database that lets them write at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from papers.editing import change_state
from papers.models import AuthorMetrics, Paper
from tests.factories import make_author, make_authorship, make_paper

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]
AT_ONCE = 8


def test_papers_of_one_person_published_at_once_are_all_counted() -> None:
    author = make_author("Ada Testwright")
    papers = [make_paper(f"Paper {number}", category=None, state="draft") for number in range(AT_ONCE)]
    for paper in papers:
        make_authorship(paper, author, position=1)
    begin = Barrier(AT_ONCE)

    def publish(paper: Paper) -> None:
        begin.wait()
        try:
            change_state([paper.pk], Paper.State.PUBLISHED)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(publish, papers))
    assert AuthorMetrics.objects.get(author=author).papers_count == AT_ONCE
