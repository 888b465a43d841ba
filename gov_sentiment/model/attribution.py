"""What each word, sentence and feature adds to a score.

The heads are linear, so that a score is a sum over meta features, and a linear layer's output
again a sum over words: both are taken apart exactly. Encoders, nets and what trees ask of their
outputs are not linear. Their part is given to sentences: each gets the mean of what the score loses
without it and of what it makes of an empty text, the two ends of what Shapley (1953) averages.
What is left over (sentences act together) stands as one reason of its own, so that all weights add
up to the score.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from gov_sentiment.model.classifier import TextModel, base_features
from gov_sentiment.model.dense import POST_NAMES, REPLY_NAMES, post_dense, reply_dense
from gov_sentiment.model.features import N_PARTS, Parts, span_hashes
from gov_sentiment.model.hashing import to_columns
from gov_sentiment.model.layers import LinearLayer
from gov_sentiment.model.prepare import prepare
from gov_sentiment.model.recurrent import read_all
from gov_sentiment.model.targets import Target
from gov_sentiment.model.trees import Forest
from gov_sentiment.model.views import Float
from gov_sentiment.text.sentences import sentence_spans

Texts = tuple[str | None, str | None, str | None]
Side = Literal["post", "reply", ""]
Kind = Literal["word", "sentence", "feature", "base", "together", "start"]
MAX_SENTENCES: Final = 40


@dataclass(frozen=True, slots=True)
class Reason:
    """Part of a score.

    kind: word, sentence, feature, base (the model that this one was adapted from), together
    (sentences that act together), or start (what the score is before any text).
    text: the word or sentence as read, or the feature's name. side: of which text.
    weight: in log-odds of a label against the next, or in points of a scale.
    """

    kind: Kind
    text: str
    side: Side
    weight: float


def attribute(
    model: TextModel, target: Target, texts: Texts, output: int, against: int | None
) -> tuple[Reason, ...]:
    """Return the reasons of one exchange's score; their weights add up to it.

    Args:
        model: has the target.
        target: which score.
        texts: title, post and reply.
        output: the class whose log-odds are explained; 0 for a scale.
        against: the class that it is weighed against; None for a scale.
    """
    head = model.heads[target.name]
    weights = head.weights[:, output] / head.scale
    start = head.intercept[output]
    if against is not None:
        weights = weights - head.weights[:, against] / head.scale
        start = start - head.intercept[against]
    share = 1.0 if head.forest is None else 0.5
    weights = weights * share / head.temperature
    start = start * share / head.temperature - float(head.mean @ weights)
    parts = prepare(*([text] for text in texts))
    reasons: list[Reason] = []
    place = 0
    pair = target.text != "post"
    for layer, wanted in ((model.post_layer, True), (model.pair_layer, pair)):
        if layer is not None and layer is model.pair_layer and wanted:
            place = _post_width(model)
        if layer is None or not wanted:
            continue
        part = weights[place : place + len(layer.intercept)]
        start += float(layer.intercept @ part)
        reasons += _words(layer, parts, part)
        place += len(layer.intercept)
    named, typical = _dense(model, parts, weights, head.mean, pair)
    reasons += named
    start += typical
    trees = None
    if head.forest is not None:
        outputs = [(output, 1.0)] if against is None else [(output, 1.0), (against, -1.0)]
        trees = _Trees(model, head.forest, outputs, share / head.temperature, pair)
    reasons += _sentences(model, texts, weights, pair, trees)
    reasons += _base(model, parts, weights, pair)
    if trees is not None:
        named, added = trees.named(parts)
        reasons += named
        start += added
    reasons.append(Reason("start", "", "", start))
    # What layers, trees and encoder see in the same word, feature or sentence is one reason.
    weight_of: dict[tuple[Kind, str, Side], float] = defaultdict(float)
    for reason in reasons:
        weight_of[reason.kind, reason.text, reason.side] += reason.weight
    return tuple(Reason(*what, weight) for what, weight in weight_of.items() if weight != 0.0)


@dataclass(frozen=True)
class _Trees:
    """The trees of one head, and how their outputs enter the score explained."""

    model: TextModel
    forest: Forest
    outputs: Sequence[tuple[int, float]]
    scale: float
    pair: bool

    def named(self, parts: Parts) -> tuple[list[Reason], float]:
        """Return what the trees make of each named feature of one row, and their start."""
        total, start = self._added(parts)
        reasons = [
            Reason(*what, float(total[0, place]))
            for place, what in self._names().items()
            if total[0, place] != 0.0
        ]
        return reasons, start

    def unnamed(self, parts: Parts) -> Float:
        """Return what they make of readings of words and sentences, shape (n_rows,)."""
        total, _ = self._added(parts)
        total[:, list(self._names())] = 0.0
        sums: Float = total.sum(axis=1)
        return sums

    def _names(self) -> dict[int, tuple[Kind, str, Side]]:
        sides: list[tuple[int, tuple[str, ...], Side]] = [
            (_layer_width(self.model.post_layer), POST_NAMES, "post")
        ]
        if self.pair:
            sides.append((_pair_place(self.model), REPLY_NAMES, "reply"))
        return {
            place + index: ("feature", name, side)
            for place, names, side in sides
            for index, name in enumerate(names)
        }

    def _added(self, parts: Parts) -> tuple[Float, float]:
        """Return what each meta feature of each row adds, and the start of all rows."""
        rows = self.model.meta_features(self.model.inputs(parts))[1 if self.pair else 0]
        total, start = np.zeros(rows.shape), 0.0
        for output, sign in self.outputs:
            for row, features in enumerate(rows):
                added, begun = self.forest.contributions(features, output)
                total[row] += sign * self.scale * added
            start += sign * self.scale * begun
        return total, start


def _layer_width(layer: LinearLayer | None) -> int:
    return 0 if layer is None else len(layer.intercept)


def _encoder_widths(model: TextModel) -> tuple[list[int], list[int]]:
    post = [encoder.layers["post.bias"].shape[0] for encoder in model.encoders]
    return post, [encoder.layers["pair.bias"].shape[0] for encoder in model.encoders]


def _base_widths(model: TextModel) -> tuple[int, int]:
    if model.base is None:
        return 0, 0
    blocks = base_features(model.base, prepare([None], [None], [None]))
    post = sum(block.shape[1] for side, block in blocks if side == "post")
    return post, sum(block.shape[1] for side, block in blocks if side != "post")


def _post_width(model: TextModel) -> int:
    """Return how many meta features of the post stand before those of the pair."""
    dense = len(POST_NAMES) + sum(_encoder_widths(model)[0]) + _base_widths(model)[0]
    if model.nets and model.nets[0].side == "post":
        dense += model.nets[0].n_classes
    return _layer_width(model.post_layer) + dense


def _pair_place(model: TextModel) -> int:
    """Return where the pair's dense features begin."""
    return _post_width(model) + _layer_width(model.pair_layer)


