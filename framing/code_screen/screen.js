// The coding screen: one passage at a time, by keyboard, mouse or touch. `ask` sends a message and returns its answer.
import { countPoints, drawMarked, findWords, readSelection, selectPoints, slicePoints } from "./marking.js";
import { addMeasures, drawCodings } from "./settling.js";
import { fillList, key, make, makeKeysDialog, makeListDialog, makeRule } from "./view.js";

const PAUSE = 60_000; // a pause counts as at most one minute of work
const DRAFT = 400; // milliseconds after a change until it is kept as a draft

export function mount(root, ask, { whole = false } = {}) {
  const screen = new Screen(root, ask, whole);
  screen.open();
  return () => screen.end();
}

class Screen {
  constructor(root, ask, whole) {
    this.ask = ask;
    this.whole = whole;
    this.tab = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`.replace(".", "");
    this.root = make("div", { class: "framing-screen", "data-lm-suppress-shortcuts": "true" });
    root.replaceChildren(this.root);
    this.queue = Promise.resolve();
    this.typed = []; // keys pressed while the next passage is on its way: they are for that one
    this.active = null; // frame that words are marked for
    this.pending = null; // selected words
    this.cursor = null; // marking words by keyboard
    this.stopped = new AbortController();
    const listen = (target, type, act, more = {}) => target.addEventListener(type, act, { signal: this.stopped.signal, ...more });
    listen(whole ? document : this.root, "keydown", (event) => this.press(event));
    listen(document, "selectionchange", () => this.takeSelection());
    for (const type of ["keydown", "pointermove", "pointerdown", "wheel"]) listen(this.root, type, () => this.touch(), { passive: true });
    listen(document, "visibilitychange", () => this.touch(document.visibilityState === "hidden"));
  }

  end() {
    this.stopped.abort();
  }

  // Messages are sent one after another, so that their order on the disk is that of the coder; what is measured goes
  // beside them, since it takes seconds.
  send(message, { beside = false } = {}) {
    const answer = (beside ? Promise.resolve() : this.queue).then(() => this.ask({ tab: this.tab, ...message }));
    if (!beside) this.queue = answer.catch(() => {});
    return answer.then((reply) => {
      if (reply.error) {
        const failure = new Error(reply.error);
        failure.kind = reply.kind;
        throw failure;
      }
      if (!beside) this.warn("");
      return reply;
    }).catch((error) => {
      if (error.kind === "tab") this.warn(`${error.message} `, make("button", { type: "button", onclick: () => this.open() }, "Code here instead"));
      else if (error.kind) this.warn(error.message);
      else this.warn("The program does not answer: it has ended, or another one was started. What is marked here is not saved. Start it again, and open the address that it prints.");
      return null;
    });
  }

  async open() {
    this.tab = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`.replace(".", "");
    if (!this.notice) this.root.replaceChildren((this.notice = make("p", { class: "notice", role: "alert" }, "Opening …")));
    const start = await this.fetch(() => this.send({ do: "open" }));
    if (!start) return;
    this.start = start;
    this.items = start.items;
    this.names = Object.fromEntries(start.frames.map((frame) => [frame.id, frame.name]));
    this.build();
    if (start.passage) this.showPassage(start);
    else this.warn("There is nothing to code here.");
    if (start.mode === "settle") this.measure = addMeasures(this);
    this.retype();
  }

  // What is typed until the answer is here waits for it, and is for what it shows.
  async fetch(ask) {
    this.busy = true;
    const reply = await ask();
    this.busy = false;
    if (!reply) this.typed = [];
    return reply;
  }

