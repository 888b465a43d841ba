"""Sentiment and response quality of citizen–government exchanges.

```python
import gov_sentiment as gs
exchanges = gs.read_archive("letters.xlsx")
scored = gs.score(exchanges)
print(gs.rank_agencies(scored).top(10))
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gov_sentiment.api import rank_agencies as rank_agencies
    from gov_sentiment.api import read_archive as read_archive
    from gov_sentiment.api import score as score

__version__ = "0.1.0"
__all__ = ["rank_agencies", "read_archive", "score"]


def __getattr__(name: str) -> Any:
    # Loaded on first use: `gov-sentiment --help` must not wait for pyarrow and scikit-learn.
    if name in __all__:
        from gov_sentiment import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
