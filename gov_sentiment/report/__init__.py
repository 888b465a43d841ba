"""Ranking and scores → pages. Only `summarise` computes; the rest prints."""

from gov_sentiment.report.evaluation_page import render_evaluation_page
from gov_sentiment.report.explain_page import write_explain_page
from gov_sentiment.report.figures import write_figures
from gov_sentiment.report.page import render_page, write_page
from gov_sentiment.report.summarise import summarise
from gov_sentiment.report.summary import Summary, summary_json
from gov_sentiment.report.workbook import write_workbook

__all__ = [
    "Summary",
    "render_evaluation_page",
    "render_page",
    "summarise",
    "summary_json",
    "write_explain_page",
    "write_figures",
    "write_page",
    "write_workbook",
]
