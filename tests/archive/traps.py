"""Traps of real exports, each on a sample of our own writing: what stands in it, what is read.

Data, read by test_traps.py, which also writes the list into docs/formats.md.
"""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl


@dataclass(frozen=True)
class Trap:
    """A trap by name.

    rows: what the exchanges must be: for each, some of its columns (times as ISO text).
    rejects: reason → rows; warning, error: a part of the message that must be there.
    """

    name: str
    files: Mapping[str, bytes | str]
    rows: Sequence[Mapping[str, Any]] = ()
    rejects: Mapping[str, int] = field(default_factory=dict)
    merged: int = 0
    repeated: int = 0
    warning: str = ""
    error: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    format: str = ""


def table(header: str, *rows: Sequence[str], delimiter: str = ",") -> str:
    lines = [header.split(","), *rows]
    quoted = [
        delimiter.join(f'"{c}"' if any(m in c for m in (delimiter, "\n", '"')) else c for c in line)
        for line in lines
    ]
    return "\n".join(quoted) + "\n"


def fill(header: str, **cells: str) -> list[str]:
    """Return a row with these cells and empty ones elsewhere; names as in the header, / as _."""
    return [cells.get(name.replace("/", "_").replace("@", ""), "") for name in header.split(",")]


def sheet(
    lines: Sequence[Sequence[Any]], merge: str = "", **more: Sequence[Sequence[Any]]
) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in {"表一": lines, **more}.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(list(row))
    if merge:
        book.worksheets[0].merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def database(script: str) -> bytes:
    base = sqlite3.connect(":memory:")
    base.executescript(script)
    return base.serialize()


def packed(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


WIDE = "编号,留言标题,留言内容,留言时间,办理单位,回复内容,回复时间"
ONE = [
    "L1",
    "路灯",
    "青石巷的路灯坏了十天",
    "2024-03-01 08:00",
    "云陵市教育局",
    "已更换",
    "2024-03-03 09:30",
]
TWO = ["L2", "公交", "七路车四十分钟一班", "2024-03-02 10:00", "云陵市教育局", "", ""]


def wide(*rows: Sequence[str], delimiter: str = ",") -> str:
    return table(WIDE, *rows, delimiter=delimiter)


def dated(posted: str, replied: str = "") -> str:
    return wide([*ONE[:3], posted, ONE[4], "已更换" if replied else "", replied])


SPIDER = "微博id,微博正文,头条文章url,原始图片url,微博视频url,发布位置,发布时间,发布工具,点赞数,转发数,评论数"
SPIDER_REPOSTS = "微博id,微博正文,头条文章url,原始图片url,被转发微博原始图片url,是否为原创微博,微博视频url,发布位置,发布时间,发布工具,点赞数,转发数,评论数"
CRAWLER = "id,bid,正文,头条文章url,原始图片url,视频url,Live Photo视频url,位置,日期,工具,点赞数,评论数,转发数,话题,@用户,完整日期,是否编辑过,编辑次数"
CRAWLER_REPOSTS = (
    CRAWLER
    + ",是否原创,源用户id,源用户昵称,"
    + ",".join(f"源微博{name}" for name in CRAWLER.split(","))
)
CRAWLER_SHORT = CRAWLER.replace("Live Photo视频url,", "")
CRAWLER_COMMENTS = "id,weibo_id,created_at,user_screen_name,text,pic_url,like_count"
USERS = "用户id,昵称,性别,生日,所在地,IP属地,学习经历,公司,注册时间,阳光信用,微博数,粉丝数,关注数,简介,主页,头像,高清头像,微博等级,会员等级,是否认证,认证类型,认证信息,上次记录微博信息"
SEARCH = "id,bid,user_id,用户昵称,微博正文,头条文章url,发布位置,艾特用户,话题,转发数,评论数,点赞数,发布时间,发布工具,微博图片url,微博视频url,retweet_id,ip,user_authentication,会员类型,会员等级"
SEARCH_OLD = "id,bid,user_id,用户昵称,微博正文,发布位置,艾特用户,话题,转发数,评论数,点赞数,发布时间,发布工具,微博图片url,微博视频url,retweet_id"
NOTES = "note_id,content,create_time,create_date_time,liked_count,comments_count,shared_count,last_modify_ts,note_url,ip_location,user_id,nickname,gender,profile_url,avatar,source_keyword"
NOTE_COMMENTS = "comment_id,create_time,create_date_time,note_id,content,sub_comment_count,comment_like_count,last_modify_ts,ip_location,parent_comment_id,user_id,nickname,gender,profile_url,avatar"
BOARD_A = "tid,date,year,month,forum_label,forum_fid,subject,content,domain,type,status,has_reply,reply_date,reply_content,reply_org,grade_manner,grade_speed,fav_num,ip,user_id"
BOARD_B = (
    "target,title,category,reply_state,username,ID,time,content,reply,reply_time,reply_content"
)
BOARD_C = "leader_name,tid,message_title,label1,label2,message_date,message_time,message_content"
BOARD_E = "留言标签,留言标题,留言正文,官方回复单位,官方回复正文"
TAIDI = "留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间"
CONSULT = "咨询主题,咨询日期,咨询人,咨询内容,处理单位,处理状态,受理意见"
BEIJING = "工单编号,工单类型,问题分类,标签,标题,主要内容,工单状态,来电人,来电人电话/账号,被反映区,被反映街乡镇,办理结果,回复内容,处理受理方式,办结时间,企业名称,是否解决,是否满意,工单性质,村/社区,小区点位"
DISTRICT = "工单编号,工单标题,诉求内容,诉求类型,区交办时间,区交办办结期限,诉求渠道,诉求归口,紧急程度,工单状态,求助人员,求助号码,性别,事件发生地,诉求详细地址,是否疑难,是否协办,市交办主办单位,市交办协办单位,市交办时间,市交办办结期限"
HOTLINE_VO = "hotlineId,hotlineNo,platformNo,appealTypeName,areaName,appealContent,contactName,contactPhone,hotlineSource,handleStatus,acceptDeptName,handleResult,finishTime"
PORTRAIT = "工单编号,受理员,来电人,分类,紧急程度,来电类别,受理渠道,主要内容,受理时间,工单状态,受理类型,是否保密,是否回复,办理单位,转办时间,转办意见,办结时间,上传时间"
WECHAT = "公众号,ID,链接,标题,封面,摘要,创建时间,发布时间,阅读,点赞,分享,喜欢,留言,作者,是否原创,文章类型,所属合集,文章内容"
API = "tid,userId,fid,typeId,domainId,topicId,nickName,subject,content,dateline,ip,stateInfo,traceInfo,processInfo,hasReported,favNum,forumName,typeName,domainName,sourceName,answerId,answerContent,answerDateline,answerOrganization,userType,threadState,publicAttachment,userFavStatus,grade,gradeLevel,gradeManner,gradeSpeed,trashRecheckState,attachment,threadsCheckTime,from,shisiwu"

POST = fill(
    CRAWLER,
    id="4473417006580123\t",
    bid="N1",
    正文="今日停水",
    日期="2024-03-01T08:00:00",
    完整日期="2024-03-01 08:00:05",
    点赞数="1",
)
ASKED = ["1", "4473417006580123", "Fri Mar 01 09:00:00 +0800 2024", "小石头", "停到几点？", "", "0"]
TOLD = [
    "2",
    "4473417006580123",
    "Fri Mar 01 10:00:00 +0800 2024",
    "云陵发布",
    "回复@小石头:六点恢复",
    "",
    "0",
]
COMMENTS = table(CRAWLER_COMMENTS, ASKED, TOLD)
BOARD_ITEM = dict.fromkeys(API.split(",")) | {
    "tid": 9, "subject": "题", "content": "正文", "dateline": 1709251200, "forumName": "云陵市市长",
    "answerContent": "答复", "answerDateline": 1709341200, "answerOrganization": "云陵市教育局", "attachment": [],
}  # fmt: skip


def dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def wechat(*replies: dict[str, Any], **comment: Any) -> str:
    comment = {
        "content_id": "77",
        "nick_name": "小石头",
        "content": "停到几点",
        "create_time": 1709254800,
    } | comment
    article = {
        "aid": "1",
        "title": "停水公告",
        "link": "u",
        "_accountName": "云陵发布",
        "create_time": 1709251200,
    }
    return dump(
        [{**article, "comments": [{**comment, "reply_new": {"reply_list": list(replies)}}]}]
    )


BLOCK = "问题标题：题\n回复状态：待回复\n留言ID：{}\n留言时间：2024-03-01 08:00\n留言内容：{}\n留言类型：咨询\n====================\n"
MESSAGES = "消息编号,上级编号,角色,作者,内容,时间"
LONG_POSTS = ["小区东门的路灯从上周一开始就不亮了晚上走路很不安全请尽快派人来看看", "小区东门的路灯从上周一开始就不亮了，晚上走路很不安全，请尽快派人来看看！"]  # fmt: skip
XML_SHEET = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
    '<Worksheet ss:Name="S"><Table><Row><Cell><Data>编号</Data></Cell><Cell><Data>留言标题</Data></Cell><Cell><Data>留言内容</Data></Cell><Cell><Data>回复内容</Data></Cell></Row>'
    '<Row><Cell><Data ss:Type="String">1</Data></Cell><Cell ss:Index="3"><Data>灯坏了</Data></Cell><Cell><Data>已修</Data></Cell></Row></Table></Worksheet></Workbook>'
)
XML_RECORDS = '<?xml version="1.0" encoding="utf-8"?><list>' + "".join(
    f"<item><infoid>{i}</infoid><visittime>2024-03-01</visittime><questiontype>城乡建设_道路</questiontype><content>正文{i}</content><addorg>云陵市信访局</addorg></item>"
    for i in (1, 2)
) + "</list>"  # fmt: skip
NOON = "2024-03-01T12:00:00+08:00"
MORNING = "2024-03-01T08:00:00+08:00"

