// The address holds the state; the page is drawn from the state.
const get = (id) => document.getElementById(id);
const LABELS = { frame: phrase("Frame"), outlet: phrase("Outlet"), voice: phrase("Voice"), group: phrase("Speaker’s group") };
const keyName = (key) => key.startsWith(COLUMN) ? key.slice(COLUMN.length) : LABELS[key];
let state = emptyState();
let result = match(state);
let openStory = null;  // id of the story on the page, "*" for the list over all stories

function valueName(key, value) {
  if (key === "frame") return D.frames[PLACE.frame.get(value)].name;
  if (key === "group") return value ? phrase(value) : phrase("no group given");
  if (key !== "voice") return value;
  return value === "own" ? phrase("outlet’s own") : value === "unknown" ? phrase("not known") : phrase(value);
}

// ---- the address ----

function go(changes, { push = false } = {}) {
  const story = openStory === null || openStory === "*" ? "" : openStory;  // a filter applies to the story on the page
  state = { ...state, passage: "", unknown: [], story, ...changes };
  history[push ? "pushState" : "replaceState"](null, "", writeState(state));
  draw();
}

function follow() {
  state = readState(location.hash);
  if (state.passage && !state.story && state.view !== "all") {
    state.story = STORIES[storyOf(PLACE.passage.get(state.passage))].id;
  }
  draw();
  document.body.dataset.pane = location.hash.length > 1 ? "story" : "list";
  if (state.passage) reveal(state.passage);
}

function reveal(id) {
  const target = get("p-" + id);
  if (!target) return;
  for (const passage of document.querySelectorAll(".passage.linked")) passage.classList.remove("linked");
  target.classList.add("linked");
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center", inline: "center" });
}

// ---- drawing it all ----

function draw() {
  result = match(state);
  const filtered = isFiltered(state);
  const asList = state.view === "all" || (!state.story && filtered) || !ORDERED.length;
  const story = asList ? null : STORIES[PLACE.story.get(state.story || ORDERED[0].id)];
  drawStories(story, filtered);
  const box = el("div");
  if (asList) drawAll(box, state, result);
  else drawStory(box, story);
  get("view").replaceChildren(...box.childNodes);
  drawTools(filtered, asList);
  if (openStory !== (story ? story.id : "*")) get("main").scrollTop = 0;
  openStory = story ? story.id : "*";
}

function drawStory(box, story) {
  const head = storyHead(story, state, result);
  box.append(head);
  const pair = D.aligned && story.outlets.size > 1 ? facingPair(story, state) : null;
  const facing = pair && state.view === "facing";
  if (pair) head.append(viewChoice(story, pair, facing));
  const marks = legend();
  if (marks) head.append(marks);
  if (facing) drawFacing(box, story, state, result, pair);
  else drawColumns(box, story, state, result);
}

function viewChoice(story, pair, facing) {
  const button = (name, text, on) => el("button", {
    type: "button", "aria-pressed": String(on), text,
    press: () => { go({ view: name, story: story.id }); get("heading").focus({ preventScroll: true }); },
  });
  const choice = el("div", { class: "choice", role: "group", "aria-label": phrase("View") },
    button("columns", phrase("All outlets"), !facing), button("facing", phrase("Two facing"), facing));
  if (!facing) return choice;
  for (const side of ["left", "right"]) {
    const select = el("select", { "data-side": side, "aria-label": side === "left" ? phrase("Outlet on the left") : phrase("Outlet on the right") }, ...pair.places.map((place) => el("option", {
      value: D.outlets[place].name, selected: place === pair[side], text: D.outlets[place].name,
    })));
    select.addEventListener("change", () => {
      const names = { left: D.outlets[pair.left].name, right: D.outlets[pair.right].name };
      const other = side === "left" ? "right" : "left";
      if (select.value === names[other]) names[other] = names[side];
      names[side] = select.value;
      go({ ...names, story: story.id });
      document.querySelector(`select[data-side="${side}"]`).focus();
    });
    choice.append(select);
  }
  return choice;
}

