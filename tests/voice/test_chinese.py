"""Voices in Chinese, on sentences written for the test."""

from __future__ import annotations

import pytest

from framing.voice.languages.reading import read_document
from framing.voice.languages.unspaced_marks import fold_marks
from framing.voice.sides import read_sides
from tests.voice.spoken import speakers, who_says


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("王志远说：“我们在等。”", [("王志远", "我们在等。")]),
        ("“我们在等。”港口主任王志远周五在会上说。", [("王志远", "我们在等。")]),
        ("“我们在等，”王志远说，“等到周五。”", [("王志远", "我们在等，"), ("王志远", "等到周五。")]),
        ("「走吧，」老渔民陈福生说，「天黑了。」", [("陈福生", "走吧，"), ("陈福生", "天黑了。")]),
        ("一位不愿具名的外交官表示：“门还开着。”", [("一位不愿具名的外交官", "门还开着。")]),
        ("据发言人李明华介绍，“道路将封闭到春天为止”。", [("李明华", "道路将封闭到春天为止")]),
        ("志愿者娜塔莉娅在视频里说：“我只数人。”", [("娜塔莉娅", "我只数人。")]),
    ],
)
def test_speaker_of_a_quotation(text, expected):
    assert who_says(text, "zh") == expected


def test_pronoun_and_short_name_mean_the_person_who_was_introduced():
    text = "国防部发言人伊琳娜·莫罗兹说：“我们看见了。”莫罗兹补充道：“所有人都看见了。”\n\n她还说：“天亮以前就看见了。”"
    assert speakers(text, "zh") == ["伊琳娜·莫罗兹"] * 3


def test_names_in_quotation_marks_are_no_speech():
    assert who_says("《港口报》刊登了“春风行动”的消息，记者住在“海鸥”旅馆。", "zh") == []


def test_reported_without_marks():
    assert who_says("王志远表示，桥已经通车，不再收费。", "zh", "reported") == [("王志远", "桥已经通车，不再收费。")]


def test_states_are_no_persons():
    assert "欧洲" not in speakers("欧洲认为，谈判不会很快结束。一名官员说：“不会。”", "zh")


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("外交部发言人陈立群说：“我们在等待。”", "officials, state not named"),
        ("挪威外交部发言人陈立群说：“我们在等待。”", "officials, state not named"),
        ("法国外交部发言人陈立群说：“我们在等待。”", "France"),
        ("中国外交部发言人陈立群说：“我们在等待。”", "China"),
    ],
)
def test_a_foreign_ministry_is_of_the_state_that_is_named(text, group):
    (span,) = read_document(text, "zh", read_sides())
    assert (span.speaker, span.group) == ("陈立群", group)


@pytest.mark.parametrize("before", ["", "工会主席迪特尔·霍尔姆周一到场。"])
def test_the_next_sentence_does_not_claim_a_quotation_behind_a_colon(before):
    text = before + "霍尔姆说：“这是把乘客当作人质。”奥卡福回应称，董事会在撒谎。"
    ((speaker, words),) = who_says(text, "zh")
    assert (speaker[-3:], words) == ("霍尔姆", "这是把乘客当作人质。")
    assert who_says(text, "zh", "reported") == [("奥卡福", "董事会在撒谎。")]


def test_states_written_by_their_sound_are_no_persons():
    assert who_says("伊拉克表示，愿意谈判。尼日利亚认为，时机已到。", "zh", "reported") == []


def test_a_possessive_is_no_speaker():
    assert speakers("李明华走了。她的助手说：“我们在等。”", "zh") == ["她的助手"]


def test_marks_of_half_width_are_read_as_those_of_full_width():
    assert who_says("王志远在会上说:“我们在等,等到周五。”", "zh") == [("王志远", "我们在等,等到周五。")]
    text = "会议在周五结束,部长王志远表示,桥已经通车,不再收费。"
    assert who_says(text, "zh", "reported") == [("王志远", "桥已经通车,不再收费。")]
    assert fold_marks("比赛在8:30开始,票价1,200元") == "比赛在8:30开始，票价1,200元"
