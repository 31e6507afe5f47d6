/* Looks at the page of `settle explore` in headless Chromium, and works with it.
 *
 *     node explore_browser.js CHROMIUM PROFILE SETTLE ADDRESS,NEURONS,LINE OFFLINE [PICTURES]
 *
 * ADDRESS is that of a server for A[1,1,1] under rbp, NEURONS for a chain with a limit cycle, LINE for a flow of one
 * unknown with three fixed points; OFFLINE is a page of `settle explore --offline` for A[1,1,1].
 * Prints a line a check, as the other end-to-end tests do.  With PICTURES, a folder, screenshots are kept. */
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { execFileSync } = require("child_process");
const { pathToFileURL } = require("url");
const page = require("./browser.js");
const { check, evaluate, until, press, send, sleep } = page;

const [chromium, profile, settle, addresses, offline, pictures] = process.argv.slice(2);
const [address, neurons, line] = addresses.split(",");
const TEXT = 4.5, LARGE_TEXT = 3; /* contrasts of WCAG 2.1, AA */
const REDRAW = 100; /* milliseconds from the slider to the drawn frame */
const SLIDES = 9, ROUNDS = 5;
const BUSY = 1.5; /* programs that want a processor: then times say nothing of this one */
const SAME = 1e-12; /* the limit is printed with 15 digits or more */
const [WIDE, NARROW, HEIGHT] = [1400, 400, 900];

const DRAWN = 'return document.querySelectorAll("#drawing [data-part=field] path").length > 3;';
const IDLE = 'return document.getElementById("plot").getAttribute("aria-busy") !== "true" && ' +
  '!document.querySelector("#tracks .stale");';

/* The picture of the README. */
async function picture() {
  await fresh("#show=basin,field,fixed,leaves,sets,cycles,nullclines&at=-2,1,b;-2.5,0.6,b;-0.6,2.6,b");
  await finish();
  await until("return window.settle.map() && window.settle.map().w > 60 && window.settle.map().complete;");
  await finish();
  await evaluate('document.querySelector("#tracks .open").focus();');
  await page.frame();
  check("the finer map takes the place of the coarse one", await evaluate("return window.settle.map().w > 60;"), await evaluate("return window.settle.map().w;"));
  await shot("explore");
}

async function shot(name, whole) {
  if (!pictures) return;
  const picture = await send("Page.captureScreenshot", { format: "png", captureBeyondViewport: whole === true });
  fs.writeFileSync(path.join(pictures, name + ".png"), Buffer.from(picture.data, "base64"));
}

/* Where a point of the plane is on the screen, from the ticks of the axes. */
async function at(x, y) {
  const frame = await evaluate(`
    const box = document.getElementById("drawing").getBoundingClientRect();
    const rect = Array.from(document.querySelectorAll("#drawing rect")).pop();
    return ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)))
      .map((v, k) => k === 0 ? v + box.left : k === 1 ? v + box.top : v);`);
  const [x0, x1, y0, y1] = await windowNow();
  return [frame[0] + (x - x0) / (x1 - x0) * frame[2], frame[1] + (y1 - y) / (y1 - y0) * frame[3]];
}

async function windowNow() {
  return (await evaluate('return /window=([^&]*)/.exec(location.hash)[1];')).split(",").map(Number);
}

const tracks = () => evaluate(`return Array.from(document.querySelectorAll("#tracks li"), (li) => ({
  text: li.querySelector(".open").textContent, agrees: !!li.querySelector(".agrees") }));`);
const focusPlot = () => evaluate('document.getElementById("plot").focus();');

async function fresh(fragment, other) {
  await page.open((other || address) + (fragment || ""));
  check.loaded = await until(DRAWN);
  await until(IDLE);
}

async function finish() { /* what is on its way arrives, and is drawn */
  await until(IDLE);
  await until('return !document.querySelector("#drawing [pathLength]");', 5000);
  await page.frame();
}

/* ---- what is loaded ---- */

function quiet(what, allowed) {
  const faulty = page.events.filter((event) => event.method === "Runtime.exceptionThrown" ||
    (event.method === "Runtime.consoleAPICalled" && ["error", "warning", "assert"].includes(event.params.type)) ||
    (event.method === "Log.entryAdded" && ["error", "warning"].includes(event.params.entry.level) &&
      !(event.params.entry.url || "").endsWith("/favicon.ico"))); /* which a browser asks for by itself */
  check(`nothing in the console, ${what}`, faulty.length === 0, faulty);
  const addresses = page.events.filter((event) => event.method === "Network.requestWillBeSent")
    .map((event) => event.params.request.url).filter((url) => !/^(blob|data):/.test(url) && !url.endsWith("/favicon.ico"));
  check(`only its own address is asked, ${what}`, addresses.length > 0 && addresses.every((url) => url.startsWith(allowed)),
    addresses.filter((url) => !url.startsWith(allowed)));
}

