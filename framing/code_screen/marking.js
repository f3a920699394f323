// Words of a passage: which are selected, and how marked ones are drawn. Places are code points, as Python counts them.

export function countPoints(text) {
  let n = 0;
  for (const _ of text) n += 1;
  return n;
}

export function slicePoints(text, start, end) {
  return [...text].slice(start, end).join("");
}

// Start and end of the selection within `root`, without spaces at its edges; null where none is in it.
export function readSelection(root) {
  const selection = root.ownerDocument.getSelection();
  if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!root.contains(range.commonAncestorContainer)) return null;
  const before = root.ownerDocument.createRange();
  before.selectNodeContents(root);
  before.setEnd(range.startContainer, range.startOffset);
  const text = range.toString();
  const start = countPoints(before.toString()) + countPoints(text) - countPoints(text.trimStart());
  const n = countPoints(text.trim());
  return n ? { start, end: start + n } : null;
}

// Draw the text with its marked words; overlapping marks are cut at each other's edges.
export function drawMarked(root, text, spans, describe) {
  const points = [...text];
  const edges = [...new Set([0, points.length, ...spans.flatMap((span) => [span.start, span.end])])].sort((a, b) => a - b);
  const parts = [];
  for (let k = 0; k + 1 < edges.length; k += 1) {
    const piece = points.slice(edges[k], edges[k + 1]).join("");
    const over = spans.filter((span) => span.start <= edges[k] && span.end >= edges[k + 1]);
    if (!over.length) {
      parts.push(root.ownerDocument.createTextNode(piece));
      continue;
    }
    const mark = root.ownerDocument.createElement("mark");
    mark.textContent = piece;
    mark.title = over.map(describe).join(", ");
    parts.push(mark);
  }
  root.replaceChildren(...parts);
}

// Places of the words of a text, for marking by keyboard.
export function findWords(text) {
  const words = [];
  let at = 0;
  for (const part of text.split(/(\s+)/u)) {
    const n = countPoints(part);
    if (part.trim()) words.push({ start: at, end: at + n });
    at += n;
  }
  return words;
}

// Select code points of `root` as a mouse would.
export function selectPoints(root, start, end) {
  const place = (target) => {
    const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    let at = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const n = countPoints(node.data);
      if (target <= at + n) return [node, [...node.data].slice(0, target - at).join("").length];
      at += n;
    }
    return [root, root.childNodes.length];
  };
  root.ownerDocument.getSelection().setBaseAndExtent(...place(start), ...place(end));
}
