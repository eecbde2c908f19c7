"""The shared templates say what they are given, and the colours can be read by everybody."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError
from starlette.requests import Request

from web.assets import FOLDER
from web.pages import Pages
from web.sessions import Sessions

STYLE = (FOLDER / "style.css").read_text(encoding="utf-8")
LIGHT, DARK = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)


def request(path: str = "/inbox/tips") -> Request:
    return Request({"type": "http", "path": path, "query_string": b"", "headers": [], "server": ("localhost", 80)})


def render(folder: Path, template: str, **values: Any) -> str:
    (folder / "room.html").write_text('{% extends "base.html" %}' + template, encoding="utf-8")
    return bytes(Pages(folder).page(request(), "room.html", **values).body).decode()


def test_a_room_builds_on_the_shared_layout(tmp_path: Path) -> None:
    html = render(
        tmp_path,
        "{% block title %}Tin{% endblock %}{% block main %}<p>{{ words }} {{ path }}</p>{% endblock %}",
        words="<b>",
    )
    assert '<html lang="vi">' in html
    assert "<title>Tin</title>" in html
    assert "<p>&lt;b&gt; /inbox/tips</p>" in html
    assert "shield-body" in html


def test_a_value_that_nobody_gave_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UndefinedError):
        render(tmp_path, "{% block main %}{{ missing }}{% endblock %}")


def test_parts(tmp_path: Path) -> None:
    sessions: Sessions[str] = Sessions()
    session = sessions.get(sessions.open("ha"))
    html = render(
        tmp_path,
        """{% from "parts.html" import form_token, field, bars, empty, notice, dial %}{% block main %}
        {{ form_token(session) }}
        {{ field("title", "Tên cuộc thi", value='"Lá" <chắn>', required=true, hint="Ngắn thôi.") }}
        {{ field("why", "Lý do", rows=3, value="một\nhai", error="Chưa có lý do.") }}
        {{ field("count", "Số câu", type="number", more={"min": 5}) }}
        {{ bars("Tin theo tỉnh", [("Lào Cai", 4), ("An Giang", 1), ("Huế", 0)]) }}{{ bars("Trống", []) }}
        {{ empty("Chưa có tin", "Tin mới sẽ hiện ở đây.") }}{% call empty("A", "B") %}<a href="/x">X</a>{% endcall %}
        {{ notice("danger", "Mật khẩu chưa đúng.") }}{{ dial([("Gọi 113", "113")]) }}
        {{ at | day }}|{{ at | moment }}|{{ at | hour }}{% endblock %}""",
        session=session,
        at=datetime(2026, 11, 24, 20, 5, tzinfo=UTC),
    )
    assert session
    assert f'value="{session.form_token}"' in html
    assert 'value="&#34;Lá&#34; &lt;chắn&gt;" id="f-title" name="title" autocomplete="off" required' in html
    assert ">\nmột\nhai</textarea>" in html
    assert 'aria-invalid="true"' in html
    assert 'min="5"' in html
    assert '<rect width="25.0%"' in html
    assert '<a href="/x">X</a>' in html
    assert "<b>Chưa được:</b> Mật khẩu chưa đúng." in html
    assert "25/11/2026|03:05, 25/11/2026|3 giờ, 25/11/2026" in html
    assert "style=" not in html


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast(scheme: str) -> None:
    colour = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", scheme))
    body = [("ink", g) for g in ("ground", "paper", "sunk", "soft", "red-soft", "amber-soft")]
    small = [("muted", g) for g in ("ground", "paper", "sunk")]
    signs = [("teal", g) for g in ("ground", "paper", "soft")] + [
        ("red", "red-soft"),
        ("red", "ground"),
        ("red", "paper"),
    ]
    signs += [("amber", "amber-soft"), ("on-fill", "fill"), ("on-fill", "fill-hover"), ("muted", "soft")]
    assert [pair for pair in body if contrast(colour[pair[0]], colour[pair[1]]) < 7] == []
    assert [pair for pair in small if contrast(colour[pair[0]], colour[pair[1]]) < 6] == []
    assert [pair for pair in signs if contrast(colour[pair[0]], colour[pair[1]]) < 4.5] == []
    assert contrast("#ffffff", colour["red-fill"]) >= 4.5
    assert contrast(colour["edge"], colour["paper"]) >= 3
