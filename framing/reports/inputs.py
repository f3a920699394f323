"""Everything that a report depends on, by its content: files, settings, code, libraries, machine."""

from __future__ import annotations

import hashlib
import os
import platform
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from framing.analysis.sources import find_codebook, find_sources
from framing.corpus.fingerprint import list_corpus_files
from framing.encoders.known import describe_reading
from framing.encoders.prompts import split_names
from framing.encoders.weights import find_model, find_nli_model, installed_encoders
from framing.errors import InputError
from framing.files.digests import stored_sha256, stored_sha256s
from framing.files.identity import describe_installed, hash_content, package_hash
from framing.llm.endpoint import VARIABLES
from framing.project import corpus_folder, named_file, project_root
from framing.reports.plan import ReportPlan
from framing.settings import Settings

__all__ = ["Inputs", "find_inputs"]

_OF_OPERATIONS = {"schedule", "timezone", "deadline_minutes", "alerts", "keep"}  # change no report
_ELSEWHERE = ("cli", "operations", "export", "fetch", "template", "__main__")  # code that shapes no report
_BESIDE_CORPUS = ("corpus.yaml", "stories.yaml")
# variables that name places, whose content counts, that limit a store, addresses of alerts, and servers with their keys
_WITHOUT_EFFECT = {
    *VARIABLES, "FRAMING_ANALYSIS", "FRAMING_CACHE", "FRAMING_CHROMIUM", "FRAMING_DATA", "FRAMING_EXECUTOR",
    "FRAMING_MAIL_FROM", "FRAMING_ORDINARY_KERNELS", "FRAMING_PROJECT", "FRAMING_REPORT_OUTPUT",
    "FRAMING_SETTINGS_READ", "FRAMING_SMTP_URL", "FRAMING_STORE", "FRAMING_STORE_LIMIT", "FRAMING_WEBHOOK_URL",
}  # fmt: skip
_ALSO = {  # variables of others with an effect: the local time; which instructions, how exact and in how many threads
    "TZ", "ATEN_CPU_CAPABILITY", "CUBLAS_WORKSPACE_CONFIG", "CUDA_VISIBLE_DEVICES", "DNNL_DEFAULT_FPMATH_MODE",
    "DNNL_MAX_CPU_ISA", "MKL_CBWR", "MKL_ENABLE_INSTRUCTIONS", "MKL_NUM_THREADS", "NPY_DISABLE_CPU_FEATURES",
    "NPY_ENABLE_CPU_FEATURES", "NVIDIA_TF32_OVERRIDE", "OMP_NUM_THREADS", "ONEDNN_DEFAULT_FPMATH_MODE",
    "ONEDNN_MAX_CPU_ISA", "OPENBLAS_CORETYPE", "OPENBLAS_NUM_THREADS", "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE",
}  # fmt: skip


@dataclass(frozen=True)
class Inputs:
    """What a report depends on; equal inputs make equal reports.

    Attributes
    ----------
    plan : dict of str to object
        Content of the report's file, without what only scheduled runs use.
    settings : dict of str to object
        Settings of the run, with absolute paths.
    notebooks : dict of str to str
        sha256 of each notebook by its name, in order.
    contents : dict of str to object
        Everything else: hashes of corpora, labels, codebook, models and code, versions of libraries, variables of the
        environment, and the machine; `varied` are the models that only the notebook on fragility uses.

    Notes
    -----
    A library counts by its version: one that is changed in place, or hidden by another of its name on the path, without
    a new version is not seen.
    """

    plan: dict[str, Any]
    settings: dict[str, Any]
    notebooks: dict[str, str]
    contents: dict[str, Any]

    @cached_property
    def key(self) -> str:
        """Hash (sha256) of all of them."""
        return hash_content([self.plan, self.settings, list(self.notebooks.items()), self.contents])