def _words(layer: LinearLayer, parts: Parts, weights: Float) -> list[Reason]:
    found: dict[tuple[str, Side], float] = defaultdict(float)
    for view, table in zip(layer.views, layer.weights, strict=True):
        matrix = view.matrix(parts)
        values = dict(zip(matrix.indices.tolist(), matrix.data.tolist(), strict=True))
        spans = view.view.spans(parts)
        columns = to_columns(span_hashes(parts, spans), view.bits)
        places = np.searchsorted(view.columns, columns)
        places[places == len(view.columns)] = 0
        named: dict[int, tuple[str, Side]] = {}
        for index in np.flatnonzero(view.columns[places] == columns):
            text = "".join(map(chr, parts.codes[spans.start[index] : spans.end[index]]))
            kind = parts.part[spans.start[index]] % N_PARTS
            named.setdefault(int(places[index]), (text, "post" if kind < 2 else "reply"))
        for slot, value in values.items():
            found[named[slot]] += float(value * (table[slot] @ weights))
    return [Reason("word", text, side, weight) for (text, side), weight in found.items()]


def _dense(
    model: TextModel, parts: Parts, weights: Float, mean: Float, pair: bool
) -> tuple[list[Reason], float]:
    """Return what features add beyond a typical text, and what the typical text adds."""
    sides: list[tuple[Side, tuple[str, ...], Float, int]] = [
        ("post", POST_NAMES, post_dense(parts)[0], _layer_width(model.post_layer))
    ]
    if pair:
        values = reply_dense(parts, model.overlap)[0]
        sides.append(("reply", REPLY_NAMES, values, _pair_place(model)))
    reasons, typical = [], 0.0
    for side, names, values, place in sides:
        part, usual = weights[place : place + len(names)], mean[place : place + len(names)]
        typical += float(usual @ part)
        reasons += [
            Reason("feature", name, side, float(weight))
            for name, weight in zip(names, (values - usual) * part, strict=True)
        ]
    return reasons, typical


