/* The page of `settle explore`: a portrait that answers.
 *
 * The page asks and draws; it computes nothing (explore_ask.js, explore_drawing.js).  Here it is put together: when
 * what is drawn, what a system brings with it, the address that keeps the state, and undo, which goes back from one
 * address to the one before. */
"use strict";

(function (settle) {
  const { page } = settle;
  const { state, HISTORY_REST, MOST_TRACKS, ZOOM, LASTS, PARTS, $ } = page;
  const ANIMATION = 900; /* milliseconds for a path */
  const FOOT = 102; /* pixels between the portrait and the foot, so that all fits on a screen */
  const UNDO_MOST = 200;
  const MODES = { forward: "f", both: "b", backward: "p" }; /* in the address; p: past */
  const dark = matchMedia("(prefers-color-scheme: dark)");

  /* ---- drawing ---- */

  const groups = {};
  const stale = new Set();
  let waiting = false, wasOver = false, size = { width: 0, height: 0 };

  function theme() {
    const own = settle.themes[dark.matches ? "dark" : "light"], palette = state.model && state.model.palette;
    if (!palette) return own;
    const both = { ...own, undecided: palette.undecided, unbounded: palette.unbounded, nullclines: [palette.nullcline0, palette.nullcline1] };
    return own.name === "dark" ? both : { ...both, speed: palette.speed, neutral: palette.neutral,
      sets: { critical: palette.critical, slides: palette.slides, parts: palette.parts, stable: palette.separatrix, unstable: palette.unstable } };
  }

  function frameOf(width, height) {
    const narrow = width < 520;
    return { left: narrow ? 40 : 56, top: narrow ? 36 : 38, width: width - (narrow ? 54 : 80),
      height: height - (narrow ? 82 : 92) };
  }

  function letters(width) {
    return width < 520 ? 12 : 14;
  }

  function currentPen() {
    return settle.pen(state.window, frameOf(size.width, size.height), theme());
  }

  function over() {
    return state.shown.has("basin") && state.map !== null;
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
    if (stale.has("portrait") || wasOver !== over()) {
      wasOver = over();
      groups.ground.replaceChildren(...(over() ? [] : settle.drawGround(pen, true)));
      groups.portrait.replaceChildren(...settle.inside(pen, "inside-portrait", settle.drawPortrait(pen, state.portrait, state.shown, over())));
      groups.points.replaceChildren(...settle.inside(pen, "inside-points", settle.drawPoints(pen, state.portrait, state.shown)));
    }
    if (stale.has("tracks")) paintTracks(pen, now);
    if (stale.has("cross")) paintCross(pen);
    if (stale.has("axes")) groups.axes.replaceChildren(...settle.drawAxes(pen, state.plane, letters(size.width)));
    stale.clear();
    page.measure();
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
    settle.drawMap(canvas, pen, state.map, state.raster, window.devicePixelRatio || 1);
  }

  function paintTracks(pen, now) {
    const part = function (track) {
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
    const room = Math.max(360, innerHeight - $("plot").getBoundingClientRect().top - scrollY - FOOT - $("foot").offsetHeight);
    const height = Math.round(Math.min(pads.width * shape - pads.height, Math.max(room, 320)));
    if (width === size.width && height === size.height) return;
    size = { width, height };
    const svg = $("drawing");
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("height", height);
    draw();
  }

  /* ---- the address, and undo ---- */

  function fragment() {
    const parts = Object.entries(state.options).sort().map(([key, value]) => ["o." + key, value]);
    if (page.table) parts.push(["setting", state.setting]);
    parts.push(["plane", state.plane.join(",")], ["window", page.windowText()], ["show", PARTS.filter((p) => state.shown.has(p)).join(",")],
      ["mode", state.mode]);
    if (state.model.names.length > 2) parts.push(["base", state.base.join(",")]);
    if (state.tracks.length) parts.push(["at", state.tracks.map((t) => t.start.join(",") + "," + MODES[t.mode]).join(";")]);
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
  const keepSoon = page.later(keep, HISTORY_REST);

  async function undo() {
    if (past.length === 0) return;
    const text = past.pop();
    present = null;
    await restore(read(text));
    present = text;
    history.replaceState(null, "", "#" + text);
    $("undo").disabled = past.length === 0;
    page.live("Undone");
  }

  /* Everything as a fragment says; what is not said stays as the program has it. */
  async function restore(saved) {
    const options = {};
    Object.entries(saved).forEach(([key, value]) => { if (key.startsWith("o.")) options[key.slice(2)] = value; });
    if (page.table && saved.setting !== undefined) state.setting = Math.min(Math.max(Number(saved.setting) | 0, 0), page.table.frames.length - 1);
    if (saved.show !== undefined) state.shown = new Set(saved.show.split(",").filter((p) => PARTS.includes(p)));
    if (saved.mode in MODES) state.mode = saved.mode;
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
    const turn = page.another();
    let model;
    try {
      const text = Object.entries(options).map(([k, v]) => encodeURIComponent(k) + "=" + encodeURIComponent(v)).join("&");
      model = await page.ask("model", text);
    } catch (error) {
      page.trouble(error.message, LASTS);
      if (state.model) page.parametersList(); /* the fields say again what is shown */
      else if (Object.keys(options).length > 0) return load({}, {});
      return undefined;
    }
    if (turn !== state.generation) return undefined;
    page.well();
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
    state.portrait = state.map = null;
    const tracks = saved.at === undefined ? state.tracks.map((t) => ({ start: t.start, mode: t.mode })) : starts(saved.at);
    state.tracks = [];
    page.parametersList();
    page.startFields();
    heading();
    resize();
    page.refresh();
    if (saved.window !== undefined || saved.at !== undefined || saved.show !== undefined) state.tracks = [];
    tracks.forEach(function (one) {
      const track = { id: ++state.counter, start: one.start, at: one.start.map(settle.value), mode: one.mode, colour: page.freeColour(), open: false,
        waits: 0, fresh: false };
      state.tracks.push(track);
      page.follow(track);
    });
    page.list();
    page.legend();
    draw();
  }

  function starts(text) {
    const mode = (letter) => Object.keys(MODES).find((key) => MODES[key] === letter);
    return text.split(";").map((one) => one.split(",")).filter((one) => one.length === 3 && mode(one[2]) && one.slice(0, 2).every((t) => Number.isFinite(settle.value(t))))
      .slice(0, MOST_TRACKS).map((one) => ({ start: one.slice(0, 2), mode: mode(one[2]) }));
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
      state.values[parameter.name] = text !== undefined && Number.isFinite(settle.value(text)) && !page.table ? text : String(parameter.value);
    });
  }

  /* Of chains the equation of the rule, and what its error e is. */
  function equationOf(model) {
    if (model.options.activation) return ""; /* the equations are those of linear networks */
    if (model.system !== "chain") return model.equation || "";
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
    if (!page.table) return;
    $("offline").hidden = false;
    const turns = page.table.parameter ? `${page.table.parameter.name} takes ${page.table.values.length} values, and ` : "";
    settle.typeset($("offline"), `This page is a table and computes nothing: ${turns}` +
      `a click takes the nearest of ${page.table.starts.x.length} \u00d7 ${page.table.starts.y.length} starts. Served by settle explore, it answers everywhere.`);
  }

  /* ---- the beginning ---- */

  function listen() {
    const plot = $("plot");
    plot.addEventListener("pointerdown", page.down);
    plot.addEventListener("pointermove", page.move);
    plot.addEventListener("pointerup", page.up);
    plot.addEventListener("pointercancel", page.up);
    plot.addEventListener("mousedown", page.pressed);
    plot.addEventListener("pointerleave", function () { if (page.pointers.size === 0) { page.activate(null); page.unpoint(); } });
    plot.addEventListener("wheel", page.wheel, { passive: false });
    plot.addEventListener("keydown", page.plotKey);
    document.addEventListener("keydown", page.pageKey);
    $("launcher").addEventListener("submit", page.submitted);
    $("launcher").addEventListener("change", function (event) {
      if (event.target.name !== "mode") return;
      state.mode = event.target.value;
      keep();
    });
    $("zoom-in").addEventListener("click", () => page.zoom(1 / ZOOM));
    $("zoom-out").addEventListener("click", () => page.zoom(ZOOM));
    $("zoom-reset").addEventListener("click", page.home);
    $("undo").addEventListener("click", undo);
    $("export").addEventListener("click", page.save);
    $("help-button").addEventListener("click", () => $("help").showModal());
    $("copy").addEventListener("click", (event) => page.copy(state.model.command, event.currentTarget));
    $("clear").addEventListener("click", function () {
      state.tracks = [];
      page.list();
      draw("tracks");
      keep();
    });
    window.addEventListener("resize", resize);
    const watch = new ResizeObserver(resize);
    [$("plot"), $("foot")].forEach((one) => watch.observe(one));
    dark.addEventListener("change", function () {
      if (state.map) state.raster = settle.raster(state.map, theme());
      page.legend();
      page.list();
      draw();
    });
    window.addEventListener("hashchange", function () { if (location.hash.slice(1) !== present) restore(read(location.hash)).then(keep); });
  }

  function begin() {
    ["ground", "portrait", "tracks", "points", "hits", "cross", "axes"].forEach(function (name) {
      groups[name] = settle.element("g", {});
      $("drawing").append(groups[name]);
    });
    if (page.table && page.table.parameter) state.setting = page.nearest(page.table.values, page.table.parameter.value);
    listen();
    restore(read(location.hash)).then(function () { if (state.model) keep(); });
  }

  Object.assign(page, { applyModel, currentPen, draw, heading, keep, keepSoon, load, over, theme, undo });

  begin();
})(window.settle);
