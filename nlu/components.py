"""The Rasa components: thin adapters around normalise.py, features.py and classifier.py."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nlu.compat  # noqa: F401  (before rasa)

# isort: split
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.classifier import LinearClassifier
from nlu.features import TextFeatures
from nlu.normalise import normalise

NORMALISED = "normalised"
_RANKING_LENGTH = 10
_Type = DefaultV1Recipe.ComponentType


@DefaultV1Recipe.register(_Type.MESSAGE_TOKENIZER, is_trainable=False)
class Normaliser(GraphComponent):
    """Puts the normalised text beside the person's own, which stays as it was typed."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Normaliser:
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text:
                message.set(NORMALISED, normalise(text))
        return messages

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Rasa keeps results of earlier trainings; a changed rule of normalising must not meet them."""
        return _source_of("normalise.py")


@DefaultV1Recipe.register(_Type.MESSAGE_FEATURIZER, is_trainable=True)
class MarkFeaturizer(GraphComponent):
    """Sparse sentence features from `TextFeatures`."""

    def __init__(self, storage: ModelStorage, resource: Resource, name: str, features: TextFeatures) -> None:
        self._storage, self._resource, self._name, self._features = storage, resource, name, features

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MarkFeaturizer:
        return cls(model_storage, resource, execution_context.node_name, TextFeatures())

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MarkFeaturizer:
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, execution_context.node_name, TextFeatures.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        self._features.fit([m.get(NORMALISED) for m in training_data.intent_examples if m.get(NORMALISED)])
        with self._storage.write_to(self._resource) as folder:
            self._features.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        spoken = [m for m in messages if m.get(NORMALISED)]
        if spoken:
            rows = self._features.transform([m.get(NORMALISED) for m in spoken])
            for i, message in enumerate(spoken):
                message.add_features(Features(rows[i], FEATURE_TYPE_SENTENCE, TEXT, self._name))
        return messages

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        return _source_of("features.py", "normalise.py", "slips.py")


@DefaultV1Recipe.register(_Type.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Sets the intent and the ranking from `LinearClassifier`."""

    def __init__(
        self,
        storage: ModelStorage,
        resource: Resource,
        classifier: LinearClassifier | None,
        emphasis: Mapping[str, float],
    ) -> None:
        self._storage, self._resource, self._classifier, self._emphasis = storage, resource, classifier, emphasis

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`emphasis`: how much more a sentence of an intent counts in training than its share alone would give it."""
        return {"emphasis": {}}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        return cls(model_storage, resource, None, config["emphasis"])

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, LinearClassifier.load(folder), config["emphasis"])

    def train(self, training_data: TrainingData) -> Resource:
        from scipy.sparse import vstack

        examples = [m for m in training_data.intent_examples if _row(m) is not None]
        rows = vstack([_row(m) for m in examples]).tocsr()
        self._classifier = LinearClassifier.fit(rows, [m.get(INTENT) for m in examples], self._emphasis)
        with self._storage.write_to(self._resource) as folder:
            self._classifier.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self._ranking(message)
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        row = _row(message)
        if self._classifier is None or row is None or row.nnz == 0:  # nothing known in it: no opinion
            return [{"name": "out_of_scope", "confidence": 0.0}]
        chances = self._classifier.probabilities(row)[0]
        best = chances.argsort()[::-1][:_RANKING_LENGTH]
        return [{"name": self._classifier.labels[i], "confidence": float(chances[i])} for i in best]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        return _source_of("classifier.py")


def _row(message: Message) -> Any:
    _, sentence = message.get_sparse_features(attribute=TEXT)
    return sentence.features if sentence else None


def _source_of(*names: str) -> str:
    return "".join((Path(__file__).parent / name).read_text(encoding="utf-8") for name in names)
