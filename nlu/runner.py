"""Runs a trained graph's nodes one after the other.

Rasa gives the graph to dask, which plans it anew for every call (a turn makes three). The plan never changes, so it is made
once for each target; the nodes are Rasa's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import nlu.compat  # noqa: F401  (before rasa)

# isort: split
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.exceptions import RasaException

_Step = tuple[str, Callable[..., Any], dict[str, str]]  # node, its function, {parameter: where it comes from}


class StraightRunner(DaskGraphRunner):
    """Rasa's runner with the planning done once. For prediction only: every node is loaded before it is used."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plans: dict[str, list[_Step]] = {}

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The outputs of `targets`. Raises GraphRunError, or what Rasa's own components raise on purpose."""
        wanted = targets or list(self._graph_schema.target_names)
        known = dict(inputs or {})
        for step, work, needs in self._plan(wanted):
            try:
                known[step] = work(**{name: known[source] for name, source in needs.items()})
            except RasaException:
                raise
            except Exception as error:
                raise GraphRunError(f"node {step} failed") from error
        return {target: known[target] for target in wanted}

    def _plan(self, targets: Iterable[str]) -> list[_Step]:
        key = "\0".join(targets)
        if key not in self._plans:
            self._plans[key] = [self._step(node) for node in self._in_order(targets)]
        return self._plans[key]

    def _in_order(self, targets: Iterable[str]) -> list[str]:
        """Every node that the targets need, each after those that it needs."""
        order: list[str] = []

        def add(node: str) -> None:
            if node in self._instantiated_nodes and node not in order:
                for source in self._graph_schema.nodes[node].needs.values():
                    add(source)
                order.append(node)

        for target in targets:
            add(target)
        return order

    def _step(self, name: str) -> _Step:
        node = self._instantiated_nodes[name]
        return name, getattr(node._component, node._fn_name), dict(self._graph_schema.nodes[name].needs)