async function loads() {
  await fresh();
  const found = await evaluate(`
    const count = (part) => document.querySelectorAll("#drawing [data-part=" + part + "] path").length;
    return { h1: document.querySelector("h1").textContent, title: document.title, curves: count("curves"), sets: count("sets"),
      points: document.querySelectorAll("#drawing [data-point]").length, dashed: document.querySelectorAll("#drawing [data-part=curves] path[stroke-dasharray]").length,
      leaves: document.querySelectorAll("#drawing path[data-part=leaves]").length,
      names: Array.from(document.querySelectorAll("#drawing tspan"), (t) => t.textContent).join(""),
      sub: document.querySelectorAll("h1 i, .knob sub").length, command: document.getElementById("command").textContent };`);
  check("the portrait is drawn: field, fixed points solid and dashed, leaves", check.loaded && found.curves > 3 &&
    found.dashed === 1 && found.points === 1 && found.leaves === 1 && found.sets === 2, found);
  check("names are set as mathematics, and the command stands below", found.sub > 1 && /a1/.test(found.names) &&
    found.command.startsWith("settle portrait chain") && found.title.includes("settle explore"), found);
  await sleep(400);
  quiet("served", address);
}

/* ---- a click ---- */

async function launches() {
  await fresh();
  await page.hold("trajectory");
  await page.click(...await at(-2, 1));
  const ring = await until('return document.querySelectorAll("#drawing [data-track] circle[fill=none]").length === 2;', 5000);
  const early = await evaluate(`return { list: document.querySelector("#tracks .open small").textContent,
    paths: document.querySelectorAll("#drawing [data-track] path").length };`);
  check("the predicted limit is there before the trajectory", ring && page.held.length > 0 && early.paths === 0 &&
    /predicted: settled/.test(early.list), { ...early, held: page.held.length });
  await page.release();
  check("then the path is drawn little by little", await until('return !!document.querySelector("#drawing [data-track] [pathLength]");', 5000));
  await finish();
  const [one] = await tracks();
  check("a click launches a trajectory, and its ending is told", one && /settled at \(1\.7\d+, 0\.56\d+\), as predicted/.test(one.text) && one.agrees, one);
  check("and told to a reader", await evaluate('return /Trajectory 1 from .* settled .*as predicted/.test(document.getElementById("live").textContent);'));
  const start = await evaluate('return Array.from(document.querySelectorAll("#start-fields input"), (f) => f.value);');
  check("the start is written as numbers", start.every((text) => /^-?\d(\.\d{1,2})?$/.test(text)), start);
  await shot("click");
  return start;
}

async function hovers() {
  const point = await evaluate(`
    const hit = document.querySelector("#drawing [data-hit]"), box = document.getElementById("drawing").getBoundingClientRect();
    const matrix = hit.getCTM();
    for (let part = 1; part > 0; part -= 0.002) { /* much of it is far away */
      const p = hit.getPointAtLength(hit.getTotalLength() * part), x = box.left + p.x, y = box.top + p.y;
      if (document.elementFromPoint(x, y) === hit) return [x, y];
    }
    return null;`);
  await page.mouse("mouseMoved", point[0], point[1]);
  await page.frame();
  const shown = 'const tip = document.getElementById("tip"); return tip.hidden ? "" : tip.textContent;';
  const text = await evaluate(shown);
  check("hovering shows the evidence", /settled/.test(text) && /transverse rate/.test(text) && /contraction region/.test(text), text);
  await shot("hover");
  await page.mouse("mouseMoved", 5, 5);
  await page.frame();
  check("and only while it lasts", await evaluate(shown) === "");
  await evaluate('document.querySelector("#tracks .open").focus();');
  await page.frame();
  check("the keyboard's focus in the list shows it, too", /transverse rate/.test(await evaluate(shown)));
  await press("Enter");
  const opened = await evaluate(`const d = document.querySelector("#tracks .detail");
    return { text: d ? d.textContent : "", expanded: document.querySelector("#tracks .open").getAttribute("aria-expanded"),
      kept: document.activeElement.matches(".open") };`);
  check("and Enter keeps it open, with the prediction", /predicted, without integrating/.test(opened.text) &&
    /settle run chain/.test(opened.text) && opened.expanded === "true" && opened.kept, opened);
  const [x, y] = await at(-1, -1);
  await page.mouse("mouseMoved", x, y);
  await page.frame();
  check("a fixed point says what it is", /^semistable fixed point .*eigenvalues/.test(await evaluate(shown)), await evaluate(shown));
  await page.mouse("mouseMoved", 5, 5);
}

async function copies() {
  await send("Browser.grantPermissions", { permissions: ["clipboardReadWrite", "clipboardSanitizedWrite"] });
  await evaluate('document.querySelector("#tracks .detail button").focus();');
  await press("Enter");
  await sleep(100);
  const command = await evaluate("return navigator.clipboard.readText();");
  check("the command is copied", /^settle run chain .*--init/.test(command), command);
  const run = JSON.parse(execFileSync("sh", ["-c", command.replace(/^settle/, `"$0"`) + " --json", settle], { encoding: "utf8" }));
  const limit = await evaluate(`const row = Array.from(document.querySelectorAll("#tracks .detail tr")).find((tr) => tr.cells[0].textContent === "limit");
    return row.cells[1].textContent;`);
  const numbers = limit.replace(/\u2212/g, "-").match(/= ?-?[\d.]+/g).map((text) => Number(text.slice(1)));
  check("and run by settle it has the same limit", run.ending === "settled" && numbers.length === 2 &&
    numbers.every((v, k) => Math.abs(v - run.limit[k]) < SAME * (1 + Math.abs(v))), { limit, run: run.limit });
}

