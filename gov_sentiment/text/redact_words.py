"""Tables behind the redaction of names: words by part, statistics of letters, fitted weights."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent

SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程"
    "苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝"
    "龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左"
    "柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈"
    "饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵"
    "苟邬边卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝水云凤花廉酆昌常乐傅伏戈茅"
    "裘宣贲郁杭洪诸钮嵇荀羊封储糜井松富宓蓬郗班仰秋伊仝钭厉戎祖印宿怀鄂咸籍赖蔺屠阴胥苍双闻"
    "莘贡劳逄扶堵濮寿通扈燕冀郏浦别阎充慕茹习宦容慎庾终暨居衡步弘匡广禄阙殳沃利蔚越夔隆晁勾融"
    "訾阚那丰红竺逯盖益桓奚佴雒仉谌邸强敬展勒尧亢谈芮栗晋鄢危昝於惠乌牧隗束幸韶郜薄邰索宰郦雍满"
    "巢蒯荆权鞠代楚帅衣卿粟冼揭母滑苍植暴鹿贝汲羿璩厍毋巨覃付闪宛"
)
COMPOUND_SURNAMES: Final = frozenset(
    (
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "司徒",
        "夏侯",
        "端木",
        "令狐",
        "长孙",
        "宇文",
        "申屠",
        "南宫",
        "独孤",
        "澹台",
        "呼延",
        "轩辕",
        "百里",
        "钟离",
        "鲜于",
        "闻人",
        "赫连",
        "淳于",
        "拓跋",
        "纳兰",
        "完颜",
        "耶律",
    )
)


@lru_cache(maxsize=1)
def letters() -> dict[str, dict[str, float]]:
    """Return place in a name -> letter -> log-odds against the letter's share in text."""
    table: dict[str, dict[str, float]] = {}
    for line in _lines("redact_letters.txt"):
        place, score, group = line.split(" ")
        table.setdefault(place, {}).update(dict.fromkeys(group, float(score)))
    return table


@lru_cache(maxsize=1)
def words() -> dict[str, frozenset[str]]:
    """Return part -> words around names."""
    table: dict[str, frozenset[str]] = {}
    part = ""
    for line in _lines("redact_words.txt"):
        if line.startswith("["):
            part = line[1 : line.index("]")]
        else:
            table[part] = table.get(part, frozenset()).union(line.split())
    return table


@lru_cache(maxsize=1)
def listed() -> frozenset[str]:
    """Return the words that are no names: listed as such, or for what stands around names."""
    parts = words()
    return frozenset().union(
        *(parts[part] for part in ("cue", "person", "title", "rank", "said", "profile", "word"))
    )


@lru_cache(maxsize=1)
def frequencies() -> dict[str, float]:
    """Return word that begins like a name -> logarithm of its frequency, base 10."""
    table: dict[str, float] = {}
    for line in _lines("redact_frequencies.txt"):
        score, group = line.split(" ", 1)
        table.update(dict.fromkeys(group.split(" "), float(score)))
    return table


@lru_cache(maxsize=1)
def weights() -> dict[str, float]:
    """Return feature -> weight."""
    pairs = (line.split(" ") for line in _lines("redact_weights.txt"))
    return {name: float(weight) for name, weight in pairs}


def _lines(name: str) -> list[str]:
    lines = (_HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
