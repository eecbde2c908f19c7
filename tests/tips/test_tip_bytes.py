"""Planted words: what people say and hold is in neither store as bytes, at no moment, and in no log line."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.tips.kit import ANNA, BINH, CHEAP, PASSWORD, PEPPER, House, code_in, picture
from tips.code import parse_code
from tips.envelope import derive


def spellings(word: str) -> set[bytes]:
    """A word as it could lie in a file."""
    return {
        word.encode(),
        word.encode("utf-16-le"),
        word.encode("utf-8").hex().encode(),
        json.dumps(word)[1:-1].encode(),
    }


def leaks(folder: Path, planted: Sequence[str | bytes]) -> list[str]:
    """Which planted things are in which file; looks at databases, journals and whatever else is there."""
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        data = path.read_bytes()
        for number, thing in enumerate(planted):
            forms = {thing} if isinstance(thing, bytes) else spellings(thing)
            found += [f"{path.name}: {number}" for form in forms if form in data]
    return found


def test_nothing_that_was_said_is_in_a_file_or_a_log(
    house: House, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    officer = house.officer()
    words = [f"bí mật {secrets.token_hex(6)}" for _ in range(200)]
    steps, rest = words[:5], iter(words[5:])
    maker = secrets.token_hex(8)
    house.talk.open(ANNA, "vi")
    for step in steps:
        house.talk.hear(ANNA, "vi", f"{step} {' '.join(next(rest) for _ in range(30))}")
    house.talk.attach(ANNA, "vi", picture(comment=maker.encode()), caption=next(rest))
    house.talk.hear(ANNA, "vi", "gửi")
    half_way = [content for file in house.drafts.files(ANNA) for content in (file.content, file.original) if content]
    assert (tmp_path / "citizen.sqlite-wal").stat().st_size
    assert not leaks(tmp_path, words) and not leaks(tmp_path, [maker]) and not leaks(tmp_path, half_way)

    code = code_in(house.talk.press(ANNA, "vi", "tip:send").replies)
    keys = derive(parse_code(code), PEPPER, CHEAP)
    house.codes.hear(BINH, "vi", code)
    house.codes.press(BINH, "vi", "code:add:text")
    house.codes.hear(BINH, "vi", next(rest))
    (line,) = house.inbox.list(officer).lines
    house.inbox.answer(officer, line.tip_id, next(rest))
    assert next(rest) and len(house.codes.press(BINH, "vi", "code:read").replies) == 2
    opened = house.inbox.open(officer, line.tip_id)
    assert opened.report and words[0] in opened.report.what

    assert (tmp_path / "police.sqlite-wal").stat().st_size
    assert not leaks(tmp_path, words)
    assert not leaks(tmp_path, [code, parse_code(code), PASSWORD, maker])
    assert not leaks(tmp_path, [keys.reply.private, officer.keys.private, PEPPER, b"m" * 32, *half_way])
    logged = caplog.text
    assert not any(word in logged for word in (*words, code, parse_code(code), PASSWORD))


def test_neither_store_alone_leads_to_the_other(house: House, tmp_path: Path) -> None:
    officer = house.officer()
    house.talk.open(ANNA, "vi")
    assert leaks(tmp_path, [ANNA.encode()]) == ["citizen.sqlite-wal: 0"]  # the draft's row
    code = house.tell("Chuyện")
    house.codes.hear(BINH, "vi", code)
    (line,) = house.inbox.list(officer).lines
    lookup = derive(parse_code(code), PEPPER, CHEAP).lookup
    police = b"".join(path.read_bytes() for path in tmp_path.glob("police.sqlite*"))
    citizen = b"".join(path.read_bytes() for path in tmp_path.glob("citizen.sqlite*"))
    assert line.tip_id.encode() in police and lookup in police
    assert line.tip_id.encode() not in citizen and lookup not in citizen
    assert house.codes.is_open(BINH)
    house.clock.move(minutes=30)  # for a quarter of an hour the code can be shown again
    assert house.drafts.purge(house.clock()) == 1
    citizen = b"".join(path.read_bytes() for path in tmp_path.glob("citizen.sqlite*"))
    assert ANNA.encode() not in citizen  # a draft that was sent leaves nothing behind
    assert ANNA.encode() not in police and BINH.encode() not in police
