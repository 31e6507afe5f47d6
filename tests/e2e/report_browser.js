/* Looks at a page of `settle report` in headless Chromium, through the DevTools protocol.
 *
 *     node report_browser.js CHROMIUM PROFILE PAGE KIND [PICTURES]
 *
 * KIND is `claims` for the page of a verification, else `figures`.  Prints a line a check, as the other
 * end-to-end tests do.  With PICTURES, a folder, screenshots are kept. */
"use strict";
const fs = require("fs");
const path = require("path");
const { pathToFileURL } = require("url");
const { check, evaluate, events, faults, frame, media, open, press, send, size, start, stop, type } = require("./browser.js");

const [chromium, profile, page, kind, pictures] = process.argv.slice(2);
const WIDTHS = [400, 1400], HEIGHT = 900;
const TEXT = 4.5, LARGE_TEXT = 3; /* contrasts of WCAG 2.1, AA */

/* ---- what is looked at ---- */

function loads() {
  const faulty = events.filter((event) => event.method === "Runtime.exceptionThrown" ||
    (event.method === "Runtime.consoleAPICalled" && ["error", "warning", "assert"].includes(event.params.type)) ||
    (event.method === "Log.entryAdded" && ["error", "warning"].includes(event.params.entry.level)));
  check("nothing in the console", faulty.length === 0, faulty);
  const addresses = events.filter((event) => event.method === "Network.requestWillBeSent")
    .map((event) => event.params.request.url);
  check("the page itself is loaded", addresses.length > 0);
  const other = addresses.filter((url) => !url.startsWith("data:") && !url.startsWith(pathToFileURL(page).href));
  check("and nothing else", other.length === 0, other);
}

async function overflow(pixels) {
  await size(pixels, HEIGHT);
  const wide = await evaluate(`
    const wide = [];
    for (const element of document.querySelectorAll("body *")) {
      if (element.closest(".scroll") && !element.matches(".scroll")) continue;
      if (element.closest("svg") && !element.matches("svg")) continue;
      const box = element.getBoundingClientRect();
      if (box.width > 0 && !element.matches(".skip") && (box.right > innerWidth + 1 || box.left < -1))
        wide.push(element.tagName + "." + element.className + " " + box.right + " " +
          element.textContent.slice(0, 80));
    }
    const page = document.documentElement;
    return { scroll: page.scrollWidth, window: innerWidth, wide: wide.slice(0, 10) };`);
  check(`no overflow at ${pixels} pixels`, wide.scroll <= pixels && wide.window === pixels && wide.wide.length === 0,
    wide);
  const frames = await evaluate(`
    return Array.from(document.querySelectorAll(".scroll")).map((frame) => ({
      wide: frame.scrollWidth > frame.clientWidth + 1,
      says: getComputedStyle(frame, "::before").content.includes("scroll") })).filter((f) => f.wide !== f.says);`);
  check(`tables that are wider than their frame say so at ${pixels} pixels`, frames.length === 0, frames);
  const outside = await evaluate(`
    return Array.from(document.querySelectorAll("math, code")).filter(function (element) {
      if (element.closest(".scroll") || element.closest("details:not([open])")) return false;
      const holder = element.closest("dd, p, h3, li, figcaption, pre, caption");
      return holder && element.getBoundingClientRect().right > holder.getBoundingClientRect().right + 2;
    }).map((element) => element.textContent.slice(0, 80)).slice(0, 10);`);
  check(`formulas and commands stay in their place at ${pixels} pixels`, outside.length === 0, outside);
  if (pictures) {
    const shot = await send("Page.captureScreenshot", { format: "png" });
    fs.writeFileSync(path.join(pictures, `${kind}-${pixels}.png`), Buffer.from(shot.data, "base64"));
  }
}

const CONTRAST = `
  const numbers = function (colour) { return colour.match(/[\\d.]+/g).map(Number); };
  const part = function (c) { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const light = function (c) { return 0.2126 * part(c[0]) + 0.7152 * part(c[1]) + 0.0722 * part(c[2]); };
  const ground = function (element) {
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
    if (!walker.currentNode.data.trim() || element.closest("svg, script, style, option")) continue;
    const style = getComputedStyle(element);
    const a = light(numbers(style.color)), b = light(ground(element));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    looked += 1;
    if (ratio < (large ? ${LARGE_TEXT} : ${TEXT}))
      poor.push(element.tagName + "." + element.className + " " + ratio.toFixed(2) + " " + style.color);
  }
  return { looked, poor: Array.from(new Set(poor)).slice(0, 10) };`;

async function contrast(scheme) {
  await media({ "prefers-color-scheme": scheme });
  const found = await evaluate(CONTRAST);
  check(`contrast of text, ${scheme}`, found.looked > 30 && found.poor.length === 0, found);
  if (pictures && scheme === "dark") {
    const shot = await send("Page.captureScreenshot", { format: "png" });
    fs.writeFileSync(path.join(pictures, `${kind}-dark.png`), Buffer.from(shot.data, "base64"));
  }
  await media({});
}

