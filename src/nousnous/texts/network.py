"""The network of all-MiniLM-L6-v2 as ONNX, made of its weights with whole numbers of 8 bits for all that is multiplied.

Weights are rounded column by column, what they meet within ranges that were seen on sentences of films and newspapers:
twice as fast as with floats, and the vectors point the same way (cosine 0.99). Ranges that stand make a text's vector
the same whatever other texts are asked with it.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

LAYERS, HEADS, WIDTH = 6, 12, 384
MICROSOFT = "com.microsoft"
RANGES = (
    ((-3.0, 6.4), (-3.3, 2.4), (-6.6, 28.5), (-0.17, 24.8)),
    ((-5.2, 8.2), (-3.1, 3.0), (-8.6, 30.4), (-0.17, 20.4)),
    ((-5.3, 8.0), (-2.8, 3.0), (-14.6, 27.8), (-0.17, 17.6)),
    ((-5.6, 9.7), (-3.1, 2.5), (-16.3, 28.9), (-0.17, 13.8)),
    ((-6.3, 10.6), (-3.8, 3.2), (-15.0, 21.7), (-0.17, 7.2)),
    ((-6.1, 9.9), (-3.5, 3.5), (-12.8, 13.2), (-0.17, 10.4)),
)
"""Smallest and largest number before each of a layer's four multiplications."""
Weights = Mapping[str, npt.NDArray[np.float32]]


class Network:
    """Nodes and constants as they are added, one layer after the other."""

    def __init__(self, weights: Weights) -> None:
        from onnx import helper, numpy_helper  # of the extra `semantic`

        self._weights, self._helper, self._numpy = weights, helper, numpy_helper
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def document(self) -> bytes:
        """Input `vectors` (texts, pieces, 384) and `mask` (texts, pieces); output the same vectors, seen in context."""
        self._node("LayerNormalization", ["vectors", *self._norm("embeddings.LayerNorm")], "seen.0", epsilon=1e-12)
        for layer in range(LAYERS):
            self._layer(layer)
        vectors = [self._helper.make_tensor_value_info(name, 1, ["texts", "pieces", WIDTH]) for name in _ENDS]
        mask = self._helper.make_tensor_value_info("mask", 6, ["texts", "pieces"])
        graph = self._helper.make_graph(self._nodes, "minilm", [vectors[0], mask], [vectors[1]], self._constants)
        versions = [self._helper.make_opsetid("", 18), self._helper.make_opsetid(MICROSOFT, 1)]
        made = self._helper.make_model(graph, opset_imports=versions, ir_version=10)
        document: bytes = made.SerializeToString()
        return document

    def _layer(self, layer: int) -> None:
        before, now, after = f"encoder.layer.{layer}.", f"{layer}.", f"seen.{layer + 1}"
        asked = tuple(f"{before}attention.self.{name}" for name in ("query", "key", "value"))
        ranges = RANGES[layer]
        self._linear(f"seen.{layer}", now + "asked", ranges[0], asked)
        three = [now + name for name in ("query", "key", "value")]
        self._nodes.append(self._helper.make_node("Split", [now + "asked"], three, axis=-1, num_outputs=3))
        self._own("MultiHeadAttention", [*three, "", "mask"], now + "heard", num_heads=HEADS)
        self._linear(now + "heard", now + "told", ranges[1], (before + "attention.output.dense",))
        self._joined(now + "told", f"seen.{layer}", now + "joined", before + "attention.output.LayerNorm")
        self._linear(now + "joined", now + "wide", ranges[2], (before + "intermediate.dense",))
        self._own("Gelu", [now + "wide"], now + "bent")
        self._linear(now + "bent", now + "narrow", ranges[3], (before + "output.dense",))
        self._joined(now + "narrow", now + "joined", after, before + "output.LayerNorm")

    def _linear(self, source: str, target: str, span: tuple[float, float], names: tuple[str, ...]) -> None:
        weight = np.concatenate([self._weights[f"{name}.weight"] for name in names]).T
        bias = np.concatenate([self._weights[f"{name}.bias"] for name in names])
        steps = (np.abs(weight).max(axis=0) / 127).astype(np.float32)
        step = np.float32((span[1] - span[0]) / 255)
        parts = {
            "step": np.array(step),
            "zero": np.array(round(-span[0] / float(step)), np.uint8),
            "weight": np.rint(weight / steps).astype(np.int8),
            "steps": steps,
            "zeros": np.zeros(steps.size, np.int8),
            "bias": bias,
        }
        told = {name: self._constant(f"{target}.{name}", values) for name, values in parts.items()}
        self._node("QuantizeLinear", [source, told["step"], told["zero"]], target + ".whole")
        order = ("weight", "step", "steps", "zero", "zeros", "bias")
        self._own("MatMulIntegerToFloat", [target + ".whole", *(told[name] for name in order)], target)

    def _joined(self, source: str, other: str, target: str, norm: str) -> None:
        self._own("SkipLayerNormalization", [source, other, *self._norm(norm)], target, epsilon=1e-12)

    def _norm(self, name: str) -> list[str]:
        return [self._constant(f"{name}.{one}", self._weights[f"{name}.{one}"]) for one in ("weight", "bias")]

    def _constant(self, name: str, values: npt.NDArray[Any]) -> str:
        self._constants.append(self._numpy.from_array(np.ascontiguousarray(values), name))
        return name

    def _own(self, kind: str, sources: list[str], target: str, **settings: Any) -> None:
        self._node(kind, sources, target, domain=MICROSOFT, **settings)

    def _node(self, kind: str, sources: list[str], target: str, **settings: Any) -> None:
        self._nodes.append(self._helper.make_node(kind, sources, [target], **settings))


_ENDS = ("vectors", f"seen.{LAYERS}")
