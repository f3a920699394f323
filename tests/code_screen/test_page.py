"""The page as coders use it: by keyboard alone, by touch, for every reader; and against hostile texts."""

from __future__ import annotations

import threading

import pytest

from framing.code_screen import settling
from framing.code_screen.screen import Screen
from framing.code_screen.settling import SettlingScreen
from framing.coding.decision_file import DecisionFile
from tests.code_screen.draws import BOOK, code_all, make_draw
from tests.reports.hostile_project import PAYLOADS
from tests.tiny import codebook, frame

PHONE = {"width": 390, "height": 844}
TYPE = """keys => {
  const passage = document.querySelector(".passage");
  for (const key of keys) passage.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}"""
SELECT = """([start, end]) => {
  const node = document.querySelector(".passage").firstChild;
  getSelection().setBaseAndExtent(node, start, node, end);
}"""


def decisions(screen):
    with DecisionFile(screen.draw.place(screen.coder)) as file:
        latest = file.latest()
        return [latest.get(passage_id) for _, passage_id in screen.draw.screen.orders["anna"]]


def settled_index(page, index):
    page.wait_for_selector(f"[data-index='{index}']")


@pytest.fixture
def screen(tmp_path):
    return Screen(make_draw(tmp_path / "draw", n=6, size=12), "anna")


def test_two_hundred_passages_by_keyboard(open_screen, tmp_path):
    screen = Screen(make_draw(tmp_path / "draw", n=70, size=200), "anna")
    page = open_screen(screen)
    for number in range(200):
        page.keyboard.press("1230"[number % 4])
        if number % 4 == 1:
            page.keyboard.press("1")  # a second frame
        if number % 5 == 0:
            page.keyboard.press("?")
        page.keyboard.press("Enter")  # faster than any answer: no key may be lost or go to the wrong passage
    page.wait_for_selector("text=All 200 are coded")
    assert page.inner_text(".count") == "200 of 200 coded"
    expected = [("war",), ("war", "trade"), ("sport",), ()]
    kept = decisions(screen)
    assert [item.frames for item in kept] == [expected[number % 4] for number in range(200)]
    assert [item.unsure for item in kept] == [number % 5 == 0 for number in range(200)]
    assert 0 < sum(item.seconds for item in kept) < 200


def test_keys_pressed_while_a_decision_is_saved_are_for_the_next_passage(open_screen, screen):
    page = open_screen(screen)
    page.evaluate(TYPE, ["1", "Enter", "2", "3", "Enter", "0", "Enter", "1"])  # all before the first answer
    settled_index(page, 3)
    assert [item.frames for item in decisions(screen)[:3]] == [("war",), ("trade", "sport"), ()]
    assert page.get_attribute("button[data-frame=war]", "aria-pressed") == "true"


def test_frames_exclude_each_other_as_the_codebook_says(open_screen, screen):
    page = open_screen(screen)

    def pressed():
        return page.eval_on_selector_all("[aria-pressed=true]", "all => all.map(item => item.textContent)")

    page.keyboard.press("1")
    page.keyboard.press("2")
    assert pressed() == ["1War", "2Trade"]
    page.keyboard.press("4")  # the frame for the rest stands alone
    assert pressed() == ["4Other"]
    page.keyboard.press("1")
    assert pressed() == ["1War"]
    page.keyboard.press("0")
    assert pressed() == ["No frame0"]
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    assert page.inner_text("[role=alert]") == "Choose a frame first, or 0 for none."
    assert page.get_attribute(".framing-screen", "data-index") == "0"


def test_selected_words_become_the_reason_of_a_frame(open_screen, screen):
    page = open_screen(screen)
    text = page.inner_text(".passage")
    place = text.index("day")
    page.evaluate(SELECT, [place, place + 3])
    page.wait_for_selector(".selected q")
    page.keyboard.press("1")
    assert page.inner_text(".spans li .of") == "War"
    assert page.inner_text(".passage mark") == "day"
    page.keyboard.press("Enter")
    settled_index(page, 1)
    # by keyboard: the second and third word
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    words = " ".join(page.inner_text(".passage").split()[1:3])
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    settled_index(page, 2)
    first, second = decisions(screen)[:2]
    texts = {passage.passage_id: passage.text for passage in screen.draw.screen.passages}
    assert [texts[first.passage_id][span.start : span.end] for span in first.spans] == ["day"]
    assert [texts[second.passage_id][span.start : span.end] for span in second.spans] == [words]
    assert second.spans[0].frame == "trade"
    page.keyboard.press("ArrowLeft")
    settled_index(page, 1)
    page.click("text=×")
    page.keyboard.press("Enter")
    page.wait_for_selector(".passage:not(:has(mark))")
    settled_index(page, 2)
    assert decisions(screen)[1].spans == ()


