// What every page of the board gains where scripts run: the slider of days,
// news when a feed lands, and a wall that turns its screenfuls. Every page is
// whole without it.
(() => {
  "use strict";
  const body = document.body;
  const main = document.getElementById("main");

  // ---- days looked back to ----
  const slider = document.getElementById("slider");
  const field = document.getElementById("as_of");
  const KEPT = "yardstick-slider"; // that the slider was in use, so that it is found again

  function setUpSlider() {
    const box = slider.closest(".slide");
    const form = slider.form;
    const [y, m, d] = slider.dataset.first.split("-").map(Number);
    const start = Number(slider.value);
    const most = Number(slider.max);
    const dayAt = (n) => new Date(Date.UTC(y, m - 1, d + n));
    const written = (n) => dayAt(n).toISOString().slice(0, 10);
    const indexOf = (date) => Math.round((date.getTime() - Date.UTC(y, m - 1, d)) / 864e5);
    let dragging = false;

    const show = () => {
      field.value = written(Number(slider.value));
      slider.setAttribute("aria-valuetext", field.value);
    };
    const go = () => {
      if (Number(slider.value) === start) return;
      show();
      try {
        sessionStorage.setItem(KEPT, String(window.scrollY));
      } catch { /* a browser that keeps nothing loses the place only */ }
      form.requestSubmit();
    };
    // The ends of the months before and after the day n.
    const monthEnd = (n, step) => {
      const at = dayAt(n);
      let end = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0));
      if (step > 0 && indexOf(end) <= n) end = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 2, 0));
      if (step < 0) end = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 0));
      return Math.min(most, Math.max(0, indexOf(end)));
    };

    box.hidden = false;
    form.classList.add("sliding");
    slider.addEventListener("input", show);
    slider.addEventListener("pointerdown", () => { dragging = true; });
    slider.addEventListener("change", () => {
      // Keys change it step by step: there, Enter loads the day.
      if (dragging) go();
      dragging = false;
    });
    slider.addEventListener("keydown", (e) => {
      const step = { PageUp: 1, PageDown: -1 }[e.key];
      if (step) {
        e.preventDefault();
        slider.value = String(monthEnd(Number(slider.value), step));
        show();
      } else if (e.key === "Enter") {
        e.preventDefault();
        go();
      } else if (e.key === "Escape") {
        slider.value = String(start);
        show();
      }
    });
    try {
      const place = sessionStorage.getItem(KEPT);
      if (place !== null) {
        sessionStorage.removeItem(KEPT);
        window.scrollTo(0, Number(place));
        slider.focus({ preventScroll: true });
      }
    } catch { /* see above */ }
  }
  if (slider && field) setUpSlider();

  // ---- news ----
  const line = document.getElementById("news");
  const EVERY = 20_000;    // milliseconds between questions
  const AT_MOST = 300_000; // and while nobody answers

  function setUpNews(path) {
    const link = line.querySelector("a");
    const said = line.querySelector("span");
    let shown = main.innerHTML; // as it came, before anybody opened or typed anything
    let stamp = null;
    let wait = EVERY;
    let timer = 0;

    // Something is being typed, chosen, picked out or read with a pointer held down.
    const busy = () => {
      const at = document.activeElement;
      if (at && at !== body && at.closest("main") && at.matches("input, select, textarea, [contenteditable]")) return true;
      return String(window.getSelection()).length > 0;
    };
    // A page whose own scripts drew into it is not taken from under them.
    const own = document.querySelectorAll("head script").length > 1;

    const swap = (next) => {
      const opened = [...main.querySelectorAll("details[open]")].map((e) => e.id || e.querySelector("summary")?.textContent);
      const at = document.activeElement;
      // Several links may lead to one place: the one held is known by its turn among them.
      const alike = (e) => [...main.querySelectorAll(e.localName)].filter((o) => o.getAttribute("href") === e.getAttribute("href"));
      const held = at && main.contains(at) ? { like: at, turn: alike(at).indexOf(at) } : null;
      const top = window.scrollY;
      for (const part of [".mast-name", ".banner"]) {
        const from = next.querySelector(part), to = document.querySelector(part);
        if (from && to) to.replaceWith(document.adoptNode(from));
      }
      const fresh = next.getElementById("main");
      shown = fresh.innerHTML;
      main.replaceChildren(...document.adoptNode(fresh).childNodes);
      for (const e of main.querySelectorAll("details")) {
        if (opened.includes(e.id || e.querySelector("summary")?.textContent)) e.open = true;
      }
      window.scrollTo(0, top);
      if (held) {
        const again = (held.like.id && document.getElementById(held.like.id)) || alike(held.like)[held.turn];
        if (again) again.focus({ preventScroll: true });
      }
      const now = new Date();
      said.textContent = line.dataset.shown + " " + String(now.getHours()).padStart(2, "0") + ":" + String(now.getMinutes()).padStart(2, "0");
      link.hidden = true;
    };

    // look fetches the page again; only one that reads otherwise is news.
    const look = async () => {
      const answer = await fetch(location.href, { cache: "no-cache", credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const next = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = next.getElementById("main");
      if (!fresh || fresh.innerHTML === shown) return;
      if (!own && !("back" in body.dataset) && !busy()) {
        swap(next);
        return;
      }
      link.hidden = false;
      said.textContent = "";
    };

    let asking = false;
    const ask = async () => {
      if (asking || document.hidden) return; // it is asked again when somebody looks
      asking = true;
      try {
        const answer = await fetch(path, { cache: "no-cache", credentials: "same-origin" });
        if (!answer.ok) throw new Error(String(answer.status));
        const now = (await answer.json()).stamp;
        if (stamp !== null && now !== stamp) await look();
        stamp = now; // not before: what could not be fetched is asked for again
        wait = EVERY;
      } catch {
        wait = Math.min(AT_MOST, wait * 2); // a server that starts anew is not stormed
      }
      asking = false;
      later();
    };
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(ask, wait * (0.9 + 0.2 * Math.random()));
    };
    link.addEventListener("click", (e) => {
      e.preventDefault();
      location.reload();
    });
    document.addEventListener("visibilitychange", ask);
    ask();
  }
  if (body.dataset.news && line && main) setUpNews(body.dataset.news);

  // ---- a wall ----
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const PAUSE = 60_000; // after somebody touched it

  function turnScreens(seconds) {
    let touched = 0;
    for (const kind of ["pointermove", "keydown", "wheel", "touchstart"]) {
      window.addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
    }
    setInterval(async () => {
      if (still.matches || document.hidden || Date.now() - touched < PAUSE) return;
      const end = document.documentElement.scrollHeight - window.innerHeight;
      if (window.scrollY < end - 4) {
        window.scrollTo({ top: window.scrollY + window.innerHeight * 0.9, behavior: "smooth" });
        return;
      }
      // The next page, if there is one to be had: a wall never shows a browser's error.
      try {
        if ((await fetch(body.dataset.next, { method: "HEAD", credentials: "same-origin" })).ok) {
          location.assign(body.dataset.next);
          return;
        }
      } catch { /* nobody answers: this page stays on show */ }
      window.scrollTo({ top: 0, behavior: "smooth" });
    }, seconds * 1000);
  }
  if (Number(body.dataset.turn) > 0) turnScreens(Number(body.dataset.turn));
})();