WEIBO = (
    Trap("weiboSpider writes its header again at every run", {"云陵发布.csv": table(SPIDER, fill(SPIDER, 微博id="Ia1", 微博正文="停水", 发布时间="2024-03-01 08:00"), SPIDER.split(","), fill(SPIDER, 微博id="Ia2", 微博正文="恢复", 发布时间="2024-03-02"))}, [{"exchange_id": "Ia1"}, {"exchange_id": "Ia2"}], {"repeated_header": 1}),
    Trap("weiboSpider names the account by the file alone", {"云陵发布.csv": table(SPIDER, fill(SPIDER, 微博id="Ia1", 微博正文="停水", 发布时间="2024-03-01 08:00"))}, [{"agency": "云陵发布"}], format="weibo_spider"),
    Trap("weiboSpider with reposts has two more columns", {"云陵发布.csv": table(SPIDER_REPOSTS, fill(SPIDER_REPOSTS, 微博id="Ia1", 微博正文="停水", 发布时间="2024-03-01 08:00"))}, [{"posted_at": MORNING}], format="weibo_spider"),
    Trap("weibo-crawler's id ends in a TAB", {"云陵发布.csv": table(CRAWLER, POST)}, [{"exchange_id": "4473417006580123"}]),
    Trap("weibo-crawler writes two forms of the date", {"云陵发布.csv": table(CRAWLER, POST)}, [{"posted_at": "2024-03-01T08:00:05+08:00"}]),
    Trap("weibo-crawler's original posts are shorter than its reposts", {"云陵发布.csv": table(CRAWLER_REPOSTS, [*POST, "True"], [*fill(CRAWLER, id="4473417006580124\t", 正文="转：停水", 日期="2024-03-01T09:00:00"), "False", "7", "源号", *POST])}, [{"post_text": "今日停水"}, {"post_text": "转：停水"}]),
    Trap("weibo-crawler's header one column short", {"云陵发布.csv": table(CRAWLER_SHORT, POST)}, [{"posted_at": "2024-03-01T08:00:05+08:00"}], format="weibo_crawler"),
    Trap("weibo-crawler's header one column short, rows that fit it", {"云陵发布.csv": table(CRAWLER_SHORT, [c for i, c in enumerate(POST) if i != 6])}, [{"posted_at": "2024-03-01T08:00:05+08:00"}]),
    Trap("weibo-crawler's comments without root_id, paired by 回复@", {"云陵发布.csv": table(CRAWLER, POST), "云陵发布_comments.csv": COMMENTS}, [{"channel": "政务账号发文"}, {"post_text": "停到几点？", "reply_text": "六点恢复", "n_replies": 1}], merged=1),
    Trap("weibo-crawler's comments with HTML in them", {"云陵发布.csv": table(CRAWLER, POST), "云陵发布_comments.csv": table(CRAWLER_COMMENTS, ASKED, [*TOLD[:4], "回复<a href='/n/小石头'>@小石头</a>:六点恢复", "", "0"])}, [{}, {"reply_text": "六点恢复"}], merged=1),
    Trap("weibo-crawler's comments without the posts", {"a.csv": COMMENTS}, [{"reply_text": "六点恢复", "agency": "云陵发布"}], merged=1, settings={"official": ("云陵发布",)}),
    Trap("comments of whom nobody is known to be official", {"a.csv": table(CRAWLER_COMMENTS, ASKED)}, [{"reply_text": None}], warning="No official account"),
    Trap("an answer by a second account, official by users.csv", {"云陵发布.csv": table(CRAWLER, POST), "云陵发布_comments.csv": table(CRAWLER_COMMENTS, ASKED, [*TOLD[:3], "云陵水务", *TOLD[4:]]), "users.csv": table(USERS, fill(USERS, 用户id="8", 昵称="云陵水务", 认证类型="1"), fill(USERS, 用户id="9", 昵称="小石头", 认证类型="-1"))}, [{}, {"reply_text": "六点恢复"}], {"list_of_accounts": 2}, merged=1),
    Trap("weibo-crawler's SQLite: comments by root_id, reposts, accounts", {"weibo.db": database("CREATE TABLE user (id, nick_name, verified_type); INSERT INTO user VALUES ('8','云陵水务',1); CREATE TABLE weibo (id, bid, user_id, screen_name, text, created_at); INSERT INTO weibo VALUES ('44','N','7','云陵发布','停水','2024-03-01T08:00:00'); CREATE TABLE comments (id, bid, weibo_id, root_id, user_id, created_at, user_screen_name, text); INSERT INTO comments VALUES ('1','N','44','1','9','Fri Mar 01 09:00:00 +0800 2024','小石头','几点？'), ('2','N','44','1','8','Fri Mar 01 10:00:00 +0800 2024','云陵水务','六点'); CREATE TABLE reposts (id, bid, weibo_id, user_id, created_at, user_screen_name, text); INSERT INTO reposts VALUES ('5','N','44','9','Fri Mar 01 09:00:00 +0800 2024','小石头','转发微博')")}, [{}, {"post_text": "几点？", "reply_text": "六点"}], {"list_of_accounts": 1, "repost_without_words": 1}, merged=1),
    Trap("a repost that only passes others' words on", {"a.csv": table(CRAWLER_COMMENTS, [*ASKED[:4], "//@云陵发布:今日停水", "", "0"]), "云陵发布.csv": table(CRAWLER, POST)}, [{"channel": "政务账号发文"}], {"repost_without_words": 1}),
    Trap("talk among citizens below an agency's post", {"云陵发布.csv": table(CRAWLER, POST), "云陵发布_c.csv": table(CRAWLER_COMMENTS, ASKED, ["3", *TOLD[1:3], "路人", "回复@小石头:我也想知道", "", "0"])}, [{}, {"post_text": "停到几点？", "reply_text": None}], {"comment_to_another_citizen": 1}),
    Trap("weibo-search tells institutions by 蓝v", {"a.csv": table(SEARCH, fill(SEARCH, id="44", bid="N", user_id="7", 用户昵称="云陵发布", 微博正文="停水", 发布时间="2024-03-01 08:00", user_authentication="蓝V"), fill(SEARCH, id="45", bid="N", user_id="8", 用户昵称="石头", 微博正文="没水", 发布时间="2024-03-01 08:00", user_authentication="普通用户"))}, [{"channel": "政务账号发文"}, {"channel": None}], format="weibo_search"),
    Trap("weibo-search in its old form of 16 columns", {"a.csv": table(SEARCH_OLD, fill(SEARCH_OLD, id="44", bid="N", user_id="7", 用户昵称="石头", 微博正文="没水", 发布时间="2024-03-01 08:00"))}, [{"post_text": "没水"}], warning="--official", format="weibo_search"),
    Trap("ids whose 16th digit Excel made a zero", {"a.csv": wide(["4473417006580120", *ONE[1:]], ["4473417006580230", *TWO[1:]])}, [{}, {}], warning="2 ids were cut"),
    Trap("ids that Excel wrote as 4.47E+15", {"a.csv": wide(["4.47E+15", *ONE[1:]], TWO)}, [{}, {"exchange_id": "L2"}], warning="1 ids were cut"),
    Trap("whole ids that happen to end in a zero", {"a.csv": wide(["4473417006580120", *ONE[1:]], ["4473417006580231", *TWO[1:]])}, [{"exchange_id": "4473417006580120"}, {"exchange_id": "4473417006580231"}]),
    Trap("ids as numbers of a workbook, cut to 15 digits", {"a.xlsx": sheet([WIDE.split(","), [4473417006580120.0, *ONE[1:]], [4473417006580230.0, *TWO[1:]]])}, [{}, {}], warning="2 ids were cut"),
    Trap("cut ids still join comments with their post", {"a.csv": table(SEARCH, *(fill(SEARCH, id=i, bid="N", user_id="7", 用户昵称="云陵发布", 微博正文=f"停水{i[-2]}", 发布时间="2024-03-01 08:00", user_authentication="蓝v") for i in ("4473417006580120", "4473417006580230"))), "b.csv": table(CRAWLER_COMMENTS, ["1", "4473417006580120", *ASKED[2:]])}, [{}, {}, {"agency": "云陵发布"}], warning="2 ids were cut"),
    Trap("MediaCrawler: notes and comments in two csv files", {"detail_comments.csv": table(NOTE_COMMENTS, fill(NOTE_COMMENTS, comment_id="51", create_time="1709254800", note_id="44", content="几点？", parent_comment_id="0", nickname="石头"), fill(NOTE_COMMENTS, comment_id="52", create_time="1709258400", note_id="44", content="六点", parent_comment_id="51", nickname="云陵发布")), "detail_contents.csv": table(NOTES, fill(NOTES, note_id="44", content="停水", create_time="1709251200", note_url="u", nickname="云陵发布"))}, [{"reply_text": "六点", "posted_at": "2024-03-01T09:00:00+08:00"}, {"posted_at": MORNING}], merged=1, settings={"official": ("云陵发布",)}),
    Trap("MediaCrawler as jsonl", {"c.jsonl": "\n".join(dump(each) for each in ({"comment_id": "51", "create_time": 1709254800, "note_id": "44", "content": "几点？", "parent_comment_id": "", "nickname": "石头"}, {"comment_id": "52", "create_time": 1709258400, "note_id": "44", "content": "六点", "parent_comment_id": "51", "nickname": "云陵发布"}))}, [{"reply_text": "六点"}], merged=1, settings={"official": ("@云陵发布",)}),
    Trap("MediaCrawler as a workbook of two sheets", {"a.xlsx": sheet([NOTES.split(","), fill(NOTES, note_id="44", content="停水", create_time="1709251200", note_url="u", nickname="云陵发布")], Comments=[NOTE_COMMENTS.split(","), fill(NOTE_COMMENTS, comment_id="51", create_time="1709254800", note_id="44", content="几点？", nickname="石头")])}, [{}, {"agency": "云陵发布", "reply_text": None}], settings={"official": ("云陵发布",)}),
    Trap("MediaCrawler's database", {"a.db": database("CREATE TABLE weibo_note (id INTEGER, note_id, content, create_time BIGINT, note_url, nickname); INSERT INTO weibo_note VALUES (1,'44','停水',1709251200,'u','云陵发布'); CREATE TABLE weibo_note_comment (id INTEGER, comment_id, note_id, content, create_time BIGINT, parent_comment_id, nickname); INSERT INTO weibo_note_comment VALUES (1,'51','44','几点？',1709254800,'0','石头'), (2,'52','44','六点',1709258400,'51','云陵发布')")}, [{}, {"reply_text": "六点"}], merged=1, settings={"official": ("云陵发布",)}),
    Trap("the same message crawled twice", {"a.csv": table(CRAWLER_COMMENTS, ASKED, TOLD, ASKED)}, [{"reply_text": "六点恢复"}], merged=2, settings={"official": ("云陵发布",)}),
)  # fmt: skip

