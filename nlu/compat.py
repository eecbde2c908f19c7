"""Lets Rasa 3.6.21 live on a current Python with current libraries, without TensorFlow.

Rasa imports TensorFlow, its web server and every chat platform's client when it starts, even if nothing uses them.
This module answers those imports with *inert* modules: their names can be subclassed, subscripted, used in annotations
and as decorators (which is all that an import needs), and raise `InertComponentError`, naming the component, as soon as
something really uses them. It also puts back three names that newer libraries removed.

Import it before `rasa`; `docs/rasa-embedded.md` tells the story and the way back. 3.6.21 is the last release of Rasa
Open Source, so this file does not chase a moving target.
"""

from __future__ import annotations

import contextlib
import importlib.abc
import importlib.machinery
import os
import sys
import types
from collections.abc import Iterator, Sequence
from typing import Any

INERT: dict[str, str] = {
    # top-level package -> what in Rasa would need it
    "tensorflow": "neural components (DIET, TED, UnexpecTED, ResponseSelector)",
    "tensorflow_hub": "the ConveRT and hub featurizers",
    "tensorflow_text": "the ConveRT featurizer",
    "tensorflow_addons": "neural components",
    "keras": "neural components",
    "tensorboard": "training logs of neural components",
    "sanic": "Rasa's HTTP server",
    "sanic_cors": "Rasa's HTTP server",
    "sanic_jwt": "Rasa's HTTP server",
    "sanic_routing": "Rasa's HTTP server",
    "socketio": "Rasa's SocketIO channel",
    "engineio": "Rasa's SocketIO channel",
    "aiogram": "Rasa's own Telegram channel",
    "fbmessenger": "Rasa's Facebook channel",
    "mattermostwrapper": "Rasa's Mattermost channel",
    "rocketchat_API": "Rasa's Rocket.Chat channel",
    "slack_sdk": "Rasa's Slack channel",
    "jwt": "Rasa's HTTP server and Bot Framework channel",
    "twilio": "Rasa's Twilio channel",
    "webexteamssdk": "Rasa's Webex channel",
    "pymongo": "Rasa's Mongo tracker store",
    "boto3": "Rasa's DynamoDB tracker store and S3 model storage",
    "botocore": "Rasa's DynamoDB tracker store and S3 model storage",
    "google": "Rasa's Google Cloud model storage and Protocol Buffers",
    "aiormq": "Rasa's Pika event broker",
    "pamqp": "Rasa's Pika event broker",
    "aio_pika": "Rasa's Pika event broker",
    "confluent_kafka": "Rasa's Kafka event broker",
    "rasa_sdk": "Rasa's action server (custom actions run in this process)",
    "sentry_sdk": "Rasa's error reports to its maker, which stay off",
    "structlog_sentry": "Rasa's error reports to its maker, which stay off",
}


SPARED = ("sklearn", "matplotlib", "questionary", "prompt_toolkit")
"""Installed, but what Rasa wants them for (its own classifiers, plots of its tests, its command line) no turn needs."""


class InertComponentError(RuntimeError):
    """Something really used a library that is not part of this product."""

    def __init__(self, name: str, asked_by: str = "") -> None:
        needs = INERT.get(name.partition(".")[0], "an unknown component")
        what = f"{asked_by} needs {name}, which" if asked_by else name
        super().__init__(f"{what} is not installed here; it is needed only by {needs}. See docs/rasa-embedded.md.")


class _InertMeta(type):
    """Makes the class object answer whatever a module body asks of an imported name."""

    _inert_name: str  # the full name; classes that derive from an inert one inherit it

    def __getattr__(cls, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return _inert_class(f"{cls._inert_name}.{name}")

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if "_inert_name" not in vars(cls):  # a class of Rasa's own that derives from an inert one
            raise InertComponentError(cls._inert_name, asked_by=cls.__name__)
        if len(args) == 1 and not kwargs and callable(args[0]):
            return args[0]  # a bare decorator
        return _InertCall(cls._inert_name)

    def __or__(cls, other: object) -> Any:
        return cls

    def __ror__(cls, other: object) -> Any:
        return cls

    def __getitem__(cls, item: object) -> Any:
        return cls

    def __iter__(cls) -> Any:  # else Python would ask __getitem__ without end
        raise InertComponentError(cls._inert_name)


class _InertCall:
    """The result of calling an inert name while a module is imported: a decorator with arguments, nothing more.

    A call alone raises nothing, since a module body makes such calls; whatever is done with its result does.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and not kwargs and callable(args[0]):
            return args[0]
        raise InertComponentError(self._name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise InertComponentError(self._name)

    def _refuse(self, *_: object) -> Any:
        raise InertComponentError(self._name)

    __enter__ = __exit__ = __aenter__ = __aexit__ = __await__ = __iter__ = __len__ = __bool__ = _refuse
    __getitem__ = __setitem__ = __contains__ = __int__ = __float__ = __lt__ = __gt__ = __le__ = __ge__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __neg__ = _refuse


def _inert_class(name: str) -> type:
    return _InertMeta(name.rpartition(".")[2], (), {"_inert_name": name, "__module__": name.rpartition(".")[0]})


class _InertModule(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = _inert_class(f"{self.__name__}.{name}")
        setattr(self, name, made)
        return made


class InertFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Answers imports of the packages in `INERT`, at the head of `sys.meta_path`."""

    spared: tuple[str, ...] = ()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        package = fullname.partition(".")[0]
        if package in INERT or package in self.spared:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        module = _InertModule(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        module.__version__ = "2.12.0"  # type: ignore[attr-defined]  # Rasa prints TensorFlow's version


def _restore_names() -> None:
    """Puts back names that Rasa imports and newer libraries removed."""
    import numpy as np
    import packaging.version

    for module, name, value in (
        (packaging.version, "LegacyVersion", type("LegacyVersion", (packaging.version.Version,), {})),
        (np, "VisibleDeprecationWarning", np.exceptions.VisibleDeprecationWarning),
        (np, "float_", np.float64),
    ):
        if name not in vars(module):
            setattr(module, name, value)


def install() -> None:
    """Makes `import rasa` work in this process. Safe to call again."""
    if any(isinstance(finder, InertFinder) for finder in sys.meta_path):
        return
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    sys.meta_path.insert(0, InertFinder())
    _restore_names()


@contextlib.contextmanager
def sparing() -> Iterator[None]:
    """Inside it Rasa can be imported without loading `SPARED` (a second, and 50 MB); outside they are what they are.

    For a process that only answers: Rasa modules imported so can train none of Rasa's own classifiers. Does nothing where
    the packages are loaded already.
    """
    spared = tuple(name for name in SPARED if name not in sys.modules)
    finder = next(finder for finder in sys.meta_path if isinstance(finder, InertFinder))
    finder.spared = spared
    try:
        yield
    finally:
        finder.spared = ()
        for name in [name for name in sys.modules if name.partition(".")[0] in spared]:
            del sys.modules[name]


install()
