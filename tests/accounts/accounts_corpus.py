"""Where the sample of accounts lies, and which source each account comes from."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "corpora" / "accounts"
SOURCES = {
    "云溪发布": "lively",
    "清源水务": "zombie",
    "江州生态环境": "monologue",
    "天河区交通": "speech",
    "南屏公安": "mc",
    "竹溪镇": "wechat",
    "磨盘镇城管": "irritable",
    "青螺文旅": "scenic",
    "望汀医保": "private",
    "霜河县交通运输": "slow",
    "栖桐住建": "threads",
}