  build() {
    const { start } = this;
    const unit = start.unit === "document" ? "document" : "passage";
    const button = (label, name, act, more = {}) => make("button", { type: "button", onclick: act, ...more }, label, name && key(name));
    this.notice = make("p", { class: "notice", role: "alert", hidden: true });
    this.said = make("p", { class: "unseen", "aria-live": "polite" });
    this.count = make("span", { class: "count" });
    this.bar = make("progress", { max: Math.max(this.items.length, 1), value: 0, "aria-label": "Progress" });
    this.keysOn = make("input", { type: "checkbox", checked: true });
    this.keysDialog = makeKeysDialog(this.keysOn);
    this.list = makeListDialog();
    this.list.filter.addEventListener("change", () => this.fillList());
    this.heading = make("h2", { tabindex: "-1" });
    this.source = make("p", { class: "source", dir: "auto" });
    this.before = make("p", { class: "context", dir: "auto" });
    this.text = make("p", { class: "passage", tabindex: "0", dir: "auto" });
    this.after = make("p", { class: "context", dir: "auto" });
    this.document = make("div", { class: "document" }, this.before, this.text, this.after);
    this.selected = make("p", { class: "selected", hidden: true });
    this.spans = make("ul", { class: "spans", "aria-label": "Words that show why" });
    this.codings = make("div", { class: "codings" });
    this.frames = new Map(start.frames.map((frame) => [frame.id, make("button",
      { type: "button", class: "frame", "aria-pressed": "false", "data-frame": frame.id, onclick: (event) => this.click(event, () => this.toggle(frame.id)) },
      frame.key && key(frame.key), make("span", { dir: "auto" }, frame.name))]));
    this.none = start.none && button("No frame", "0", (event) => this.click(event, () => this.toggleNone()), { class: "frame none", "aria-pressed": "false" });
    this.unsure = button("Unsure", "?", (event) => this.click(event, () => this.toggleUnsure()), { class: "frame unsure", "aria-pressed": "false" });
    this.remark = make("textarea", { rows: "2", dir: "auto", maxlength: "20000", oninput: () => { this.marks.remark = this.remark.value; this.changed(); } });
    this.rules = new Map(start.frames.map((frame) => [frame.id, makeRule(frame)]));
    const head = make("header", { class: "head" },
      make("div", { class: "where" }, make("h1", {}, start.mode === "settle" ? "Settle differences" : `${start.codebook.id} ${start.codebook.version}`),
        make("p", {}, start.mode === "settle" ? `${start.codebook.id} ${start.codebook.version}` : `coder ${start.coder}`)),
      make("div", { class: "done" }, this.bar, this.count),
      make("div", { class: "tools", role: "group", "aria-label": "Move" },
        button("‹", "", () => this.step(-1), { "aria-label": `The ${unit} before` }), button("›", "", () => this.step(1), { "aria-label": `The next ${unit}` }),
        button("List", "#", () => this.openList()), button("Undo", "", () => this.undo()), button("Rules", "", () => this.readRules(), { class: "to-rules" }), button("Keys", "", () => this.keysDialog.showModal())));
    const reading = make("section", { class: "reading", "aria-label": start.unit === "document" ? "Document" : "Passage" },
      this.heading, this.source, this.document, this.selected, this.spans);
    const deciding = make("section", { class: "deciding", "aria-label": "Decision" }, this.codings,
      make("div", { class: "frames", role: "group", "aria-label": start.several ? "Frames, as many as there are" : "Frames, exactly one" }, ...this.frames.values()),
      make("label", { class: "remark" }, make("span", {}, "Remark ", key("/")), this.remark),
      make("div", { class: "actions" }, this.none, this.unsure, button("Save and go on", "Enter", () => this.save(), { class: "save" })));
    this.aside = make("aside", { class: "rules", "aria-label": "Rules" }, make("h2", {}, "Rules"), make("p", { dir: "auto" }, start.codebook.description), ...this.rules.values());
    const main = make(this.whole ? "main" : "div", { class: "work" }, make("div", { class: "left" }, reading, deciding), this.aside);
    this.root.replaceChildren(head, this.notice, this.said, main, this.keysDialog, this.list.dialog);
    if (this.whole) document.title = `${start.coder}: ${start.codebook.id}`;
  }

  showPassage(reply) {
    const { passage } = reply;
    this.index = passage.index;
    this.passage = passage;
    this.marks = passage.marks;
    this.before_ = JSON.stringify(passage.marks);
    this.unsaved = passage.draft;
    this.active = this.marks.frames.at(-1) ?? null;
    this.pending = null;
    this.cursor = null;
    this.clock = { spent: 0, last: performance.now() };
    const unit = this.start.unit === "document" ? "Document" : "Passage";
    const item = this.items[this.index];
    this.heading.replaceChildren(`${unit} ${this.index + 1} of ${this.items.length}`,
      make("span", { class: "state" }, passage.draft ? "not saved yet" : item.state === "coded" ? "coded" : ""));
    this.source.textContent = passage.source;
    this.source.hidden = !passage.source;
    this.before.textContent = (passage.cut_before ? "… " : "") + passage.before;
    this.after.textContent = passage.after + (passage.cut_after ? " …" : "");
    this.before.hidden = !passage.before;
    this.after.hidden = !passage.after;
    this.remark.value = this.marks.remark;
    this.drawMarks();
    this.drawCount(reply.n_coded);
    if (passage.codings) drawCodings(this.codings, passage.codings, this);
    this.root.dataset.index = this.index;
    this.text.focus({ preventScroll: true });
    const room = this.document.clientHeight - this.text.offsetHeight - 16;
    this.document.scrollTop = this.text.offsetTop - Math.max(8, Math.min(room, this.document.clientHeight / 3));
    if (this.whole) scrollTo(0, 0);
    this.say(`${unit} ${this.index + 1} of ${this.items.length}${passage.draft ? ", not saved yet" : item.state === "coded" ? ", coded" : ""}`);
  }

