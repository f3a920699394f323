"""How often the speaker is right in constructed paragraphs in French and German, half of whose first part is unseen."""

from __future__ import annotations

import pytest

from tests.voice_languages import count_quotes, read_press


@pytest.fixture(scope="module")
def parts():
    return count_quotes(read_press())


def test_every_quotation_of_the_paragraphs_stands_in_its_text():
    for paragraph in read_press():
        assert paragraph["quotes"]
        assert all(quote["quote"] in paragraph["text"] and quote["speaker"] for quote in paragraph["quotes"])


@pytest.mark.parametrize(("language", "right"), [("fr", 0.95), ("de", 0.95)])
def test_paragraphs_that_were_read(parts, language, right):
    counts = parts[language, False].counts
    assert sum(each.right for each in counts) >= right * sum(each.n_quotes for each in counts)


@pytest.mark.parametrize(("language", "right"), [("fr", 0.8), ("de", 0.75)])
def test_paragraphs_whose_errors_nobody_looked_at(parts, language, right):
    counts = parts[language, True].counts
    assert sum(each.n_quotes for each in counts) > 40
    assert sum(each.right for each in counts) >= right * sum(each.n_quotes for each in counts)
