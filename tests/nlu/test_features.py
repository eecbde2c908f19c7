"""features.py: a text seen with its marks, without them, and by its letter runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlu.features import LETTER_RUN, SEEN_AT_LEAST, TextFeatures, terms
from nlu.normalise import normalise, strip_marks

_SENTENCES = [
    normalise(text)
    for text in (
        "bán người sang nước ngoài",
        "bạn là ai vậy",
        "mua bán người là gì",
        "ban người là gì vậy",
        "số điện thoại đường dây nóng",
        "đường dây nóng số mấy",
    )
]


@pytest.fixture
def features() -> TextFeatures:
    fitted = TextFeatures()
    fitted.fit(_SENTENCES)
    return fitted


def test_the_three_views_are_kept_apart() -> None:
    found = terms("bán bạn")
    assert {"mbán", "mbạn", "mbán bạn"} <= set(found)
    assert {"bban", "bban ban"} <= set(found)
    assert {"l b", "l ban ", "lan "} <= set(found)
    assert all(term[0] in "mbl" for term in found)


def test_marks_are_seen_in_one_view_only() -> None:
    with_marks, without = set(terms("đường dây nóng")), set(terms("duong day nong"))
    assert {t for t in with_marks if t[0] != "m"} == {t for t in without if t[0] != "m"}
    assert not {t for t in with_marks if t[0] == "m"} & without
    assert all(t == strip_marks(t) for t in with_marks if t[0] != "m")


def test_letter_runs_stay_inside_a_word() -> None:
    runs = [term[1:] for term in terms("ab xklđ") if term[0] == "l"]
    assert all(LETTER_RUN[0] <= len(run) <= LETTER_RUN[1] for run in runs)
    assert not any(" " in run.strip() for run in runs)
    assert " ab " in runs and " xkld" in runs


@pytest.mark.parametrize("text", ["", " ", "...", "🙂"])
def test_a_text_without_words_is_no_error(text: str, features: TextFeatures) -> None:
    terms(text)
    assert features.transform([text]).shape[0] == 1


def test_rows_have_length_one_or_none(features: TextFeatures) -> None:
    rows = features.transform([*_SENTENCES, "zzz qqq"])
    lengths = np.linalg.norm(rows.toarray(), axis=1)
    assert np.allclose(lengths[:-1], 1, atol=1e-5)
    assert lengths[-1] == 0
    assert rows.dtype == np.float32


def test_what_stands_in_one_sentence_only_is_no_feature() -> None:
    features = TextFeatures()
    assert SEEN_AT_LEAST == 2
    features.fit(["ab", "ab", "xyz"])
    assert features.transform(["xyz"]).nnz == 0
    with pytest.raises(ValueError):
        TextFeatures().fit(["ab", "xyz"])


def test_an_unaccented_text_is_near_its_accented_one(features: TextFeatures) -> None:
    rows = features.transform([normalise(t) for t in ("đường dây nóng", "duong day nong", "bạn là ai")])
    near = (rows @ rows.T).toarray()
    assert near[0, 1] > 0.5 > near[0, 2]


def test_saving_and_loading_changes_nothing(features: TextFeatures, tmp_path: Path) -> None:
    features.save(tmp_path)
    loaded = TextFeatures.load(tmp_path)
    asked = [*_SENTENCES, "mua ban nguoi", "zzz"]
    assert np.allclose(features.transform(asked).toarray(), loaded.transform(asked).toarray(), atol=1e-6)
    assert {p.suffix for p in tmp_path.iterdir()} == {".json", ".npy"}  # no pickle