  drawMarks() {
    const { marks } = this;
    for (const [id, button] of this.frames) {
      button.setAttribute("aria-pressed", String(marks.frames.includes(id)));
      button.classList.toggle("active", id === this.active && marks.frames.includes(id));
    }
    if (this.none) this.none.setAttribute("aria-pressed", String(marks.none));
    this.unsure.setAttribute("aria-pressed", String(marks.unsure));
    drawMarked(this.text, this.passage.text, marks.spans, (span) => this.names[span.frame]);
    this.spans.replaceChildren(...marks.spans.map((span, place) => make("li", {},
      make("span", { class: "of" }, this.names[span.frame]), make("q", { dir: "auto" }, slicePoints(this.passage.text, span.start, span.end)),
      make("button", { type: "button", "aria-label": `Take back: ${slicePoints(this.passage.text, span.start, span.end)}`,
        onclick: () => { marks.spans.splice(place, 1); this.changed(); this.drawMarks(); this.text.focus({ preventScroll: true }); } }, "×"))));
    this.drawSelected();
  }

  drawSelected() {
    this.selected.hidden = !this.pending && !this.cursor;
    if (this.selected.hidden) return;
    const words = this.pending ? slicePoints(this.passage.text, this.pending.start, this.pending.end) : "";
    const hint = this.active ? `Enter marks them for ${this.names[this.active]}; a frame’s key or button for another.` : "A frame’s key or button makes them its reason.";
    this.selected.replaceChildren(make("q", { dir: "auto" }, words), ` ${hint}`);
    if (this.active && this.pending) this.selected.append(" ", make("button", { type: "button", onclick: () => this.markWords(this.active) }, "Mark"));
  }

  drawCount(n) {
    this.bar.value = n;
    this.count.textContent = `${n} of ${this.items.length} ${this.start.mode === "settle" ? "settled" : "coded"}`;
    this.n_coded = n;
  }

  openRule(id) {
    for (const [other, details] of this.rules) if (details.dataset.opened && other !== id) { details.open = false; delete details.dataset.opened; }
    const details = this.rules.get(id);
    if (!details || details.open || getComputedStyle(this.aside).position !== "sticky") return;
    details.open = true;
    details.dataset.opened = "yes";
    this.aside.scrollTop = details.offsetTop - this.aside.offsetTop;
  }

  // Where there is no room beside the passage, the rules stand below it.
  readRules() {
    const details = this.rules.get(this.active);
    if (details) details.open = true;
    (details ?? this.aside).scrollIntoView({ block: "start" });
    (details ?? this.aside).querySelector("summary")?.focus({ preventScroll: true });
  }

  // A click must not leave the focus on the button, where Enter would take the frame back.
  click(event, act) {
    act();
    if (event.detail > 0) this.text.focus({ preventScroll: true });
  }

  toggle(id) {
    const { marks, start } = this;
    if (this.pending) return this.markWords(id);
    if (marks.frames.includes(id)) {
      marks.frames = marks.frames.filter((frame) => frame !== id);
      marks.spans = marks.spans.filter((span) => span.frame !== id);
      this.active = marks.frames.at(-1) ?? null;
      this.say(`not ${this.names[id]}`);
    } else {
      this.choose(id);
      this.say(this.names[id]);
    }
    this.changed();
    this.drawMarks();
  }