function drawTools(filtered, asList) {
  const counted = countPassages(N, filtered ? result.total : null);
  const unknown = state.unknown.length ? " " + phrase("Not on this page: {names}.", { names: state.unknown.join(", ") }) : "";
  if (get("count").textContent !== counted + unknown) get("count").textContent = counted + unknown;
  get("clear").hidden = !filtered;
  get("everything").hidden = !filtered || asList;
  if (get("search").value !== state.q) get("search").value = state.q;
  for (const box of document.querySelectorAll("#filters input[name]")) {
    box.checked = state[box.name].includes(box.value);
  }
  get("frames-all").checked = state.frames === "all";
  for (const key of ["from", "to"]) if (get(key).value !== state[key]) get(key).value = state[key];
  const chips = MANY.flatMap((key) => state[key].map((value) => [
    `${keyName(key)}: ${valueName(key, value)}`, { [key]: state[key].filter((other) => other !== value) },
  ]));
  if (state.frames && state.frame.length > 1) chips.push([phrase("All of these frames"), { frames: "" }]);
  if (state.from) chips.push([phrase("From {day}", { day: day(state.from) }), { from: "" }]);
  if (state.to) chips.push([phrase("To {day}", { day: day(state.to) }), { to: "" }]);
  get("active").replaceChildren(...chips.map(([text, changes]) => el("li", {}, el("button", {
    type: "button", "aria-label": phrase("Remove {filter}", { filter: text }), press: () => { go(changes); get("search").focus(); },
  }, text, el("span", { "aria-hidden": "true", text: " ×" })))));
}

function buildTools() {
  const popover = (name, ...content) => el("details", { name: "filter" }, el("summary", { text: name }),
    el("div", { class: "panel" }, ...content));
  const boxes = (key, values, counts) => el("fieldset", {}, el("legend", { text: keyName(key) }),
    ...values.map((value, place) => el("label", {}, el("input", { type: "checkbox", name: key, value }),
      key === "frame" ? swatch(D.frames[place].colour) : key === "outlet" ? swatch(D.outlets[place].colour) : null,
      el("span", { dir: "auto", text: valueName(key, value) }), el("span", { class: "n", text: number(counts[place]) }))));
  const count = (size, codes) => {
    const counts = new Array(size).fill(0);
    for (let i = 0; i < N; i++) for (const code of codes(i)) if (code >= 0) counts[code]++;
    return counts;
  };
  const filters = [
    popover(phrase("Frames"), boxes("frame", D.frames.map((frame) => frame.id), count(D.frames.length, (i) => D.sets[P.set[i]])),
      el("label", { class: "every" }, el("input", { type: "checkbox", id: "frames-all" }), phrase("all that are ticked, not any"))),
    popover(phrase("Outlets"), boxes("outlet", D.outlets.map((outlet) => outlet.name), count(D.outlets.length, (i) => [outletOf(i)]))),
  ];
  if (D.voices) {
    const { voice, group, groups } = D.voices;
    const found = VOICES.filter((name) => name !== "unknown" || voice.includes(VOICES.indexOf(name)));
    filters.push(popover(phrase("Voice"), boxes("voice", found, count(VOICES.length, (i) => [voice[i]])),
      boxes("group", groups, count(groups.length, (i) => [isSomebody(i) ? group[i] : -1]))));
  }
  D.columns.forEach(({ name, values }, k) => filters.push(popover(name, boxes(
    COLUMN + name, values, count(values.length, (i) => [DOC.columns[k][P.document[i]]]),
  ))));
  const date = (key, text) => el("label", {}, text, el("input", { type: "date", id: key }));
  filters.push(popover(phrase("Dates"), el("fieldset", {}, el("legend", { text: phrase("Published") }), date("from", phrase("from")), date("to", phrase("to")))));
  get("filters").append(...filters);
}

// ---- stories ----

let unsharedOpen = false;  // whether the stories of one outlet are unfolded

function drawStories(current, filtered) {
  const wanted = get("story-search").value.trim().toLowerCase();
  const matching = ORDERED.filter((story) => (!filtered || result.perStory[story.place]) && story.label.toLowerCase().includes(wanted));
  const shared = matching.filter((story) => story.outlets.size > 1);
  const unshared = matching.filter((story) => story.outlets.size < 2);
  const row = (story) => {
    const n = countPassages(story.passages.length, filtered ? result.perStory[story.place] : null);
    return el("li", {}, el("button", {
      type: "button", class: "story", tabindex: "-1", "data-story": story.id, "aria-current": story === current ? "true" : null,
      press: () => open({ story: story.id, view: state.view === "facing" ? "facing" : "" }),
    }, el("span", { class: "label", dir: "auto", text: story.label }),
      el("span", { class: "facts" }, ...storyFacts(story, n))));
  };
  const list = (stories, label) => {
    const ul = el("ul", { "aria-label": label });
    const box = el("div", {}, ul);
    const until = stories.indexOf(current);
    stepwise(stories, (story) => ul.appendChild(row(story)), box, { what: phrase("stories"), until, step: 100 });
    return box;
  };
  const everything = el("button", {
    type: "button", class: "story every", tabindex: "-1", "aria-current": current ? null : "true",
    press: () => open({ story: "", view: "all" }), text: filtered ? phrase("All matching passages") : phrase("Passages of all stories"),
  });
  const parts = [everything, list(shared, phrase("Stories told by several outlets"))];
  if (unshared.length) {
    const fold = el("details", { open: unsharedOpen || unshared.includes(current) || !shared.length },
      el("summary", { text: phrase("Covered by one outlet ({n})", { n: number(unshared.length) }) }));
    const fill = () => { if (fold.open && fold.childElementCount < 2) fold.append(list(unshared, phrase("Stories of one outlet"))); };
    fill();
    fold.addEventListener("toggle", () => { unsharedOpen = fold.open; fill(); });
    parts.push(fold);
  }
  if (!matching.length) parts.push(el("p", { class: "nothing", text: phrase("No story by that name.") }));
  const top = get("story-list").scrollTop;
  get("story-list").replaceChildren(...parts);
  get("story-list").scrollTop = top;
  get("stories-title").textContent = phrase("Stories ({n})", { n: number(matching.length) });
  const first = get("story-list").querySelector("[aria-current]") || everything;
  first.tabIndex = 0;
}

