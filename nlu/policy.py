"""Rasa's rules, looked up once for each kind of turn instead of matched anew.

RulePolicy compares every rule with the states of the whole talk, twice a prediction. Where each rule speaks of one turn only,
a prediction follows from what happened since the person spoke and from the slots; so it can be remembered.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Collection, Hashable
from typing import Any

import nlu.compat  # noqa: F401  (before rasa)

# isort: split
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

REMEMBERED = 4096  # predictions; one takes about 2 kB


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class TurnRulePolicy(RulePolicy):
    """RulePolicy that remembers. Predicts the same as Rasa's (a test compares them); a turn that it cannot vouch for
    (a form, a rule over several turns, an event out of the ordinary) goes Rasa's way."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seen: OrderedDict[Hashable, PolicyPrediction] = OrderedDict()
        self._one_turn: bool | None = None

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        if self._one_turn is None:
            self._one_turn = all(_speaks_of_one_turn(rule) for rule in self.lookup["rules"])
        key = turn_key(tracker, domain.entities) if self._one_turn else None
        if key is None:
            return super().predict_action_probabilities(tracker, domain, rule_only_data, **kwargs)
        if key not in self._seen:
            self._seen[key] = super().predict_action_probabilities(tracker, domain, rule_only_data, **kwargs)
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
        return self._seen[key]


def turn_key(tracker: DialogueStateTracker, entities: Collection[str] = ()) -> Hashable | None:
    """Whatever a rule about one turn can see: the slots before it, what was meant, what was done and set since, in order.

    `entities` are those that the domain knows: rules see no other. None where something happened that this key does not tell.
    """
    if tracker.active_loop_name:
        return None
    events = list(tracker.events)
    start = len(events)
    while start and not _listens(events[start - 1]):
        start -= 1
    slots = {name: str(slot.initial_value) for name, slot in tracker.slots.items() if slot.influence_conversation}
    for event in events[:start]:
        if isinstance(event, SlotSet) and event.key in slots:
            slots[event.key] = str(event.value)
    steps: list[Hashable] = list(slots.values())
    for event in events[start:]:
        if isinstance(event, UserUttered):
            seen = sorted(str(found.get("entity")) for found in event.entities if found.get("entity") in entities)
            steps.append((event.intent_name, *seen))
        elif isinstance(event, ActionExecuted):
            steps.append(event.action_name or event.action_text)
        elif isinstance(event, SlotSet):
            if event.key in slots:
                steps.append((event.key, str(event.value)))
        elif not isinstance(event, BotUttered | DefinePrevUserUtteredFeaturization):
            return None
    return tuple(steps) if start else None


def _listens(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME


def _speaks_of_one_turn(rule: str) -> bool:
    """A rule's key is the JSON list of its states; one that must stand at the start of a talk has a state without an action."""
    actions = [state.get("prev_action", {}).get("action_name") for state in json.loads(rule)]
    return all(actions) and actions.count(ACTION_LISTEN_NAME) <= 1
