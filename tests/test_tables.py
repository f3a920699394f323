"""The check of columns at the border of every function."""

from __future__ import annotations

import pandas as pd
import pytest

from framing.errors import InputError
from framing.tables import require_columns


def test_a_missing_column_is_listed_once():
    with pytest.raises(InputError, match=r"shares lacks the column\(s\) outlet, frame\. It has: a\."):
        require_columns(pd.DataFrame({"a": [1]}), ["outlet", "a", "frame", "outlet"], what="shares")
