"""Draws questions: the same mix of easy and hard for everybody, spread over topics, easy ones first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from random import Random
from typing import Any

from content.model import Question

LEVELS = ("D", "T", "K")  # easy, medium, hard: the order in which they are asked


def draw(
    questions: Mapping[str, Question], count: int, random: Random, seen: Collection[str] = ()
) -> list[dict[str, Any]]:
    """`count` items `{"question": id, "order": [2, 0, 1]}` for Attempt.items; equal seeds draw equal items.

    `order` are indices of the options as they are shown. Questions in `seen` come only when the others of their level
    are used up. Raises ValueError if the bank has fewer than `count` questions, or `count` is below 1.
    """
    if not 1 <= count <= len(questions):
        raise ValueError(f"cannot draw {count} of {len(questions)} questions")
    pool = [questions[key] for key in sorted(questions)]
    random.shuffle(pool)
    used: Counter[str] = Counter()
    items: list[dict[str, Any]] = []
    for level, wanted in quotas(count, Counter(question.level for question in pool)).items():
        for _ in range(wanted):
            mine = (question for question in pool if question.level == level)
            chosen = min(mine, key=lambda question: (question.id in seen, used[topic(question.id)]))
            pool.remove(chosen)
            used[topic(chosen.id)] += 1
            items.append({"question": chosen.id, "order": _shuffled(len(chosen.options), random)})
    return items


def quotas(count: int, available: Mapping[str, int]) -> dict[str, int]:
    """How many questions of each level: two fifths easy, one fifth hard; what a level lacks comes from its neighbours.

    Keys are in the order of `LEVELS`. The sum is `count` wherever `available` has that many.
    """
    hard, easy = count // 5, round(count * 2 / 5)
    wanted = {"D": easy, "T": count - easy - hard, "K": hard}
    given = {level: min(wanted[level], available.get(level, 0)) for level in LEVELS}
    for level in ("T", "D", "K"):
        missing = count - sum(given.values())
        given[level] += min(missing, available.get(level, 0) - given[level])
    return given


def topic(question_id: str) -> str:
    """`lao-dong-07` is of the topic `lao-dong`."""
    return question_id.rpartition("-")[0] or question_id


def _shuffled(count: int, random: Random) -> list[int]:
    order = list(range(count))
    random.shuffle(order)
    return order
