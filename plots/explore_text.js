/* Letters and numbers on the page of `settle explore`.
 *
 * Names and formulas come from the program as plain text, `a1`, `A1_1_2`, `c1 a2 - c2 a1^2/2`, and are set as
 * mathematics: letters in italics, digits after a letter as its subscript, what follows ^ as a superscript,
 * Greek words as letters.  The same pieces become elements of HTML and of SVG, so that the page and a saved
 * figure read alike.  Nothing here is ever parsed as markup. */
"use strict";
window.settle = {};

(function (settle) {
  const SVG = "http://www.w3.org/2000/svg";
  const GREEK = { alpha: "α", beta: "β", gamma: "γ", lambda: "λ", mu: "μ", sigma: "σ", rho: "ρ", eta: "η", tau: "τ",
    theta: "θ", Sigma: "Σ" };
  const WORD = /^[A-Za-z]+/;
  const INDEX = /^_?\d+(?:_\d+)*/;
  const POWER = /^\^(?:\((-?[A-Za-z0-9/]+)\)|(-?\d+|[A-Za-z]))/;
  const NUMBER = /^(\d+\.?\d*)(?:e([+-]?)0*(\d+))?(?![A-Za-z])/;
  const SMALL = 0.72, LOWER = 0.24, HIGHER = -0.42; /* of the size of the letters */
  const DIGITS = 6; /* of a number that is read, not copied */
  const FINE = 300; /* parts of the window to which the digits of a start are rounded */

  /* A name is one letter, or a Greek word, with its indices; other words are words. */
  function word(text, rest, pieces) {
    const index = INDEX.exec(rest);
    const symbol = GREEK[text] || (text.length === 1 && (index || !/^[aAI]$/.test(text) ? text : ""));
    if (!symbol) {
      pieces.push({ text, kind: /^d[A-Zt]$/.test(text) ? "italic" : "roman" }); /* dP/dt */
      return 0;
    }
    pieces.push({ text: symbol, kind: "italic" });
    if (index) pieces.push({ text: index[0].replace(/^_/, "").replace(/_/g, ","), kind: "sub" });
    return index ? index[0].length : 0;
  }

  function pieces(text) {
    const found = [];
    let rest = String(text);
    while (rest) {
      const letters = WORD.exec(rest), power = POWER.exec(rest), number = NUMBER.exec(rest);
      if (number) {
        rest = rest.slice(number[0].length);
        found.push({ text: number[1] + (number[3] ? "·10" : ""), kind: "roman" });
        if (number[3]) found.push({ text: (number[2] === "-" ? "−" : "") + number[3], kind: "sup" });
      } else if (letters) {
        rest = rest.slice(letters[0].length);
        rest = rest.slice(word(letters[0], rest, found));
      } else if (power) {
        found.push({ text: (power[1] || power[2]).replace("-", "−"), kind: "sup" });
        rest = rest.slice(power[0].length);
      } else {
        const sign = rest[0];
        found.push({ text: sign === "'" ? "′" : sign === "-" ? "−" : sign === "*" ? "·" : sign, kind: "roman" });
        rest = rest.slice(1);
      }
    }
    return found;
  }

  /* A mixed text: a hyphen between letters stays a hyphen. */
  function sentence(text) {
    return pieces(String(text).replace(/([A-Za-z])-(?=[A-Za-z])/g, "$1‑"));
  }

  settle.plain = function (text) {
    return sentence(text).map((piece) => piece.text).join("");
  };

  /* The text as children of an element of HTML, which is cleared. */
  settle.typeset = function (element, text) {
    const tags = { italic: "i", sub: "sub", sup: "sup" };
    element.replaceChildren(...sentence(text).map(function (piece) {
      if (piece.kind === "roman") return document.createTextNode(piece.text);
      return Object.assign(document.createElement(tags[piece.kind]), { textContent: piece.text });
    }));
    element.classList.add("set");
    return element;
  };

  /* The text as children of an SVG text of this size in pixels. */
  settle.typesetSvg = function (element, text, size) {
    let shift = 0;
    sentence(text).forEach(function (piece) {
      const span = document.createElementNS(SVG, "tspan");
      const wanted = piece.kind === "sub" ? LOWER * size : piece.kind === "sup" ? HIGHER * size : 0;
      if (wanted !== shift) span.setAttribute("dy", (wanted - shift).toFixed(2));
      shift = wanted;
      if (wanted !== 0) span.setAttribute("font-size", (SMALL * size).toFixed(1));
      if (piece.kind === "italic") span.setAttribute("font-style", "italic");
      span.textContent = piece.text;
      element.append(span);
    });
    return element;
  };

  /* ---- numbers ---- */

  settle.number = function (value, digits) {
    if (value === null || value === undefined || !Number.isFinite(Number(value))) return "–";
    const text = String(Number(Number(value).toPrecision(digits || DIGITS)));
    return text.replace(/e([+-])/, "·10^$1").replace("^+", "^").replace(/-/g, "−");
  };

  settle.point = function (values, digits) {
    return "(" + values.map((value) => settle.number(value, digits || 4)).join(", ") + ")";
  };

  /* A coordinate as one would type it: as many digits as the window shows, so that it is exact as written. */
  settle.typed = function (value, width) {
    const places = Math.max(0, Math.ceil(Math.log10(FINE / width)));
    const text = places > 15 ? String(value) : value.toFixed(Math.min(places, 15));
    const short = text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
    return short === "-0" ? "0" : short;
  };

  /* What is typed, 1/2 or 1e-3, as a number, for the place of a slider or a mark; NaN if it is none. */
  settle.value = function (text) {
    const parts = String(text).trim().replace(/−/g, "-").split("/");
    const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
    if (parts.length > 2 || !parts.every((part) => number.test(part))) return NaN;
    return parts.length === 2 ? Number(parts[0]) / Number(parts[1]) : Number(parts[0]);
  };
})(window.settle);
