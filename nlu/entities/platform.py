"""Platforms where people are found and lured: the name, however it is spelled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlu.entities.model import Found, Kind
from nlu.entities.reading import Reading, bare, flexible, marks_fit

# Spellings of each; those after "|" are words of their own and count only after a word of _ON.
_SPELLINGS = {
    "Facebook": "facebook, fb, phây búc, phây buk, phây, fây, fây búc, fakebook, facebok, fb dating, facebook dating"
    " | face, phở bò",
    "Messenger": "messenger, messeger, mesenger, mes | mess",
    "Zalo": "zalo, zl, za lô, dalo, dza lô, zép lào, zalô",
    "TikTok": "tiktok, tik tok, tóp tóp, tóp top, tic tok, tiktoc | top top, tt",
    "Telegram": "telegram, telegarm, teletram, telegam | tele",
    "YouTube": "youtube, you tube, yt, du túp, diu túp, youtobe, ytb",
    "Instagram": "instagram, insta, in sờ ta, ins ta | ig, ins",
    "WeChat": "wechat, we chat, wetchat, vi chát, uy chát, weixin",
    "WhatsApp": "whatsapp, whats app, whatapp, what's app, whatsap, oát sáp | what app",
    "Viber": "viber, vai bờ",
    "Shopee": "shopee, sốp pi, shoppe, sopi",
    "Lazada": "lazada",
    "Tinder": "tinder",
    "Litmatch": "litmatch, lit match, litmatcha",
    "X": "twitter | x",
    "Line": "| line",
    "Locket": "locket, lóc két",
    "Discord": "discord, dis cord",
    "KakaoTalk": "kakaotalk, kakao talk, kakao, cacao talk",
    "Badoo": "badoo",
    "Bumble": "bumble",
    "Tantan": "tantan",
    "Threads": "| threads",
    "Snapchat": "snapchat, snap chat",
    "Skype": "skype",
    "Bigo Live": "bigo live, bigo",
    "Weibo": "weibo",
    "Douyin": "douyin",
    "Likee": "likee",
    "Reddit": "reddit",
}
_ON = flexible(
    r"(?:^|\W)(?:app|ứng dụng|mạng|trên|qua|nick|acc|tài khoản|tk|id|nhóm|group|kênh|trang|page|nhắn|tin|nt|ib|rep|gọi|dùng|"
    r"xài|chơi|vào|lên|bằng|add|kết bạn|kb|coi|xem|on|via|by|using|ép|bắt|lướt|hack|kéo vào)\s$"
)
_AFTER = re.compile(_ON)
_NOT_AFTER = {"mess": "up", "tele": "marketing", "face": "id", "line": "nay", "x": "quang", "tt": "tr"}


def _load() -> tuple[dict[str, list[tuple[str, str, bool]]], int]:
    table: dict[str, list[tuple[str, str, bool]]] = {}
    for name, spellings in _SPELLINGS.items():
        sure, _, unsure = spellings.partition("|")
        for part, alone in ((sure, True), (unsure, False)):
            for spelling in filter(None, (s.strip() for s in part.split(","))):
                key = " ".join(re.findall(r"[^\W_]+", bare(spelling)))
                table.setdefault(key, []).append((name, spelling, alone))
    return table, max(len(key.split()) for key in table)


_TABLE, _LONGEST = _load()
_HEADS = frozenset(key.split()[0] for key in _TABLE)


def find(reading: Reading) -> Iterator[Found]:
    words = reading.words
    until = 0  # the end of the last one found
    for i, (start, _, word) in enumerate(words):
        if word not in _HEADS:
            continue
        for n in range(min(_LONGEST, len(words) - i), 0, -1):
            entries = _TABLE.get(" ".join(w[2] for w in words[i : i + n]), ())
            end = words[i + n - 1][1]
            entry = next((e for e in entries if _agrees(reading, start, end, e)), None)
            if entry is None or "\n" in reading.low[start:end]:
                continue
            name, _, alone = entry
            following = words[i + n][2] if i + n < len(words) else ""
            capital = name in ("X", "Line", "Threads") and reading.capital(start) and start > 0
            listed = until and reading.bare[until:start].strip() in ("", ",", "/", "va", "hoac", "hay", "voi", "lan")
            if not alone and not capital and not listed and not _AFTER.search(reading.low[:start][-16:]):
                lead = name in ("Facebook", "Messenger", "Telegram", "Instagram") and _owner(following)
                if not lead:
                    continue
            if _NOT_AFTER.get(word) == following:
                continue
            yield Found(Kind.PLATFORM, start, end, name)
            until = end
            break


def _agrees(reading: Reading, start: int, end: int, entry: tuple[str, str, bool]) -> bool:
    """A spelling with marks that may stand alone needs one of them if it is a word without ("top top")."""
    typed, parts = (re.findall(r"[^\W_]+", each) for each in (reading.low[start:end], entry[1]))
    if entry[2] and entry[0] == "TikTok" and "tóp" in parts and reading.low[start:end].isascii():
        return False
    return all(a.isascii() or marks_fit(a, b) for a, b in zip(typed, parts, strict=False))


def _owner(following: str) -> bool:
    """ "mess của nó", "face nó": whose it is shows that it is an account."""
    return following in ("cua", "no", "ten")
