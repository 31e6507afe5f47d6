/* The filters and frames of the page that `settle report` makes.  Without this script every claim is shown. */
(function () {
  "use strict";
  const form = document.getElementById("filters");

  /* Steps of proofs are printed, too. */
  const closed = [];
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details:not([open])").forEach(function (details) {
      details.open = true;
      closed.push(details);
    });
  });
  window.addEventListener("afterprint", function () {
    closed.splice(0).forEach(function (details) { details.open = false; });
  });

  /* A table that is wider than its frame says that it scrolls. */
  function mark() {
    document.querySelectorAll(".scroll").forEach(function (frame) {
      frame.classList.remove("wide");
      frame.classList.toggle("wide", frame.scrollWidth > frame.clientWidth + 1);
    });
  }
  window.addEventListener("resize", mark);
  mark();
  if (!form) return;

  const field = function (name) { return document.getElementById("filter-" + name); };
  const claims = Array.from(document.querySelectorAll("article.claim"));
  const rows = new Map();
  document.querySelectorAll("tr[data-claim]").forEach(function (row) {
    rows.set(row.dataset.claim, row);
  });
  const texts = new Map(claims.map(function (claim) {
    return [claim, claim.textContent.toLowerCase()];
  }));

  function matches(claim, wanted) {
    const data = claim.dataset;
    return wanted.verdicts.has(data.verdict) &&
      (!wanted.differs || data.record === "differs") &&
      (!wanted.work || data.work === wanted.work) &&
      (!wanted.chapter || data.chapter === wanted.chapter) &&
      (!wanted.system || data.systems.includes("|" + wanted.system + "|")) &&
      wanted.words.every(function (word) { return texts.get(claim).includes(word); });
  }

  function show() {
    const wanted = {
      verdicts: new Set(Array.from(form.querySelectorAll("input[name=verdict]:checked"),
        function (box) { return box.value; })),
      differs: field("differs").checked,
      work: field("work").value,
      chapter: field("chapter").value,
      system: field("system").value,
      words: field("text").value.toLowerCase().split(/\s+/).filter(Boolean)
    };
    let shown = 0;
    claims.forEach(function (claim) {
      const visible = matches(claim, wanted);
      claim.hidden = !visible;
      if (rows.has(claim.id)) rows.get(claim.id).hidden = !visible;
      if (visible) shown += 1;
    });
    document.getElementById("shown").textContent = String(shown);
  }

  /* A link to a claim that is filtered out shows all. */
  function follow() {
    const claim = document.getElementById(location.hash.slice(1));
    if (!claim || !claim.hidden) return;
    form.reset();
    show();
    claim.scrollIntoView();
  }

  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("reset", function () { setTimeout(show); });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  window.addEventListener("hashchange", follow);
  show(); /* a browser that goes back may have kept what was chosen */
  if (location.hash) {
    follow();
    const target = document.getElementById(location.hash.slice(1));
    if (target) target.scrollIntoView();
  }
})();
