"""model.py: only a model that was trained here is loaded, and only while its inputs are what they were."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nlu import model as module
from nlu.model import ModelError, ModelFile, inputs_hash

_KEY = b"k" * 32


@pytest.fixture
def sealed(tmp_path: Path, bot_files: Path) -> ModelFile:
    """A sealed model of the contract bot; its content does not matter here."""
    model = ModelFile(tmp_path, _KEY)
    model.path.write_bytes(bytes(range(256)) * 8)
    model.seal(inputs_hash(bot_files))
    return model


def _manifest(model: ModelFile) -> Path:
    return model.folder / "lachan.json"


def test_the_model_that_was_trained_here_is_accepted(sealed: ModelFile, bot_files: Path) -> None:
    assert sealed.check() == sealed.path
    assert sealed.is_current(bot_files)
    assert not sealed.is_current(), "the product's own inputs are others"


@pytest.mark.parametrize("place", [0, 1000, 2047])
def test_one_changed_byte_is_refused(sealed: ModelFile, bot_files: Path, place: int) -> None:
    content = bytearray(sealed.path.read_bytes())
    content[place] ^= 1
    sealed.path.write_bytes(content)
    with pytest.raises(ModelError, match="trained here"):
        sealed.check()
    assert not sealed.is_current(bot_files)


@pytest.mark.parametrize("change", [lambda b: b + b"\0", lambda b: b[:-1], lambda b: b""])
def test_a_longer_or_shorter_file_is_refused(sealed: ModelFile, change: Callable[[bytes], bytes]) -> None:
    sealed.path.write_bytes(change(sealed.path.read_bytes()))
    with pytest.raises(ModelError):
        sealed.check()


def test_a_model_sealed_under_another_key_is_refused(sealed: ModelFile) -> None:
    ModelFile(sealed.folder, b"x" * 32).seal("whatever")
    with pytest.raises(ModelError):
        sealed.check()


def test_a_manifest_of_another_model_is_refused(sealed: ModelFile, tmp_path: Path) -> None:
    other = ModelFile(tmp_path / "other", _KEY)
    other.folder.mkdir()
    other.path.write_bytes(b"another model")
    other.seal("inputs")
    _manifest(sealed).write_bytes(_manifest(other).read_bytes())
    with pytest.raises(ModelError):
        sealed.check()


@pytest.mark.parametrize("name", ["inputs", "signature"])
def test_a_changed_or_missing_line_of_the_manifest_is_refused(sealed: ModelFile, name: str) -> None:
    manifest = json.loads(_manifest(sealed).read_text())
    for wrong in ({**manifest, name: "0" * 64}, {k: v for k, v in manifest.items() if k != name}):
        _manifest(sealed).write_text(json.dumps(wrong))
        with pytest.raises(ModelError):
            sealed.check()


@pytest.mark.parametrize(
    "content",
    [b"", b"no json", b"\xff\xfe", b"[]", b"null", b'"text"', b'{"signature": 3}', '{"signature": "chữ ký"}'.encode()],
)
def test_a_manifest_that_is_none_is_refused(sealed: ModelFile, bot_files: Path, content: bytes) -> None:
    _manifest(sealed).write_bytes(content)
    with pytest.raises(ModelError):
        sealed.check()
    assert not sealed.is_current(bot_files)


@pytest.mark.parametrize("name", ["lachan.tar.gz", "lachan.json"])
def test_a_missing_file_says_what_to_do(sealed: ModelFile, bot_files: Path, name: str) -> None:
    (sealed.folder / name).unlink()
    with pytest.raises(ModelError, match="lachan train"):
        sealed.check()
    assert not sealed.is_current(bot_files)


@pytest.mark.parametrize("path", ["config.yml", "domain/domain.yml", "nlu/data/nlu.yml", "stories/stories.yml"])
def test_a_changed_input_makes_the_model_old(sealed: ModelFile, bot_files: Path, path: str) -> None:
    with (bot_files / path).open("a") as file:
        file.write("\n")
    assert not sealed.is_current(bot_files)
    assert sealed.check() == sealed.path, "old, but still the one that was trained here"


@pytest.mark.parametrize("folder", ["domain", "nlu/data", "stories"])
def test_a_new_or_missing_file_makes_the_model_old(sealed: ModelFile, bot_files: Path, folder: str) -> None:
    new = bot_files / folder / "new.yml"
    new.write_text('version: "3.1"\n')
    assert not sealed.is_current(bot_files)
    new.unlink()
    assert sealed.is_current(bot_files)
    next((bot_files / folder).glob("*.yml")).unlink()
    assert not sealed.is_current(bot_files)


def test_changed_code_and_libraries_make_the_model_old(
    sealed: ModelFile, bot_files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as changed:
        changed.setattr(module, "_CODE", module._CODE[:-1])
        assert not sealed.is_current(bot_files)
    with monkeypatch.context() as changed:
        changed.setattr(module, "version", lambda name: "0.0")
        assert not sealed.is_current(bot_files)
    assert sealed.is_current(bot_files)


def test_all_code_that_a_training_runs_through_is_hashed() -> None:
    assert {"compat.py", "normalise.py", "features.py", "classifier.py", "components.py"} <= set(module._CODE)
