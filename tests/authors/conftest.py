"""Records that tests of people and of reports speak of."""

import pytest

from authors.models import Author
from papers.models import Paper
from tests.factories import make_author, make_paper


@pytest.fixture
def paper() -> Paper:
    return make_paper("Scaling laws for exmaple models", abstract="We measure.", authors=(make_author("Ada Testwright"),))


@pytest.fixture
def author(paper: Paper) -> Author:
    return Author.objects.get(display_name="Ada Testwright")