  choose(id) {
    const { marks, start } = this;
    const alone = !start.several || id === start.residual;
    const kept = alone ? [] : marks.frames.filter((frame) => frame !== start.residual && frame !== id);
    marks.frames = [...kept, id];
    marks.spans = marks.spans.filter((span) => marks.frames.includes(span.frame));
    marks.none = false;
    this.active = id;
    this.openRule(id);
  }

  markWords(id) {
    const { start, end } = this.pending;
    if (!this.marks.frames.includes(id)) this.choose(id);
    this.active = id;
    const same = (span) => span.frame === id && span.start === start && span.end === end;
    if (!this.marks.spans.some(same)) this.marks.spans.push({ frame: id, start, end });
    this.say(`${this.names[id]}: ${slicePoints(this.passage.text, start, end)}`);
    this.pending = null;
    this.cursor = null;
    this.changed();
    this.drawMarks();
    document.getSelection().removeAllRanges();
    this.text.focus({ preventScroll: true });
  }

  toggleNone() {
    const { marks } = this;
    marks.none = !marks.none;
    if (marks.none) { marks.frames = []; marks.spans = []; this.active = null; }
    this.say(marks.none ? "no frame" : "not: no frame");
    this.changed();
    this.drawMarks();
  }

  toggleUnsure() {
    this.marks.unsure = !this.marks.unsure;
    this.say(this.marks.unsure ? "unsure" : "sure");
    this.changed();
    this.drawMarks();
  }

  get hasLabel() {
    return this.marks.none || this.marks.frames.length > 0;
  }

  get isChanged() {
    return this.unsaved || JSON.stringify(this.marks) !== this.before_;
  }

