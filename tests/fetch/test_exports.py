"""Files that list articles, as their makers write them."""

from __future__ import annotations

import gzip
import json

import openpyxl
import pytest

from framing.errors import InputError
from framing.fetch.exports import read_export
from framing.fetch.listing import ListedArticle

ONE = "https://p.example/1"
ARTICLE = ListedArticle(ONE, "One", "2026-02-01", "Paper")


@pytest.mark.parametrize(
    ("name", "content", "article"),
    [
        ("a.csv", f"id,url,title,publish_date,media_name\n7, {ONE} ,One,2026-02-01 09:00:00,Paper\n", ARTICLE),
        ("a.csv", f"Url,Title,Date,Outlet\n{ONE},One,2026-02-01,Paper\n", ARTICLE),
        ("a.csv", f"URL;HEADLINE;Published Date;Source Name\n{ONE};One;1 Feb 2026;Paper\n", ARTICLE),
        ("a.csv", f"Link,Title,Date,Outlet\n{ONE},<b>One</b>,1769904000,Paper\n", ARTICLE),
        ("a.csv", f"url,title,date,outlet\n{ONE},Caf&amp;eacute;,2/1/2026,\n", ListedArticle(ONE, "Café")),
        ("a.tsv", f"DocumentIdentifier\tTitle\tseendate\tdomain\n{ONE}\tOne\t20260201T090000Z\tPaper\n",
         ListedArticle(ONE, "One", "", "Paper", seen="2026-02-01")),
        ("a.jsonl", json.dumps({"link": ONE, "title": "One", "pubDate": "2026-02-01", "outlet": "Paper"}), ARTICLE),
        ("a.jsonl", f'"{ONE}"\n', ListedArticle(ONE)),
        ("a.json", json.dumps([{"url": ONE, "title": "One", "published": "2026-02-01", "outlet": "Paper"}]), ARTICLE),
        ("a.json", json.dumps([ONE]), ListedArticle(ONE)),
        ("a.json", json.dumps({"articles": [{"url": ONE, "title": "One", "seendate": "20260201T090000Z",
                               "domain": "p"}]}), ListedArticle(ONE, "One", "", "p", seen="2026-02-01")),
        ("a.json", json.dumps({"status": "ok", "articles": [{"source": {"id": None, "name": "Paper"}, "url": ONE,
                               "title": "One", "publishedAt": "2026-02-01T23:30:00-05:00"}]}), ARTICLE),
        ("a.json", json.dumps({"response": {"results": [{"webUrl": ONE, "webTitle": "One", "publisher": "Paper",
                               "webPublicationDate": "2026-02-01T09:00:00Z"}]}}), ARTICLE),
        ("a.json", json.dumps({"url": ONE}) + "\n" + json.dumps({"url": "https://p.example/2"}), ListedArticle(ONE)),
        ("a.txt", f"{ONE}\n\n", ListedArticle(ONE)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("packed", [False, True])
def test_exports_name_their_columns_as_their_makers_do(tmp_path, name, content, article, packed):
    path = tmp_path / (f"{name}.gz" if packed else name)
    path.write_bytes(gzip.compress(content.encode()) if packed else content.encode())
    listing = read_export(path)
    assert listing.articles[0] == article
    assert listing.refused == []


def test_a_workbook_is_read(tmp_path):
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Title", "URL"])
    book.active.append(["One", ONE])
    book.save(tmp_path / "a.xlsx")
    assert read_export(tmp_path / "a.xlsx").articles == [ListedArticle(ONE, "One")]


def test_rows_without_an_address_are_refused_and_the_others_kept(tmp_path):
    (tmp_path / "a.csv").write_text(f"url,title\n{ONE},One\n,Two\nhttps://p.example/3,Three,surplus\n")
    (tmp_path / "a.jsonl").write_text(f'{{"url": "{ONE}"}}\n{{\n[1]\n{{"title": "Four"}}\n')
    (tmp_path / "a.txt").write_text(f"{ONE}\nno address\n")
    table, lines, text = (read_export(tmp_path / name) for name in ("a.csv", "a.jsonl", "a.txt"))
    assert [item.url for listing in (table, lines, text) for item in listing.articles] == [ONE] * 3
    assert [place for place, _ in table.refused] == ["a.csv, line 4", "a.csv, line 3"]
    assert [place for place, _ in lines.refused] == ["a.jsonl, line 2", "a.jsonl, line 3", "a.jsonl, line 4"]
    assert text.refused == [("a.txt, line 2", "not an address")]


@pytest.mark.parametrize("content", ["{}", '{"articles": []}', "[]"])
def test_a_search_that_found_nothing_is_an_empty_list(tmp_path, content):
    (tmp_path / "a.json").write_text(content)
    assert read_export(tmp_path / "a.json").articles == []


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "id,address\n1,x\n", r"a\.csv: expected a column of addresses \(Url, .*\); it has id, address\."),
        ("a.jsonl", "{\n", r"a\.jsonl: expected JSON or JSON lines in UTF-8"),
        (
            "a.json",
            '{"hits": [{"id": 1}], "total": 1}',
            r"a\.json: expected a column of addresses in an array",
        ),
        ("a.json", '{"a":' * 100_000, r"a\.json: JSON that is nested too deep"),
        ("a.doc", "x", r"expected a file ending in \.csv"),
    ],
)
def test_an_export_without_addresses_is_named(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(InputError, match=message):
        read_export(path)