def find_inputs(plan: ReportPlan, settings: Settings) -> Inputs:
    """Find what a run of a report depends on.

    Parameters
    ----------
    plan : ReportPlan
        The report's file.
    settings : Settings
        Settings of the run.

    Returns
    -------
    Inputs
        Their content. Large files are read only if they changed since they were last read.

    Raises
    ------
    InputError
        If a file, model or name is missing or wrong.
    """
    for name in settings.corpus_names:
        corpus_folder(name)
    codebook_file = named_file("seeds", settings.codebook, ".yaml", kind="codebook")
    sources = find_sources(settings, find_codebook(settings))
    labels = [source.labels[0] for source in sources if source.labels is not None]
    corpora: dict[str, dict[str, str]] = {}
    for name, source in zip(settings.corpus_names, sources, strict=True):
        beside = [source.folder / item for item in _BESIDE_CORPUS if (source.folder / item).is_file()]
        listed = [*beside, *list_corpus_files(source.config, source.folder, data_path=settings.data_path)]
        corpora[name] = {
            f"{path.parent.name}/{path.name} {place}": digest
            for place, (path, digest) in enumerate(stored_sha256s(listed).items())
        }
    notebooks = plan.notebook_paths(labelled=bool(labels))
    resolved = settings.model_dump(mode="json")
    if settings.data_path:
        resolved["data_path"] = str(Path(settings.data_path).resolve())
    if settings.gold and labels:
        resolved["gold"] = str(labels[0])
    return Inputs(
        plan=plan.model_dump(mode="json", exclude=_OF_OPERATIONS),
        settings=resolved,
        notebooks={path.stem: stored_sha256(path) for path in notebooks},
        contents={
            "corpora": corpora,
            "labels": [f"{path.name} {digest}" for path, digest in stored_sha256s(labels).items()],
            "codebook": stored_sha256(codebook_file),
            "models": _find_models(settings),
            "varied": _find_varied(settings),
            "code": package_hash(without=_ELSEWHERE),
            "installed": describe_installed(),
            "environment": _read_environment(),
            "machine": _describe_machine(),
        },
    )


def _find_models(settings: Settings) -> dict[str, str]:
    """Fingerprints of the models that classify, by name, with the languages of encoders."""
    models: dict[str, str] = {}
    if (settings.scorer == "llm" or settings.llm_beside) and settings.llm_redaction:
        models["llm_redaction"] = stored_sha256(project_root() / settings.llm_redaction)
    if settings.scorer == "nli" and settings.nli_model:
        models["nli"] = find_nli_model(settings.nli_model).fingerprint
    for part in split_names(settings.encoder):
        models[part] = _identify(part)
    return models


def _identify(name: str) -> str:
    """The weights of an encoder, and the languages that it is known to read."""
    return f"{find_model(name).fingerprint} reads {describe_reading(name)}"


def _find_varied(settings: Settings) -> dict[str, str]:
    """Fingerprints of the other encoders that the notebook on fragility tries, by name."""
    models: dict[str, str] = {}
    varied = [name.strip() for name in settings.encoders_varied.split(",") if name.strip()]
    for name in varied or installed_encoders():
        for part in split_names(name):
            try:
                models[part] = _identify(part)
            except InputError as error:  # the notebook that uses it will say so
                models[part] = str(error)
    return models


def _read_environment() -> dict[str, str]:
    """Variables of the environment that may change a report."""
    return {
        name: value
        for name, value in sorted(os.environ.items())
        if name in _ALSO or (name.startswith("FRAMING_") and name not in _WITHOUT_EFFECT)
    }


def _describe_machine() -> str:
    """What the choice of a number format or library for computing may depend on: processor and driver of a GPU."""
    lines = [platform.machine(), platform.system()]
    with suppress(OSError):
        first = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").partition("\n\n")[0]
        lines += [line for line in first.splitlines() if line.startswith(("model name", "flags", "Features"))]
    with suppress(OSError):
        lines.append(Path("/proc/driver/nvidia/version").read_text(encoding="utf-8", errors="replace"))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
