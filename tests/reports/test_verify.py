"""A report made again is the same to the last digit, and where it is not that is said."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.errors import InputError
from framing.reports.run import make_report
from framing.reports.verify import verify_report
from tests.reports.report_files import read_files


@pytest.mark.kernel
def test_a_report_made_again_is_equal_to_the_last_digit_and_what_was_changed_is_verified(in_project):
    plan = in_project / "reports" / "small.yaml"
    plan.write_text(
        "report: small\ntitle: Small\ncorpus: hostile\ncodebook: great-power-crisis\n"
        "notebooks: [01_corpora, 03_outlets]\nparameters: {n_bootstrap: 200}\n"
    )
    folder = make_report("small").parent
    path = folder / "tables" / "shares.parquet"
    table = pd.read_parquet(path)
    table.loc[3, "high"] += 1e-12
    table.to_parquet(path, index=False)
    (folder / "tables" / "extra.parquet").write_bytes(path.read_bytes())
    before = read_files(folder)
    verified = verify_report("small")
    assert read_files(folder) == before
    assert not verified.all_equal
    results = verified.tables.set_index("table")
    assert results.loc["shares", "result"] == "differs"
    assert results.loc["shares", "note"].startswith(f"1 of {table.size} cells, the first in high, row 4: ")
    assert results.loc["extra", "result"] == "missing now"
    assert len(results) > 10
    assert set(results.drop(["shares", "extra"])["result"]) == {"equal"}
    assert verified.same_page
    assert verified.inputs.empty
    (folder / "run.json").write_text('{"settings": 3}')
    with pytest.raises(InputError, match=r"reports/small/run.json: expected the record of a report"):
        verify_report("small")
