"""Moments as people in Vietnam write them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def day(at: datetime) -> str:
    """`24/11/2026`. `at` is aware."""
    return f"{at.astimezone(VIETNAM):%d/%m/%Y}"


def moment(at: datetime) -> str:
    """`14:05, 24/11/2026`. `at` is aware."""
    return f"{at.astimezone(VIETNAM):%H:%M, %d/%m/%Y}"


def hour(at: datetime) -> str:
    """`14 giờ, 24/11/2026`, for times that are kept as whole hours. `at` is aware."""
    local = at.astimezone(VIETNAM)
    return f"{local.hour} giờ, {local:%d/%m/%Y}"
