"""The command `lachan`: the door for the people who run, check and change the bot."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from lachan.admin import admin
from lachan.content_cli import content
from lachan.review import review
from lachan.settings import EVERYDAY, Part, Settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lachan.house import House
    from nlu.evaluation import Report

app = typer.Typer(
    help="Lá Chắn: a Vietnamese chatbot against human trafficking.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
app.add_typer(content, name="content")
app.add_typer(admin, name="admin")
app.add_typer(review, name="nlu")
out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)

_STEPS = 7  # what a training says on the way (nlu/training.py)
Json = Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")]


@app.command()
def run(
    only: Annotated[
        list[Part] | None, typer.Option(help="Start this part alone; may be given several times. Default: all.")
    ] = None,
) -> None:
    """Start everything: train if needed, migrate the stores, make keys and first accounts, serve until Ctrl-C."""
    from lachan import logs
    from lachan.first_start import first_accounts, notes

    logs.install()
    settings = read_settings()
    parts = only or list(EVERYDAY)
    with _sentences(), _house(settings) as house:
        house.migrate(parts)
        for account in first_accounts(house, parts):
            out.print(
                f"\n[bold]{account.where}[/]  login: [bold]{account.login}[/]  password: [bold]{account.password}[/]"
            )
            out.print("  Write this down now: it is shown only once and kept nowhere.")
        for line in notes(house, parts):
            out.print(line, markup=False)
        if Part.BOT in parts:
            _train_if_needed(house)
        from lachan import serving

        built = serving.build(house, parts)
        with contextlib.suppress(KeyboardInterrupt):  # uvicorn passes Ctrl-C on when all is closed
            asyncio.run(serving.serve(built, settings, lambda address: _started(address, parts, settings)))
    out.print("Stopped.")


@app.command()
def train(force: Annotated[bool, typer.Option(help="Train although the model is current.")] = False) -> None:
    """Train the model from nlu/data, stories and domain, if they have changed."""
    with _sentences(), _house(read_settings()) as house:
        _train_if_needed(house, force)


@app.command()
def chat(
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Read one message a line from standard input, a text or an object with text, payload or file (a path) and "
            "perhaps sender; write one object with replies a line.",
        ),
    ] = False,
) -> None:
    """Talk with the real engine in the terminal. An empty line leaves."""
    from bot.channels import terminal

    with _sentences(), _house(read_settings()) as house:
        house.migrate()
        _train_if_needed(house)
        if as_json:
            asyncio.run(terminal.json_lines(house.conversation, _lines(), lambda line: print(line, flush=True)))
        else:
            asyncio.run(terminal.talk(house.conversation, house.library, _lines("\n> "), print))


@app.command("eval")
def evaluate(
    file: Annotated[Path, typer.Argument(help="JSON lines of text, intent and (optional) style; or a folder.")],
    as_json: Json = False,
    wrong: Annotated[bool, typer.Option(help="List every text that was misunderstood.")] = False,
) -> None:
    """Measure understanding: accuracy and macro-F1, in all and by style, and the most frequent confusions."""
    from nlu import evaluation

    with _sentences(), _house(read_settings()) as house:
        samples = evaluation.read_samples(file)
        _train_if_needed(house)
        report = asyncio.run(evaluation.evaluate(samples, house.engine.read))
    if as_json:
        print(json.dumps({**report.to_dict(), **({"wrong": report.wrong} if wrong else {})}, ensure_ascii=False))
        return
    _show_report(report)
    for row in report.wrong if wrong else ():
        out.print(
            f"{row['meant']} → {row['understood']} ({row['confidence']}, {row['style']}): {row['text']}", markup=False
        )


@app.command()
def bench(
    as_json: Json = False,
    stock: Annotated[bool, typer.Option(help="Also measure Rasa as it comes, in an environment of its own.")] = False,
    epochs: Annotated[
        int, typer.Option(min=2, max=100, help="Its epochs; below 100 its training is extrapolated.")
    ] = 100,
    folder: Annotated[Path, typer.Option(help="Where that environment lies (2.5 GB).")] = Path(".bench"),
    python: Annotated[str, typer.Option(help="Its Python 3.10: a version for uv to find, or a path.")] = "3.10",
) -> None:
    """Measure start, turns, a long talk, many people, memory, training, two processes. Fails on nothing."""
    from lachan.bench import report, run
    from lachan.bench.stock_bot import StockError

    def tell(step: str) -> None:
        err.print(f"… {step}")

    with _sentences(), _house(read_settings()) as house:
        _train_if_needed(house)
        figures = run.measure(house.settings, tell)
        if stock:
            try:
                run.measure_stock(folder.resolve(), epochs, python, figures, tell)
            except (StockError, run.MeasureError) as error:
                err.print(f"Rasa as it comes could not be measured: {error}")
    if as_json:
        print(json.dumps(asdict(figures)))
        return
    out.print(f"{figures.machine}; {figures.sentences} sentences of all intents")
    table = Table(*report.HEAD)
    for row in report.rows(figures):
        table.add_row(*row)
    out.print(table)


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
)
def rasa(context: typer.Context) -> None:
    """Rasa's own command line on the compatibility module, for instance `lachan rasa data validate`."""
    import nlu.compat  # noqa: F401  (before rasa)
    from lachan.rasa_cli import main

    sys.exit(main(context.args))


