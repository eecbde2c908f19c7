"""Where the trained model lies, whether it is still the right one, and that it is the one that was trained here.

A model file is code. Beside it stands a manifest: the hash of the inputs it was trained from, the hash of the file, and
a signature over both under a key that lies elsewhere; a model that fails the check is not loaded.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
_CODE = ("compat.py", "normalise.py", "features.py", "slips.py", "classifier.py", "components.py", "policy.py")
_LIBRARIES = ("rasa", "scikit-learn", "numpy", "scipy")


class ModelError(Exception):
    """The model may not be used; the message says why and what to do."""


@dataclass(frozen=True)
class ModelFile:
    """A model and its manifest in one folder."""

    folder: Path
    key: bytes

    @property
    def path(self) -> Path:
        return self.folder / "lachan.tar.gz"

    @property
    def _manifest(self) -> Path:
        return self.folder / "lachan.json"

    def is_current(self, root: Path = ROOT) -> bool:
        """True if there is a model that was trained here from the inputs below `root` as they are now."""
        try:
            self.check()
        except ModelError:
            return False
        return self._read()["inputs"] == inputs_hash(root)

    def check(self) -> Path:
        """The path, if the file is the one that was trained here. Raises ModelError."""
        if not self.path.exists() or not self._manifest.exists():
            raise ModelError("there is no model yet: run `lachan train`")
        manifest = self._read()
        expected = self._sign(manifest.get("inputs", ""), _hash([self.path]))
        if not hmac.compare_digest(expected.encode(), manifest.get("signature", "").encode()):
            raise ModelError("the model is not the one that was trained here: run `lachan train`")
        return self.path

    def seal(self, inputs: str) -> None:
        """Writes the manifest of a model that has just been trained from `inputs`."""
        model = _hash([self.path])
        manifest = {"inputs": inputs, "model": model, "signature": self._sign(inputs, model)}
        self._manifest.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")

    def _read(self) -> dict[str, str]:
        """The manifest; empty where the file is anything else."""
        try:
            manifest = json.loads(self._manifest.read_text(encoding="utf-8"))
        except ValueError:
            return {}
        if not isinstance(manifest, dict) or not all(isinstance(value, str) for value in manifest.values()):
            return {}
        return manifest

    def _sign(self, inputs: str, model: str) -> str:
        return hmac.digest(self.key, f"{inputs}\0{model}".encode(), "sha256").hex()


def inputs_hash(root: Path = ROOT) -> str:
    """One hash over everything that a training depends on: data, stories, domain, configuration, code, libraries.

    The code is this package's own, whatever `root` is.
    """
    files = [root / "config.yml", *(Path(__file__).with_name(name) for name in _CODE)]
    for folder in ("nlu/data", "stories", "domain"):
        files += sorted((root / folder).glob("**/*.yml"))
    return _hash(files, extra=[f"{name}=={version(name)}" for name in _LIBRARIES])


def _hash(files: Iterable[Path], extra: Iterable[str] = ()) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    for text in extra:
        digest.update(text.encode())
    return digest.hexdigest()
