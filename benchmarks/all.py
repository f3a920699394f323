"""All figures, one after another: `make bench`. Figures on labelled sets are left out if the sets are not there."""

from __future__ import annotations

import shutil
from importlib.util import find_spec

from benchmarks import (
    active,
    active_clusters,
    coverage,
    crosslingual,
    differences,
    discovery,
    encoding,
    exports,
    fewshot,
    learning,
    llm_estimates,
    mutants,
    notebooks,
    page,
    planner,
    promises,
    real_prose,
    regression,
    reports,
    scale,
    screen,
    speed,
    store,
    stories,
    stories_null,
    story_languages,
    tests,
    translations,
    tuning_speed,
    voice_shares,
    voice_speed,
    voices_languages,
    zero_shot,
)
from benchmarks.labelled import DATA
from framing.encoders.weights import installed_encoders

if __name__ == "__main__":
    zero_shot.main(["minilm"])
    if (DATA / "ruwa").is_dir() and (DATA / "us_gov_ukraine").is_dir():
        real_prose.main([])
    if (DATA / "fignews").is_dir():
        translations.main([])
    speed.main()
    encoding.main([])
    reports.main([])
    notebooks.main([])
    voice_speed.main([])
    voice_shares.main([])
    voices_languages.main([])
    store.main([])
    scale.main([])
    differences.main(["parts"])
    tests.main([])
    if shutil.which("chromium"):
        page.main()
    else:
        print("the side-by-side page: left out; there is no chromium on this machine")
    screen.main()
    promises.main()
    planner.main([])
    llm_estimates.main([])
    active_clusters.main([])
    stories.main([])
    if "multilingual" in installed_encoders():
        story_languages.main([])
    stories_null.main([])
    regression.main([])
    mutants.main([])
    if (DATA / "exports").is_dir():
        exports.main([])
    if DATA.is_dir():
        for arguments in (["gvfc", "--seeds", "5"], ["gvfc-both", "--seeds", "5"], ["plover"], ["narrative"]):
            learning.main(arguments)
        if "multilingual" in installed_encoders():
            crosslingual.main(["articles", "--in-language"])
            crosslingual.main(["translations"])
            crosslingual.main(["labels"])
        tuning_speed.main([])
        coverage.main([])
        active.main([])
        if "mpnet" in installed_encoders():
            discovery.main(["plover", "gvfc", "policy", "policy-documents"])
        for what in ("false", "time"):
            differences.main([what])
        if find_spec("setfit") is not None:
            fewshot.main([])
        else:
            print("few labels beside SetFit: left out; pip install setfit==1.2.0 first")
