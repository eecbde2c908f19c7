"""Places: countries, provinces old and new, communes and former districts, places of scam compounds.

What is also another word ("Anh", "cam", "tàu", "Hòa Bình") is a place only in the company of words that lead to one;
a commune's name only behind its kind ("xã", "phường"), before its own province, or with capitals behind "ở", "quê" …
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nlu.entities.gazetteer import COMMUNE_KINDS, Gazetteer, Name, Unit, load
from nlu.entities.model import Found, Kind
from nlu.entities.reading import Reading

_LEADS = {"nuoc": "nước", "ben": "bên", "bển": "bển", "sang": "sang", "qua": "qua", "di": "đi", "o": "ở", "tai": "tại", "tu": "từ",
          "ve": "về", "den": "đến", "vao": "vào", "chong": "chồng", "que": "quê", "tron": "trốn", "hoc": "học",
          "gioi": "giới", "dong": "động", "xkld": "xklđ", "nguoi": "người", "lay": "lấy", "xu": "xứ", "toi": "tới", "len": "lên",
          "visa": "visa"}  # fmt: skip
_SECOND = {"hoc": "du", "dong": "lao", "gioi": "bien"}  # leads only as "du học", "lao động", "biên giới"
_STRICT = {"ben": "bên", "sang": "sang", "nuoc": "nước", "nguoi": "người", "chong": "chồng", "ga": "gả"}
_CAPITAL_LEADS = frozenset("nuoc ben sang qua di o tai den hoc xu toi ve tu visa".split())
_UNIT_KINDS = {  # bare words before a name → (how they are written, kinds of units)
    "xa": ("xã", ("Xã",)), "phuong": ("phường", ("Phường",)), "p": ("p", ("Phường",)), "f": ("f", ("Phường",)),
    "thi tran": ("thị trấn", ("Xã", "Phường")), "dac khu": ("đặc khu", ("Đặc khu",)), "quan": ("quận", ("Quận",)),
    "q": ("q", ("Quận",)), "huyen": ("huyện", ("Huyện",)), "h": ("h", ("Huyện",)), "thi xa": ("thị xã", ("Thị xã",)),
    "tx": ("tx", ("Thị xã",)), "thanh pho": ("thành phố", ("Thành phố",)), "tp": ("tp", ("Thành phố",)),
    "district": ("district", ("Quận", "Huyện")),
}  # fmt: skip
_PROVINCE_KINDS = {"tinh": "tỉnh", "tp": "tp", "thanh pho": "thành phố", "t": "t"}
_UNIT_STARTS = frozenset(k.split()[0] for k in _UNIT_KINDS)
_AND = frozenset(("hoac", "hay", "va", "voi", "roi", "or", "and"))


def find(reading: Reading) -> Iterator[Found]:
    return iter(_Search(reading, load()).run())


class _Search:
    def __init__(self, reading: Reading, table: Gazetteer) -> None:
        self.reading, self.table, self.words = reading, table, reading.words
        self.found: list[Found] = []
        self.at: dict[
            int, tuple[int, str]
        ] = {}  # first word of a province or town → (word after it, province's number)
        self.country_until = -1  # the word after the last country

    def run(self) -> list[Found]:
        skip = 0
        for i, (_, _, word) in enumerate(self.words):
            if i >= skip and word in self.table.lengths:
                skip = max(skip, self._name(i))
        for i, (_, _, word) in enumerate(self.words):
            if word in _UNIT_STARTS or (word[0] in "pq" and word[1:].isdigit()):
                self._unit(i)
            if i + 1 < len(self.words) and (word, self.words[i + 1][2]) in self.table.unit_lengths:
                self._bare_unit(i)
        return self.found

    def _phrase(self, i: int, n: int) -> str | None:
        """Words i … i+n-1 if only blanks, dashes or dots of short words part them."""
        if i + n > len(self.words):
            return None
        for k in range(i, i + n - 1):
            a, b = self.words[k], self.words[k + 1]
            gap = self.reading.low[a[1] : b[0]]
            if gap != " " and (gap.strip(" -–.'") or ("." in gap and len(a[2]) > 2) or "  " in gap):
                return None
        return " ".join(word for _, _, word in self.words[i : i + n])

    def _name(self, i: int) -> int:
        """A name of the table that begins at word i; the index of the word after it, or i."""
        for n in self.table.lengths[self.words[i][2]]:
            phrase = self._phrase(i, n)
            for name in self.table.names.get(phrase or "", ()):
                if self._agrees(i, name.typed, n) and self._allowed(i, n, name, phrase or ""):
                    return self._take(i, n, name)
        return i

    def _take(self, i: int, n: int, name: Name) -> int:
        start = i
        if name.value["type"] == "province":
            for k in (1, 2):
                before = self._phrase(i - k, k) if i >= k else None
                if (
                    before in _PROVINCE_KINDS
                    and self._agrees(i - k, _PROVINCE_KINDS[before], k)
                    and self._phrase(i - k, k + 1)
                ):
                    start = i - k
        self.found.append(Found(Kind.PLACE, self.words[start][0], self.words[i + n - 1][1], name.value))
        if name.province:
            self.at[start] = (i + n, name.province)
        self.country_until = i + n
        return i + n

    def _agrees(self, i: int, typed: str, n: int) -> bool:
        start, end = self.words[i][0], self.words[i + n - 1][1]
        low = self.reading.low[start:end]
        if low == typed or low.isascii():
            return True
        if n == 1:
            return self.reading.agrees(start, typed)
        parts = "".join(c if c.isalnum() else " " for c in typed).split()
        return all(self.reading.agrees(self.words[i + k][0], part) for k, part in enumerate(parts))

    def _allowed(self, i: int, n: int, name: Name, phrase: str) -> bool:
        if name.rule == "sure":
            return not (n == 1 and len(phrase) <= 3 and self._before(i) == "tieng")
        start = self.words[i][0]
        following = self._after(i + n)
        if following in self.table.not_before.get(phrase, ()) and self._joined(i + n - 1):
            return False
        before = self._before(i)
        if name.rule == "careful":
            marked = not self.reading.low[start : self.words[i + n - 1][1]].isascii()
            named = (
                self.reading.capital(start)
                and marked
                and before not in ("chi", "anh", "em", "co", "ten", "be", "ban", "chau")
            )
            return named or self._led(i, _LEADS) or before == "tinh"
        capital = self.reading.capital(start)
        if capital and self._joined(i + n - 1) and self.reading.capital(self.words[i + n][0]):
            return False  # "Mỹ Lộc", "Trung Hiếu": the first half of a longer name
        if self._listed(i):
            return True
        if name.rule == "strict":
            typed = self.reading.low[start : self.words[i][1]]
            return self._led(i, _STRICT) and not (
                typed == "tau" and before in ("chong", "nguoi")
            )  # "tau" is "I" in the centre
        if name.rule == "capital":
            return before == "nuoc" or (capital and before in _CAPITAL_LEADS and self._led(i, _LEADS))
        return self._led(i, _LEADS)

    def _led(self, i: int, leads: dict[str, str]) -> bool:
        before = self._before(i)
        if before not in leads:
            return False
        start, end, _ = self.words[i - 1]
        if before == "toi" and self.reading.low[start:end] == "toi":
            return False  # "tôi" as well
        typed = self.reading.low[start:end]
        fits = typed == leads[before] or (typed.isascii() and before != "tu")  # "tu phap" is "tư pháp"
        if before in _SECOND and self._before(i - 1) != _SECOND[before]:
            return False
        return fits and not self.reading.low[end : self.words[i][0]].strip()

    def _listed(self, i: int) -> bool:
        """Behind another country and a comma or "và": "đi Nhật, Hàn, Đài"."""
        if self.country_until == i and i and "," in self.reading.low[self.words[i - 1][1] : self.words[i][0]]:
            return True
        return self.country_until == i - 1 and i > 1 and self._before(i) in _AND

    def _before(self, i: int) -> str:
        return self.words[i - 1][2] if i else ""

    def _after(self, i: int) -> str:
        return self.words[i][2] if i < len(self.words) else ""

    def _joined(self, i: int) -> bool:
        """Only blanks part word i from the next."""
        return i + 1 < len(self.words) and not self.reading.low[self.words[i][1] : self.words[i + 1][0]].strip()

    def _unit(self, i: int) -> None:
        """A commune or former district behind its kind."""
        word = self.words[i][2]
        if word[0] in "pq" and word[1:].isdigit():
            self._choose(i, 1, self.table.districts.get(str(int(word[1:])), []) if word[0] == "q" else [], ("Quận",))
            return
        for k in (2, 1):
            before = self._phrase(i, k)
            if before not in _UNIT_KINDS or not self._agrees(i, _UNIT_KINDS[before][0], k):
                continue
            kinds = _UNIT_KINDS[before][1]
            bare_kind = k == 1 and before in ("xa", "quan", "p", "h", "q", "f")
            for n in range(min(self.table.longest, len(self.words) - i - k), 0, -1):
                if self._phrase(i, k + n) is None:
                    continue
                name = self._phrase(i + k, n) or ""
                if bare_kind and n == 1 and not name.isdigit() and not self.reading.capital(self.words[i + k][0]):
                    continue
                units = self.table.communes if kinds[0] in COMMUNE_KINDS.values() else self.table.districts
                fitting = [u for u in units.get(name, ()) if self._agrees(i + k, u.typed, n)]
                if self._choose(i, k + n, fitting, kinds):
                    return

    def _choose(self, i: int, n: int, units: list[Unit], kinds: tuple[str, ...]) -> bool:
        """Takes the unit that the text means; of several in different provinces only their name."""
        fitting = [u for u in units if u.kind in kinds]
        if not fitting:
            return False
        mentioned = {code for _, code in self.at.values()}
        close = [u for u in fitting if u.province in mentioned] or fitting
        value: dict[str, Any] = close[0].value
        if len({u.value["name"] + u.province for u in close}) > 1:
            value = {k: v for k, v in value.items() if k in ("type", "name")}
        self.found.append(Found(Kind.PLACE, self.words[i][0], self.words[i + n - 1][1], value))
        return True

    def _bare_unit(self, i: int) -> None:
        """Without its kind: before its own province ("Bát Xát, Lào Cai"), or capitals behind "ở" and only one such name."""
        for n in self.table.unit_lengths[self.words[i][2], self.words[i + 1][2]]:
            name = self._phrase(i, n)
            if name is None or name in self.table.names:
                continue
            units = [*self.table.districts.get(name, ()), *self.table.communes.get(name, ())]
            units = [u for u in units if self._agrees(i, u.typed, n)]
            if not units:
                continue
            after = self.at.get(i + n)
            gap = self.reading.low[self.words[i + n - 1][1] : self.words[i + n][0]] if i + n < len(self.words) else ""
            if after and not gap.strip(" ,-–"):
                units = [u for u in units if u.province == after[1]]
            elif not (self._led(i, _LEADS) and self._capitals(i, n) and len({u.province for u in units}) == 1):
                continue
            if units:
                self.found.append(Found(Kind.PLACE, self.words[i][0], self.words[i + n - 1][1], units[0].value))
                return

    def _capitals(self, i: int, n: int) -> bool:
        words = self.words[i : i + n]
        marked = not self.reading.low[words[0][0] : words[-1][1]].isascii()
        return marked and all(self.reading.capital(start) for start, _, _ in words)
