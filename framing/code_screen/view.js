// Elements of the screen. Texts of passages, codebooks and coders are only ever text nodes.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export function key(name) {
  return make("kbd", { "aria-hidden": "true" }, name);
}

const KEYS = [
  ["1–9, a–z", "choose a frame, or take it back; with words selected, they become a reason for it"],
  ["0", "no frame"],
  ["?", "unsure"],
  ["/", "write a remark (Esc leaves it)"],
  ["Enter", "save and go on; in the remark or on a button: Ctrl+Enter"],
  ["← →", "the passage before, the next one"],
  ["+", "mark words by keyboard: ← → move, Shift with ← → widens, a frame's key marks, Esc leaves"],
  ["#", "list of all passages"],
  ["Ctrl+Z", "undo the last decision"],
];

export function makeKeysDialog(toggle) {
  const dialog = make("dialog", { class: "keys", "aria-label": "Keys" });
  dialog.append(
    make("h2", {}, "Keys"),
    make("dl", {}, ...KEYS.flatMap(([name, does]) => [make("dt", {}, make("kbd", {}, name)), make("dd", {}, does)])),
    make("label", { class: "check" }, toggle, "Keys are on"),
    make("button", { type: "button", onclick: () => dialog.close() }, "Close"),
  );
  return dialog;
}

export function makeListDialog() {
  const filter = make("select", { "aria-label": "Which passages" });
  for (const [value, name] of [["all", "All"], ["open", "Without a label"], ["unsure", "Unsure"], ["remark", "With a remark"]])
    filter.append(make("option", { value }, name));
  const list = make("ol", { class: "items" });
  const dialog = make("dialog", { class: "list", "aria-label": "Passages" });
  dialog.append(
    make("div", { class: "dialog-head" }, make("h2", {}, "Passages"), filter,
      make("button", { type: "button", onclick: () => dialog.close() }, "Close")),
    list,
  );
  return { dialog, filter, list };
}

const WHICH = {
  all: () => true,
  open: (item) => item.state !== "coded",
  unsure: (item) => item.unsure,
  remark: (item) => item.remark,
};

export function fillList(list, items, which, current, go) {
  const shown = items.filter(WHICH[which]);
  list.replaceChildren(...shown.map((item) => {
    const facts = [item.state === "draft" ? "not saved" : item.label || "open", item.unsure && "unsure", item.remark && "remark"];
    return make("li", {},
      make("button", { type: "button", "aria-current": item.index === current ? "true" : false, onclick: () => go(item.index) },
        make("span", { class: "place" }, item.place), make("span", {},
          make("span", { class: "facts", dir: "auto" }, facts.filter(Boolean).join(" · ")), make("span", { class: "words", dir: "auto" }, item.words))));
  }));
  if (!shown.length) list.append(make("li", { class: "nothing" }, "None."));
  return shown.length;
}

function makeRules(title, rules) {
  return rules.length ? [make("h4", {}, title), make("ul", { dir: "auto" }, ...rules.map((rule) => make("li", {}, rule)))] : [];
}

export function makeRule(frame) {
  const details = make("details", { "data-frame": frame.id });
  details.append(
    make("summary", {}, make("span", { dir: "auto" }, frame.name), frame.key && key(frame.key)),
    make("p", { dir: "auto" }, frame.definition),
    ...(frame.alone ? [make("p", {}, "Stands alone, beside no other frame.")] : []),
    ...makeRules("Code it where", frame.include),
    ...makeRules("Do not code it where", frame.exclude),
    ...makeRules("Passages that carry it", frame.seeds),
    ...makeRules("Passages that look like it and do not", frame.counter_seeds),
  );
  return details;
}
