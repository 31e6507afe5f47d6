/* The questions of the page of `settle explore`.
 *
 * A question is a list of options of the command line, so that what is shown is what `settle portrait` and `settle run`
 * would say.  Of each kind one is on its way at a time: while it is, only the newest wish is kept, and an answer
 * that belongs to another system than the one shown is dropped.  The answers come from the program that
 * serves the page or, in a page of `--offline`, from a table in the page. */
"use strict";

(function (settle) {
  const { page } = settle;
  const { state, MAP, VIEW_REST, LASTS, $ } = page;
  const FINER = 180; /* cells along a side, at rest */
  const CHEAP = 1000; /* milliseconds for the coarse map, up to which the finer one is asked for */
  const REST = 260; /* milliseconds */

  /* ---- where answers come from ---- */

  const table = JSON.parse($("data").textContent); /* null: served */

  async function served(kind, query, signal) {
    let answer;
    try {
      answer = await fetch(kind + (query ? "?" + query : ""), { cache: "no-store", signal });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Error("the program does not answer any more: start settle explore again");
    }
    const reply = await answer.json().catch(() => ({ error: "the answer cannot be read" }));
    if (!answer.ok || reply.error) throw new Error(reply.error || "the program answers " + answer.status);
    return reply;
  }

  function nearest(values, wanted) {
    let best = 0;
    values.forEach((value, k) => { if (Math.abs(value - wanted) < Math.abs(values[best] - wanted)) best = k; });
    return best;
  }

  function snapped(point) {
    const { x, y } = table.starts;
    return nearest(y, point[1]) * x.length + nearest(x, point[0]);
  }

  function tabulated(kind, point, direction) {
    const frame = table.frames[state.setting];
    if (kind === "predict") return frame.forward[snapped(point)].predicted;
    return kind === "trajectory" ? frame[direction][snapped(point)] : frame[kind];
  }

  /* point, direction: for a page that looks them up */
  async function ask(kind, query, { point, direction, signal } = {}) {
    return table ? tabulated(kind, point, direction) : served(kind, query, signal);
  }

  /* A line of questions of one kind: one on its way, and the newest wish behind it. */
  function line(kind, answered) {
    let running = null, wanted = null, cells = 0;
    async function next() {
      if (running || !wanted) return;
      const wish = wanted, control = running = new AbortController();
      wanted = null;
      cells = wish.cells || 0;
      busy();
      try {
        const answer = await ask(kind, wish.query, { point: wish.point, signal: control.signal });
        if (!control.signal.aborted && wish.generation === state.generation) answered(answer, wish);
      } catch (error) {
        if (!control.signal.aborted && wish.generation === state.generation && !wanted) failed(error, wish);
      }
      if (running === control) running = null;
      cells = running ? cells : 0;
      busy();
      next();
    }
    function forget() {
      wanted = null;
      if (running) running.abort();
      running = null;
      cells = 0;
    }
    return { want: function (wish) { wanted = { generation: state.generation, ...wish }; next(); }, forget,
      busy: () => running !== null || wanted !== null, cells: () => cells };
  }

  /* ---- questions ---- */

  function digits(values, width) {
    return values.map((value) => settle.typed(value, width));
  }

  function windowText() {
    const [x0, x1, y0, y1] = state.window;
    return digits([x0, x1], (x1 - x0) / 10).concat(digits([y0, y1], (y1 - y0) / 10)).join(",");
  }

  function query(extra) {
    const all = { ...state.options, window: windowText(), ...extra };
    if (!state.model.line) all.plane = state.plane.join(",");
    if (all.init === undefined && state.model.names.length > 2) all.init = state.base.join(",");
    return Object.entries(all).map(([key, value]) => encodeURIComponent(key) + "=" + encodeURIComponent(value)).join("&");
  }

  function stateOf(start) { /* the whole state, in the order of the unknowns */
    const whole = state.base.slice();
    state.plane.forEach(function (name, k) {
      const place = state.model.names.indexOf(name);
      if (place >= 0) whole[place] = start[k];
    });
    return whole.join(",");
  }

  /* A start as it is typed, and a point: with one number where the flow has one unknown. */
  function written(start) {
    return state.plane.slice(0, state.model.line ? 1 : 2).map((name, k) => `${name} = ${start[k]}`).join(", ");
  }

  function placed(point) {
    return state.model.line ? settle.number(point[0], 4) : settle.point(point);
  }

  function onPlane(values) {
    if (!values) return null;
    const at = state.plane.map((name, k) => k === 1 && state.model.line ? 0 : values[state.model.names.indexOf(name)]);
    return at.every((v) => Number.isFinite(v)) ? at : null;
  }

  /* Where the predicted limit lies; some predictions are of the output only. */
  function limitOf(predicted) {
    return predicted && predicted.about === "state" && predicted.ending !== "escaped" ? onPlane(predicted.limit) : null;
  }

  const portraits = line("portrait", function (answer, wish) {
    state.portrait = gathered(answer);
    well();
    arrived("portrait", wish, answer.milliseconds);
    page.legend();
    page.draw("portrait");
  });

  const SETS = { slides: "sliding: both sides push here", parts: "parts from here to both sides", stable: "separatrices (stable manifolds)",
    unstable: "unstable manifolds" };

  /* The further curves of a portrait, by kind. */
  function gathered(answer) {
    const sets = answer.critical ? [{ name: answer.critical.name, kind: "critical", lines: answer.critical.lines }] : [];
    (answer.switches || []).concat(answer.manifolds || []).forEach(function (one) {
      const known = sets.find((set) => set.kind === one.kind);
      if (known) known.lines.push(one.line);
      else sets.push({ name: SETS[one.kind], kind: one.kind, lines: [one.line] });
    });
    return { ...answer, sets, points: answer.points.filter((point) => point.kind !== "start") };
  }

  const maps = line("basin", function (answer, wish) {
    const known = state.map && state.map.what === wish.what;
    state.map = { ...(known && answer.complete === false ? filledMap(answer, state.map) : answer), what: wish.what, window: wish.window };
    state.raster = settle.raster(state.map, page.theme());
    arrived("basin", wish, answer.milliseconds);
    page.legend();
    page.draw("map");
    if (answer.complete === false) askMap(wish.cells, wish.change, answer.from);
    else if (wish.cells === MAP && answer.milliseconds < CHEAP) finer();
  });

  /* Cells that are not known yet are as in a map of the same, coarser or not so far; classes may have other places there. */
  function filledMap(answer, old) {
    const classes = answer.classes.slice();
    const places = old.classes.map(function (one) {
      const k = classes.findIndex((c) => c.label === one.label);
      return k >= 0 ? k : classes.push(one) - 1;
    });
    const under = (k) => Math.floor(Math.floor(k / answer.w) * old.h / answer.h) * old.w + Math.floor(k % answer.w * old.w / answer.w);
    const cell = (c) => c < 0 ? c : places[c];
    return { ...answer, classes, cells: answer.cells.map((c, k) => c === -3 ? cell(old.cells[under(k)]) : c),
      shade: answer.shade.map((v, k) => answer.cells[k] === -3 ? old.shade[under(k)] : v) };
  }

  function askMap(cells, change, from) {
    const extra = { grid: cells + "x" + cells };
    if (cells < maps.cells()) maps.forget(); /* the finer map is not waited for */
    if (from) extra.from = String(from);
    maps.want({ query: query(extra), what: query(), window: table ? map0() : state.window.slice(), cells, change });
  }

  function map0() {
    return table.frames[state.setting].model.window;
  }

  const finer = later(function () {
    if (state.shown.has("basin") && !table && !maps.busy()) askMap(FINER);
  }, REST);

  /* Another system, or plane: what was asked of the one before is of no use. */
  function another() {
    [portraits, maps, models, page.foreseen].forEach((one) => one.forget());
    return ++state.generation;
  }

  /* What a change asks for; `begun`: when it was made, to measure how long the picture lags behind. */
  let changes = 0, measured = null;
  function refresh(begun) {
    const change = ++changes;
    measured = begun === undefined ? null : { change, begun, waiting: new Set(["portrait"]) };
    portraits.want({ query: query(), change });
    if (state.shown.has("basin")) {
      if (measured) measured.waiting.add("basin");
      askMap(MAP, change);
    }
    state.tracks.forEach((track) => { track.stale = true; });
    page.draw("tracks");
    rerun();
    describe();
  }

  const spent = {};
  function arrived(kind, wish, milliseconds) {
    spent[kind] = milliseconds;
    if (!measured || wish.change !== measured.change) return;
    measured.waiting.delete(kind);
    if (measured.waiting.size === 0) measured.ready = true;
  }

  /* After the frame is drawn: how long it took from the event on. */
  function measure() {
    if (!measured || !measured.ready) return;
    const { begun } = measured;
    measured = null;
    const channel = new MessageChannel();
    channel.port1.onmessage = function () {
      const took = performance.measure("redraw", { start: begun, end: performance.now() }).duration;
      const parts = Object.entries(spent).filter((pair) => pair[1] !== undefined)
        .map(([kind, ms]) => `${kind === "basin" ? "basins" : kind} ${settle.number(ms, 2)} ms`);
      if (!table) $("timing").textContent = parts.concat(`redrawn in ${Math.round(took)} ms`).join(" \u00b7 ");
    };
    channel.port2.postMessage(0);
  }

  settle.map = () => state.map; /* for tests */

  function later(what, delay) {
    let timer = 0;
    return function () {
      clearTimeout(timer);
      timer = setTimeout(what, delay);
    };
  }

  /* The caption and the command, and what else the program says of the system. */
  const models = line("model", function (answer) {
    state.model.command = answer.command;
    state.model.caption = answer.caption;
    state.model.title = answer.title;
    state.model.equation = answer.equation;
    state.model.rule_equation = answer.rule_equation;
    page.heading();
  });
  const describe = later(function () { models.want({ query: query() }); }, REST);

  const rerun = later(function () {
    if (portraits.busy() || (state.shown.has("basin") && maps.busy())) rerun();
    else state.tracks.filter((track) => track.stale).forEach((track) => page.follow(track));
  }, VIEW_REST);

  /* A line that lasts stays until something is changed, whatever is answered meanwhile. */
  function trouble(text, lasts) {
    state.lasting = lasts === LASTS;
    $("error").textContent = text;
    $("error").hidden = !text;
  }

  function well() {
    if (!state.lasting) trouble("");
  }

  function failed(error, wish) {
    trouble(error.message);
    if (measured && wish && wish.change === measured.change) measured = null;
  }

  function busy() {
    const waits = portraits.busy() || maps.busy() || state.tracks.some((track) => track.waits > 0);
    $("plot").classList.toggle("busy", waits);
    $("plot").setAttribute("aria-busy", String(waits));
  }

  Object.assign(page, { another, ask, askMap, busy, later, limitOf, line, measure, nearest, onPlane, query,
    refresh, snapped, stateOf, table, trouble, well, windowText, written, placed });
})(window.settle);
