// What makes the staff pages quicker; everything works without it. Moves nothing under the cursor.
(() => {
  "use strict";
  const editing = (target) => target && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  const rows = [...document.querySelectorAll("[data-row]")];
  let at = -1;

  const move = (step) => {
    if (!rows.length) return;
    if (at >= 0) rows[at].classList.remove("at");
    at = Math.min(rows.length - 1, Math.max(0, at + step));
    rows[at].classList.add("at");
    rows[at].querySelector("a").focus();
  };
  // Where there is a list, a row has to be chosen first: nobody takes the wrong case by a slip of the finger.
  const here = () => (rows.length ? rows[at] : document);
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    "/": () => document.querySelector("input[type=search]")?.focus(),
    t: () => here()?.querySelector("form[action$='/take'] button")?.click(),
    r: () => {
      const way = document.querySelector(".way.reply");
      if (!way) return;
      way.open = true;
      way.querySelector("textarea").focus();
    },
    g: () => { location.href = "/console"; },
    "?": () => { location.href = "/console/help"; },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && editing(event.target)) event.target.blur();
    if (editing(event.target) || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  // Whoever tabs to a row goes on from there.
  rows.forEach((row, place) => row.addEventListener("focusin", () => {
    if (at >= 0) rows[at].classList.remove("at");
    at = place;
    row.classList.add("at");
  }));

  // Pressed twice is sent once.
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "post") return;
    if (event.target.dataset.sent) event.preventDefault();
    // A download leaves the page where it is, so the form must be fit to be sent again.
    event.target.dataset.sent = "yes";
    setTimeout(() => delete event.target.dataset.sent, 3000);
  });
  // What is typed is not lost by a slip: the browser asks, unless it is the very form that is being sent.
  const usual = (select) => Math.max(0, [...select.options].findIndex((one) => one.defaultSelected));
  const changed = (one) => {
    if (one.type === "hidden" || one.tagName === "BUTTON" || one.tagName === "FIELDSET") return false;
    if (one.type === "checkbox" || one.type === "radio") return one.checked !== one.defaultChecked;
    if (one.tagName === "SELECT") return one.selectedIndex !== usual(one);
    return one.value !== one.defaultValue;
  };
  // Typed before, not taken, and shown again: nothing has changed since, and yet it would be lost.
  const kept = (form) => "kept" in form.dataset && [...form.querySelectorAll("textarea, input[type=text]")].some((one) => one.value.trim());
  const unsent = () => [...document.forms].filter((form) => form.method === "post" && (kept(form) || [...form.elements].some(changed)));
  let leaving = null;
  document.addEventListener("submit", (event) => { if (!event.defaultPrevented) leaving = event.target; });
  addEventListener("beforeunload", (event) => {
    const sent = leaving;
    leaving = null;
    if (!unsent().some((form) => form !== sent)) return;
    event.preventDefault();
    // Whoever stays may press again at once.
    if (sent) delete sent.dataset.sent;
  });

  const news = document.getElementById("news");
  const look = async () => {
    if (document.visibilityState !== "visible" || editing(document.activeElement)) return;
    try {
      const answer = await fetch(`${news.dataset.url}?after=${news.dataset.after}`, { headers: { accept: "application/json" } });
      if (!answer.ok) return;
      const { count, text } = await answer.json();
      const [said, link] = news.children;
      if (said.textContent !== text) said.textContent = text;
      link.hidden = !count;
    } catch { /* the next look may succeed */ }
  };
  if (news) setInterval(look, 10000);
})();
