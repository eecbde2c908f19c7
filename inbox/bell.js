"use strict";
// Tells on an open page that a tip in danger came: in the title, in a bar, and by a tone if the officer switched it on.
// It asks every three seconds, which does not keep anybody signed in. Everything else works without this file.
(function () {
  const bar = document.getElementById("bell"), tone = document.getElementById("tone");
  if (!bar || !window.fetch) return;
  const EVERY = 3000, TONE = "lachan-tone", link = bar.querySelector("a"), title = document.title;
  document.body.append(bar); // on a phone the list around it may be hidden
  let newest = Number(bar.dataset.newest), sound = null, timer = 0;

  async function ask() {
    try {
      const response = await fetch("/inbox/bell", { credentials: "same-origin", cache: "no-store", redirect: "manual" });
      if (response.type === "opaqueredirect") return ended();
      if (response.ok) show(await response.json());
    } catch (error) {
      // the line is down for a moment: the next question is asked all the same
    }
    timer = setTimeout(ask, EVERY);
  }

  function show(urgent) {
    if (urgent.newest <= newest) return;
    newest = urgent.newest;
    bar.hidden = false;
    document.title = "● Tin khẩn mới – Lá Chắn";
    if (sound) play();
  }

  function ended() {
    link.href = "/inbox/sign-in";
    link.textContent = "Phiên làm việc đã hết, nên trang này không báo tin khẩn nữa: bấm để đăng nhập lại";
    bar.hidden = false;
    document.title = "Phiên đã hết – Lá Chắn";
  }

  function play() {
    const at = sound.currentTime;
    for (const [start, height] of [[0, 660], [0.22, 880]]) {
      const voice = sound.createOscillator(), loud = sound.createGain();
      voice.frequency.value = height;
      loud.gain.setValueAtTime(0.0001, at + start);
      loud.gain.exponentialRampToValueAtTime(0.15, at + start + 0.03);
      loud.gain.exponentialRampToValueAtTime(0.0001, at + start + 0.2);
      voice.connect(loud).connect(sound.destination);
      voice.start(at + start);
      voice.stop(at + start + 0.22);
    }
  }

  // The choice is kept for this tab alone. A browser may wait for a first touch before it lets a page sound.
  function setTone(on) {
    if (on && !sound) sound = new AudioContext();
    if (!on && sound) { sound.close(); sound = null; }
    tone.setAttribute("aria-pressed", String(on));
    tone.textContent = on ? "Tắt chuông báo tin khẩn" : "Bật chuông báo tin khẩn";
    try {
      if (on) sessionStorage.setItem(TONE, "1"); else sessionStorage.removeItem(TONE);
    } catch (error) {
      // a browser that keeps nothing: the choice lasts as long as the page
    }
  }

  function wasOn() {
    try {
      return sessionStorage.getItem(TONE) === "1";
    } catch (error) {
      return false;
    }
  }

  if (window.AudioContext) {
    tone.hidden = false;
    setTone(wasOn());
    tone.addEventListener("click", () => {
      setTone(!sound);
      if (sound) play(); // so that it is heard once what it sounds like
    });
    addEventListener("pointerdown", () => { if (sound && sound.state === "suspended") sound.resume(); });
  }
  // A page that comes back out of the browser's memory asks at once, and one that is left asks no more.
  addEventListener("pagehide", () => clearTimeout(timer));
  addEventListener("pageshow", (event) => { if (event.persisted) ask(); });
  timer = setTimeout(ask, EVERY);
})();
