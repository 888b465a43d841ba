"""Builds the models that come with the package from the labelled exchanges.

python scripts/build_models.py [WORK_FOLDER]   both models (the default needs the research data)
python scripts/build_models.py --corpora       models/corpora alone, from corpora/

WORK_FOLDER holds what scripts/modelling/encoder.py made (the encoder, and the outputs of rows that
it has not seen); without it the default model is linear. The figures of the card come from
cross-validation: linear layers, encoders and heads are all of rows outside the fold. Sources whose
outputs_SOURCE.npz lie there are held out whole as well, and the figures printed.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

import numpy as np

from gov_sentiment.model.arrays import read_encoder
from gov_sentiment.model.bins import fit_bins
from gov_sentiment.model.card import base_card, write_card
from gov_sentiment.model.checks import check_labels
from gov_sentiment.model.classifier import from_scores
from gov_sentiment.model.encoder import Pair
from gov_sentiment.model.evaluate import evaluate, report_target
from gov_sentiment.model.fitting import Settings, fit_model, make_design, make_folds
from gov_sentiment.model.labelled import read_labelled
from gov_sentiment.model.layers import out_of_fold
from gov_sentiment.model.metrics import spearman
from gov_sentiment.model.prepare import fold, prepare, split_answer
from gov_sentiment.model.storage import save_model
from gov_sentiment.model.targets import default_targets
from gov_sentiment.model.tuning import (
    calibrated_head,
    head_scores,
    main_figure,
)

sys.path.insert(0, str(Path(__file__).resolve().parent / "modelling"))
import corpus

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
EXTRA = ROOT / "scripts" / "modelling" / "extra_labels.csv"
SETTINGS = Settings(min_rows=3, alpha=0.2, strength=0.05, post_share=0.5, trees=60)
OF_ANNOTATORS = 3.0
"""What a row of the annotators counts in the heads beside one of ours."""
SAME_PLATFORM = "taidi"
"""The board that the dev rows come from."""
TARGETS = default_targets()
CORPORA = ROOT / "corpora"
SUMMARY_CORPORA = (
    "Trained on invented exchanges of this project's own writing alone. A test of the path from "
    "labels to scores that anyone can run; its figures say nothing about real exchanges."
)
SUMMARY = (
    "The default model: nine labels of the codebook. Trained on 4,500 exchanges of six sources "
    "that language models labelled from the codebook, item by item, on 11,606 of five of them "
    "that two or three others coded here in the same way, faster, and on 2,214 invented ones; two "
    "annotators of the first agreed at κ .92–.96, our coders with them at .74–.91, and being of "
    "one family they all share blind spots. On rows of one's own, measure."
)


def read_encoders(folder, n_post):
    """Return the encoder and its out-of-fold outputs, each in a sequence of its own."""
    encoder = read_encoder(dict(np.load(folder / "encoder.npz")))
    return (encoder,), [read_outputs(folder / "outputs.npz", n_post)]


def read_outputs(path, n_post):
    found = np.load(path)["outputs"].astype(np.float64)
    return Pair(found[:, :n_post], found[:, n_post:])


def build(data, folder, out, name, summary, licence):
    labels = {t.name: t.parse(data.columns[t.name]) for t in TARGETS}
    # The same groups as in scripts/modelling/encoder.py, so that the folds are the same.
    groups = [
        split_answer(fold(reply))[1][:40] or str(row_id)
        for reply, row_id in zip(data.texts()[2], data.columns["exchange_id"], strict=True)
    ]
    n_post = sum(len(t.classes) for t in TARGETS if t.text == "post")
    encoders, encoded = read_encoders(folder, n_post) if folder else ((), [])
    parts = prepare(*data.texts())
    # Figures and temperatures are of the annotators' file alone: our own rows were coded faster,
    # some of them chosen because a model was unsure, and some are invented.
    usual = np.flatnonzero([not taught_here(name) for name in data.columns["exchange_id"]])
    weights = np.ones(len(data))
    if len(usual) < len(data):
        weights[usual] = OF_ANNOTATORS
    design = make_design(parts, TARGETS, SETTINGS, encoders=encoders, encoded=encoded)
    model = fit_model(design, TARGETS, labels, groups, SETTINGS, weights=weights)
    held_out = cross_validate(design, labels, groups, weights)
    for path in sorted(folder.glob("outputs_*.npz")) if folder else ():
        place = path.stem.removeprefix("outputs_")
        unseen = read_outputs(path, n_post)
        hold_out(place, usual, parts, data, labels, groups, weights, encoded[0], unseen, held_out)
    if folder:
        print_ratings(data.columns["exchange_id"], held_out)
    heads = {
        t.name: calibrated_head(
            model.heads[t.name], t, held_out[t.name].scores[usual], labels[t.name][usual]
        )
        for t in TARGETS
    }
    judged = data.take(usual.tolist())
    judged_by = {name: found.take(usual) for name, found in held_out.items()}
    for target in TARGETS:
        if target.kind == "ordinal":
            truth, known = labels[target.name][usual], [groups[row] for row in usual]
            judged_by[target.name] = binned(judged_by[target.name], truth, known)
    reports = {
        name: report_target(judged, labels[name][usual], found) for name, found in judged_by.items()
    }
    checks = {t.name: asdict(check_labels(data, t, labels[t.name])) for t in TARGETS}
    card = {
        **base_card(name, [data], licence),
        "summary": summary,
        "targets": {key: asdict(report) for key, report in reports.items()},
        "checks": checks,
        "measured": "5-fold cross-validation, replies that begin alike in one fold, without the "
        "rows that were labelled or written here",
        "settings": asdict(SETTINGS),
    }
    card = json.loads(json.dumps(card))
    model = replace(model, heads=heads, card=card)
    save_model(model, out)
    write_card(card, out)
    elsewhere = np.array(judged.sources()) != SAME_PLATFORM
    for key, report in reports.items():
        parts_of = " ".join(f"{p.name} {p.figure:.3f}" for p in report.by_source)
        target, found = judged_by[key].target, judged_by[key].scores[elsewhere]
        figure = main_figure(target, labels[key][usual][elsewhere], found)
        print(
            f"{key:14} {report.main} {report.figures[report.main]}  {parts_of} "
            f"elsewhere {figure:.3f}"
        )
    return model


@cache
def own_rows():
    """Return the ids of the real rows that were labelled here."""
    return {row["exchange_id"] for row in corpus.read_csv(EXTRA)}


def taught_here(name):
    """Return whether the row of this id was labelled, or written, here."""
    return name in own_rows() or name.startswith(corpus.WRITTEN)


def cross_validate(design, labels, groups, weights):
    """Return predictions of each row by layers and heads that have not seen it."""
    folds = make_folds(groups, SETTINGS.folds, SETTINGS.seed)
    inputs = design.inputs
    found = {}
    layers = {}
    for text, matrices in (("post", inputs.post), ("pair", inputs.pair)):
        chosen = [t for t in TARGETS if (t.text == "post") == (text == "post")]
        wanted = np.column_stack([t.encode(labels[t.name]) for t in chosen])
        layers[text] = out_of_fold(matrices, wanted, SETTINGS.alpha, folds)
    post = np.column_stack([layers["post"], inputs.post_dense])
    pair = np.column_stack([post, layers["pair"], inputs.pair_dense])
    for target in TARGETS:
        features = post if target.text == "post" else pair
        scores = head_scores(target, features, labels[target.name], folds, SETTINGS, weights)
        found[target.name] = from_scores(target, scores)
    return found


def print_ratings(names, held_out):
    """Print how far scores of helpdesk dialogues agree with people's ratings, in Spearman's ρ.

    No model has learnt from the ratings; the scores are by layers and heads that have not seen the
    dialogue.
    """
    rated = {
        f"helpdesk-{row['exchange_id']}": row
        for row in corpus.read_csv(DATA / "helpdesk" / "stc3_train.csv")
    }
    rows = np.flatnonzero([name in rated for name in names])
    for score in ("quality", "completeness", "actionability", "courtesy"):
        values = held_out[score].scores[rows, 0]
        figures = [
            f"{rating} {spearman(given, values):.3f}"
            for rating in ("effectiveness", "satisfaction", "accomplishment")
            for given in [np.array([float(rated[names[row]][rating]) for row in rows])]
        ]
        print("ratings:", score, len(rows), *figures)


def binned(found, truth, groups):
    """Return predictions of a scale in bins that were fitted to the rows of other folds."""
    scores = found.scores.copy()
    for learn, test in make_folds(groups, SETTINGS.folds, SETTINGS.seed):
        scores[test] = in_bins_of(found.take(learn), truth[learn], found.take(test)).scores
    return from_scores(found.target, scores)


def in_bins_of(known, truth, found):
    """Return predictions of a scale in the bins of other rows, whose labels are known."""
    bins = fit_bins(known.scores[:, 0], truth, found.target.low, found.target.high)
    return found if bins is None else from_scores(found.target, bins.of(found.scores))


def hold_out(place, usual, parts, data, labels, groups, weights, encoded, unseen, held_out):
    """Print figures of one source's rows in `usual` by a model that learnt from the others alone.

    `encoded` are the encoder's outputs of all rows; `unseen` those of the rows of `place`, by an
    encoder that has not seen the source. Bins are of the other rows in `usual`, from `held_out`.
    """
    own = np.array(data.sources()) == place
    rows, test, others = np.flatnonzero(~own), usual[own[usual]], usual[~own[usual]]
    post, pair = encoded.post.copy(), encoded.pair.copy()
    post[own], pair[own] = unseen.post, unseen.pair
    design = make_design(parts, TARGETS, SETTINGS, encoded=[Pair(post, pair)])
    model = fit_model(design, TARGETS, labels, groups, SETTINGS, rows, weights)
    found = model.predict_inputs(design.take(test))
    for target in TARGETS:
        if target.kind == "ordinal":
            known = held_out[target.name].take(others)
            found[target.name] = in_bins_of(known, labels[target.name][others], found[target.name])
    figures = [
        f"{t.name} {main_figure(t, labels[t.name][test], found[t.name].scores):.3f}"
        for t in TARGETS
    ]
    print("never seen:", place, len(test), *figures, flush=True)


def build_default(folder):
    """Build models/default from the research data."""
    licence = "research use, not redistributable; the model holds hashes and weights alone"
    with tempfile.TemporaryDirectory() as scratch:
        rows = corpus.read_labelled(DATA, EXTRA, CORPORA / "train.jsonl")
        path = Path(scratch) / "train_and_extra.jsonl"
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        path.write_text("\n".join(lines), encoding="utf-8")
        data = read_labelled(path)
    data = replace(data, where=path.name)
    build(data, folder, ROOT / "models" / "default", "default", SUMMARY, licence)
    print_figures(ROOT / "models" / "default", DATA / "labelled" / "dev.jsonl")


def build_corpora():
    """Build models/corpora from the sample of our own writing, as any outsider can."""
    out = ROOT / "models" / "corpora"
    with tempfile.TemporaryDirectory() as scratch:
        written = answered([CORPORA / "train.jsonl", CORPORA / "labels" / "demo.jsonl"], scratch)
        data = read_labelled([written])
        build(data, None, out, "corpora", SUMMARY_CORPORA, "MIT, our own writing")
        print_figures(out, answered([CORPORA / "test.jsonl"], scratch))


def answered(files, scratch):
    """Write the rows that have a reply, and so all nine labels, into one file."""
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    kept = [line for line in lines if json.loads(line)["reply_text"]]
    path = Path(scratch) / files[0].name
    path.write_text("\n".join(kept), encoding="utf-8")
    return path


def print_figures(model, path):
    dev = evaluate(model, path, snownlp=False)
    for report in dev.targets:
        more = ""
        if "calibration_error" in report.figures:
            more = f"  ECE {report.figures['calibration_error']}"
        print(f"{path.name} {report.target:14} {report.main} {report.figures[report.main]}{more}")


def main():
    given = sys.argv[1] if len(sys.argv) > 1 else None
    if given != "--corpora" and DATA.is_dir():
        build_default(Path(given) if given else None)
    build_corpora()


if __name__ == "__main__":
    main()
