"""A conversation in memory with every kind of reply, and the web chat served on loopback for a real browser."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from bot.channels.web import routes
from bot.inbound import Inbound
from content.reply import Button, Call, Reply
from web.site import site

NEXT = (
    Button("Xem thêm", "more:ask_labour_export"),
    Button("Kiểm tra công ty", "say:check_company"),
    Button("Đi làm nước ngoài đúng luật", "say:ask_legal_labour_export"),
    Button("Báo tin cho công an", "say:report_tip"),
    Button("Về mục lục", "say:help"),
)
CALLS = (
    Call("113 – Công an", number="113"),
    Call("111 – Tổng đài quốc gia", number="111"),
    Call("Tra tên công ty", url="https://dolab.moha.gov.vn"),
)
GREETING = Reply(
    "Chào bạn, mình là Lá Chắn, một chương trình máy tính trả lời tự động.\n\n"
    "Mình giúp bạn nhận ra các kiểu lừa bán người, thử hiểu biết về luật, và báo tin cho công an. "
    "Bạn không cần cho biết tên.",
    buttons=(
        Button("Kiểm tra lời mời", "say:check_offer"),
        Button("Các kiểu lừa bán", "say:ask_tricks"),
        Button("Đố vui về luật", "say:quiz"),
        Button("Báo tin", "say:report_tip"),
        Button("Số điện thoại", "say:ask_hotline"),
    ),
)
LONG = Reply(
    "Làm dịch vụ đưa người đi làm nước ngoài phải là doanh nghiệp Việt Nam có giấy phép; cò và cá nhân không được.\n\n"
    "Chưa tra tên công ty, chưa ký hợp đồng thì khoan nộp tiền, khoan đưa giấy tờ.\n\n"
    "Dấu hiệu cần coi chừng:\n"
    "• Đòi cọc, thu tiền khi chưa ký hợp đồng đưa đi.\n"
    "• Đòi “phí môi giới”, “phí giữ chỗ”, tiền tuyển chọn.\n"
    "• Tên không có trên dolab.moha.gov.vn; trang mạng không phải .vn.\n"
    "• Cho đi bằng visa du lịch hoặc đường mòn biên giới.\n"
    "• Giữ sổ đỏ, bằng cấp, bắt ký giấy nợ để “làm tin”.",
    note="Luật 69/2020/QH14, Điều 8 khoản 1: dịch vụ phải có giấy phép. Điều 7 khoản 8: cấm thu tiền môi giới.\n"
    "Nguồn: Luật Người lao động Việt Nam đi làm việc ở nước ngoài theo hợp đồng; kiểm tra ngày 24/11/2026.",
    calls=CALLS,
    buttons=NEXT,
)
URGENT = Reply(
    "Nói được thì gọi 113 ngay bây giờ.\n\nKhông gọi được 113 thì gọi 111. Ở nước ngoài: gọi +84 981 84 84 84.\n\n"
    "Không nói được, làm lặng lẽ ba việc:\n"
    "• Tắt chuông. Nhắn người bạn tin: bạn đang ở đâu, nhờ họ gọi 113.\n"
    "• Nhắn thêm vật mốc: biển hiệu, số nhà, tên đường, biển số xe.\n"
    "• Gửi vị trí điện thoại cho người đó.",
    calls=CALLS[:2],
    buttons=(Button("Báo tin lặng lẽ", "say:report_tip"), Button("Về mục lục", "say:help")),
    urgent=True,
)


class Talk:
    """Answers by keyword and keeps what it heard; `failing` makes it break, `slow` (seconds) makes it wait."""

    def __init__(self) -> None:
        self.heard: list[Inbound] = []
        self.failing = False
        self.slow = 0.0

    def greeting(self, language: str) -> list[Reply]:
        return [GREETING]

    async def hear(self, inbound: Inbound) -> list[Reply]:
        await asyncio.sleep(self.slow)
        if self.failing:
            raise RuntimeError(f"broken by {inbound.text}")
        self.heard.append(inbound)
        if inbound.file:
            size = len(inbound.file)
            return [Reply(f"Mình nhận được ảnh rồi ({size} byte).", buttons=(Button("Xong, đi tiếp", "tip:next"),))]
        if "cứu" in inbound.text:
            return [URGENT]
        if inbound.payload:
            return [Reply(f"Bạn vừa bấm {inbound.payload}.", buttons=(Button("Về mục lục", "say:help"),))]
        if "xklđ" in inbound.text:
            return [LONG, Reply("Bạn đang được mời đi nước nào? Nhắn cho mình, mình xem cùng bạn.")]
        return [Reply(f"Bạn viết:\n{inbound.text}")]


def app(talk: Talk) -> Starlette:
    return site(routes(talk))


@contextmanager
def serve(talk: Talk) -> Iterator[str]:
    """The address of a real server with this conversation."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app(talk), log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)
