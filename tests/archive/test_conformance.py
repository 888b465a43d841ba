"""Every known format × encoding or dirt → the expected rows; docs/formats.md holds the table.

UPDATE_DOCS=1 pytest tests/archive/test_conformance.py writes the table anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from gov_sentiment.archive import list_formats, read_archive
from gov_sentiment.exchange import AGENCY_POST

PAGE = Path(__file__).resolve().parents[2] / "docs" / "formats.md"
START, END = "<!-- conformance: made by tests/archive/test_conformance.py -->", "<!-- end -->"
VARIANTS = ("utf-8-sig", "gb18030", "dirty")
DAY = "2024-03-01 08:00"
# One row with a post "正文" in each; wide forms that can answer say "答复".
SAMPLES = {
    "canonical": f"exchange_id,post_text,posted_at,reply_text\nx1,正文,{DAY},答复",
    "liuyan_handle": "replyID,replyDate,title,reply_object,replyName,replyContentMain,handleTime,handleContent\n9,2024-03-01,题,云陵市委书记,网*,正文,2024-03-02,答复",
    "liuyan_api": "tid,subject,content,dateline,answerContent,answerDateline\n9,题,正文,1709251200,答复,1709341200",
    "liuyan_a": "tid,date,subject,content,reply_date,reply_content,reply_org\n9,2024-03-01,题,正文,2024-03-02,答复,云陵市教育局",
    "liuyan_b": "target,title,category,reply_state,username,ID,time,content,reply,reply_time,reply_content\n云陵市市长,题,城建,已办理,网友,9,2024-03-01,正文,云陵市教育局,2024-03-02,答复",
    "liuyan_c": "leader_name,tid,message_title,message_date,message_content\n云陵市市长,9,题,2024-03-01,正文",
    "liuyan_d": "问题标题：题\n回复状态：已回复\n留言ID：9\n留言时间：2024-03-01 08:00\n留言内容：正文\n留言类型：咨询\n回复内容：答复\n====================",
    "petition_items": "infoid,visittime,way,questiontype,source,aim,isopen,content,limittime,title,addorg,isend\n9,2024-03-01,网上,城乡建设_道路,网,求决,1,正文,2024-05-01,题,云陵市信访局,1",
    "liuyan_e": "留言标签,留言标题,留言正文,官方回复单位,官方回复正文\n城建,题,正文,云陵市教育局,答复",
    "taidi_attachment_4": '留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间\n9,U1,题,2024/3/1 8:00:01,"\n\t\t正文",答复,2024/3/2 9:00:00',
    "consultation_column": "咨询主题,咨询日期,咨询内容,处理单位,受理意见\n题,2024-03-01,正文,云陵市教育局,答复",
    "petition_office": "标题,来信日期,信件内容,回复日期,回复单位,回复内容\n题,2024-03-01,正文,2024-03-02,云陵市教育局,答复",
    "hotline_beijing": "工单编号,标题,主要内容,被反映区,办理结果,回复内容,是否解决\nG9,题,正文,花台区,内部,答复,解决",
    "hotline_district": "工单编号,工单标题,诉求内容,区交办时间,处理结果\nG9,题,正文,2024-03-01,答复",
    "hotline_vo": "hotlineNo,appealContent,acceptDeptName,handleResult\nG9,正文,云陵市教育局,答复",
    "hotline_vo_zh": "热线单号,诉求内容,受理部门,处置结果\nG9,正文,云陵市教育局,答复",
    "site_errors": "id,post_text,post_time,agency,reply_text,reply_time\n9,正文,2024-03-01,云陵市教育局,答复,2024-03-02",
    "lagged_workbook": "id,标题,时间,投诉件内容,回复1,最终回复-投诉事件\n9,题,2024-03-01,正文,答复,2.5",
    "account_posts": f"id,keyword,用户昵称,微博正文,发布时间\n1,水,云陵发布,正文,{DAY}",
    "weibo_search": f"id,bid,user_id,用户昵称,微博正文,发布时间,user_authentication\n50010001,N1,7,小石头,正文,{DAY},普通用户",
    "weibo_spider": f"微博id,微博正文,头条文章url,发布位置,发布时间,发布工具,点赞数\nNx1,正文,,,{DAY},电脑,0",
    "weibo_crawler": f"id,bid,正文,视频url,Live Photo视频url,位置,日期,点赞数\n50010001\t,N1,正文,,,,{DAY},0",
    "weibo_crawler_comments": "id,weibo_id,created_at,user_screen_name,text,pic_url,like_count\n1,50010001,Fri Mar 01 09:00:00 +0800 2024,小石头,正文,,0",
    "weibo_crawler_db": f"id,bid,user_id,screen_name,text,created_at\n50010001,N1,7,云陵发布,正文,{DAY}",
    "mediacrawler_notes": f"note_id,content,create_date_time,note_url,nickname\n50010001,正文,{DAY},u,小石头",
    "mediacrawler_comments": f"comment_id,create_date_time,note_id,content,parent_comment_id,nickname\n1,{DAY},50010001,正文,0,小石头",
    "weibo_crawler_users": "用户id,昵称,认证类型,认证信息\n7,云陵水务,1,云陵市水务局\n8,小石头,-1,",
    "weibo_crawler_db_users": "id,nick_name,verified_type\n7,云陵水务,1\n8,小石头,-1",
    "wechat_articles": f"公众号,ID,标题,发布时间,文章内容\n云陵发布,1,题,{DAY},正文",
    "generic_messages": f"message_id,parent_id,role,author,text,at\n1,,citizen,甲,正文,{DAY}\n2,1,official,局,答复,{DAY}",
    "generic_messages_zh": f"消息编号,上级编号,角色,作者,内容,时间\n1,,市民,甲,正文,{DAY}\n2,1,单位,局,答复,{DAY}",
}
WECHAT = [
    {
        "aid": "1",
        "title": "停水公告",
        "link": "u",
        "_accountName": "云陵发布",
        "content": "明日停水",
        "create_time": 1709251200,
        "comments": [
            {
                "content_id": "77",
                "nick_name": "小石头",
                "content": "正文",
                "create_time": 1709254800,
                "reply_new": {
                    "reply_list": [
                        {"reply_id": 1, "content": "答复", "create_time": 1709258400, "is_from": 2}
                    ]
                },
            }
        ],
    }
]
SAMPLES["wechat_json"] = json.dumps(WECHAT, ensure_ascii=False)
SUFFIXES = {"liuyan_d": ".txt", "wechat_json": ".json"}
# A list of accounts holds no posts: beside it stand comments that one of the accounts answers.
COMMENTS = "id,weibo_id,created_at,user_screen_name,text,pic_url,like_count\n1,50010001,Fri Mar 01 09:00:00 +0800 2024,小石头,正文,,0\n2,50010001,Fri Mar 01 09:00:00 +0800 2024,云陵水务,回复@小石头:答复,,0\n"
LISTS_OF_ACCOUNTS = {"weibo_crawler_users", "weibo_crawler_db_users"}
POSTS_ONLY = {
    name for name, text in SAMPLES.items() if "答复" not in text and name not in LISTS_OF_ACCOUNTS
}


def _dirty(name: str) -> str:
    text = SAMPLES[name]
    if name == "wechat_json":
        return f"\n  {text}\n".replace('"comments"', '"read": null, "comments"')
    if name == "liuyan_d":
        return f"\n==========\n\n{text.replace('正文', chr(10) + '正文' + chr(10))}\n\n"
    return f"云陵市导出数据\n{text}\n{text.splitlines()[0]}\n\n合计,1\n"


def _read(folder: Path, name: str, variant: str) -> str:
    """Return "yes", or what is wrong."""
    text = _dirty(name) if variant == "dirty" else SAMPLES[name] + "\n"
    folder = folder / f"{name}_{variant}"
    folder.mkdir()
    path = folder / f"云陵发布{SUFFIXES.get(name, '.csv')}"
    path.write_text(text, encoding="utf-8" if variant == "dirty" else variant, newline="")
    if name in LISTS_OF_ACCOUNTS:
        (folder / "评论.csv").write_text(COMMENTS, encoding="utf-8")
    archive = read_archive(folder)
    if not archive.ledger.adds_up or name not in {source.format for source in archive.sources}:
        return f"read as {archive.sources[0].format}"
    got = [
        (row["post_text"], row["reply_text"])
        for row in archive.exchanges.to_pylist()
        if name != "wechat_json" or row["channel"] != AGENCY_POST
    ]
    return "yes" if got == [("正文", None if name in POSTS_ONLY else "答复")] else f"got {got}"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    folder = tmp_path_factory.mktemp("conformance")
    return {
        each.name: [_read(folder, each.name, variant) for variant in VARIANTS]
        for each in list_formats()
    }


def test_every_format_in_every_variant(results: dict[str, list[str]]) -> None:
    assert {name: row for name, row in results.items() if row != ["yes"] * 3} == {}


def test_the_table_in_the_docs_is_this_one(results: dict[str, list[str]]) -> None:
    lines = ["| format | UTF-8 with BOM | GB18030 | dirty |", "| --- | --- | --- | --- |"]
    lines += [f"| `{name}` | {' | '.join(row)} |" for name, row in results.items()]
    table = "\n".join(lines)
    text = PAGE.read_text(encoding="utf-8")
    head, _, rest = text.partition(START)
    _, _, tail = rest.partition(END)
    made = f"{head}{START}\n{table}\n{END}{tail}"
    if os.environ.get("UPDATE_DOCS"):
        PAGE.write_text(made, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == made
