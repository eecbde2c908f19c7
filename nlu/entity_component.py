"""The Rasa component for entities: a thin adapter around nlu.entities."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import nlu.compat  # noqa: F401  (before rasa)

# isort: split
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.entities import find

EXTRACTOR = "EntityFinder"
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def _today() -> date:
    return datetime.now(_VIETNAM).date()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntityFinder(GraphComponent):
    """Sets a message's entities: what `nlu.entities.find` finds in the person's own text, with its values."""

    def __init__(self, today: Callable[[], date] = _today) -> None:
        self._today = today
        find(
            "em 17 tuổi ở Lào Cai, hôm qua mất 30 triệu, gọi 0912345678", today()
        )  # reads the tables before anybody waits

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityFinder:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if text := message.get(TEXT):
                found = [
                    {
                        "entity": str(each.kind),
                        "start": each.start,
                        "end": each.end,
                        "value": each.value,
                        "text": each.text,
                        "extractor": EXTRACTOR,
                    }
                    for each in find(text, self._today())
                ]
                message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages
