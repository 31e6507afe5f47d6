/* What the page of `settle explore` draws: a portrait, trajectories, axes.
 *
 * Everything is drawn with a pen, which knows the window in the plane, the frame in pixels and the colours.
 * The page and the saved figure use the same functions with different pens.  All numbers come from the
 * program; the only arithmetic here carries points of the plane to pixels, and colours.
 * Conventions: fixed points are solid where they attract, dashed where they repel; nullclines have two colours; discs are filled, open or
 * half-filled; leaves are thin and grey; undecided cells are grey and unbounded ones white, and cells that are not
 * computed yet are hatched. */
"use strict";

(function (settle) {
  const SVG = "http://www.w3.org/2000/svg";
  const FAR = 20000; /* pixels: farther points are drawn here */
  const ARROW = { length: 0.62, head: 4.6, narrow: 2.1, most: 26 }; /* length of a cell; pixels */
  const SHADES = { dark: 0.28, light: 0.55, count: 128 }; /* parts of black and white at the ends, as in plots/colour.c */
  const MIDDLE = SHADES.dark / (SHADES.dark + SHADES.light); /* where a shade is the colour itself */
  const STRIPE = 0.55; /* of the light, in the stripes of hatched classes */
  const NULLCLINE = { "stroke-dasharray": "8 3.2" };
  const SPEEDS = 12; /* colours of arrows */
  const DISC = 5.2, DOT = 0.4, RING = 7.5, START = 3.6, HIT = 11, EDGE = 9; /* pixels */
  const HATCH = 7;
  const TICKS = 6;
  const LETTERS = "'Source Sans 3','Source Sans Pro','Helvetica Neue',Arial,'Liberation Sans',sans-serif";
  const SERIF = "'STIX Two Text','Latin Modern Roman',Charter,Georgia,'Liberation Serif','DejaVu Serif',serif";

  /* ---- colours: Okabe and Ito (2008), viridis ---- */

  const VIRIDIS = ["#440154", "#482475", "#414487", "#355f8d", "#2a788e", "#21918c", "#22a884", "#44bf70", "#7ad151"];
  const BRIGHT = ["#5b7fc0", "#4a94b8", "#35a3a8", "#2fb394", "#4cc26c", "#7ad151", "#a5db36", "#d2e21b", "#fde725"];
  settle.themes = {
    light: { name: "light", paper: "#ffffff", ink: "#000000", frame: "#333333", text: "#1c2126", grid: "#e9e6df",
      leaves: "#a9a9a9", nullclines: ["#56b4e9", "#e69f00"], neutral: "#cc79a7", casing: "#ffffff", speed: VIRIDIS,
      sets: { critical: "#0072b2", slides: "#009e73", parts: "#cc79a7", stable: "#009e73", unstable: "#cc79a7" }, undecided: "#b4b4b4", unbounded: "#ffffff", over: "#000000",
      tracks: ["#d55e00", "#0072b2", "#007a59", "#b3528a", "#7a5200", "#5b3a8c", "#a3123a", "#2b6b78"] },
    dark: { name: "dark", paper: "#14171a", ink: "#f4f2ec", frame: "#8b9198", text: "#d8d6d0", grid: "#24292d",
      leaves: "#6b7178", nullclines: ["#56b4e9", "#e69f00"], neutral: "#cc79a7", casing: "#14171a", speed: BRIGHT,
      sets: { critical: "#8aa9ff", slides: "#2fcf9f", parts: "#e39cc4", stable: "#2fcf9f", unstable: "#e39cc4" }, undecided: "#b4b4b4", unbounded: "#ffffff", over: "#000000",
      tracks: ["#ff8a3d", "#6cb8f0", "#3fd0a0", "#f09ccb", "#d9b35c", "#b79df0", "#ff8fa3", "#7ccbd8"] }
  };

  function channels(colour) {
    return [1, 3, 5].map((k) => parseInt(colour.slice(k, k + 2), 16));
  }

  function shade(colour, u) {
    const part = (u - MIDDLE) * (SHADES.dark + SHADES.light);
    return channels(colour).map((c) => Math.round(part < 0 ? c * (1 + part) : c + (255 - c) * part));
  }

  /* ---- pens and elements ---- */

  settle.element = function (name, attributes, ...children) {
    const element = document.createElementNS(SVG, name);
    Object.entries(attributes || {}).forEach(([key, value]) => element.setAttribute(key, value));
    element.append(...children);
    return element;
  };
  const make = settle.element;

  /* window [x0, x1, y0, y1]; frame {left, top, width, height} in pixels */
  settle.pen = function (window, frame, theme) {
    const [x0, x1, y0, y1] = window;
    const near = (p) => Math.min(Math.max(p, -FAR), FAR);
    return { window, frame, theme,
      x: (v) => near(frame.left + (v - x0) / (x1 - x0) * frame.width),
      y: (v) => near(frame.top + (y1 - v) / (y1 - y0) * frame.height),
      u: (p) => x0 + (p - frame.left) / frame.width * (x1 - x0),
      v: (p) => y1 - (p - frame.top) / frame.height * (y1 - y0) };
  };

  function path(pen, line) { /* [x, y, x, y, ...]; a null lifts the pen */
    let text = "", command = "M";
    for (let k = 0; k + 1 < line.length; k += 2) {
      if (line[k] === null || line[k + 1] === null) {
        command = "M";
        continue;
      }
      text += command + pen.x(line[k]).toFixed(1) + " " + pen.y(line[k + 1]).toFixed(1);
      command = "L";
    }
    return text;
  }

  function paths(pen, lines) {
    return (lines || []).map((line) => path(pen, line)).join("");
  }

  /* A curve with a casing of the colour of the paper, so that it stands on any ground. */
  function cased(d, colour, width, attributes, casing) {
    const both = { d, fill: "none", "stroke-linejoin": "round", "stroke-linecap": "butt" };
    return [make("path", { ...both, stroke: casing, "stroke-width": width + 2.4, "stroke-opacity": 0.75 }),
      make("path", { ...both, stroke: colour, "stroke-width": width, ...attributes })];
  }

  /* ---- the parts of a portrait ---- */

  /* The decades of the speeds. */
  settle.speeds = function (field) {
    return field && field.decades && field.decades[0] !== null ? { low: field.decades[0], high: field.decades[1] } : null;
  };

  function arrow(pen, field, k, size) {
    const x = pen.x(field.x[k]), y = pen.y(field.y[k]);
    let dx = field.dx[k] * pen.frame.width / (pen.window[1] - pen.window[0]);
    let dy = -field.dy[k] * pen.frame.height / (pen.window[3] - pen.window[2]);
    const length = Math.hypot(dx, dy);
    if (!(length > 0)) return "";
    dx /= length;
    dy /= length;
    const tip = [x + dx * size / 2, y + dy * size / 2];
    const neck = [tip[0] - dx * ARROW.head, tip[1] - dy * ARROW.head];
    const at = (px, py) => px.toFixed(1) + " " + py.toFixed(1);
    return "M" + at(x - dx * size / 2, y - dy * size / 2) + "L" + at(neck[0], neck[1]) +
      "M" + at(tip[0], tip[1]) + "L" + at(neck[0] - dy * ARROW.narrow, neck[1] + dx * ARROW.narrow) +
      "L" + at(neck[0] + dy * ARROW.narrow, neck[1] - dx * ARROW.narrow) + "Z";
  }

  function drawField(pen, field, over) {
    const range = settle.speeds(field);
    const group = make("g", { "stroke-width": 1.1, "stroke-linejoin": "round", "data-part": "field" });
    if (!range) return group;
    const cell = Math.min(pen.frame.width / field.w, pen.frame.height / field.h);
    const texts = Array(SPEEDS).fill("");
    field.speed.forEach(function (speed, k) {
      const part = speed > 0 ? (Math.log10(speed) - range.low) / (range.high - range.low) : 0;
      const colour = Math.min(SPEEDS - 1, Math.max(0, Math.floor(part * SPEEDS)));
      texts[colour] += arrow(pen, field, k, Math.min(ARROW.most, ARROW.length * cell));
    });
    texts.forEach(function (d, k) {
      if (!d) return;
      const colour = over ? pen.theme.over : settle.speedColour(pen.theme, (k + 0.5) / SPEEDS);
      group.append(make("path", { d, fill: colour, stroke: colour }));
    });
    if (over) group.setAttribute("opacity", 0.42);
    return group;
  }

  settle.speedColour = function (theme, u) {
    const at = u * (theme.speed.length - 1), k = Math.min(Math.floor(at), theme.speed.length - 2);
    const a = channels(theme.speed[k]), b = channels(theme.speed[k + 1]);
    return "#" + a.map((c, j) => Math.round(c + (at - k) * (b[j] - c)).toString(16).padStart(2, "0")).join("");
  };

  function drawCurves(pen, curves) {
    const group = make("g", { "data-part": "curves" });
    const kinds = { attracts: {}, repels: { "stroke-dasharray": "6 4" }, mixed: { "stroke-dasharray": "12 3 3 3" },
      neutral: { stroke: pen.theme.neutral }, unknown: { stroke: pen.theme.neutral } };
    (curves || []).forEach(function (curve) {
      group.append(...cased(path(pen, curve.line), pen.theme.ink, 2.8, kinds[curve.stability] || kinds.unknown,
        pen.theme.casing));
    });
    return group;
  }

  function drawCycles(pen, cycles) {
    const group = make("g", { "data-part": "cycles" });
    (cycles || []).forEach(function (cycle) {
      const repels = /repel|unstable/.test(cycle.stability);
      group.append(...cased(path(pen, cycle.line) + "Z", pen.theme.ink, 2.6,
        repels ? { "stroke-dasharray": "6 4" } : {}, pen.theme.casing));
    });
    return group;
  }

  function drawSets(pen, sets) {
    const group = make("g", { "data-part": "sets" });
    (sets || []).forEach(function (set) {
      group.append(...cased(paths(pen, set.lines), pen.theme.sets[set.kind] || pen.theme.sets.critical,
        set.kind === "critical" ? 1.5 : 2.2, {}, pen.theme.casing));
    });
    return group;
  }

  function drawNullclines(pen, nullclines) {
    const group = make("g", { "data-part": "nullclines" });
    (nullclines || []).forEach(function (nullcline) {
      group.append(...cased(paths(pen, nullcline.lines), pen.theme.nullclines[nullcline.component], 1.8, NULLCLINE,
        pen.theme.casing));
    });
    return group;
  }

  /* A white disc, all, half or nothing of it filled, with an outline; at most one more circle. */
  settle.disc = function (x, y, kind, theme, radius) {
    const r = radius || DISC, arc = (from) => `M${x} ${y}m${from}a${r} ${r} 0 0 0 `;
    const halves = { saddle: arc(`${-r} 0`) + `${2 * r} 0z`, half: arc(`0 ${-r}`) + `0 ${2 * r}z` };
    const group = make("g", {}, make("circle", { cx: x, cy: y, r, fill: theme.paper }));
    if (kind === "stable") group.append(make("circle", { cx: x, cy: y, r, fill: theme.ink }));
    else if (kind === "centre") group.append(make("circle", { cx: x, cy: y, r: r * DOT, fill: theme.ink }));
    else if (kind !== "unstable") group.append(make("path", { d: halves[kind] || halves.half, fill: theme.ink }));
    group.append(make("circle", { cx: x, cy: y, r, fill: "none", stroke: theme.ink, "stroke-width": 1.5 }));
    return group;
  };

  function inside(pen, x, y) {
    const [x0, x1, y0, y1] = pen.window;
    return x >= x0 && x <= x1 && y >= y0 && y <= y1;
  }

  function drawPoints(pen, points) {
    const group = make("g", { "data-part": "points" });
    (points || []).forEach(function (point, k) {
      if (!inside(pen, point.x, point.y)) return;
      const disc = settle.disc(pen.x(point.x).toFixed(1) * 1, pen.y(point.y).toFixed(1) * 1, point.kind, pen.theme);
      disc.setAttribute("class", "hit");
      disc.setAttribute("data-point", k);
      group.append(disc);
    });
    return group;
  }

  /* shown: a Set of names of parts; over: whether a map lies underneath */
  settle.drawPortrait = function (pen, portrait, shown, over) {
    const parts = [];
    if (!portrait) return parts;
    if (shown.has("leaves") && portrait.leaves)
      parts.push(make("path", { d: paths(pen, portrait.leaves.lines), fill: "none", "data-part": "leaves",
        stroke: over ? pen.theme.over : pen.theme.leaves, "stroke-width": 0.8, "stroke-opacity": over ? 0.3 : 1 }));
    if (shown.has("field")) parts.push(drawField(pen, portrait.field, over));
    if (shown.has("nullclines")) parts.push(drawNullclines(pen, portrait.nullclines));
    if (shown.has("sets")) parts.push(drawSets(pen, portrait.sets));
    if (shown.has("fixed")) parts.push(drawCurves(pen, portrait.curves));
    if (shown.has("cycles")) parts.push(drawCycles(pen, portrait.cycles));
    return parts;
  };

  settle.drawPoints = function (pen, portrait, shown) {
    return portrait && shown.has("fixed") ? [drawPoints(pen, portrait.points)] : [];
  };

  /* ---- trajectories ---- */

  function head(pen, line, colour, backward) { /* an arrow in the direction of time, half way along the path */
    const at = [];
    for (let k = 0; k + 1 < line.length; k += 2)
      if (line[k] !== null && inside(pen, line[k], line[k + 1])) at.push([pen.x(line[k]), pen.y(line[k + 1])]);
    let length = 0, k = 1;
    const steps = at.map((p, j) => j === 0 ? 0 : Math.hypot(p[0] - at[j - 1][0], p[1] - at[j - 1][1]));
    const all = steps.reduce((sum, step) => sum + step, 0);
    if (all < 4 * HIT) return [];
    while (k < at.length - 1 && length + steps[k] < 0.45 * all) length += steps[k++];
    const sign = backward ? -1 : 1;
    const [dx, dy] = [sign * (at[k][0] - at[k - 1][0]) / steps[k], sign * (at[k][1] - at[k - 1][1]) / steps[k]];
    if (!Number.isFinite(dx + dy)) return [];
    const corner = (along, across) => (at[k][0] + along * dx - across * dy).toFixed(1) + " " +
      (at[k][1] + along * dy + across * dx).toFixed(1);
    return [make("path", { d: `M${corner(6, 0)}L${corner(-5, 4.2)}L${corner(-3, 0)}L${corner(-5, -4.2)}Z`, fill: colour })];
  }

  /* Where a limit is that the window does not show: a triangle at the edge. */
  function pointer(pen, x, y, colour) {
    const f = pen.frame, px = Math.min(Math.max(pen.x(x), f.left + EDGE), f.left + f.width - EDGE);
    const py = Math.min(Math.max(pen.y(y), f.top + EDGE), f.top + f.height - EDGE);
    const angle = Math.atan2(pen.y(y) - py, pen.x(x) - px) * 180 / Math.PI;
    return make("path", { d: "M7 0L-4 4.5L-4 -4.5Z", fill: "none", stroke: colour, "stroke-width": 1.8,
      transform: `translate(${px.toFixed(1)} ${py.toFixed(1)}) rotate(${angle.toFixed(0)})` });
  }

  settle.ring = function (pen, point, colour, faint) {
    if (!inside(pen, point[0], point[1])) return pointer(pen, point[0], point[1], colour);
    const x = pen.x(point[0]).toFixed(1), y = pen.y(point[1]).toFixed(1);
    const ring = make("g", { opacity: faint ? 0.75 : 1 },
      make("circle", { cx: x, cy: y, r: RING, fill: "none", stroke: pen.theme.casing, "stroke-width": 4.5, "stroke-opacity": 0.8 }),
      make("circle", { cx: x, cy: y, r: RING, fill: "none", stroke: colour, "stroke-width": 2 }));
    if (faint) ring.lastChild.setAttribute("stroke-dasharray", "3 2.6");
    return ring;
  };

  function drawWay(pen, track, way, part, colour) {
    const answer = track[way], backward = way === "backward";
    if (!answer || !answer.line || answer.line.length < 4) return [];
    const d = path(pen, answer.line);
    const style = backward ? { "stroke-dasharray": "1.5 3.2", "stroke-linecap": "butt" } : {};
    if (part < 1) Object.assign(style, { pathLength: 1, "stroke-dasharray": part.toFixed(4) + " 2" });
    const drawn = cased(d, colour, 2, style, pen.theme.casing);
    if (part < 1) {
      drawn[0].setAttribute("pathLength", 1);
      drawn[0].setAttribute("stroke-dasharray", part.toFixed(4) + " 2");
    }
    return part < 1 ? drawn : drawn.concat(head(pen, answer.line, colour, backward));
  }

  /* part(track): how much of the path is drawn, from 0 to 1; the start and the predicted limit are drawn at once */
  settle.drawTracks = function (pen, tracks, part, active) {
    return tracks.map(function (track, k) {
      const colour = pen.theme.tracks[track.colour % pen.theme.tracks.length];
      const group = make("g", { "data-track": track.id, opacity: track.stale ? 0.35 : 1 });
      group.append(...drawWay(pen, track, "backward", part(track), colour), ...drawWay(pen, track, "forward", part(track), colour));
      if (active === track.id && part(track) === 1)
        group.querySelectorAll("path[fill=none]").forEach((p) => p.setAttribute("stroke-width", 1.5 + Number(p.getAttribute("stroke-width"))));
      if (track.predicted && track.predicted.at) group.append(settle.ring(pen, track.predicted.at, colour));
      const end = track.forward && track.forward.at;
      if (end && inside(pen, end[0], end[1]) && part(track) === 1)
        group.append(make("circle", { cx: pen.x(end[0]).toFixed(1), cy: pen.y(end[1]).toFixed(1), r: 3, fill: colour }));
      if (inside(pen, track.at[0], track.at[1])) {
        const x = pen.x(track.at[0]), y = pen.y(track.at[1]), far = pen.frame.left + pen.frame.width - x < 16;
        group.append(make("rect", { x: (x - START).toFixed(1), y: (y - START).toFixed(1), width: 2 * START, height: 2 * START,
          fill: colour, stroke: pen.theme.casing }));
        const label = make("text", { x: (far ? x - 7 : x + 7).toFixed(1), y: (y - 5).toFixed(1), fill: colour, stroke: pen.theme.casing,
          "stroke-width": 3, "paint-order": "stroke", "font-size": 12, "font-weight": 600, "font-family": LETTERS,
          "text-anchor": far ? "end" : "start" });
        label.textContent = String(k + 1);
        group.append(label);
      }
      return group;
    });
  };

  /* Wide and invisible, for the pointer. */
  settle.drawHits = function (pen, tracks) {
    return tracks.map(function (track) {
      const d = ["backward", "forward"].map((way) => track[way] ? path(pen, track[way].line) : "").join("");
      return make("path", { d, fill: "none", stroke: "#000000", "stroke-opacity": 0, "stroke-width": HIT, class: "hit",
        "pointer-events": "stroke", "data-hit": track.id });
    });
  };

  settle.cross = function (pen, point, colour) {
    const { left, top, width, height } = pen.frame, x = pen.x(point[0]).toFixed(1), y = pen.y(point[1]).toFixed(1);
    const lines = `M${left} ${y}H${left + width}M${x} ${top}V${top + height}`;
    return make("g", {}, make("path", { d: lines, stroke: pen.theme.casing, "stroke-width": 3, "stroke-opacity": 0.6 }),
      make("path", { d: lines, stroke: colour, "stroke-width": 1, "stroke-dasharray": "5 3" }),
      make("circle", { cx: x, cy: y, r: 4, fill: "none", stroke: colour, "stroke-width": 1.5 }));
  };

  /* ---- axes ---- */

  settle.ticks = function (low, high) {
    const raw = (high - low) / TICKS, power = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw);
    const found = [];
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) found.push(Number((k * step).toPrecision(12)));
    return found;
  };

  settle.drawGround = function (pen, whole) {
    const f = pen.frame, parts = [];
    if (whole) parts.push(make("rect", { x: f.left, y: f.top, width: f.width, height: f.height, fill: pen.theme.paper }));
    const zero = (low, high) => low < 0 && high > 0;
    const d = (zero(pen.window[0], pen.window[1]) ? `M${pen.x(0).toFixed(1)} ${f.top}v${f.height}` : "") +
      (zero(pen.window[2], pen.window[3]) ? `M${f.left} ${pen.y(0).toFixed(1)}h${f.width}` : "");
    if (d && whole) parts.push(make("path", { d, stroke: pen.theme.grid, fill: "none", "stroke-width": 1 }));
    return parts;
  };

  settle.drawAxes = function (pen, names, size) {
    const f = pen.frame, bottom = f.top + f.height, parts = [];
    let d = "";
    const label = (x, y, anchor, value) => {
      const text = make("text", { x: x.toFixed(1), y: y.toFixed(1), "text-anchor": anchor, fill: pen.theme.text,
        "font-size": size, "font-family": LETTERS });
      parts.push(settle.typesetSvg(text, settle.number(value), size));
    };
    settle.ticks(pen.window[0], pen.window[1]).forEach(function (x) {
      d += `M${pen.x(x).toFixed(1)} ${bottom}v5`;
      label(pen.x(x), bottom + 7 + size, "middle", x);
    });
    settle.ticks(pen.window[2], pen.window[3]).forEach(function (y) {
      d += `M${f.left} ${pen.y(y).toFixed(1)}h-5`;
      label(f.left - 8, pen.y(y) + size * 0.35, "end", y);
    });
    parts.push(make("path", { d, stroke: pen.theme.frame, "stroke-width": 1 }));
    parts.push(make("rect", { x: f.left, y: f.top, width: f.width, height: f.height, fill: "none", stroke: pen.theme.frame,
      "stroke-width": 1 }));
    const name = (x, y, text, anchor) => parts.push(settle.typesetSvg(make("text", { x, y, "text-anchor": anchor,
      fill: pen.theme.text, "font-size": size * 1.45, "font-family": SERIF }), text, size * 1.45));
    name(f.left + f.width / 2, bottom + 2.9 * size, names[0], "middle");
    name(f.left - 8, f.top - 1.1 * size, names[1], "end");
    return parts;
  };

  settle.inside = function (pen, id, children) {
    const f = pen.frame;
    return [make("clipPath", { id }, make("rect", { x: f.left, y: f.top, width: f.width, height: f.height })),
      make("g", { "clip-path": `url(#${id})` }, ...children)];
  };

  /* ---- maps ---- */

  /* The cells of a map as pixels, a pixel a cell; row 0 of a picture is at the top. */
  settle.raster = function (map, theme) {
    const canvas = document.createElement("canvas");
    canvas.width = map.w;
    canvas.height = map.h;
    const image = new ImageData(map.w, map.h), data = image.data;
    const fixed = { "-1": channels(theme.undecided), "-2": channels(theme.unbounded) };
    const shades = map.classes.map((one) => Array.from({ length: SHADES.count + 1 }, (_, j) => shade(one.colour, j / SHADES.count)));
    for (let k = 0; k < map.cells.length; k++) {
      const cell = map.cells[k], at = 4 * ((map.h - 1 - Math.floor(k / map.w)) * map.w + k % map.w);
      if (cell < -2) continue; /* not computed yet: nothing is drawn */
      const known = cell >= 0 && map.shade[k] !== null ? map.shade[k] : MIDDLE;
      const colour = cell < 0 ? fixed[cell] : shades[cell][Math.round(known * SHADES.count)];
      const part = cell >= 0 && map.classes[cell].paint === "hatched" && (k + Math.floor(k / map.w)) % 4 === 0 ? STRIPE : 1;
      data[at] = part * colour[0];
      data[at + 1] = part * colour[1];
      data[at + 2] = part * colour[2];
      data[at + 3] = 255;
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
    return canvas;
  };

  function hatch(context, width, height, theme) {
    context.strokeStyle = theme.leaves;
    context.lineWidth = 1;
    context.beginPath();
    for (let x = -height; x < width; x += HATCH) {
      context.moveTo(x, height);
      context.lineTo(x + height, 0);
    }
    context.stroke();
  }

  /* On the canvas that lies below the drawing, at the window for which the map was made. */
  settle.drawMap = function (canvas, pen, map, raster, scale) {
    const context = canvas.getContext("2d"), f = pen.frame;
    canvas.width = Math.round(f.width * scale);
    canvas.height = Math.round(f.height * scale);
    context.scale(scale, scale);
    context.translate(-f.left, -f.top);
    context.fillStyle = pen.theme.paper;
    context.fillRect(f.left, f.top, f.width, f.height);
    if (!map) return;
    const [x0, x1, y0, y1] = map.window;
    context.save();
    context.translate(f.left, f.top);
    hatch(context, f.width, f.height, pen.theme);
    context.restore();
    context.imageSmoothingEnabled = false;
    context.drawImage(raster, pen.x(x0), pen.y(y1), pen.x(x1) - pen.x(x0), pen.y(y0) - pen.y(y1));
  };

  /* The same for a figure: enlarged, since programs that show SVG blur small pictures. */
  settle.mapImage = function (pen, map, raster) {
    const times = Math.max(1, Math.round(960 / Math.max(map.w, map.h)));
    const canvas = document.createElement("canvas");
    canvas.width = raster.width * times;
    canvas.height = raster.height * times;
    const context = canvas.getContext("2d"), [x0, x1, y0, y1] = map.window;
    context.imageSmoothingEnabled = false;
    context.drawImage(raster, 0, 0, canvas.width, canvas.height);
    return make("image", { x: pen.x(x0).toFixed(1), y: pen.y(y1).toFixed(1), width: (pen.x(x1) - pen.x(x0)).toFixed(1),
      height: (pen.y(y0) - pen.y(y1)).toFixed(1), preserveAspectRatio: "none", href: canvas.toDataURL("image/png") });
  };

  settle.fonts = { letters: LETTERS, serif: SERIF };
})(window.settle);
