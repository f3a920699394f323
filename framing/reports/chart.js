"use strict";
// Tooltips of charts: the title of the mark nearest to the pointer, or of the one that has the focus. Without this script
// browsers show the titles themselves.
for (const box of document.querySelectorAll("figure .drawing")) {
  const NEAR = 14; // points around a mark
  const marks = [...box.querySelectorAll(".mark")];
  if (!marks.length) continue;
  const told = new Map();
  for (const mark of marks) {
    const title = mark.querySelector("title");
    told.set(mark, title.textContent);
    mark.setAttribute("aria-label", title.textContent);
    if (!mark.hasAttribute("href")) mark.setAttribute("role", "img");
    title.remove();
  }
  const links = marks.filter((mark) => mark.hasAttribute("href"));
  links.forEach((link, place) => link.setAttribute("tabindex", place ? "-1" : "0"));
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "status");
  tip.hidden = true;
  box.parentElement.style.position = "relative";
  box.after(tip);
  let shown = null;

  const hide = () => {
    if (shown) shown.classList.remove("on");
    shown = null;
    tip.hidden = true;
  };
  const show = (mark, touched) => {
    if (mark === shown) return;
    hide();
    shown = mark;
    mark.classList.add("on");
    tip.textContent = told.get(mark);
    const address = mark.getAttribute("href");
    if (address) {
      const lead = document.createElement(touched ? "a" : "small");
      lead.textContent = touched ? TEXTS.read : TEXTS.click;
      if (touched) lead.href = address;
      tip.append(lead);
    }
    tip.hidden = false;
    const outer = box.parentElement.getBoundingClientRect();
    const at = mark.getBoundingClientRect();
    const left = Math.min(Math.max(0, at.left + at.width / 2 - outer.left + 12), Math.max(0, outer.width - tip.offsetWidth));
    const above = at.top - outer.top - tip.offsetHeight - 8;
    tip.style.left = `${left}px`;
    tip.style.top = `${at.top > tip.offsetHeight + 12 ? above : at.bottom - outer.top + 8}px`;
  };
  const nearest = (event) => {
    let best = null;
    let least = NEAR;
    for (const mark of marks) {
      const at = mark.getBoundingClientRect();
      const across = Math.max(at.left - event.clientX, 0, event.clientX - at.right);
      const down = Math.max(at.top - event.clientY, 0, event.clientY - at.bottom);
      const distance = Math.hypot(across, down) - (mark.hasAttribute("href") ? 1 : 0);
      if (distance < least) [best, least] = [mark, distance];
    }
    return best;
  };
  const follow = (event) => {
    const mark = nearest(event);
    if (mark) show(mark, event.pointerType === "touch");
    else hide();
  };
  let touch = false;
  box.addEventListener("pointermove", (event) => event.pointerType === "touch" || follow(event));
  box.addEventListener("pointerdown", (event) => {
    touch = event.pointerType === "touch";
    if (touch) follow(event);
  });
  box.addEventListener("click", (event) => touch && event.preventDefault());
  box.addEventListener("pointerleave", (event) => event.pointerType === "touch" || hide());
  box.addEventListener("scroll", hide);
  box.addEventListener("focusin", (event) => told.has(event.target) && show(event.target, false));
  box.addEventListener("focusout", hide);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return hide();
    const place = links.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const next = place < 0 || !step ? null : links[place + step];
    if (!next) return;
    event.preventDefault();
    links[place].setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });
}
