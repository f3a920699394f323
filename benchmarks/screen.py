"""How fast the coding screen answers, and what a kill of its program costs.

`python -m benchmarks.screen` draws 200 passages of the sample corpus, serves them as `framing code` does, and codes
them by keyboard in Chromium: milliseconds from the key that saves to the next passage on the screen. Then the program
is killed (SIGKILL) at 20 random moments of coding as fast as it answers; every decision that it had answered must be in
the file.
"""

from __future__ import annotations

import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from framing.codebook import read_codebook
from framing.coding.decision_file import DecisionFile
from framing.coding.design import DesignFacts, Stratum, rules_hash
from framing.coding.sampling import draw_sample
from framing.coding.sheets import write_sheets
from framing.corpus import make_passages, read_corpus
from framing.project import corpus_folder, named_file

N_PASSAGES, N_KILLS, WARMING = 200, 20, 10
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
TAB = "benchmark-tab"
# from the key to the frame that is painted with the next passage
MEASURE = """([key, index]) => new Promise((done) => {
  const root = document.querySelector("[data-index]");
  const started = performance.now();
  const watch = new MutationObserver(() => {
    if (root.dataset.index !== String(index)) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - started)));
  });
  watch.observe(root, { attributes: true, attributeFilter: ["data-index"] });
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
})"""


def draw(folder: Path) -> Path:
    """A draw of the sample corpus for one coder."""
    book = read_codebook(named_file("seeds", "great-power-crisis", ".yaml", kind="codebook"))
    corpus = read_corpus(corpus_folder("deep-strike"))
    passages = make_passages(corpus.documents, unit="passage")
    sample = draw_sample(passages, size=N_PASSAGES)
    strata = sample.strata[["stratum", "n_units", "n_passages", "n_drawn"]].to_dict("records")
    facts = DesignFacts(
        framing="0", corpus="deep-strike", corpus_hash=corpus.hash, codebook=book.codebook,
        codebook_version=book.version, codebook_hash=book.hash, rules_hash=rules_hash(book), passage_words=90,
        random_seed=sample.random_seed, unit=sample.unit, allocation=sample.allocation, scores="", frame="",
        size=N_PASSAGES, n_passages_drawn=N_PASSAGES, n_passages=len(passages), n_documents=len(corpus.documents),
        coders=("anna",), overlap=1.0, strata=tuple(Stratum.model_validate(row) for row in strata),
    )  # fmt: skip
    write_sheets(folder, sample, book, facts, formats=("csv",), documents=corpus.documents)
    return folder


def serve(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """The program, and the address that it prints."""
    command = [sys.executable, "-m", "framing", "code", str(folder), "--coder", "anna", "--no-browser"]
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert started.stdout is not None
    return started, started.stdout.readline().strip()


def measure_keys(folder: Path) -> None:
    """Milliseconds from the key that saves to the next passage."""
    from playwright.sync_api import sync_playwright

    program, address = serve(folder)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport={"width": 1280, "height": 850})
            page.goto(address)
            page.wait_for_selector("[data-index]")
            times = []
            for number in range(N_PASSAGES - 1):
                page.keyboard.press("123456789abcde"[number % 14])
                times.append(float(page.evaluate(MEASURE, ["Enter", number + 1])))
            browser.close()
    finally:
        program.terminate()
        program.wait()
    times = sorted(times[WARMING:])
    middle, slow = statistics.median(times), times[int(0.95 * len(times))]
    print(f"key to next passage, {len(times)} passages: median {middle:.0f} ms, 95 % within {slow:.0f} ms")


def count_lost(folder: Path) -> None:
    """Kill the program at random moments, and count the answered decisions that are not in its file."""
    generator, n_answered, n_lost = random.Random(20250704), 0, 0
    shutil.rmtree(folder / "coded")
    for moment in range(N_KILLS):
        program, address = serve(folder)
        parts = urlsplit(address)
        base = f"{parts.scheme}://{parts.netloc}"
        timer = threading.Timer(generator.uniform(0.05, 0.8), program.kill)
        answered: dict[int, str] = {}
        with httpx.Client(base_url=base, headers={"Origin": base, "X-Framing": "screen"}) as client:
            client.get(address)
            frames = [item["id"] for item in client.post("/ask", json={"do": "open", "tab": TAB}).json()["frames"]]
            timer.start()
            try:
                for step in range(1_000_000):
                    index = step % N_PASSAGES
                    frame = frames[(step + moment) % len(frames)]
                    marks = {"frames": [frame], "remark": f"{moment} {step}", "seconds": 1.0}
                    message = {"do": "save", "tab": TAB, "index": index, "show": index, "marks": marks}
                    if "error" not in client.post("/ask", json=message).json():
                        answered[index] = f"{moment} {step}"
            except httpx.HTTPError:
                pass
        program.wait()
        with DecisionFile(folder / "coded" / "anna.sqlite") as file:
            latest = file.latest()
            order = list(file.passages)
        n_answered += len(answered)
        for index, remark in answered.items():
            kept = latest[order[index]].remark.split() if order[index] in latest else ["-1", "-1"]
            n_lost += [int(part) for part in kept] < [int(part) for part in remark.split()]
    print(f"killed {N_KILLS} times: {n_answered} answered decisions, {n_lost} lost")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = draw(Path(name) / "draw")
        if CHROMIUM:
            measure_keys(folder)
        else:
            print("no Chromium on this machine: keys are not measured")
        started = time.monotonic()
        count_lost(folder)
        print(f"({time.monotonic() - started:.0f} s)")


if __name__ == "__main__":
    main()
