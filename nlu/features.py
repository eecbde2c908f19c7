"""Features that see a text both with and without its marks.

People write the same sentence with diacritics, without, and half and half. So every text is seen three ways: words and
word pairs as normalised (marks tell "bán" from "bạn"), the same without marks, and letter runs without marks (typing
slips).
Pure code on scikit-learn; the Rasa adapter is in components.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu.normalise import strip_marks

_WORD = re.compile(r"\w+")
WORD_RUN = (1, 2)  # words a term
LETTER_RUN = (2, 5)  # letters a term, inside a word and its borders
SEEN_AT_LEAST = 2  # sentences a term must stand in


def terms(normalised: str) -> list[str]:
    """All terms of a normalised text; the first letter says which of the three views a term belongs to."""
    bare = strip_marks(normalised)
    found = [f"m{run}" for run in _word_runs(normalised)] + [f"b{run}" for run in _word_runs(bare)]
    for word in bare.split():
        padded = f" {word} "
        for size in range(LETTER_RUN[0], LETTER_RUN[1] + 1):
            found += [f"l{padded[i : i + size]}" for i in range(max(1, len(padded) - size + 1))]
    return found


def _word_runs(text: str) -> Iterable[str]:
    words = _WORD.findall(text)
    for size in range(WORD_RUN[0], WORD_RUN[1] + 1):
        for i in range(len(words) - size + 1):
            yield " ".join(words[i : i + size])


class TextFeatures:
    """TF-IDF weights of `terms`, learnt from the training sentences."""

    def __init__(self) -> None:
        self._vectors = _vectorizer()

    def fit(self, normalised: Iterable[str]) -> None:
        """Learns the vocabulary and its weights. Raises ValueError if no term is frequent enough."""
        self._vectors.fit(normalised)

    def transform(self, normalised: Iterable[str]) -> csr_matrix:
        """One row a text, one column a term; rows have length 1 (or 0 where no term is known)."""
        return csr_matrix(self._vectors.transform(normalised))

    def save(self, folder: Path) -> None:
        vocabulary = sorted(self._vectors.vocabulary_, key=self._vectors.vocabulary_.__getitem__)
        (folder / "terms.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
        np.save(folder / "weights.npy", self._vectors.idf_.astype(np.float32))

    @classmethod
    def load(cls, folder: Path) -> TextFeatures:
        features = cls()
        vocabulary = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        features._vectors = _vectorizer({term: column for column, term in enumerate(vocabulary)})
        features._vectors.idf_ = np.load(folder / "weights.npy", allow_pickle=False)
        return features


def _vectorizer(vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=terms,
        sublinear_tf=True,
        min_df=SEEN_AT_LEAST if vocabulary is None else 1,
        vocabulary=vocabulary,
        dtype=np.float32,
    )
