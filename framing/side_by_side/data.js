// The data of the page, the state in its address, and the passages that match it. Nothing is drawn here.
const VOICES = ["own", "quoted", "reported", "unknown"];
const ONE = ["passage", "story", "frames", "from", "to", "q", "view", "left", "right"];
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

const D = JSON.parse(document.getElementById("data").textContent);
const COLUMN = "in.";  // before the name of a further column of the documents
const MANY = ["frame", "outlet", "voice", "group", ...D.columns.map((column) => COLUMN + column.name)];
const P = D.passages;
const DOC = D.documents;
const N = P.id.length;
const lowered = new Array(N);

const outletOf = (i) => DOC.outlet[P.document[i]];
const isSomebody = (i) => ["quoted", "reported"].includes(VOICES[D.voices.voice[i]]);
const storyOf = (i) => DOC.story[P.document[i]];

// ---- texts, numbers and days in the language of the page ----

const FORMS = { one: 0, few: 1, many: 2 };
const RULES = new Intl.PluralRules(D.language);
const DAYS = new Intl.DateTimeFormat(D.language, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const number = (n) => n.toLocaleString(D.language);
const decimal = (x) => x.toLocaleString(D.language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (place, key) => Object.hasOwn(values, key) ? values[key] : place);
const phrase = (text, values = {}) => fill(Object.hasOwn(D.texts, text) ? D.texts[text] : text, values);

function phraseN(one, many, n, values = {}) {
  const forms = Object.hasOwn(D.plurals, one) ? D.plurals[one] : [one, many];
  const place = FORMS[RULES.select(n)] ?? forms.length - 1;
  return fill(forms[Math.min(place, forms.length - 1)], { n: number(n), ...values });
}

const countPassages = (n, matching = null) => matching === null ? phraseN("{n} passage", "{n} passages", n)
  : phraseN("{matching} of {n} passage", "{matching} of {n} passages", n, { matching: number(matching) });

function day(iso) {
  if (!iso) return phrase("no date");
  if (D.language !== "en") return DAYS.format(new Date(iso)).replaceAll(" ", "\u00a0");
  const [year, month, date] = iso.split("-");
  return `${Number(date)}\u00a0${MONTHS[month - 1]}\u00a0${year}`;
}

function span(first, last) {
  if (!first || first === last) return day(first);
  if (D.language !== "en") return DAYS.formatRange(new Date(first), new Date(last));
  const [a, b] = [day(first).split("\u00a0"), day(last).split("\u00a0")];
  const start = a[2] !== b[2] ? a : a[1] !== b[1] ? a.slice(0, 2) : a.slice(0, 1);
  return `${start.join(" ")}${start.length === 1 ? "–" : " – "}${b.join(" ")}`.replaceAll(" ", "\u00a0");
}

const STORIES = D.stories.map((story, place) => (
  { ...story, place, passages: [], outlets: new Set(), first: "", last: "" }
));
for (let i = 0; i < N; i++) {
  const story = STORIES[storyOf(i)];
  story.passages.push(i);
  story.outlets.add(outletOf(i));
  const date = DOC.date[P.document[i]];
  if (date) {
    if (!story.first || date < story.first) story.first = date;
    if (date > story.last) story.last = date;
  }
}
const ORDERED = STORIES.filter((story) => story.passages.length).sort((a, b) => (
  a.none - b.none || b.outlets.size - a.outlets.size
  || (a.first || "9").localeCompare(b.first || "9") || a.place - b.place
));
const PLACE = {
  passage: new Map(P.id.map((id, i) => [id, i])),
  story: new Map(STORIES.map((story) => [story.id, story.place])),
  frame: new Map(D.frames.map((frame, i) => [frame.id, i])),
  outlet: new Map(D.outlets.map((outlet, i) => [outlet.name, i])),
  voice: new Map((D.voices ? VOICES : []).map((name, i) => [name, i])),
  group: new Map((D.voices ? D.voices.groups : []).map((name, i) => [name, i])),
};
for (const column of D.columns) PLACE[COLUMN + column.name] = new Map(column.values.map((name, i) => [name, i]));

// ---- the state, which the address holds after # ----

function emptyState() {
  const state = { unknown: [] };
  for (const key of MANY) state[key] = [];
  for (const key of ONE) state[key] = "";
  return state;
}

function readState(hash) {
  const state = emptyState();
  for (const part of hash.replace(/^#/, "").split("&")) {
    const at = part.indexOf("=");
    if (at < 1) continue;
    let key = part.slice(0, at);
    let value = part.slice(at + 1);
    try {
      key = decodeURIComponent(key);
      value = decodeURIComponent(value.replace(/\+/g, " "));
    } catch {
      state.unknown.push(`${key} ${value}`);
      continue;
    }
    const kind = key === "left" || key === "right" ? "outlet" : key;
    const places = Object.hasOwn(PLACE, kind) ? PLACE[kind] : null;
    const valid = places ? places.has(value)
      : key === "frames" ? value === "all"
      : key === "view" ? ["columns", "facing", "all"].includes(value)
      : key === "from" || key === "to" ? /^\d{4}-\d\d-\d\d$/.test(value) : key === "q";
    if (!valid) state.unknown.push(`${key} “${value}”`);
    else if (MANY.includes(key)) state[key].includes(value) || state[key].push(value);
    else state[key] = value;
  }
  return state;
}

function writeState(state) {
  const parts = [];
  for (const key of ["passage", "story", ...MANY, ...ONE.slice(2)]) {
    for (const value of [state[key]].flat()) {
      if (value !== "" || key === "group") parts.push(`${encodeURIComponent(key)}=${encodeURIComponent(value)}`);
    }
  }
  return parts.length ? "#" + parts.join("&") : "#";
}

const isFiltered = (state) => MANY.some((key) => state[key].length) || !!(state.from || state.to || state.q.trim());

// ---- passages that match the state ----

function searchTerms(query) {
  return [...query.matchAll(/"([^"]+)"|([^\s"]+)/g)].map((term) => (term[1] || term[2]).toLowerCase());
}