async function accessibility() {
  const found = await evaluate(`
    const ids = Array.from(document.querySelectorAll("[id]"), (element) => element.id);
    const levels = Array.from(document.querySelectorAll("h1, h2, h3, h4"), (h) => Number(h.tagName[1]));
    const named = function (element) {
      return (element.getAttribute("aria-label") || element.alt || "").trim().length > 10;
    };
    const known = new Set(ids);
    return {
      language: document.documentElement.lang, title: document.title,
      first: document.querySelectorAll("h1").length,
      jumps: levels.filter((level, k) => k > 0 && level > levels[k - 1] + 1).length,
      twice: ids.filter((id, k) => ids.indexOf(id) !== k),
      figures: document.querySelectorAll("figure").length,
      nameless: Array.from(document.querySelectorAll("figure svg, figure img")).filter((f) => !named(f)).length,
      uncaptioned: Array.from(document.querySelectorAll("figure")).filter((f) => !f.querySelector("figcaption")).length,
      unlabelled: Array.from(document.querySelectorAll("input, select")).filter((i) => i.labels.length === 0).length,
      headless: Array.from(document.querySelectorAll("table")).filter((t) => !t.caption || !t.querySelector("th[scope]")).length,
      broken: Array.from(document.querySelectorAll('a[href^="#"]')).filter((a) => !known.has(a.hash.slice(1))).length,
      references: Array.from(document.querySelectorAll("svg use")).filter((use) =>
        !known.has(use.getAttribute("href").slice(1))).length
    };`);
  check("language, title and one main heading", found.language === "en" && found.title && found.first === 1, found);
  check("no level of headings is left out", found.jumps === 0, found);
  check("every id is used once", found.twice.length === 0, found.twice);
  check("figures have a name and a caption", found.figures > 0 && found.nameless + found.uncaptioned === 0, found);
  check("fields have labels", found.unlabelled === 0, found);
  check("tables have captions and heads", found.headless === 0, found);
  check("links and uses lead to something", found.broken + found.references === 0, found);
  const tree = (await send("Accessibility.getFullAXTree")).nodes.filter((node) => !node.ignored);
  const role = (name) => tree.filter((node) => node.role && node.role.value === name);
  for (const landmark of ["banner", "navigation", "main", "contentinfo"])
    check(`a landmark: ${landmark}`, role(landmark).length === 1, role(landmark).length);
  const images = role("image").concat(role("img"));
  check("a reader hears what each figure shows", images.length >= found.figures &&
    images.every((node) => node.name && node.name.value.length > 10), images.map((node) => node.name));
}

async function keyboard() {
  await evaluate("document.activeElement.blur(); scrollTo(0, 0);");
  await press("Tab");
  check("the first stop of the keyboard skips to the results",
    await evaluate('return document.activeElement.matches("a.skip") && document.activeElement.getBoundingClientRect().left >= 0;'));
  await press("Enter");
  check("and it does", await evaluate('return location.hash === "#main";'));
  await order();
}

/* Stops of the keyboard follow each other as they stand on the page, and each is seen to be one. */
async function order() {
  const STOPS = 25;
  check("no stop of the keyboard is moved out of its place",
    await evaluate('return Array.from(document.querySelectorAll("[tabindex]")).every((element) => element.tabIndex <= 0);'));
  await evaluate(`document.activeElement.blur(); scrollTo(0, 0); history.replaceState(null, "", location.pathname);
    window.stops = []; window.unseen = [];
    document.addEventListener("focusin", function (event) {
      const style = getComputedStyle(event.target);
      window.stops.push(event.target);
      if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1)
        window.unseen.push(event.target.outerHTML.slice(0, 80));
    });`);
  for (let k = 0; k < STOPS; k++) await press("Tab");
  const found = await evaluate(`
    const stops = window.stops;
    const follows = (a, b) => Boolean(a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING);
    const back = []; /* but to the top, from the end */
    for (let k = 1; k < stops.length; k++)
      if (!follows(stops[k - 1], stops[k]) && !stops[k].matches("a.skip")) back.push(stops[k].outerHTML.slice(0, 80));
    return { stops: stops.length, back, unseen: window.unseen };`);
  check("the keyboard goes down the page", found.stops > 4 && found.back.length === 0, found);
  check("and one sees where it is", found.unseen.length === 0, found.unseen);
}

/* ---- filters ---- */

const COUNTS = `
  const shown = document.querySelectorAll("article.claim:not([hidden])");
  return { claims: shown.length, rows: document.querySelectorAll("tr[data-claim]:not([hidden])").length,
    said: Number(document.getElementById("shown").textContent), all: document.querySelectorAll("article.claim").length,
    verdicts: Array.from(new Set(Array.from(shown, (a) => a.dataset.verdict))),
    works: Array.from(new Set(Array.from(shown, (a) => a.dataset.work))),
    chapters: Array.from(new Set(Array.from(shown, (a) => a.dataset.chapter))),
    systems: Array.from(shown, (a) => a.dataset.systems), ids: Array.from(shown, (a) => a.id) };`;