BOARDS = (
    Trap("message board A: dates without times, empty reply cells", {"a.csv": table(BOARD_A, fill(BOARD_A, tid="9", date="2024-03-01", forum_label="云陵市市长", subject="题", content="正文", reply_date="2024-03-02", reply_content="答复", reply_org="云陵市教育局"), fill(BOARD_A, tid="10", date="2024-03-01", forum_label="云陵市市长", subject="题", content="正文", status="待回复"))}, [{"agency": "云陵市教育局"}, {"agency": "云陵市市长", "reply_text": None}], format="liuyan_a"),
    Trap("message board B: rows without reply are three cells short", {"a.csv": table(BOARD_B, fill(BOARD_B, target="云陵市市长", ID="9", time="2024-03-01 08:00", content="正文", reply="云陵市教育局", reply_time="2024-03-02 09:00", reply_content="答复"), fill(BOARD_B, target="云陵市市长", ID="10", time="2024-03-01 08:00", content="正文二")[:8])}, [{"reply_text": "答复"}, {"exchange_id": "10", "reply_text": None}], format="liuyan_b"),
    Trap("message board C: day and time of day in two columns, no reply", {"a.csv": table(BOARD_C, fill(BOARD_C, leader_name="云陵市市长", tid="9", message_date="2024-03-01", message_time="08:00", message_content="正文"))}, [{"posted_at": MORNING}], warning="no column holds the text of replies", format="liuyan_c"),
    Trap("message board D: blocks of labelled lines", {"a.txt": BLOCK.format(9, "第一行\n第二行") + BLOCK.format(10, "正文")}, [{"exchange_id": "9", "post_text": "第一行\n第二行"}, {"exchange_id": "10"}], warning="no column holds the text", format="liuyan_d"),
    Trap("message board D: a line of ==== inside a post", {"a.txt": BLOCK.format(9, "上\n====\n下") + BLOCK.format(10, "正文")}, [{"post_text": "上\n====\n下", "category": "咨询"}, {}], warning="no column"),
    Trap("message board D: labels of a reply in answered blocks alone", {"a.txt": BLOCK.format(9, "甲") + "".join(BLOCK.format(i, "乙").replace("====", f"回复内容：答复{i}\n====", 1) for i in (10, 11)) + BLOCK.format(12, "丙") + BLOCK.format(13, "丁")}, [{"reply_text": None}, {"reply_text": "答复10"}, {"reply_text": "答复11"}, {}, {}]),
    Trap("message board E: no id and no date", {"a.csv": table(BOARD_E, ["城建", "题", "正文", "云陵市教育局", "答复"])}, [{"posted_at": None, "reply_text": "答复"}], format="liuyan_e"),
    Trap("Taidi attachment: texts begin with newlines and tabs", {"a.csv": table(TAIDI, ["9", "U1", "题", "2024/3/1 8:00:00", "\n\t\t\n\t正文", "答复", "2024/3/2 9:00:00"])}, [{"post_text": "正文", "posted_at": MORNING}], format="taidi_attachment_4"),
    Trap("consultation column: 受理意见 is the reply", {"a.csv": table(CONSULT, ["题", "2024-03-01", "张某", "正文", "云陵市教育局", "已办", "答复"])}, [{"reply_text": "答复"}], format="consultation_column"),
    Trap("message board's interface: json with epochs and empty lists", {"a.json": dump({"result": "ok", "responseData": [BOARD_ITEM]})}, [{"posted_at": MORNING, "agency": "云陵市教育局", "reply_text": "答复"}], format="liuyan_api"),
    Trap("message board's interface: one page a line", {"a.jsonl": "\n".join(dump({"result": "ok", "responseData": [BOARD_ITEM | {"tid": i}]}) for i in (9, 10))}, [{"exchange_id": "9"}, {"exchange_id": "10"}]),
    Trap("message board's interface: post and answer as objects", {"a.json": dump([{"thread": {k: v for k, v in BOARD_ITEM.items() if "nswer" not in k}, "answer": {k: v for k, v in BOARD_ITEM.items() if "nswer" in k}}])}, [{"reply_text": "答复", "posted_at": MORNING}]),
    Trap("replies in a list inside a record of json", {"a.json": dump([{"留言内容": "灯坏了", "答复": [{"答复内容": "已派人", "答复时间": "2024-03-02"}, {"答复内容": "已修好", "答复时间": "2024-03-03"}]}])}, [{"reply_text": "已派人\n\n已修好", "n_replies": 2, "first_replied_at": "2024-03-02T00:00:00+08:00"}]),
    Trap("replies in a list whose text nobody can name", {"a.json": dump([{"留言内容": "灯坏了", "答复内容": [{"甲": "已派人"}]}])}, error="lists of objects"),
    Trap("json records under their ids", {"a.json": dump({"9": BOARD_ITEM, "10": BOARD_ITEM | {"tid": 10}})}, [{"exchange_id": "9"}, {"exchange_id": "10"}]),
    Trap("a leader's name beside the office", {"a.csv": wide([*ONE[:4], "云陵市委书记王小明", *ONE[5:]])}, [{"agency": "云陵市委书记"}]),
    Trap("the unit only in the reply's signature", {"a.csv": table("留言编号,留言详情,答复意见", ["9", "路灯坏了很久没有人来修理", "您好！路灯已经更换，感谢您的来信。A7县城市管理局 2019年5月6日"])}, [{"agency": "A7县城市管理局"}]),
    Trap("placeholders where no reply is", {"a.csv": wide([*ONE[:5], "待回复", "—"])}, [{"reply_text": None, "replied_at": None, "n_replies": 0}]),
    Trap("a column of replies that says yes or no", {"a.csv": "云陵市留言汇总\n" + table("编号,留言内容,回复", ["1", "路灯坏了", "是"], ["2", "车太少", "否"])}, [{"reply_text": None, "status": "是"}, {"status": "否"}], warning="no column holds the text of replies"),
)  # fmt: skip

