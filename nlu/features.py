"""Features that see a text both with and without its marks.

People write the same sentence with diacritics, without, and half and half. So every text is seen three ways: words and
word pairs as normalised (marks tell "bán" from "bạn"), the same without marks, and letter runs without marks (typing
slips).
Pure code on scikit-learn; the Rasa adapter is in components.py.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from nlu.normalise import strip_marks
from nlu.slips import mend

_WORD = re.compile(r"\w+")
WORD_RUN = (1, 2)  # words a term
LETTER_RUN = (2, 5)  # letters a term, inside a word and its borders
SEEN_AT_LEAST = 2  # sentences a term must stand in


def terms(normalised: str) -> list[str]:
    """All terms of a normalised text; the first letter says which of the three views a term belongs to."""
    bare = strip_marks(normalised)
    return word_terms(normalised, bare) + [run for word in bare.split() for run in letter_runs(word)]


def word_terms(normalised: str, bare: str) -> list[str]:
    """Words and word pairs, with their marks and without."""
    return [f"m{run}" for run in _word_runs(normalised)] + [f"b{run}" for run in _word_runs(bare)]


def letter_runs(word: str) -> list[str]:
    """The runs of letters in a word without marks, its borders being letters as well."""
    padded = f" {word} "
    sizes = range(LETTER_RUN[0], LETTER_RUN[1] + 1)
    return [f"l{padded[i : i + size]}" for size in sizes for i in range(max(1, len(padded) - size + 1))]


def _word_runs(text: str) -> Iterable[str]:
    words = _WORD.findall(text)
    for size in range(WORD_RUN[0], WORD_RUN[1] + 1):
        for i in range(len(words) - size + 1):
            yield " ".join(words[i : i + size])


class TextFeatures:
    """TF-IDF weights of `terms`, learnt from the training sentences.

    Counting is scikit-learn's in training; a single text is weighed here, without its machinery (a tenth of the time).
    """

    def __init__(self, vocabulary: dict[str, int] | None = None, weights: NDArray[np.float32] | None = None) -> None:
        """`vocabulary`: the column of each term; `weights`: its inverse document frequency."""
        self._vocabulary = vocabulary or {}
        self._weights = weights if weights is not None else np.zeros(0, np.float32)
        self._letters: dict[str, list[int]] = {}  # columns of the letter runs of words that the training sentences have

    def fit(self, normalised: Iterable[str]) -> None:
        """Learns the vocabulary and its weights. Raises ValueError if no term is frequent enough."""
        from sklearn.feature_extraction.text import TfidfVectorizer  # only training needs it

        learnt = TfidfVectorizer(analyzer=terms, min_df=SEEN_AT_LEAST, dtype=np.float32).fit(normalised)
        self._vocabulary = {str(term): int(column) for term, column in learnt.vocabulary_.items()}
        self._weights = learnt.idf_.astype(np.float32)
        self._letters = {}

    def transform(self, normalised: Iterable[str]) -> csr_matrix:
        """One row a text, one column a term; rows have length 1 (or 0 where no term is known)."""
        columns, values, ends = [], [], [0]
        for text in normalised:
            row, weights = self._weigh(text)
            columns.append(row)
            values.append(weights)
            ends.append(ends[-1] + len(row))
        shape = (len(ends) - 1, len(self._weights))
        return csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=shape)

    def _weigh(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Columns and weights of one text: (1 + log count) times the rarity of the term, to length 1."""
        known = self._vocabulary
        mended = mend(text, self._is_word)
        bare = strip_marks(mended)
        counts = Counter(known[term] for term in word_terms(mended, bare) if term in known)
        for word in bare.split():
            counts.update(self._letter_columns(word))
        columns = np.fromiter(counts.keys(), np.int32, len(counts))
        weights = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self._weights[columns]
        length = float(np.sqrt(weights @ weights))
        return columns, weights / length if length else weights

    def _letter_columns(self, word: str) -> list[int]:
        """Remembered for words of the training sentences; a person's own words (a name, a number) are not."""
        columns = self._letters.get(word)
        if columns is None:
            columns = [self._vocabulary[run] for run in letter_runs(word) if run in self._vocabulary]
            if f"b{word}" in self._vocabulary:
                self._letters[word] = columns
        return columns

    def _is_word(self, word: str) -> bool:
        """True if the training sentences have it, with these marks or without any."""
        return f"m{word}" in self._vocabulary or f"b{strip_marks(word)}" in self._vocabulary

    def save(self, folder: Path) -> None:
        vocabulary = sorted(self._vocabulary, key=self._vocabulary.__getitem__)
        (folder / "terms.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
        np.save(folder / "weights.npy", self._weights)

    @classmethod
    def load(cls, folder: Path) -> TextFeatures:
        vocabulary = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        weights = np.load(folder / "weights.npy", allow_pickle=False)
        return cls({term: column for column, term in enumerate(vocabulary)}, weights)
