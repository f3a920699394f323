"""The benchmark of short texts: texts are cut as it says, and a corpus of marked events is read in its own form."""

from __future__ import annotations

import pandas as pd
import pytest

from benchmarks.story_lengths import cut_texts, read_gvc
from framing.errors import InputError

TOKENS = """#begin document (a1);
a1.DCT\t2024-03-02\tDCT\t-
a1.t1.1\tPier\tTITLE\t-
a1.t1.2\tclosed\tTITLE\t(7)
a1.b1.1\tThe\tBODY\t-
a1.b1.2\tNEWLINE\tBODY\t-
a1.b1.3\tpier\tBODY\t-
a1.b2.0\tshut\tBODY\t(7)
#end document
#begin document (b2);
b2.DCT\t2024-03-05\tDCT\t-
b2.t1.1\tAgain\tTITLE\t-
#end document
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "gold.conll").write_text(TOKENS, encoding="utf-8")
    (tmp_path / "gvc_doc_to_event.csv").write_text("doc-id,event-id\nb2,12\na1,11\n", encoding="utf-8")
    return tmp_path


def test_titles_texts_days_and_events_of_the_corpus_are_read(folder):
    found = read_gvc(folder).set_index("document_id")
    assert found["title"].to_dict() == {"a1": "Pier closed", "b2": "Again"}
    assert found["text"].to_dict() == {"a1": "The pier shut", "b2": "Again"}
    assert found["event"].to_dict() == {"a1": "11", "b2": "12"}
    assert found["published"].to_list() == [pd.Timestamp("2024-03-02"), pd.Timestamp("2024-03-05")]


def test_a_document_without_its_event_and_a_line_of_another_form_are_refused(folder):
    (folder / "gvc_doc_to_event.csv").write_text("doc-id,event-id\na1,11\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"lacks the document b2"):
        read_gvc(folder)
    (folder / "gold.conll").write_text(TOKENS.replace("\tTITLE\t(7)", " TITLE"), encoding="utf-8")
    with pytest.raises(InputError, match=r"gold.conll, line 4: expected a token, its part and its chain"):
        read_gvc(folder)


def test_texts_are_cut_to_the_title_or_to_their_first_words():
    table = pd.DataFrame({"title": ["Pier closed"], "text": ["The pier was\n\nclosed on Monday."]})
    cut = {n_words: cut_texts(table, n_words)["text"].iloc[0] for n_words in (0, 2, None)}
    assert cut == {0: "Pier closed", 2: "The pier", None: "The pier was\n\nclosed on Monday."}
