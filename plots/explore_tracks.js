/* Trajectories on the page of `settle explore`: launched, followed, listed.
 *
 * The prediction is asked for first and shown at once; the paths come when they are integrated.  After a change of the
 * system all are asked for again, and faint until then.  Evidence is shown of the one that is pointed at or focused. */
"use strict";

(function (settle) {
  const { page } = settle;
  const { state, MOST_TRACKS, $ } = page;
  const AT_ONCE = 2; /* trajectories on their way */
  const SHORT = 6; /* digits of the starts of a table */
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  /* ---- trajectories ---- */

  let onTheWay = 0;
  const queue = [];
  function proceed() {
    while (onTheWay < AT_ONCE && queue.length > 0) {
      onTheWay += 1;
      queue.shift()().finally(function () {
        onTheWay -= 1;
        page.busy();
        proceed();
      });
    }
  }

  function freeColour() {
    for (let colour = 0; ; colour++)
      if (!state.tracks.some((track) => track.colour === colour)) return colour;
  }

  function launch(start, mode) {
    if (state.tracks.length >= MOST_TRACKS) return page.trouble(`no more than ${MOST_TRACKS} trajectories`);
    let texts = start;
    if (page.table) { /* the nearest start that is in the table */
      const k = page.snapped(start.map(settle.value)), { x, y } = page.table.starts;
      texts = [x[k % x.length], y[Math.floor(k / x.length)]].map((v) => String(Number(v.toPrecision(SHORT))));
    }
    const track = { id: ++state.counter, start: texts, at: texts.map(settle.value), mode, colour: freeColour(), open: false,
      waits: 0, fresh: true, told: false };
    state.tracks.push(track);
    follow(track);
    list();
    page.keep();
    return track;
  }

  /* Asks for the prediction and the paths; `track.turn` tells answers to an older question. */
  function follow(track) {
    const turn = track.turn = (track.turn || 0) + 1, asked = state.generation, init = page.stateOf(track.start);
    const current = () => track.turn === turn && asked === state.generation && state.tracks.includes(track);
    const ways = track.mode === "both" ? ["forward", "backward"] : [track.mode];
    track.waits = ways.length;
    track.error = null;
    const text = page.query({ init });
    if (track.mode !== "backward")
      page.ask("predict", text, { point: track.at }).then(function (answer) {
        if (!current()) return;
        track.predicted = { ...answer, at: page.limitOf(answer) };
        list();
        page.draw("tracks");
      }).catch((error) => current() && page.trouble(error.message));
    ways.forEach(function (way) {
      queue.push(async function () {
        if (!current()) return;
        try {
          const answer = await page.ask("trajectory", text + "&direction=" + way, { point: track.at, direction: way });
          if (current()) landed(track, way, answer);
        } catch (error) {
          if (current()) lost(track, error);
        }
      });
    });
    proceed();
    page.busy();
  }

  function landed(track, way, answer) {
    track[way] = { ...answer, at: answer.ending === "escaped" ? null : page.onPlane(answer.limit) };
    if (way === "forward" && answer.predicted)
      track.predicted = { ...answer.predicted, at: page.limitOf(answer.predicted) };
    track.waits -= 1;
    track.stale = track.waits > 0 && track.stale;
    if (track.fresh && !still.matches) track.begun = performance.now();
    track.fresh = false;
    if (track.told === false && track.waits === 0) {
      track.told = true;
      live(`Trajectory ${state.tracks.indexOf(track) + 1} from ${page.placed(track.at)}: ${told(track)}`);
    }
    list();
    page.draw("tracks");
  }

  function lost(track, error) {
    track.waits -= 1;
    track.error = error.message;
    page.trouble(error.message);
    list();
  }

  function agreement(track) {
    const word = track.forward && track.forward.agreement;
    return { yes: "as predicted", no: "not as predicted", undecided: "agreement undecided", none: "no prediction" }[word] || "";
  }

  /* What became of it, in a line. */
  function told(track) {
    if (track.error) return track.error;
    const main = track.forward || (track.mode === "backward" && track.backward);
    if (!main) {
      const foretold = track.predicted && track.predicted.ending;
      return foretold ? `predicted: ${foretold}${track.predicted.at ? " at " + page.placed(track.predicted.at) : ""}` : "\u2026";
    }
    const where = main.at && main.ending !== "horizon" ? " at " + page.placed(main.at) : "";
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
    page.draw("tracks");
    page.keep();
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

  function rowsOf(answer) {
    const rows = answer.evidence || [];
    return rows.length === 0 && answer.reason ? [{ name: "reason", value: answer.reason }] : rows;
  }

  function evidence(rows, caption) {
    if (rows.length === 0) return null;
    const cell = (row) => row.name === "source" ? html("td", {}, row.value) : settle.typeset(html("td"), row.value);
    return html("table", {}, caption ? html("caption", {}, caption) : null, html("tbody", {}, ...rows.map((row) =>
      html("tr", {}, html("th", { scope: "row" }, row.name), cell(row)))));
  }

  function predictedTable(predicted) {
    const rows = [["ending", predicted.ending], ["limit", predicted.limit ? settle.point(predicted.limit, 8) : null],
      ["rate", predicted.rate === null || predicted.rate === undefined ? null : settle.number(predicted.rate, 8)],
      ["reason", predicted.reason], ["source", predicted.source]].filter((row) => row[1]);
    return evidence(rows.map(([name, value]) => ({ name, value })), "predicted, without integrating");
  }

  function detail(track) {
    const parts = [];
    if (track.forward) parts.push(evidence(rowsOf(track.forward), "forwards: " + track.forward.ending));
    if (track.predicted) parts.push(predictedTable(track.predicted));
    if (track.backward) parts.push(evidence(rowsOf(track.backward), "backwards"));
    return parts.filter(Boolean);
  }

  function commandOf(track) {
    return (track.forward || track.backward || {}).command || "";
  }

  function item(track, k) {
    const colour = page.theme().tracks[track.colour % page.theme().tracks.length], kind = (track.forward || {}).agreement;
    const badge = html("span", { class: "badge", "aria-hidden": "true" }, String(k + 1));
    badge.style.borderColor = colour;
    const from = settle.typeset(html("span"), page.written(track.start));
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
      page.draw("tracks");
    }
    if (!track) return tip(null);
    if (focused && track.open) return undefined;
    return tipAside(track);
  }

  /* In the corner of the frame that has least of the trajectory. */
  function tipAside(track) {
    tip(summary(track), 0, 0);
    const box = $("tip"), pen = page.currentPen(), f = pen.frame, width = box.offsetWidth, height = box.offsetHeight;
    const course = ((track.backward || {}).line || []).concat((track.forward || {}).line || []);
    const ends = [track.at, (track.forward || {}).at].filter(Boolean);
    const corners = [0, 1, 2, 3].map(function (k) {
      const left = f.left + (k % 2 ? f.width - width - 8 : 8), top = f.top + (k < 2 ? f.height - height - 8 : 8);
      const covers = (u, v) => pen.x(u) > left && pen.x(u) < left + width && pen.y(v) > top && pen.y(v) < top + height;
      let covered = ends.filter(([u, v]) => covers(u, v)).length * course.length; /* rather any of the path */
      for (let j = 0; j + 1 < course.length; j += 2) covered += covers(course[j], course[j + 1]) ? 1 : 0;
      return { left, top, covered };
    });
    const best = corners.reduce((a, b) => b.covered < a.covered ? b : a);
    box.style.left = Math.max(4, best.left) + "px";
    box.style.top = Math.max(4, best.top) + "px";
  }

  function summary(track) {
    const k = state.tracks.indexOf(track) + 1;
    const main = track.forward || track.backward;
    const title = html("p", {}, html("strong", {}, `${k}  `), settle.plain(told(track)));
    const reason = track.forward && track.forward.reason ? html("p", { class: "faint" }, track.forward.reason) : null;
    const rows = main ? rowsOf(main).filter((row) => !["ending", "limit", "reason"].includes(row.name)) : [];
    return [title, reason, evidence(rows)].filter(Boolean);
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

  Object.assign(page, { activate, commandOf, copy, follow, freeColour, html, launch, list, live, remove,
    summary, tip });
})(window.settle);
