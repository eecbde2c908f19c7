"""What we rely on in Rasa, on a small bot of its own: must hold after a change of compat.py, a library or Python.

Training and validation: test_contract_data.py.
"""

from __future__ import annotations

import json
import traceback
from pathlib import Path
from typing import Any

import pytest

from nlu.engine import READS_AT_MOST, EngineError, Meaning, Told
from nlu.rasa_engine import RasaEngine
from nlu.talk_memory import LocalMemory
from tests.nlu.contract_kit import BROKEN, Actions, Trained

# isort: split
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

_UNKNOWN = "qwrtp qwrtp"


class Talk:
    """One conversation: what is said, and which actions answer."""

    def __init__(self, engine: RasaEngine) -> None:
        self._engine = engine

    async def __call__(self, text: str, language: str = "vi") -> list[str]:
        return [said["by"] for said in await self._engine.turn("talk", text, language)]

    async def say(self, intent: str) -> list[str]:
        return [said["by"] for said in await self._engine.say("talk", intent, "vi")]

    async def tracker(self) -> DialogueStateTracker:
        tracker = await self._engine._talks.retrieve("talk")
        assert tracker is not None
        return tracker

    async def slots(self) -> dict[str, Any]:
        return {name: (await self.tracker()).get_slot(name) for name in ("topic", "place", "agreed")}


@pytest.fixture
def talk(engine: RasaEngine) -> Talk:
    return Talk(engine)


# -- rules, stories, slots


async def test_a_rule_answers(talk: Talk, actions: Actions) -> None:
    assert await talk("xin chào") == ["action_answer"]
    assert actions.asked[0].meaning.intent == "greet"


async def test_a_rule_of_two_actions_runs_both(talk: Talk) -> None:
    assert await talk("việc nhẹ lương cao có lừa không") == ["action_answer", "action_invite"]


@pytest.mark.parametrize(("answer", "follows"), [("đồng ý", "action_open"), ("thôi không", "action_close")])
async def test_a_story_goes_on_from_a_question(talk: Talk, answer: str, follows: str) -> None:
    await talk("xin chào")
    await talk("có người rủ làm việc nhẹ lương cao")
    assert await talk(answer) == [follows]


async def test_a_yes_to_nothing_is_no_story(talk: Talk) -> None:
    assert await talk("đồng ý") == ["action_default_fallback"]
    await talk("xin chào")
    assert await talk("đồng ý") == ["action_default_fallback"]


async def test_what_fits_nowhere_does_not_steer_the_talk(talk: Talk) -> None:
    """The fallback takes its message back, so the question before it still stands."""
    await talk("có người rủ làm việc nhẹ lương cao")
    assert await talk(_UNKNOWN) == ["action_offer_readings"]
    assert await talk("đồng ý") == ["action_open"]


async def test_slots_are_set_by_actions_and_told_to_actions(talk: Talk, actions: Actions) -> None:
    await talk("xin chào")
    await talk("đường dây nóng số mấy")
    assert [ask.slots["topic"] for ask in actions.asked] == [None, "greet"]
    assert (await talk.slots())["topic"] == "ask_hotline"


async def test_an_action_is_told_the_language_of_the_message(talk: Talk, actions: Actions) -> None:
    await talk("xin chào", "en")
    await talk("xin chào", "vi")
    await talk.say("greet")
    assert [ask.language for ask in actions.asked] == ["en", "vi", "vi"]
    assert [ask.action for ask in actions.asked] == ["action_answer"] * 3


async def test_talks_do_not_know_of_each_other(engine: RasaEngine) -> None:
    await engine.turn("a", "có người rủ làm việc nhẹ lương cao", "vi")
    assert [said["by"] for said in await engine.turn("b", "đồng ý", "vi")] == ["action_default_fallback"]
    assert [said["by"] for said in await engine.turn("a", "đồng ý", "vi")] == ["action_open"]


async def test_a_forgotten_talk_begins_anew(engine: RasaEngine, talk: Talk) -> None:
    await talk("có người rủ làm việc nhẹ lương cao")
    await engine.forget("talk")
    assert await talk("đồng ý") == ["action_default_fallback"]


async def test_a_long_talk_stays_bounded_and_goes_on(talk: Talk) -> None:
    for _ in range(30):
        await talk("xin chào")
    assert len((await talk.tracker()).events) < 50
    await talk("có người rủ làm việc nhẹ lương cao")
    assert await talk("đồng ý") == ["action_open"]


# -- a form


