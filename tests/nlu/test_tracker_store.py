"""tracker_store.py: memory of conversations that stays small, and loses nothing that still counts."""

from __future__ import annotations

import pytest

import nlu.compat  # noqa: F401  (before rasa)
from nlu.tracker_store import IDLE_SECONDS, KEEP_EVENTS, BoundedTrackerStore

# isort: split
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

_MOST = KEEP_EVENTS + 4  # the kept events, two slots, a form, a pause
_DOMAIN = Domain.from_dict(
    {
        "intents": ["ask"],
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
def store(clock: _Clock) -> BoundedTrackerStore:
    return BoundedTrackerStore(_DOMAIN, clock)


def _turn(text: str, *more: Event) -> list[Event]:
    return [
        UserUttered(text, intent={"name": "ask", "confidence": 0.9}),
        ActionExecuted("action_answer"),
        BotUttered("", {"custom": {"text": "answer"}}),
        *more,
        ActionExecuted("action_listen"),
    ]


async def _talk(store: BoundedTrackerStore, conversation: str, *events: Event) -> DialogueStateTracker:
    """Adds events as Rasa does in a turn (read, update, save); gives back what the next turn will read."""
    tracker = await store.get_or_create_tracker(conversation)
    tracker.update_with_events(list(events), _DOMAIN)
    await store.save(tracker)
    return await _read(store, conversation)


async def _read(store: BoundedTrackerStore, conversation: str) -> DialogueStateTracker:
    tracker = await store.retrieve(conversation)
    assert tracker is not None
    return tracker


async def test_a_short_talk_is_kept_whole(store: BoundedTrackerStore) -> None:
    for number in range(5):
        tracker = await _talk(store, "a", *_turn(f"text {number}"))
    spoken = [event.text for event in tracker.events if isinstance(event, UserUttered)]
    assert spoken == [f"text {number}" for number in range(5)]


async def test_a_long_talk_keeps_its_last_turns_whole(store: BoundedTrackerStore) -> None:
    for number in range(40):
        tracker = await _talk(store, "a", *_turn(f"text {number}"))
    spoken = [event.text for event in tracker.events if isinstance(event, UserUttered)]
    assert len(tracker.events) <= _MOST
    assert len(spoken) >= 5, "MemoizationPolicy looks five turns back"
    assert spoken == [f"text {number}" for number in range(40 - len(spoken), 40)]
    assert tracker.latest_action_name == "action_listen"


async def test_what_was_said_before_the_cut_is_gone(store: BoundedTrackerStore) -> None:
    await _talk(store, "a", *_turn("a word that must go"))
    for number in range(20):
        await _talk(store, "a", *_turn(f"text {number}"))
    assert "must go" not in str(store.store)


async def test_slots_are_carried_over_every_cut(store: BoundedTrackerStore) -> None:
    tracker = await _talk(store, "a", *_turn("first", SlotSet("topic", "ask_law"), SlotSet("step", None)))
    for number in range(60):
        tracker = await _talk(store, "a", *_turn(f"text {number}"))
        assert tracker.get_slot("topic") == "ask_law"
        assert tracker.get_slot("step") is None, "an emptied slot differs from its initial value, too"
    assert len(tracker.events) <= _MOST


async def test_slots_survive_a_turn_that_is_taken_back_at_the_cut(store: BoundedTrackerStore) -> None:
    """What was not understood is reverted (`Told.rewind`); Rasa then goes back to the action before the turn."""
    tracker = await _talk(store, "a", *_turn("first", SlotSet("topic", "ask_law")))
    for number in range(60):
        tracker = await _talk(store, "a", *_turn(f"text {number}", UserUtteranceReverted()))
        assert tracker.get_slot("topic") == "ask_law"


async def test_a_slot_has_before_the_cut_the_value_that_it_had_there(store: BoundedTrackerStore) -> None:
    await _talk(store, "a", *_turn("first", SlotSet("topic", "old")))
    for number in range(20):
        await _talk(store, "a", *_turn(f"text {number}"))
    tracker = await _talk(store, "a", *_turn("last", SlotSet("topic", "new")))
    set_to = [event.value for event in tracker.events if isinstance(event, SlotSet) and event.key == "topic"]
    assert set_to == ["old", "new"]
    assert tracker.get_slot("topic") == "new"


async def test_a_form_that_is_being_filled_is_carried(store: BoundedTrackerStore) -> None:
    await _talk(store, "a", *_turn("first", ActiveLoop("visit_form")))
    for number in range(20):
        tracker = await _talk(store, "a", *_turn(f"text {number}"))
        assert tracker.active_loop_name == "visit_form"
    await _talk(store, "a", *_turn("end", ActiveLoop(None)))
    for number in range(20):
        tracker = await _talk(store, "a", *_turn(f"text {number}"))
        assert tracker.active_loop_name is None


async def test_two_thousand_turns_stay_flat(store: BoundedTrackerStore) -> None:
    sizes, kept = [], []
    for number in range(2000):
        tracker = await _talk(store, "a", *_turn(f"text {number:04}", SlotSet("topic", f"topic {number:04}")))
        sizes.append(len(str(store.store["a"])))
        kept.append(len(tracker.events))
    assert max(kept[20:]) - min(kept[20:]) <= 5
    assert max(kept) <= _MOST
    assert max(sizes[20:]) < 1.1 * min(sizes[20:])
    assert tracker.get_slot("topic") == "topic 1999"


async def test_idle_talks_are_forgotten_when_anybody_talks(store: BoundedTrackerStore, clock: _Clock) -> None:
    await _talk(store, "idle", *_turn("secret"))
    await _talk(store, "busy", *_turn("hello"))
    clock.now += IDLE_SECONDS - 1
    await _talk(store, "busy", *_turn("hello"))
    assert set(store.store) == {"idle", "busy"}
    clock.now += 2
    await _talk(store, "new", *_turn("hello"))
    assert set(store.store) == {"busy", "new"}
    assert "secret" not in str(store.store)
    assert await store.retrieve("idle") is None


async def test_a_thousand_talks_leave_nothing_behind(store: BoundedTrackerStore, clock: _Clock) -> None:
    for number in range(1000):
        clock.now += IDLE_SECONDS / 10
        await _talk(store, f"talk {number}", *_turn("hello"))
    assert len(store.store) <= 12
    assert set(store._used) == set(store.store)


async def test_forgetting_takes_one_talk_only(store: BoundedTrackerStore) -> None:
    for conversation in ("a", "b"):
        await _talk(store, conversation, *_turn("hello"))
    store.forget("a")
    store.forget("never seen")
    assert set(store.store) == {"b"}


async def test_a_forgotten_talk_begins_anew(store: BoundedTrackerStore) -> None:
    await _talk(store, "a", *_turn("hello", SlotSet("topic", "ask_law")))
    store.forget("a")
    tracker = await store.get_or_create_tracker("a")
    assert tracker.get_slot("topic") is None
    assert not [event for event in tracker.events if isinstance(event, UserUttered)]
