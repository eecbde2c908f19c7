"""talk_memory.py: memory of conversations that stays small, and loses nothing that still counts."""

from __future__ import annotations

import json

import pytest

import nlu.compat  # noqa: F401  (before rasa)
from nlu.talk_memory import IDLE_SECONDS, KEEP_TURNS, LocalMemory, TalkStore

# isort: split
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    LoopInterrupted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

_DOMAIN = Domain.from_dict(
    {
        "intents": [f"ask_{number}" for number in range(100)],
        "entities": ["place"],
        "actions": ["action_answer"],
        "slots": {
            "topic": {"type": "text", "mappings": [{"type": "custom"}]},
            "step": {"type": "float", "initial_value": 1.0, "mappings": [{"type": "custom"}]},
        },
        "forms": {"visit_form": {"required_slots": []}},
    }
)


class _Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def memory(clock: _Clock) -> LocalMemory:
    return LocalMemory(clock)


@pytest.fixture
def store(memory: LocalMemory) -> TalkStore:
    return TalkStore(_DOMAIN, memory)


def _turn(number: int, *more: Event) -> list[Event]:
    parsed = {"intent": {"name": f"ask_{number}", "confidence": 0.9}, "intent_ranking": [{"name": "secret ranking"}]}
    return [
        UserUttered(f"secret {number}", parsed["intent"], [{"entity": "place", "value": "secret"}], parsed),
        DefinePrevUserUtteredFeaturization(False),
        ActionExecuted("action_answer", hide_rule_turn=True),
        BotUttered("secret", {"custom": {"text": "answer"}}),
        *more,
        ActionExecuted("action_listen"),
    ]


async def _talk(store: TalkStore, conversation: str, *events: Event) -> DialogueStateTracker:
    """Adds events as Rasa does in a turn (read, update, save); gives back what the next turn will read."""
    tracker = await store.get_or_create_tracker(conversation)
    tracker.update_with_events(list(events), _DOMAIN)
    await store.save(tracker)
    return await _read(store, conversation)


async def _read(store: TalkStore, conversation: str) -> DialogueStateTracker:
    tracker = await store.retrieve(conversation)
    assert tracker is not None
    return tracker


def _meant(tracker: DialogueStateTracker) -> list[str]:
    return [str(event.intent_name) for event in tracker.events if isinstance(event, UserUttered)]


async def test_rules_see_the_same_states_before_and_after(store: TalkStore) -> None:
    tracker = await store.get_or_create_tracker("a")
    for number in range(KEEP_TURNS):
        tracker.update_with_events(_turn(number, SlotSet("topic", f"t{number}")), _DOMAIN)
    await store.save(tracker)
    assert (await _read(store, "a")).past_states(_DOMAIN) == tracker.past_states(_DOMAIN)


async def test_a_long_talk_keeps_its_last_turns_whole(store: TalkStore) -> None:
    for number in range(40):
        tracker = await _talk(store, "a", *_turn(number))
    assert _meant(tracker) == [f"ask_{number}" for number in range(40 - KEEP_TURNS, 40)]
    assert tracker.latest_action_name == "action_listen"
    assert tracker.past_states(_DOMAIN)[-1]["prev_action"] == {"action_name": "action_listen"}


async def test_no_word_is_kept(store: TalkStore, memory: LocalMemory) -> None:
    await _talk(store, "a", *_turn(1))
    kept = await memory.get("a")
    assert kept is not None
    assert b"secret" not in kept
    assert b"ask_1" in kept
    assert b"place" in kept, "rules may look at which entities there were"


async def test_events_out_of_the_ordinary_are_kept(store: TalkStore) -> None:
    tracker = await _talk(store, "a", *_turn(1, ActiveLoop("visit_form"), LoopInterrupted(True)))
    assert [type(e) for e in tracker.events if isinstance(e, ActiveLoop | LoopInterrupted)] == [
        ActiveLoop,
        LoopInterrupted,
    ]
    assert [e.hide_rule_turn for e in tracker.events if isinstance(e, ActionExecuted)][-2:] == [True, False]