/* ---- parameters ---- */

/* Of the frame that shows another map and another portrait, since the slider's event. */
const SLIDE = (value) => `
  const slider = document.querySelector("[data-slider=c1]"), canvas = document.getElementById("map");
  const look = () => {
    const c = canvas.getContext("2d"), w = canvas.width, h = canvas.height;
    const cells = Array.from({ length: 12 }, (_, k) => c.getImageData(Math.floor(w * (k + 0.5) / 12), Math.floor(h * 0.3), 1, 1).data.join());
    return [cells.join(" "), document.querySelector("#drawing [data-part=field] path").getAttribute("d")];
  };
  const old = look();
  return new Promise(function (done) {
    slider.value = ${value};
    const begun = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    const frame = function () {
      const now = look();
      if (now[0] !== old[0] && now[1] !== old[1]) {
        const channel = new MessageChannel(); /* after this frame */
        channel.port1.onmessage = () => done(performance.now() - begun);
        channel.port2.postMessage(0);
      } else if (performance.now() - begun > 3000) done(null);
      else requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });`;

async function slides() {
  await fresh("#show=basin,field,fixed,leaves,sets");
  await until('return !document.getElementById("map").hidden;');
  await sleep(1000);
  const medians = [];
  for (let round = 0; round < ROUNDS; round++) {
    const times = [];
    for (let k = 0; k < SLIDES; k++) {
      await until(IDLE);
      await sleep(120);
      times.push(await evaluate(SLIDE(round % 2 ? 2 - 0.2 * k : 0.45 + 0.2 * k)));
    }
    const seen = times.filter((t) => t !== null).sort((a, b) => a - b);
    medians.push(seen.length === SLIDES ? seen[(SLIDES - 1) / 2] : Infinity);
    if (medians[round] < REDRAW) break; /* a busy machine has another chance */
  }
  const own = await evaluate('return performance.getEntriesByName("redraw").map((e) => e.duration).sort((a, b) => a - b);');
  console.log(`# slider to drawn frame, 60x60 cells: median ${medians.map((m) => m.toFixed(0)).join(", ")} ms; by the page itself ` +
    `${own.length ? own[Math.floor(own.length / 2)].toFixed(0) : "-"} ms`);
  const busy = os.loadavg()[0] > BUSY * os.cpus().length;
  if (Math.min(...medians) >= REDRAW && busy)
    console.log(`not ok 1 # SKIP a slider redraws in less than ${REDRAW} ms: ${os.loadavg()[0]} programs want ${os.cpus().length} processors`);
  else check(`a slider redraws portrait and basins in less than ${REDRAW} ms`, Math.min(...medians) < REDRAW, medians);
  check("the page measures it, too", own.length >= SLIDES && /redrawn in \d+ ms/.test(await evaluate('return document.getElementById("timing").textContent;')), own);
  await until(IDLE);
  const now = await evaluate(`return { field: document.querySelector("[data-field=c1]").value, hash: location.hash,
    command: document.getElementById("command").textContent };`);
  await sleep(900);
  const command = await evaluate('return document.getElementById("command").textContent;');
  check("the command follows", command.includes(`--c ${now.field}`), { command, now });
  check("and the address", (await evaluate("return location.hash;")).includes(`o.c=${now.field}`), now);
}

async function types() {
  await fresh();
  await page.click(...await at(-2, 1));
  await finish();
  const [before] = await tracks();
  await evaluate('const f = document.querySelector("[data-field=c1]"); f.focus(); f.select();');
  await page.type("1/2");
  await press("Enter");
  await evaluate('document.querySelector("[data-field=c1]").blur();');
  await sleep(500);
  await finish();
  const [after] = await tracks();
  const command = await evaluate('return document.getElementById("command").textContent;');
  check("a field takes 1/2 as it is", command.includes("--c 1/2"), command);
  check("and trajectories follow", after.text !== before.text && /as predicted/.test(after.text), [before, after]);
  await evaluate('const f = document.querySelector("[data-field=c1]"); f.focus(); f.select();');
  await page.type("what");
  await evaluate('document.querySelector("[data-field=c1]").blur();');
  await page.frame();
  const wrong = await evaluate(`return { text: document.getElementById("error").textContent, hidden: document.getElementById("error").hidden,
    invalid: document.querySelector("[data-field=c1]").getAttribute("aria-invalid") };`);
  check("a word is no number, and said so in one line", !wrong.hidden && /number is expected/.test(wrong.text) && wrong.invalid === "true", wrong);
}

