"""Rasa's turn without what is not needed here.

MessageProcessor copies the tracker before every action, copies every event for log lines that are off, and looks for slots to
fill even where no slot can be filled from text. Only those steps are replaced; the order of a turn is Rasa's.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nlu.compat  # noqa: F401  (before rasa)
from nlu.runner import StraightRunner

# isort: split
from rasa.core.actions.action import Action, ActionListen
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY

log = logging.getLogger("rasa.lachan")  # what is logged below "rasa" is told by nlu/quiet.py, without words


class TurnProcessor(MessageProcessor):
    """One model, ready for turns. `tracker_store` is set by the engine once the domain is known."""

    def __init__(self, model: Path, quick_actions: tuple[type[Action], ...], action_endpoint: Any) -> None:
        """`quick_actions` are kinds of actions that only read the tracker they are given."""
        super().__init__(
            model_path=model,
            tracker_store=None,
            lock_store=InMemoryLockStore(),  # never asked: the caller sends one turn of a talk at a time
            generator=NaturalLanguageGenerator.create(None, Domain.empty()),
            action_endpoint=action_endpoint,
        )
        self._quick = (ActionListen, *quick_actions)
        self._fills_slots = _fills_slots_from_text(self.domain)

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        with TemporaryDirectory() as folder:
            metadata, runner = load_predict_graph_runner(
                Path(folder), Path(model_path), LocalModelStorage, StraightRunner
            )
        return Path(model_path).name, metadata, runner

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        if not self._fills_slots:
            return tracker
        return await super().run_action_extract_slots(output_channel, tracker)

    async def run_anonymization_pipeline(self, tracker: DialogueStateTracker) -> None:
        """Rasa asks plugins here; there are none."""

    async def parse_message(
        self, message: UserMessage, tracker: DialogueStateTracker | None = None, only_output_properties: bool = True
    ) -> dict[str, Any]:
        parsed: dict[str, Any] = self._parse_message_with_graph(
            message, tracker or DialogueStateTracker(message.sender_id, ()), only_output_properties
        )
        self._check_for_unseen_features(parsed)
        return parsed

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Rasa warns of names that the domain does not know; a name that was not trained has no rule: told as one line."""
        intent = parse_data[INTENT][INTENT_NAME_KEY]
        if intent and intent not in self.domain.intents:
            super()._check_for_unseen_features(parse_data)

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        if not isinstance(action, self._quick):
            return bool(await super()._run_action(action, tracker, output_channel, nlg, prediction))
        tracker.update_with_events(prediction.events, self.domain)
        try:
            events: Sequence[Event] = await action.run(output_channel, nlg, tracker, self.domain)
        except Exception as error:  # the engine has kept it and raises it when the turn is over
            log.error("action %s failed: %s", action.name(), type(error).__name__)
            events = []
        tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(list(events), self.domain)
        await self._send_bot_messages(list(events), tracker, output_channel)
        return bool(self.should_predict_another_action(action.name()))


def _fills_slots_from_text(domain: Domain) -> bool:
    """True if any slot has a mapping other than "set by an action", or a form asks for slots."""
    mappings = (mapping for slot in domain.slots for mapping in slot.mappings)
    return bool(domain.forms) or any(mapping.get("type") != "custom" for mapping in mappings)