def _base(model: TextModel, parts: Parts, weights: Float, pair: bool) -> list[Reason]:
    if model.base is None:
        return []
    reasons = []
    post_encoders, pair_encoders = _encoder_widths(model)
    post = _layer_width(model.post_layer) + len(POST_NAMES) + sum(post_encoders)
    other = _pair_place(model) + len(REPLY_NAMES) + sum(pair_encoders)
    blocks = base_features(model.base, parts)
    for side, place in (("post", post), ("pair", other)):
        joined = np.concatenate([block[0] for kind, block in blocks if kind == side])
        if side == "post" or pair:
            weight = float(joined @ weights[place : place + len(joined)])
            reasons.append(Reason("base", "", "post" if side == "post" else "reply", weight))
    return reasons


def _sentences(
    model: TextModel,
    texts: Texts,
    weights: Float,
    pair: bool,
    trees: _Trees | None,
) -> list[Reason]:
    if not model.encoders and not model.nets and trees is None:
        return []

    def read(texts: Parts) -> Float:
        total = _encoded(model, texts, weights, pair)
        return total if trees is None else total + trees.unnamed(texts)

    cuts = _each_sentence(texts, pair)[:MAX_SENTENCES]
    # First the texts as they are, then none.
    variants = [texts, (None, None, None), *(cut[2] for cut in cuts), *(cut[3] for cut in cuts)]
    found = read(prepare(*(list(column) for column in zip(*variants, strict=True))))
    without, alone = found[2 : 2 + len(cuts)], found[2 + len(cuts) :]
    weights_of = ((found[0] - without) + (alone - found[1])) / 2
    reasons = [
        Reason("sentence", sentence, side, float(weight))
        for (side, sentence, *_), weight in zip(cuts, weights_of, strict=True)
    ]
    empty = float(found[1])
    rest = float(found[0] - weights_of.sum()) - empty
    return [*reasons, Reason("together", "", "", rest), Reason("start", "", "", empty)]


def _each_sentence(texts: Texts, pair: bool) -> list[tuple[Side, str, Texts, Texts]]:
    """Return (side, sentence, texts without it, it alone) for each sentence that is read."""
    title, post, reply = texts
    cuts: list[tuple[Side, str, Texts, Texts]] = []
    if title:
        cuts.append(("post", title, (None, post, reply), (title, None, None)))
    for sentence, rest in _cut(post):
        cuts.append(("post", sentence, (title, rest, reply), (None, sentence, None)))
    if pair:
        for sentence, rest in _cut(reply):
            cuts.append(("reply", sentence, (title, post, rest), (None, None, sentence)))
    return cuts


def _cut(text: str | None) -> list[tuple[str, str]]:
    """Return each sentence of a text, and the text without it."""
    whole = text or ""
    return [
        (whole[start:end].strip(), whole[:start] + whole[end:])
        for start, end in sentence_spans(whole)
    ]


def _encoded(model: TextModel, parts: Parts, weights: Float, pair: bool) -> Float:
    """Return what encoders and nets add to the score, shape (n_rows,)."""
    dense = np.column_stack([post_dense(parts), reply_dense(parts, model.overlap)])
    post_place = _layer_width(model.post_layer) + len(POST_NAMES)
    pair_place = _pair_place(model) + len(REPLY_NAMES)
    total = np.zeros(parts.n_rows)
    for encoder in model.encoders:
        outputs = encoder.outputs(encoder.hidden(parts), dense)
        sides: Sequence[tuple[Float, int]] = [(outputs.post, post_place)]
        if pair:
            sides = [*sides, (outputs.pair, pair_place)]
        for values, place in sides:
            total += values @ weights[place : place + values.shape[1]]
        post_place += outputs.post.shape[1]
        pair_place += outputs.pair.shape[1]
    if model.nets:
        own = model.nets[0].n_classes
        end = _post_width(model) if model.nets[0].side == "post" else len(weights)
        total += read_all(model.nets, parts) @ weights[end - own : end]
    return total
