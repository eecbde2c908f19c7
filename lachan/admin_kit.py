"""What all `lachan admin` commands share: the house, passwords that are shown once or typed unseen, and how they fail."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from lachan.settings import Part, read_settings

if TYPE_CHECKING:
    from lachan.house import House

out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)

Login = Annotated[str, typer.Argument(help="The name to sign in with.")]


@contextlib.contextmanager
def a_house(part: Part) -> Iterator[House]:
    """A house with the stores of that part, migrated. What an operator can mend ends the command with a sentence."""
    from sqlalchemy.exc import SQLAlchemyError

    from db.keys import KeyFileError
    from lachan.house import House

    house = House(read_settings())
    try:
        house.migrate([part])
        yield house
    except (KeyFileError, OSError) as error:
        fail(str(error))
    except SQLAlchemyError as error:
        fail(f"the store cannot be used ({type(error).__name__}): see `lachan admin self-check`")
    finally:
        house.close()


def show_once(login: str, password: str) -> None:
    """For the screen of whoever is to have it, and kept nowhere."""
    out.print(f"login: {login}  password: {password}", markup=False)
    out.print("Write this down now: it is shown only once and kept nowhere.")


def ask_password(whose: str, *, new: bool = False) -> str:
    """Typed unseen; a new one twice."""
    return str(typer.prompt(f"Password of {whose}", hide_input=True, confirmation_prompt=new))


def fail(sentence: str) -> NoReturn:
    """Ends the command with a sentence and exit code 1."""
    err.print(sentence, markup=False)
    raise typer.Exit(1)