async function rules() {
  await fresh();
  const choose = (option, value) => evaluate(`
    const label = Array.from(document.querySelectorAll(".parameters label")).find((l) => l.textContent === "${option}");
    const field = document.getElementById(label.htmlFor);
    field.value = "${value}";
    field.dispatchEvent(new Event("change", { bubbles: true }));`);
  await choose("depth", 3);
  check("another depth has another unknown", await until('return document.querySelectorAll("#plane-0 option").length === 3;', 5000));
  await until(DRAWN);
  await finish();
  const found = await evaluate('return { slices: document.querySelectorAll("#plane input").length, error: document.getElementById("error").hidden };');
  check("whose value is a field", found.slices === 1 && found.error, found);
  await page.click(...await at(1.2, -0.8));
  await finish();
  const [deep] = await tracks();
  check("and trajectories have three numbers", deep && /settled|saddle|creeping/.test(deep.text), deep);
  await choose("rule", "srbp");
  await sleep(300);
  await until(DRAWN);
  await finish();
  check("another rule", await evaluate('return /srbp/.test(document.querySelector("h1").textContent) && document.getElementById("error").hidden;'));
  await evaluate('const f = document.getElementById("plane-1"); f.value = "a3"; f.dispatchEvent(new Event("change", { bubbles: true }));');
  await sleep(400);
  await until(DRAWN);
  await finish();
  check("another plane", await evaluate(`return document.getElementById("error").hidden &&
    Array.from(document.querySelectorAll("#drawing tspan"), (t) => t.textContent).join("").includes("a3");`));
  quiet("after other systems", address);
}

async function neuronsPart() {
  await fresh("", neurons);
  const found = await evaluate(`const count = (part, more) => document.querySelectorAll("#drawing [data-part=" + part + "] path" + (more || "")).length;
    return { nullclines: count("nullclines"), cycles: count("cycles", "[stroke-dasharray]"), sets: count("sets"),
      points: document.querySelectorAll("#drawing [data-point]").length, said: Array.from(document.querySelectorAll(".layer"), (l) => l.textContent) };`);
  check("with neurons: nullclines, separatrices and the cycle", found.nullclines === 4 && found.cycles === 1 && found.sets === 4 && found.points >= 2 &&
    ["repelling limit cycle", "saddle", "attracting fixed point"].every((text) => found.said.some((s) => s.includes(text))), found);
  await page.click(...await at(-0.5, 0.1));
  await finish();
  check("a trajectory without prediction is told as it ends", /unbounded, no prediction/.test((await tracks())[0].text), await tracks());
  await shot("neurons");
}

async function linePart() {
  await fresh("", line);
  const [x] = await at(0.4, 0), [, y] = await at(0, 2);
  await page.click(x, y);
  await finish();
  const found = await evaluate(`return { fields: Array.from(document.querySelectorAll("#start-fields label")).filter((l) => !l.hidden).length,
    points: document.querySelectorAll("#drawing [data-point]").length, error: document.getElementById("error").textContent };`);
  const [one] = await tracks();
  check("of a flow of one unknown the line is shown", found.fields === 1 && found.points === 3 && found.error === "", found);
  const mark = await evaluate('const r = document.querySelector("#drawing [data-track] rect").getBoundingClientRect(); return r.top + r.height / 2;');
  check("and a click above it starts on it", Math.abs(mark - (await at(0, 0))[1]) < 2 && /^x = 0\.\d+settled at 1, as predicted/.test(one.text), one);
  await shot("line");
}

/* ---- keys and pointers ---- */

async function keyboard() {
  await fresh();
  await evaluate('document.querySelector(".skip").focus();');
  await press("Enter");
  check("the first stop leads to the portrait", await evaluate('return document.activeElement.id === "plot" || location.hash === "#plot";'));
  await fresh();
  await focusPlot();
  const outlined = await evaluate('return getComputedStyle(document.getElementById("plot")).outlineStyle;');
  check("its focus is visible", outlined === "solid", outlined);
  const fields = () => evaluate('return Array.from(document.querySelectorAll("#start-fields input"), (f) => Number(f.value));');
  await press("ArrowRight"); /* shows the cross */
  const first = await fields();
  await press("ArrowRight");
  await press("ArrowUp");
  await press("ArrowUp");
  const moved = await fields();
  check("arrows move the cross", Math.abs(moved[0] - first[0] - 0.12) < 0.011 && Math.abs(moved[1] - first[1] - 0.24) < 0.011, [first, moved]);
  await press("Enter");
  await finish();
  check("Enter launches", (await tracks()).length === 1 && /settled/.test((await tracks())[0].text), await tracks());
  await press("Enter", true);
  await finish();
  const both = await tracks();
  check("Shift and Enter launch backwards", both.length === 2 && /backwards/.test(both[1].text), both);
  await press("Delete");
  check("Delete removes the last", JSON.stringify(await tracks()) === JSON.stringify(both.slice(0, 1)), await tracks());
  await press("u");
  await finish();
  check("U brings it back", JSON.stringify(await tracks()) === JSON.stringify(both), [both, await tracks()]);
  const wide = await windowNow();
  await press("+");
  await sleep(300);
  const near = await windowNow();
  check("plus zooms in", near[1] - near[0] < 0.8 * (wide[1] - wide[0]), [wide, near]);
  await press("ArrowRight", true);
  await sleep(300);
  check("Shift and an arrow move the window", (await windowNow())[0] > near[0]);
  await press("0");
  await sleep(300);
  check("0 shows all again", (await windowNow()).join() === wide.join(), await windowNow());
  await press("b");
  check("B shows the basins", await until('return !document.getElementById("map").hidden && document.querySelectorAll(".swatch").length > 0;', 5000));
  await press("?");
  check("the question mark opens the help", await evaluate('return document.getElementById("help").open;'));
  await shot("help");
  await press("Escape");
  check("and Escape closes it, with the focus where it was", await evaluate('return !document.getElementById("help").open && document.activeElement.id === "plot";'));
}

