// Drawing. Text of data reaches the page through textContent only, never as markup.
const STEP = 30;
const WIDE = matchMedia("(min-width: 60rem)");

function el(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "text") node.textContent = value;
    else if (key === "colour") node.style.setProperty("--colour", value);
    else if (key === "press") node.addEventListener("click", value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

function address(value) {
  return /^https?:\/\//i.test(value) ? value : "";
}

function swatch(colour) {
  return el("span", { class: "swatch", colour, "aria-hidden": "true" });
}

function speakerLine(i) {
  if (!D.voices || D.voices.voice[i] < 0) return null;
  const voice = VOICES[D.voices.voice[i]];
  const name = D.voices.speakers[D.voices.speaker[i]];
  const group = D.voices.groups[D.voices.group[i]];
  const who = voice === "own" ? phrase("outlet’s own voice") : voice === "unknown" ? phrase("voice not known in this language")
    : `${phrase(voice)}: ${name || phrase("no name given")}${group ? ` (${phrase(group)})` : ""}`;
  return el("span", { class: `speaker ${voice}`, dir: "auto", text: who });
}

// Speakers of segments of the passage, other than the speaker of the whole passage.
function otherSpeakers(i) {
  const speaker = D.voices ? D.voices.speakers[D.voices.speaker[i]] : "";
  const others = (D.segments[i] || []).filter((segment) => segment[3] && segment[3] !== speaker);
  const lines = new Set(others.map((segment) => phrase("also {voice}: {speaker}", { voice: phrase(VOICES[segment[2]]), speaker: segment[3] })));
  return [...lines].map((text) => el("span", { class: "speaker", dir: "auto", text }));
}

function frameMarks(i) {
  const scores = P.scores && P.scores[i];
  const marks = D.sets[P.set[i]].map((code, k) => {
    const frame = D.frames[code >= 0 ? code : -1 - code];
    const score = scores ? el("span", { class: "score", text: decimal(scores[k] / 100) }) : null;
    return el("li", { class: code >= 0 ? "mark" : "mark open", colour: frame.colour },
      swatch(frame.colour), code >= 0 ? frame.name : phrase("{frame}: undecided", { frame: frame.name }), score);
  });
  return marks.length ? el("ul", { class: "marks", "aria-label": phrase("Frames") }, ...marks) : null;
}

function wireMark(i) {
  if (P.wire[i] === -1) return null;
  if (P.wire[i] < 0) return el("span", { class: "wire", text: phrase("wire copy") });
  const original = P.wire[i];
  return el("a", {
    class: "wire", href: "#passage=" + encodeURIComponent(P.id[original]),
    text: DOC.language[P.document[original]] !== DOC.language[P.document[i]]
      ? phrase("translates a passage in {outlet}", { outlet: D.outlets[outletOf(original)].name })
      : outletOf(original) === outletOf(i) ? phrase("repeats a passage of this outlet")
      : phrase("wire copy: same words in {outlet}", { outlet: D.outlets[outletOf(original)].name }),
  });
}

function passageText(i, terms) {
  const text = P.text[i];
  const paragraph = el("p", { class: "text", dir: "auto" });
  for (const [start, end, segment, hit] of pieces(i, terms)) {
    let piece = document.createTextNode(text.slice(start, end));
    if (hit) piece = el("mark", {}, piece);
    if (segment) {
      const voice = VOICES[segment[2]];
      piece = el("span", { class: `said ${voice}`, title: `${phrase(voice)}: ${segment[3] || phrase("no name given")}` }, piece);
    }
    paragraph.append(piece);
  }
  return paragraph;
}

// The passage in another language, closed until the reader opens it or asks for all.
let translationsOpen = false;
function translationOf(i) {
  const code = P.translation ? P.translation.of[i] : -1;
  if (code === -1) return null;
  const place = code >= 0 ? code : -2 - code;
  return el("details", { class: "translation", open: translationsOpen && code >= 0, "data-whole": code < 0 },
    el("summary", { lang: D.language, text: code >= 0 ? phrase("Translation") : phrase("Translation of the whole article") }),
    el("p", { class: "text", dir: "auto", lang: P.translation.languages[place] || null, text: P.translation.texts[place] }));
}

function showTranslations(open) {
  translationsOpen = open;
  for (const node of document.querySelectorAll("details.translation:not([data-whole])")) node.open = open;
}

function drawPassage(i, terms, { id = true, outside = false } = {}) {
  const language = DOC.language[P.document[i]];
  const about = [speakerLine(i), ...otherSpeakers(i), wireMark(i), outside ? el("span", { class: "wire", text: phrase("outside the filters") }) : null];
  return el("div", {
    class: outside ? "passage outside" : "passage", id: id ? "p-" + P.id[i] : null, tabindex: "-1", "data-place": i,
    lang: language || null,
  },
    passageText(i, terms),
    translationOf(i),
    el("div", { class: "about", lang: D.language }, frameMarks(i), ...about, el("a", {
      class: "link", href: "#passage=" + encodeURIComponent(P.id[i]), "aria-label": phrase("Link to passage {id}", { id: P.id[i] }),
      text: "¶",
    })),
  );
}

function documentHead(d, level = "h4") {
  const title = DOC.title[d] || phrase("Untitled");
  const url = address(DOC.url[d]);
  const head = el(level, { class: "headline", dir: "auto", lang: DOC.language[d] || null },
    url ? el("a", { href: url, rel: "noopener noreferrer", target: "_blank", text: title }) : title);
  return el("div", { class: "head" }, head, el("p", { class: "date", text: day(DOC.date[d]) }));
}

// Draws a long list a step at a time, at first up to the item at `until`; `draw` returns the node of an item.
function stepwise(items, draw, box, { what, until = -1, step = STEP }) {
  let at = 0;
  const more = el("button", { type: "button", class: "more" });
  const next = (upTo) => {
    const end = Math.min(items.length, upTo);
    let first = null;
    for (; at < end; at++) {
      const node = draw(items[at]);
      first ??= node;
    }
    const remaining = items.length - at;
    more.textContent = phrase("Show {n} more of {n_all} ({what})", {
      n: number(Math.min(step, remaining)), n_all: number(remaining), what,
    });
    if (!remaining) more.remove();
    return first;
  };
  more.addEventListener("click", () => {
    const first = next(at + step);
    (first.matches("[tabindex]") ? first : first.querySelector("[tabindex]")).focus({ preventScroll: true });
  });
  next(Math.max(step, until + 1));
  if (at < items.length) box.append(more);
}

function drawArticles(items, box, result, { until, what, step }) {
  let article = null;
  let previous = -1;
  const body = el("div", { class: "articles" });
  box.append(body);
  stepwise(items, (i) => {
    const d = P.document[i];
    if (!article || P.document[previous] !== d) {
      article = el("article", {}, documentHead(d));
      body.append(article);
      previous = i - 1;
      while (previous >= 0 && P.document[previous] === d) previous--;
    }
    const skipped = i - previous - 1;
    if (skipped) article.append(el("p", { class: "gap", text: phraseN("… {n} passage outside the filters", "… {n} passages outside the filters", skipped) }));
    previous = i;
    return article.appendChild(drawPassage(i, result.terms));
  }, box, { what, until, step });
}

function storyHead(story, state, result) {
  const count = countPassages(story.passages.length, isFiltered(state) ? result.perStory[story.place] : null);
  return el("div", { class: "story-head" },
    el("h2", { id: "heading", tabindex: "-1", dir: "auto", text: story.label }),
    el("p", { class: "facts" }, ...storyFacts(story, count)));
}

function storyFacts(story, count) {
  const when = el("span", { class: "when", text: span(story.first, story.last) });
  return [`${phraseN("{n} outlet", "{n} outlets", story.outlets.size)} · ${count}`, el("span", { class: "dot", text: " · " }), when];
}

function legend() {
  const parts = [];
  if (Object.keys(D.segments).length) {
    parts.push(el("span", { class: "said quoted", text: phrase("quoted") }), el("span", { class: "said reported", text: phrase("reported") }));
  }
  if (D.sets.some((set) => set.some((code) => code < 0))) {
    parts.push(el("span", { class: "mark open" }, swatch("var(--soft)"), phrase("undecided: neither present nor absent")));
  }
  return parts.length ? el("p", { class: "legend" }, phrase("Marks:"), " ", ...parts) : null;
}

function drawColumns(box, story, state, result) {
  const columns = el("div", { class: "columns", tabindex: "0", role: "region", "aria-label": phrase("One column an outlet") });
  const target = state.passage ? PLACE.passage.get(state.passage) : -1;
  const step = Math.max(5, Math.min(STEP, Math.ceil(270 / story.outlets.size)));  // fewer passages in each of many columns
  for (const [place, outlet] of D.outlets.entries()) {
    if (!story.outlets.has(place)) continue;
    const items = story.passages.filter((i) => result.matching[i] && outletOf(i) === place);
    if (!items.length) continue;
    const column = el("section", { class: "column", "aria-labelledby": `outlet-${place}`, colour: outlet.colour },
      el("h3", { id: `outlet-${place}` }, swatch(outlet.colour), el("span", { dir: "auto", text: outlet.name }),
        el("span", { class: "n", text: countPassages(items.length) })));
    drawArticles(items, column, result, { what: phrase("passages in {outlet}", { outlet: outlet.name }), until: items.indexOf(target), step });
    columns.append(column);
  }
  if (columns.childElementCount) box.append(columns);
  else box.append(el("p", { class: "nothing", text: phrase("No passage of this story matches the filters.") }));
}

function drawAll(box, state, result) {
  const items = [];
  for (let i = 0; i < N; i++) if (result.matching[i]) items.push(i);
  box.append(el("div", { class: "story-head" },
    el("h2", { id: "heading", tabindex: "-1", text: isFiltered(state) ? phrase("Matching passages of all stories") : phrase("Passages of all stories") }),
    el("p", { class: "facts", text: phrase("In order of date, outlet and place in the article") })));
  const list = el("div", { class: "results" });
  box.append(list);
  let previous = -1;
  const until = state.passage ? items.indexOf(PLACE.passage.get(state.passage)) : -1;
  stepwise(items, (i) => {
    const d = P.document[i];
    if (previous !== d) {
      const outlet = D.outlets[DOC.outlet[d]];
      const story = STORIES[DOC.story[d]];
      const head = documentHead(d, "h3");
      head.prepend(el("p", { class: "from", colour: outlet.colour }, swatch(outlet.colour), el("span", { dir: "auto", text: outlet.name })));
      head.append(el("p", { class: "in" }, phrase("Story:"), " ",
        el("a", { href: writeState({ ...state, passage: "", view: "", story: story.id }), dir: "auto", text: story.label })));
      list.append(el("article", {}, head));
      previous = d;
    }
    return list.lastElementChild.appendChild(drawPassage(i, result.terms));
  }, box, { what: phrase("passages"), until });
  if (!items.length) list.append(el("p", { class: "nothing", text: phrase("No passage matches. Take a filter away, or search for fewer words.") }));
}

function facingPair(story, state) {
  const counts = new Map();
  for (const i of story.passages) counts.set(outletOf(i), (counts.get(outletOf(i)) || 0) + 1);
  const places = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || a - b);
  const wanted = [state.left, state.right].map((name) => counts.has(PLACE.outlet.get(name)) ? PLACE.outlet.get(name) : -1);
  const left = wanted[0] >= 0 ? wanted[0] : places.find((place) => place !== wanted[1]);
  const right = wanted[1] >= 0 && wanted[1] !== left ? wanted[1] : places.find((place) => place !== left);
  return { left, right, places: places.sort((a, b) => a - b) };
}

