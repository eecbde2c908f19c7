"""The answers of somebody who came back."""

from __future__ import annotations

from dataclasses import dataclass, fields

from guides.port import Kept

SKIP, OTHER = "skip", "other"
OPTIONS = {"where": ("home", "border", "abroad"), "age": ("under", "adult"), "threat": ("yes", "no")}
_LONGEST = 40  # characters: a province's name is shorter


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """By option; "" is not answered. `province`: its present name or `SKIP`, `was`: the former one that was said.

    `country`: ISO code or `OTHER`; `name`: the country's in Vietnamese, of one that was typed.
    """

    where: str = ""
    province: str = ""
    was: str = ""
    country: str = ""
    name: str = ""
    age: str = ""
    threat: str = ""

    @classmethod
    def of(cls, kept: Kept) -> Told:
        return cls(**{each.name: str(kept.get(each.name, ""))[:_LONGEST] for each in fields(cls)})

    def kept(self) -> dict[str, str]:
        return {each.name: value for each in fields(self) if (value := str(getattr(self, each.name)))}

    def with_all(self, answers: dict[str, str]) -> Told:
        return Told.of({**self.kept(), **answers})

    def without_skips(self) -> Told:
        return Told.of({name: value for name, value in self.kept().items() if value not in (SKIP, OTHER)})

    @property
    def waiting(self) -> str:
        """The question to ask now; "" if none is left."""
        finer = {"home": ("province",), "border": ("province",), "abroad": ("country",)}.get(self.where, ())
        return next((name for name in ("where", *finer, "age", "threat") if not getattr(self, name)), "")
