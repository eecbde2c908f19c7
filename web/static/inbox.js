"use strict";
// Keys for the police's list (J down, K up, Enter opens), a counter below the answer, and no answer lost or sent twice.
// Everything works without this file.
(function () {
  const rows = [...document.querySelectorAll(".desk-list .row")];
  const form = document.getElementById("answer");
  const words = form && form.querySelector("textarea");

  function step(by) {
    const at = rows.findIndex((row) => row === document.activeElement);
    const from = at >= 0 ? at : rows.findIndex((row) => row.hasAttribute("aria-current"));
    const next = rows[Math.min(Math.max(from + by, 0), rows.length - 1)];
    if (next) next.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select, textarea")) return;
    const by = { j: 1, k: -1 }[event.key.toLowerCase()];
    if (!by) return;
    event.preventDefault();
    step(by);
  });

  if (rows.length && matchMedia("(hover: hover) and (pointer: fine)").matches)
    for (const hint of document.querySelectorAll(".keys")) hint.hidden = false;

  const list = document.querySelector(".desk-list"), current = list && list.querySelector("[aria-current]");
  if (current && getComputedStyle(list).overflowY === "auto") current.scrollIntoView({ block: "nearest" });

  if (!words) return;
  const most = Number(words.dataset.most), hint = document.getElementById("h-text");
  const said = hint && hint.classList.contains("hint") ? hint.textContent : "";
  let sending = false;

  words.addEventListener("input", () => {
    const left = most - [...words.value.trim()].length;
    const count = Math.abs(left).toLocaleString("vi");
    if (said) hint.textContent = left < 0 ? "Dài quá " + count + " ký tự, anh/chị bớt giúp." : left < most / 4 ? "Còn " + count + " ký tự." : said;
  });
  form.addEventListener("submit", (event) => {
    if (sending) event.preventDefault();
    sending = true;
  });
  addEventListener("pageshow", () => { sending = false; });
  addEventListener("beforeunload", (event) => {
    if (words.value.trim() && words.value !== words.defaultValue && !sending) event.preventDefault();
  });
})();
