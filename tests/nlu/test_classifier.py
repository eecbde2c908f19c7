"""classifier.py: decides rightly where that is easy, and says honestly how sure it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from nlu.classifier import Calibration, LinearClassifier

_LABELS = ("a", "b", "c", "d")


def _sentences(labels: int, per_label: int, noise: float, seed: int) -> tuple[csr_matrix, np.ndarray]:
    """Rows of length 1, one direction a label, blurred by noise."""
    random = np.random.default_rng(seed)
    which = np.repeat(np.arange(labels), per_label)
    rows = np.eye(labels, 20)[which] + noise * random.normal(size=(len(which), 20))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return csr_matrix(rows.astype(np.float32)), np.array(_LABELS)[which]


def _reading(classifier: LinearClassifier, rows: csr_matrix) -> tuple[np.ndarray, np.ndarray]:
    """The likeliest label of each row, and how sure."""
    chances = classifier.probabilities(rows)
    return np.array(classifier.labels)[chances.argmax(axis=1)], chances.max(axis=1)


@pytest.mark.parametrize("labels", [2, 3, 4])
def test_separable_texts_are_all_read_rightly(labels: int) -> None:
    classifier = LinearClassifier.fit(*_sentences(labels, 12, 0.05, seed=1))
    unseen, right = _sentences(labels, 12, 0.05, seed=2)
    read, sure = _reading(classifier, unseen)
    assert (read == right).all()
    assert classifier.labels == list(_LABELS[:labels])
    assert sure.min() > 0.7


@pytest.mark.parametrize("labels", [2, 3, 4])
@pytest.mark.parametrize("noise", [0.05, 0.6])
def test_probabilities_sum_to_one(labels: int, noise: float) -> None:
    classifier = LinearClassifier.fit(*_sentences(labels, 8, noise, seed=1))
    chances = classifier.probabilities(_sentences(labels, 50, 1.0, seed=2)[0])
    assert chances.shape == (labels * 50, labels)
    assert np.allclose(chances.sum(axis=1), 1)
    assert (chances > 0).all()


def test_one_label_is_refused() -> None:
    with pytest.raises(ValueError):
        LinearClassifier.fit(csr_matrix(np.eye(3, dtype=np.float32)), ["a", "a", "a"])


def test_a_label_with_one_sentence_is_learnt_without_a_measure() -> None:
    classifier = LinearClassifier.fit(csr_matrix(np.eye(2, dtype=np.float32)), ["a", "b"])
    assert classifier.calibration == Calibration()
    assert _reading(classifier, csr_matrix(np.eye(2, dtype=np.float32)))[0].tolist() == ["a", "b"]


@pytest.mark.parametrize("labels", [2, 4])
def test_confidence_is_honest_on_unseen_texts(labels: int) -> None:
    """Of the texts read with a confidence about 0.6, about six in ten are read rightly; and so on."""
    classifier = LinearClassifier.fit(*_sentences(labels, 100, 0.6, seed=1))
    unseen, right = _sentences(labels, 1000, 0.6, seed=2)
    read, sure = _reading(classifier, unseen)
    hit = read == right
    assert 0.5 < hit.mean() < 0.95, "the task should be neither hopeless nor trivial"
    tenth = (sure * 10).astype(int)
    gaps = [(tenth == t).mean() * abs(sure[tenth == t].mean() - hit[tenth == t].mean()) for t in set(tenth)]
    assert sum(gaps) < 0.06


def test_a_sentence_known_by_heart_leaves_a_doubt() -> None:
    rows, labels = _sentences(3, 20, 0.02, seed=1)
    classifier = LinearClassifier.fit(rows, labels)
    _, sure = _reading(classifier, rows)
    assert 0.9 < sure.max() < 1 - 1 / (2 * len(labels)), "sixty right answers do not prove the next one"


def test_more_noise_means_less_confidence() -> None:
    clear = LinearClassifier.fit(*_sentences(4, 50, 0.1, seed=1))
    blurred = LinearClassifier.fit(*_sentences(4, 50, 0.6, seed=1))
    rows, _ = _sentences(4, 50, 0.1, seed=2)
    assert _reading(clear, rows)[1].mean() > _reading(blurred, rows)[1].mean()


def test_training_twice_gives_the_same() -> None:
    rows, labels = _sentences(4, 20, 0.5, seed=1)
    one, two = LinearClassifier.fit(rows, labels), LinearClassifier.fit(rows, labels)
    assert one.calibration == two.calibration
    assert np.array_equal(one.probabilities(rows), two.probabilities(rows))


@pytest.mark.parametrize("labels", [2, 4])
def test_saving_and_loading_changes_nothing(labels: int, tmp_path: Path) -> None:
    rows, names = _sentences(labels, 20, 0.5, seed=1)
    classifier = LinearClassifier.fit(rows, names)
    classifier.save(tmp_path)
    loaded = LinearClassifier.load(tmp_path)
    assert loaded.labels == classifier.labels
    assert loaded.calibration == classifier.calibration
    assert np.array_equal(loaded.probabilities(rows), classifier.probabilities(rows))
    assert {p.suffix for p in tmp_path.iterdir()} == {".json", ".npy"}  # no pickle


def test_calibration_alone() -> None:
    scores = np.array([[2.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    plain, cold, doubtful = Calibration(), Calibration(0.1), Calibration(0.1, 0.2)
    assert cold.probabilities(scores)[0, 0] > plain.probabilities(scores)[0, 0]
    assert doubtful.probabilities(scores)[0] == pytest.approx([0.85, 0.05, 0.05, 0.05], abs=1e-6)
    assert doubtful.probabilities(scores)[1] == pytest.approx([0.25] * 4)
