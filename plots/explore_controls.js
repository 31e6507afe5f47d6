/* The controls of the page of `settle explore`: the legend, which switches what is shown, the parameters, the plane, the
 * start as numbers, and what theory says of the point under the pointer.
 *
 * Numbers are passed on as they are typed, so that 1/2 stays a half; they are read here only to place a slider. */
"use strict";

(function (settle) {
  const { page } = settle;
  const { state, MAP, PARTS, TITLES, POINTS, $ } = page;
  const SLICE_MOST = 12; /* other unknowns that have a field */

  /* ---- the legend, which switches what is shown ---- */

  function sample(part, what, colours) {
    const c = colours, make = settle.element, curve = (colour, width, dash) => make("path", { d: "M2 7H38", stroke: colour,
      "stroke-width": width, "stroke-dasharray": dash || "none", fill: "none" });
    if (part === "fixed" && what.kind === "curve")
      return curve(/neutral|unknown/.test(what.name) ? c.neutral : c.ink, 2.8, { repels: "6 4", mixed: "12 3 3 3" }[what.name]);
    if (part === "fixed") return settle.disc(20, 7, what.name || "stable", c);
    if (part === "cycles") return curve(c.ink, 2.6, what.name === "repelling" ? "6 4" : "");
    if (part === "nullclines") return curve(c.nullclines[what.index], 1.8, "8 3.2");
    if (part === "sets") return curve(c.sets[what.name] || c.sets.critical, 1.8);
    if (part === "leaves") return curve(c.leaves, 0.9);
    const arrow = page.over() ? c.ink : settle.speedColour(c, 0.55);
    return make("path", { d: "M8 7H28M33 7L26.5 4V10Z", stroke: arrow, fill: arrow });
  }

  /* Of each part what there is to see: [{text, detail}] */
  function entries(part) {
    const p = state.portrait || {}, kinds = (all, key) => Array.from(new Set((all || []).map((one) => one[key])));
    if (part === "fixed") {
      const curve = { attracts: "attracting", repels: "repelling", mixed: "attracting in part", neutral: "neutral", unknown: "stability unknown:" };
      return kinds(p.curves, "stability").map((name) => ({ text: curve[name] + " fixed points", detail: { kind: "curve", name } }))
        .concat(kinds((p.points || []).filter(seen), "kind").map((name) => ({ text: POINTS[name] || name, detail: { kind: "point", name } })));
    }
    if (part === "nullclines")
      return (p.nullclines || []).map((one) => ({ text: "nullcline " + one.name, detail: { index: one.component } }));
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
    if (!state.map) return [];
    const has = (cell) => state.map.cells.includes(cell), found = new Set(state.map.cells);
    const named = state.map.classes.map((one, k) => ({ text: one.label, colour: one.colour, cell: k })).filter((one) => found.has(one.cell));
    if (has(-1)) named.push({ text: "undecided", colour: page.theme().undecided });
    if (has(-2)) named.push({ text: "unbounded", colour: page.theme().unbounded });
    if (has(-3)) named.push({ text: "not computed yet: hatched", colour: null });
    return named;
  }

  function picture(part, what) {
    return settle.element("svg", { viewBox: "0 0 40 14", width: 40, height: 14, "aria-hidden": "true" }, sample(part, what, page.theme()));
  }

  function layer(part) {
    const found = part === "basin" ? [] : entries(part), id = "show-" + part;
    const box = page.html("input", { type: "checkbox", id, checked: state.shown.has(part), onchange: (event) => show(part, event.target.checked) });
    const none = part !== "basin" && state.portrait !== null && found.length === 0;
    const single = found.length === 1;
    const label = page.html("label", { for: id });
    settle.typeset(label, single ? (part === "leaves" ? "leaves: " + found[0].text : found[0].text) : TITLES[part]);
    if (none) label.append(page.html("small", {}, part === "cycles" ? " \u2013 none found" : " \u2013 none here"));
    const head = page.html("div", { class: none ? "layer none" : "layer" }, box,
      single ? picture(part, found[0].detail) : page.html("span"), label);
    const rest = !state.shown.has(part) ? [] : single ? [] : found.map((one) =>
      page.html("div", { class: "layer part" }, page.html("span"), picture(part, one.detail), settle.typeset(page.html("span"), one.text)));
    if (part === "field" && state.shown.has("field") && !page.over()) rest.push(scale());
    if (part === "basin" && state.shown.has("basin")) rest.push(...mapEntries().map(swatch));
    return [head, ...rest];
  }

  function swatch(one) {
    const box = page.html("span", { class: "swatch", "aria-hidden": "true" });
    if (one.colour) box.style.background = one.colour;
    else box.style.background = "repeating-linear-gradient(135deg, transparent 0 4px, #999 4px 5px)";
    return page.html("div", { class: "layer part" }, page.html("span"), box, settle.typeset(page.html("span"), one.text));
  }

  function scale() {
    const range = settle.speeds(state.portrait && state.portrait.field);
    if (!range) return page.html("span");
    const steps = 24, bar = settle.element("svg", { viewBox: `0 0 ${steps} 1`, preserveAspectRatio: "none", "aria-hidden": "true" });
    for (let k = 0; k < steps; k++)
      bar.append(settle.element("rect", { x: k, width: 1.1, height: 1, fill: settle.speedColour(page.theme(), (k + 0.5) / steps) }));
    const end = (power) => settle.typeset(page.html("span"), power === 0 ? "1" : power === 1 ? "10" : "10^" + power);
    return page.html("div", { class: "scale" }, bar, page.html("div", {}, end(range.low), page.html("span", {}, "speed"), end(range.high)));
  }

  let legendText = "";
  function legend() {
    const text = JSON.stringify([PARTS.map(entries), mapEntries(), settle.speeds(state.portrait && state.portrait.field), Array.from(state.shown), page.theme().name]);
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
      state.map = visible ? state.map : null;
      if (visible) page.askMap(MAP);
    }
    legend();
    page.draw("map", "portrait");
    page.keep();
  }

  /* ---- parameters ---- */

  function shared(option) { /* the components of one option, joined */
    return state.model.parameters.filter((p) => p.option === option).map((p) => state.values[p.name]).join(",");
  }

  function setNumber(parameter, text, begun) {
    if (page.table) return setTabulated(settle.value(text), begun);
    state.lasting = false;
    state.values[parameter.name] = text;
    state.options[parameter.option] = shared(parameter.option);
    page.refresh(begun);
    page.keepSoon();
  }

  function setTabulated(wanted, begun) {
    state.setting = page.nearest(page.table.values, wanted);
    page.applyModel(page.table.frames[state.setting].model, false);
    page.refresh(begun);
    page.keepSoon();
  }

  /* Another rule or depth may have other unknowns and parameters: the program says which of the options do
     not go with it.  An empty value drops an option with which the program was started, too. */
  function setChoice(parameter, value) {
    const options = { ...state.options, [parameter.option]: value };
    state.lasting = false;
    ((parameter.drops || {})[value] || []).forEach((option) => { options[option] = ""; });
    page.load(options, {}).then(page.keep);
  }

  function knob(parameter, k) {
    const id = "parameter-" + k, name = settle.typeset(page.html("label", { for: id, id: id + "-name" }), parameter.label || parameter.name);
    if (parameter.kind === "number") return numberKnob(parameter, id, name);
    if (parameter.kind === "flag") {
      const box = page.html("input", { type: "checkbox", id, checked: parameter.value === true,
        onchange: (event) => setChoice(parameter, event.target.checked ? "1" : "") });
      box.disabled = !!page.table;
      return page.html("div", { class: "knob flag" }, box, name);
    }
    const field = page.html("select", { id, onchange: (event) => setChoice(parameter, event.target.value) },
      ...parameter.choices.map((value) => page.html("option", { value, selected: String(parameter.value) === String(value) }, value)));
    field.disabled = !!page.table;
    return page.html("div", { class: "knob choice" }, name, field);
  }

  function numberKnob(parameter, id, name) {
    const text = state.values[parameter.name], value = settle.value(text), fixed = page.table && !isTabulated(parameter);
    const slider = page.html("input", { type: "range", "aria-labelledby": id + "-name", "data-slider": parameter.name });
    const steps = page.table && !fixed;
    slider.min = steps ? 0 : Math.min(parameter.low, value);
    slider.max = steps ? page.table.values.length - 1 : Math.max(parameter.high, value);
    slider.step = steps ? 1 : parameter.step;
    slider.value = steps ? state.setting : value;
    const field = page.html("input", { type: "text", id, inputmode: "decimal", spellcheck: "false", value: text, "data-field": parameter.name });
    slider.disabled = field.disabled = fixed;
    slider.setAttribute("aria-valuetext", text);
    slider.addEventListener("input", function (event) {
      const chosen = steps ? String(page.table.values[slider.value]) : settle.typed(Number(slider.value), 300 * parameter.step / 10);
      field.value = chosen;
      field.removeAttribute("aria-invalid");
      slider.setAttribute("aria-valuetext", chosen);
      setNumber(parameter, chosen, event.timeStamp);
    });
    field.addEventListener("change", function (event) {
      const typed = field.value.trim().replace(/\u2212/g, "-"), number = settle.value(typed);
      field.setAttribute("aria-invalid", String(!Number.isFinite(number)));
      if (!Number.isFinite(number)) return page.trouble(`${settle.plain(parameter.name)}: a number is expected, such as 1/2, 0.25 or 1e-3`);
      slider.min = steps ? 0 : Math.min(slider.min, number);
      slider.max = steps ? slider.max : Math.max(slider.max, number);
      slider.value = steps ? page.nearest(page.table.values, number) : number;
      if (steps) field.value = page.table.values[slider.value];
      return setNumber(parameter, field.value.trim().replace(/\u2212/g, "-"), event.timeStamp);
    });
    return page.html("div", { class: "knob" }, name, slider, field);
  }

  function isTabulated(parameter) {
    return page.table.parameter !== null && page.table.parameter.name === parameter.name;
  }

  function parametersList() {
    $("parameters").replaceChildren(...state.model.parameters.map(knob));
    planeList();
  }

  function planeList() {
    const names = state.model.names, parts = [];
    $("h-plane").hidden = $("plane").hidden = !!state.model.line;
    ["horizontal", "vertical"].forEach(function (what, k) {
      const field = page.html("select", { id: "plane-" + k, onchange: (event) => setPlane(k, event.target.value) },
        ...names.map((name) => page.html("option", { value: name, selected: state.plane[k] === name }, settle.plain(name))));
      field.disabled = !!page.table || names.length < 3;
      parts.push(page.html("div", { class: "knob choice" }, page.html("label", { for: "plane-" + k }, what), field));
    });
    const others = names.filter((name) => !state.plane.includes(name));
    if (others.length > 0 && others.length <= SLICE_MOST) parts.push(...others.map(sliceField));
    $("plane").replaceChildren(...parts);
  }

  function sliceField(name) { /* the plane lies at these values of the other unknowns */
    const k = state.model.names.indexOf(name), id = "slice-" + k;
    const field = page.html("input", { type: "text", id, inputmode: "decimal", spellcheck: "false", value: state.base[k] });
    field.disabled = !!page.table;
    field.addEventListener("change", function (event) {
      const number = settle.value(field.value);
      field.setAttribute("aria-invalid", String(!Number.isFinite(number)));
      if (!Number.isFinite(number)) return page.trouble(`${settle.plain(name)}: a number is expected, such as 1/2 or 0.25`);
      state.base[k] = field.value.trim().replace(/\u2212/g, "-");
      page.refresh(event.timeStamp);
      return page.keep();
    });
    return page.html("div", { class: "knob choice" }, settle.typeset(page.html("label", { for: id }), name + " ="), field);
  }

  function setPlane(k, name) {
    if (state.plane[1 - k] === name) state.plane[1 - k] = state.plane[k];
    state.plane[k] = name;
    page.another();
    state.tracks = [];
    state.portrait = state.map = null;
    planeList();
    startFields();
    page.list();
    page.draw();
    page.refresh();
    page.keep();
  }

  /* ---- the start, as numbers ---- */

  function startFields() {
    $("start-fields").replaceChildren(...state.plane.map(function (name, k) { /* on a line the second is 0 */
      const field = page.html("input", { type: "text", id: "start-" + k, inputmode: "decimal", spellcheck: "false",
        value: startTexts()[k], oninput: typedStart });
      return page.html("label", { hidden: k === 1 && !!state.model.line }, settle.typeset(page.html("span"), name + " ="), field);
    }));
  }

  function startTexts() {
    return state.cross ? typedPoint(state.cross) : state.plane.map((name) => String(state.base[state.model.names.indexOf(name)] || 0));
  }

  function typedPoint(point) {
    const [x0, x1, y0, y1] = state.window;
    return [settle.typed(point[0], x1 - x0), state.model.line ? "0" : settle.typed(point[1], y1 - y0)];
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
    page.draw("cross");
  }

  function submitted(event) {
    event.preventDefault();
    const texts = fields(), wrong = texts.findIndex((text) => !Number.isFinite(settle.value(text)));
    [0, 1].forEach((k) => $("start-" + k).setAttribute("aria-invalid", String(k === wrong)));
    if (wrong >= 0) return page.trouble(`${settle.plain(state.plane[wrong])}: a number is expected, such as 1/2, 0.25 or 1e-3`);
    page.trouble("");
    return page.launch(texts, state.mode);
  }

  function fill(texts) {
    texts.forEach((text, k) => { $("start-" + k).value = text; });
  }

  /* ---- what theory says of the point under the pointer ---- */

  const foreseen = page.line("predict", function (answer, wish) {
    if (!state.pointed || state.pointed !== wish.text) return;
    state.ghost = page.limitOf(answer);
    reading(wish, answer);
    page.draw("cross");
  });

  function foresee(point, texts) {
    state.pointed = texts.join(",");
    const wish = { query: page.query({ init: page.stateOf(texts) }), point, text: state.pointed, texts };
    reading(wish, null);
    foreseen.want(wish);
  }

  function reading(wish, answer) {
    const texts = page.table ? tableStart(wish.point) : wish.texts;
    const at = page.written(texts);
    const where = page.limitOf(answer) ? " at " + page.placed(page.limitOf(answer)) : "";
    const says = !answer ? "" : answer.ending ? `: predicted ${answer.ending}${where}` : ": no prediction";
    settle.typeset($("reading"), (page.table ? "nearest tabulated start " : "") + at + says);
  }

  function tableStart(point) {
    const k = page.snapped(point), { x, y } = page.table.starts;
    return [settle.typed(x[k % x.length], 3), settle.typed(y[Math.floor(k / x.length)], 3)];
  }

  function unpoint() {
    state.pointed = null;
    foreseen.forget();
    if (state.ghost) {
      state.ghost = null;
      page.draw("cross");
    }
  }

  Object.assign(page, { entries, fields, fill, foresee, foreseen, legend, mapEntries, parametersList, sample,
    show, startFields, submitted, typedPoint, unpoint });
})(window.settle);
