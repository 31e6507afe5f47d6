/* Pointers, fingers and keys on the portrait of `settle explore`.
 *
 * One finger or button drags, two zoom, a click launches; whoever has only a keyboard moves a cross.  What has been
 * drawn is moved at once, and the program is asked for the new window when it rests. */
"use strict";

(function (settle) {
  const { page } = settle;
  const { state, VIEW_REST, HISTORY_REST, ZOOM, TITLES, $ } = page;
  const CLICK = 5; /* pixels */
  const WHEEL = 0.0016;
  const STEPS = 50; /* of the cross along the window */
  const DEEPEST = 1e-9, WIDEST = 1e6; /* widths of the window */

  /* ---- the window ---- */

  const askView = page.later(function () { page.refresh(); page.keep(); }, VIEW_REST);

  function setWindow(next) {
    const width = next[1] - next[0], height = next[3] - next[2];
    if (!(width > DEEPEST && height > DEEPEST && width < WIDEST && height < WIDEST)) return;
    state.window = next;
    state.viewing = true;
    page.draw();
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
  let drag = null, lastClick = null, twice = false;

  function place(event) {
    const box = $("drawing").getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  function pointOf(at) {
    const pen = page.currentPen();
    return [pen.u(at.x), pen.v(at.y)];
  }

  function within(at) {
    const f = page.currentPen().frame;
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
    page.unpoint();
    const f = page.currentPen().frame, [x0, x1, y0, y1] = drag.window;
    const u = (drag.from.x - at.x) / f.width * (x1 - x0), v = (at.y - drag.from.y) / f.height * (y1 - y0);
    return setWindow([x0 + u, x1 + u, y0 + v, y1 + v]);
  }

  function pinch() {
    const now = spread(), old = settle.pen(drag.window, page.currentPen().frame, page.theme());
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
    if (twice) return doubled(1);
    const near = lastClick && Math.hypot(at.x - lastClick.at.x, at.y - lastClick.at.y) < 2 * CLICK;
    const last = lastClick = { at, tracks: near ? lastClick.tracks : [] };
    if (hit && hit.dataset.hit && !near) return openTrack(Number(hit.dataset.hit));
    if (!within(at)) return undefined;
    const texts = page.typedPoint(pointOf(at));
    state.cross = texts.map(settle.value);
    state.crossShown = false;
    page.fill(texts);
    page.draw("cross");
    const track = page.launch(texts, event.shiftKey ? "backward" : state.mode);
    if (!track) return undefined;
    last.tracks.push(track);
    return page.fill(track.start);
  }

  /* The press of a mouse knows whether it is a second one (`dblclick` is lost when what was pressed is drawn anew);
     of a finger the same is told after it is lifted. */
  function pressed(event) {
    twice = event.detail === 2;
    if (twice && pointers.size === 0) doubled(2);
  }

  /* What the clicks before have launched was not meant. */
  function doubled(clicks) {
    const launched = lastClick ? lastClick.tracks : [];
    launched.slice(-clicks).forEach(page.remove);
    lastClick = null;
    twice = false;
    home();
  }

  function openTrack(id) {
    const track = state.tracks.find((one) => one.id === id);
    track.open = !track.open;
    page.list();
    const entry = document.querySelector(`li[data-track="${id}"]`);
    entry.scrollIntoView({ block: "nearest" });
  }

  function hover(event, at) {
    const hit = event.target.closest(".hit");
    if (hit && hit.dataset.hit) {
      const track = state.tracks.find((one) => one.id === Number(hit.dataset.hit));
      page.unpoint();
      if (!track) return;
      page.activate(track);
      page.tip(page.summary(track), at.x, at.y);
      return;
    }
    if (state.active !== null) page.activate(null);
    if (hit && hit.dataset.point && state.portrait) {
      const point = state.portrait.points[Number(hit.dataset.point)], [what, ...notes] = point.note.split("; ");
      page.tip([page.html("p", {}, page.html("strong", {}, what), " " + settle.point([point.x, point.y], 6)),
        ...notes.map((note) => settle.typeset(page.html("p"), note))], at.x, at.y);
      return;
    }
    page.tip(null);
    if (!within(at)) return page.unpoint();
    const texts = page.typedPoint(pointOf(at));
    page.foresee(texts.map(settle.value), texts);
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
    const texts = page.typedPoint([cut(from[0] + step * dx * (x1 - x0) / part, x0, x1), cut(from[1] + step * dy * (y1 - y0) / part, y0, y1)]);
    state.cross = texts.map(settle.value);
    state.crossShown = true;
    page.fill(texts);
    page.foresee(state.cross, texts);
    sayCross();
    page.draw("cross");
    return undefined;
  }

  const sayCross = page.later(function () { page.live($("reading").textContent); }, HISTORY_REST);

  function launchCross(mode) {
    if (!state.cross || !state.crossShown) return moveCross({ key: "ArrowUp" });
    return page.launch(page.fields(), mode);
  }

  const KEYS = {
    Enter: (event) => launchCross(event.shiftKey ? "backward" : state.mode),
    Delete: () => state.tracks.length && page.remove(state.tracks[state.tracks.length - 1]),
    Backspace: () => state.tracks.length && page.remove(state.tracks[state.tracks.length - 1]),
    "+": () => zoom(1 / ZOOM, state.crossShown ? state.cross : null),
    "=": () => zoom(1 / ZOOM, state.crossShown ? state.cross : null),
    "-": () => zoom(ZOOM, state.crossShown ? state.cross : null),
    0: home,
    u: () => page.undo(),
    b: () => toggle("basin"), f: () => toggle("field"), n: () => toggle("nullclines"), l: () => toggle("leaves"),
    s: () => page.save(),
    c: () => page.copy(state.tracks.length ? page.commandOf(state.tracks[state.tracks.length - 1]) : state.model.command, $("copy")),
    Escape: () => { state.crossShown = false; page.tip(null); page.unpoint(); page.draw("cross"); }
  };

  function toggle(part) {
    page.show(part, !state.shown.has(part));
    page.live(TITLES[part] + (state.shown.has(part) ? " shown" : " hidden"));
  }

  function plotKey(event) {
    if ((event.ctrlKey || event.metaKey) && event.key !== "z") return;
    if (event.key === "z") return void ((event.ctrlKey || event.metaKey) && (event.preventDefault(), page.undo()));
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

  Object.assign(page, { down, home, move, pageKey, plotKey, pointers, pressed, up, wheel, zoom });
})(window.settle);
