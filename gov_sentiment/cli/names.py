"""What people call targets, classes, figures and rules where the terminal shows them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from gov_sentiment.cli.words import Language

_CHINESE: Final = {
    "rows": "行",
    "class": "类别",
    "precision": "精确率",
    "recall": "召回率",
    "n": "件数",
    "source": "来源",
    "length": "字数",
    "beside": "对照",
    "(none)": "（未标明）",
    "post": "留言",
    "reply": "答复",
    "pair": "留言与答复",
}
# What training says of its steps and of the labels, and the same in Chinese.
_TRAINING: Final = (
    (r"(\w+): ([\d,]+) rows, ([\d,]+) groups", "{0}：{1} 行，{2} 组"),
    (r"again, starting from the other model", "再训练一次，从已有模型开始"),
    (r"words and characters", "词与字"),
    (r"a recurrent net", "循环网络"),
    (r"words", "词"),
    (r"cross-validation", "交叉验证"),
    (r"final model", "最终模型"),
    (r"fewer than (\d+) rows: (.*); their figures mean little", "不足 {0} 行：{1}；其指标意义不大"),
    (
        r"one class has more than 90 % of the rows; .*",
        "有一类占全部行的 90% 以上；请看宏平均 F1 与 κ",
    ),
    (r"(\d+) texts bear more than one label", "{0} 段文字带有不止一种标注"),
    (r"(\d+) rows repeat an earlier row; .*", "{0} 行与前面的行重复；交叉验证时同在一份"),
)


def names(lang: Language) -> Callable[[str], str]:
    """Return what gives a name in the language; a name that nobody translated stays as it is.

    English keeps the names of files and cards, so that both can be searched for the same word.
    """
    if lang is Language.en:
        return str
    from gov_sentiment.exchange import TARGET_NAMES
    from gov_sentiment.report.evaluation_page import FIGURES, GUESSERS, KINDS
    from gov_sentiment.report.explain_page import KINDS as REASONS
    from gov_sentiment.report.features import chinese_features
    from gov_sentiment.report.words import CLASSES, FLAGS, ROLES, RULES

    labels = {**KINDS, **REASONS, **GUESSERS, **CLASSES, **FLAGS, **ROLES, **TARGET_NAMES}
    known = {name: pair[0] for name, pair in labels.items()}
    known |= {name: label[0] for name, (label, _) in FIGURES.items()}
    known |= RULES | chinese_features() | _CHINESE
    return lambda name: known.get(name, name)


def training_line(message: str, lang: Language) -> str:
    """Return a line that training says, in the language; one not known here stays English."""
    if lang is Language.en:
        return message
    for pattern, chinese in _TRAINING:
        if found := re.fullmatch(pattern, message):
            called = names(lang)
            return chinese.format(*(called(part) for part in found.groups()))
    return message
