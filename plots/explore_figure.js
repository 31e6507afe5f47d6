/* The figure that the page of `settle explore` saves: the portrait on white, with legend, caption, and in its
 * description the commands that make it.  It is drawn by the same functions as the page, needs no style sheet and no
 * script, and has no reference to anything outside. */
"use strict";

(function (settle) {
  const { page } = settle;
  const { state, PARTS } = page;

  /* ---- the figure ---- */

  const FIGURE = { width: 620, frame: 520, left: 58, top: 62, row: 19, letters: 14, column: 300 };

  function figureLegend(figure, colours, top) {
    const make = settle.element, items = [];
    PARTS.filter((part) => part !== "basin" && state.shown.has(part)).forEach((part) => page.entries(part).forEach((one) =>
      items.push({ text: part === "leaves" ? "leaves: " + one.text : one.text, mark: page.sample(part, one.detail, colours) })));
    if (state.tracks.length > 0) items.push(...trackItems(colours));
    if (state.shown.has("basin"))
      page.mapEntries().filter((one) => one.colour).forEach((one) => items.push({ text: one.text, mark: make("rect", { x: 8, y: 1, width: 24, height: 12,
        fill: one.colour, stroke: colours.frame, "stroke-width": 0.6 }) }));
    const type = FIGURE.letters;
    let x = 0, y = top;
    items.forEach(function (one) {
      const wide = settle.plain(one.text).length * type * 0.5 > FIGURE.column - 60;
      if (wide && x > 0) [x, y] = [0, y + FIGURE.row];
      const group = make("g", { transform: `translate(${20 + x * FIGURE.column} ${y})` }, make("g", {}, one.mark));
      const text = make("text", { x: 50, y: 12, "font-size": type, fill: colours.text, "font-family": settle.fonts.letters });
      group.append(settle.typesetSvg(text, one.text, type));
      figure.append(group);
      if (wide || x === 1) [x, y] = [0, y + FIGURE.row];
      else x = 1;
    });
    return x === 1 ? y + FIGURE.row : y;
  }

  function trackItems(colours) {
    const make = settle.element, colour = colours.tracks[0], curve = (dash) => make("path", { d: "M2 7H38", stroke: colour,
      "stroke-width": 2, "stroke-dasharray": dash, fill: "none" });
    const ring = make("circle", { cx: 20, cy: 7, r: 6, fill: "none", stroke: colour, "stroke-width": 2 }), items = [];
    if (state.tracks.some((track) => track.forward)) items.push({ text: "trajectories", mark: curve("none") });
    if (state.tracks.some((track) => track.backward)) items.push({ text: "the same, back in time", mark: curve("1.5 3.2") });
    if (state.tracks.some((track) => track.predicted && track.predicted.at)) items.push({ text: "limit, as predicted", mark: ring });
    return items;
  }

  function figureText(figure, text, x, y, type, colours) {
    figure.append(settle.typesetSvg(settle.element("text", { x, y, "font-size": type, fill: colours.text,
      "font-family": settle.fonts.letters }), text, type));
  }

  function figureSpeed(figure, colours, pen) {
    const range = settle.speeds(state.portrait.field), make = settle.element, f = pen.frame, steps = 32, x = f.left + f.width - 150, y = f.top - 20;
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
    const make = settle.element, model = state.model, shape = page.currentPen().frame.height / page.currentPen().frame.width;
    const colours = { ...settle.themes.light };
    const frame = { left: FIGURE.left, top: FIGURE.top, width: FIGURE.frame, height: Math.round(FIGURE.frame * shape) };
    const pen = settle.pen(state.window, frame, colours), figure = make("svg", { xmlns: "http://www.w3.org/2000/svg" });
    figure.append(Object.assign(make("title"), { textContent: settle.plain(model.title) }));
    const commands = [model.command].concat(state.tracks.map(page.commandOf)).filter(Boolean);
    figure.append(Object.assign(make("desc"), { textContent: commands.join("\n") }));
    const ground = [...settle.drawGround(pen, true)];
    if (page.over()) ground.push(settle.mapImage(pen, state.map, settle.raster(state.map, colours)));
    const parts = [...ground, ...settle.drawPortrait(pen, state.portrait, state.shown, page.over()),
      ...settle.drawTracks(pen, state.tracks.filter((t) => !t.stale), () => 1, null), ...settle.drawPoints(pen, state.portrait, state.shown)];
    const drawn = make("g", {}, ...settle.inside(pen, "inside", parts), ...settle.drawAxes(pen, state.plane, FIGURE.letters));
    figure.append(drawn);
    figureText(figure, model.title, 20, 24, 17, colours);
    if (state.shown.has("field") && !page.over() && state.portrait) figureSpeed(figure, colours, pen);
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
    page.html("a", { href: address, download: `${state.model.system || "portrait"}.svg` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
    page.live("The portrait is saved as SVG");
  }

  Object.assign(page, { save });
})(window.settle);