async function pointers() {
  await fresh();
  const wide = await windowNow(), [x, y] = await at(1, 1);
  await page.mouse("mouseWheel", x, y, { deltaX: 0, deltaY: -300 });
  await sleep(400);
  const near = await windowNow();
  check("the wheel zooms about the pointer", near[1] - near[0] < 0.95 * (wide[1] - wide[0]) && near[0] < 1 && near[1] > 1, near);
  await page.mouse("mousePressed", x, y, { button: "left", clickCount: 1 });
  await page.mouse("mouseMoved", x + 40, y, { button: "left", buttons: 1 });
  await page.mouse("mouseMoved", x + 90, y + 30, { button: "left", buttons: 1 });
  await page.mouse("mouseReleased", x + 90, y + 30, { button: "left", clickCount: 1 });
  await sleep(400);
  const away = await windowNow();
  check("dragging moves the window and launches nothing", away[0] < near[0] && away[3] > near[3] && (await tracks()).length === 0, [near, away]);
  await page.click(x, y);
  await page.click(x, y, { clickCount: 2 });
  await sleep(400);
  check("a double click shows all, and launches nothing", (await windowNow()).join() === wide.join() && (await tracks()).length === 0,
    [await windowNow(), await tracks()]);
  const [u, v] = await at(-1.5, 2);
  await send("Emulation.setTouchEmulationEnabled", { enabled: true });
  await send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x: u, y: v }] });
  await send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await finish();
  check("a tap launches", (await tracks()).length === 1, await tracks());
  await send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x: x - 40, y, id: 0 }, { x: x + 40, y, id: 1 }] });
  for (const far of [60, 90, 120])
    await send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [{ x: x - far, y, id: 0 }, { x: x + far, y, id: 1 }] });
  await send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await sleep(400);
  const pinched = await windowNow();
  check("two fingers zoom", pinched[1] - pinched[0] < 0.6 * (wide[1] - wide[0]) && (await tracks()).length === 1, pinched);
  await send("Emulation.setTouchEmulationEnabled", { enabled: false });
}

/* ---- the figure, the address ---- */

async function saves() {
  await fresh("#show=basin,field,fixed,leaves,sets&at=-2,1,b;0.5,-2,f");
  await finish();
  await until(`return document.querySelectorAll(".swatch").length > 0;`);
  await sleep(1500);
  const folder = fs.mkdtempSync(path.join(profile, "saved-"));
  await send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: folder });
  await page.click(...await evaluate('const b = document.getElementById("export").getBoundingClientRect(); return [b.left + 5, b.top + 5];'));
  for (let k = 0; k < 100 && !fs.readdirSync(folder).some((name) => name.endsWith(".svg")); k++) await sleep(50);
  await sleep(200);
  const [name] = fs.readdirSync(folder);
  check("the button saves an SVG", name === "chain.svg", fs.readdirSync(folder));
  if (!name) return;
  const text = fs.readFileSync(path.join(folder, name), "utf8");
  const found = await evaluate(`
    const tree = new DOMParser().parseFromString(${JSON.stringify(text)}, "image/svg+xml"), all = Array.from(tree.querySelectorAll("*"));
    const ids = all.map((e) => e.id).filter(Boolean), attributes = all.flatMap((e) => Array.from(e.attributes));
    return { root: tree.documentElement.tagName, broken: tree.querySelectorAll("parsererror").length,
      scripts: tree.querySelectorAll("script, foreignObject, style, a").length,
      handlers: attributes.filter((a) => a.name.startsWith("on") || a.name === "style" || a.name === "class").length,
      outside: attributes.filter((a) => /href|src/.test(a.name) && !/^(#|data:image\\/png;base64,)/.test(a.value)).length,
      lost: attributes.filter((a) => /^url\\(#/.test(a.value) && !ids.includes(a.value.slice(5, -1))).length,
      bad: attributes.filter((a) => !a.value.startsWith("data:image/png;base64,") && /NaN|undefined|null|Infinity/.test(a.value)).map((a) => a.name + "=" + a.value.slice(0, 60)),
      twice: ids.filter((id, k) => ids.indexOf(id) !== k), maps: tree.querySelectorAll("image").length,
      desc: tree.querySelector("desc").textContent, texts: tree.querySelectorAll("text").length };`);
  check("it is XML, whole and without scripts", found.root === "svg" && found.broken === 0 && found.scripts === 0 && found.handlers === 0 &&
    found.bad.length === 0, found);
  check("it needs nothing from elsewhere, and has the map", found.outside === 0 && found.lost === 0 && found.twice.length === 0 && found.maps === 1, found);
  check("it says which commands make it", /^settle portrait chain/.test(found.desc) && found.desc.split("\n").filter((l) => /^settle run chain/.test(l)).length === 2, found.desc);
  if (pictures) fs.writeFileSync(path.join(pictures, "saved.svg"), text);
}