function drawFacing(box, story, state, result, { left, right }) {
  const names = [D.outlets[left].name, D.outlets[right].name];
  const filtered = isFiltered({ ...state, outlet: [] });
  const matching = filtered ? match({ ...state, outlet: [] }).matching : null;
  const inside = (i) => i >= 0 && (!matching || matching[i]);
  const rows = facingRows(story, left, right).filter(([i, j]) => inside(i) || inside(j));
  const pairs = rows.filter(([i, j]) => i >= 0 && j >= 0).length;
  const unmatched = [1, 0].map((other) => rows.filter((row) => row[other] < 0 && row[3] < 0).length);
  const facts = unmatched.map((n, side) => phraseN(
    "{n} passage of {outlet} without a counterpart in {other}", "{n} passages of {outlet} without a counterpart in {other}",
    n, { outlet: names[side], other: names[1 - side] },
  ));
  box.append(el("p", { class: "facts", text: [phraseN("{n} aligned pair", "{n} aligned pairs", pairs), ...facts].join("; ") }));
  const body = el("tbody");
  const head = (place) => el("th", { scope: "col", colour: D.outlets[place].colour }, swatch(D.outlets[place].colour),
    el("span", { dir: "auto", text: D.outlets[place].name }));
  const wrap = el("div", { class: "facing" }, el("table", {},
    el("thead", {}, el("tr", {}, head(left), el("th", { scope: "col", class: "close", text: phrase("Similarity") }), head(right))), body));
  box.append(wrap);
  const drawnHeads = new Set();
  const cell = (i, other, side, similarity, near) => {
    const td = el("td", { "data-outlet": names[side] });
    if (i < 0) {
      td.className = near < 0 ? "none" : "elsewhere";
      td.append(near < 0 ? phrase("nothing close in {outlet}", { outlet: names[side] }) : el("a", {
        href: writeState({ ...state, passage: P.id[near] }),
        text: phrase("the closest in {outlet} ({similarity}) stands beside another passage", {
          outlet: names[side], similarity: decimal(similarity / 1000),
        }),
      }));
      return td;
    }
    const d = P.document[i];
    if (!drawnHeads.has(d)) {
      drawnHeads.add(d);
      td.append(documentHead(d, "h3"));
    }
    td.append(drawPassage(i, result.terms, { outside: !inside(i) }));
    return td;
  };
  const target = PLACE.passage.get(state.passage);
  stepwise(rows, ([i, j, similarity, near]) => {
    const close = el("td", { class: "close", text: i >= 0 && j >= 0 ? decimal(similarity / 1000) : "" });
    return body.appendChild(el("tr", { class: i >= 0 && j >= 0 ? "pair" : "single" },
      cell(i, j, 0, similarity, near), close, cell(j, i, 1, similarity, near)));
  }, wrap, { what: phrase("rows"), until: rows.findIndex((row) => row[0] === target || row[1] === target) });
  if (!rows.length) wrap.replaceWith(el("p", { class: "nothing", text: phrase("No passage of these two outlets matches the filters.") }));
}
