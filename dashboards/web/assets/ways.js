// Adds a slider to the form that asks where a pace would lead. The answer is the
// API's own, with its arithmetic; the form works without.
"use strict";
(() => {
  const form = document.getElementById("try");
  const answer = document.getElementById("if");
  if (!form || !answer) return;
  const { target, policy, day, unit, most, step, one, plain, lang, fault } = form.dataset;
  const field = form.elements.rate;
  const slide = document.createElement("input");
  for (const [name, value] of Object.entries({ type: "range", min: "0", max: most, step, "aria-labelledby": "rate-label" })) slide.setAttribute(name, value);
  slide.value = field.value || "0";
  field.before(slide);

  let waiting = 0, asked = null;
  async function ask() {
    const rate = field.value.trim();
    asked?.abort();
    if (rate === "") return;
    if (!/^[+-]?(\d+\.?\d*|\.\d+)/.test(rate)) {
      show([fault], true);
      tell(null);
      return;
    }
    asked = new AbortController();
    const q = new URLSearchParams({ policy, target, as_of: day, rate: /\d$|\.$/.test(rate) ? rate + unit : rate });
    let ways;
    try {
      const response = await fetch("/api/v1/ways?" + q, { signal: asked.signal, headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(String(response.status));
      ways = await response.json();
    } catch (e) {
      if (e.name === "AbortError") return;
      show([fault], true);
      tell(null);
      return;
    }
    show(ways.sentences.slice(Number(plain)).map((s) => s[lang]), false);
    const then = ways.what_if;
    tell(then && then.value_at_deadline !== null ? { day: ways.deadline, value: Number(then.value_at_deadline) / Number(one) } : null);
  }
  function show(sentences, wrong) {
    const list = document.createElement("ul");
    list.className = wrong ? "ways warn" : "ways";
    for (const s of sentences) {
      const item = document.createElement("li");
      item.textContent = s;
      list.append(item);
    }
    answer.replaceChildren(list);
    field.toggleAttribute("aria-invalid", wrong);
  }
  const tell = (detail) => document.dispatchEvent(new CustomEvent("yardstick:pace", { detail }));
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(ask, 120); };

  slide.addEventListener("input", () => { field.value = slide.value; soon(); });
  field.addEventListener("input", () => { slide.value = field.value; soon(); });
  form.addEventListener("submit", (e) => { e.preventDefault(); ask(); });
  for (const a of document.querySelectorAll("#paces a[data-rate]")) {
    a.addEventListener("click", (e) => {
      e.preventDefault();
      field.value = slide.value = a.dataset.rate;
      field.value = a.dataset.rate;
      ask();
    });
  }
  if (field.value && !field.hasAttribute("aria-invalid")) ask();
})();
