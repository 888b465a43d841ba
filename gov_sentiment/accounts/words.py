"""What is said of the measures, in Chinese and English: methods, reasons, notices."""

from __future__ import annotations

from typing import Final

Pair = tuple[str, str]

REASONS: Final[dict[str, Pair]] = {
    "no_comments": ("导出中没有该账号的评论", "the export has no comments of this account"),
    "no_times": ("导出中没有发文时间", "the export has no times of posts"),
    "searched": (
        "导出是按关键词搜索的结果，不是账号的全部发文",
        "the export holds hits of a search, not all posts of the account",
    ),
    "no_repost_flag": (
        "导出没有说明哪些发文是转发（没有“是否原创”或 retweet_id 一类的列）",
        "no column says which posts are reposts",
    ),
    "no_counts": (
        "导出没有点赞、评论、转发数",
        "the export has no counts of likes, comments, reposts",
    ),
    "no_reads": (
        "导出没有阅读数、在看数或头条位置（微信专用）",
        "no reads, recommendations or places in the push (WeChat only)",
    ),
    "no_parts": (
        "三个分项不齐，或只有一个账号可比",
        "not all three parts are there, or only one account has them",
    ),
    "no_authors": ("导出没有评论者", "the export does not say who commented"),
    "not_reached": (
        "截止时得到回复的还不到一半",
        "by the export fewer than half were answered",
    ),
    "too_little": ("数据太少，算不出", "too little data to compute it"),
}

NOTICES: Final[dict[str, Pair]] = {
    "always": (
        "线上的声量不等于需要的多少：不上网、不会用的人不在其中。被删除、被精选过滤的评论也不在其中。",
        "Volume online is not need: people offline are not in it, nor comments that were deleted or "
        "filtered out.",
    ),
    "searched": (
        "这份导出是关键词搜索的结果，因此不判断“僵尸”；发文频率、断更等一切数字只描述命中的发文，不是账号的全部。",
        "This export holds the hits of a search, so nobody is called a zombie; frequency, gaps and every "
        "other number describe the hits alone, not all that the accounts posted.",
    ),
    "no_comments": (
        "这份导出没有评论，因此一切关于对话的指标都为空；空不等于零。",
        "This export has no comments, so every measure of dialogue is empty; empty is not zero.",
    ),
    "comments_cut": (
        "档案里的评论少于平台计数的九成：评论没有抓全，或被过滤；回复率只描述抓到的部分。",
        "The archive has under nine tenths of the comments that the platform counted: they were not "
        "all crawled, or filtered; the reply rate describes those that are here.",
    ),
    "few_posts": (
        "有账号的发文少于 30 篇：看区间，不看点值。",
        "Some accounts have fewer than 30 posts: read the intervals, not the points.",
    ),
}

# Measures in the order in which the page shows them, by group.
LABELS: Final[dict[str, Pair]] = {
    "account": ("账号", "account"),
    "n_posts": ("发文数", "posts"),
    "first_day": ("首篇", "first post"),
    "last_day": ("末篇", "last post"),
    "posts_per_week": ("周均发文", "posts a week"),
    "active_weeks": ("有更新的周", "active weeks"),
    "longest_gap_days": ("最长断更（天）", "longest gap (days)"),
    "days_since_last": ("距末篇（天）", "days since last"),
    "zombie": ("僵尸账号", "zombie"),
    "n_comments": ("公民留言数", "citizens' comments"),
    "n_citizens": ("留言公民数", "citizens"),
    "answer_share": ("答复占全部发言", "answers of all it says"),
    "reply_rate": ("留言回复率", "reply rate"),
    "answered_24h": ("24 小时内回复", "answered in 24 h"),
    "answered_7d": ("7 天内回复", "answered in 7 days"),
    "median_hours": ("回复中位时长（小时）", "median hours to answer"),
    "depth": ("对话深度", "depth of conversation"),
    "deepest": ("最深对话", "deepest"),
    "comeback": ("回复后公民再来言", "citizen came back"),
    "monologue": ("独白率", "monologue ratio"),
    "repost_share": ("转发占比", "reposts"),
    "officialese": ("官话指数", "officialese"),
    "gini": ("互动基尼系数", "Gini of interactions"),
    "top_share": ("前一成发文的互动占比", "share of the top tenth"),
    "likes": ("篇均点赞", "likes a post"),
    "comments": ("篇均评论", "comments a post"),
    "reposts": ("篇均转发", "reposts a post"),
}
GROUPS: Final[tuple[tuple[Pair, tuple[str, ...]], ...]] = (
    (
        ("活跃与断更", "Activity and dormancy"),
        (
            "n_posts",
            "first_day",
            "last_day",
            "posts_per_week",
            "active_weeks",
            "longest_gap_days",
            "days_since_last",
            "zombie",
        ),
    ),
    (
        ("与公民的对话", "Dialogue with citizens"),
        (
            "n_comments",
            "n_citizens",
            "reply_rate",
            "answered_24h",
            "answered_7d",
            "median_hours",
            "answer_share",
            "depth",
            "deepest",
            "comeback",
            "monologue",
        ),
    ),
    (("说什么话", "How it talks"), ("repost_share", "officialese")),
    (
        ("互动的多少与集中", "Interactions and their concentration"),
        ("likes", "comments", "reposts", "gini", "top_share"),
    ),
)