function agrees(found) {
  return found.claims === found.rows && found.claims === found.said;
}

async function choose(id) { /* the last option of a select */
  return evaluate(`const field = document.getElementById("filter-${id}");
    field.selectedIndex = field.options.length - 1;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return field.value;`);
}

async function reset() {
  await evaluate('document.querySelector("#filters button").click();');
  await frame();
}

async function filters() {
  let found = await evaluate(COUNTS);
  check("all claims are shown at first", agrees(found) && found.claims === found.all && found.all > 1, found);
  const all = found;
  await evaluate('document.querySelector("input[value=refuted]").focus();');
  await press(" ");
  found = await evaluate(COUNTS);
  check("the space bar takes the refuted ones away", agrees(found) && found.claims < found.all && found.claims > 0 &&
    !found.verdicts.includes("refuted") && all.verdicts.includes("refuted"), found);
  await reset();
  found = await evaluate(COUNTS);
  check("and the button brings them back", agrees(found) && found.claims === found.all, found);
  for (const [id, list] of [["work", "works"], ["chapter", "chapters"]]) {
    const value = await choose(id);
    found = await evaluate(COUNTS);
    check(`one ${id} alone`, agrees(found) && found.claims > 0 && found.claims < found.all &&
      found[list].length === 1 && found[list][0] === value, found);
    await reset();
  }
  const system = await choose("system");
  found = await evaluate(COUNTS);
  const wanted = all.systems.filter((systems) => systems.includes("|" + system + "|")).length;
  check("one system alone", agrees(found) && found.claims === wanted && wanted > 0, { found, system });
  await reset();
  await evaluate('document.getElementById("filter-text").focus();');
  await type("sign once");
  found = await evaluate(COUNTS);
  check("words of a claim", agrees(found) && found.claims === 1 && found.ids[0] === "t2-sign-change-published", found);
  await evaluate('location.hash = "t2-converges";');
  await frame();
  found = await evaluate(COUNTS);
  check("a link to a claim that is filtered out shows all", agrees(found) && found.claims === found.all, found);
  await evaluate('document.getElementById("filter-differs").click();');
  found = await evaluate(COUNTS);
  check("what differs from the record: nothing", agrees(found) && found.claims === 0, found);
  await reset();
}

async function link() {
  await open(pathToFileURL(page).href + "#t2-sign-change-published");
  const found = await evaluate(`
    const box = document.getElementById("t2-sign-change-published").getBoundingClientRect();
    const bar = document.getElementById("filters").getBoundingClientRect();
    const style = getComputedStyle(document.getElementById("filters"));
    return { top: box.top, height: innerHeight, bar: style.position === "sticky" ? bar.bottom : 0,
      marked: !!document.querySelector("article.claim:target") };`);
  check("an address leads to a claim, below the filters", found.marked && found.top >= found.bar - 1 &&
    found.top < found.height, found);
  const formulas = await evaluate(`
    return { count: document.querySelectorAll("math").length,
      flat: Array.from(document.querySelectorAll("math")).filter((m) => m.getBoundingClientRect().height < 5 &&
        !m.closest("[hidden], details:not([open])")).length,
      lower: (function () { const sub = document.querySelector("math msub");
        return sub.children[1].getBoundingClientRect().bottom > sub.children[0].getBoundingClientRect().bottom; })() };`);
  check("formulas are typeset", formulas.count > 10 && formulas.flat === 0 && formulas.lower, formulas);
}

async function print() {
  const printed = await send("Page.printToPDF", { printBackground: false });
  const bytes = Buffer.from(printed.data, "base64");
  const pages = (bytes.toString("latin1").match(/\/Type\s*\/Page\b/g) || []).length;
  check("prints to PDF", bytes.subarray(0, 5).toString() === "%PDF-" && bytes.length > 10000 && pages > 0,
    { bytes: bytes.length, pages });
  if (pictures) fs.writeFileSync(path.join(pictures, `${kind}.pdf`), bytes);
}

/* ---- the whole ---- */

async function run() {
  await start(chromium, profile, ["Page", "Runtime", "Log", "Network", "DOM", "Accessibility"]);
  await size(WIDTHS[1], HEIGHT);
  await open(pathToFileURL(page).href);
  loads();
  await keyboard();
  await accessibility();
  for (const pixels of WIDTHS) await overflow(pixels);
  for (const scheme of ["light", "dark"]) await contrast(scheme);
  if (kind === "claims") {
    await filters();
    await link();
  }
  await print();
  const late = events.filter((event) => event.method === "Runtime.exceptionThrown");
  check("no exception on the way", late.length === 0, late);
}

run().catch(function (error) { check("the browser answers", false, String(error)); })
  .finally(function () {
    stop();
    process.exitCode = faults() > 0 ? 1 : 0;
    setTimeout(function () { process.exit(); }, 200);
  });
