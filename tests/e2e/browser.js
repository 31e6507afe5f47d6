/* Headless Chromium for the end-to-end tests, through the DevTools protocol.
 *
 * The protocol goes through a pipe (two inherited file descriptors, messages ended by a zero byte), so that
 * nothing but node is needed.  What the page asks of the network can be held back: see hold(). */
"use strict";
const { spawn } = require("child_process");

const PATIENCE = 30000; /* milliseconds for one answer */
const POLL = 20;
let browser, session, last = 0, rest = "", faults = 0;
const answers = new Map();
exports.events = [];

exports.check = function (what, holds, why) {
  console.log((holds ? "ok - " : "not ok - ") + what);
  if (holds) return;
  faults += 1;
  if (why !== undefined) console.log("# " + JSON.stringify(why).slice(0, 1500));
};
exports.faults = () => faults;
exports.sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

exports.send = function (method, params) {
  const id = ++last;
  return new Promise(function (resolve, reject) {
    const timer = setTimeout(() => reject(new Error(method + ": no answer")), PATIENCE);
    answers.set(id, function (message) {
      clearTimeout(timer);
      answers.delete(id);
      if (message.error) reject(new Error(method + ": " + message.error.message));
      else resolve(message.result);
    });
    browser.stdio[3].write(JSON.stringify({ id, method, params: params || {}, sessionId: session }) + "\0");
  });
};

exports.start = async function (chromium, profile, domains) {
  browser = spawn(chromium, ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--user-data-dir=" + profile,
    "--remote-debugging-pipe", "about:blank"], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  browser.stdio[4].setEncoding("utf8");
  browser.stdio[4].on("data", function (text) {
    const parts = (rest + text).split("\0");
    rest = parts.pop();
    parts.forEach(function (part) {
      const message = JSON.parse(part);
      if (message.id) (answers.get(message.id) || (() => undefined))(message);
      else heard(message);
    });
  });
  const target = await exports.send("Target.createTarget", { url: "about:blank" });
  session = (await exports.send("Target.attachToTarget", { targetId: target.targetId, flatten: true })).sessionId;
  for (const domain of domains) await exports.send(domain + ".enable");
};

exports.stop = function () {
  if (browser) browser.kill();
};

/* The value of a body of a function, or of a promise that it returns. */
exports.evaluate = async function (body) {
  const result = await exports.send("Runtime.evaluate",
    { expression: "(function () {" + body + "})()", returnByValue: true, awaitPromise: true });
  if (result.exceptionDetails) throw new Error(JSON.stringify(result.exceptionDetails).slice(0, 600));
  return result.result.value;
};

exports.frame = () => exports.evaluate("return new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)));");

/* True as soon as the body returns true; false if it does not in time. */
exports.until = async function (body, milliseconds) {
  const begun = Date.now();
  while (Date.now() - begun < (milliseconds || PATIENCE)) {
    if (await exports.evaluate(body)) return true;
    await exports.sleep(POLL);
  }
  return false;
};

exports.open = async function (address) {
  await exports.send("Page.navigate", { url: "about:blank" }); /* another fragment alone would load nothing */
  await exports.sleep(100);
  exports.events.length = 0;
  await exports.send("Page.navigate", { url: address });
  const begun = Date.now();
  while (!exports.events.some((event) => event.method === "Page.loadEventFired")) {
    if (Date.now() - begun > PATIENCE) throw new Error("the page is not loaded");
    await exports.sleep(POLL);
  }
  await exports.frame();
};

exports.size = async function (width, height) {
  await exports.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: width < 600 });
  await exports.frame();
};

exports.media = async function (features) {
  const list = Object.entries(features).map(([name, value]) => ({ name, value }));
  await exports.send("Emulation.setEmulatedMedia", { features: list });
  await exports.frame();
};

const SHIFT = 8;
const CODES = { Tab: 9, Enter: 13, Escape: 27, Delete: 46, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40,
  Backspace: 8, Home: 36, End: 35 };

exports.press = async function (key, shift) {
  const one = key.length === 1, code = one ? key.toUpperCase().charCodeAt(0) : CODES[key];
  const text = key === "Enter" ? "\r" : one ? key : undefined;
  const event = { key, code: key, windowsVirtualKeyCode: code, modifiers: shift ? SHIFT : 0 };
  await exports.send("Input.dispatchKeyEvent", { type: "keyDown", text, ...event });
  await exports.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
  await exports.frame();
};

exports.type = async function (text) {
  for (const letter of text) await exports.press(letter);
};

exports.mouse = function (type, x, y, more) {
  return exports.send("Input.dispatchMouseEvent", { type, x, y, ...more });
};

exports.click = async function (x, y, more) {
  await exports.mouse("mouseMoved", x, y);
  await exports.mouse("mousePressed", x, y, { button: "left", clickCount: 1, ...more });
  await exports.mouse("mouseReleased", x, y, { button: "left", clickCount: 1, ...more });
  await exports.frame();
};

/* ---- requests held back: those whose address contains `part` ---- */

let handler = null;
exports.held = [];

function heard(message) {
  if (message.method === "Fetch.requestPaused") {
    exports.held.push(message.params);
    if (handler) handler(message.params);
  } else exports.events.push(message);
}

exports.hold = async function (part) {
  exports.held.length = 0;
  await exports.send("Fetch.enable", { patterns: [{ urlPattern: "*" + part + "*" }] });
};
exports.release = async function () {
  for (const one of exports.held.splice(0)) await exports.send("Fetch.continueRequest", { requestId: one.requestId }).catch(() => undefined);
  await exports.send("Fetch.disable");
};

/* From now on such requests are answered with what answer(address) returns. */
exports.answer = async function (part, answer) {
  handler = (request) => exports.send("Fetch.fulfillRequest", { requestId: request.requestId, responseCode: 200,
    responseHeaders: [{ name: "Content-Type", value: "application/json" }],
    body: Buffer.from(JSON.stringify(answer(request.request.url))).toString("base64") });
  await exports.hold(part);
};
exports.answered = async function () {
  handler = null;
  exports.held.length = 0;
  await exports.send("Fetch.disable");
};