function open(changes) {
  const focused = document.activeElement && document.activeElement.matches("button.story");
  go(changes, { push: true });
  document.body.dataset.pane = "story";
  if (focused && WIDE.matches) get("story-list").querySelector("[aria-current]").focus();
  else get("heading").focus({ preventScroll: true });
  if (!WIDE.matches) scrollTo(0, 0);
}

function rove(event) {
  const keys = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  if (!(event.key in keys)) return;
  const items = [...get("story-list").querySelectorAll("button.story")].filter((item) => item.offsetParent !== null);
  const at = items.indexOf(event.target);
  if (at < 0 && !(event.target.id === "story-search" && event.key === "ArrowDown")) return;
  event.preventDefault();
  const next = items[Math.max(0, Math.min(items.length - 1, at + keys[event.key]))];
  for (const item of items) item.tabIndex = item === next ? 0 : -1;
  next.focus();
}

// ---- keys and clicks ----

function escape() {
  const panel = document.querySelector("#filters details[open]");
  if (panel) {
    panel.open = false;
    panel.querySelector("summary").focus();
  } else if (document.activeElement === get("story-search")) {
    get("story-search").value = "";
    drawStories(currentStory(), isFiltered(state));
  } else if (isFiltered(state)) clearAll();
}

function currentStory() {
  return openStory === "*" || openStory === null ? null : STORIES[PLACE.story.get(openStory)];
}

function clearAll() {
  go({ ...emptyState(), story: openStory === "*" ? "" : openStory, view: state.view, left: state.left, right: state.right });
  get("search").focus();
}

let waiting = 0;

function later(action, milliseconds) {
  clearTimeout(waiting);
  waiting = setTimeout(action, milliseconds);
}

function listen() {
  get("search").addEventListener("input", (event) => later(() => go({ q: event.target.value }), 60));
  get("story-search").addEventListener("input", () => drawStories(currentStory(), isFiltered(state)));
  get("filters").addEventListener("change", (event) => {
    const input = event.target;
    if (input.id === "frames-all") return go({ frames: input.checked ? "all" : "" });
    if (input.type !== "checkbox") return go({ [input.id]: input.value });
    const others = state[input.name].filter((value) => value !== input.value);
    return go({ [input.name]: input.checked ? [...others, input.value] : others });
  });
  get("clear").addEventListener("click", clearAll);
  get("translations").addEventListener("click", () => {
    showTranslations(!translationsOpen);
    get("translations").setAttribute("aria-pressed", String(translationsOpen));
  });
  get("everything").addEventListener("click", () => open({ story: "", view: "all" }));
  get("back").addEventListener("click", () => {
    document.body.dataset.pane = "list";
    get("story-search").focus({ preventScroll: true });
  });
  get("stories").addEventListener("keydown", rove);
  get("skip").addEventListener("click", (event) => { event.preventDefault(); get("main").focus(); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") escape(); });
  document.addEventListener("click", (event) => {
    const panel = document.querySelector("#filters details[open]");
    if (panel && !panel.contains(event.target)) panel.open = false;
  });
  addEventListener("hashchange", follow);
  addEventListener("popstate", () => { if (location.hash === "" || location.hash === "#") follow(); });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const themed = () => document.documentElement.dataset.theme || (dark.matches ? "dark" : "light");
  const label = () => { get("theme").textContent = themed() === "dark" ? phrase("Light") : phrase("Dark"); };
  get("theme").addEventListener("click", () => {
    document.documentElement.dataset.theme = themed() === "dark" ? "light" : "dark";
    label();
  });
  dark.addEventListener("change", label);
  label();
}

for (const id of ["main", "stories", "theme"]) get(id).hidden = false;
get("translations").hidden = !P.translation;
buildTools();
listen();
follow();
requestAnimationFrame(() => setTimeout(() => performance.mark("first view"), 0));  // after it is painted
