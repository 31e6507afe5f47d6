/* The page of `settle explore`: a portrait that answers.
 *
 * The page asks and draws; it computes nothing.  A question is a list of options of the command line, so that
 * what is shown is what `settle portrait` and `settle run` would say.  Of each kind of question one is on its
 * way at a time: while it is, only the newest wish is kept, and an answer that belongs to another
 * system than the one shown is dropped.  The answers come from the program that serves the page or, in
 * a page of `--offline`, from a table in the page.
 * State: the options, the plane, the window, what is shown, the starts.  All of it stands in the fragment of
 * the address, and undo goes back from one fragment to the one before. */
"use strict";

(function (settle) {
  const MAP = 60, FINER = 180; /* cells along a side: while something moves, and at rest */
  const CHEAP = 120; /* milliseconds for the coarse map, up to which the finer one is asked for */
  const REST = 260, VIEW_REST = 90, HISTORY_REST = 500; /* milliseconds */
  const ANIMATION = 900; /* milliseconds for a path */
  const AT_ONCE = 2; /* trajectories on their way */
  const MOST_TRACKS = 40;
  const CLICK = 5, DOUBLE = 350; /* pixels, milliseconds */
  const ZOOM = 1.35, WHEEL = 0.0016;
  const STEPS = 50; /* of the cross along the window */
  const DEEPEST = 1e-9, WIDEST = 1e6; /* widths of the window */
  const SLICE_MOST = 12; /* other unknowns that have a field */
  const UNDO_MOST = 200;
  const PARTS = ["basin", "field", "leaves", "nullclines", "sets", "fixed", "cycles"];
  const TITLES = { basin: "basins", field: "direction field", leaves: "leaves", nullclines: "nullclines",
    sets: "further curves", fixed: "fixed points", cycles: "limit cycles" };
  const POINTS = { stable: "attracting fixed point", unstable: "repelling fixed point", saddle: "saddle",
    semistable: "semistable fixed point", neutral: "neutral fixed point", degenerate: "degenerate fixed point",
    change: "stability changes" };
  const $ = (id) => document.getElementById(id);
  const dark = matchMedia("(prefers-color-scheme: dark)"), still = matchMedia("(prefers-reduced-motion: reduce)");

  const state = { model: null, options: {}, values: {}, base: [], plane: [], window: [], home: [], mode: "both",
    shown: new Set(["field", "leaves", "nullclines", "sets", "fixed", "cycles"]), tracks: [], setting: 0,
    cross: null, crossShown: false, ghost: null, active: null };
  let portrait = null, map = null, raster = null;
  let generation = 0; /* of the system that is shown */
  let counter = 0;

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
    const told = await answer.json().catch(() => ({ error: "the answer cannot be read" }));
    if (!answer.ok || told.error) throw new Error(told.error || "the program answers " + answer.status);
    return told;
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
    const setting = table.settings[state.setting];
    if (kind === "trajectory" || kind === "predict") {
      const found = setting.trajectories[snapped(point)];
      return kind === "predict" ? found.forward.predicted : found[direction];
    }
    return setting[kind];
  }

  /* point, direction: for a page that looks them up */
  async function ask(kind, query, { point, direction, signal } = {}) {
    return table ? tabulated(kind, point, direction) : served(kind, query, signal);
  }

  /* A line of questions of one kind: one on its way, and the newest wish behind it. */
  function line(kind, answered) {
    let running = null, wanted = null;
    async function next() {
      if (running || !wanted) return;
      const wish = wanted, control = running = new AbortController();
      wanted = null;
      busy();
      try {
        const answer = await ask(kind, wish.query, { point: wish.point, signal: control.signal });
        if (!control.signal.aborted && wish.generation === generation) answered(answer, wish);
      } catch (error) {
        if (!control.signal.aborted && wish.generation === generation && !wanted) failed(error, wish);
      }
      if (running === control) running = null;
      busy();
      next();
    }
    function forget() {
      wanted = null;
      if (running) running.abort();
      running = null;
    }
    return { want: function (wish) { wanted = { generation, ...wish }; next(); }, forget,
      busy: () => running !== null || wanted !== null };
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
    const all = { ...state.options, plane: state.plane.join(","), window: windowText(), ...extra };
    if (all.init === undefined && state.model.names.length > 2) all.init = state.base.join(",");
    return Object.entries(all).map(([key, value]) => encodeURIComponent(key) + "=" + encodeURIComponent(value)).join("&");
  }

  function stateOf(start) { /* the whole state, in the order of the unknowns */
    const whole = state.base.slice();
    state.plane.forEach((name, k) => { whole[state.model.names.indexOf(name)] = start[k]; });
    return whole.join(",");
  }

  function onPlane(values) {
    if (!values) return null;
    const at = state.plane.map((name) => values[state.model.names.indexOf(name)]);
    return at.every((v) => Number.isFinite(v)) ? at : null;
  }

  /* Where the predicted limit lies; some predictions are of the output only. */
  function limitOf(predicted) {
    return predicted && predicted.about === "state" && predicted.ending !== "escaped" ? onPlane(predicted.limit) : null;
  }

  const portraits = line("portrait", function (answer, wish) {
    portrait = gathered(answer);
    trouble("");
    arrived("portrait", wish, answer.milliseconds);
    legend();
    draw("portrait");
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
    const merged = wish.from && map ? mergedMap(map, answer) : answer;
    merged.window = wish.window;
    map = merged;
    raster = settle.raster(map, theme());
    arrived("basin", wish, answer.milliseconds);
    legend();
    draw("map");
    if (answer.complete === false) {
      const from = map.cells.indexOf(-3);
      if (from >= 0) askMap(wish.cells, wish.change, from);
    } else if (wish.cells === MAP && answer.milliseconds < CHEAP) finer();
  });

  function mergedMap(old, answer) { /* the rest of a map: classes may have other numbers there */
    const classes = old.classes.slice();
    const numbers = answer.classes.map(function (one) {
      const k = classes.findIndex((c) => c.label === one.label);
      return k >= 0 ? k : classes.push(one) - 1;
    });
    const cells = answer.cells.map((c, k) => c === -3 ? old.cells[k] : c < 0 ? c : numbers[c]);
    return { ...answer, classes, cells, shade: answer.cells.map((c, k) => c === -3 ? old.shade[k] : answer.shade[k]) };
  }

  function askMap(cells, change, from) {
    const extra = { grid: cells + "x" + cells };
    if (from) extra.from = String(from);
    maps.want({ query: query(extra), window: table ? map0() : state.window.slice(), cells, change, from });
  }

  function map0() {
    return table.settings[state.setting].model.window;
  }

  const finer = later(function () {
    if (state.shown.has("basin") && !table && !maps.busy()) askMap(FINER);
  }, REST);

  /* Another system, or plane: what was asked of the one before is of no use. */
  function another() {
    [portraits, maps, models, foreseen].forEach((one) => one.forget());
    return ++generation;
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
    draw("tracks");
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
      $("timing").textContent = parts.concat(`redrawn in ${Math.round(took)} ms`).join(" \u00b7 ");
    };
    channel.port2.postMessage(0);
  }

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
    heading();
  });
  const describe = later(function () { models.want({ query: query() }); }, REST);

  const rerun = later(function () {
    if (portraits.busy() || (state.shown.has("basin") && maps.busy())) rerun();
    else state.tracks.filter((track) => track.stale).forEach((track) => follow(track));
  }, VIEW_REST);

  function trouble(text) {
    $("error").textContent = text;
    $("error").hidden = !text;
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

  /* ---- trajectories ---- */

  let onTheWay = 0;
  const queue = [];
  function proceed() {
    while (onTheWay < AT_ONCE && queue.length > 0) {
      onTheWay += 1;
      queue.shift()().finally(function () {
        onTheWay -= 1;
        busy();
        proceed();
      });
    }
  }

  function freeColour() {
    for (let colour = 0; ; colour++)
      if (!state.tracks.some((track) => track.colour === colour)) return colour;
  }

  function launch(start, mode) {
    if (state.tracks.length >= MOST_TRACKS) return trouble(`no more than ${MOST_TRACKS} trajectories`);
    let texts = start;
    if (table) { /* the nearest start that is in the table */
      const k = snapped(start.map(settle.value)), { x, y } = table.starts;
      texts = [String(x[k % x.length]), String(y[Math.floor(k / x.length)])];
    }
    const track = { id: ++counter, start: texts, at: texts.map(settle.value), mode, colour: freeColour(), open: false,
      waits: 0, fresh: true, asked: start };
    state.tracks.push(track);
    follow(track);
    list();
    keep();
    return track;
  }

  /* Asks for the prediction and the paths; `track.turn` tells answers to an older question. */
  function follow(track) {
    const turn = track.turn = (track.turn || 0) + 1, asked = generation, init = stateOf(track.start);
    const current = () => track.turn === turn && asked === generation && state.tracks.includes(track);
    const ways = track.mode === "both" ? ["forward", "backward"] : [track.mode];
    track.waits = ways.length;
    const text = query({ init });
    if (track.mode !== "backward")
      ask("predict", text, { point: track.at }).then(function (answer) {
        if (!current()) return;
        track.predicted = { ...answer, at: limitOf(answer) };
        list();
        draw("tracks");
      }).catch((error) => current() && trouble(error.message));
    ways.forEach(function (way) {
      queue.push(async function () {
        if (!current()) return;
        try {
          const answer = await ask("trajectory", text + "&direction=" + way, { point: track.at, direction: way });
          if (current()) landed(track, way, answer);
        } catch (error) {
          if (current()) lost(track, error);
        }
      });
    });
    proceed();
    busy();
  }

  function landed(track, way, answer) {
    track[way] = { ...answer, at: answer.ending === "escaped" ? null : onPlane(answer.limit) };
    if (way === "forward" && answer.predicted)
      track.predicted = { ...answer.predicted, at: limitOf(answer.predicted) };
    track.waits -= 1;
    track.stale = track.waits > 0 && track.stale;
    if (track.fresh && track.waits === 0) {
      track.fresh = false;
      if (!still.matches) track.begun = performance.now();
      live(`Trajectory ${state.tracks.indexOf(track) + 1} from ${settle.point(track.at)}: ${told(track)}`);
    }
    list();
    draw("tracks");
  }

  function lost(track, error) {
    track.waits -= 1;
    track.error = error.message;
    trouble(error.message);
    list();
  }

  function agreement(track) {
    const word = track.forward && track.forward.agreement;
    return { yes: "as predicted", no: "not as predicted", undecided: "agreement undecided", none: "no prediction" }[word] || "";
  }

  /* What became of it, in a line. */
  function told(track) {
    if (track.error) return track.error;
    if (track.waits > 0 && !track.stale) {
      const seen = track.predicted && track.predicted.ending;
      return seen ? `predicted: ${seen}${track.predicted.at ? " at " + settle.point(track.predicted.at) : ""}` : "\u2026";
    }
    const main = track.forward || track.backward;
    if (!main) return "\u2026";
    const where = main.at && main.ending !== "horizon" ? " at " + settle.point(main.at) : "";
    if (!track.forward) return "backwards: " + (main.reason || main.ending);
    return main.ending + where + (agreement(track) ? ", " + agreement(track) : "");
  }

  function live(text) {
    $("live").textContent = settle.plain(text);
  }

  function remove(track) {
    const k = state.tracks.indexOf(track);
    if (k < 0) return;
    state.tracks.splice(k, 1);
    if (state.active === track.id) state.active = null;
    tip(null);
    list();
    draw("tracks");
    keep();
    live(`Trajectory ${k + 1} removed, ${state.tracks.length} left`);
  }

  /* ---- the list of trajectories ---- */

  function html(name, attributes, ...children) {
    const element = document.createElement(name);
    Object.entries(attributes || {}).forEach(function ([key, value]) {
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else if (value !== false && value !== undefined) element.setAttribute(key, value === true ? "" : value);
    });
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  }

  function evidence(answer, caption) {
    const rows = (answer.evidence || []).slice();
    if (answer.reason && rows.length === 0) rows.push({ name: "reason", value: answer.reason });
    if (rows.length === 0) return null;
    return html("table", {}, html("caption", {}, caption), html("tbody", {}, ...rows.map((row) =>
      html("tr", {}, html("th", { scope: "row" }, row.name), settle.typeset(html("td"), row.value === null ? "\u2013" : row.value)))));
  }

  function predictedTable(predicted) {
    const rows = [["ending", predicted.ending], ["limit", predicted.limit ? settle.point(predicted.limit, 8) : null],
      ["rate", predicted.rate === null || predicted.rate === undefined ? null : settle.number(predicted.rate, 8)],
      ["reason", predicted.reason], ["source", predicted.source]].filter((row) => row[1]);
    return evidence({ evidence: rows.map(([name, value]) => ({ name, value })) }, "predicted, without integrating");
  }

  function detail(track) {
    const parts = [];
    if (track.forward) parts.push(evidence(track.forward, "forwards: " + (track.forward.ending || "")));
    if (track.predicted) parts.push(predictedTable(track.predicted));
    if (track.backward) parts.push(evidence(track.backward, "backwards"));
    return parts.filter(Boolean);
  }

  function commandOf(track) {
    return (track.forward || track.backward || {}).command || "";
  }

  function item(track, k) {
    const colour = theme().tracks[track.colour % theme().tracks.length], kind = (track.forward || {}).agreement;
    const badge = html("span", { class: "badge", "aria-hidden": "true" }, String(k + 1));
    badge.style.color = badge.style.borderColor = colour;
    const from = settle.typeset(html("span"), state.plane.map((name, j) => `${name} = ${track.start[j]}`).join(", "));
    const ending = html("small", { class: kind === "no" ? "differs" : kind === "yes" ? "agrees" : false }, settle.plain(told(track)));
    const open = html("button", { type: "button", class: "open", "aria-expanded": String(track.open),
      "data-key": "open" + track.id, onclick: () => { track.open = !track.open; list(); },
      onfocus: () => activate(track, true), onblur: () => activate(null),
      onmouseenter: () => activate(track), onmouseleave: () => activate(null) }, from, ending);
    const away = html("button", { type: "button", class: "remove", "data-key": "remove" + track.id,
      "aria-label": "Remove trajectory " + (k + 1), title: "Remove", onclick: () => remove(track) }, "\u00d7");
    const entry = html("li", { class: [track.stale ? "stale" : "", state.active === track.id ? "active" : ""].join(" "),
      "data-track": track.id }, html("div", { class: "row" }, badge, open, away));
    if (track.open) {
      const command = commandOf(track);
      entry.append(html("div", { class: "detail" }, ...detail(track), command ? html("code", {}, command) : null,
        command ? html("button", { type: "button", "data-key": "copy" + track.id, onclick: (event) => copy(command, event.currentTarget) },
          "Copy command") : null));
    }
    return entry;
  }

  function list() {
    const key = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.key : null;
    $("tracks").replaceChildren(...state.tracks.map(item));
    $("no-tracks").hidden = state.tracks.length > 0;
    $("clear").hidden = state.tracks.length < 2;
    const again = key && document.querySelector(`[data-key="${key}"]`);
    if (again) again.focus({ preventScroll: true });
  }

  /* The one that is pointed at or focused: drawn wider, with its evidence beside it. */
  function activate(track, focused) {
    const id = track ? track.id : null;
    if (state.active !== id) {
      state.active = id;
      document.querySelectorAll("#tracks li").forEach((li) => li.classList.toggle("active", Number(li.dataset.track) === id));
      draw("tracks");
    }
    if (!track) return tip(null);
    if (focused && track.open) return undefined;
    const pen = currentPen(), [x, y] = track.at;
    return tip(summary(track), pen.x(x), pen.y(y));
  }

  function summary(track) {
    const k = state.tracks.indexOf(track) + 1;
    const main = track.forward || track.backward;
    return [html("p", {}, html("strong", {}, `${k}  `), settle.plain(told(track))),
      main ? evidence(main, "evidence") : null].filter(Boolean);
  }

  function tip(children, x, y) {
    const box = $("tip");
    box.hidden = !children;
    if (!children) return;
    box.replaceChildren(...children);
    const plot = $("plot");
    const left = Math.min(x + 14, plot.clientWidth - box.offsetWidth - 4);
    const top = y + 16 + box.offsetHeight > plot.clientHeight ? y - 12 - box.offsetHeight : y + 16;
    box.style.left = Math.max(4, left) + "px";
    box.style.top = Math.max(4, Math.min(top, plot.clientHeight - box.offsetHeight - 4)) + "px";
  }

  async function copy(text, button) {
    let done = false;
    try {
      await navigator.clipboard.writeText(text);
      done = true;
    } catch (error) { /* an old way, for where the new one is not allowed */
      const area = html("textarea", { readonly: true, class: "hidden" });
      area.value = text;
      document.body.append(area);
      area.select();
      done = document.execCommand("copy");
      area.remove();
    }
    live(done ? "Command copied" : "The command cannot be copied here: select it");
    const old = button.dataset.label || button.textContent;
    button.dataset.label = old;
    button.textContent = done ? "Copied" : "Select it";
    setTimeout(() => { button.textContent = old; }, 1600);
  }

  /* ---- drawing ---- */

  const groups = {};
  const stale = new Set();
  let waiting = false, size = { width: 0, height: 0 };

  function theme() {
    const own = settle.themes[dark.matches ? "dark" : "light"], palette = state.model && state.model.palette;
    if (!palette) return own;
    const both = { ...own, undecided: palette.undecided, unbounded: palette.unbounded, nullclines: [palette.nullcline0, palette.nullcline1] };
    return own.name === "dark" ? both : { ...both, speed: palette.speed, neutral: palette.neutral,
      sets: { critical: palette.critical, slides: palette.slides, parts: palette.parts, stable: palette.separatrix, unstable: palette.unstable } };
  }

  function frameOf(width, height) {
    const narrow = width < 520;
    return { left: narrow ? 40 : 56, top: narrow ? 30 : 38, width: width - (narrow ? 54 : 80),
      height: height - (narrow ? 76 : 92) };
  }

  function letters(width) {
    return width < 520 ? 12 : 14;
  }

  function currentPen() {
    return settle.pen(state.window, frameOf(size.width, size.height), theme());
  }

  function over() {
    return state.shown.has("basin") && map !== null;
  }

  function draw(...parts) {
    (parts.length ? parts : ["map", "portrait", "tracks", "cross", "axes"]).forEach((part) => stale.add(part));
    if (waiting || !state.model) return;
    waiting = true;
    requestAnimationFrame(paint);
  }

  function paint(now) {
    waiting = false;
    if (size.width < 1) return;
    const pen = currentPen();
    if (stale.has("map")) paintMap(pen);
    if (stale.has("map") || stale.has("portrait")) {
      groups.ground.replaceChildren(...(over() ? [] : settle.drawGround(pen, true)));
      groups.portrait.replaceChildren(...settle.inside(pen, "inside-portrait", settle.drawPortrait(pen, portrait, state.shown, over())));
      groups.points.replaceChildren(...settle.inside(pen, "inside-points", settle.drawPoints(pen, portrait, state.shown)));
    }
    if (stale.has("tracks")) paintTracks(pen, now);
    if (stale.has("cross")) paintCross(pen);
    if (stale.has("axes")) groups.axes.replaceChildren(...settle.drawAxes(pen, state.plane, letters(size.width)));
    stale.clear();
    measure();
    if (state.tracks.some((track) => track.begun !== undefined)) draw("tracks");
  }

  function paintMap(pen) {
    const canvas = $("map"), f = pen.frame;
    canvas.hidden = !over();
    if (canvas.hidden) return;
    canvas.style.left = f.left + "px";
    canvas.style.top = f.top + "px";
    canvas.style.width = f.width + "px";
    canvas.style.height = f.height + "px";
    settle.drawMap(canvas, pen, map, raster, window.devicePixelRatio || 1);
  }

  function paintTracks(pen, now) {
    const part = function (track) {
      if (track.fresh) return track.waits > 0 ? 0 : 1;
      if (track.begun === undefined) return 1;
      const u = Math.max(0, now - track.begun) / ANIMATION;
      if (u >= 1) track.begun = undefined;
      return u >= 1 ? 1 : u * u * (3 - 2 * u);
    };
    groups.tracks.replaceChildren(...settle.inside(pen, "inside-tracks", settle.drawTracks(pen, state.tracks, part, state.active)));
    groups.hits.replaceChildren(...settle.inside(pen, "inside-hits", settle.drawHits(pen, state.tracks)));
  }

  function paintCross(pen) {
    const parts = [];
    if (state.crossShown && state.cross) parts.push(settle.cross(pen, state.cross, theme().text));
    if (state.ghost) parts.push(settle.ring(pen, state.ghost, theme().ink, true));
    groups.cross.replaceChildren(...settle.inside(pen, "inside-cross", parts));
  }

  /* The frame has the shape of the window in the plane, within bounds, and fits on the screen. */
  function resize() {
    const width = $("plot").clientWidth, pads = frameOf(width, 0);
    if (width < 1 || !state.model) return;
    const [x0, x1, y0, y1] = state.home, shape = Math.min(Math.max((y1 - y0) / (x1 - x0), 0.5), 1.5);
    const room = Math.max(360, innerHeight - $("plot").getBoundingClientRect().top - scrollY - 150);
    const height = Math.round(Math.min(pads.width * shape - pads.height, Math.max(room, 320)));
    if (width === size.width && height === size.height) return;
    size = { width, height };
    const svg = $("drawing");
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("height", height);
    draw();
  }

  /* ---- the legend, which switches what is shown ---- */

  function sample(part, detail, colours) {
    const c = colours, make = settle.element, curve = (colour, width, dash) => make("path", { d: "M2 7H38", stroke: colour,
      "stroke-width": width, "stroke-dasharray": dash || "none", fill: "none" });
    if (part === "fixed" && detail.kind === "curve")
      return curve(/neutral|unknown/.test(detail.name) ? c.neutral : c.ink, 2.8, { repels: "6 4", mixed: "12 3 3 3" }[detail.name]);
    if (part === "fixed") return settle.disc(20, 7, detail.name || "stable", c);
    if (part === "cycles") return curve(c.ink, 2.6, detail.name === "repelling" ? "6 4" : "");
    if (part === "nullclines") return curve(c.nullclines[detail.index], 1.8);
    if (part === "sets") return curve(c.sets[detail.name] || c.sets.critical, 1.8);
    if (part === "leaves") return curve(c.leaves, 0.9);
    const arrow = settle.speedColour(c, 0.55);
    return make("path", { d: "M8 7H28M33 7L26.5 4V10Z", stroke: arrow, fill: arrow });
  }

  /* Of each part what there is to see: [{text, detail}] */
  function entries(part) {
    const p = portrait || {}, kinds = (list, key) => Array.from(new Set((list || []).map((one) => one[key])));
    if (part === "fixed") {
      const curve = { attracts: "attracting", repels: "repelling", mixed: "attracting in part", neutral: "neutral", unknown: "stability unknown:" };
      return kinds(p.curves, "stability").map((name) => ({ text: curve[name] + " fixed points", detail: { kind: "curve", name } }))
        .concat(kinds((p.points || []).filter(seen), "kind").map((name) => ({ text: POINTS[name] || name, detail: { kind: "point", name } })));
    }
    if (part === "nullclines")
      return (p.nullclines || []).map((one) => ({ text: one.name, detail: { index: one.component } }));
    if (part === "sets") return (p.sets || []).filter((set) => set.lines.length > 0).map((set) => ({ text: set.name, detail: { name: set.kind } }));
    if (part === "cycles")
      return kinds(p.cycles, "stability").map((s) => /repel|unstable/.test(s) ? "repelling" : "attracting")
        .map((name) => ({ text: name + " limit cycle", detail: { name } }));
    if (part === "leaves") return p.leaves && p.leaves.lines.length > 0 ? [{ text: p.leaves.name || "leaves", detail: {} }] : [];
    if (part === "field") return p.field ? [{ text: "direction field", detail: {} }] : [];
    return [];
  }

  function seen(point) {
    const [x0, x1, y0, y1] = state.window;
    return point.x >= x0 && point.x <= x1 && point.y >= y0 && point.y <= y1;
  }

  /* Of a map: its classes, and what has none; grey and white are never a class. */
  function mapEntries() {
    if (!map) return [];
    const has = (cell) => map.cells.includes(cell), found = new Set(map.cells);
    const named = map.classes.map((one, k) => ({ text: one.label, colour: one.colour, cell: k })).filter((one) => found.has(one.cell));
    if (has(-1)) named.push({ text: "undecided", colour: theme().undecided });
    if (has(-2)) named.push({ text: "unbounded", colour: theme().unbounded });
    if (has(-3)) named.push({ text: "not computed yet: hatched", colour: null });
    return named;
  }

  function picture(part, detail) {
    return settle.element("svg", { viewBox: "0 0 40 14", width: 40, height: 14, "aria-hidden": "true" }, sample(part, detail, theme()));
  }

  function layer(part) {
    const found = part === "basin" ? [] : entries(part), id = "show-" + part;
    const box = html("input", { type: "checkbox", id, checked: state.shown.has(part), onchange: (event) => show(part, event.target.checked) });
    const none = part !== "basin" && portrait !== null && found.length === 0;
    const single = found.length === 1;
    const label = html("label", { for: id });
    settle.typeset(label, single ? (part === "leaves" ? "leaves: " + found[0].text : found[0].text) : TITLES[part]);
    if (none) label.append(html("small", {}, " \u2013 none here"));
    const head = html("div", { class: none ? "layer none" : "layer" }, box,
      single ? picture(part, found[0].detail) : html("span"), label);
    const rest = !state.shown.has(part) ? [] : single ? [] : found.map((one) =>
      html("div", { class: "layer part" }, html("span"), picture(part, one.detail), settle.typeset(html("span"), one.text)));
    if (part === "field" && state.shown.has("field") && !over()) rest.push(scale());
    if (part === "basin" && state.shown.has("basin")) rest.push(...mapEntries().map(swatch));
    return [head, ...rest];
  }

  function swatch(one) {
    const box = html("span", { class: "swatch", "aria-hidden": "true" });
    if (one.colour) box.style.background = one.colour;
    else box.style.background = "repeating-linear-gradient(135deg, transparent 0 4px, #999 4px 5px)";
    return html("div", { class: "layer part" }, html("span"), box, settle.typeset(html("span"), one.text));
  }

  function scale() {
    const range = settle.speeds(portrait && portrait.field);
    if (!range) return html("span");
    const steps = 24, bar = settle.element("svg", { viewBox: `0 0 ${steps} 1`, preserveAspectRatio: "none", "aria-hidden": "true" });
    for (let k = 0; k < steps; k++)
      bar.append(settle.element("rect", { x: k, width: 1.1, height: 1, fill: settle.speedColour(theme(), (k + 0.5) / steps) }));
    const end = (power) => settle.typeset(html("span"), power === 0 ? "1" : power === 1 ? "10" : "10^" + power);
    return html("div", { class: "scale" }, bar, html("div", {}, end(range.low), html("span", {}, "speed"), end(range.high)));
  }

  let legendText = "";
  function legend() {
    const text = JSON.stringify([PARTS.map(entries), mapEntries(), settle.speeds(portrait && portrait.field), Array.from(state.shown), theme().name]);
    if (text === legendText) return;
    legendText = text;
    const focused = document.activeElement && document.activeElement.id;
    $("shown").replaceChildren(...PARTS.flatMap(layer));
    if (focused && focused.startsWith("show-")) $(focused).focus();
  }

  function show(part, visible) {
    if (visible) state.shown.add(part);
    else state.shown.delete(part);
    if (part === "basin") {
      map = visible ? map : null;
      if (visible) askMap(MAP);
    }
    legend();
    draw("map", "portrait");
    keep();
  }

  /* ---- parameters ---- */

  function shared(option) { /* the components of one option, joined */
    return state.model.parameters.filter((p) => p.option === option).map((p) => state.values[p.name]).join(",");
  }

  function setNumber(parameter, text, begun) {
    if (table) return setTabulated(settle.value(text), begun);
    state.values[parameter.name] = text;
    state.options[parameter.option] = shared(parameter.option);
    refresh(begun);
    keepSoon();
  }

  function setTabulated(wanted, begun) {
    state.setting = nearest(table.values.map(settle.value), wanted);
    applyModel(table.settings[state.setting].model, false);
    refresh(begun);
    keepSoon();
  }

  /* Another rule or depth may have other unknowns and parameters: the program says which of the options do
     not go with it.  An empty value drops an option with which the program was started, too. */
  function setChoice(parameter, value) {
    const options = { ...state.options, [parameter.option]: value };
    ((parameter.drops || {})[value] || []).forEach((option) => { options[option] = ""; });
    load(options, {}).then(keep);
  }

  function knob(parameter, k) {
    const id = "parameter-" + k, name = settle.typeset(html("label", { for: id, id: id + "-name" }), parameter.label || parameter.name);
    if (parameter.kind === "number") return numberKnob(parameter, id, name);
    if (parameter.kind === "flag") {
      const box = html("input", { type: "checkbox", id, checked: parameter.value === true,
        onchange: (event) => setChoice(parameter, event.target.checked ? "1" : "") });
      box.disabled = !!table;
      return html("div", { class: "knob flag" }, box, name);
    }
    const field = html("select", { id, onchange: (event) => setChoice(parameter, event.target.value) },
      ...parameter.choices.map((value) => html("option", { value, selected: String(parameter.value) === String(value) }, value)));
    field.disabled = !!table;
    return html("div", { class: "knob choice" }, name, field);
  }

  function numberKnob(parameter, id, name) {
    const text = state.values[parameter.name], value = settle.value(text), fixed = table && !isTabulated(parameter);
    const slider = html("input", { type: "range", "aria-labelledby": id + "-name", "data-slider": parameter.name });
    const steps = table && !fixed;
    const numbers = steps ? table.values.map(settle.value) : null;
    slider.min = steps ? 0 : Math.min(parameter.low, value);
    slider.max = steps ? numbers.length - 1 : Math.max(parameter.high, value);
    slider.step = steps ? 1 : parameter.step;
    slider.value = steps ? state.setting : value;
    const field = html("input", { type: "text", id, inputmode: "decimal", spellcheck: "false", value: text, "data-field": parameter.name });
    slider.disabled = field.disabled = fixed;
    slider.setAttribute("aria-valuetext", text);
    slider.addEventListener("input", function (event) {
      const chosen = steps ? table.values[slider.value] : settle.typed(Number(slider.value), 300 * parameter.step / 10);
      field.value = chosen;
      field.removeAttribute("aria-invalid");
      slider.setAttribute("aria-valuetext", chosen);
      setNumber(parameter, chosen, event.timeStamp);
    });
    field.addEventListener("change", function (event) {
      const typed = field.value.trim().replace(/\u2212/g, "-"), number = settle.value(typed);
      field.setAttribute("aria-invalid", String(!Number.isFinite(number)));
      if (!Number.isFinite(number)) return trouble(`${settle.plain(parameter.name)}: a number is expected, such as 1/2, 0.25 or 1e-3`);
      slider.min = steps ? 0 : Math.min(slider.min, number);
      slider.max = steps ? slider.max : Math.max(slider.max, number);
      slider.value = steps ? nearest(numbers, number) : number;
      if (steps) field.value = table.values[slider.value];
      return setNumber(parameter, field.value.trim().replace(/\u2212/g, "-"), event.timeStamp);
    });
    return html("div", { class: "knob" }, name, slider, field);
  }

  function isTabulated(parameter) {
    return table.parameter.option === parameter.option && (table.parameter.index || 0) === (parameter.index || 0);
  }

  function parametersList() {
    $("parameters").replaceChildren(...state.model.parameters.map(knob));
    planeList();
  }

  function planeList() {
    const names = state.model.names, parts = [];
    ["horizontal", "vertical"].forEach(function (what, k) {
      const field = html("select", { id: "plane-" + k, onchange: (event) => setPlane(k, event.target.value) },
        ...names.map((name) => html("option", { value: name, selected: state.plane[k] === name }, settle.plain(name))));
      field.disabled = !!table || names.length < 3;
      parts.push(html("div", { class: "knob choice" }, html("label", { for: "plane-" + k }, what), field));
    });
    const others = names.filter((name) => !state.plane.includes(name));
    if (others.length > 0 && others.length <= SLICE_MOST) parts.push(...others.map(sliceField));
    $("plane").replaceChildren(...parts);
  }

  function sliceField(name) { /* the plane lies at these values of the other unknowns */
    const k = state.model.names.indexOf(name), id = "slice-" + k;
    const field = html("input", { type: "text", id, inputmode: "decimal", spellcheck: "false", value: state.base[k] });
    field.disabled = !!table;
    field.addEventListener("change", function (event) {
      const number = settle.value(field.value);
      field.setAttribute("aria-invalid", String(!Number.isFinite(number)));
      if (!Number.isFinite(number)) return trouble(`${settle.plain(name)}: a number is expected, such as 1/2 or 0.25`);
      state.base[k] = field.value.trim().replace(/\u2212/g, "-");
      refresh(event.timeStamp);
      return keep();
    });
    return html("div", { class: "knob choice" }, settle.typeset(html("label", { for: id }), name + " ="), field);
  }

  function setPlane(k, name) {
    if (state.plane[1 - k] === name) state.plane[1 - k] = state.plane[k];
    state.plane[k] = name;
    another();
    state.tracks = [];
    portrait = map = null;
    planeList();
    startFields();
    list();
    draw();
    refresh();
    keep();
  }

  /* ---- the start, as numbers ---- */

  function startFields() {
    $("start-fields").replaceChildren(...state.plane.map(function (name, k) {
      const field = html("input", { type: "text", id: "start-" + k, inputmode: "decimal", spellcheck: "false",
        value: startTexts()[k], oninput: typedStart });
      return html("label", {}, settle.typeset(html("span"), name + " ="), field);
    }));
  }

  function startTexts() {
    return state.cross ? typedPoint(state.cross) : state.plane.map((name) => state.base[state.model.names.indexOf(name)] || "0");
  }

  function typedPoint(point) {
    const [x0, x1, y0, y1] = state.window;
    return [settle.typed(point[0], x1 - x0), settle.typed(point[1], y1 - y0)];
  }

  function fields() {
    return [0, 1].map((k) => $("start-" + k).value.trim().replace(/\u2212/g, "-"));
  }

  function typedStart() {
    const at = fields().map(settle.value);
    if (!at.every(Number.isFinite)) return;
    state.cross = at;
    state.crossShown = true;
    foresee(at, fields());
    draw("cross");
  }

  function submitted(event) {
    event.preventDefault();
    const texts = fields(), wrong = texts.findIndex((text) => !Number.isFinite(settle.value(text)));
    [0, 1].forEach((k) => $("start-" + k).setAttribute("aria-invalid", String(k === wrong)));
    if (wrong >= 0) return trouble(`${settle.plain(state.plane[wrong])}: a number is expected, such as 1/2, 0.25 or 1e-3`);
    trouble("");
    return launch(texts, state.mode);
  }

  function fill(texts) {
    texts.forEach((text, k) => { $("start-" + k).value = text; });
  }

  /* ---- what theory says of the point under the pointer ---- */

  const foreseen = line("predict", function (answer, wish) {
    if (!state.pointed || state.pointed !== wish.text) return;
    state.ghost = limitOf(answer);
    reading(wish, answer);
    draw("cross");
  });

  function foresee(point, texts) {
    state.pointed = texts.join(",");
    const wish = { query: query({ init: stateOf(texts) }), point, text: state.pointed, texts };
    reading(wish, null);
    foreseen.want(wish);
  }

  function reading(wish, answer) {
    const texts = table ? tableStart(wish.point) : wish.texts;
    const at = state.plane.map((name, k) => `${name} = ${texts[k]}`).join(", ");
    const where = limitOf(answer) ? " at " + settle.point(limitOf(answer)) : "";
    const says = !answer ? "" : answer.ending ? `: predicted ${answer.ending}${where}` : ": no prediction";
    settle.typeset($("reading"), (table ? "nearest tabulated start " : "") + at + says);
  }

  function tableStart(point) {
    const k = snapped(point), { x, y } = table.starts;
    return [settle.typed(x[k % x.length], 3), settle.typed(y[Math.floor(k / x.length)], 3)];
  }

  function unpoint() {
    state.pointed = null;
    foreseen.forget();
    if (state.ghost) {
      state.ghost = null;
      draw("cross");
    }
  }

  /* ---- the window ---- */

  const askView = later(function () { refresh(); keep(); }, VIEW_REST);

  function setWindow(next) {
    const width = next[1] - next[0], height = next[3] - next[2];
    if (!(width > DEEPEST && height > DEEPEST && width < WIDEST && height < WIDEST)) return;
    state.window = next;
    state.viewing = true;
    draw();
    askView();
  }

  function zoom(factor, point) {
    const [x0, x1, y0, y1] = state.window, [x, y] = point || [(x0 + x1) / 2, (y0 + y1) / 2];
    setWindow([x + (x0 - x) * factor, x + (x1 - x) * factor, y + (y0 - y) * factor, y + (y1 - y) * factor]);
  }

  function pan(dx, dy) { /* in parts of the window */
    const [x0, x1, y0, y1] = state.window, u = dx * (x1 - x0), v = dy * (y1 - y0);
    setWindow([x0 + u, x1 + u, y0 + v, y1 + v]);
  }

  function home() {
    setWindow(state.home.slice());
  }

  /* ---- pointers ---- */

  const pointers = new Map();
  let drag = null, lastClick = null;

  function place(event) {
    const box = $("drawing").getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  function pointOf(at) {
    const pen = currentPen();
    return [pen.u(at.x), pen.v(at.y)];
  }

  function within(at) {
    const f = currentPen().frame;
    return at.x >= f.left && at.x <= f.left + f.width && at.y >= f.top && at.y <= f.top + f.height;
  }

  function down(event) {
    if (event.button !== 0) return;
    const at = place(event);
    pointers.set(event.pointerId, at);
    if (pointers.size === 1) drag = { from: at, window: state.window.slice(), moved: false, hit: event.target.closest(".hit") };
    else drag = { pinch: spread(), window: state.window.slice(), moved: true };
    $("plot").setPointerCapture(event.pointerId);
  }

  function spread() {
    const [a, b] = Array.from(pointers.values());
    return { length: Math.hypot(a.x - b.x, a.y - b.y), middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } };
  }

  function move(event) {
    const at = place(event);
    if (!pointers.has(event.pointerId)) return hover(event, at);
    pointers.set(event.pointerId, at);
    if (drag.pinch && pointers.size > 1) return pinch();
    if (drag.pinch || (!drag.moved && Math.hypot(at.x - drag.from.x, at.y - drag.from.y) < CLICK)) return undefined;
    drag.moved = true;
    $("plot").classList.add("moving");
    unpoint();
    const f = currentPen().frame, [x0, x1, y0, y1] = drag.window;
    const u = (drag.from.x - at.x) / f.width * (x1 - x0), v = (at.y - drag.from.y) / f.height * (y1 - y0);
    return setWindow([x0 + u, x1 + u, y0 + v, y1 + v]);
  }

  function pinch() {
    const now = spread(), old = settle.pen(drag.window, currentPen().frame, theme());
    const factor = drag.pinch.length / Math.max(now.length, 1);
    const x = old.u(drag.pinch.middle.x), y = old.v(drag.pinch.middle.y), f = old.frame;
    const width = (drag.window[1] - drag.window[0]) * factor, height = (drag.window[3] - drag.window[2]) * factor;
    const left = x - (now.middle.x - f.left) / f.width * width, high = y + (now.middle.y - f.top) / f.height * height;
    setWindow([left, left + width, high - height, high]);
  }

  function up(event) {
    if (!pointers.delete(event.pointerId)) return;
    $("plot").classList.remove("moving");
    const done = drag;
    if (pointers.size > 0) return;
    drag = null;
    if (done && !done.moved && event.type === "pointerup") click(event, place(event), done.hit);
  }

  function click(event, at, hit) {
    const twice = lastClick && event.timeStamp - lastClick.time < DOUBLE && Math.hypot(at.x - lastClick.at.x, at.y - lastClick.at.y) < 2 * CLICK;
    if (twice) { /* the first of two clicks was none */
      if (lastClick.track) remove(lastClick.track);
      lastClick = null;
      return home();
    }
    lastClick = { time: event.timeStamp, at, track: null };
    if (hit && hit.dataset.hit) return openTrack(Number(hit.dataset.hit));
    if (!within(at)) return undefined;
    const texts = typedPoint(pointOf(at));
    state.cross = texts.map(settle.value);
    state.crossShown = false;
    fill(texts);
    draw("cross");
    lastClick.track = launch(texts, event.shiftKey ? "backward" : state.mode);
    return undefined;
  }

  function openTrack(id) {
    const track = state.tracks.find((one) => one.id === id);
    track.open = !track.open;
    list();
    const entry = document.querySelector(`li[data-track="${id}"]`);
    entry.scrollIntoView({ block: "nearest" });
  }

  function hover(event, at) {
    const hit = event.target.closest(".hit");
    if (hit && hit.dataset.hit) {
      const track = state.tracks.find((one) => one.id === Number(hit.dataset.hit));
      unpoint();
      if (!track) return;
      activate(track);
      tip(summary(track), at.x, at.y);
      return;
    }
    if (state.active !== null) activate(null);
    if (hit && hit.dataset.point && portrait) {
      const point = portrait.points[Number(hit.dataset.point)];
      tip([html("p", {}, html("strong", {}, POINTS[point.kind] || point.kind), " " + settle.point([point.x, point.y], 6)),
        point.note ? settle.typeset(html("p"), point.note) : null].filter(Boolean), at.x, at.y);
      return;
    }
    tip(null);
    if (!within(at)) return unpoint();
    const texts = typedPoint(pointOf(at));
    foresee(texts.map(settle.value), texts);
  }

  function wheel(event) {
    const at = place(event);
    if (!within(at)) return;
    event.preventDefault();
    zoom(Math.exp(Math.max(-120, Math.min(120, event.deltaY)) * WHEEL), pointOf(at));
  }

  /* ---- keys ---- */

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

  function moveCross(event) {
    const [dx, dy] = ARROWS[event.key];
    if (event.shiftKey) return pan(dx / 10, dy / 10);
    const [x0, x1, y0, y1] = state.window, part = event.altKey ? STEPS * 10 : STEPS;
    const from = state.cross && state.crossShown ? state.cross : [(x0 + x1) / 2, (y0 + y1) / 2];
    const step = state.crossShown ? 1 : 0; /* the first arrow shows it */
    const cut = (v, low, high) => Math.min(Math.max(v, low), high);
    const texts = typedPoint([cut(from[0] + step * dx * (x1 - x0) / part, x0, x1), cut(from[1] + step * dy * (y1 - y0) / part, y0, y1)]);
    state.cross = texts.map(settle.value);
    state.crossShown = true;
    fill(texts);
    foresee(state.cross, texts);
    sayCross();
    draw("cross");
    return undefined;
  }

  const sayCross = later(function () { live($("reading").textContent); }, HISTORY_REST);

  function launchCross(mode) {
    if (!state.cross || !state.crossShown) return moveCross({ key: "ArrowUp" });
    return launch(fields(), mode);
  }

  const KEYS = {
    Enter: (event) => launchCross(event.shiftKey ? "backward" : state.mode),
    Delete: () => state.tracks.length && remove(state.tracks[state.tracks.length - 1]),
    Backspace: () => state.tracks.length && remove(state.tracks[state.tracks.length - 1]),
    "+": () => zoom(1 / ZOOM, state.crossShown ? state.cross : null),
    "=": () => zoom(1 / ZOOM, state.crossShown ? state.cross : null),
    "-": () => zoom(ZOOM, state.crossShown ? state.cross : null),
    0: home,
    u: () => undo(),
    b: () => toggle("basin"), f: () => toggle("field"), n: () => toggle("nullclines"), l: () => toggle("leaves"),
    s: () => save(),
    c: () => copy(state.tracks.length ? commandOf(state.tracks[state.tracks.length - 1]) : state.model.command, $("copy")),
    Escape: () => { state.crossShown = false; tip(null); unpoint(); draw("cross"); }
  };

  function toggle(part) {
    show(part, !state.shown.has(part));
    live(TITLES[part] + (state.shown.has(part) ? " shown" : " hidden"));
  }

  function plotKey(event) {
    if ((event.ctrlKey || event.metaKey) && event.key !== "z") return;
    if (event.key === "z") return void ((event.ctrlKey || event.metaKey) && (event.preventDefault(), undo()));
    const does = ARROWS[event.key] ? moveCross : KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!does) return;
    event.preventDefault();
    does(event);
  }

  function pageKey(event) {
    if (event.key !== "?" || event.target.matches("input[type=text], select, textarea") || $("help").open) return;
    event.preventDefault();
    $("help").showModal();
  }

  /* ---- the address, and undo ---- */

  function fragment() {
    const parts = Object.entries(state.options).map(([key, value]) => ["o." + key, value]);
    if (table) parts.push(["setting", state.setting]);
    parts.push(["plane", state.plane.join(",")], ["window", windowText()], ["show", PARTS.filter((p) => state.shown.has(p)).join(",")],
      ["mode", state.mode]);
    if (state.model.names.length > 2) parts.push(["base", state.base.join(",")]);
    if (state.tracks.length) parts.push(["at", state.tracks.map((t) => t.start.join(",") + "," + t.mode[0]).join(";")]);
    return parts.map(([key, value]) => key + "=" + encodeURIComponent(value).replace(/%2C/g, ",").replace(/%3B/g, ";").replace(/%2F/g, "/")).join("&");
  }

  function read(text) {
    const found = {};
    text.replace(/^#/, "").split("&").filter(Boolean).forEach(function (part) {
      const k = part.indexOf("=");
      try {
        if (k > 0) found[part.slice(0, k)] = decodeURIComponent(part.slice(k + 1));
      } catch (error) { /* not ours */ }
    });
    return found;
  }

  const past = [];
  let present = null;
  function keep() {
    const now = fragment();
    if (now === present) return;
    if (present !== null) past.push(present);
    if (past.length > UNDO_MOST) past.shift();
    present = now;
    $("undo").disabled = past.length === 0;
    history.replaceState(null, "", "#" + now);
  }
  const keepSoon = later(keep, HISTORY_REST);

  async function undo() {
    if (past.length === 0) return;
    const text = past.pop();
    present = null;
    await restore(read(text));
    present = text;
    history.replaceState(null, "", "#" + text);
    $("undo").disabled = past.length === 0;
    live("Undone");
  }

  /* Everything as a fragment says; what is not said stays as the program has it. */
  async function restore(saved) {
    const options = {};
    Object.entries(saved).forEach(([key, value]) => { if (key.startsWith("o.")) options[key.slice(2)] = value; });
    if (table && saved.setting !== undefined) state.setting = Math.min(Math.max(Number(saved.setting) | 0, 0), table.settings.length - 1);
    if (saved.show !== undefined) state.shown = new Set(saved.show.split(",").filter((p) => PARTS.includes(p)));
    if (["forward", "both", "backward"].includes(saved.mode)) state.mode = saved.mode;
    document.querySelectorAll("[name=mode]").forEach((radio) => { radio.checked = radio.value === state.mode; });
    await load(options, saved);
  }

  function numbers(text, count) {
    const found = text === undefined ? [] : text.split(",").map(settle.value);
    return found.length === count && found.every(Number.isFinite) ? found : null;
  }

  /* ---- a system ---- */

  /* saved: the plane, the window, the other unknowns and the starts to begin with, where they fit */
  async function load(options, saved) {
    const turn = another();
    let model;
    try {
      const text = Object.entries(options).map(([k, v]) => encodeURIComponent(k) + "=" + encodeURIComponent(v)).join("&");
      model = await ask("model", text);
    } catch (error) {
      trouble(error.message);
      if (state.model) parametersList(); /* the fields say again what is shown */
      else if (Object.keys(options).length > 0) return load({}, {});
      return undefined;
    }
    if (turn !== generation) return undefined;
    trouble("");
    adopt(model, saved, options);
    return undefined;
  }

  function adopt(model, saved, asked) {
    const known = (names) => names && names.length === 2 && names[0] !== names[1] && names.every((name) => model.names.includes(name));
    const before = state.plane.join(",") === model.plane.join(",") && state.model ? state.window : null;
    applyModel(model, true, asked);
    const plane = (saved.plane || "").split(",");
    state.plane = known(plane) ? plane : model.plane.slice();
    state.home = model.window.slice();
    const base = (saved.base || "").split(",");
    if (base.length === model.names.length && base.every((text) => Number.isFinite(settle.value(text)))) state.base = base;
    const wanted = numbers(saved.window, 4);
    state.window = wanted && wanted[1] > wanted[0] && wanted[3] > wanted[2] ? wanted : (saved.window === undefined && before) || state.home.slice();
    state.cross = null;
    state.ghost = null;
    portrait = map = null;
    const tracks = saved.at === undefined ? state.tracks.map((t) => ({ start: t.start, mode: t.mode })) : starts(saved.at);
    state.tracks = [];
    parametersList();
    startFields();
    heading();
    resize();
    refresh();
    if (saved.window !== undefined || saved.at !== undefined || saved.show !== undefined) state.tracks = [];
    tracks.forEach(function (one) {
      const track = { id: ++counter, start: one.start, at: one.start.map(settle.value), mode: one.mode, colour: freeColour(), open: false,
        waits: 0, fresh: false };
      state.tracks.push(track);
      follow(track);
    });
    list();
    legend();
    draw();
  }

  function starts(text) {
    const modes = { f: "forward", b: "both" };
    return text.split(";").map((one) => one.split(",")).filter((one) => one.length === 3 && one.slice(0, 2).every((t) => Number.isFinite(settle.value(t))))
      .slice(0, MOST_TRACKS).map((one) => ({ start: one.slice(0, 2), mode: modes[one[2]] || "backward" }));
  }

  /* asked: the options of the question; those that were dropped stay so */
  function applyModel(model, whole, asked) {
    state.model = model;
    if (whole) {
      const { plane, window: part, init, grid, ...options } = model.options;
      Object.entries(asked || {}).forEach(([key, value]) => { if (value === "" && !(key in options)) options[key] = ""; });
      state.options = options;
      state.base = init ? init.split(",") : (model.base || []).map((v) => String(v));
      if (state.base.length !== model.names.length) state.base = model.base.map((v) => String(v));
    }
    state.values = {};
    model.parameters.forEach(function (parameter) {
      const given = parameter.kind === "number" && state.options[parameter.option] !== undefined ? String(state.options[parameter.option]).split(",") : [];
      const count = model.parameters.filter((p) => p.option === parameter.option).length;
      const text = given.length === count ? given[parameter.index || 0] : undefined;
      state.values[parameter.name] = text !== undefined && Number.isFinite(settle.value(text)) && !table ? text : String(parameter.value);
    });
  }

  /* The equation of the rule, and what its error e is. */
  function equationOf(model) {
    const error = (model.equation || "").split(";").map((part) => part.trim()).find((part) => part.startsWith("e ="));
    return model.rule_equation ? model.rule_equation + (error ? ";  " + error : "") : model.equation || "";
  }

  function heading() {
    const model = state.model;
    settle.typeset($("title"), model.title);
    settle.typeset($("equation"), equationOf(model));
    document.title = settle.plain(model.title) + " \u2013 settle explore";
    $("command").textContent = model.command || "";
    settle.typeset($("caption"), model.caption || "");
    const text = `Phase portrait of ${settle.plain(model.title)} in ${settle.plain(state.plane.join(", "))}`;
    $("plot").setAttribute("aria-label", text);
    $("drawing").setAttribute("aria-label", text);
    if (!table) return;
    $("offline").hidden = false;
    settle.typeset($("offline"), `This page is a table and computes nothing: ${table.parameter.name} takes ${table.values.length} values, ` +
      `and a click takes the nearest of ${table.starts.x.length} \u00d7 ${table.starts.y.length} starts. Served by settle explore, it answers everywhere.`);
  }

  /* ---- the figure ---- */

  const FIGURE = { width: 620, frame: 520, left: 58, top: 62, row: 19, letters: 14, column: 300 };

  function figureLegend(figure, colours, top) {
    const make = settle.element, items = [];
    PARTS.filter((part) => part !== "basin" && state.shown.has(part)).forEach((part) => entries(part).forEach((one) =>
      items.push({ text: part === "leaves" ? "leaves: " + one.text : one.text, mark: sample(part, one.detail, colours) })));
    if (state.shown.has("basin"))
      mapEntries().filter((one) => one.colour).forEach((one) => items.push({ text: one.text, mark: make("rect", { x: 8, y: 1, width: 24, height: 12,
        fill: one.colour, stroke: colours.frame, "stroke-width": 0.6 }) }));
    const size = FIGURE.letters;
    let x = 0, y = top;
    items.forEach(function (one) {
      const wide = settle.plain(one.text).length * size * 0.5 > FIGURE.column - 60;
      if (wide && x > 0) [x, y] = [0, y + FIGURE.row];
      const group = make("g", { transform: `translate(${20 + x * FIGURE.column} ${y})` }, make("g", {}, one.mark));
      const text = make("text", { x: 50, y: 12, "font-size": size, fill: colours.text, "font-family": settle.fonts.letters });
      group.append(settle.typesetSvg(text, one.text, size));
      figure.append(group);
      if (wide || x === 1) [x, y] = [0, y + FIGURE.row];
      else x = 1;
    });
    return x === 1 ? y + FIGURE.row : y;
  }

  function figureText(figure, text, x, y, size, colours) {
    figure.append(settle.typesetSvg(settle.element("text", { x, y, "font-size": size, fill: colours.text,
      "font-family": settle.fonts.letters }), text, size));
  }

  function figureSpeed(figure, colours, pen) {
    const range = settle.speeds(portrait.field), make = settle.element, f = pen.frame, steps = 32, x = f.left + f.width - 150, y = f.top - 20;
    if (!range) return;
    for (let k = 0; k < steps; k++)
      figure.append(make("rect", { x: (x + k * 150 / steps).toFixed(2), y, width: (150 / steps + 0.3).toFixed(2), height: 7,
        fill: settle.speedColour(colours, (k + 0.5) / steps) }));
    const end = (power, at, anchor) => figure.append(settle.typesetSvg(make("text", { x: at, y: y - 5, "text-anchor": anchor, "font-size": 12,
      fill: colours.text, "font-family": settle.fonts.letters }), power === 0 ? "1" : power === 1 ? "10" : "10^" + power, 12));
    end(range.low, x, "start");
    end(range.high, x + 150, "end");
    figure.append(settle.typesetSvg(make("text", { x: x + 75, y: y - 5, "text-anchor": "middle", "font-size": 12, fill: colours.text,
      "font-family": settle.fonts.letters }), "speed", 12));
  }

  /* The portrait as a figure of its own: on white, with legend, caption and the command that makes it. */
  settle.figure = function () {
    const make = settle.element, model = state.model, shape = currentPen().frame.height / currentPen().frame.width;
    const colours = { ...settle.themes.light };
    const frame = { left: FIGURE.left, top: FIGURE.top, width: FIGURE.frame, height: Math.round(FIGURE.frame * shape) };
    const pen = settle.pen(state.window, frame, colours), figure = make("svg", { xmlns: "http://www.w3.org/2000/svg" });
    figure.append(Object.assign(make("title"), { textContent: settle.plain(model.title) }));
    const commands = [model.command].concat(state.tracks.map(commandOf)).filter(Boolean);
    figure.append(Object.assign(make("desc"), { textContent: commands.join("\n") }));
    const ground = [...settle.drawGround(pen, true)];
    if (over()) ground.push(settle.mapImage(pen, map, settle.raster(map, colours)));
    const parts = [...ground, ...settle.drawPortrait(pen, portrait, state.shown, over()),
      ...settle.drawTracks(pen, state.tracks.filter((t) => !t.stale), () => 1, null), ...settle.drawPoints(pen, portrait, state.shown)];
    const drawn = make("g", {}, ...settle.inside(pen, "inside", parts), ...settle.drawAxes(pen, state.plane, FIGURE.letters));
    figure.append(drawn);
    figureText(figure, model.title, 20, 24, 17, colours);
    if (state.shown.has("field") && !over() && portrait) figureSpeed(figure, colours, pen);
    let bottom = figureLegend(figure, colours, frame.top + frame.height + 54);
    (model.caption ? String(model.caption).split("\n") : []).forEach(function (text) {
      bottom += FIGURE.row;
      figureText(figure, text, 20, bottom, 13, colours);
    });
    const height = bottom + 16;
    figure.setAttribute("width", FIGURE.width);
    figure.setAttribute("height", height);
    figure.setAttribute("viewBox", `0 0 ${FIGURE.width} ${height}`);
    figure.insertBefore(make("rect", { width: FIGURE.width, height, fill: "#ffffff" }), drawn);
    figure.querySelectorAll("[class], [data-part], [data-track], [data-point]").forEach((one) =>
      ["class", "data-part", "data-track", "data-point"].forEach((name) => one.removeAttribute(name)));
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + new XMLSerializer().serializeToString(figure) + "\n";
  };

  function save() {
    const address = URL.createObjectURL(new Blob([settle.figure()], { type: "image/svg+xml" }));
    html("a", { href: address, download: `${state.model.system || "portrait"}.svg` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
    live("The portrait is saved as SVG");
  }

  /* ---- the beginning ---- */

  function listen() {
    const plot = $("plot");
    plot.addEventListener("pointerdown", down);
    plot.addEventListener("pointermove", move);
    plot.addEventListener("pointerup", up);
    plot.addEventListener("pointercancel", up);
    plot.addEventListener("pointerleave", function () { if (pointers.size === 0) { activate(null); unpoint(); } });
    plot.addEventListener("wheel", wheel, { passive: false });
    plot.addEventListener("keydown", plotKey);
    document.addEventListener("keydown", pageKey);
    $("launcher").addEventListener("submit", submitted);
    $("launcher").addEventListener("change", function (event) {
      if (event.target.name !== "mode") return;
      state.mode = event.target.value;
      keep();
    });
    $("zoom-in").addEventListener("click", () => zoom(1 / ZOOM));
    $("zoom-out").addEventListener("click", () => zoom(ZOOM));
    $("zoom-reset").addEventListener("click", home);
    $("undo").addEventListener("click", undo);
    $("export").addEventListener("click", save);
    $("help-button").addEventListener("click", () => $("help").showModal());
    $("copy").addEventListener("click", (event) => copy(state.model.command, event.currentTarget));
    $("clear").addEventListener("click", function () {
      state.tracks = [];
      list();
      draw("tracks");
      keep();
    });
    window.addEventListener("resize", resize);
    new ResizeObserver(resize).observe($("plot"));
    dark.addEventListener("change", function () {
      if (map) raster = settle.raster(map, theme());
      legend();
      list();
      draw();
    });
    window.addEventListener("hashchange", function () { if (location.hash.slice(1) !== present) restore(read(location.hash)).then(keep); });
  }

  function begin() {
    ["ground", "portrait", "tracks", "points", "hits", "cross", "axes"].forEach(function (name) {
      groups[name] = settle.element("g", {});
      $("drawing").append(groups[name]);
    });
    if (table) state.setting = table.start || 0;
    listen();
    restore(read(location.hash)).then(function () { if (state.model) keep(); });
  }

  begin();
})(window.settle);
