"""What holds whatever is answered: at most eight questions, none twice, bubbles within their limits, never a calming verdict."""

from __future__ import annotations

import json
import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from content.library import Library
from content.reply import Reply
from guides.offer import OfferGuide
from guides.offer.answers import Answers
from guides.offer.model import Reader
from guides.offer.weighing import Grade, weigh

LIBRARY = Library.load()
GUIDE = OfferGuide(LIBRARY)
TABLES = Reader().tables(LIBRARY)
CALMING = re.compile(r"an toàn|yên tâm|\bsafe\b|no danger|không sao|đáng tin|trustworthy", re.IGNORECASE)
FIRST = st.sampled_from(
    [
        "",
        "sang campuchia làm cskh lương 30tr",
        "lấy chồng Trung Quốc",
        "đi du học Hàn",
        "cho con",
        "mang thai hộ",
        "đi tàu cá",
        "hiring in Bangkok",
    ]
)
LANGUAGES = st.sampled_from(["vi", "en"])
GIVEN = st.fixed_dictionaries(
    {
        q.id: st.lists(st.sampled_from([*(o.id for o in q.options), "dk"]), max_size=3, unique=True).map(tuple)
        for q in TABLES.questions.values()
    }
)


def within_limits(reply: Reply) -> None:
    assert len(reply.body) <= 600, reply.body
    assert len(reply.note) <= 900
    assert len(reply.buttons) <= 6
    assert all(len(b.title) <= 30 and len(b.payload.encode()) <= 64 for b in reply.buttons)
    assert len({b.payload for b in reply.buttons}) == len(reply.buttons)
    assert unicodedata.is_normalized("NFC", reply.body + reply.note)
    assert not CALMING.search(reply.body + reply.note)
    assert "{" not in reply.body


@settings(max_examples=100, deadline=None)
@given(FIRST, LANGUAGES, st.data())
def test_at_most_eight_questions_and_none_twice(text: str, language: str, data: st.DataObject) -> None:
    step, asked = GUIDE.begin(language, text), []
    while step.kept is not None:
        question = step.kept["q"][-1]
        within_limits(step.replies[-1])
        assert len(json.dumps(step.kept)) < 600
        assert question not in asked
        asked.append(question)
        answers = [b.payload for b in step.replies[-1].buttons if b.payload.startswith(f"guide:offer:a:{question}:")]
        assert f"guide:offer:a:{question}:dk" in answers
        tapped = data.draw(st.sampled_from(answers))
        step = GUIDE.press(step.kept, language, tapped.removeprefix("guide:offer:"))
    assert len(asked) <= 8
    if not step.urgent:
        for reply in step.replies:
            within_limits(reply)


@settings(max_examples=100, deadline=None)
@given(GIVEN, LANGUAGES, st.booleans(), st.integers(0, 2000))
def test_every_result_says_how_sure_what_to_do_and_whom_to_call(
    given: dict, language: str, minor: bool, pay: int
) -> None:
    answers = Answers({q: o for q, o in given.items() if o}, ("who",), "KH", pay, minor)
    talk = GUIDE._talk(language)
    step = talk.result(answers)
    verdict = weigh(TABLES, answers)
    assert len(step.replies) == 2 and step.kept is None
    for reply in step.replies:
        within_limits(reply)
    assert step.replies[0].calls and "111" in step.replies[0].text
    assert ("113" in step.replies[0].text) == verdict.suspicious
    assert any(":tip:" in b.payload for b in step.replies[1].buttons) == (verdict.grade is Grade.STRONG)
    payload = next(b.payload for b in step.replies[1].buttons if ":why:" in b.payload).removeprefix("guide:offer:")
    within_limits(GUIDE.press(None, language, payload).replies[0])


@settings(max_examples=100, deadline=None)
@given(GIVEN, st.booleans(), st.integers(0, 10**6), st.sampled_from(["", "KH", "JP"]))
def test_a_button_carries_the_answers(given: dict, minor: bool, pay: int, country: str) -> None:
    answers = Answers({q: o for q, o in given.items() if o}, (), country, pay, minor)
    back = Answers.decode(answers.code(TABLES), TABLES)
    assert back is not None
    assert {q: set(o) for q, o in back.given.items()} == {q: set(o) for q, o in answers.given.items()}
    assert (back.minor, back.pay, back.country) == (minor, pay, country)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.text(max_size=40), LANGUAGES)
def test_no_text_and_no_payload_breaks_it(text: str, rest: str, language: str) -> None:
    begun = GUIDE.begin(language, text)
    assert begun.replies
    kept = begun.kept if begun.kept is not None else {"a": {}, "q": ["what"]}
    GUIDE.hear(kept, language, text)
    assert GUIDE.press(kept, language, rest).replies
    assert GUIDE.press(None, language, rest).replies
