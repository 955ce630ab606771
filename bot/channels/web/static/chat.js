"use strict";
// Sends what is typed or pressed, and shows what the stream brings; every message once, by its id.
(() => {
  const log = document.getElementById("log");
  const form = document.getElementById("ask");
  const box = document.getElementById("text");
  const status = document.getElementById("status");
  const problem = document.getElementById("problem");
  const texts = JSON.parse(document.body.dataset.texts);
  const lang = document.documentElement.lang;
  const waiting = new Map(); // id of an unconfirmed message -> its element

  const tell = (text) => { status.textContent = text; };
  const reveal = (message) => {
    // A long answer is read from its first line, so its end must not be what comes into view.
    const tall = message.offsetHeight > window.innerHeight / 2;
    message.scrollIntoView({ block: tall ? "start" : "end" });
  };
  const grow = () => { box.style.height = "auto"; box.style.height = `${box.scrollHeight}px`; };

  const show = (id, html) => {
    if (document.getElementById(`m${id}`)) return;
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const message = holder.content.firstElementChild;
    // Two tabs may learn of messages in another order than they were said.
    const later = [...log.querySelectorAll("[data-id]")].find((other) => Number(other.dataset.id) > id);
    log.insertBefore(message, later ?? null);
    if (message.classList.contains("person")) confirmOwn(message);
    reveal(message);
  };

  const confirmOwn = (message) => {
    const said = message.querySelector(".typed").textContent;
    for (const [id, own] of waiting) {
      if (own.querySelector(".typed").textContent === said) { own.remove(); waiting.delete(id); return; }
    }
  };

  const sketch = (text) => {
    const own = document.createElement("article");
    own.className = "message person";
    own.innerHTML = '<p class="who"></p><div class="body"><p class="typed"></p></div>';
    own.querySelector(".who").textContent = texts.sending;
    own.querySelector(".typed").textContent = text;
    own.setAttribute("aria-hidden", "true"); // the confirmed message is the one that is read out
    log.append(own);
    reveal(own);
    return own;
  };

  const failed = (id, own, content) => {
    own.classList.add("failed");
    own.removeAttribute("aria-hidden");
    own.querySelector(".who").textContent = texts.not_sent;
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = texts.send_again;
    again.addEventListener("click", () => { own.remove(); waiting.delete(id); say(content, id); });
    own.querySelector(".body").append(again);
    again.focus();
  };

  const post = async (content, id) => fetch("/api/chat", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...content, id, ...("action" in content ? { lang } : {}) }),
  });

  const say = async (content, id = crypto.randomUUID()) => {
    problem.textContent = "";
    tell(texts.thinking);
    const own = "text" in content ? sketch(content.text) : null;
    if (own) waiting.set(id, own);
    try {
      const response = await post(content, id);
      if (response.status >= 500) throw new Error(String(response.status));
      const answer = await response.json();
      if (!response.ok) return refused(own, id, content, answer.error.message);
      if (answer.reply) show(answer.reply.id, answer.reply.html);
      tell("");
    } catch {
      tell("");
      if (own) failed(id, own, content); else problem.textContent = texts.not_sent;
    }
  };

  const refused = (own, id, content, message) => {
    own?.remove();
    waiting.delete(id);
    if ("text" in content) { box.value = content.text; grow(); }
    problem.textContent = message;
    tell("");
    box.focus();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (!text) return box.focus();
    box.value = "";
    grow();
    box.focus();
    say({ text });
  });

  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    // Enter that ends a kana conversion must not send.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    form.requestSubmit();
  });

  log.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (!button || button.getAttribute("aria-pressed")) return;
    button.setAttribute("aria-pressed", "true");
    say({ action: button.value });
    box.focus({ preventScroll: true });
  });

  const follow = () => {
    const newest = [...log.querySelectorAll("[data-id]")].at(-1)?.dataset.id ?? "0";
    const stream = new EventSource(`/api/chat/stream?after=${newest}`);
    stream.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      show(message.id, message.html);
    });
    stream.addEventListener("open", () => { if (status.textContent === texts.reconnecting) tell(""); });
    stream.addEventListener("error", () => tell(texts.reconnecting));
  };

  follow();
  if (log.lastElementChild) reveal(log.lastElementChild);
  box.focus({ preventScroll: true });
})();
