"""Golden numbers counted from the corpus' sources by other means than the package's."""

from __future__ import annotations

import csv
import math
import shutil
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest
from accounts_corpus import CORPUS, SOURCES
from statsmodels.stats.proportion import proportion_confint

from gov_sentiment.accounts import AccountsSummary, measure_accounts, plain_rows
from gov_sentiment.archive.messages import read_messages
from gov_sentiment.errors import BadArchive

EXPORT = datetime(2024, 4, 3, 15, 20)


def by_name(summary: AccountsSummary) -> dict[str, object]:
    return {account.account: account for account in summary.accounts}


@pytest.mark.parametrize("name", SOURCES)
def test_counts_of_dialogue_are_those_of_the_sources(
    name: str, summary: AccountsSummary, builder: ModuleType
) -> None:
    posts = builder.read_source(SOURCES[name], name)
    account = by_name(summary)[name]
    assert account.n_posts == len(posts)
    asked = [(post, c) for post in posts for c in post.comments if c.author != name]
    assert account.n_comments == len(asked)
    assert account.n_citizens == len({c.author for _, c in asked})
    tops = [(post, c) for post, c in asked if not c.above]
    answered = [
        (post, c)
        for post, c in tops
        if any(r.above == c.number and r.author == name for r in post.comments)
    ]
    assert (account.reply_rate.k, account.reply_rate.n) == (len(answered), len(tops))
    low, high = proportion_confint(len(answered), len(tops), method="wilson")
    assert account.reply_rate.low == pytest.approx(low, abs=1e-9)
    assert account.reply_rate.high == pytest.approx(high, abs=1e-9)
    said = len(posts) + sum(c.author == name for post in posts for c in post.comments)
    assert (account.answer_share.k, account.answer_share.n) == (said - len(posts), said)
    silent = [post for post in posts if all(c.author != name for c in post.comments)]
    assert (account.monologue.k, account.monologue.n) == (len(silent), len(posts))


@pytest.mark.parametrize("name", [name for name in SOURCES if name != "竹溪镇"])
def test_depth_is_the_longest_chain(
    name: str, summary: AccountsSummary, builder: ModuleType
) -> None:
    def depth(post: object, number: int) -> int:
        above = post.comments[number - 1].above
        return 2 if not above else 1 + depth(post, above)

    posts = [p for p in builder.read_source(SOURCES[name], name) if p.comments]
    depths = [max(depth(post, c.number) for c in post.comments) for post in posts]
    account = by_name(summary)[name]
    # In MediaCrawler's sample one citizen thanks below her own comment; it follows the answer.
    # SQLite knows only the first comment of a chain: a second answer hangs right below that.
    by_hand = {"南屏公安": [4, 3, 2, 3], "望汀医保": [3, 4, 3, 3, 3, 4, 2]}
    expected = by_hand.get(name, depths)
    assert account.depth.value == pytest.approx(sum(expected) / len(expected))
    assert account.deepest == max(expected)


@pytest.mark.parametrize("name", SOURCES)
def test_activity_follows_from_the_times(
    name: str, summary: AccountsSummary, builder: ModuleType
) -> None:
    times = [post.at for post in builder.read_source(SOURCES[name], name)]
    account = by_name(summary)[name]
    since = (EXPORT - max(times)).total_seconds() / 86_400
    assert account.days_since_last == pytest.approx(max(since, 0), abs=1e-9)
    assert account.zombie is (name == "清源水务")
    weeks = max(1.0, (max(EXPORT, *times) - min(times)).total_seconds() / (7 * 86_400))
    assert account.posts_per_week == pytest.approx(len(times) / weeks)
    gaps = [(b - a).total_seconds() / 86_400 for a, b in pairwise(times)]
    assert account.longest_gap_days == pytest.approx(max(gaps))
    assert account.active_weeks.k == len({time.isocalendar()[:2] for time in times})


@pytest.mark.parametrize("name", SOURCES)
def test_concentration_by_its_definition(
    name: str, summary: AccountsSummary, builder: ModuleType
) -> None:
    posts = builder.read_source(SOURCES[name], name)
    wechat = name == "竹溪镇"
    totals = [
        p.likes + p.reposts + sum(not (wechat and c.above) for c in p.comments) for p in posts
    ]
    pairs = sum(abs(a - b) for a in totals for b in totals)
    account = by_name(summary)[name]
    assert account.gini == pytest.approx(pairs / (2 * len(totals) * sum(totals)))
    assert account.top_share == pytest.approx(max(totals) / sum(totals))


def test_reposts_are_known_where_the_export_marks_them(summary: AccountsSummary) -> None:
    accounts = by_name(summary)
    for name, reposts in {"天河区交通": 9, "云溪发布": 1, "青螺文旅": 2, "望汀医保": 0}.items():
        assert accounts[name].repost_share.k == reposts
        assert accounts[name].repost_share.n == accounts[name].n_posts
    for name in ("南屏公安", "栖桐住建", "竹溪镇"):
        assert accounts[name].repost_share is None
        assert accounts[name].missing["repost_share"] == "no_repost_flag"


def test_waiting_is_lifelines(summary: AccountsSummary, builder: ModuleType) -> None:
    from lifelines import KaplanMeierFitter

    name = "云溪发布"
    hours, answered = [], []
    for post in builder.read_source(SOURCES[name], name):
        for c in post.comments:
            if c.above or c.author == name:
                continue
            times = [r.at for r in post.comments if r.above == c.number and r.author == name]
            end = min(times, default=EXPORT)
            hours.append((end - c.at).total_seconds() / 3600)
            answered.append(bool(times))
    fitted = KaplanMeierFitter().fit(hours, answered)
    account = by_name(summary)[name]
    assert account.median_hours == pytest.approx(fitted.median_survival_time_)
    assert account.answered_24h.value == pytest.approx(1 - fitted.predict(24))
    assert account.answered_7d.value == pytest.approx(1 - fitted.predict(168))
    assert account.answered_24h.low < account.answered_24h.value < account.answered_24h.high


