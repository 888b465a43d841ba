"""Labelled rows → classifier as data, with a card and honest figures."""

from gov_sentiment.model.classifier import Prediction, TextModel
from gov_sentiment.model.storage import load_model, save_model
from gov_sentiment.model.targets import Target, default_targets

__all__ = ["Prediction", "Target", "TextModel", "default_targets", "load_model", "save_model"]
