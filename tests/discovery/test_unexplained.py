"""Which passages no frame explains."""

from __future__ import annotations

import numpy as np

from framing.discovery.unexplained import find_unexplained, open_every_frame
from tests.tiny import SPORT, TRADE, WAR, codebook, frame

DECISIONS = np.array(
    [
        ["present", "absent", "absent"],
        ["absent", "absent", "absent"],
        ["absent", "abstain", "absent"],
        ["absent", "absent", "present"],
    ]
)


def test_a_present_frame_and_an_abstention_leave_nothing_unexplained():
    assert find_unexplained(DECISIONS, codebook(multi_label=True)).tolist() == [False, True, False, False]


def test_the_residual_frame_explains_nothing():
    frames = (frame("war", WAR), frame("trade", TRADE), frame("other", SPORT, residual=True))
    assert find_unexplained(DECISIONS, codebook(*frames, multi_label=True)).tolist() == [False, True, False, True]


def test_where_each_passage_has_one_frame_it_may_have_none():
    book = codebook()
    assert open_every_frame(book).multi_label
    assert open_every_frame(book).frames == book.frames
    several = codebook(multi_label=True)
    assert open_every_frame(several) is several
