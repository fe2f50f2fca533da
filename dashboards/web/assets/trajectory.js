// Draws the trajectory of a target's page anew, so that it can be read point by
// point, zoomed and looked back on. The drawing of the page itself stays for
// paper and for readers without scripts.
"use strict";
(() => {
  const source = document.getElementById("trajectory-data");
  const room = document.getElementById("trajectory");
  if (!source || !room || !window.echarts) return;
  const data = JSON.parse(source.textContent);
  const words = data.words;
  const at = (day) => Date.parse(day + "T00:00:00Z");
  const day = (time) => new Date(time).toISOString().slice(0, 10);
  const figures = data.points.filter((p) => !p.start);
  const last = data.points[data.points.length - 1];
  const shown = { path: true, fan: true, ahead: data.fan.length === 0, vintages: false };
  let known = data.known.length; // index of the day looked back to; the length is now
  let whatif = null;

  const make = (tag, attributes, ...children) => {
    const e = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) e.setAttribute(name, value);
    e.append(...children);
    return e;
  };

  const stage = make("div", { class: "live", tabindex: "0", role: "img", "aria-label": data.label, "aria-describedby": "trajectory-help" });
  const readout = make("p", { class: "readout note", role: "status" });
  room.append(stage);
  room.classList.add("has-live");
  const chart = echarts.init(stage, null, { renderer: "canvas", useDirtyRect: false });

  // Colours and type are the page's own.
  const ink = (name) => getComputedStyle(room).getPropertyValue("--" + name).trim();

  const band = (id, low, high, opacity) => ({
    id, type: "custom", clip: true, silent: true, z: 1, tooltip: { show: false }, data: [[at(last.day), last.value]],
    renderItem: (params, api) => {
      const up = [[last.day, last.value, last.value], ...data.fan.map((s) => [s.day, s.values[low], s.values[high]])];
      const points = up.map(([d, v]) => api.coord([at(d), v])).concat(up.reverse().map(([d, , v]) => api.coord([at(d), v])));
      return { type: "polygon", shape: { points }, style: { fill: ink("hue"), opacity } };
    },
  });
  const line = (id, places, style, more) => ({
    id, type: "line", data: places.map((p) => [at(p.day), p.value]), symbol: "none", silent: true, z: 2,
    tooltip: { show: false }, lineStyle: style, ...more,
  });
  const edge = (i) => [{ day: last.day, value: last.value }, ...data.fan.map((s) => ({ day: s.day, value: s.values[i] }))];

  // The observed line; a hole in it is a gap.
  const broken = (points, symbol) => points.flatMap((p) => {
    const item = { value: [at(p.day), p.value], ...symbol(p) };
    return p.break ? [{ value: [at(p.day) - 1, null] }, item] : [item];
  });
  const knownPoints = () => {
    const until = data.known[known], latest = new Map();
    for (const v of data.vintages) if (v.published <= until) latest.set(v.day, v);
    return [...latest.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
  };

  function series() {
    const hue = ink("hue"), sheet = ink("sheet"), back = known < data.known.length;
    const ring = (p) => (p.start ? { symbol: "none" } : {
      itemStyle: p.hollow ? { color: sheet, borderColor: hue, borderWidth: 2 } : { color: hue, borderColor: sheet, borderWidth: 1.5 },
    });
    const all = [
      line("target", [{ day: data.from, value: data.target }, { day: data.to, value: data.target }], { color: ink("ink"), width: 1.25, type: [1.5, 3] },
        { endLabel: { show: true, formatter: () => words.target, color: ink("ink"), fontSize: size(), distance: 6 } }),
      line("path", shown.path ? data.schedule : [], { color: ink("line"), width: 1 }),
      line("ahead", shown.ahead ? data.ahead : [], { color: hue, width: 1.25, type: [8, 3, 1.5, 3] }),
      line("whatif", whatif || [], { color: ink("ink"), width: 1.75, type: [2, 3] }, { z: 3 }),
      { id: "seen", type: "line", z: 4, data: broken(data.points, ring), symbol: "circle", symbolSize: 8, connectNulls: false,
        lineStyle: { color: hue, width: 2.25, opacity: back ? 0.25 : 1 }, itemStyle: { color: hue, opacity: back ? 0.25 : 1 }, emphasis: { scale: 1.4 } },
      { id: "known", type: "line", z: 5, silent: true, tooltip: { show: false }, symbol: "circle", symbolSize: 6, lineStyle: { color: ink("ink"), width: 2 },
        itemStyle: { color: ink("ink") }, data: back ? knownPoints().map((v) => [at(v.day), v.value]) : [] },
      { id: "vintages", type: "scatter", z: 3, silent: true, tooltip: { show: false }, symbol: "emptyCircle", symbolSize: 7, itemStyle: { color: ink("quiet") },
        data: shown.vintages ? data.vintages.filter((v) => !v.in_force).map((v) => [at(v.day), v.value]) : [] },
    ];
    const fan = shown.fan && data.fan.length > 0;
    all.push({ ...band("band80", 0, 4, 0.13), ...(fan ? {} : { data: [] }) }, { ...band("band50", 1, 3, 0.16), ...(fan ? {} : { data: [] }) });
    for (const [id, i] of [["low", 0], ["high", 4]]) all.push(line(id, fan ? edge(i) : [], { color: hue, width: 0.75, opacity: 0.7 }));
    all.push(line("median", fan ? edge(2) : [], { color: hue, width: 1.75, type: [5, 4] }, { silent: false, tooltip: { show: true } }));
    return all;
  }

  const size = () => parseFloat(getComputedStyle(stage).fontSize) || 12;
  const number = (v) => String(+v.toPrecision(12));

  function saying(params) {
    for (const p of [].concat(params)) {
      if (p.seriesId === "median" && p.dataIndex > 0) return data.fan[p.dataIndex - 1].text;
      if (p.seriesId !== "seen") continue;
      const point = figures.find((f) => at(f.day) === p.value[0]);
      if (point) return said(point);
    }
    return "";
  }
  const said = (p) => `${p.period}  ${p.text}\n${p.notes}${known < data.known.length ? backSaid(p) : ""}`;
  const backSaid = (p) => {
    const then = knownPoints().find((v) => v.day === p.day);
    return `\n${words.knows.replace("{day}", data.known[known])}: ${then ? then.text : "—"}`;
  };

  function draw() {
    const font = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: size(), color: ink("faint") };
    const scale = data.done ? { min: 0, max: 1, interval: 1 } : data.bounds ? { min: data.bounds[0], max: data.bounds[1] } : {};
    chart.setOption({
      useUTC: true, animation: false, backgroundColor: "transparent", textStyle: font,
      grid: { left: 4, right: size() * 4.2, top: 16, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      xAxis: { type: "time", min: at(data.from), max: at(data.to), axisLine: { lineStyle: { color: ink("line") }, onZero: false }, axisTick: { lineStyle: { color: ink("line") } }, splitLine: { show: false },
        axisLabel: { ...font, hideOverlap: true, formatter: (t) => (day(t).endsWith("-01") ? day(t).slice(0, 7) : day(t).slice(5)) } },
      yAxis: { type: "value", scale: true, splitNumber: 4, minInterval: data.whole ? 1 : 0, ...scale, splitLine: { lineStyle: { color: ink("hair") } }, axisLabel: { ...font, formatter: data.done ? (v) => data.done[v] || "" : number } },
      dataZoom: [{ id: "zoom", type: "inside", filterMode: "none", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false, preventDefaultMouseMove: false, minValueSpan: 40 * 864e5 }],
      tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: "line", snap: true, lineStyle: { color: ink("line"), type: "solid", width: 1 } },
        backgroundColor: ink("sheet"), borderColor: ink("line"), borderWidth: 1, padding: [8, 12], textStyle: { ...font, color: ink("ink"), fontSize: size() + 1, lineHeight: (size() + 1) * 1.5 },
        formatter: saying },
      series: series(),
    });
  }

  // What is shown, chosen with the keyboard as well: the legend gets boxes.
  const controls = make("div", { class: "shows" });
  const choice = (name) => {
    const box = make("input", { type: "checkbox" });
    box.checked = shown[name];
    box.addEventListener("change", () => { shown[name] = box.checked; draw(); });
    return box;
  };
  const legend = room.closest("section").querySelector(".legend");
  for (const name of ["path", "fan", "ahead"]) {
    const item = legend.querySelector(".k-" + name);
    if (item) item.replaceChildren(make("label", {}, choice(name), ...item.childNodes));
  }
  const ns = "http://www.w3.org/2000/svg", key = document.createElementNS(ns, "svg"), dash = document.createElementNS(ns, "line");
  for (const [name, value] of Object.entries({ width: "28", height: "10", "aria-hidden": "true" })) key.setAttribute(name, value);
  for (const [name, value] of Object.entries({ x1: "0", x2: "28", y1: "5", y2: "5" })) dash.setAttribute(name, value);
  key.append(dash);
  const assumed = make("li", { class: "k-whatif", hidden: "" }, key, words.whatif);
  legend.append(assumed);
  if (data.vintages.some((v) => !v.in_force)) controls.append(make("label", {}, choice("vintages"), " " + words.vintages));
  if (data.known.length > 1) {
    const slide = make("input", { type: "range", min: "0", max: String(data.known.length), step: "1", value: String(known), "aria-label": words.known });
    const told = make("output", {}, words.now);
    const link = make("a", { hidden: "" }, words.verdict);
    slide.setAttribute("aria-valuetext", words.now);
    slide.addEventListener("input", () => {
      known = Number(slide.value);
      const back = known < data.known.length, text = back ? data.known[known] : words.now;
      told.textContent = text;
      slide.setAttribute("aria-valuetext", text);
      link.toggleAttribute("hidden", !back);
      if (back) {
        const there = new URL(location.href);
        there.searchParams.set("as_of", text);
        link.href = there.pathname + there.search;
      }
      draw();
    });
    controls.append(make("label", { class: "known" }, words.known + " ", slide, " ", told), link);
  }
  const zoom = (factor) => () => {
    const { start, end } = chart.getOption().dataZoom[0];
    const mid = (start + end) / 2, half = Math.min(50, ((end - start) / 2) * factor);
    const from = Math.max(0, Math.min(100 - 2 * half, mid - half));
    chart.dispatchAction({ type: "dataZoom", start: factor ? from : 0, end: factor ? from + 2 * half : 100 });
  };
  const button = (sign, word, act) => {
    const b = make("button", { type: "button", "aria-label": word, title: word }, sign);
    b.addEventListener("click", act);
    return b;
  };
  controls.append(make("span", { class: "zoom" }, button("+", words.closer, zoom(0.6)), button("−", words.wider, zoom(1 / 0.6)), button("↺", words.reset, zoom(0))));
  room.append(controls, make("p", { class: "note help", id: "trajectory-help" }, words.help), readout);

  // Arrow keys go from point to point, through the forecast too.
  const stops = [...figures.map((p) => ({ series: "seen", day: p.day, text: said(p) })), ...data.fan.map((s) => ({ series: "median", day: s.day, text: s.text }))];
  let stop = figures.length;
  stage.addEventListener("keydown", (e) => {
    const go = { ArrowLeft: stop - 1, ArrowRight: stop + 1, Home: 0, End: stops.length - 1 }[e.key];
    if (e.key === "Escape") { chart.dispatchAction({ type: "hideTip" }); readout.textContent = ""; return; }
    if (go === undefined) return;
    e.preventDefault();
    stop = Math.max(0, Math.min((shown.fan ? stops.length : figures.length) - 1, go));
    const option = chart.getOption(), seriesIndex = option.series.findIndex((s) => s.id === stops[stop].series);
    const dataIndex = option.series[seriesIndex].data.findIndex((d) => (d.value || d)[0] === at(stops[stop].day) && (d.value || d)[1] !== null);
    chart.dispatchAction({ type: "showTip", seriesIndex, dataIndex });
    readout.textContent = stops[stop].text.replace("\n", " · ");
  });
  stage.addEventListener("blur", () => chart.dispatchAction({ type: "hideTip" }));

  // The slider of the section below shows where an assumed pace would lead.
  document.addEventListener("yardstick:pace", (e) => {
    whatif = e.detail ? [{ day: last.day, value: last.value }, e.detail] : null;
    assumed.toggleAttribute("hidden", !whatif);
    draw();
  });
  new ResizeObserver(() => chart.resize()).observe(stage);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  new MutationObserver(draw).observe(document.documentElement, { attributes: true });
  draw();
})();
