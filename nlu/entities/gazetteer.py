"""The names of places, loaded once into tables by their bare words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nlu.entities.reading import bare

DATA = Path(__file__).parent / "data"
COMMUNE_KINDS = {"x": "Xã", "p": "Phường", "d": "Đặc khu"}
DISTRICT_KINDS = {"q": "Quận", "h": "Huyện", "x": "Thị xã", "t": "Thành phố"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name and what it stands for. `rule`: sure, led, capital, strict, careful (data/places.yml)."""

    typed: str  # lower case, with its marks
    rule: str
    value: dict[str, Any]
    province: str = ""  # its number


@dataclass(frozen=True, slots=True)
class Unit:
    """A commune, ward, special zone or former district."""

    kind: str  # "Xã", "Huyện" …
    name: str
    typed: str
    province: str  # its number
    value: dict[str, Any]


@dataclass(slots=True)
class Gazetteer:
    names: dict[str, list[Name]] = field(default_factory=dict)
    communes: dict[str, list[Unit]] = field(default_factory=dict)
    districts: dict[str, list[Unit]] = field(default_factory=dict)
    not_before: dict[str, frozenset[str]] = field(default_factory=dict)
    longest: int = 1  # words
    lengths: dict[str, tuple[int, ...]] = field(
        default_factory=dict
    )  # first word of names → how many words, longest first
    unit_lengths: dict[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)  # the same by the first two

    def add(self, typed: str, rule: str, value: dict[str, Any], province: str = "") -> None:
        name = typed.lower()
        self.names.setdefault(key(name), []).append(Name(name, rule, value, province))


def key(name: str) -> str:
    """ "Bà Rịa - Vũng Tàu" → "ba ria vung tau"."""
    return " ".join("".join(c if c.isalnum() else " " for c in bare(name)).split())


@cache
def load() -> Gazetteer:
    """Reads the data, about 30 ms. Raises KeyError or ValueError if a file is wrong."""
    data = yaml.load((DATA / "places.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    table = Gazetteer()
    for entry in data["countries"]:
        value = {"type": "country", "code": entry["code"], "name": entry["name"]}
        for rule in ("sure", "led", "capital", "strict"):
            for typed in entry.get(rule, ()):
                table.add(typed, rule, value)
    for entry in data["abroad"]:
        value = {"type": "place", "code": entry["code"], "name": entry["name"]}
        for rule in ("sure", "led"):
            for typed in entry.get(rule, ()):
                table.add(typed, rule, value)
    provinces = _provinces(table, data)
    for code, towns in data["towns"].items():
        for town in towns:
            value = {
                "type": "place",
                "code": "VN",
                "name": "Sa Pa" if town == "Sapa" else town,
                "province": provinces[code],
            }
            table.add(town, "careful" if town in data["careful"] else "sure", value, code)
    _units(table, provinces)
    table.not_before = {word: frozenset(map(str, following)) for word, following in data["not_before"].items()}
    table.longest = max(len(k.split()) for k in (*table.names, *table.communes, *table.districts))
    table.lengths = _lengths((k.split()[0], len(k.split())) for k in table.names)
    units = [k.split() for k in (*table.communes, *table.districts)]
    table.unit_lengths = _lengths(((words[0], words[1]), len(words)) for words in units if len(words) > 1)
    return table


def _lengths[Head](pairs: Iterable[tuple[Head, int]]) -> dict[Head, tuple[int, ...]]:
    found: dict[Head, set[int]] = {}
    for head, length in pairs:
        found.setdefault(head, set()).add(length)
    return {head: tuple(sorted(lengths, reverse=True)) for head, lengths in found.items()}


def _provinces(table: Gazetteer, data: dict[str, Any]) -> dict[str, str]:
    careful = set(data["careful"])
    names = {}
    for entry in data["provinces"]:
        code, name = entry["code"], entry["name"]
        names[code] = name
        now = {"type": "province", "code": code, "name": name}
        table.add(name, "careful" if name in careful else "sure", now, code)
        for rule in ("sure", "led"):
            for typed in entry.get(rule, ()):
                table.add(typed, rule, now, code)
        for former in entry.get("former", ()):
            was = now | {"was": former}
            for typed in (former, *entry.get("was", {}).get(former, ())):
                table.add(typed, "careful" if former in careful else "sure", was, code)
    return names


def _units(table: Gazetteer, provinces: dict[str, str]) -> None:
    for file, kinds, units in (
        ("communes.tsv", COMMUNE_KINDS, table.communes),
        ("districts.tsv", DISTRICT_KINDS, table.districts),
    ):
        for line in (DATA / file).read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                continue
            code, letter, name, province = line.split("\t")
            kind = kinds[letter]
            full = f"{kind} {name}"
            value = {"type": "place", "code": "VN", "name": full, "province": provinces[province]}
            if kinds is COMMUNE_KINDS:
                value |= {"type": "commune", "code": code}
            units.setdefault(key(name), []).append(Unit(kind, name, name.lower(), province, value))
