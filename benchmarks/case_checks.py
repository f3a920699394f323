"""What each case of `benchmarks.cases` must print, and what it must not, as regular expressions over one line."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CHECKS", "Check"]


@dataclass(frozen=True)
class Check:
    """Patterns that the output of a case has, and patterns that it lacks."""

    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


def rows(n: int, kept: int, refused: int) -> str:
    """The count that ends `framing corpus check`."""
    return rf"{n} rows in = {kept} kept \+ {refused} refused"


_ISO_REFUSED = r"'04\.07\.2025'.{0,200}%d\.%m\.%Y"  # a date that would be guessed, with the format that fits
CHECKS: dict[str, Check] = {
    "01-excel-semicolon-bom": Check((r"semicolons",)),
    "02-sep-line": Check((rows(1, 1, 0), r"separated by semicolons")),
    "03-utf16-tab": Check((rows(1, 1, 0), r"'Text eins hier\.'")),
    "04-cp1251": Check((r"looks like cp1251", r"encoding: cp1251")),
    "05-cp1251-set": Check((rows(1, 1, 0), r"languages: ru 1", r"Москва заявила")),
    "06-backslash-quotes": Check((r'said "no deal" on Friday',), (r"\\\\",)),
    "07-dates-many": Check(
        (_ISO_REFUSED, r"45842.{0,80}day number of Excel", r"1751623200", r"21 rows in ="), (r"2025-04-07",)
    ),
    "08-dates-early-only": Check((rows(3, 3, 0), r"0001-01-01", r"9999-12-31")),
    "09-nul-bytes": Check((rows(3, 2, 1), r"a\.csv, line 3", r"Text with nul byte here\.")),
    "10-emoji-zwj-rtl": Check((rows(2, 2, 0), r"👨\\u200d👩", r"languages: en 1, ar 1")),
    "100-xlsx-1904-hidden": Check((rows(2, 2, 0), r"2025-07-04", r"1 hidden row")),
    "102-identical-rows": Check((rows(3, 3, 0),)),
    "11-chinese-thai": Check((r"languages: .*zh 1", r"ja 1", r"th 1", r"'position': 5"), (r"'n_words': 1,",)),
    "12-html-entities": Check(
        (r"AT&T News", r"Tom & Co said “no” on Friday\."), (r"&amp;", r"&#8220;", r"<p>", r"<br")
    ),
    "13-duplicate-ids": Check((rows(5, 3, 2), r"line 3: the document_id '7' occurs a second time")),
    "14-stem-with-dots": Check((rows(4, 4, 0), r"'title': 'U\.S\. talks'", r"'title': '2025\.07\.04 summit'")),
    "15-json-array": Check((rows(2, 2, 0),)),
    "17-json-nan-bool": Check((r"line 1: no outlet", r"line 2: no text"), (r"'outlet': 'nan'", r"'text': 'nan'")),
    "18-json-nested-source": Check((rows(1, 1, 0), r"Paper A 1")),
    "19-header-nfd": Check((rows(1, 1, 0),), (r"do not occur",)),
    "21-unwrapped-cr-only": Check((rows(2, 2, 0),)),
    "22-newline-in-quotes-cr": Check(
        (rows(2, 1, 1), r"First para", r"lines 5 to 7, a quote left open"), (r" 0 row\(s\)",)
    ),
    "23-ragged-and-blank": Check((r"header stands in line 3", rows(1, 1, 0))),
    "24-html-in-text-long-sentence": Check((r"out\.csv",)),
    "25-xlsx-two-sheets": Check((rows(2, 2, 0), r"Paper B 1")),
    "26-xlsx-formulas": Check((r"formula without a stored value",)),
    "29-xlsx-mixed-dates": Check((r"45843.{0,80}day number of Excel", rows(6, 3, 3))),
    "30-xlsx-x000D": Check((rows(1, 1, 0),), (r"_x000D_",)),
    "31-xlsx-title-row": Check((r"header stands in row 2",)),
    "32-xlsx-stray-cells": Check((rows(2, 2, 0),)),
    "33-parquet-dict-tz-nan-id": Check((rows(3, 2, 1), r"'document_id': '1'"), (r"'1\.0'", r"'nan'")),
    "36-classify-dates-dayfirst": Check((r"9 rows were kept without their date", r"04\.07\.2025"), (r" 2025-04-07",)),
    "37-classify-dup-passage-ids": Check((r"passage_id 'p1' occurs a second time",)),
    "38-sitemap-images": Check((r"a0\.html", r"a1\.html", rows(2, 2, 0)), (r"image/jpeg",)),
    "39-sitemap-lastmod": Check((rows(3, 3, 0), r"2021-03-01", r"2021-03-03"), (r'"published": "2025',)),
    "41-atom-xml-base": Check((rows(2, 2, 0), r"8765/news/a0\.html", r'"title": "Ministers meet & talk"')),
    "42-rss-titles-dates": Check(
        (rows(3, 3, 0), r"Breaking: Ministers & generals", r"Café talks & more", r"2021-03-02")
    ),
    "43-feeds-odd": Check((r'"outlet": "Gz"', r"not a feed or sitemap but a web page", r"the list is empty")),
    "44-pages-encoding-boilerplate": Check(
        (rows(2, 2, 0), r"Министры двух", r"languages: ru 1, en 1"), (r"newsletter",)
    ),
    "45-export-dates": Check((rows(3, 3, 0), r'"2025-07-04"'), (r"1751-62-32", r"7/4/2025")),
    "46-export-gdelt-json": Check((r"gdelt\.json: 1 listed",)),
    "48-export-capital-headers": Check((r"list\.csv: 1 listed",)),
    "49-atom-relative-no-base": Check((rows(2, 2, 0), r"8765/news/a0\.html")),
    "50-fetch-all-fail-exit": Check((r"fetch-rc 1",)),
    "51-gold-excel-semicolon": Check((r"anna\.csv: 8 rows in = 8 kept", r"separated by semicolons")),
    "52-gold-cp1252": Check((r"anna\.csv: read as cp1252", r"anna\.csv: 8 rows in = 8 kept")),
    "53-gold-label-styles": Check(
        (r"8 rows in = 7 kept \+ 1 refused", r"separated by a semicolon: conflict; morality")
    ),
    "55-gold-ticks-emoji-words": Check((r"anna\.xlsx: 8 rows in = 8 kept",)),
    "56-gold-sheet-order": Check((r"anna\.xlsx: 8 rows in = 8 kept",)),
    "58-gold-labelstudio-two-users": Check((r"annotated by ben@example\.org, in tasks of anna", r"not coded")),
    "60-gold-autocorrected-text": Check((r"anna\.csv: 8 rows in = 8 kept",)),
    "62-gold-none-empty-cells-partly": Check((r"8 rows in = 2 kept \+ 6 refused", r"'n/a'; expected conflict")),
    "63-evaluate-none-label": Check(
        (r"4 labelled passages", r"write none where there is no frame"), (r"no frame\(s\)",)
    ),
    "64-evaluate-empty-is-negative": Check((r"3 labelled passages", r"3 of them not coded")),
    "66-frames-named-like-columns-classify": Check((r"take another id, such as passage_id_frame",)),
    "67-frame-name-with-semicolon": Check((r"a semicolon separates the frames of a label cell",)),
    "68-codebook-60-frames": Check((r"16 passages classified", r"961 out\.csv")),
    "69-codebook-one-frame": Check((r"1 frames, 3 seeds",)),
    "70-codebook-nonascii": Check((r"expected small letters a to z, digits and _", r"konflikt 3")),
    "71-frames-js-keywords-report": Check((r"report-rc 0",)),
    "73-duplicates-boilerplate": Check((r"brief\+footer Empty DataFrame", r"z2 z1 z1 0\.9", r"entities/empty Empty")),
    "74-frame-id-frames": Check((r"take another id, such as frames_frame",)),
    "74-frame-id-notes": Check((r"take another id, such as notes_frame",)),
    "74-frame-id-place": Check((r"take another id, such as place_frame",)),
    "76-outlets-proto": Check((r"report-rc 0",)),
    "77-frames-like-columns-report": Check((r"report-rc 0",)),
    "78-one-outlet": Check((r"report-rc 0",)),
    "81-sentinel-dates": Check((r"report-rc 0",)),
    "82-200-outlets": Check((r"report-rc 0",)),
    "83-export-over-500": Check((r"520 corpus/fetched\.jsonl", r"500 0 0 0 0 20")),
    "85-sitemap-cut-text-rss": Check((rows(3, 3, 0), r'"outlet": "Cut"', r'"outlet": "Txt"')),
    "86-same-article-two-lists": Check((r'a\.html".{0,80}2025-07-04', r'b\.html".{0,80}2025-07-04')),
    "87-voices-segments": Check(
        (
            r"three quoted Maria Stone '“We want peace\.' three quoted Maria Stone '“We want it now\.'",
            r"mid quoted Lopez '“is dead\.”'",
            r"qmark quoted Miller '“Is it dead\?”' qmark quoted Lopez '“Yes!”' qmark quoted Stone '“No,”'",
            r"bracket quoted Lopez",
            r"inverted quoted Lopez",
            r"double-single quoted Lopez",
            r"guill quoted Ana Lopez '«We will not sign»'",
        )
    ),
    "88-exact-bounds-tiny-alpha": Check((r"1000 1e-07 \(0\.0, 0\.01667072243\d+\)", r"exact zero: 0\.01667072243\d+")),
    "89-stories-odd": Check((r"6 duplicates in 2 groups", r"10 documents, 4 stories")),
    "91-century-labels": Check((r"\['28 Jul 1914', '28 Jul 2014', '29 Jul 2014'\]",)),
    "92-outlets-prototype": Check((r"'constructor', 'B'\] ok", r"'hasOwnProperty', 'B'\] ok"), (r"Error",)),
    "93-html-files": Check((r"c\.html 2025-07-04", r"b\.html NaT", rows(7, 5, 2)), (r"2019-01-01", r"2025-07-09")),
    "98-yaml-notepad-bom": Check((rows(1, 1, 0),)),
    "94-encoder-sees-start": Check(
        (r"2 of 3 rows are longer than what the model reads at once", r"conflict,0\.8\d+,present")
    ),
    "97-nonenglish-classify": Check((r"2 of 3 \(ru 1, zh 1\)", r"voices are found in")),
    "99-yaml-smart-quotes-tab": Check(
        (
            r"line 3: curly quotation marks",
            r"line 7: the line is indented with a tab",
            r"line 2: a colon and a space within a text",
            r"expected a text, got 2025; put it into quotation marks",
            r"the key 20 is no text",
        )
    ),
}
