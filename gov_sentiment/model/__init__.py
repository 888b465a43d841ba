"""Labelled rows → classifier as data, with a card and honest figures."""

from gov_sentiment.model.classifier import Prediction, TextModel
from gov_sentiment.model.evaluate import Evaluation, evaluate
from gov_sentiment.model.labelled import Labelled, read_labelled
from gov_sentiment.model.storage import load_model, save_model
from gov_sentiment.model.targets import Target, default_targets
from gov_sentiment.model.train import Training, train

__all__ = [
    "Evaluation",
    "Labelled",
    "Prediction",
    "Target",
    "TextModel",
    "Training",
    "default_targets",
    "evaluate",
    "load_model",
    "read_labelled",
    "save_model",
    "train",
]
