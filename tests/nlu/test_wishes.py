"""Several wishes in one message: the rules with given readings, and the two figures over the real engine."""

from __future__ import annotations

import pytest

from nlu.engine import Meaning
from nlu.talk.wishes import asked, asks, by_urgency, wishes
from tests.kit.model import TrainedModel
from tests.nlu.two_wishes import EVEN, ODD, measure

WORDS = {"số điện thoại": "ask_hotline", "lộ tên": "ask_anonymity", "bị nhốt": "emergency", "cảm ơn": "thank"}


async def read(text: str) -> Meaning:
    """The first wish that is named is the likeliest."""
    found = sorted((text.find(words), intent) for words, intent in WORDS.items() if words in text)
    names = [intent for _, intent in found] or ["out_of_scope"]
    return Meaning(names[0], 0.85, tuple((name, 0.85) for name in names))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("báo tin có bị lộ tên không, cho em xin số điện thoại với", ("ask_hotline", "ask_anonymity")),
        ("cho em xin số điện thoại, báo tin có bị lộ tên không", ("ask_hotline", "ask_anonymity")),
        ("cho em xin số điện thoại, cảm ơn bạn nhiều lắm", ()),
        ("cho em xin số điện thoại, số điện thoại nào cũng được sao", ()),
        ("nó lấy số điện thoại rồi, em sợ lộ tên lắm", ()),
        ("số điện thoại nào", ()),
    ],
)
async def test_two_wishes_are_two_that_ask(text: str, found: tuple[str, ...]) -> None:
    assert await wishes(text, read) == found


async def test_a_cry_that_asks_for_something_besides() -> None:
    assert await asked("em đang bị nhốt ở đây, báo tin có bị lộ tên không", read) == ("ask_anonymity",)


def test_the_more_urgent_comes_first_and_the_rest_as_it_was_said() -> None:
    assert by_urgency(["ask_law", "check_offer", "ask_definition", "emergency"]) == (
        "emergency", "check_offer", "ask_law", "ask_definition",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["số mấy vậy", "bao tin co bi lo ko", "cho em xin số", "muốn học nghề", "who do I call"]
)
def test_what_asks(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text", ["lương cao lắm", "luong 30 trieu", "nó lấy điện thoại của em", "chi hang xom noi vay"]
)
def test_what_only_tells(text: str) -> None:
    assert not asks(text)


async def test_both_wishes_are_served_and_stories_stay_whole(trained: TrainedModel) -> None:
    tuned, measured = await measure(trained.engine, ODD), await measure(trained.engine, EVEN)
    print(f"served in order {tuned.served:.3f} / {measured.served:.3f}, split {tuned.split:.3f} / {measured.split:.3f}")
    assert measured.served >= 0.8, measured.lost
    assert measured.split <= 0.02, measured.torn