async def test_a_form_fills_slots_from_text_and_intent(talk: Talk) -> None:
    assert await talk("mời cán bộ tuyên truyền") == ["action_ask_place"]
    assert await talk("Thôn Lũng Cú") == ["action_ask_agreed"]
    assert await talk("vâng") == ["action_visit_booked"]
    assert await talk.slots() == {"topic": None, "place": "Thôn Lũng Cú", "agreed": True}
    assert (await talk.tracker()).active_loop_name is None
    assert await talk("xin chào") == ["action_answer"]


async def test_a_form_asks_again_for_what_its_validation_refuses(talk: Talk) -> None:
    await talk("mời cán bộ tuyên truyền")
    assert await talk("ơ") == ["action_ask_place"]
    assert (await talk.slots())["place"] is None
    assert await talk("Thôn Lũng Cú") == ["action_ask_agreed"]


async def test_a_form_comes_back_after_an_interruption(talk: Talk) -> None:
    await talk("mời cán bộ tuyên truyền")
    assert await talk("cho hỏi số đường dây nóng") == ["action_answer", "action_ask_place"]
    assert (await talk.slots())["place"] is None
    await talk("Thôn Lũng Cú")
    assert await talk("cho hỏi số đường dây nóng") == ["action_answer", "action_ask_agreed"]
    assert await talk("thôi không") == ["action_visit_booked"]
    assert (await talk.slots())["agreed"] is False


async def test_a_form_can_be_left(talk: Talk) -> None:
    await talk("mời cán bộ tuyên truyền")
    assert await talk("dừng lại") == ["action_answer"]
    assert (await talk.tracker()).active_loop_name is None
    assert await talk("xin chào") == ["action_answer"]


async def test_a_form_outlives_the_cut_of_the_memory(talk: Talk) -> None:
    await talk("mời cán bộ tuyên truyền")
    for _ in range(15):
        assert await talk("cho hỏi số đường dây nóng") == ["action_answer", "action_ask_place"]
    assert len((await talk.tracker()).events) < 50
    assert await talk("Thôn Lũng Cú") == ["action_ask_agreed"]


# -- fallback, parse, events


async def test_what_is_not_understood_is_offered_readings(talk: Talk, actions: Actions) -> None:
    assert await talk(_UNKNOWN) == ["action_offer_readings"]
    meaning = actions.asked[0].meaning
    assert meaning.intent == "nlu_fallback"
    assert meaning.ranking[0][0] == "nlu_fallback"
    assert len(meaning.ranking) >= 2


async def test_reading_touches_no_tracker(
    engine: RasaEngine, memory: LocalMemory, talk: Talk, actions: Actions
) -> None:
    meaning = await engine.read("đường dây nóng số mấy")
    assert meaning.intent == "ask_hotline"
    assert meaning.confidence > 0.4
    assert meaning.ranking[0] == ("ask_hotline", meaning.confidence)
    assert len(memory) == 0
    await talk("có người rủ làm việc nhẹ lương cao")
    before = await memory.get("talk")
    await engine.read("dừng lại")
    assert await memory.get("talk") == before
    assert await talk("đồng ý") == ["action_open"]
    assert "ask_hotline" not in {ask.meaning.intent for ask in actions.asked}


async def test_meanings_are_plain_python(engine: RasaEngine, actions: Actions) -> None:
    for text in ("xin chào", _UNKNOWN, "", "   ", "/", "🙂"):
        meaning = await engine.read(text)
        assert type(meaning) is Meaning
        assert type(meaning.intent) is str
        for name, sure in (*meaning.ranking, (meaning.intent, meaning.confidence)):
            assert (type(name), type(sure)) == (str, float)
            assert 0 <= sure <= 1
        json.dumps([meaning.intent, meaning.confidence, meaning.ranking])
    json.dumps(await engine.turn("talk", "xin chào", "vi"))
    json.dumps(dict(actions.asked[-1].slots))


async def test_the_events_of_a_turn(talk: Talk, actions: Actions) -> None:
    await talk("xin chào")
    events = list((await talk.tracker()).events)
    kinds = [type(event) for event in events if type(event) in (UserUttered, ActionExecuted, SlotSet)]
    assert kinds[kinds.index(UserUttered) :] == [UserUttered, ActionExecuted, SlotSet, ActionExecuted]
    spoken = next(event for event in events if isinstance(event, UserUttered))
    assert (spoken.text, spoken.intent_name) == (None, "greet"), "no word is kept"
    assert actions.asked[-1].language == "vi"
    assert events[-1].action_name == "action_listen"


