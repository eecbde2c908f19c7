"""A linear classifier with an honest confidence.

A linear support vector machine decides. Sentences that it did not see (cross-validation) tell what its scores are
worth: under which temperature a softmax of them is least surprised, so that "0.8" is right about eight times in ten,
and how much doubt must stay even where the scores leave none (without it a training sentence gets 0.9999999).
Pure code on scikit-learn; the Rasa adapter is in components.py.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

FOLDS = 3  # five tell the same temperature and take half as long again
PENALTY = 1.0
_TEMPERATURES = (0.01, 10.0)
_DOUBTS = (1e-6, 0.5)


@dataclass(frozen=True, slots=True)
class Calibration:
    """How scores become probabilities: a softmax, and a share of `doubt` spread evenly over the labels."""

    temperature: float = 1.0
    doubt: float = 0.0

    def probabilities(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """The shape of `scores`: (texts, labels)."""
        sure = np.exp((scores - scores.max(axis=1, keepdims=True)) / self.temperature)
        sure /= sure.sum(axis=1, keepdims=True)
        return np.asarray((1 - self.doubt) * sure + self.doubt / scores.shape[1])


class LinearClassifier:
    """Weights of shape (labels, features), one bias a label."""

    def __init__(
        self,
        labels: Sequence[str],
        weights: NDArray[np.float32],
        biases: NDArray[np.float32],
        calibration: Calibration,
    ) -> None:
        self.labels = list(labels)
        self.calibration = calibration
        self._weights = np.ascontiguousarray(weights.T)  # (features, labels): a sparse row times this is one pass
        self._biases = biases

    @classmethod
    def fit(
        cls, features: csr_matrix, labels: Sequence[str], emphasis: Mapping[str, float] | None = None, seed: int = 13
    ) -> LinearClassifier:
        """Trains on one row of `features` a label. Raises ValueError with fewer than two labels.

        Labels weigh the same however many sentences they have; `emphasis` gives some of them that many times more.
        """
        from sklearn.svm import LinearSVC  # only training needs it

        machine = LinearSVC(C=PENALTY, random_state=seed)
        weight = _weight_of_each(labels, emphasis or {})
        machine.fit(features, labels, sample_weight=weight)
        weights, biases = machine.coef_, machine.intercept_
        if len(machine.classes_) == 2:  # scikit-learn keeps one row for two labels
            weights, biases = np.vstack([-weights, weights]), np.concatenate([-biases, biases])
        return cls(
            [str(label) for label in machine.classes_],
            weights.astype(np.float32),
            biases.astype(np.float32),
            _calibrate(machine, features, np.asarray(labels), weight, seed),
        )

    def probabilities(self, features: csr_matrix) -> NDArray[np.float64]:
        """Shape (texts, labels), each row sums to 1."""
        scores = np.asarray(features @ self._weights) + self._biases
        return self.calibration.probabilities(scores.astype(np.float64))

    def save(self, folder: Path) -> None:
        np.save(folder / "weights.npy", self._weights.T)
        np.save(folder / "biases.npy", self._biases)
        about = {"labels": self.labels, "calibration": asdict(self.calibration)}
        (folder / "classifier.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> LinearClassifier:
        about = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        weights = np.load(folder / "weights.npy", allow_pickle=False)
        biases = np.load(folder / "biases.npy", allow_pickle=False)
        return cls(about["labels"], weights, biases, Calibration(**about["calibration"]))


def _weight_of_each(labels: Sequence[str], emphasis: Mapping[str, float]) -> NDArray[np.float64]:
    counts = Counter(labels)
    share = len(labels) / len(counts)
    return np.array([share / counts[label] * emphasis.get(label, 1.0) for label in labels])


def _calibrate(
    machine: Any, features: csr_matrix, labels: NDArray[np.str_], weight: NDArray[np.float64], seed: int
) -> Calibration:
    """The calibration under which unseen sentences are least surprising; the plain softmax where there are too few.

    One sentence that nothing foretold is counted in addition to those that were there: that a thousand sentences were
    all read rightly does not prove that the next one will be.
    """
    from joblib import parallel_config
    from scipy.optimize import minimize
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    folds = min(FOLDS, int(np.unique(labels, return_counts=True)[1].min()))
    if folds < 2:
        return Calibration()
    split = StratifiedKFold(folds, shuffle=True, random_state=seed)
    with parallel_config("threading", n_jobs=-1):  # the machine is fitted outside Python's lock
        scores = cross_val_predict(
            machine, features, labels, cv=split, method="decision_function", params={"sample_weight": weight}
        )
    if scores.ndim == 1:  # two labels
        scores = np.column_stack([-scores, scores])
    right = (np.arange(len(labels)), np.searchsorted(machine.classes_, labels))

    def calibration(logs: NDArray[np.float64]) -> Calibration:
        temperature, doubt = np.exp(logs)
        return Calibration(float(temperature), float(doubt))

    def surprise(logs: NDArray[np.float64]) -> float:
        foretold = np.log(calibration(logs).probabilities(scores)[right]).sum()
        return -float(foretold + logs[1]) / len(labels)

    bounds = np.log([_TEMPERATURES, _DOUBTS])
    return calibration(minimize(surprise, bounds.mean(axis=1), method="Nelder-Mead", bounds=bounds).x)