  changed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keepDraft(), DRAFT);
  }

  async keepDraft() {
    clearTimeout(this.timer);
    if (!this.isChanged) return;
    const reply = await this.send({ do: "draft", index: this.index, marks: this.marks });
    if (reply) this.items[reply.item.index] = reply.item;
  }

  touch(hidden = false) {
    if (!this.clock) return;
    const now = performance.now();
    this.clock.spent += this.away ? 0 : Math.min(now - this.clock.last, PAUSE);
    this.clock.last = now;
    this.away = hidden;
  }

  // Save and show `next`; without a label nothing is saved, and the screen says so.
  async save(next = null) {
    if (this.busy) return;
    if (!this.hasLabel) {
      this.warn(this.start.none ? "Choose a frame first, or 0 for none." : "Choose a frame first.");
      return;
    }
    clearTimeout(this.timer);
    this.touch();
    const show = next ?? this.findNext();
    const marks = { ...this.marks, seconds: this.clock.spent / 1000 };
    const reply = await this.fetch(() => this.send({ do: "save", index: this.index, marks, show }));
    if (!reply) return;
    this.items[reply.item.index] = reply.item;
    const done = reply.n_coded === this.items.length && this.n_coded < this.items.length;
    this.showPassage(reply);
    if (done) this.praise();
    this.measure?.late();
    this.retype();
  }

  praise() {
    const what = this.start.mode === "settle" ? "All differences are settled." : `All ${this.items.length} are coded.`;
    this.warn(`${what} Everything is saved. You can still change any${this.whole ? "; else close this page and end the program (Ctrl+C)" : ""}.`);
  }

  // The next passage without a label, from here on and then from the beginning; else simply the next.
  findNext() {
    const order = [...this.items.slice(this.index + 1), ...this.items.slice(0, this.index)];
    const open = order.find((item) => item.state !== "coded");
    return open ? open.index : Math.min(this.index + 1, this.items.length - 1);
  }

  async go(index) {
    if (index < 0 || index >= this.items.length || this.busy) return;
    if (this.isChanged && this.hasLabel) { await this.save(index); return; }
    const reply = await this.fetch(async () => {
      await this.keepDraft();
      return this.send({ do: "show", index });
    });
    if (!reply) return;
    this.showPassage(reply);
    this.retype();
  }

  step(by) {
    return this.go(this.index + by);
  }

  async undo() {
    if (this.busy) return;
    clearTimeout(this.timer);
    const reply = await this.fetch(() => this.send({ do: "undo" }));
    if (!reply) return;
    this.items[reply.item.index] = reply.item;
    this.showPassage(reply);
    this.say("undone");
    this.retype();
  }

  openList() {
    this.fillList();
    this.list.dialog.showModal();
    this.list.list.querySelector("[aria-current]")?.focus();
  }

  fillList() {
    fillList(this.list.list, this.items, this.list.filter.value, this.index, (index) => { this.list.dialog.close(); this.go(index); });
  }

  takeSelection() {
    if (!this.passage) return;
    const found = readSelection(this.text);
    const within = document.getSelection()?.anchorNode;
    if (found) this.pending = found;
    else if (within && this.text.contains(within)) this.pending = null; // a click into the passage takes the selection back
    else return;
    this.drawSelected();
  }

  moveCursor(event) {
    const words = findWords(this.passage.text);
    const { cursor } = this;
    const last = words.length - 1;
    if (event.key === "Escape") { this.cursor = null; this.pending = null; document.getSelection().removeAllRanges(); this.drawSelected(); return true; }
    const by = { ArrowRight: 1, ArrowLeft: -1, Home: -words.length, End: words.length }[event.key];
    if (!by) return false;
    cursor.to = Math.min(Math.max(cursor.to + by, 0), last);
    if (!event.shiftKey) cursor.from = cursor.to;
    this.selectWords();
    return true;
  }

  selectWords() {
    const words = findWords(this.passage.text);
    const [first, final] = [Math.min(this.cursor.from, this.cursor.to), Math.max(this.cursor.from, this.cursor.to)];
    this.pending = { start: words[first].start, end: words[final].end };
    selectPoints(this.text, this.pending.start, this.pending.end);
    this.drawSelected();
    this.say(slicePoints(this.passage.text, this.pending.start, this.pending.end));
  }

  press(event) {
    if (!this.passage || this.root.querySelector("dialog[open]") || event.isComposing) return;
    const inField = /^(TEXTAREA|INPUT|SELECT)$/.test(event.target.tagName);
    const control = event.ctrlKey || event.metaKey;
    const act = this.findAct(event, inField, control);
    if (!act) return;
    if (this.busy) this.typed.push(event);
    event.preventDefault();
    event.stopPropagation();
    if (!this.busy) act();
  }

  // What was typed meanwhile, in its order; what saves in between keeps the rest waiting.
  retype() {
    for (const event of this.typed.splice(0)) this.press(event);
  }

  findAct(event, inField, control) {
    const name = event.key;
    if (control && name === "Enter") return () => this.save();
    if (inField) return name === "Escape" ? () => this.text.focus({ preventScroll: true }) : null;
    if (control && !event.shiftKey && name.toLowerCase() === "z") return () => this.undo();
    if (control || event.altKey || (event.repeat && !name.startsWith("Arrow"))) return null; // a key that is held down acts once
    if (this.cursor && ["ArrowLeft", "ArrowRight", "Home", "End", "Escape"].includes(name)) return () => this.moveCursor(event);
    const onControl = event.target.closest?.("button, summary, a");
    if (name === "Enter") {
      if (onControl) return null;
      return this.pending && this.active ? () => this.markWords(this.active) : () => this.save();
    }
    if (name === "Escape" && this.pending) return () => { this.pending = null; document.getSelection().removeAllRanges(); this.drawSelected(); };
    if (name === "ArrowLeft" && !event.shiftKey) return () => this.step(-1);
    if (name === "ArrowRight" && !event.shiftKey) return () => this.step(1);
    if (!this.keysOn.checked) return null;
    if (name === "?") return () => this.toggleUnsure();
    if (name === "/") return () => this.remark.focus();
    if (name === "#") return () => this.openList();
    if (name === "+") return () => { this.cursor = { from: 0, to: 0 }; this.text.focus({ preventScroll: true }); this.selectWords(); };
    if (name === "0" && this.none) return () => this.toggleNone();
    // on other alphabets, and where digits need Shift, the place of the key counts
    const place = event.shiftKey ? "" : (/^(?:Key|Digit|Numpad)(\w)$/.exec(event.code)?.[1] ?? "").toLowerCase();
    const frame = this.start.frames.find((item) => item.key && item.key === name.toLowerCase())
      ?? (/^[a-z0-9]$/i.test(name) ? undefined : this.start.frames.find((item) => item.key && item.key === place));
    if (!frame && place === "0" && this.none && !/^[a-z0-9]$/i.test(name)) return () => this.toggleNone();
    return frame ? () => this.toggle(frame.id) : null;
  }

  say(text) {
    this.said.textContent = text;
  }

  warn(text, ...more) {
    this.notice.replaceChildren(text, ...more);
    this.notice.hidden = !text;
  }
}
