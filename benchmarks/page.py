"""The side-by-side page with 20,000 passages: file size, first view, filters, memory, and what packing would save.

python -m benchmarks.page
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import statistics
import tempfile
import zlib
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

from framing.charts.style import COLOURS
from framing.side_by_side.page import PageParts, render_side_by_side

PASSAGES, STORIES, OUTLETS, FRAMES = 20_000, 400, 9, 14
OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--enable-precise-memory-info",
]  # fmt: skip
REPEATS = 20
# the page marks the moment after its first story was painted
FIRST = """() => new Promise((done) => {
  const look = () => {
    const [mark] = performance.getEntriesByName("first view");
    if (mark) done(mark.startTime); else setTimeout(look, 5);
  };
  look();
})"""
UNPACK = """async (text) => {
  const start = performance.now();
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  await new Response(stream).text();
  return performance.now() - start;
}"""


def make_tables() -> dict[str, object]:
    """Invented passages of 30 to 90 words; half of them hold a quoted or reported span, three aligned pairs a story."""
    generator = np.random.default_rng(20250704)
    syllables = ["ra", "ven", "to", "mil", "ka", "sor", "el", "un", "dis", "per", "al", "ti", "on", "ber", "gu", "ne"]
    words = np.array(["".join(generator.choice(syllables, size=k)) for k in generator.integers(1, 5, 6000)])
    chance = 1 / np.arange(1, len(words) + 1)
    chance /= chance.sum()
    outlets = [f"Outlet {name}" for name in "ABCDEFGHI"[:OUTLETS]]
    n_documents = PASSAGES // 5
    story = np.arange(n_documents) % STORIES
    day = pd.Timestamp("2025-01-01") + pd.to_timedelta(story % 300 + generator.integers(0, 7, n_documents), unit="D")
    documents = pd.DataFrame(
        {
            "document_id": [f"d{k:05d}" for k in range(n_documents)],
            "outlet": [outlets[k] for k in generator.integers(0, OUTLETS, n_documents)],
            "published": day,
            "title": [" ".join(generator.choice(words, 8)).capitalize() for _ in range(n_documents)],
            "url": [f"https://example.org/{k}" for k in range(n_documents)],
        }
    )
    place = np.repeat(np.arange(n_documents), 5)
    lengths = generator.integers(30, 91, PASSAGES)
    drawn = iter(np.split(generator.choice(words, lengths.sum(), p=chance), np.cumsum(lengths)[:-1]))
    passages = documents.iloc[place][["document_id", "outlet", "published"]].reset_index(drop=True)
    passages["passage_id"] = [f"{k:016x}" for k in generator.permutation(PASSAGES)]
    passages["position"] = np.tile(np.arange(5), n_documents)
    passages["text"] = [" ".join(part).capitalize() + "." for part in drawn]
    passages["duplicate_of"] = ""
    frames = [(f"frame_{k}", f"Frame number {k}", COLOURS[k % len(COLOURS)]) for k in range(FRAMES)]
    scores = generator.beta(1, 8, (PASSAGES, FRAMES))
    decided = np.where(scores > 0.3, "present", np.where(scores > 0.27, "abstain", "absent"))
    names = [name for name, _, _ in frames]
    ids = passages[["passage_id"]]
    voice = generator.choice(["own", "quoted", "reported"], PASSAGES, p=[0.5, 0.3, 0.2])
    speakers = [f"Speaker {k}" if said != "own" else "" for k, said in zip(place % 500, voice, strict=True)]
    said = np.flatnonzero(voice != "own")
    by_story = pd.Series(np.arange(PASSAGES)).groupby(story[place]).apply(list)
    pairs = [
        (str(key), members[a], members[b]) for key, members in by_story.items() for a, b in ((0, 9), (1, 16), (5, 22))
    ]
    return {
        "title": "Benchmark of the side-by-side page",
        "constructed": True,
        "frames": frames,
        "outlets": [(name, COLOURS[k % len(COLOURS)]) for k, name in enumerate(outlets)],
        "documents": documents,
        "passages": passages,
        "decisions": ids.join(pd.DataFrame(decided, columns=names)),
        "scores": ids.join(pd.DataFrame(scores, columns=names)),
        "stories": pd.DataFrame(
            {
                "document_id": documents["document_id"],
                "story_id": story.astype(str),
                "story_label": [f"Story {k}: {words[k]} {words[k + 1]} {words[k + 2]}" for k in story],
            }
        ),
        "voices": ids.assign(
            voice=voice, speaker=speakers, speaker_group=["side " + s[-1] if s else "" for s in speakers]
        ),
        "segments": pd.DataFrame(
            {
                "passage_id": passages["passage_id"].to_numpy()[said],
                "start": 0,
                "end": 60,
                "voice": voice[said],
                "speaker": "",
            }
        ),
        "aligned": pd.DataFrame(
            [(key, passages["passage_id"][a], passages["passage_id"][b], 0.7) for key, a, b in pairs],
            columns=["story_id", "passage_id", "other_id", "similarity"],
        ),
        "notes": ["Invented words."],
    }


def pack_data(text: str) -> str:
    """Data of the page, deflated and in base64: smaller, but unpacked whenever the page is opened."""
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert data is not None
    raw = data.group(1).encode()
    small = base64.b64encode(zlib.compress(raw, 6)).decode()
    print(f"data {len(raw) / 1e6:.1f} MB as JSON; packed (deflate, base64) {len(small) / 1e6:.1f} MB", flush=True)
    return small


def measure_page(path: Path, small: str) -> None:
    from playwright.sync_api import sync_playwright

    chromium = next(
        found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))
    )
    with sync_playwright() as playwright:
        first = []
        for _ in range(7):
            browser = playwright.chromium.launch(executable_path=chromium, args=OPTIONS)
            page = browser.new_context(offline=True, viewport={"width": 1280, "height": 860}).new_page()
            page.goto(path.as_uri())
            first.append(float(page.evaluate(FIRST)))
            if len(first) < 7:
                browser.close()
        print(f"first view {statistics.median(first):.0f} ms (median of 7, slowest {max(first):.0f})", flush=True)
        acts = {
            "frame, in a story": "() => document.querySelector('input[name=frame]').click()",
            "outlet, in a story": "() => document.querySelector('input[name=outlet]').click()",
            "frame, all stories": "() => document.querySelector('input[name=frame]').click()",
            "voice, all stories": "() => document.querySelector('input[name=voice]').click()",
            "search, all stories": """() => { const box = document.getElementById('search');
                box.value = box.value ? '' : 'mil'; box.dispatchEvent(new Event('input', {bubbles: true})); }""",
            "another story": """() => { const all = [...document.querySelectorAll('button[data-story]')];
                const at = all.findIndex(x => x.hasAttribute('aria-current')); all[(at + 1) % all.length].click(); }""",
        }
        for name, act in acts.items():
            page.goto(path.as_uri() + ("#view=all" if "all" in name else "#story=7"))
            wait = 60 if name.startswith("search") else 0
            times = [float(page.evaluate(_timed(act, wait))) for _ in range(REPEATS)]
            print(
                f"{name:<22}{statistics.median(times):.0f} ms (median of {REPEATS}, slowest {max(times):.0f})",
                flush=True,
            )
        heap = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
        full = _renderer()
        page.goto("about:blank")
        page.close()
        blank = browser.new_context().new_page()
        blank.goto("about:blank")
        print(
            f"memory: JavaScript heap {heap:.0f} MB; renderer {full:.0f} MB, that of an empty page {_renderer():.0f} MB"
        )
        times = [float(blank.evaluate(UNPACK, small)) for _ in range(5)]
        print(
            f"unpacking packed data: {statistics.median(times):.0f} ms more at every opening (median of 5)", flush=True
        )
        browser.close()


def _timed(act: str, wait: int) -> str:
    """From the event to the frame painted with its result; a search waits `wait` ms for the next letter."""
    return f"""() => new Promise((done) => {{
      const start = performance.now();
      ({act})();
      setTimeout(() => requestAnimationFrame(() => {{
        const channel = new MessageChannel();
        channel.port1.onmessage = () => done(performance.now() - start);
        channel.port2.postMessage(0);
      }}), {wait});
    }})"""


def _renderer() -> float:
    """Unique memory (MB) of the largest process that draws pages."""
    family = [
        member for member in psutil.Process().children(recursive=True) if "renderer" in " ".join(_command(member))
    ]
    return max((member.memory_full_info().uss for member in family), default=0) / 1e6


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def main() -> None:
    text = render_side_by_side(PageParts(**make_tables()))  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "side_by_side.html"
        path.write_text(text, encoding="utf-8")
        counts = json.dumps({"passages": PASSAGES, "stories": STORIES, "outlets": OUTLETS, "frames": FRAMES})
        print(f"{counts}: {path.stat().st_size / 1e6:.1f} MB", flush=True)
        measure_page(path, pack_data(text))


if __name__ == "__main__":
    main()
