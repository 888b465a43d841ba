"""The unit that answered, read from its own reply where no column names it."""

from __future__ import annotations

import re
from typing import Final

_UNIT_END: Final = (
    r"(?:人民政府|政府|委员会|办公室|办事处|管委会|分局|局|支队|大队|中队|派出所|中心|公司|集团|医院|大学"
    r"|学院|中学|小学|学校|法院|检察院|街道办|街道|镇|乡|委|厅|办|处|所|院|站|队)"
)
_DATE: Final = r"(?:20\d\d\s*[年.\-/]\s*\d{1,2}\s*[月.\-/]\s*\d{1,2}\s*日?)"
_SIGNATURE: Final = re.compile(
    rf"[。！!？?；;）)\s]([\u4e00-\u9fffA-Z0-9]{{2,28}}{_UNIT_END})\s*{_DATE}?\s*$"
)


def extract_replying_unit(reply_text: str | None, post_text: str | None = None) -> str | None:
    """Return the unit that a reply names as its author, or None where it names none.

    Args:
        reply_text: the official reply.
        post_text: title and text of the citizen's post, to complete names such as 县城管局.
    """
    found = _SIGNATURE.search((reply_text or "").strip())
    return found.group(1) if found else None
