"""The engine that is used: Rasa's Agent, embedded, with the actions in this process."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nlu.compat
from nlu import quiet
from nlu.engine import FALLBACK, READS_AT_MOST, Action, Ask, EngineError, Meaning

quiet.install()

with nlu.compat.sparing():
    from rasa.core.actions import action as rasa_action
    from rasa.core.actions import forms as rasa_forms
    from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
    from rasa.core.nlg import NaturalLanguageGenerator
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import Event, SlotSet, UserUtteranceReverted
    from rasa.shared.core.trackers import DialogueStateTracker

    from nlu.processor import TurnProcessor
    from nlu.talk_memory import LocalMemory, Memory, TalkStore

_COMMAND = re.compile(r"^[\s/]+")  # Rasa drops white space, then takes a leading slash for a command


class InProcessActions:
    """Stands where Rasa expects the address of its action server: the actions of this process.

    Rasa swallows what an action raises, so the error is kept here and raised again by the engine.
    """

    def __init__(self, actions: Mapping[str, Action]) -> None:
        self.actions = actions
        self.failed: dict[str, Exception] = {}


class DirectAction(rasa_action.Action):
    """Takes the place of Rasa's RemoteAction: calls the action itself, where that one would copy the whole tracker into
    a request and check the answer against a schema compiled anew each time (30 ms a turn)."""

    def __init__(self, name: str, here: InProcessActions) -> None:
        self._name, self._here = name, here

    def name(self) -> str:
        return self._name

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        try:
            told = await self._here.actions[self._name](_ask(self._name, tracker))
        except Exception as error:
            self._here.failed[tracker.sender_id] = error
            raise
        events: list[Event] = [rasa_action.create_bot_utterance({"custom": value}) for value in told.said]
        events += [SlotSet(name, value) for name, value in told.slots.items()]
        return [*events, UserUtteranceReverted()] if told.rewind else events


# The two places where Rasa makes custom actions: those of the domain, and a form's `validate_…`.
rasa_action.RemoteAction = rasa_forms.RemoteAction = DirectAction


class RasaEngine:
    """`nlu.engine.Engine` on a trained model. The caller sends one turn of a conversation at a time."""

    def __init__(self, model: Path, actions: Mapping[str, Action], memory: Memory | None = None) -> None:
        """Loads the model. Raises EngineError if it cannot be loaded or asks for an action that is not there.

        `memory` is where talks are remembered between turns; in this process if it is not given.
        """
        self._actions = InProcessActions(actions)
        try:
            self._processor = TurnProcessor(model, (DirectAction,), self._actions)
        except Exception as error:
            raise EngineError(f"the model {model.name} cannot be loaded: {type(error).__name__}") from error
        domain = self._processor.domain
        missing = sorted(set(domain.user_actions) - set(actions))
        if missing:
            raise EngineError(f"the domain names actions that do not exist: {', '.join(missing)}")
        self._intents = set(domain.intents)
        self._talks = TalkStore(domain, memory or LocalMemory())
        self._processor.tracker_store = self._talks

    async def turn(self, conversation: str, text: str, language: str) -> list[dict[str, Any]]:
        return await self._handle(conversation, _language(text), language)

    async def say(self, conversation: str, intent: str, language: str) -> list[dict[str, Any]]:
        if intent not in self._intents:
            raise EngineError("a button stands for an unknown intent")
        return await self._handle(conversation, f"/{intent}", language)

    async def read(self, text: str) -> Meaning:
        try:
            return _meaning(await self._processor.parse_message(UserMessage(_language(text))))
        except Exception as error:
            raise EngineError(f"the text could not be read: {type(error).__name__}") from None

    async def forget(self, conversation: str) -> None:
        await self._talks.drop(conversation)

    async def _handle(self, conversation: str, text: str, language: str) -> list[dict[str, Any]]:
        out = CollectingOutputChannel()
        message = UserMessage(text or "?", out, conversation, metadata={"language": language})
        try:
            await self._processor.handle_message(message)
        except Exception as error:
            raise EngineError(f"the turn failed: {type(error).__name__}") from None
        finally:
            failed = self._actions.failed.pop(conversation, None)
        if failed is not None:
            raise EngineError(f"an action failed: {type(failed).__name__}") from None
        said = [m["custom"] for m in out.messages if "custom" in m]
        if not said:
            raise EngineError("the turn gave no answer")
        return said


def _language(text: str) -> str:
    """The part of a text that the engine reads; never a command of Rasa's."""
    return _COMMAND.sub("", text[:READS_AT_MOST])


def _ask(action: str, tracker: DialogueStateTracker) -> Ask:
    latest = tracker.latest_message
    return Ask(
        action=action,
        meaning=_meaning(latest.parse_data if latest else {}),
        language=((latest.metadata if latest else None) or {}).get("language", "vi"),
        slots={name: slot.value for name, slot in tracker.slots.items()},
    )


def _meaning(parsed: Mapping[str, Any]) -> Meaning:
    """Plain values: Rasa hands out numpy's."""
    intent = parsed.get("intent") or {}
    ranking = parsed.get("intent_ranking") or []
    return Meaning(
        intent=str(intent.get("name") or FALLBACK),
        confidence=float(intent.get("confidence") or 0.0),
        ranking=tuple((str(r["name"]), float(r["confidence"])) for r in ranking),
        text=str(parsed.get("text") or ""),
    )
