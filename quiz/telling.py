"""Small pieces of what is said about contests: durations, results, buttons."""

from __future__ import annotations

from collections.abc import Sequence

from content.library import Library
from content.reply import Button
from db.citizen import Contest
from quiz.contests import Contests, State
from quiz.practice import ROUND
from quiz.ranking import Result, Standing
from web import times

TITLE_ON_BUTTON = 40  # characters


def duration(library: Library, seconds: int | None, language: str) -> str:
    """`45 giây`, `3 phút 5 giây`, `26 giờ 4 phút`; None is somebody who answered nothing."""
    if seconds is None:
        return library.phrase("contest.no_time", language)
    minutes, rest = divmod(seconds, 60)
    if minutes == 0:
        return library.phrase("contest.seconds", language, seconds=rest)
    if minutes < 60:
        return library.phrase("contest.minutes", language, minutes=minutes, seconds=rest)
    return library.phrase("contest.hours", language, hours=minutes // 60, minutes=minutes % 60)


def score(library: Library, result: Result, language: str) -> dict[str, object]:
    """What phrases about a result fill in: name, right, total, time."""
    time = duration(library, result.seconds, language)
    return {"name": result.name, "right": result.right, "total": result.total, "time": time}


def result(library: Library, result: Result, language: str, done: bool) -> str:
    """One's own score as a sentence; `done`: the last answer was given at this moment."""
    word = "result_empty" if result.last_at is None else "finished" if done else "result"
    return library.phrase(f"contest.{word}", language, **score(library, result, language))


def place(library: Library, contest: Contest, own: Standing, of: int, language: str) -> str:
    """The sentence on one's place: final, or as it is now."""
    word = "place_final" if contest.state == State.CLOSED else "place_now"
    closes = times.moment(contest.closes_at)
    return library.phrase(f"contest.{word}", language, place=own.place, of=of, closes=closes)


def enter(library: Library, contest: Contest, language: str, word: str = "enter") -> Button:
    """Enters, or goes on with, that contest; `word` is "enter", "continue" or "title" (the contest's own name)."""
    title = shortened(contest.title) if word == "title" else library.phrase(f"contest.{word}", language)
    return Button(title, f"contest:enter:{contest.id}")


def submit(library: Library, contest: Contest, language: str) -> Button:
    return Button(library.phrase("contest.submit", language), f"contest:submit:{contest.id}")


def board(library: Library, contest: Contest, language: str) -> Button:
    return Button(library.phrase("contest.show_board", language), f"contest:board:{contest.id}")


def practise(library: Library, language: str) -> Button:
    return Button(library.phrase("quiz.begin", language, count=ROUND), "quiz:start")


def listed(library: Library, contests: Contests, shown: Sequence[Contest], language: str) -> str:
    """Contests as lines: title, group, closing time."""
    return "\n".join(
        library.phrase(
            "contest.choose_line",
            language,
            title=contest.title,
            group=contests.group_of(contest),
            closes=times.moment(contest.closes_at),
        )
        for contest in shown
    )


def shortened(title: str) -> str:
    """A contest's name that fits a button."""
    return title if len(title) <= TITLE_ON_BUTTON else f"{title[: TITLE_ON_BUTTON - 1].rstrip()}…"