// 1 at the place of each of the values, null without values.
function flags(key, values, count) {
  if (!values.length) return null;
  const chosen = new Uint8Array(count);
  for (const value of values) chosen[PLACE[key].get(value)] = 1;
  return chosen;
}

function match(state) {
  const matching = new Uint8Array(N);
  const perStory = new Int32Array(STORIES.length);
  const outlets = flags("outlet", state.outlet, D.outlets.length);
  const frames = flags("frame", state.frame, D.frames.length);
  const needed = state.frames === "all" ? state.frame.length : 1;
  const sets = frames && D.sets.map((set) => set.filter((place) => place >= 0 && frames[place]).length >= needed);
  const voices = flags("voice", state.voice, VOICES.length);
  const groups = D.voices && flags("group", state.group, D.voices.groups.length);
  const columns = D.columns.map(({ name, values }, k) => (
    { chosen: flags(COLUMN + name, state[COLUMN + name], values.length), codes: DOC.columns[k] }
  )).filter(({ chosen }) => chosen);
  const terms = searchTerms(state.q);
  const documents = new Uint8Array(DOC.outlet.length);
  for (let d = 0; d < documents.length; d++) {
    const date = DOC.date[d];
    documents[d] = (!outlets || outlets[DOC.outlet[d]])
      && columns.every(({ chosen, codes }) => codes[d] >= 0 && chosen[codes[d]]) && (!state.from || date >= state.from)
      && (!state.to || (date !== "" && date <= state.to)) ? 1 : 0;
  }
  let total = 0;
  for (let i = 0; i < N; i++) {
    const d = P.document[i];
    if (!documents[d] || (sets && !sets[P.set[i]])) continue;
    if (voices && !(D.voices && voices[D.voices.voice[i]])) continue;
    if (groups && !(groups[D.voices.group[i]] && isSomebody(i))) continue;
    if (terms.length) {
      const text = lowered[i] ??= P.text[i].toLowerCase();
      if (!terms.every((term) => text.includes(term))) continue;
    }
    matching[i] = 1;
    perStory[DOC.story[d]]++;
    total++;
  }
  return { matching, perStory, total, terms };
}

