"use strict";
// Sends what is typed or pressed, and shows what the stream brings; every message once, by its id.
(() => {
  const find = (id) => document.getElementById(id);
  const [log, form, box, status, problem, banner] =
    ["log", "ask", "text", "status", "problem", "banner"].map(find);
  const texts = JSON.parse(document.body.dataset.texts);
  const lang = document.documentElement.lang;
  const unconfirmed = new Map(); // id of a message that the stream has not shown yet -> its sketch
  const awaited = new Set(); // ids of messages whose reply has not come
  let pinned = true; // whether the reader is at the end, so that new messages may move the page
  let pressing = ""; // "dialog" or "button" while the reply to a press is awaited: it may take the focus
  // Where a focused box opens a keyboard over half the screen, only a tap may focus it.
  const touch = window.matchMedia("(pointer: coarse)").matches;

  // ------------------------------------------------ where the reader is

  const grow = () => { box.style.height = "auto"; box.style.height = `${box.scrollHeight + 2}px`; };
  const toEnd = () => window.scrollTo(0, document.body.scrollHeight);
  const reveal = (message) => {
    if (!pinned) return;
    // A long answer is read from its first line, so its end must not be what comes into view.
    if (message.offsetHeight > window.innerHeight / 2) message.scrollIntoView({ block: "start" }); else toEnd();
  };
  const toBox = () => { if (!touch) box.focus({ preventScroll: true }); };
  // Whoever pressed inside a dialog goes on where it goes on: at what is to mend, else at what is open, else at its heading.
  const goOn = (message) => {
    const fields = "input:not([type=hidden]), select, textarea";
    const wrong = message.querySelector("form.dialog [aria-invalid]");
    const next = wrong?.matches("fieldset") ? wrong.querySelector(fields) : wrong;
    const open = touch ? null : message.querySelector(`form.dialog > .field :is(${fields})`);
    const place = next ?? open ?? (pressing === "dialog" ? message.querySelector("h2") ?? message.querySelector(".body") : null);
    pressing = "";
    if (!place) return;
    if (!place.matches(fields)) place.tabIndex = -1;
    place.focus({ preventScroll: place.matches("h2, .body") || !pinned });
  };
  const thinking = () => {
    status.textContent = awaited.size ? texts.thinking : "";
    status.classList.toggle("busy", awaited.size > 0);
  };

  // ------------------------------------------------ what is shown

  const element = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html; // rendered and escaped by the server
    return holder.content.firstElementChild;
  };

  const show = (id, html) => {
    if (find(`m${id}`)) return;
    const message = element(html);
    // Two tabs may learn of messages in another order than they were said.
    const later = [...log.querySelectorAll("[data-id]")].find((other) => Number(other.dataset.id) > id);
    if (message.classList.contains("person")) confirmOwn(message);
    log.insertBefore(message, later ?? null);
    if (!later) inherit(message);
    remember(message);
    reveal(message);
    if (pressing && message.matches(".desk:not([data-event='0'])")) goOn(message);
  };

  const confirmOwn = (message) => {
    const said = message.querySelector(".typed").textContent;
    for (const [id, own] of unconfirmed) {
      const same = own.dataset.event ? own.dataset.event === message.dataset.event
        : own.querySelector(".typed").textContent === said;
      if (same) { own.remove(); unconfirmed.delete(id); return; }
    }
  };

  const sketch = (text) => {
    const own = element('<article class="message person"><p class="who"></p><div class="body"><p class="typed"></p></div></article>');
    own.querySelector(".who").textContent = texts.sending;
    own.querySelector(".typed").textContent = text;
    own.setAttribute("aria-hidden", "true"); // the confirmed message is the one that is read out
    log.append(own);
    return own;
  };

  // ------------------------------------------------ what is sent

  const newId = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16)); // plain http knows no randomUUID
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const post = (content, id) => fetch("/api/chat", {
    method: "POST",
    headers: { "content-type": "application/json" },
    // A typed sentence says by itself which language it is in.
    body: JSON.stringify({ ...content, id, ...("text" in content ? {} : { lang }) }),
  });

  const send = async (content, shown, button = null, id = newId()) => {
    problem.textContent = "";
    pinned = true;
    pressing = "text" in content ? "" : button?.closest("form.dialog, .steer, .confirm") ? "dialog" : "button";
    const own = "text" in content ? sketch(shown) : null;
    if (own) unconfirmed.set(id, own);
    awaited.add(id);
    thinking();
    toEnd();
    try {
      const response = await post(content, id);
      if (response.status >= 500) throw new Error(String(response.status));
      const answer = await response.json();
      if (response.ok) accepted(own, id, answer, button); else refused(own, id, content, button, answer);
    } catch {
      failed(own ?? sketch(shown), id, content, shown, button);
    }
  };

  const accepted = (own, id, answer, button) => {
    if (button?.matches("button")) vote(button);
    if (own) own.querySelector(".who").textContent = texts.person;
    if (!answer.reply) return; // it follows by the stream
    if (own) {
      own.dataset.event = answer.event;
      const streamed = log.querySelector(`.person[data-id][data-event="${answer.event}"]`);
      if (streamed) { own.remove(); unconfirmed.delete(id); }
    }
    awaited.delete(id);
    thinking();
    show(answer.reply.id, answer.reply.html);
  };

  const refused = (own, id, content, button, answer) => {
    own?.remove();
    unconfirmed.delete(id);
    awaited.delete(id);
    pressing = "";
    thinking();
    if (button?.matches("button")) mark(button, false);
    if (button?.matches("form")) delete button.dataset.sent;
    if ("text" in content) { box.value = [content.text, box.value].filter(Boolean).join("\n"); grow(); }
    problem.textContent = answer.error.message;
    box.focus();
  };

  const failed = (own, id, content, shown, button) => {
    awaited.delete(id);
    pressing = "";
    thinking();
    if (button?.matches("form")) delete button.dataset.sent;
    own.classList.add("failed");
    own.removeAttribute("aria-hidden");
    own.querySelector(".who").textContent = texts.not_sent;
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = texts.send_again;
    again.addEventListener("click", () => {
      own.remove();
      unconfirmed.delete(id);
      box.focus({ preventScroll: true });
      send(content, shown, button, id); // the same id: what did arrive is not said twice
    });
    own.querySelector(".body").append(again);
    toEnd();
  };

  // ------------------------------------------------ buttons of a turn

  const pressed = new Set(JSON.parse(sessionStorage.getItem("pressed") ?? "[]"));

  const mark = (button, on) => {
    if (on) { button.setAttribute("aria-pressed", "true"); pressed.add(button.value); }
    else { button.removeAttribute("aria-pressed"); pressed.delete(button.value); }
    sessionStorage.setItem("pressed", JSON.stringify([...pressed].slice(-200)));
  };

  const vote = (button) => {
    const votes = button.closest(".feedback");
    if (!votes) return;
    votes.querySelector("p").textContent = texts.noted;
    votes.querySelectorAll("button").forEach((other) => other.setAttribute("aria-disabled", "true"));
  };

  const remember = (message) => message.querySelectorAll("button[name=action]").forEach((button) => {
    if (!pressed.has(button.value)) return;
    mark(button, true);
    vote(button);
  });

  // ------------------------------------------------ the form of a dialog

  const dialogs = () => [...log.querySelectorAll("form.dialog")];
  const entered = (dialog) => {
    const fields = {};
    for (const [name, value] of new FormData(dialog)) {
      if (!name.startsWith("f.")) continue;
      // Several boxes of one question come one by one; the empty one only says that the question was there.
      const before = fields[name.slice(2)];
      fields[name.slice(2)] = [before, value].filter(Boolean).join("\n");
    }
    return fields;
  };
  const named = (dialog, name) =>
    [...dialog.querySelectorAll(`[name="${CSS.escape(name)}"]`)].filter((control) => control.type !== "hidden");
  const isBox = (control) => control.type === "radio" || control.type === "checkbox";
  const setField = (dialog, name, value) => {
    for (const control of named(dialog, name)) {
      if (isBox(control)) control.checked = value.split("\n").includes(control.value); else control.value = value;
    }
  };
  const given = (control) => control.matches("select")
    ? ([...control.options].find((option) => option.defaultSelected) ?? control.options[0]).value
    : control.defaultValue;
  const edited = (control) => isBox(control) ? control.checked !== control.defaultChecked : control.value !== given(control);
  // What was entered in a form and not sent moves into the one that takes its place.
  const carry = (old, dialog) => {
    const values = entered(old);
    const names = new Set([...old.elements].filter((control) => control.name.startsWith("f.") && edited(control))
      .map((control) => control.name));
    const answered = (one, name) => named(one, name).some((control) => control.closest(".done"));
    // What was answered by typing meanwhile is newer than what stood in the old form.
    const moving = [...names].filter((name) => named(dialog, name).length && (answered(old, name) || !answered(dialog, name)));
    moving.forEach((name) => setField(dialog, name, values[name.slice(2)] ?? ""));
    if (moving.length) dialog.prepend(noteOf(texts.fields_kept, "kept"));
  };
  const noteOf = (text, name) => Object.assign(document.createElement("p"), { className: name, textContent: text });
  // Only the newest form is live.
  const inherit = (message) => {
    if (!message.classList.contains("desk") || message.dataset.event === "0") return; // a letter answers nothing
    const [dialog] = message.querySelectorAll("form.dialog");
    for (const old of log.querySelectorAll(".steer")) if (!message.contains(old)) old.remove();
    for (const old of dialogs()) {
      if (message.contains(old)) continue;
      if (dialog && dialog.dataset.title === old.dataset.title && !old.dataset.sent) carry(old, dialog);
      old.replaceWith(noteOf(texts.form_passed, "passed"));
    }
  };
  const sendForm = (dialog) => {
    if (dialog.dataset.sent) return;
    dialog.dataset.sent = "yes";
    const token = dialog.querySelector("[name=form]").value;
    send({ form: { token, fields: entered(dialog) } }, texts.form_sent, dialog);
  };

  log.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.target.matches("form.dialog")) { sendForm(event.target); return; }
    const button = event.submitter;
    if (!button || button.matches("[aria-pressed], [aria-disabled]")) return;
    mark(button, true);
    toBox();
    send({ action: button.value }, button.textContent.trim(), button);
  });

  find("starters").addEventListener("submit", (event) => {
    event.preventDefault();
    toBox();
    send({ text: event.submitter.value }, event.submitter.value);
  });

  // ------------------------------------------------ the box

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = box.value.trim();
    box.focus();
    if (!text) return;
    box.value = "";
    grow();
    send({ text }, text);
  });

  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    // Enter that ends a kana conversion must not send; Safari tells so by 229 only.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    form.requestSubmit();
  });

  // ------------------------------------------------ the stream

  let lost = 0;
  const connected = () => { clearTimeout(lost); lost = 0; banner.hidden = true; banner.textContent = ""; };
  const broken = () => {
    // A hiccup that heals by itself is not worth a banner.
    lost ||= setTimeout(() => { banner.hidden = false; banner.textContent = banner.dataset.text; }, 1500);
  };

  const follow = () => {
    const newest = [...log.querySelectorAll("[data-id]")].at(-1)?.dataset.id ?? "0";
    const stream = new EventSource(`/api/chat/stream?after=${newest}`);
    stream.addEventListener("open", connected);
    stream.addEventListener("message", (event) => {
      const message = JSON.parse(event.data);
      show(message.id, message.html);
      if (message.author === "desk") { awaited.clear(); thinking(); }
    });
    stream.addEventListener("error", () => {
      broken();
      // After an answer other than 200 a browser gives up for good.
      if (stream.readyState === EventSource.CLOSED) setTimeout(follow, 4000);
    });
  };

  window.addEventListener("scroll", () => {
    pinned = window.innerHeight + window.scrollY > document.body.scrollHeight - 240;
  }, { passive: true });
  log.querySelectorAll(".desk").forEach(remember);
  grow();
  follow();
  if ("begun" in document.body.dataset) reveal(log.lastElementChild);
  box.focus({ preventScroll: true });
})();
