"use strict";
// The chat with script: the page stays, messages go one after the other, and what could not be sent stays with "Gửi lại".
// Without this file the same form and buttons work by themselves (bot/channels/web.py). Nothing is kept on the device.
(function () {
  if (!window.AbortController || !document.body.replaceChildren) return; // an old browser keeps the plain form
  const byId = (id) => document.getElementById(id);
  const log = byId("log"), talk = byId("talk"), form = byId("say"), words = byId("words"), pick = byId("photo");
  const tray = byId("tray"), state = byId("state"), leave = byId("leave");
  const PHOTO_LIMIT = 20 * 1024 * 1024, WORTH_SHRINKING = 1500000, LONGEST_SIDE = 2560;
  const mouse = matchMedia("(hover: hover) and (pointer: fine)").matches;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const title = document.title;
  let chosen = [], line = Promise.resolve(), waiting = 0, unsent = 0, leaving = false, soon = 0, slow = 0;

  document.documentElement.classList.add("js");
  pick.multiple = true;

  // ---- what is shown; templates/bubbles.html makes the same

  function make(tag, name, text) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (text) element.textContent = text;
    return element;
  }

  function lines(parent, text) {
    for (const paragraph of text.trim().split("\n\n")) {
      const p = parent.appendChild(make("p"));
      for (const one of paragraph.trim().split("\n")) p.append(make("span", one.startsWith("• ") ? "line item" : "line", one));
    }
  }

  function callLink(call) {
    const link = make("a", call.number ? "button call" : "button plain call");
    link.href = call.number ? "tel:" + call.number.replace(/ /g, "") : call.url;
    if (!call.number) { link.target = "_blank"; link.rel = "noopener noreferrer"; }
    link.append(make("i", call.number ? "icon phone" : "icon page-link"), call.title);
    return link;
  }

  function bubble(reply) {
    const answer = make("div", reply.urgent ? "answer urgent" : "answer"), inside = answer.appendChild(make("div", "bubble"));
    if (reply.urgent) answer.setAttribute("role", "alert");
    lines(inside, reply.text);
    if (reply.aside) lines(inside.appendChild(make("div", "small-print")), reply.aside);
    if (reply.calls) inside.appendChild(make("p", "calls")).append(...reply.calls.map(callLink));
    if (reply.file) {
      const file = inside.appendChild(make("p", "calls")).appendChild(make("a", "button plain call"));
      file.href = "data:" + reply.file.media_type + ";base64," + reply.file.content;
      file.download = reply.file.name;
      file.append(make("i", "icon page-link"), reply.file.title);
    }
    if (reply.note) {
      const note = inside.appendChild(make("details", "note"));
      note.append(make("summary", "", "Nguồn và điều luật"));
      lines(note, reply.note);
    }
    if (reply.buttons) {
      const next = answer.appendChild(make("div", "next"));
      for (const button of reply.buttons) {
        const one = next.appendChild(make("button", "plain", button.title));
        one.name = "payload";
        one.value = button.payload + "\t" + button.title;
        one.setAttribute("form", "say");
      }
    }
    return answer;
  }

  function showUp(element) {
    log.scrollTo({ top: element.offsetTop - talk.parentNode.offsetTop - 12, behavior: calm ? "auto" : "smooth" });
  }

  function say(text) {
    const dots = make("span");
    dots.append(make("i"), make("i"), make("i"));
    state.replaceChildren(...(text ? [dots, text] : []));
    state.classList.toggle("on", text !== "");
    if (log.scrollHeight - log.scrollTop - log.clientHeight < 120) log.scrollTop = log.scrollHeight;
  }

  function busy(change) {
    waiting += change;
    clearTimeout(slow);
    if (!waiting) { clearTimeout(soon); return say(""); }
    if (change > 0 && waiting === 1) soon = setTimeout(() => say("Đang trả lời…"), 250);
    slow = setTimeout(() => say("Mạng chậm, mình vẫn đang chờ…"), 8000);
  }

  // ---- sending: in the order in which it was said

  function put(message) {
    message.id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    message.mine = make("div", "bubble you");
    if (message.file) message.mine.append(look(message, "Ảnh bạn gửi"));
    message.mine.append(message.title || message.text || "");
    queue(message);
  }

  // What was chosen, to look at: the picture itself, of anything else its name.
  function look(one, alt) {
    const image = isPicture(one.file) ? make("img") : make("span", "file", one.file.name);
    if (image.tagName === "IMG") { image.src = one.preview; image.alt = alt; }
    return image;
  }

  const isPicture = (file) => file.type.startsWith("image/");

  function queue(message) {
    talk.append(message.mine);
    showUp(message.mine);
    busy(1);
    line = line.then(() => deliver(message)).then(() => busy(-1));
  }

  async function deliver(message) {
    try {
      const response = await post(message);
      if (response.status === 413) return keep(message, "Tệp nặng quá 20 MB, bạn chọn tệp khác nhé.", false);
      if (!response.ok) throw new Error("status");
      const replies = (await response.json()).replies, clears = replies.some((reply) => reply.clears);
      document.title = clears ? "Thời tiết" : title;
      document.body.classList.toggle("disguise", clears); // until the next message nothing says what this page is
      if (clears) talk.replaceChildren(); // the person's own words go as well
      talk.append(...replies.map(bubble));
      showUp(clears ? talk : message.mine);
    } catch (error) {
      keep(message, navigator.onLine === false ? "Máy đang mất mạng, tin chưa gửi được." : "Tin chưa gửi được.", true);
    }
  }

  async function post(message) {
    const options = { method: "POST", credentials: "same-origin" }, limit = new AbortController();
    if (message.file) {
      message.file = await smaller(message.file);
      if (message.file.size > PHOTO_LIMIT) return { status: 413 };
      options.body = new FormData();
      options.body.append("id", message.id);
      options.body.append("text", message.text);
      options.body.append("photo", message.file, "file"); // its name stays here
    } else {
      options.headers = { "Content-Type": "application/json" };
      options.body = JSON.stringify(message.payload ? { id: message.id, payload: message.payload } : { id: message.id, text: message.text });
    }
    const timer = setTimeout(() => limit.abort(), message.file ? 300000 : 60000);
    try {
      return await fetch(message.file ? "/chat/photo" : "/chat/say", Object.assign(options, { signal: limit.signal }));
    } finally {
      clearTimeout(timer);
    }
  }

  function keep(message, why, again) {
    const row = make("div", "unsent", why);
    row.setAttribute("role", "alert");
    message.mine.after(row);
    if (again) {
      unsent += 1;
      row.appendChild(make("button", "plain", "Gửi lại")).addEventListener("click", () => {
        unsent -= 1;
        row.remove();
        queue(message);
      });
    }
    row.scrollIntoView({ block: "nearest" });
  }

  // A big photo gets smaller here: quicker on a slow line, and where it was taken does not even leave the phone.
  async function smaller(file) {
    if (file.size < WORTH_SHRINKING || !isPicture(file) || !window.createImageBitmap) return file;
    try {
      const image = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height)), canvas = make("canvas");
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      return small && small.size < file.size ? small : file;
    } catch (error) {
      return file;
    }
  }

  // ---- the field to write in

  function grow() {
    words.style.height = "auto";
    words.style.height = words.scrollHeight + 2 + "px";
  }

  function send() {
    const text = words.value.trim(), photos = chosen;
    if (!text && !photos.length) return words.focus();
    words.value = "";
    chosen = [];
    showTray();
    grow();
    photos.forEach((one, index) => put({ file: one.file, preview: one.preview, text: index ? "" : text }));
    if (!photos.length) put({ text });
  }

  function choose(files) {
    for (const file of files) chosen.push({ file, preview: URL.createObjectURL(file) });
    showTray();
  }

  function showTray() {
    tray.hidden = !chosen.length;
    tray.replaceChildren(...chosen.map((one) => {
      const item = make("li"), drop = make("button");
      item.append(look(one, "Ảnh sắp gửi"), drop);
      drop.type = "button";
      drop.setAttribute("aria-label", isPicture(one.file) ? "Bỏ ảnh này" : "Bỏ tệp này");
      drop.addEventListener("click", () => {
        URL.revokeObjectURL(one.preview);
        chosen = chosen.filter((other) => other !== one);
        showTray();
        words.focus();
      });
      return item;
    }));
  }

  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  words.addEventListener("input", grow);
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || !mouse) return;
    event.preventDefault();
    send();
  });
  words.addEventListener("paste", (event) => {
    const files = Array.from(event.clipboardData.files).filter((file) => file.type.startsWith("image/"));
    if (files.length) { event.preventDefault(); choose(files); }
  });
  byId("send").addEventListener("mousedown", (event) => event.preventDefault()); // the keyboard of a phone stays open
  pick.addEventListener("change", () => { choose(pick.files); pick.value = ""; words.focus(); });
  talk.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=payload]");
    if (!button) return;
    event.preventDefault();
    const [payload, title] = button.value.split("\t");
    put({ payload, title });
  });

  // ---- leaving

  leave.addEventListener("click", (event) => {
    event.preventDefault();
    leaving = true;
    document.body.hidden = true;
    document.title = "Thời tiết";
    location.replace(leave.href);
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && (unsent || waiting)) event.preventDefault();
  });
  grow();
})();