def test_marked_words_are_counted_in_characters(open_screen, screen):
    """Behind a character of two UTF-16 units places in Python and JavaScript differ."""
    page = open_screen(screen)
    for index in range(4):
        for key in ("+", "End", "Shift+ArrowLeft", "1", "Enter"):
            page.keyboard.press(key)
        settled_index(page, index + 1)
    texts = {passage.passage_id: passage.text for passage in screen.draw.screen.passages}
    made = [(texts[item.passage_id], item.spans) for item in decisions(screen)[:4]]
    assert any("🚜" in text for text, _ in made)
    for text, (span,) in made:
        assert text[span.start : span.end] == " ".join(text.split()[-2:])


def test_remarks_drafts_undo_and_jumps(open_screen, screen):
    page = open_screen(screen)
    page.keyboard.press("1")
    page.keyboard.press("/")
    page.keyboard.type("why 2 not 3?")  # keys of frames are letters here
    page.keyboard.press("Control+Enter")
    settled_index(page, 1)
    assert (decisions(screen)[0].frames, decisions(screen)[0].remark) == (("war",), "why 2 not 3?")
    page.keyboard.press("/")
    page.keyboard.type("later")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    settled_index(page, 2)
    assert decisions(screen)[1] is None
    page.keyboard.press("3")
    page.keyboard.press("ArrowRight")  # a label is kept on the way
    settled_index(page, 3)
    assert decisions(screen)[2].frames == ("sport",)
    page.keyboard.press("#")
    page.select_option(".list select", "open")
    assert page.locator(".items button").count() == 10
    page.click(".items button >> nth=0")
    settled_index(page, 1)
    assert page.input_value("textarea") == "later"
    assert "not saved yet" in page.inner_text("h2 >> nth=0")
    page.keyboard.press("Control+z")
    settled_index(page, 2)
    assert decisions(screen)[2].state == "open"


def test_a_mouse_click_leaves_enter_to_saving(open_screen, screen):
    page = open_screen(screen)
    page.click("button[data-frame=trade]")
    page.keyboard.press("Enter")
    settled_index(page, 1)
    assert decisions(screen)[0].frames == ("trade",)


def test_keys_of_other_alphabets_and_keys_turned_off(open_screen, screen):
    page = open_screen(screen)
    page.evaluate(
        """document.dispatchEvent(new KeyboardEvent("keydown", { key: "é", code: "Digit2", bubbles: true }))"""
    )
    assert page.get_attribute("button[data-frame=trade]", "aria-pressed") == "true"
    page.click("text=Keys")
    page.uncheck(".keys input")
    page.click(".keys button")
    page.keyboard.press("1")
    assert page.get_attribute("button[data-frame=war]", "aria-pressed") == "false"


def test_a_second_tab_takes_over_and_gives_back(open_screen, screen):
    first = open_screen(screen)
    second = open_screen(first.address)
    first.keyboard.press("1")
    first.keyboard.press("Enter")
    first.wait_for_selector("text=Coding goes on in another tab")
    assert decisions(screen)[0] is None
    first.click("text=Code here instead")
    first.wait_for_selector("text=Coding goes on in another tab", state="detached")
    first.keyboard.press("1")
    first.keyboard.press("Enter")
    settled_index(first, 1)
    assert decisions(screen)[0].frames == ("war",)
    assert second.inner_text(".count") == "0 of 12 coded"


def test_keys_that_are_typed_while_a_passage_is_on_its_way_are_for_that_one(open_screen, screen):
    page = open_screen(screen)
    press = """keys => keys.forEach(key => document.body.dispatchEvent(
        new KeyboardEvent("keydown", { key, ctrlKey: key === "z", bubbles: true })))"""
    page.evaluate(press, ["ArrowRight", "1", "Enter"])
    settled_index(page, 2)
    assert [item and item.frames for item in decisions(screen)[:2]] == [None, ("war",)]
    page.evaluate(press, ["z", "2"])
    settled_index(page, 1)
    assert page.get_attribute("button[data-frame=trade]", "aria-pressed") == "true"