// ---- two outlets, row by row ----

let neighbours = null;

function closest(i) {
  if (!neighbours) {
    neighbours = new Map();
    const { a, b, similarity } = D.aligned;
    const add = (x, y, s) => neighbours.has(x) ? neighbours.get(x).push([y, s]) : neighbours.set(x, [[y, s]]);
    for (let k = 0; k < a.length; k++) {
      add(a[k], b[k], similarity[k]);
      add(b[k], a[k], similarity[k]);
    }
  }
  return neighbours.get(i) || [];
}

// Rows [left or -1, right or -1, similarity, nearest]: nearest is -1, or, for a passage without a partner, the passage
// most similar to it, which stands in another row.
// Pairs are matched one to one, the most similar first; rows follow the left outlet's order.
function facingRows(story, left, right) {
  const onLeft = story.passages.filter((i) => outletOf(i) === left);
  const onRight = story.passages.filter((i) => outletOf(i) === right);
  const rightSet = new Set(onRight);
  const pairs = onLeft.flatMap((i) => closest(i).filter(([j]) => rightSet.has(j)).map(([j, s]) => [i, j, s]));
  pairs.sort((x, y) => y[2] - x[2] || x[0] - y[0] || x[1] - y[1]);
  const partner = new Map();
  const nearest = new Map();
  for (const [i, j, s] of pairs) {
    if (!partner.has(i) && !partner.has(j)) {
      partner.set(i, [j, s]);
      partner.set(j, [i, s]);
    }
    if (!nearest.has(i)) nearest.set(i, [j, s]);
    if (!nearest.has(j)) nearest.set(j, [i, s]);
  }
  const nearestTo = (i) => nearest.get(i) || [-1, 0];
  const rows = [];
  // Passages on the right without a partner, up to the next one with a partner.
  const pushUnpaired = (from) => {
    for (let k = from; k < onRight.length && !partner.has(onRight[k]); k++) {
      const [near, s] = nearestTo(onRight[k]);
      rows.push([-1, onRight[k], s, near]);
    }
  };
  pushUnpaired(0);
  for (const i of onLeft) {
    if (partner.has(i)) {
      const [j, s] = partner.get(i);
      rows.push([i, j, s, -1]);
      pushUnpaired(onRight.indexOf(j) + 1);
    } else {
      const [near, s] = nearestTo(i);
      rows.push([i, -1, s, near]);
    }
  }
  return rows;
}

// The text of a passage in pieces: [start, end, segment or null, whether the search hits it].
function pieces(i, terms) {
  const text = P.text[i];
  const segments = D.segments[i] || [];
  const hits = [];
  for (const term of terms) {
    const pattern = new RegExp(term.replace(/[.*+?^${}()|[\]\\\/-]/g, "\\$&").replace(/\\-/g, "\\x2d"), "giu");
    for (const hit of text.matchAll(pattern)) hits.push([hit.index, hit.index + hit[0].length]);
  }
  const cuts = new Set([0, text.length]);
  for (const [start, end] of [...segments, ...hits]) cuts.add(start).add(end);
  const places = [...cuts].sort((a, b) => a - b);
  const result = [];
  for (let k = 0; k + 1 < places.length; k++) {
    const [start, end] = [places[k], places[k + 1]];
    const inside = (range) => range[0] <= start && range[1] >= end;
    const around = segments.filter(inside).sort((a, b) => (a[1] - a[0]) - (b[1] - b[0]));
    result.push([start, end, around[0] || null, hits.some(inside)]);
  }
  return result;
}