async def test_slots_are_carried_over_every_cut(store: TalkStore) -> None:
    tracker = await _talk(store, "a", *_turn(0, SlotSet("topic", "ask_law"), SlotSet("step", None)))
    for number in range(60):
        tracker = await _talk(store, "a", *_turn(number))
        assert tracker.get_slot("topic") == "ask_law"
        assert tracker.get_slot("step") is None, "an emptied slot differs from its initial value, too"


async def test_a_turn_that_is_taken_back_leaves_no_trace_and_takes_no_slot(store: TalkStore) -> None:
    """What was not understood is reverted (`Told.rewind`); Rasa then goes back to the action before the turn."""
    tracker = await _talk(store, "a", *_turn(1, SlotSet("topic", "ask_law")))
    for _ in range(60):
        tracker = await _talk(store, "a", *_turn(2, UserUtteranceReverted()))
        assert tracker.get_slot("topic") == "ask_law"
    assert _meant(tracker) == ["ask_1"]


async def test_a_slot_has_before_the_cut_the_value_that_it_had_there(store: TalkStore) -> None:
    await _talk(store, "a", *_turn(0, SlotSet("topic", "old")))
    for number in range(20):
        await _talk(store, "a", *_turn(number))
    tracker = await _talk(store, "a", *_turn(99, SlotSet("topic", "new")))
    set_to = [event.value for event in tracker.events if isinstance(event, SlotSet) and event.key == "topic"]
    assert set_to == ["old", "new"]
    assert tracker.get_slot("topic") == "new"


async def test_a_form_that_is_being_filled_is_carried(store: TalkStore) -> None:
    await _talk(store, "a", *_turn(0, ActiveLoop("visit_form")))
    for number in range(20):
        tracker = await _talk(store, "a", *_turn(number))
        assert tracker.active_loop_name == "visit_form"
    await _talk(store, "a", *_turn(21, ActiveLoop(None)))
    for number in range(20):
        tracker = await _talk(store, "a", *_turn(number))
        assert tracker.active_loop_name is None


async def test_two_thousand_turns_stay_flat_and_small(store: TalkStore, memory: LocalMemory) -> None:
    sizes = []
    for number in range(2000):
        tracker = await _talk(store, "a", *_turn(number % 100, SlotSet("topic", f"topic {number:04}")))
        kept = await memory.get("a")
        assert kept is not None
        sizes.append(len(kept))
    assert max(sizes[20:]) < 1.1 * min(sizes[20:])
    assert max(sizes) < 1200
    assert tracker.get_slot("topic") == "topic 1999"


async def test_idle_talks_are_forgotten_when_anybody_talks(
    store: TalkStore, memory: LocalMemory, clock: _Clock
) -> None:
    await _talk(store, "idle", *_turn(1))
    await _talk(store, "busy", *_turn(2))
    clock.now += IDLE_SECONDS - 1
    await _talk(store, "busy", *_turn(2))
    assert len(memory) == 2
    clock.now += 2
    await _talk(store, "new", *_turn(2))
    assert len(memory) == 2
    assert await store.retrieve("idle") is None


async def test_the_longest_idle_go_first_where_there_are_too_many(clock: _Clock) -> None:
    store = TalkStore(_DOMAIN, LocalMemory(clock, most=2))
    for conversation in ("a", "b", "a", "c"):
        await _talk(store, conversation, *_turn(1))
    assert await store.retrieve("b") is None
    assert await store.retrieve("a") is not None


async def test_forgetting_takes_one_talk_only(store: TalkStore) -> None:
    for conversation in ("a", "b"):
        await _talk(store, conversation, *_turn(1, SlotSet("topic", "ask_law")))
    await store.drop("a")
    await store.drop("never seen")
    assert await store.retrieve("b") is not None
    tracker = await store.get_or_create_tracker("a")
    assert tracker.get_slot("topic") is None
    assert not _meant(tracker)


async def test_what_is_kept_is_json(store: TalkStore, memory: LocalMemory) -> None:
    await _talk(store, "a", *_turn(1))
    assert json.loads(await memory.get("a") or b"")[0] == {}
