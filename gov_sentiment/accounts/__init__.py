"""Accounts: how agencies' microblog and WeChat accounts talk, and whether they talk back."""

from gov_sentiment.accounts.measure import ZOMBIE_DAYS, measure_accounts, plain_rows
from gov_sentiment.accounts.officialese import Style, measure_style
from gov_sentiment.accounts.result import Account, AccountsSummary, Estimate, Share

__all__ = [
    "ZOMBIE_DAYS",
    "Account",
    "AccountsSummary",
    "Estimate",
    "Share",
    "Style",
    "measure_accounts",
    "measure_style",
    "plain_rows",
]
