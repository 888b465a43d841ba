"""Write corpora/accounts from corpora/source/accounts, in the formats that crawlers write.

Run: python scripts/build_accounts_corpus.py   (the same bytes every time, but for SQLite's header)

A source is one account: `P time|likes|reposts|comments|original text` is a post (original 0 = a
repost), `C id>answered author time text` a comment below it; `@` as author is the account.
"""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "corpora" / "source" / "accounts"
TARGET = ROOT / "corpora" / "accounts"
POST = re.compile(r"P (\S+?)\|(\d+)\|(\d+)\|(\d+)\|(\d)\|(.+)")
TOPIC = re.compile(r"#([^#]+)#")
COMMENT = re.compile(r"C (\d+)(?:>(\d+))? (\S+) (\d{4}-\d\d-\d\dT\d\d:\d\d) (.+)")


@dataclass
class Comment:
    """number and above: places within the thread; above 0 = the post."""

    number: int
    above: int
    author: str
    at: datetime
    text: str


@dataclass
class Post:
    """One post with the comments below it; place: from 1 within its account."""

    place: int
    at: datetime
    likes: int
    reposts: int
    original: bool
    text: str
    comments: list[Comment] = field(default_factory=list)


def read_source(name: str, account: str) -> list[Post]:
    posts: list[Post] = []
    for line in (SOURCE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if found := POST.fullmatch(line):
            at, likes, reposts, _, original, text = found.groups()
            time = datetime.fromisoformat(at)
            posts.append(
                Post(len(posts) + 1, time, int(likes), int(reposts), original == "1", text)
            )
        elif found := COMMENT.fullmatch(line):
            number, above, author, at, text = found.groups()
            who = account if author == "@" else author
            comment = Comment(int(number), int(above or 0), who, datetime.fromisoformat(at), text)
            posts[-1].comments.append(comment)
        elif line.strip():
            raise SystemExit(f"{name}.txt: cannot read {line!r}")
    return posts


def post_id(base: int, post: Post) -> str:
    # No round numbers: they would look like ids that a spreadsheet has cut.
    return str(base * 10**12 + post.place * 100_003_691)


def comment_id(base: int, post: Post, number: int) -> str:
    return str(base * 10**12 + post.place * 100_003_691 + number * 1_013)


def top_of(post: Post, comment: Comment) -> Comment:
    """Return the comment right below the post that a comment hangs from."""
    while comment.above:
        comment = post.comments[comment.above - 1]
    return comment


def spoken(post: Post, comment: Comment) -> str:
    """Return the text as Weibo shows it: an answer to a comment names whom it answers."""
    if not comment.above:
        return comment.text
    return f"回复@{post.comments[comment.above - 1].author}:{comment.text}"


def raw_time(at: datetime) -> str:
    return at.strftime("%a %b %d %H:%M:%S +0800 %Y")


def write_crawler_csv(account: str, base: int, posts: list[Post]) -> None:
    """Write weibo-crawler's two csv files; the comments' has no root_id."""
    head = (
        "id,bid,正文,头条文章url,原始图片url,视频url,Live Photo视频url,位置,日期,工具,点赞数,"
        "评论数,转发数,话题,@用户,完整日期,是否编辑过,编辑次数,是否原创,源用户id,源用户昵称"
    )
    with (TARGET / f"{account}.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head.split(","))
        for post in posts:
            day, clock = (
                post.at.strftime("%Y-%m-%dT%H:%M:%S"),
                post.at.strftime("%Y-%m-%d %H:%M:%S"),
            )
            number = post_id(base, post)
            counts = [post.likes, len(post.comments), post.reposts]
            row = [
                number + "\t",
                f"B{number[-9:]}",
                post.text,
                "",
                "",
                "",
                "",
                "",
                day,
                "微博网页版",
            ]
            topics = ",".join(TOPIC.findall(post.text))
            writer.writerow([*row, *counts, topics, "", clock, "False", 0, str(post.original)])
    with (TARGET / f"{account}_comments.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            "id,weibo_id,created_at,user_screen_name,text,pic_url,like_count".split(",")
        )
        for post in posts:
            for each in post.comments:
                number = comment_id(base, post, each.number)
                said = spoken(post, each)
                row = [number, post_id(base, post), raw_time(each.at), each.author, said, "", 0]
                writer.writerow(row)


def write_crawler_db(name: str, accounts: list[tuple[str, int, list[Post]]]) -> None:
    """Write weibo-crawler's SQLite file: tables weibo and comments, with root_id."""
    path = TARGET / name
    path.unlink(missing_ok=True)
    base = sqlite3.connect(path)
    base.execute(
        "CREATE TABLE weibo (id TEXT, bid TEXT, user_id TEXT, screen_name TEXT, text TEXT,"
        " created_at TEXT, attitudes_count INT, comments_count INT,"
        " reposts_count INT, retweet_id TEXT)"
    )
    base.execute(
        "CREATE TABLE comments (id TEXT, bid TEXT, weibo_id TEXT, root_id TEXT, user_id TEXT,"
        " created_at TEXT, user_screen_name TEXT, text TEXT, pic_url TEXT, like_count INT)"
    )
    for account, start, posts in accounts:
        for post in posts:
            number = post_id(start, post)
            base.execute(
                "INSERT INTO weibo VALUES (?,?,?,?,?,?,?,?,?,?)",
                (
                    number, f"B{number[-9:]}", str(start), account, post.text,
                    post.at.strftime("%Y-%m-%dT%H:%M:%S"), post.likes, len(post.comments),
                    post.reposts, "" if post.original else str(9 * 10**15 + post.place),
                ),
            )  # fmt: skip
            for each in post.comments:
                root = comment_id(start, post, top_of(post, each).number)
                base.execute(
                    "INSERT INTO comments VALUES (?,?,?,?,?,?,?,?,?,?)",
                    (
                        comment_id(start, post, each.number), "", number, root, "",
                        raw_time(each.at), each.author, spoken(post, each), "", 0,
                    ),
                )  # fmt: skip
    base.commit()
    base.close()


def write_media_crawler(accounts: list[tuple[str, int, list[Post]]]) -> None:
    """Write MediaCrawler's two jsonl files; times are epochs, counts are strings."""
    notes: list[dict[str, object]] = []
    comments: list[dict[str, object]] = []
    for account, base, posts in accounts:
        for post in posts:
            notes.append(media_note(account, base, post))
            comments += [media_comment(account, base, post, each) for each in post.comments]
    write_lines(TARGET / "weibo_contents.jsonl", notes)
    write_lines(TARGET / "weibo_comments.jsonl", comments)


def media_note(account: str, base: int, post: Post) -> dict[str, object]:
    number = post_id(base, post)
    return {
        "note_id": number,
        "content": post.text,
        "create_time": epoch(post.at),
        "liked_count": str(post.likes),
        "comments_count": str(len(post.comments)),
        "shared_count": str(post.reposts),
        "note_url": f"https://m.weibo.cn/detail/{number}",
        "nickname": account,
        "verified_type": "1",
    }


def media_comment(account: str, base: int, post: Post, each: Comment) -> dict[str, object]:
    return {
        "comment_id": comment_id(base, post, each.number),
        "create_time": epoch(each.at),
        "note_id": post_id(base, post),
        "content": each.text,
        "comment_like_count": "0",
        "parent_comment_id": comment_id(base, post, each.above) if each.above else "0",
        "nickname": each.author,
        "verified_type": "1" if each.author == account else "-1",
    }


def epoch(at: datetime) -> int:
    return int((at - datetime(1970, 1, 1)).total_seconds()) - 8 * 3600


def write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")


def write_wechat(account: str, posts: list[Post]) -> None:
    """Write wechat-article-exporter's json: comments with the author's replies inside."""
    articles = []
    for post in posts:
        title, _, content = post.text.partition("|")
        tops = [wechat_comment(account, post, each) for each in post.comments if not each.above]
        articles.append(
            {
                "aid": f"{2247480000 + post.place}_1",
                "title": title,
                "link": "",
                "_accountName": account,
                "content": content,
                "create_time": epoch(post.at),
                "read_num": post.likes * 11,
                "old_like_num": post.likes,
                "like_num": post.likes // 3,
                "share_num": post.reposts,
                "comment_count": sum(not each.above for each in post.comments),
                "comments": [{"elected_comment": tops}] if tops else [],
            }
        )
    text = json.dumps(articles, ensure_ascii=False, indent=1)
    (TARGET / f"{account}.json").write_text(text + "\n", encoding="utf-8")


def wechat_comment(account: str, post: Post, each: Comment) -> dict[str, object]:
    return {
        "content_id": f"{post.place}0{each.number}",
        "nick_name": each.author,
        "content": each.text,
        "create_time": epoch(each.at),
        "reply_new": {"reply_list": wechat_replies(account, post, each)},
    }


def wechat_replies(account: str, post: Post, top: Comment) -> list[dict[str, object]]:
    return [
        {
            "reply_id": each.number,
            "nick_name": each.author,
            "content": each.text,
            "create_time": epoch(each.at),
            "is_from": 2 if each.author == account else 1,
        }
        for each in post.comments
        if each.above and top_of(post, each) is top
    ]


CSV_ACCOUNTS = (
    ("lively", "云溪发布", 4801),
    ("zombie", "清源水务", 4802),
    ("irritable", "磨盘镇城管", 4806),
    ("scenic", "青螺文旅", 4807),
)
DB_ACCOUNTS = (
    ("monologue", "江州生态环境", 4803),
    ("speech", "天河区交通", 4804),
    ("private", "望汀医保", 4808),
    ("slow", "霜河县交通运输", 4809),
)
MEDIA_ACCOUNTS = (("mc", "南屏公安", 4805), ("threads", "栖桐住建", 4810))


def main() -> None:
    TARGET.mkdir(exist_ok=True)
    for name, account, base in CSV_ACCOUNTS:
        write_crawler_csv(account, base, read_source(name, account))
    write_crawler_db("weibodata.db", [(a, base, read_source(n, a)) for n, a, base in DB_ACCOUNTS])
    write_media_crawler([(a, base, read_source(n, a)) for n, a, base in MEDIA_ACCOUNTS])
    write_wechat("竹溪镇", read_source("wechat", "竹溪镇"))


if __name__ == "__main__":
    main()
