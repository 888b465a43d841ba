"""The features of a text in Chinese: `length_title` is 标题：长度."""

from __future__ import annotations

from typing import Final

_PLACES: Final = {
    "post_end": "留言末尾",
    "title": "标题",
    "post": "留言",
    "head": "答复开头",
    "body": "答复正文",
    "closing": "答复结尾",
}
# What stands in a place: its length, punctuation, and the signs of what a post asks for.
_TRAITS: Final = {
    "length": "长度",
    "stops": "句号",
    "commas": "逗号",
    "semicolons": "分号",
    "colons": "冒号",
    "exclamations": "感叹号",
    "questions": "问号",
    "titles_cited": "书名号",
    "figures": "数字",
    "percents": "百分号",
    "brackets": "左括号",
    "closing_brackets": "右括号",
    "lists": "顿号",
    "ask": "询问用语",
    "blame": "指责用语",
    "plea": "请求用语",
    "proposal": "建议用语",
    "thanks": "致谢用语",
    "grievance": "不满用语",
    "urging": "催促用语",
    "self": "自称",
}
_ROLES: Final = {
    "resolves": "已办",
    "promises": "承诺",
    "refers": "转办",
    "explains": "依据",
    "reports": "核查",
    "refuses": "拒绝",
    "is_polite": "客气",
    "asks_back": "请补充信息",
    "names_actor": "承办单位",
    "dates": "日期",
}
_MEASURES: Final = {
    "count": "句数",
    "share": "篇幅占比",
    "place": "最后一句的位置",
    "last": "实质内容的末句是否如此",
}
_COURTESIES: Final = {
    "greeting": "问候",
    "gratitude": "感谢",
    "wish": "祝愿",
    "apology": "致歉",
    "pardon": "请谅解",
    "empathy": "体谅来信人",
    "welcome": "欢迎",
    "please": "敬语",
    "support": "支持",
    "receipt": "告知收悉",
    "honour": "敬重来信人",
    "appreciation": "肯定来信",
}
_WHOLE: Final = {
    "overlap_post_body": "留言与答复正文的用词重合",
    "overlap_post_head": "留言与答复开头的用词重合",
    "overlap_head_body": "答复开头与正文的用词重合",
    "substance_share": "有实质内容的句子占比",
}


def chinese_features() -> dict[str, str]:
    """Return the Chinese name of each feature that a reason can name."""
    placed = {
        f"{trait}_{place}": f"{where}：{what}"
        for place, where in _PLACES.items()
        for trait, what in _TRAITS.items()
    }
    roles = {
        f"{role}_{measure}": f"{doing}的句子：{what}"
        for role, doing in _ROLES.items()
        for measure, what in _MEASURES.items()
    }
    courtesies = {f"{sign}_reply": f"答复全文：{what}" for sign, what in _COURTESIES.items()}
    return placed | roles | courtesies | _WHOLE
