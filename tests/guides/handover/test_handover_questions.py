"""A question is no contact, no place and no need: nothing of it is noted."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "said", ["ai gọi cho mình", "để làm gì", "ai sẽ gọi", "ai liên hệ với em", "sao phải cho số", "ai giữ số này"]
)
@pytest.mark.parametrize("asks", ["reach", "commune", "time"])
def test_a_question_is_no_answer(guide, asks: str, said: str) -> None:
    kept = {"want": ["loan"], "province": "Nghệ An"}
    kept |= {} if asks == "commune" else {"commune": ""}
    kept |= {"reach": "0912 345 678"} if asks == "time" else {}
    assert guide.hear(kept, "vi", said) is None


@pytest.mark.parametrize("said", ["facebook Hoa Sen", "gọi cho chị tôi ở quán nước đầu xóm"])
def test_a_way_to_be_reached_still_is_one(guide, said: str) -> None:
    step = guide.hear({"want": ["loan"], "province": "Nghệ An", "commune": ""}, "vi", said)
    assert step is not None
    assert step.kept["reach"] == said
