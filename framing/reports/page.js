(() => {
"use strict";
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/* a link into a folded part opens it */
const reveal = () => {
  let target;
  try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return; }
  if (!target) return;
  const folded = [];
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) folded.push(fold);
  if (target.tagName === "DETAILS") folded.push(target);
  const closed = folded.filter((fold) => !fold.open);
  closed.forEach((fold) => { fold.open = true; });
  if (closed.length) target.scrollIntoView();
};
addEventListener("hashchange", reveal);
all('a[href^="#"]').forEach((link) => link.addEventListener("click", () => setTimeout(reveal)));
reveal();

/* on paper nothing is folded */
let opened = [];
addEventListener("beforeprint", () => {
  opened = all("details:not([open])");
  opened.forEach((fold) => { fold.open = true; });
});
addEventListener("afterprint", () => { opened.forEach((fold) => { fold.open = false; }); opened = []; });

/* headings sort their column */
const order = new Intl.Collator(TEXTS.language, { numeric: true, sensitivity: "base" });
const key = (row, place) => {
  const cell = row.cells[place];
  return cell.dataset.sort ?? (cell.classList.contains("number") || cell.textContent === "–" ? "" : cell.textContent.trim());
};
const compare = (a, b) => {
  const [x, y] = [Number(a), Number(b)];
  return Number.isNaN(x) || Number.isNaN(y) ? order.compare(a, b) : x - y;
};
const sort = (table, head) => {
  const place = head.cellIndex, down = head.getAttribute("aria-sort") === "ascending";
  const rows = [...table.tBodies[0].rows].map((row) => [key(row, place), row]);
  const filled = rows.filter(([value]) => value !== ""), empty = rows.filter(([value]) => value === "");
  filled.sort((a, b) => (down ? compare(b[0], a[0]) : compare(a[0], b[0])));
  const n = [...table.tBodies[0].rows].filter((row) => !row.classList.contains("more")).length;
  [...filled, ...empty].forEach(([, row], number) => {
    row.classList.toggle("more", number >= n);
    table.tBodies[0].append(row);
  });
  all("th[aria-sort]", table).forEach((other) => other.removeAttribute("aria-sort"));
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
};
all(".table > table").forEach((table) => {
  if (!table.tHead || !table.tBodies.length || table.tBodies[0].rows.length < 2) return;
  all("th", table.tHead).forEach((head) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(table, head));
  });
});
})();