METHODS: Final[dict[str, Pair]] = {
    "posts_per_week": (
        "发文数 ÷ 首篇至截止的周数（不足一周按一周）。",
        "posts ÷ weeks from the first post to the export (at least one).",
    ),
    "active_weeks": (
        "首篇至截止的自然周（周一至周日）中有发文的占比。",
        "of the weeks, Monday to Sunday, from the first post to the export, those with a post.",
    ),
    "zombie": (
        "截止时距末篇超过规则天数即为僵尸账号；默认 14 天，依据国办秘函〔2019〕19号政务新媒体检查中“两周未更新”的规定"
        "（凭记忆转述，引用前请核对原文），可用 --zombie-days 更改。截止日取 --as-of，缺省为档案中最后的日期。",
        "the last post is older at the export than the rule's days; by default 14, after the two weeks "
        "without update of the national check list of 2019 (recalled: verify before you quote it); "
        "--zombie-days changes it. The export's date is --as-of, by default the last date in the archive.",
    ),
    "reply_rate": (
        "公民在该账号发文下的一级留言中，该账号直接回复的占比；得到回复之后的道谢、追问，以及公民之间的交谈不计入分母。",
        "of citizens' comments right below its posts, those it answered itself; thanks and questions "
        "after an answer, and talk among citizens, do not count.",
    ),
    "answered_24h": (
        "Kaplan–Meier 估计，截止时未回复的按删失处理；区间为 Wilson 区间，样本量取与 Greenwood 方差相当的有效值（Rothman 1978）。",
        "Kaplan–Meier, unanswered comments censored at the export; Wilson's interval with the n that has Greenwood's variance (Rothman 1978).",
    ),
    "answer_share": (
        "该账号的全部发言（发文与评论）中，回复公民的占比。",
        "of all that the account said (posts and comments), what answers a citizen.",
    ),
    "depth": (
        "有留言的发文，其最长一条对话链的消息数（含发文本身）的平均；2 即只有留言没有回复。",
        "messages on the longest chain below a post that has comments, the post included; 2 means "
        "comments without an answer.",
    ),
    "comeback": (
        "得到回复的留言中，原作者在回复之下又来言的占比。",
        "of the answered comments, those whose author wrote again below the answer.",
    ),
    "monologue": (
        "发文中，该账号没有在其下回复过任何公民的占比；没有人留言的发文也计入：无人来言正是独白。",
        "of its posts, those below which it answered no citizen; posts without comments count too.",
    ),
    "repost_share": (
        "发文中转发他人的占比，以导出的标记为准。",
        "of its posts, reposts as the export marks them.",
    ),
    "officialese": (
        "官话指数 = 100·(F−P)/n：F 为官话词表命中的词数，P 为日常用语词表命中的词数与问号数，n 为全部词数；"
        "即每百词中官话词比日常词多几个，0 为持平，负数为口语。去掉链接、话题、@、表情与转发链（只看账号自己的话）后，"
        "至少 8 个汉字的发文取平均。它量的是语体，不是对错。",
        "100·(F−P)/n: F words of the officialese list, P words of the plain list and question marks, n all "
        "words: officialese words more than plain ones in a hundred; 0 is even, below it is plain talk. Links, "
        "topics, mentions, emoji and passed-on chains are removed (the account's own words count alone); mean "
        "over posts of at least 8 Han characters. It measures style, not right or wrong.",
    ),
    "gini": (
        "每篇的点赞＋评论＋转发在发文之间的基尼系数（0 均匀，趋近 1 集中）；前一成发文占全部互动之比同此口径。",
        "Gini over posts of likes + comments + reposts (0 even, near 1 concentrated); the share of the "
        "tenth of posts with the most is of the same numbers.",
    ),
    "shares": ("占比的区间为 Wilson 95% 区间。", "Intervals of shares are Wilson's, 95 %."),
    "privacy": (
        "公民的名字不进入任何输出；同一人以每次运行更换密钥的散列识别，只用来计数。",
        "No citizen's name is in any output; the same person is known by a hash whose key changes with "
        "every run, and only counted.",
    ),
}
