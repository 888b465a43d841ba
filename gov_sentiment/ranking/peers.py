"""Peer groups: like is compared with like."""

from __future__ import annotations

import re
from typing import Final

# The kind of unit by how its name ends; the first that fits counts.
_KINDS: Final = (
    ("街道", r"街道(办事处|办)?$"),
    ("镇乡", r"(镇|乡|苏木)(人民政府|政府)?$"),
    ("社区村", r"(社区|村)(居委会|村委会|居民委员会|村民委员会)?$"),
    ("局", r"(局|分局|支队|大队|总队)$"),
    ("委办", r"(委|委员会|办|办公室|厅|部|署|院)$"),
    ("企业", r"(公司|集团|电力|燃气|水务)$"),
    ("市", r"市(人民政府|政府|委)?$"),
    ("区县", r"(区|县|旗)(人民政府|政府|管委会|管理委员会|委)?$"),
    ("省", r"(省|自治区)(人民政府|政府)?$"),
)
_PATTERNS: Final = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS)
OTHER: Final = "其他"
RULE: Final = "rule"


def kind_of_agency(name: str) -> str:
    """Return the kind of unit that a name tells: 街道, 镇乡, 局, 委办, 市, 区县, … or 其他."""
    # A hall's or centre's suffix in brackets says nothing of the kind.
    bare = re.sub(r"[（(][^（）()]*[）)]$", "", name.strip())
    for kind, pattern in _PATTERNS:
        if pattern.search(bare):
            return kind
    return OTHER