@pytest.mark.parametrize(("scheme", "size"), [("light", None), ("dark", PHONE)])
def test_no_serious_or_critical_barrier(open_screen, tmp_path, scheme, size):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    draw = make_draw(tmp_path / "draw", size=12)
    code_all(draw, "anna", lambda *_: (["war"], {"remark": "why?", "spans": [{"frame": "war", "start": 0, "end": 3}]}))
    code_all(draw, "ben", lambda *_: (["trade"], {"unsure": True}))
    options = {"color_scheme": scheme, **({"viewport": size} if size else {})}
    for screen in (Screen(draw, "anna"), SettlingScreen(draw)):
        page = open_screen(screen, **options)
        if screen.mode == "settle":
            page.wait_for_selector(".measures table")
            page.click("text=Take >> nth=0")
        for key in ("Escape", "#") if screen.mode == "code" else ("Escape",):
            page.keyboard.press(key)
            page.eval_on_selector_all("details", "all => all.forEach(item => { item.open = true })")
            run = axe.Axe().run(page).response["violations"]
            grave = [
                (item["id"], item["nodes"][0]["html"]) for item in run if item["impact"] in ("serious", "critical")
            ]
            assert grave == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_settling_takes_the_label_of_a_coder(open_screen, tmp_path):
    draw = make_draw(tmp_path / "draw")
    code_all(
        draw, "anna", lambda *_: (["war"], {"remark": "Tanks.", "spans": [{"frame": "war", "start": 0, "end": 3}]})
    )
    code_all(draw, "ben", lambda *_: ["trade"])
    screen = SettlingScreen(draw)
    page = open_screen(screen)
    rows = page.locator(".codings tbody tr")
    assert rows.all_inner_texts()[0].split("\n")[0].startswith("anna")
    assert "Tanks." in rows.all_inner_texts()[0]
    page.wait_for_selector(".measures table")
    page.click("text=Take >> nth=0")
    page.keyboard.press("Enter")
    settled_index(page, 1)
    assert page.inner_text(".count") == "1 of 8 settled"
    with DecisionFile(draw.place("settled")) as file:
        (decision,) = file.latest().values()
    assert (decision.frames, decision.spans) == (("war",), (("war", 0, 3),))


def test_hostile_texts_are_inert(open_screen, tmp_path):
    frames = [
        frame(f"frame_{number}", [payload], include=[payload], exclude=[payload])
        | {"name": payload, "definition": payload}
        for number, payload in enumerate(PAYLOADS)
    ]
    every = " ".join(PAYLOADS)
    book = codebook(*frames, multi_label=True).model_copy(update={"description": every})
    draw = make_draw(tmp_path / "draw", book, n=4, size=4, payload=f" {every} ")
    for coder, made in (("anna", ["frame_0"]), ("ben", ["frame_1"])):
        code_all(draw, coder, lambda *_, made=made: (made, {"remark": every}))
    for screen in (Screen(draw, "anna"), SettlingScreen(draw)):
        page = open_screen(screen)
        if screen.mode == "settle":
            page.wait_for_selector(".measures table")
            assert every in page.text_content(".said-why")
        page.keyboard.press("#")
        shown = page.text_content(".framing-screen")
        assert all(payload in shown for payload in PAYLOADS)
        assert page.evaluate("window.hacked === undefined")
        sources = page.eval_on_selector_all("script", "all => all.map(item => item.src)")
        assert [source.rsplit("/")[-1] for source in sources] == ["page.js"]
        assert page.locator("img, svg, iframe, object, embed, form, style, a").count() == 0


def test_the_source_is_shown_only_where_the_design_says_so(open_screen, tmp_path):
    page = open_screen(Screen(make_draw(tmp_path / "seen", BOOK, blind=False), "anna"))
    assert page.inner_text(".source") == "A Paper, 2025-07-07"


def test_coding_goes_on_while_agreement_is_measured(open_screen, tmp_path, monkeypatch):
    draw = make_draw(tmp_path / "draw")
    code_all(draw, "anna", lambda *_: ["war"])
    code_all(draw, "ben", lambda *_: ["trade"])
    saved = threading.Event()
    measured = settling._measure

    def wait(*arguments):
        assert saved.wait(10)
        return measured(*arguments)

    monkeypatch.setattr(settling, "_measure", wait)
    page = open_screen(SettlingScreen(draw))
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    settled_index(page, 1)
    assert page.locator(".measures table").count() == 0
    saved.set()
    page.wait_for_selector(".measures table")


@pytest.mark.parametrize("touch", [False, True])
def test_words_are_marked_by_mouse_or_finger(open_screen, screen, touch):
    page = open_screen(screen, has_touch=touch, **({"viewport": PHONE} if touch else {}))
    if touch:  # a finger selects by the system's own handles
        page.evaluate(SELECT, [0, 3])
        page.wait_for_selector(".selected q")
        page.tap("button[data-frame=war]")
    else:
        box = page.locator(".passage").bounding_box()
        page.mouse.move(box["x"] + 20, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(box["x"] + 90, box["y"] + 20, steps=4)
        page.mouse.up()
        page.wait_for_selector(".selected q")
        page.click("button[data-frame=war]")
    words = page.inner_text(".spans q")
    assert len(words) >= 2
    assert words in page.inner_text(".passage")
    page.click("text=Save and go on")
    settled_index(page, 1)
    assert [span.frame for span in decisions(screen)[0].spans] == ["war"]
