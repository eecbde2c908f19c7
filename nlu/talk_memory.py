"""What the engine remembers of a talk between two messages: a few hundred bytes, and no word of the person's.

Rasa keeps every event of a talk, with its text and readings, and replays them all at each turn. What its rules can look at is
less: the slots, the form that is being filled, and what was meant and done in the last turns. That is kept, as bytes, in
this process or in Redis for several processes.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, Protocol

import nlu.compat  # noqa: F401  (before rasa)

# isort: split
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

KEEP_TURNS = 2
IDLE_SECONDS = 3600  # as long as a session in domain/
MOST_TALKS = 50_000  # in one process; the longest idle are forgotten first


class Memory(Protocol):
    """Where a talk's bytes lie. Raises what its store raises."""

    async def get(self, conversation: str) -> bytes | None: ...

    async def put(self, conversation: str, remembered: bytes) -> None: ...

    async def drop(self, conversation: str) -> None: ...


class LocalMemory:
    """In this process: talks that are idle for `IDLE_SECONDS` are forgotten when anybody's is saved."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = MOST_TALKS) -> None:
        self._clock, self._most = clock, most
        self._talks: OrderedDict[str, tuple[float, bytes]] = OrderedDict()  # longest idle first

    async def get(self, conversation: str) -> bytes | None:
        return self._talks.get(conversation, (0.0, None))[1]

    async def put(self, conversation: str, remembered: bytes) -> None:
        self._talks[conversation] = (self._clock(), remembered)
        self._talks.move_to_end(conversation)
        before = self._clock() - IDLE_SECONDS
        while len(self._talks) > self._most or next(iter(self._talks.values()))[0] < before:
            self._talks.popitem(last=False)

    async def drop(self, conversation: str) -> None:
        self._talks.pop(conversation, None)

    def __len__(self) -> int:
        return len(self._talks)


class TalkStore(TrackerStore):
    """Rasa's tracker store on a `Memory`."""

    def __init__(self, domain: Domain, memory: Memory) -> None:
        super().__init__(domain)
        self._memory = memory

    async def save(self, tracker: DialogueStateTracker) -> None:
        await self._memory.put(tracker.sender_id, remember(tracker))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        remembered = await self._memory.get(sender_id)
        if remembered is None:
            return None
        tracker = self.init_tracker(sender_id)
        for event in recall(remembered):
            tracker.update(event, self.domain)
        return tracker

    async def drop(self, conversation: str) -> None:
        await self._memory.drop(conversation)


def remember(tracker: DialogueStateTracker) -> bytes:
    """The last turns of a talk, and what was set before them. Turns that were taken back are gone."""
    events = tracker.applied_events()
    cut = _start_of_last_turns(events)
    slots: dict[str, Any] = {}
    form: str | None = None
    for event in events[:cut]:
        if isinstance(event, SlotSet):
            slots[event.key] = event.value
        elif isinstance(event, ActiveLoop):
            form = event.name
    kept = [_pack(event) for event in events[cut:] if not isinstance(event, BotUttered)]
    return json.dumps([slots, form, cut > 0, kept], ensure_ascii=False, separators=(",", ":")).encode()


def recall(remembered: bytes) -> Iterable[Event]:
    """The events that bring a fresh tracker to where `remember` found it."""
    slots, form, was_cut, kept = json.loads(remembered)
    for name, value in slots.items():
        yield SlotSet(name, value)
    if form:
        yield ActiveLoop(form)
    if was_cut:
        yield ActionExecuted(ACTION_LISTEN_NAME)  # a turn begins after the bot has listened
    for packed in kept:
        event = _unpack(packed)
        if event is not None:
            yield event


def _start_of_last_turns(events: list[Event]) -> int:
    """Where the last `KEEP_TURNS` messages begin; 0 if there are not more."""
    turns = 0
    for place in range(len(events) - 1, -1, -1):
        turns += isinstance(events[place], UserUttered)
        if turns == KEEP_TURNS:
            return place
    return 0


def _pack(event: Event) -> list[Any]:
    """No text, no readings, no value of an entity: rules look at what was meant, not at words."""
    match event:
        case UserUttered():
            entities = sorted({str(entity.get("entity")) for entity in event.entities})
            return ["u", event.timestamp, event.intent, entities]
        case ActionExecuted(action_name=str(name)):
            return ["a", event.timestamp, name, event.hide_rule_turn]
        case SlotSet():
            return ["s", event.timestamp, event.key, event.value]
        case DefinePrevUserUtteredFeaturization():
            return ["f", event.timestamp, event.use_text_for_featurization]
        case _:
            return ["e", event.as_dict()]


def _unpack(packed: list[Any]) -> Event | None:
    match packed:
        case ["u", timestamp, intent, entities]:
            return UserUttered(
                intent=intent, entities=[{"entity": name, "value": None} for name in entities], timestamp=timestamp
            )
        case ["a", timestamp, name, hidden]:
            return ActionExecuted(name, timestamp=timestamp, hide_rule_turn=hidden)
        case ["s", timestamp, name, value]:
            return SlotSet(name, value, timestamp)
        case ["f", timestamp, by_text]:
            return DefinePrevUserUtteredFeaturization(by_text, timestamp)
        case ["e", parameters]:
            return Event.from_parameters(parameters)
    return None