async function reloads() {
  await fresh();
  await page.click(...await at(-2, 1));
  await evaluate('const f = document.querySelector("[data-field=alpha]"); f.focus(); f.select();');
  await page.type("3/2");
  await press("Enter");
  await focusPlot();
  await press("ArrowUp");
  await press("-");
  await sleep(900);
  await finish();
  const look = () => evaluate(`return [location.hash, document.querySelector("[data-field=alpha]").value,
    Array.from(document.querySelectorAll("#tracks .open"), (o) => o.textContent).join("; ")];`);
  const before = await look(), hash = before[0];
  await page.open(address + hash);
  await until(DRAWN);
  await finish();
  check("a reload keeps everything", JSON.stringify(await look()) === JSON.stringify(before) && /1\.5|3\/2/.test(before[1]), [before, await look()]);
  await fresh("#o.c=nonsense&window=3,1,2&at=x,y,z&show=field,nothing");
  const found = await evaluate('return { error: document.getElementById("error").textContent, tracks: document.querySelectorAll("#tracks li").length };');
  check("a fragment that is nonsense does no harm", check.loaded && found.tracks === 0, found);
}

/* ---- maps ---- */

async function greys() {
  await fresh();
  await page.answer("basin", () => ({ w: 4, h: 1, cells: [-1, -2, -3, 0], shade: [0, 0, 0, 0.34], complete: true, milliseconds: 1000,
    classes: [{ label: "a1 > 0", colour: "#0072b2" }] }));
  await focusPlot();
  await press("b");
  await until('return document.querySelectorAll(".swatch").length === 4;', 5000);
  await page.frame();
  const found = await evaluate(`
    const c = document.getElementById("map"), g = c.getContext("2d"), pixels = (k) => new Set(Array.from({ length: 60 }, (_, j) =>
      Array.from(g.getImageData(Math.floor(c.width * (k + 0.2) / 4) + j, Math.floor(c.height / 2), 1, 1).data.slice(0, 3)).join()));
    return { cells: [0, 1, 2, 3].map((k) => Array.from(pixels(k))), said: Array.from(document.querySelectorAll(".layer.part"), (l) => l.textContent) };`);
  check("undecided is grey, unbounded white, and nothing else is either", found.cells[0].join() === "180,180,180" && found.cells[1].join() === "255,255,255" &&
    found.cells[2].length > 1 && found.cells[3].length === 1 && found.cells[3][0] !== found.cells[0][0], found.cells);
  check("and the legend says so", ["undecided", "unbounded", "not computed yet: hatched"].every((text) => found.said.includes(text)), found.said);
  await page.answered();
}

async function outdated() {
  await fresh();
  await page.hold("portrait?");
  await evaluate('const s = document.querySelector("[data-slider=c1]"); for (const v of [1.5, 1.6, 1.7, 1.8, 1.9]) { s.value = v; s.dispatchEvent(new Event("input", { bubbles: true })); }');
  await sleep(300);
  check("while one question is on its way, no other is asked", page.held.length === 1, page.held.map((h) => h.request.url));
  const first = page.held.shift();
  await send("Fetch.continueRequest", { requestId: first.requestId });
  await sleep(300);
  check("and then only the newest", page.held.length === 1 && /[?&]c=1\.9(&|$)/.test(page.held[0].request.url), page.held.map((h) => h.request.url));
  await page.release();
  await finish();
}

async function fails() {
  await fresh();
  await page.click(...await at(1, -2));
  await finish();
  await evaluate('const f = document.querySelector("[data-field=beta]"); f.focus(); f.select();');
  await page.type("1e400");
  await press("Enter");
  await sleep(500);
  const local = await evaluate('return document.getElementById("error").textContent;');
  check("a number that is none is refused", /number is expected/.test(local), local);
  await evaluate(`history.replaceState(null, "", "#"); window.settleFault = true;`);
  await page.open(address + "#o.depth=2&o.c=1,2,3,4,5");
  await until(DRAWN);
  await sleep(200);
  const told = await evaluate('return { error: document.getElementById("error").textContent, lines: document.getElementById("error").textContent.split("\\n").length };');
  check("what the program refuses is told in one line", told.error.length > 10 && told.lines === 1, told);
  await page.click(...await at(1, -2));
  await finish();
  check("and the page goes on", (await tracks()).length === 1 && /settled/.test((await tracks())[0].text), await tracks());
}

