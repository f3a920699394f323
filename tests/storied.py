"""A small corpus of invented events, and documents of them, for the tests of stories."""

from __future__ import annotations

import pandas as pd

OUTLETS = ("Bay Post", "Hill Echo", "Marsh Times")
# the words of an event; each outlet adds its own
EVENTS = {
    "ferry": ("2024-03-01", "ferry Eastmole pier harbour Aldous piles berths closed repairs"),
    "snow": ("2024-03-03", "snow Vellin pass lorries valley gymnasium Korrin road ploughs"),
    "strike": ("2024-03-05", "strike Tarn foundry union Belisar wages pickets furnace contract"),
    "flood": ("2024-03-30", "flood Oster dyke sandbags Merrow pumps evacuation river meadows"),
}
NUMBERS = ("one", "two", "three", "four")
OUTLET_WORDS = {"Bay Post": "quayside readers", "Hill Echo": "upland letters", "Marsh Times": "fenland notes"}


def document(event: str, outlet: str, number: int = 0) -> dict[str, object]:
    """A document of an event; later numbers are later and word some things in another way."""
    day, words = EVENTS[event]
    first, *rest = words.split()
    turned = rest[number % len(rest) :] + rest[: number % len(rest)]
    return {
        "document_id": f"{event}-{outlet[0].lower()}{number}",
        "outlet": outlet,
        "published": pd.Timestamp(day) + pd.Timedelta(days=number // 2 + OUTLETS.index(outlet)),
        "title": f"{event.title()} news from the {outlet}, {first} number {NUMBERS[number % 4]}",
        "text": " ".join([first, *turned, OUTLET_WORDS[outlet], *turned[:6]]),
        "event": event,
    }


def documents(*, numbers: int = 2, events: tuple[str, ...] = tuple(EVENTS)) -> pd.DataFrame:
    """`numbers` documents of each event in each of three outlets."""
    rows = [document(event, outlet, number) for event in events for outlet in OUTLETS for number in range(numbers)]
    return pd.DataFrame(rows)
