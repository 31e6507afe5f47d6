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
  const GREEK = { alpha: "\u03b1", beta: "\u03b2", gamma: "\u03b3", lambda: "\u03bb", mu: "\u03bc", sigma: "\u03c3", rho: "\u03c1", eta: "\u03b7", tau: "\u03c4",
    theta: "\u03b8", Sigma: "\u03a3" };
  const WORD = /^[A-Za-z]+/;
  const INDEX = /^(?:_\{([^}]*)\}|_([A-Z]+|[a-z])|_?(\d+(?:_\d+)*))/;
  const LETTER = /[A-Za-z]/;
  const SIGNS = { prod: "\u220f", sum: "\u2211" };
  const POWER = /^\^(?:\((-?[A-Za-z0-9/]+)\)|(-?\d+|[A-Za-z]))/;
  const NUMBER = /^(\d+\.?\d*)(?:e([+-]?)0*(\d+))?(?![A-Za-z])/;
  const SMALL = 0.72, LOWER = 0.24, HIGHER = -0.42; /* of the size of the letters */
  const DIGITS = 6; /* of a number that is read, not copied */
  const FINE = 300; /* parts of the window to which the digits of a start are rounded */

  function indices(found) {
    return (found[1] || found[2] || found[3]).replace(/_/g, ",").replace("!=", "\u2260").replace(/-/g, "\u2212");
  }

  /* A name is one letter, or a Greek word, with its indices; other words are words. */
  function word(text, rest, pieces) {
    const index = INDEX.exec(rest);
    if (SIGNS[text] && index) {
      pieces.push({ text: SIGNS[text], kind: "roman" }, { text: indices(index), kind: "sub" });
      return index[0].length;
    }
    const symbol = GREEK[text] || (SIGNS[text]) || (text.length === 1 && (index || !/^[aAI]$/.test(text) ? text : ""));
    if (!symbol) {
      pieces.push({ text, kind: /^d[A-Zt]$/.test(text) ? "italic" : "roman" }); /* dP/dt */
      return 0;
    }
    pieces.push({ text: symbol, kind: SIGNS[text] ? "roman" : "italic" });
    if (index) pieces.push({ text: indices(index), kind: "sub" });
    return index ? index[0].length : 0;
  }

  function pieces(text) {
    const found = [];
    let rest = String(text);
    while (rest) {
      const letters = WORD.exec(rest), power = POWER.exec(rest), number = NUMBER.exec(rest);
      if (number) {
        rest = rest.slice(number[0].length);
        found.push({ text: !number[3] ? number[1] : number[1] === "1" ? "10" : number[1] + "\u00b710", kind: "roman" });
        if (number[3]) found.push({ text: (number[2] === "-" ? "\u2212" : "") + number[3], kind: "sup" });
      } else if (letters) {
        rest = rest.slice(letters[0].length);
        rest = rest.slice(word(letters[0], rest, found));
      } else if (power) {
        found.push({ text: (power[1] || power[2]).replace("-", "\u2212"), kind: "sup" });
        rest = rest.slice(power[0].length);
      } else {
        const sign = rest.startsWith("...") ? "\u2026" : rest[0];
        found.push({ text: sign === "'" ? "\u2032" : sign === "-" ? "\u2212" : sign === "*" ? "\u00b7" : sign, kind: "roman" });
        rest = rest.slice(sign === "\u2026" && rest[0] === "." ? 3 : 1);
      }
    }
    return found;
  }

  /* A mixed text: a hyphen between letters stays a hyphen; +- is one sign. */
  function sentence(text) {
    return pieces(String(text).replace(/([A-Za-z])-(?=[A-Za-z])/g, "$1\u2011").replace(/\+-/g, "\u00b1"));
  }

  /* Where nothing can be raised: digits of Unicode that are. */
  function raised(text) {
    return text.replace(/[0-9\u2212]/g, (sign) => sign === "\u2212" ? "\u207b" : "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"[sign]);
  }

  settle.plain = function (text) {
    return sentence(text).map((piece) => piece.kind === "sup" ? raised(piece.text) : piece.text).join("");
  };

  /* The text as children of an element of HTML, which is cleared. */
  settle.typeset = function (element, text) {
    const tags = { italic: "i", sub: "sub", sup: "sup" };
    element.replaceChildren(...sentence(text).map(function (piece) {
      if (piece.kind === "roman") return document.createTextNode(piece.text);
      const inner = document.createElement(tags[piece.kind]);
      const letters = piece.kind !== "italic" && LETTER.test(piece.text);
      inner.append(letters ? Object.assign(document.createElement("i"), { textContent: piece.text }) : piece.text);
      return inner;
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
      if (piece.kind === "italic" || (piece.kind !== "roman" && LETTER.test(piece.text))) span.setAttribute("font-style", "italic");
      span.textContent = piece.text;
      element.append(span);
    });
    return element;
  };

  /* ---- numbers ---- */

  settle.number = function (value, digits) {
    if (value === null || value === undefined || !Number.isFinite(Number(value))) return "\u2013";
    const text = String(Number(Number(value).toPrecision(digits || DIGITS)));
    return settle.plain(text);
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
    const parts = String(text).trim().replace(/\u2212/g, "-").split("/");
    const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
    if (parts.length > 2 || !parts.every((part) => number.test(part))) return NaN;
    return parts.length === 2 ? Number(parts[0]) / Number(parts[1]) : Number(parts[0]);
  };
})(window.settle);