/* ---- sizes, contrast, accessibility ---- */

async function overflow(pixels, scheme) {
  await page.size(pixels, HEIGHT);
  await page.media({ "prefers-color-scheme": scheme });
  await fresh("#show=basin,field,fixed,leaves,sets,cycles,nullclines&at=-2,1,b;0.5,-2,f;-2.5,0.4,f");
  await finish();
  await evaluate('document.querySelector("#tracks .open").click();');
  await sleep(1200);
  await finish();
  const wide = await evaluate(`
    const wide = [];
    for (const element of document.querySelectorAll("body *")) {
      if ((element.closest("svg") && !element.matches("svg")) || element.matches(".skip, .hidden") || element.closest(".hidden, [hidden], dialog")) continue;
      const box = element.getBoundingClientRect();
      if (box.width > 0 && (box.right > innerWidth + 1 || box.left < -1)) wide.push(element.tagName + "." + element.className + " " + box.right);
    }
    return { scroll: document.documentElement.scrollWidth, window: innerWidth, wide: wide.slice(0, 10) };`);
  check(`no overflow at ${pixels} pixels, ${scheme}`, wide.scroll <= pixels && wide.window === pixels && wide.wide.length === 0, wide);
  const cut = await evaluate(`
    const box = document.getElementById("drawing").getBoundingClientRect();
    return Array.from(document.querySelectorAll("#drawing text")).map((t) => [t.textContent, t.getBoundingClientRect()])
      .filter(([, r]) => r.width > 0 && (r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 1 || r.bottom > box.bottom + 1)).map(([t]) => t);`);
  check(`the axes are in the picture at ${pixels} pixels, ${scheme}`, cut.length === 0, cut);
  const poor = await evaluate(CONTRAST);
  check(`contrast of text at ${pixels} pixels, ${scheme}`, poor.looked > 30 && poor.poor.length === 0, poor);
  await shot(`explore-${pixels}-${scheme}`, pixels < 600);
}

const CONTRAST = `
  const numbers = (colour) => (colour.match(/[\\d.]+/g) || [0, 0, 0]).map(Number);
  const part = (c) => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const light = (c) => 0.2126 * part(c[0]) + 0.7152 * part(c[1]) + 0.0722 * part(c[2]);
  const ground = (element) => {
    for (; element; element = element.parentElement) {
      const c = numbers(getComputedStyle(element).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const poor = [];
  let looked = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest("svg, script, style, option, [hidden], button:disabled") || !element.checkVisibility()) continue;
    const style = getComputedStyle(element), a = light(numbers(style.color)), b = light(ground(element));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), size = parseFloat(style.fontSize);
    looked += 1;
    if (ratio < (size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? ${LARGE_TEXT} : ${TEXT}))
      poor.push(element.tagName + "." + element.className + " " + ratio.toFixed(2) + " " + style.color);
  }
  for (const text of document.querySelectorAll("#drawing > g:last-of-type text")) {
    const a = light(numbers(getComputedStyle(text).fill)), b = light(ground(document.getElementById("plot")));
    if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < ${TEXT}) poor.push("axis " + getComputedStyle(text).fill);
  }
  return { looked, poor: Array.from(new Set(poor)).slice(0, 10) };`;

async function accessibility() {
  await page.size(WIDE, HEIGHT);
  await fresh("#at=-2,1,b");
  await finish();
  const found = await evaluate(`
    const ids = Array.from(document.querySelectorAll("[id]"), (element) => element.id);
    const name = (e) => (e.getAttribute("aria-label") || (e.labels && e.labels.length ? e.labels[0].textContent : "") || e.textContent ||
      (e.getAttribute("aria-labelledby") || "").split(" ").map((id) => (document.getElementById(id) || {}).textContent || "").join("")).trim();
    return { language: document.documentElement.lang, first: document.querySelectorAll("h1").length,
      twice: ids.filter((id, k) => ids.indexOf(id) !== k),
      nameless: Array.from(document.querySelectorAll("button, input, select, [role=application], [role=img]")).filter((e) => !name(e)).map((e) => e.outerHTML.slice(0, 80)),
      live: document.querySelectorAll("[aria-live=polite]").length, alert: document.querySelectorAll("[role=alert]").length,
      styles: document.querySelectorAll("body [style*=expression], body [onclick]").length };`);
  check("language, one main heading, ids used once", found.language === "en" && found.first === 1 && found.twice.length === 0, found);
  check("everything that can be used has a name", found.nameless.length === 0, found.nameless);
  check("endings are told, and errors", found.live >= 1 && found.alert === 1, found);
  const tree = (await send("Accessibility.getFullAXTree")).nodes.filter((node) => !node.ignored);
  const role = (name) => tree.filter((node) => node.role && node.role.value === name);
  for (const landmark of ["banner", "main", "contentinfo"]) check(`a landmark: ${landmark}`, role(landmark).length === 1, role(landmark).length);
  check("regions have names", role("region").length >= 4 && role("region").every((node) => node.name && node.name.value), role("region").map((n) => n.name));
}

