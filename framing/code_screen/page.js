// The screen in a page of its own: messages go to the program that serves it.
import { mount } from "/screen.js";

async function ask(message) {
  const reply = await fetch("/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Framing": "screen" },
    body: JSON.stringify(message),
  });
  if (!reply.ok) throw new Error(await reply.text());
  return reply.json();
}

mount(document.getElementById("screen"), ask, { whole: true });
