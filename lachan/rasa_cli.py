"""Rasa's own command line, for those who know it, with this project's paths as defaults."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import nlu.compat  # noqa: F401  (before rasa)
from nlu.compat import InertComponentError
from nlu.model import ROOT

_SERVER = {"run", "shell", "x", "interactive", "visualize"}
# Rasa looks for training data in `data/`, which holds the stores here.
_DATA = {
    ("data", "validate"): ["--data", "nlu/data", "stories"],
    ("train",): ["--data", "nlu/data", "stories"],
    ("test", "nlu"): ["--nlu", "nlu/data"],
}


def main(arguments: Sequence[str]) -> int:
    """The exit code. Commands that need Rasa's server say so in a sentence."""
    os.chdir(ROOT)
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    if arguments and arguments[0] in _SERVER:
        print(
            f"`rasa {arguments[0]}` needs Rasa's server, which is not part of Lá Chắn: use `lachan run` or `lachan chat`."
        )
        return 2
    from rasa.__main__ import main as rasa_main

    sys.argv = ["rasa", *_completed(list(arguments))]
    try:
        rasa_main()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except Exception as error:
        inert = _inert(error)
        if inert is None:
            raise
        print(inert)
        return 2
    return 0


def _inert(error: BaseException | None) -> InertComponentError | None:
    """What is not installed here, however deep Rasa wrapped it."""
    while error is not None and not isinstance(error, InertComponentError):
        error = error.__cause__ or error.__context__
    return error


def _completed(arguments: list[str]) -> list[str]:
    for command, defaults in _DATA.items():
        if tuple(arguments[: len(command)]) == command and defaults[0] not in arguments and "--help" not in arguments:
            if command[0] in ("data", "train") and not {"-d", "--domain"} & set(arguments):
                defaults = [*defaults, "--domain", "domain"]
            return [*arguments, *defaults]
    return arguments