def _started(address: str, parts: list[Part], settings: Settings) -> None:
    from lachan.serving import ADDRESSES

    titles = {Part.BOT: "Citizens' chat", Part.INBOX: "Police inbox", Part.ORGANISER: "Organisers' pages"}
    out.print()
    for part in (part for part in titles if part in parts):
        out.print(f"  {titles[part]:<18} {address}{ADDRESSES[part]}")
    if Part.BOT in parts:
        on = [name for name, token in (("Telegram", settings.telegram_token), ("Zalo", settings.zalo_token)) if token]
        out.print(f"  {'Messengers':<18} {', '.join(on) or 'none (set TELEGRAM_BOT_TOKEN, see README.md)'}")
    out.print("\nCtrl-C stops all of it.")


def _train_if_needed(house: House, force: bool = False) -> None:
    from nlu.model import ModelError

    if not force and house.model.is_current():
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err) as progress:
        task = progress.add_task("training: reading", total=_STEPS)

        def tell(step: str) -> None:
            progress.update(task, advance=1, description=f"training: {step}")

        from nlu.training import train

        try:
            train(house.model, tell)
        except ModelError as error:
            err.print(str(error), markup=False)
            raise typer.Exit(1) from None
        progress.update(task, completed=_STEPS, description="trained")


def _show_report(report: Report) -> None:
    table = Table("style", "texts", "accuracy", "macro-F1", "answered")
    for style, score in {**report.by_style, "all": report.total}.items():
        table.add_row(
            style, str(score.count), f"{score.accuracy:.3f}", f"{score.macro_f1:.3f}", f"{score.answered:.3f}"
        )
    out.print(table)
    for intent in ("emergency", "out_of_scope"):
        if intent in report.by_intent:
            found = report.by_intent[intent]
            out.print(
                f"{intent}: recall {found['recall']:.3f}, precision {found['precision']:.3f}, {found['count']} texts"
            )
    out.print(f"expected calibration error: {report.calibration_error:.3f}")
    confused = Table("meant", "understood", "times")
    for meant, understood, count in report.confusions:
        confused.add_row(meant, understood, str(count))
    if report.confusions:
        out.print(confused)


@contextlib.contextmanager
def _house(settings: Settings) -> Iterator[House]:
    from lachan.house import House

    house = House(settings)
    try:
        yield house
    finally:
        house.close()


@contextlib.contextmanager
def _sentences() -> Iterator[None]:
    """What an operator can mend is a sentence, not a stack of calls."""
    from bot.channels.quiet import ChannelError
    from content.library import ContentError
    from db.keys import KeyFileError
    from lachan.errors import StartError
    from nlu.engine import EngineError
    from nlu.evaluation import SampleError
    from nlu.model import ModelError

    try:
        yield
    except (
        ChannelError,
        ContentError,
        EngineError,
        KeyFileError,
        ModelError,
        SampleError,
        StartError,
        OSError,
    ) as error:
        err.print(str(error), markup=False)
        raise typer.Exit(1) from None


async def _lines(prompt: str = "") -> AsyncIterator[str]:
    """Standard input, line by line, without holding up the loop."""
    while True:
        if prompt:
            print(prompt, end="", flush=True)
        line = await asyncio.to_thread(sys.stdin.readline)
        if not line:
            return
        yield line
