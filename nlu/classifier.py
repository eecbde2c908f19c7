"""A linear classifier with an honest confidence.

A linear support vector machine decides; its scores become probabilities by a softmax whose temperature is fitted on
sentences that the machine did not see (cross-validation), so that "0.8" is right about eight times in ten.
Pure code on scikit-learn; the Rasa adapter is in components.py.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from scipy.special import log_softmax, softmax
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import LinearSVC

FOLDS = 5
PENALTY = 1.0


class LinearClassifier:
    """Weights of shape (labels, features), one bias a label, one temperature."""

    def __init__(
        self, labels: Sequence[str], weights: NDArray[np.float32], biases: NDArray[np.float32], temperature: float
    ) -> None:
        self.labels = list(labels)
        self._weights = np.ascontiguousarray(weights.T)  # (features, labels): a sparse row times this is one pass
        self._biases = biases
        self._temperature = temperature

    @classmethod
    def fit(cls, features: csr_matrix, labels: Sequence[str], seed: int = 13) -> LinearClassifier:
        """Trains on one row of `features` a label. Raises ValueError with fewer than two labels."""
        machine = LinearSVC(C=PENALTY, class_weight="balanced", random_state=seed)
        machine.fit(features, labels)
        weights, biases = machine.coef_, machine.intercept_
        if len(machine.classes_) == 2:  # scikit-learn keeps one row for two labels
            weights, biases = np.vstack([-weights, weights]), np.concatenate([-biases, biases])
        return cls(
            [str(label) for label in machine.classes_],
            weights.astype(np.float32),
            biases.astype(np.float32),
            _temperature(machine, features, np.asarray(labels), seed),
        )

    def probabilities(self, features: csr_matrix) -> NDArray[np.float64]:
        """Shape (texts, labels), each row sums to 1."""
        scores = np.asarray(features @ self._weights) + self._biases
        return np.asarray(softmax(scores.astype(np.float64) / self._temperature, axis=1))

    def save(self, folder: Path) -> None:
        np.save(folder / "weights.npy", self._weights.T)
        np.save(folder / "biases.npy", self._biases)
        about = {"labels": self.labels, "temperature": self._temperature}
        (folder / "classifier.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearClassifier:
        about = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        weights = np.load(folder / "weights.npy", allow_pickle=False)
        biases = np.load(folder / "biases.npy", allow_pickle=False)
        return cls(about["labels"], weights, biases, about["temperature"])


def _temperature(machine: Any, features: csr_matrix, labels: NDArray[np.str_], seed: int) -> float:
    """The temperature under which unseen sentences are least surprising; 1.0 where there is too little to measure."""
    fewest = int(np.unique(labels, return_counts=True)[1].min())
    folds = min(FOLDS, fewest)
    if folds < 2 or len(machine.classes_) < 3:
        return 1.0
    split = StratifiedKFold(folds, shuffle=True, random_state=seed)
    scores = cross_val_predict(machine, features, labels, cv=split, method="decision_function")
    right = np.searchsorted(machine.classes_, labels)

    def surprise(log_temperature: float) -> float:
        logs = log_softmax(scores / np.exp(log_temperature), axis=1)
        return float(-logs[np.arange(len(right)), right].mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-5, 2), method="bounded").x))
