"""`lachan nlu …`: what was not understood, and the way from there into the training data."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.misses import Misses
from lachan.settings import read_settings

review = typer.Typer(help="What was not understood: the editors' list.", no_args_is_help=True)
out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)
Numbers = Annotated[list[int], typer.Argument(help="Numbers of the list.")]
_HELD_OUT = Path("tests") / "nlu" / "heldout"


@review.command("review")
def show(
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line instead of a table.")] = False,
) -> None:
    """Show what was not understood, the most frequent first; names and numbers were taken out before it was kept."""
    with _misses() as misses:
        listed, unkept = misses.listed(limit), misses.unkept()
    if as_json:
        for missed in listed:
            print(json.dumps(asdict(missed), ensure_ascii=False))
        return
    if listed:
        table = Table("number", "text", "times", "first day", "last day", "likely readings")
        for missed in listed:
            days = (missed.first_day, missed.last_day)
            table.add_row(str(missed.number), missed.text, str(missed.times), *days, ", ".join(missed.readings))
        out.print(table, markup=False)
    else:
        out.print("Nothing was misunderstood since the list was last emptied.")
    if unkept:
        out.print(f"{unkept} more could not be made anonymous and were only counted.")


@review.command()
def take(
    numbers: Numbers,
    intent: Annotated[str, typer.Option(help="What the texts mean.")],
    folder: Annotated[Path | None, typer.Option(hidden=True)] = None,
) -> None:
    """Put texts of the list into the training data and take them off the list."""
    from nlu.training_files import FOLDER, SentenceError
    from nlu.training_files import take as take_in

    with _misses() as misses:
        chosen = misses.get(numbers)
        if missing := sorted(set(numbers) - {missed.number for missed in chosen}):
            _fail(f"not on the list: {', '.join(map(str, missing))}")
        try:
            path = take_in([missed.text for missed in chosen], intent, _held_out(), folder or FOLDER)
        except SentenceError as error:
            _fail(str(error))
        misses.drop(numbers)
    out.print(f"{len(chosen)} into {path.name} as {intent}. Now run `lachan train`.")


@review.command()
def drop(numbers: Numbers) -> None:
    """Take texts off the list."""
    with _misses() as misses:
        out.print(f"{misses.drop(numbers)} dropped")


def _held_out() -> set[str]:
    """Texts that measure understanding, where the project's tests are at hand: as they are, and as the list would show them."""
    from nlu.anonymise import anonymise
    from nlu.evaluation import read_samples
    from nlu.model import ROOT
    from nlu.training_files import known_words

    folder = ROOT / _HELD_OUT
    texts = [sample.text for sample in read_samples(folder)] if folder.exists() else []
    shown = [anonymise(text, lambda word: word in known_words()) for text in texts]
    return {text for text in (*texts, *shown) if text}


@contextlib.contextmanager
def _misses() -> Iterator[Misses]:
    from db.migrate import Kind, upgrade
    from lachan.house import House

    house = House(read_settings())
    try:
        upgrade(house.citizen, Kind.CITIZEN)
        yield house.misses
    finally:
        house.close()


def _fail(sentence: str) -> None:
    err.print(sentence, markup=False)
    raise typer.Exit(1)