async function calm() {
  await page.media({ "prefers-reduced-motion": "reduce" });
  await fresh();
  await evaluate(`window.moved = 0; new MutationObserver(() => { if (document.querySelector("#drawing [pathLength]")) window.moved += 1; })
    .observe(document.getElementById("drawing"), { subtree: true, childList: true });`);
  await page.click(...await at(-2, 1));
  await finish();
  await sleep(200);
  check("with reduced motion the path is there at once", (await tracks()).length === 1 && await evaluate("return window.moved;") === 0);
  await page.media({});
}

/* ---- the page without a program ---- */

async function alone() {
  await page.size(WIDE, HEIGHT);
  await send("Network.emulateNetworkConditions", { offline: true, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  const url = pathToFileURL(offline).href;
  await page.open(url);
  check("the offline page draws without a network", await until(DRAWN, 10000));
  const says = await evaluate('const s = document.getElementById("offline"); return s.hidden ? "" : s.textContent;');
  check("and says that it is a table", /table/.test(says) && /values/.test(says), says);
  await page.click(...await at(-1.93, 1.07));
  await finish();
  const [one] = await tracks();
  const { starts } = await evaluate('const t = JSON.parse(document.getElementById("data").textContent); return { starts: t.starts };');
  const snap = (values, wanted) => values.reduce((a, b) => Math.abs(b - wanted) < Math.abs(a - wanted) ? b : a);
  const start = await evaluate('return Array.from(document.querySelectorAll("#start-fields input"), (f) => Number(f.value));');
  check("a click takes the nearest start of the table", one && /settled/.test(one.text) &&
    Math.abs(start[0] - snap(starts.x, -1.93)) < 1e-4 && Math.abs(start[1] - snap(starts.y, 1.07)) < 1e-4, { one, start, starts });
  const old = await evaluate('return document.querySelector("#drawing [data-part=field] path").getAttribute("d");');
  await evaluate('const s = document.querySelector("[data-slider]:enabled"); s.value = Number(s.max) - 1; s.dispatchEvent(new Event("input", { bubbles: true }));');
  check("the slider takes the values of the table", await until(`return document.querySelector("#drawing [data-part=field] path").getAttribute("d") !== ${JSON.stringify(old)};`, 5000));
  await focusPlot();
  await press("b");
  check("and the basins are there", await until('return document.querySelectorAll(".swatch").length > 0;', 5000));
  const [x, y] = await at(1.33, -0.77);
  await page.mouse("mouseMoved", x, y);
  await page.frame();
  const reading = await evaluate('return document.getElementById("reading").textContent;');
  check("the reading says which start that is", /nearest tabulated start/.test(reading), reading);
  await sleep(300);
  await shot("offline");
  quiet("offline", url);
  await send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
}

async function gone() {
  await fresh();
  await page.size(WIDE, HEIGHT);
  await send("Network.emulateNetworkConditions", { offline: true, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await evaluate('const s = document.querySelector("[data-slider=c1]"); s.value = 2; s.dispatchEvent(new Event("input", { bubbles: true }));');
  await sleep(500);
  const told = await evaluate('return document.getElementById("error").textContent;');
  check("a program that is gone is missed", /does not answer any more/.test(told), told);
  await send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await evaluate('const s = document.querySelector("[data-slider=c1]"); s.value = 2.5; s.dispatchEvent(new Event("input", { bubbles: true }));');
  await sleep(500);
  check("and the line goes away when it is back", await evaluate('return document.getElementById("error").hidden;'));
}

/* ---- the whole ---- */

const PARTS = { loads, picture, neurons: neuronsPart, line: linePart, launches: async () => { await launches(); await hovers(); await copies(); }, slides, types, rules, keyboard, pointers, saves,
  reloads, greys, outdated, fails, sizes: async () => {
    for (const pixels of [WIDE, NARROW]) for (const scheme of ["light", "dark"]) await overflow(pixels, scheme);
    await page.media({});
  }, accessibility, calm, gone, alone };

async function run() {
  const wanted = (process.env.EXPLORE_PARTS || Object.keys(PARTS).join(" ")).split(" ");
  await page.start(chromium, profile, ["Page", "Runtime", "Log", "Network", "DOM", "Accessibility"]);
  await page.size(WIDE, HEIGHT);
  for (const part of wanted) {
    await PARTS[part]();
    const late = page.events.filter((event) => event.method === "Runtime.exceptionThrown");
    check(`no exception: ${part}`, late.length === 0, late);
  }
  check("the browser has looked at everything", true);
}

run().catch((error) => check("the browser answers", false, String(error.stack || error)))
  .finally(function () {
    page.stop();
    process.exitCode = page.faults() > 0 ? 1 : 0;
    setTimeout(() => process.exit(), 200);
  });