async def test_a_form_is_kept_and_a_fallback_is_not(talk: Talk) -> None:
    await talk("mời cán bộ tuyên truyền")
    assert any(isinstance(event, ActiveLoop) for event in (await talk.tracker()).events)
    await talk("dừng lại")
    await talk(_UNKNOWN)
    meant = [event.intent_name for event in (await talk.tracker()).events if isinstance(event, UserUttered)]
    assert meant[-1] == "stop"


# -- errors


async def test_an_action_that_raises_is_a_real_error(talk: Talk) -> None:
    with pytest.raises(EngineError, match="ValueError") as caught:
        await talk("máy hỏng rồi")
    assert BROKEN not in "".join(traceback.format_exception(caught.value))
    assert await talk("xin chào") == ["action_answer"], "the talk goes on"


async def test_an_error_of_rasas_is_told_without_its_words(
    engine: RasaEngine, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def breaks(message: object) -> None:
        raise KeyError(BROKEN)

    monkeypatch.setattr(engine._processor, "handle_message", breaks)
    monkeypatch.setattr(engine._processor, "parse_message", breaks)
    for call in (talk("xin chào"), talk.say("greet"), engine.read("xin chào")):
        with pytest.raises(EngineError, match="KeyError") as caught:
            await call
        assert BROKEN not in "".join(traceback.format_exception(caught.value))


async def test_an_error_of_one_talk_is_not_anothers(engine: RasaEngine, talk: Talk) -> None:
    with pytest.raises(EngineError):
        await engine.turn("other", "máy hỏng rồi", "vi")
    assert await talk("xin chào") == ["action_answer"]


async def test_an_action_that_says_nothing_is_an_error(contract: Trained, actions: Actions) -> None:
    async def silent(ask: object) -> Told:
        return Told()

    engine = RasaEngine(contract.model.path, {**actions.table, "action_answer": silent})
    with pytest.raises(EngineError, match="no answer"):
        await engine.turn("talk", "xin chào", "vi")


async def test_a_button_says_an_intent(talk: Talk, actions: Actions) -> None:
    assert await talk.say("ask_hotline") == ["action_answer"]
    assert actions.asked[0].meaning.confidence == 1.0


@pytest.mark.parametrize("intent", ["no_such_intent", "", 'greet{"place": "x"}', "greet greet", "../greet"])
async def test_a_button_of_an_unknown_intent_is_an_error(engine: RasaEngine, memory: LocalMemory, intent: str) -> None:
    with pytest.raises(EngineError, match="unknown intent"):
        await engine.say("talk", intent, "vi")
    assert len(memory) == 0


def test_a_model_that_asks_for_a_missing_action_is_refused(contract: Trained, actions: Actions) -> None:
    table = {name: action for name, action in actions.table.items() if name != "action_open"}
    with pytest.raises(EngineError, match="action_open"):
        RasaEngine(contract.model.path, table)


@pytest.mark.parametrize("content", [None, b"", b"no model"])
def test_a_model_that_cannot_be_loaded_is_an_error(tmp_path: Path, actions: Actions, content: bytes | None) -> None:
    path = tmp_path / "lachan.tar.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(EngineError):
        RasaEngine(path, actions.table)


@pytest.mark.parametrize(
    "text",
    [
        "/greet",
        " /greet",
        "//greet",
        "/ /greet",
        "\n/greet",
        "\t /greet",
        "\u00a0/greet",
        "\u3000/greet",
        '/greet{"place": "stolen"}',
        "/restart",
        "/session_start",
        "\n/restart",
    ],
)
async def test_a_slash_is_no_command(talk: Talk, engine: RasaEngine, text: str) -> None:
    """It is read as its words are: no intent is set, no slot is filled, and nothing begins anew."""
    await talk("xin chào")
    assert await talk(text)
    assert (await engine.read(text)).ranking == (await engine.read(text.strip().lstrip("/ "))).ranking
    slots = await talk.slots()
    assert slots["place"] is None
    assert slots["topic"] is not None, "a restart empties the slots"


@pytest.mark.parametrize("text", ["", " ", "/", "\n\n", "🙂", "?" * 5000, "a" * 100_000, "\x00", "{}", "\ud800"])
async def test_no_text_breaks_the_engine(talk: Talk, text: str) -> None:
    assert await talk(text)


async def test_only_the_beginning_of_a_long_text_is_read(engine: RasaEngine) -> None:
    beginning = "xin chào " * (READS_AT_MOST // 9)
    assert len(beginning) < READS_AT_MOST
    padded = beginning + "x" * (READS_AT_MOST - len(beginning))
    assert (await engine.read(padded + " mua bán người là gì" * 50)).ranking == (await engine.read(padded)).ranking
