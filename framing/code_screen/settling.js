// What only the screen for settling shows: the codings of a passage side by side, and how far coders agree so far.
import { slicePoints } from "./marking.js";
import { make } from "./view.js";

const MOST = 8; // pairs of frames that are listed
const LATER = 1500; // milliseconds after a decision until agreement is measured again

export function drawCodings(place, codings, screen) {
  const rows = codings.map((coding) => {
    const label = coding.frames.map((frame) => screen.names[frame]).join("; ") || "no frame";
    const quotes = coding.spans.map((span) => make("li", {},
      make("span", { class: "of" }, screen.names[span.frame]), make("q", { dir: "auto" }, slicePoints(screen.passage.text, span.start, span.end))));
    const take = () => {
      screen.marks.frames = [...coding.frames];
      screen.marks.none = coding.frames.length === 0;
      screen.marks.spans = coding.spans.map((span) => ({ ...span }));
      screen.active = screen.marks.frames.at(-1) ?? null;
      screen.changed();
      screen.drawMarks();
      screen.say(`taken from ${coding.coder}: ${label}`);
    };
    return make("tr", {},
      make("th", { scope: "row" }, coding.coder),
      make("td", { dir: "auto" }, make("strong", {}, label), coding.unsure ? " · unsure" : "",
        coding.remark ? make("p", { class: "said-why", dir: "auto" }, coding.remark) : "", quotes.length ? make("ul", { class: "spans" }, ...quotes) : ""),
      make("td", {}, make("button", { type: "button", "aria-label": `Take the label of ${coding.coder}`, onclick: (event) => screen.click(event, take) }, "Take")));
  });
  const head = ["Coder", "Label and reasons", "Settle as"].map((name) => make("th", { scope: "col" }, name));
  place.replaceChildren(make("table", {}, make("caption", {}, "What coders said"), make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows)));
  for (const rule of screen.rules.values()) if (rule.dataset.opened) {
    rule.open = false;
    delete rule.dataset.opened;
  }
  for (const coding of codings) for (const frame of coding.frames) {
    const rule = screen.rules.get(frame);
    if (codings.every((other) => other.frames.includes(frame))) continue;
    rule.open = true;
    rule.dataset.opened = "yes";
  }
  const first = [...screen.rules.values()].find((rule) => rule.open);
  if (first && getComputedStyle(screen.aside).position === "sticky") screen.aside.scrollTop = first.offsetTop - screen.aside.offsetTop;
}

function number(value) {
  return value === null ? "–" : value.toFixed(2);
}

function interval(row) {
  return row.low === null ? row.method || "no interval" : `${number(row.low)} to ${number(row.high)}`;
}

function table(caption, head, rows) {
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    make("table", {}, make("caption", {}, caption), make("thead", {}, make("tr", {}, ...head.map((name) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, ...rows.map(([first, ...rest]) => make("tr", {}, make("th", { scope: "row", dir: "auto" }, first), ...rest.map((cell) => make("td", {}, cell)))))));
}

export function addMeasures(screen) {
  const content = make("div", {}, "Measuring …");
  const drafted = make("p", { role: "status" });
  const draft = make("button", { type: "button", onclick: async () => {
    const reply = await screen.send({ do: "propose" }, { beside: true });
    if (reply) drafted.textContent = reply.sentence;
  } }, "Draft the codebook’s next version");
  const again = make("button", { type: "button", onclick: () => measure() }, "Measure again");
  const panel = make("section", { class: "measures", "aria-label": "Agreement" }, make("h2", {}, "Agreement before settling"), content,
    make("div", { class: "tools" }, again, draft), drafted);
  screen.aside.previousElementSibling.append(panel);
  screen.root.dataset.settle = "yes";
  let timer = 0;

  async function measure() {
    clearTimeout(timer);
    const reply = await screen.send({ do: "measure" }, { beside: true });
    if (!reply) return;
    const parts = [table("Krippendorff’s alpha of each frame", ["Frame", "Alpha", `${reply.level} interval`, "Passages"],
      reply.reliability.map((row) => [row.name, number(row.estimate), interval(row), String(row.n_passages)]))];
    if (reply.confusions.length) parts.push(table("Frames that coders confuse", ["Frames", "Passages", "Share of passages with either (no interval: of these passages only)"],
      reply.confusions.slice(0, MOST).map((row) => [row.frames, String(row.n_passages), number(row.share)])));
    if (reply.confusions.length > MOST) parts.push(make("p", {}, `and ${reply.confusions.length - MOST} more pairs in fewer passages or as few`));
    if (reply.drift.length) parts.push(table("Agreement of each coder over time (alpha with the others)", ["Coder, part", "Alpha", `${reply.level} interval`, "Passages"],
      reply.drift.map((row) => [row.part, number(row.estimate), interval(row), String(row.n_passages)])));
    if (reply.remark) parts.push(make("p", {}, reply.remark));
    content.replaceChildren(...parts);
  }

  measure();
  return { late: () => { clearTimeout(timer); timer = setTimeout(measure, LATER); } };
}