def test_published_indices_by_hand(summary: AccountsSummary, builder: ModuleType) -> None:
    posts = builder.read_source("lively", "云溪发布")
    likes, reposts = sum(p.likes for p in posts), sum(p.reposts for p in posts)
    comments = sum(len(p.comments) for p in posts)
    w2 = 0.4 * math.log(reposts + 1) + 0.4 * math.log(comments + 1) + 0.2 * math.log(likes + 1)
    expected = (0.2 * math.log(len(posts) + 1) + 0.8 * w2) * 160
    assert by_name(summary)["云溪发布"].indices["bci"] == pytest.approx(expected)

    articles = builder.read_source("wechat", "竹溪镇")
    days = (EXPORT - articles[0].at).total_seconds() / 86_400

    def g(r: float, z: float, liked: float, f: float) -> float:
        parts = (
            math.log(r + 1),
            math.log(10 * z + 1),
            math.log(10 * liked + 1),
            math.log(10 * f + 1),
        )
        return sum(w * part for w, part in zip((0.70, 0.09, 0.06, 0.15), parts, strict=True))

    rows = [(11 * a.likes, a.likes // 3, a.likes, a.reposts) for a in articles]
    totals = [sum(row[i] for row in rows) for i in range(4)]
    score = 0.7 * g(*(t / days for t in totals)) + 0.2 * g(*(t / len(rows) for t in totals))
    score += 0.1 * g(*(max(row[i] for row in rows) for i in range(4)))
    wechat = by_name(summary)["竹溪镇"]
    assert wechat.indices["wci-14.2"] == pytest.approx(score**2 * 12)
    assert by_name(summary)["云溪发布"].indices["wci-14.2"] is None


def test_officialese_parts_the_accounts(summary: AccountsSummary) -> None:
    index = {account.account: account.officialese.value for account in summary.accounts}
    official = min(index["江州生态环境"], index["天河区交通"])
    assert official > 10
    assert max(index["云溪发布"], index["竹溪镇"], index["南屏公安"]) < 0


def test_order_and_duplicates_change_nothing(tmp_path: Path, summary: AccountsSummary) -> None:
    folder = tmp_path / "again"
    shutil.copytree(CORPUS, folder)
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, *rows = list(csv.reader(file))
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([head, *reversed(rows), *rows])
    again = measure_accounts(read_messages(folder))
    assert again.n_copies > 0
    assert plain_rows(again) == plain_rows(summary)


def test_an_archive_without_accounts_is_an_error(tmp_path: Path) -> None:
    head = "id,weibo_id,created_at,user_screen_name,text,pic_url,like_count\n"
    row = "77,66,Mon Jan 06 12:00:00 +0800 2020,一位路人,路灯坏了没人修,,0\n"
    (tmp_path / "x_comments.csv").write_text(head + row, encoding="utf-8")
    with pytest.raises(BadArchive, match="--official") as caught:
        measure_accounts(read_messages(tmp_path))
    assert "路灯" not in str(caught.value)


def test_an_empty_table_of_posts_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,用户昵称,微博正文,发布时间\n", encoding="utf-8")
    with pytest.raises(BadArchive, match="no account's posts"):
        measure_accounts(read_messages(tmp_path))


def test_one_post_without_times_or_counts(tmp_path: Path) -> None:
    text = "id,用户昵称,微博正文,发布时间\n1,河东发布,今天停水,\n"
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    (account,) = measure_accounts(read_messages(tmp_path)).accounts
    assert account.n_posts == 1
    assert account.missing["zombie"] == "no_times"
    assert account.missing["reply_rate"] == "no_comments"
    empty = [
        name
        for name in account.__dataclass_fields__
        if getattr(account, name) is None and name not in ("first_day", "last_day")
    ]
    assert set(empty) <= set(account.missing)


@pytest.mark.real_data
def test_posts_alone_say_what_they_cannot_tell(shared_data: Path) -> None:
    summary = measure_accounts(
        read_messages(shared_data / "archives" / "fuzhou_gov_weibo_posts.csv")
    )
    assert len(summary.accounts) == 23
    assert summary.n_posts + summary.n_copies == 642
    for account in summary.accounts:
        assert account.missing["reply_rate"] == "no_comments"
        assert account.missing["zombie"] == "searched"
        assert account.posts_per_week > 0


def test_results_of_a_search_call_nobody_a_zombie(tmp_path: Path) -> None:
    head = "id,bid,user_id,用户昵称,微博正文,转发数,评论数,点赞数,发布时间,发布工具,retweet_id,user_authentication"
    rows = (
        "4801311111111112,B,1,河北水务,停水通知请大家储水,1万,2,3,2024-01-01 10:00,x,,蓝v",
        "4801311111111113,B,2,一位路人,水还没来,0,0,0,2024-03-01 11:00,x,,普通用户",
    )
    (tmp_path / "停水.csv").write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    (account,) = measure_accounts(read_messages(tmp_path)).accounts
    assert account.account == "河北水务"
    assert account.zombie is None
    assert account.missing["zombie"] == "searched"
    assert account.reposts == 10_000
    assert account.repost_share.k == 0
