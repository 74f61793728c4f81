"""Figures that hand numbers to the book's scripts."""

import json
import re

import pytest

from sepconv import figures


def test_data_and_still_stand_in_one_element_and_no_text_ends_it():
    still = figures.bars({"one": 1.0}, alt="One bar.")
    data = {"words": "</script><b>&amp;", "numbers": [1, 2.5]}
    shown = figures.live("matrix", data, still)
    assert (shown.alt, shown.svg) == (still.alt, still.svg)
    assert still.html in shown.html
    written = re.findall(r'<script type="application/json">(.*?)</script>', shown.html)
    assert [json.loads(text) for text in written] == [data]


@pytest.mark.parametrize(("data", "error"), [(float("nan"), ValueError), ({1, 2}, TypeError)])
def test_data_that_json_cannot_hold_are_refused(data, error):
    with pytest.raises(error, match="JSON"):
        figures.live("matrix", data, figures.bars({"one": 1.0}, alt="One bar."))


def test_several_stills_stand_one_after_another():
    stills = [figures.bars({"one": value}, alt=f"A bar of {value}.") for value in (1.0, 2.0)]
    shown = figures.live("matrix", {}, *stills)
    assert (shown.alt, shown.svg) == ("A bar of 1.0. A bar of 2.0.", "")
    assert stills[0].html + stills[1].html in shown.html
    with pytest.raises(ValueError, match="stills must hold at least one picture to stand for 'matrix'"):
        figures.live("matrix", {})
