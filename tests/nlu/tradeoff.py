"""What the thresholds of FallbackClassifier cost, by cross-validation of the training data (docs/understanding.md).

Run by hand after the training data changed much: PYTHONPATH=. .venv/bin/python tests/nlu/tradeoff.py
"""

from __future__ import annotations

import numpy as np
import yaml
from sklearn.model_selection import StratifiedKFold

from nlu import training_files
from nlu.classifier import LinearClassifier
from nlu.features import TextFeatures
from nlu.model import ROOT
from nlu.normalise import normalise

FOLDS = 5
THRESHOLDS = ((0.0, 0.0), (0.3, 0.05), (0.35, 0.05), (0.4, 0.1), (0.45, 0.1), (0.5, 0.1), (0.6, 0.1), (0.7, 0.1))


def sentences() -> tuple[np.ndarray, np.ndarray]:
    """All training sentences, normalised, and their intents."""
    texts, intents = zip(*training_files.sentences(), strict=True)
    return np.array([normalise(text) for text in texts]), np.array(intents)


def readings(texts: np.ndarray, intents: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each sentence, read by a machine that saw neither it nor its words: hit, how sure, how far before the next."""
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    emphasis = next(part["emphasis"] for part in config["pipeline"] if "emphasis" in part)
    hit, sure, lead = np.zeros(len(texts), bool), np.zeros(len(texts)), np.zeros(len(texts))
    for seen, unseen in StratifiedKFold(FOLDS, shuffle=True, random_state=13).split(texts, intents):
        features = TextFeatures()
        features.fit(texts[seen])
        classifier = LinearClassifier.fit(features.transform(texts[seen]), intents[seen], emphasis)
        chances = classifier.probabilities(features.transform(texts[unseen]))
        best = np.sort(chances, axis=1)
        hit[unseen] = np.array(classifier.labels)[chances.argmax(axis=1)] == intents[unseen]
        sure[unseen], lead[unseen] = best[:, -1], best[:, -1] - best[:, -2]
    return hit, sure, lead


def main() -> None:
    texts, intents = sentences()
    hit, sure, lead = readings(texts, intents)
    print(f"{len(texts)} sentences, accuracy {hit.mean():.3f}")
    tenth = (sure * 10).astype(int)
    for t in sorted(set(tenth)):
        inside = tenth == t
        print(f"sure {sure[inside].mean():.2f}: right {hit[inside].mean():.2f} of {inside.sum()}")
    gaps = [(tenth == t).mean() * abs(sure[tenth == t].mean() - hit[tenth == t].mean()) for t in set(tenth)]
    print(f"expected calibration error {sum(gaps):.3f}")
    danger = intents == "emergency"
    for threshold, ambiguity in THRESHOLDS:
        answered = (sure >= threshold) & (lead >= ambiguity)
        print(
            f"threshold {threshold:.2f}, ambiguity {ambiguity:.2f}: asked back {(~answered).mean():.1%}, "
            f"answered rightly {(answered & hit).mean():.1%}, wrongly {(answered & ~hit).mean():.1%}; "
            f"emergency rightly {(answered & hit)[danger].mean():.1%}, wrongly {(answered & ~hit)[danger].mean():.1%}"
        )
    for low, high in ((0.3, 0.35), (0.35, 0.4), (0.4, 0.45), (0.45, 0.5)):
        inside = (sure >= low) & (sure < high)
        print(f"between {low} and {high}: right {hit[inside].mean():.2f} of {inside.sum()}")
    for low, high in ((0.0, 0.05), (0.05, 0.1), (0.1, 0.15), (0.15, 0.2)):
        inside = (lead >= low) & (lead < high)
        print(f"lead between {low} and {high}: right {hit[inside].mean():.2f} of {inside.sum()}")


if __name__ == "__main__":
    main()
