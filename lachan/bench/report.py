"""The figures as a table: ours, Rasa as it comes, how many times, and what is aimed at."""

from __future__ import annotations

from typing import Any

from lachan.bench.run import Figures

Row = tuple[str, str, str, str, str]
HEAD = ("figure", "Lá Chắn", "Rasa as it comes", "ratio", "aim")


def rows(figures: Figures) -> list[Row]:
    """One row a figure; "–" where it was not measured."""
    ours, stock = figures.ours, figures.stock
    talk, engine, shared = ours["conversation"], ours["engine"], ours.get("shared", {})
    other: dict[str, Any] = stock.get("engine", {})
    memory = engine["resident_mb_after_each_tenth"]
    one, two = shared.get("1_processes_turns_per_s"), shared.get("2_processes_turns_per_s")
    drawn = ", drawn from two shorter ones" if stock.get("training_is_extrapolated") else ""
    return [
        _row("turns/s, engine, 16 clients", engine["turns_per_s"], other.get("turns_per_s"), "≥ 15 ×", more=True),
        _row("turns/s, whole conversation", talk["turns_per_s"], other.get("turns_per_s"), "", more=True),
        _row("p95 of a turn, whole conversation, ms", talk["p95_ms"], other.get("p95_ms"), "≤ 1/10"),
        _row("p50 of a turn, whole conversation, ms", talk["p50_ms"], other.get("p50_ms"), ""),
        _row("p95 of a turn, engine, ms", engine["p95_ms"], other.get("p95_ms"), ""),
        _flat("turn 2,000 against turn 10, conversation", talk, "turn_2000_ms", other),
        _flat("turn 2,000 against turn 10, engine", engine, "turn_2000_ms", other),
        _row("resident, engine, 100,000 turns, MB", memory[-1], other.get("resident_mb"), "≤ 1/4"),
        ("… of the first 10,000 turns", f"{memory[-1] / memory[0]:.3f} ×", "–", "", "≤ 1.05 ×"),
        _row("start to first answer, s", talk["start_s"], other.get("start_s"), "≤ 1/10"),
        _row(f"training, s{drawn}", ours["training_s"], stock.get("training_s"), "≤ 1/20"),
        (
            "two processes through Redis, turns/s",
            f"{two:.0f}" if two else "–",
            "–",
            f"{two / one:.2f} × one" if one and two else "–",
            "≥ 1.8 × one",
        ),
    ]


def _row(name: str, ours: float, stock: float | None, aim: str, more: bool = False) -> Row:
    if stock is None:
        return name, _plain(ours), "–", "–", aim
    ratio = f"{ours / stock:.1f} ×" if more else f"1/{stock / ours:.1f}"
    return name, _plain(ours), _plain(stock), ratio, aim


def _flat(name: str, ours: dict[str, float], last: str, stock: dict[str, float]) -> Row:
    grown = f"{stock['turn_500_ms'] / stock['turn_10_ms']:.2f} × (turn 500)" if stock else "–"
    return name, f"{ours[last] / ours['turn_10_ms']:.2f} ×", grown, "", "≤ 1.1 ×"


def _plain(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
