/* What all parts of the page of `settle explore` share: its state, and numbers that several of them need.
 *
 * State: the system, the options, the plane, the window, what is shown, the starts, and the last answers.  What a user
 * has chosen of it stands in the fragment of the address (explore.js).
 * Each part adds what others need of it to `page`, when all parts are there. */
"use strict";

(function (settle) {
  const MAP = 60; /* cells along a side, while something moves */
  const VIEW_REST = 90, HISTORY_REST = 500; /* milliseconds */
  const MOST_TRACKS = 40;
  const ZOOM = 1.35;
  const LASTS = "lasts";
  const PARTS = ["basin", "field", "leaves", "nullclines", "sets", "fixed", "cycles"];
  const TITLES = { basin: "basins", field: "direction field", leaves: "leaves", nullclines: "nullclines",
    sets: "further curves", fixed: "fixed points", cycles: "limit cycles" };
  const POINTS = { stable: "attracting fixed point", unstable: "repelling fixed point", saddle: "saddle",
    semistable: "semistable fixed point", neutral: "neutral fixed point", degenerate: "degenerate fixed point",
    centre: "centre", change: "stability changes" };
  const $ = (id) => document.getElementById(id);

  const state = { model: null, options: {}, values: {}, base: [], plane: [], window: [], home: [], mode: "both",
    shown: new Set(["field", "leaves", "nullclines", "sets", "fixed", "cycles"]), tracks: [], setting: 0,
    portrait: null, map: null, raster: null, generation: 0, counter: 0, lasting: false,
    cross: null, crossShown: false, ghost: null, active: null };

  settle.page = { state, MAP, VIEW_REST, HISTORY_REST, MOST_TRACKS, ZOOM, LASTS, PARTS, TITLES, POINTS, $ };
})(window.settle);
