"""compat.py: each thing that it does, so that a change of a library shows here and not in production."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from nlu import compat
from nlu.compat import INERT, InertComponentError, InertFinder
from nlu.model import ROOT

# -- what an import of Rasa's needs


@pytest.mark.parametrize("package", sorted(INERT))
def test_every_inert_package_imports(package: str) -> None:
    module = importlib.import_module(package)
    below = importlib.import_module(f"{package}.some.module")
    assert isinstance(module.__spec__.loader, InertFinder)
    assert below.__name__ == f"{package}.some.module"
    assert isinstance(module.Anything, type)
    assert module.Anything is module.Anything


def test_the_real_libraries_are_not_installed() -> None:
    installed = {d.metadata["Name"].lower() for d in importlib.metadata.distributions()}
    heavy = {
        "tensorflow",
        "tensorflow-cpu",
        "tensorflow-hub",
        "tensorflow-text",
        "keras",
        "sanic",
        "rasa-sdk",
        "aiogram",
    }
    assert not heavy & installed
    assert "rasa" in installed


def test_packages_that_are_not_listed_are_left_alone() -> None:
    assert InertFinder().find_spec("numpy", None) is None
    assert InertFinder().find_spec("tensorflowish", None) is None
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("no_such_package_anywhere")


def test_names_can_be_subclassed() -> None:
    import tensorflow as tf
    from sanic import Sanic
    from tensorflow.keras.layers import Layer

    class Mixed(Layer, dict):  # type: ignore[misc]
        size: ClassVar[int] = 3

        def call(self) -> int:
            return self.size

    class Below(Mixed):
        pass

    class App(Sanic):  # type: ignore[misc]
        pass

    assert issubclass(Below, Layer)
    assert Below.size == 3
    assert issubclass(App, Sanic)
    assert not isinstance(3, tf.Tensor)


def test_names_can_be_subscripted_and_stand_in_annotations() -> None:
    import tensorflow as tf
    from sanic.request import Request

    annotated: dict[str, Any] = {}
    exec(  # without `from __future__ import annotations`, as Rasa's modules are
        "from typing import Callable, Dict, List, Optional, Union\n"
        "def f(a: tf.Tensor | None, b: None | tf.Tensor, c: Optional[tf.Tensor], d: Union[tf.Tensor, int],\n"
        "      e: List[tf.Tensor], g: Dict[str, tf.RaggedTensor[int]], h: tf.Tensor | Request,\n"
        "      i: Callable[[Request], tf.keras.Model]) -> tf.data.Dataset: return a\n",
        {"tf": tf, "Request": Request},
        annotated,
    )
    assert annotated["f"](3, 0, 0, 0, 0, 0, 0, 0) == 3


def test_names_are_decorators_with_and_without_arguments() -> None:
    import tensorflow as tf
    from sanic import Blueprint

    @tf.function
    def bare(x: int) -> int:
        return x + 1

    @tf.function(experimental_relax_shapes=True)
    def with_arguments(x: int) -> int:
        return x + 2

    @tf.keras.utils.register_keras_serializable("rasa")
    class Kept:
        pass

    @Blueprint.route("/", methods=["GET"])
    def route() -> str:
        return "here"

    assert (bare(1), with_arguments(1), route()) == (2, 3, "here")
    assert isinstance(Kept(), Kept)


def test_rasa_itself_imports() -> None:
    for module in (
        "rasa.core.agent",
        "rasa.model_training",
        "rasa.server",
        "rasa.nlu.classifiers.diet_classifier",
        "rasa.core.policies.ted_policy",
        "rasa.nlu.featurizers.dense_featurizer.convert_featurizer",
        "rasa.core.channels.telegram",
        "rasa.core.channels.socketio",
        "rasa.core.brokers.kafka",
        "rasa.validator",
    ):
        importlib.import_module(module)


# -- what real use meets


def _used() -> dict[str, Callable[[], object]]:
    import tensorflow as tf
    from sanic import Sanic

    class Model(tf.keras.Model):  # type: ignore[misc]
        pass

    return {
        "an instance of a class below an inert one": lambda: Model(3),
        "the same with a function as only argument": lambda: Model(print),
        "the result of a call, called": lambda: tf.constant([1])(2),
        "the result of a call, asked for a name": lambda: tf.constant([1]).numpy(),
        "arithmetic": lambda: tf.constant(1) + 1,
        "arithmetic from the right": lambda: 1 + tf.constant(1),
        "a truth value": lambda: bool(tf.executing_eagerly()),
        "a loop": lambda: list(tf.config.list_physical_devices("GPU")),
        "an item": lambda: tf.shape(0)[0],
        "a length": lambda: len(tf.range(3)),
        "a context": lambda: tf.device("cpu").__enter__(),
        "a loop over a name": lambda: list(tf.something),
        "an app's routes": lambda: Sanic("rasa", configure_logging=False).add_route(print, "/"),
    }


@pytest.mark.parametrize("use", list(_used()))
def test_real_use_names_the_component(use: str) -> None:
    with pytest.raises(InertComponentError) as caught:
        _used()[use]()
    component = INERT["sanic" if use == "an app's routes" else "tensorflow"]
    assert component in str(caught.value)
    assert "docs/rasa-embedded.md" in str(caught.value)


def test_a_neural_model_of_rasas_names_itself() -> None:
    from rasa.nlu.classifiers.diet_classifier import DIET
    from rasa.utils.tensorflow.layers import Embed

    for neural in (DIET, Embed):
        with pytest.raises(InertComponentError, match=rf"^{neural.__name__} needs .*keras.*neural components"):
            neural({}, {}, True, {})


def test_nothing_dunder_is_made_up() -> None:
    """Copying, pickling and inspecting ask for such names, and must hear that they are not there."""
    import tensorflow as tf

    for thing in (tf, tf.Tensor, tf.constant(1)):
        with pytest.raises(AttributeError):
            thing.__wrapped__  # noqa: B018


# -- the rest


def test_removed_names_are_back() -> None:
    import numpy as np
    import packaging.version

    assert np.float_ is np.float64
    assert issubclass(np.VisibleDeprecationWarning, Warning)
    assert packaging.version.LegacyVersion("1.0") == packaging.version.Version("1.0")


def test_names_that_are_there_are_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy as np

    monkeypatch.setattr(np, "float_", "as the library has it")
    compat._restore_names()
    assert np.float_ == "as the library has it"


def test_installing_again_changes_nothing() -> None:
    before, tensorflow = list(sys.meta_path), importlib.import_module("tensorflow")
    compat.install()
    compat.install()
    assert sys.meta_path == before
    assert sum(isinstance(finder, InertFinder) for finder in sys.meta_path) == 1
    assert importlib.import_module("tensorflow") is tensorflow


def test_telemetry_is_off() -> None:
    from rasa import telemetry

    assert os.environ["RASA_TELEMETRY_ENABLED"] == "false"
    assert not telemetry.is_telemetry_enabled()


def test_telemetry_is_off_whatever_the_surroundings_say(tmp_path: Path) -> None:
    """In a fresh process, with no line printed and no file of Rasa's made in the person's home."""
    code = "import nlu.compat, rasa.telemetry as t; t.track_model_training; assert not t.is_telemetry_enabled()"
    surroundings = {**os.environ, "HOME": str(tmp_path), "RASA_TELEMETRY_ENABLED": "true", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], env=surroundings, cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not list(tmp_path.rglob("*rasa*"))
