"""The kinds of error: what a caller can catch them as."""

from __future__ import annotations

import pytest
import sklearn.exceptions

from framing.classify.classifier import FrameClassifier
from framing.errors import FramingError, InputError
from framing.fetch.web import RefusedError
from tests.tiny import PASSAGES, WordEncoder, codebook


def test_a_wrong_input_is_a_value_error():
    with pytest.raises(ValueError, match="wrong shape"):
        raise InputError("wrong shape")
    assert issubclass(InputError, FramingError)
    assert InputError.exit_code == 2


def test_an_estimator_that_was_not_fitted_says_so_as_scikit_learn_does():
    with pytest.raises(sklearn.exceptions.NotFittedError, match="predict_proba: call fit first") as caught:
        FrameClassifier(codebook(), WordEncoder()).predict_proba(PASSAGES)
    assert isinstance(caught.value, InputError)


def test_a_refusal_of_a_server_is_an_error_of_this_package():
    assert issubclass(RefusedError, FramingError)