HOTLINES = (
    Trap("Beijing: no 受理时间, so no day of the post", {"a.csv": table(BEIJING, fill(BEIJING, 工单编号="G1", 主要内容="正文", 回复内容="答复", 被反映街乡镇="青石街道", 是否解决="解决"))}, [{"posted_at": None, "reply_text": "答复"}], format="hotline_beijing"),
    Trap("Beijing: 办理结果 is inner, 回复内容 goes to the citizen", {"a.csv": table(BEIJING, fill(BEIJING, 工单编号="G1", 主要内容="正文", 办理结果="内部意见", 回复内容="答复"), fill(BEIJING, 工单编号="G2", 主要内容="正文二", 办理结果="内部意见"))}, [{"reply_text": "答复"}, {"reply_text": None}]),
    Trap("Beijing: 未评价 is no rating", {"a.csv": table(BEIJING, fill(BEIJING, 工单编号="G1", 主要内容="正文", 是否满意="未评价"), fill(BEIJING, 工单编号="G2", 主要内容="正文二", 是否满意="基本满意"))}, [{"satisfaction": None}, {"satisfaction": 0.5}]),
    Trap("办理结果 beside 回复内容 outside any known format", {"a.csv": table("编号,诉求内容,办理结果,回复内容", ["1", "甲", "乙", "丙"])}, error="--map reply_text=办理结果 or --map reply_text=回复内容"),
    Trap("内容 beside 诉求内容", {"a.csv": table("编号,内容,诉求内容,办理结果", ["1", "甲", "乙", "丙"])}, error="--map post_text=诉求内容 or --map post_text=内容"),
    Trap("district system: four deadlines and no reply", {"a.csv": table(DISTRICT, fill(DISTRICT, 工单编号="G1", 诉求内容="正文", 区交办时间="2024-03-01 08:00", 市交办主办单位="云陵市教育局"))}, [{"posted_at": MORNING, "agency": "云陵市教育局"}], warning="no column holds the text", format="hotline_district"),
    Trap("interface of a hotline: English names, no title", {"a.csv": table(HOTLINE_VO, fill(HOTLINE_VO, hotlineNo="G1", appealContent="正文", handleResult="答复", acceptDeptName="云陵市教育局", contactPhone="13800000000"))}, [{"exchange_id": "G1", "reply_text": "答复"}], format="hotline_vo"),
    Trap("a work order with 是否回复 and 转办意见, no reply text", {"a.csv": table(PORTRAIT, fill(PORTRAIT, 工单编号="G1", 主要内容="正文", 是否回复="是", 办理单位="云陵市教育局", 转办意见="请办理"))}, [{"agency": "云陵市教育局", "reply_text": None}], warning="no column holds the text"),
    Trap("title lines and 统计时间 above the header", {"a.csv": "云陵市12345工单明细表\n统计时间：2024年3月\n" + wide(ONE)}, [{"exchange_id": "L1"}]),
    Trap("合计, 小计 and blank rows", {"a.csv": wide(ONE, ["小计", "1"], [""] * 7, ["合计：", "1"])}, [{}], {"total_row": 2, "blank_row": 1}),
    Trap("merged agency cells of a workbook", {"a.xlsx": sheet([["办理单位", "编号", "留言内容", "回复内容"], ["云陵市教育局", "1", "校车晚点", "已查"], [None, "2", "食堂太贵", "已查"]], merge="A2:A3")}, [{"agency": "云陵市教育局"}, {"agency": "云陵市教育局"}]),
    Trap("cells of an HTML table that span rows", {"a.xls": "<html><table><tr><th>办理单位<th>留言内容<th>回复内容<tr><td rowspan=2>云陵市教育局<td>校车晚点<td>已查<tr><td>食堂太贵<td>已查</table></html>"}, [{"agency": "云陵市教育局"}, {"agency": "云陵市教育局"}]),
    Trap("an XML spreadsheet saved as .xls, empty cells left out", {"a.xls": XML_SHEET}, [{"post_text": "灯坏了", "reply_text": "已修"}]),
    Trap("petitions as XML records", {"a.xml": XML_RECORDS}, [{"exchange_id": "1", "posted_at": "2024-03-01T00:00:00+08:00", "agency": "云陵市信访局"}, {"exchange_id": "2"}], warning="no column holds the text", format="petition_items"),
    Trap("XML whose entities would grow without end", {"a.xml": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "haha">]><x><y>&a;</y></x>'}, error="document type"),
    Trap("XML that is broken", {"a.xml": '<?xml version="1.0"?><x><y>'}, error="broken XML"),
    Trap("a sheet for each district, and a sheet of notes", {"a.xlsx": sheet([WIDE.split(","), ONE], 青榆=[WIDE.split(","), TWO], 说明=[["本表由人工整理"]])}, [{}, {}]),
    Trap("real dates beside text dates and serials in one column", {"a.xlsx": sheet([["编号", "留言内容", "留言时间", "回复内容"], ["1", "路灯坏了", datetime(2024, 3, 1, 8), "已修"], ["2", "车太少", "2024/3/1 8:00", "已增"], ["3", "停水", 45352.3333333333, "恢复"]])}, [{"posted_at": MORNING}] * 3),
    Trap("_x000D_, HTML entities, zero-width and full-width spaces", {"a.csv": wide([*ONE[:2], "<p>路灯&nbsp;坏了_x000D_<br/>\u3000\u200b没人修</p>", *ONE[3:]])}, [{"post_text": "路灯 坏了\n没人修"}]),
    Trap("a leading apostrophe", {"a.csv": wide(["'L1", ONE[1], "'路灯坏了", *ONE[3:]])}, [{"post_text": "路灯坏了", "exchange_id": "L1"}]),
    Trap("phones, names and addresses in columns", {"a.csv": table(BEIJING, fill(BEIJING, 工单编号="G1", 主要内容="正文", 来电人="张某某", 来电人电话_账号="13800000000", 回复内容="答复"))}, [{"reply_text": "答复", "region": None, "agency": None}]),
    Trap("a reply dated before its post", {"a.csv": dated("2024-03-05 08:00", "2024-03-01 09:00")}, [], {"reply_before_post": 1}),
    Trap("a reply on the day of the post, the day alone", {"a.csv": dated("2024-03-01 08:00", "2024-03-01")}, [{"reply_text": "已更换"}]),
    Trap("a row shifted by an unquoted comma", {"a.csv": wide(ONE, [*TWO[:2], "七路车", *TWO[2:], "多"])}, [{}], {"more_cells_than_headers": 1}),
    Trap("the same post sent again with other punctuation", {"a.csv": wide(["1", "题", LONG_POSTS[0], *ONE[3:]], ["2", "题", LONG_POSTS[1], *ONE[3:]])}, [{}, {}], repeated=1),
    Trap("the same post sent again, merged on request", {"a.csv": wide(["1", "题", LONG_POSTS[0], *ONE[3:]], ["2", "题", LONG_POSTS[1], *TWO[3:]])}, [{"exchange_id": "1"}], merged=1, repeated=1, settings={"duplicates": "merge"}),
    Trap("a row for each reply to one post", {"a.csv": wide(ONE, [*ONE[:5], "再次检修", "2024-03-02 09:00"], TWO)}, [{"reply_text": "再次检修\n\n已更换", "n_replies": 2, "first_replied_at": "2024-03-02T09:00:00+08:00", "replied_at": "2024-03-03T09:30:00+08:00"}, {}], merged=1),
    Trap("two columns of one name, for the first and the second reply", {"a.csv": table("编号,留言内容,回复内容,回复内容,回复时间,回复时间", ["1", "正文", "答一", "答二", "2024-03-01", "2024-03-05"])}, [{"reply_text": "答一\n\n答二", "replied_at": "2024-03-05T00:00:00+08:00"}]),
    Trap("columns of 追问 and 二次答复", {"a.csv": table("编号,留言内容,回复内容,回复时间,追问,二次答复,二次答复时间", ["1", "灯坏了", "已派人", "2024-03-01", "还没修", "已修好", "2024-03-05"])}, [{"post_text": "灯坏了\n\n追问：还没修", "reply_text": "已派人\n\n已修好", "n_replies": 2, "first_replied_at": "2024-03-01T00:00:00+08:00", "replied_at": "2024-03-05T00:00:00+08:00"}]),
    Trap("a row shifted by a comma where the last cell was empty", {"a.csv": wide(ONE) + "L2,公交,七路车,太少,2024-03-02,云陵市教育局,,\n"}, [{}], {"shifted_cells": 1}),
    Trap("a row with a cell missing", {"a.csv": wide(ONE) + "L2,七路车太少,2024-03-02,云陵市教育局,已增,2024-03-03\n"}, [{}], {"shifted_cells": 1}),
    Trap("合 计 with spaces, in the second column", {"a.csv": wide(ONE, ["", "合  计", "", "", "", "", ""])}, [{}], {"total_row": 1}),
    Trap("a personal column that was asked for", {"a.csv": table("编号,留言内容,来电人,回复内容", ["1", "灯坏了", "张某某", "已修"])}, [{"category": None}], warning="来电人 holds personal data", settings={"columns": {"category": "来电人"}}),
    Trap("a personal column that was asked for, with --keep-personal", {"a.csv": table("编号,留言内容,来电人,回复内容", ["1", "灯坏了", "张某某", "已修"])}, [{"category": "张某某"}], settings={"columns": {"category": "来电人"}, "keep_personal": True}),
    Trap("a rating of 0: not rated", {"a.csv": table("编号,留言内容,回复内容,满意度", ["1", "灯坏了", "已修", "0"], ["2", "车太少", "已增", "五星"], ["3", "停水了", "已修", "95%"])}, [{"satisfaction": None}, {"satisfaction": 1.0}, {"satisfaction": 0.95}]),
    Trap("two rows with one id", {"a.csv": wide(ONE, ["L1", *TWO[1:]])}, [{"exchange_id": "L1"}, {"exchange_id": "L1~2"}]),
)  # fmt: skip

WECHAT_AND_LONG = (
    Trap("WeChat articles are the account's own posts", {"a.csv": table(WECHAT, fill(WECHAT, 公众号="云陵发布", ID="1", 标题="题", 发布时间="2024-03-01 08:00", 文章内容="正文"))}, [{"channel": "政务账号发文", "post_text": "正文"}], format="wechat_articles"),
    Trap("WeChat comments inside the json of an article", {"a.json": wechat({"reply_id": 1, "content": "六点", "create_time": 1709258400, "is_from": 2})}, [{"channel": "政务账号发文"}, {"post_text": "停到几点", "reply_text": "六点", "agency": "云陵发布"}], merged=1, format="wechat_json"),
    Trap("WeChat: a reply by the author whom an empty openid marks", {"a.json": wechat({"reply_id": 1, "content": "六点", "create_time": 1709258400, "openid": "", "nick_name": "作者"})}, [{}, {"reply_text": "六点"}], merged=1),
    Trap("WeChat: a reply by another reader", {"a.json": wechat({"reply_id": 1, "content": "我也问", "create_time": 1709258400, "openid": "x", "nick_name": "路人"})}, [{}, {"reply_text": None}], {"comment_to_another_citizen": 1}),
    Trap("a long table: follow-ups and two answers in order", {"a.csv": table(MESSAGES, ["1", "", "市民", "甲", "灯坏了", "2024-03-01 08:00"], ["4", "1", "单位", "局", "已修好", "2024-03-04"], ["2", "1", "单位", "局", "已派人", "2024-03-02"], ["3", "1", "市民", "甲", "还没修", "2024-03-03"])}, [{"reply_text": "已派人\n\n已修好", "post_text": "灯坏了\n\n追问：还没修", "first_replied_at": "2024-03-02T00:00:00+08:00", "replied_at": "2024-03-04T00:00:00+08:00"}], merged=3),
    Trap("a long table: an answer whose post is not there", {"a.csv": table(MESSAGES, ["1", "", "市民", "甲", "灯坏了", "2024-03-01"], ["2", "9", "单位", "局", "已修好", "2024-03-04"])}, [{"reply_text": None}], {"reply_without_post": 1}, warning="1 official replies"),
    Trap("posts in one file of a zip, answers in another", {"a.zip": packed({"posts.csv": table(MESSAGES, ["1", "", "市民", "甲", "灯坏了", "2024-03-01"]), "replies.csv": table(MESSAGES, ["2", "1", "单位", "局", "已修好", "2024-03-04"])})}, [{"reply_text": "已修好"}], merged=1),
)  # fmt: skip

ENCODINGS = (
    Trap("UTF-16 with tabs: Excel's Unicode text", {"a.txt": wide(ONE, delimiter="\t").encode("utf-16")}, [{"exchange_id": "L1"}]),
    Trap("UTF-16 without a mark", {"a.txt": wide(ONE, delimiter="\t").encode("utf-16-le")}, [{"exchange_id": "L1"}]),
    Trap("an empty file in a zip", {"a.zip": packed({"a.csv": wide(ONE), "b.csv": ""})}, [{}], warning="b.csv (empty)"),
    Trap("GB18030 without a mark", {"a.csv": wide(ONE).encode("gb18030")}, [{"agency": "云陵市教育局"}]),
    Trap("Big5 in traditional characters", {"a.csv": table("編號,留言内容,回复内容", ["1", "路燈壞了很久沒有人來修理", "已經修好感謝來信"]).replace("編號", "id").replace("留言内容", "content").replace("回复内容", "reply_content").encode("big5")}, [{"post_text": "路燈壞了很久沒有人來修理"}]),
    Trap("UTF-8 that was read as GBK and saved again", {"a.csv": wide(*[[f"{i}", "题", "微博正文，发布时间。我们的路灯一直没有修，不知道什么时候能修好。".encode().decode("gb18030", "replace"), *ONE[3:]] for i in range(6)])}, [{}] * 6, repeated=5, warning="UTF-8 that was read as GBK"),
    Trap("one broken byte in a file of UTF-8", {"a.csv": (wide(ONE) + "".join(",".join([f"N{i}", *TWO[1:]]) + "\n" for i in range(30))).encode().replace("七路车".encode(), b"\xff" + "七路车".encode(), 1)}, [{}] * 30, {"bytes_that_are_no_text": 1}),
    Trap("half a character in a file of GB18030", {"a.csv": (wide(ONE) + "".join(",".join([f"N{i}", *TWO[1:]]) + "\n" for i in range(30))).encode("gb18030").replace("一班".encode("gb18030"), "一班".encode("gb18030")[:3], 1)}, [{}] * 30, {"bytes_that_are_no_text": 1}),
    Trap("a broken byte in the header row", {"a.csv": wide(ONE, *[TWO] * 20).encode().replace(b"\xe5\x9b\x9e\xe5\xa4\x8d", b"\xe5\x9b\x9e\xff", 1)}, error="header row"),
    Trap("bytes that fit no encoding at all", {"a.csv": b"id,text\n" + bytes([0xFF, 0xFE, 0x80, 0x81] * 40)[2:]}, error="not text in any encoding"),
    Trap("full-width commas between the cells", {"a.csv": wide(ONE, delimiter="，")}, [{"exchange_id": "L1"}]),
    Trap("a jsonl file that a crawler left in the middle of a line", {"a.jsonl": "\n".join(dump({"编号": str(i), "留言内容": "灯坏了", "回复内容": "已修"}) for i in range(3)) + '\n{"编号": "4", "留言'}, [{}] * 3, {"broken_json": 1}),
    Trap("a jsonl field that comes late for the first time", {"a.jsonl": "\n".join([*(dump({"编号": str(i), "留言内容": "灯坏了"}) for i in range(2_100)), dump({"编号": "x", "留言内容": "灯坏了", "回复内容": "已修"})])}, [*([{"reply_text": None}] * 2_100), {"reply_text": "已修"}]),
    Trap("files of no known kind in a zip", {"a.zip": packed({"a.csv": wide(ONE), "说明.docx": "x"})}, [{}], warning="1 files were left out"),
    Trap("bytes that are no text in a database", {"a.db": database("CREATE TABLE t (编号, 留言内容 TEXT, 回复内容 TEXT); INSERT INTO t VALUES (1, '灯坏了', '已修'), (2, CAST(x'ff41' AS TEXT), '已修')")}, [{}], {"bytes_that_are_no_text": 1}),
)  # fmt: skip

_WITH_AS_OF = {"settings": {"as_of": datetime(2024, 3, 4, 12)}}
DATES = (
    *(
        Trap(f"date written {form}", {"a.csv": dated(form)}, [{"posted_at": when}])
        for form, when in (
            ("2024/3/1 12:00", NOON), ("2024/3/1 8:00:00", MORNING), ("2024-03-01T12:00:00", NOON),
            ("2024-03-01", "2024-03-01T00:00:00+08:00"), ("2024年3月1日 12时00分", NOON),
            ("2024.3.1", "2024-03-01T00:00:00+08:00"), ("20240301", "2024-03-01T00:00:00+08:00"),
            ("24-3-1 12:00", NOON), ("2024-03-01 下午 12:00", NOON), ("2024-03-01 上午 8:00", MORNING),
            ("Fri Mar 01 12:00:00 +0800 2024", NOON), ("1709265600", NOON), ("1709265600000", NOON),
            ("45352.5", NOON), ("2024-03-01 12:00:00.0", NOON), ("２０２４－０３－０１　１２：００", NOON),
            ("25/12/2023", "2023-12-25T00:00:00+08:00"),
        )
    ),
    *(
        Trap(f"relative date {form} with --as-of", {"a.csv": dated(form)}, [{"posted_at": when}], **_WITH_AS_OF)
        for form, when in (
            ("03月01日 12:00", NOON), ("3-1", "2024-03-01T00:00:00+08:00"), ("今天 08:30", "2024-03-04T08:30:00+08:00"),
            ("昨天 09:10", "2024-03-03T09:10:00+08:00"), ("前天", "2024-03-02T00:00:00+08:00"), ("刚刚", "2024-03-04T12:00:00+08:00"),
            ("30秒前", "2024-03-04T11:59:30+08:00"), ("5分钟前", "2024-03-04T11:55:00+08:00"), ("2小时前", "2024-03-04T10:00:00+08:00"),
            ("3天前", NOON),
        )
    ),
    Trap("a relative date without --as-of", {"a.csv": dated("昨天 09:10")}, [{"posted_at": None}], warning="--as-of"),
    Trap("03/04/2024 where nothing tells day from month", {"a.csv": dated("03/04/2024")}, [{"posted_at": None}], warning="told apart"),
    Trap("03/01/2024 where another row tells", {"a.csv": wide([*ONE[:3], "03/01/2024", *ONE[4:]], [*TWO[:3], "02/28/2024", *TWO[4:]])}, [{"posted_at": "2024-03-01T00:00:00+08:00"}, {}]),
    Trap("— where a time should be", {"a.csv": dated("—")}, [{"posted_at": None}]),
)  # fmt: skip

TRAPS = {
    "Weibo crawlers": WEIBO,
    "Message boards": BOARDS,
    "12345 and tables of offices": HOTLINES,
    "WeChat and long tables": WECHAT_AND_LONG,
    "Encodings and containers": ENCODINGS,
    "Dates": DATES,
}


def write(folder: Path, files: Mapping[str, bytes | str]) -> Path:
    """Write a trap's files; return the file, or the folder where there are several."""
    for name, data in files.items():
        (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder / next(iter(files)) if len(files) == 1 else folder
