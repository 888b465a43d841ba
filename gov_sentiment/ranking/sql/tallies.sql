-- Tallies: the one SQL text of the ranking, valid in DuckDB and in Spark SQL.
--
-- Input: a view `scored` (the scored table) and, for some sections, a view `calendar`
-- (day, month, workdays) or what the section's comment names. Words that begin with a colon are
-- whole numbers or names that Python puts in. Every sum is over whole numbers (values times one
-- million), so neither the order of rows nor the engine changes a digit. `unix_seconds` is a
-- function of Spark; for DuckDB a macro of that name is made. 28800 s = +08:00.
--
-- Each section is run with the `common` section before it.

-- section: common
WITH timed AS (
  SELECT *,
    CASE WHEN channel = '政务账号发文' THEN 1 ELSE 0 END AS own_post,
    CASE WHEN reply_text IS NULL THEN 0 ELSE 1 END AS replied,
    unix_seconds(posted_at) + 28800 AS posted_s,
    unix_seconds(first_replied_at) + 28800 AS replied_s
  FROM scored
  WHERE agency IS NOT NULL
),
dated AS (
  SELECT *,
    CAST(FLOOR(posted_s / 86400) AS BIGINT) AS posted_day,
    CAST(FLOOR(replied_s / 86400) AS BIGINT) AS replied_day,
    CASE WHEN replied = 1 THEN replied_s ELSE :as_of_s END AS end_s,
    CASE WHEN replied = 1 THEN CAST(FLOOR(replied_s / 86400) AS BIGINT) ELSE :as_of_day END AS end_day
  FROM timed
),
exchanges AS (
  SELECT *,
    CASE WHEN posted_day IS NULL OR :as_of_day - posted_day >= :final_days THEN 1 ELSE 0 END AS mature,
    CASE
      WHEN posted_s IS NULL OR end_s IS NULL THEN NULL
      WHEN end_day < posted_day THEN -1
      WHEN MOD(posted_s, 86400) = 0 OR MOD(end_s, 86400) = 0 THEN
        CASE WHEN end_day = posted_day THEN 12 ELSE 24 * (end_day - posted_day) END
      WHEN end_s < posted_s THEN -1
      ELSE CAST(FLOOR((end_s - posted_s + 1800) / 3600) AS BIGINT)
    END AS hours
  FROM dated
  WHERE own_post = 0
)

-- section: overview
-- One row on the whole table; rows without an agency and own posts are counted here alone.
SELECT
  COUNT(*) AS n_rows,
  CAST(SUM(CASE WHEN agency IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS n_no_agency,
  CAST(SUM(CASE WHEN channel = '政务账号发文' THEN 1 ELSE 0 END) AS BIGINT) AS n_own,
  CAST(MIN(unix_seconds(posted_at)) + 28800 AS BIGINT) AS first_posted_s,
  CAST(MAX(unix_seconds(posted_at)) + 28800 AS BIGINT) AS last_posted_s,
  CAST(MIN(unix_seconds(first_replied_at)) + 28800 AS BIGINT) AS first_replied_s,
  CAST(MAX(unix_seconds(first_replied_at)) + 28800 AS BIGINT) AS last_replied_s
FROM scored

-- section: agencies
SELECT
  agency,
  COUNT(*) AS n_exchanges,
  CAST(SUM(replied) AS BIGINT) AS n_replied,
  CAST(SUM(CASE WHEN replied = 0 AND mature = 0 THEN 1 ELSE 0 END) AS BIGINT) AS n_pending,
  CAST(SUM(mature) AS BIGINT) AS n_mature,
  CAST(SUM(CASE WHEN mature = 1 AND replied = 1 THEN 1 ELSE 0 END) AS BIGINT) AS n_mature_replied,
  CAST(SUM(CASE WHEN hours >= 0 THEN 1 ELSE 0 END) AS BIGINT) AS n_timed,
  CAST(SUM(CASE WHEN hours >= 0 AND replied = 1 THEN 1 ELSE 0 END) AS BIGINT) AS n_timed_replied,
  CAST(SUM(CASE WHEN hours < 0 THEN 1 ELSE 0 END) AS BIGINT) AS n_bad_time,
  CAST(SUM(CASE WHEN replied = 1 AND reply_type = 'resolved' THEN 1 ELSE 0 END) AS BIGINT) AS type_resolved,
  CAST(SUM(CASE WHEN replied = 1 AND reply_type = 'explained' THEN 1 ELSE 0 END) AS BIGINT) AS type_explained,
  CAST(SUM(CASE WHEN replied = 1 AND reply_type = 'committed' THEN 1 ELSE 0 END) AS BIGINT) AS type_committed,
  CAST(SUM(CASE WHEN replied = 1 AND reply_type = 'referred' THEN 1 ELSE 0 END) AS BIGINT) AS type_referred,
  CAST(SUM(CASE WHEN replied = 1 AND reply_type = 'perfunctory' THEN 1 ELSE 0 END) AS BIGINT) AS type_perfunctory,
  CAST(SUM(CASE WHEN post_sentiment = 'negative' THEN 1 ELSE 0 END) AS BIGINT) AS sentiment_negative,
  CAST(SUM(CASE WHEN post_sentiment = 'neutral' THEN 1 ELSE 0 END) AS BIGINT) AS sentiment_neutral,
  CAST(SUM(CASE WHEN post_sentiment = 'positive' THEN 1 ELSE 0 END) AS BIGINT) AS sentiment_positive,
  CAST(SUM(CASE WHEN replied = 1 AND array_contains(flags, 'mismatch') THEN 1 ELSE 0 END) AS BIGINT) AS flag_mismatch,
  CAST(SUM(CASE WHEN replied = 1 AND array_contains(flags, 'boilerplate') THEN 1 ELSE 0 END) AS BIGINT) AS flag_boilerplate,
  CAST(SUM(CASE WHEN replied = 1 AND array_contains(flags, 'hollow_promise') THEN 1 ELSE 0 END) AS BIGINT) AS flag_hollow_promise,
  CAST(SUM(CASE WHEN reply_quality BETWEEN 1 AND 5 AND replied = 1 THEN 1 ELSE 0 END) AS BIGINT) AS quality_n,
  CAST(SUM(CASE WHEN reply_quality BETWEEN 1 AND 5 AND replied = 1 THEN CAST(FLOOR(reply_quality * 1e6 + 0.5) AS BIGINT) ELSE 0 END) AS BIGINT) AS quality_sum,
  CAST(SUM(CASE WHEN reply_quality BETWEEN 1 AND 5 AND replied = 1 THEN CAST(FLOOR(reply_quality * reply_quality * 1e6 + 0.5) AS BIGINT) ELSE 0 END) AS BIGINT) AS quality_squares,
  CAST(SUM(CASE WHEN reply_relevance BETWEEN 0 AND 2 AND replied = 1 THEN 1 ELSE 0 END) AS BIGINT) AS relevance_n,
  CAST(SUM(CASE WHEN reply_relevance BETWEEN 0 AND 2 AND replied = 1 THEN CAST(FLOOR(reply_relevance * 1e6 + 0.5) AS BIGINT) ELSE 0 END) AS BIGINT) AS relevance_sum,
  CAST(SUM(CASE WHEN reply_relevance BETWEEN 0 AND 2 AND replied = 1 THEN CAST(FLOOR(reply_relevance * reply_relevance * 1e6 + 0.5) AS BIGINT) ELSE 0 END) AS BIGINT) AS relevance_squares,
  CAST(SUM(CASE WHEN reply_completeness BETWEEN 0 AND 2 AND replied = 1 THEN 1 ELSE 0 END) AS BIGINT) AS completeness_n,
  CAST(SUM(CASE WHEN reply_completeness BETWEEN 0 AND 2 AND replied = 1 THEN CAST(FLOOR(reply_completeness * 1e6 + 0.5) AS BIGINT) ELSE 0 END) AS BIGINT) AS completeness_sum,
  CAST(SUM(CASE WHEN reply_completeness BETWEEN 0 AND 2 AND replied = 1 THEN CAST(FLOOR(reply_completeness * reply_completeness * 1e6 + 0.5) AS BIGINT) ELSE 0 END) AS BIGINT) AS completeness_squares,
  CAST(SUM(CASE WHEN reply_explanation BETWEEN 0 AND 2 AND replied = 1 THEN 1 ELSE 0 END) AS BIGINT) AS explanation_n,
  CAST(SUM(CASE WHEN reply_explanation BETWEEN 0 AND 2 AND replied = 1 THEN CAST(FLOOR(reply_explanation * 1e6 + 0.5) AS BIGINT) ELSE 0 END) AS BIGINT) AS explanation_sum,
  CAST(SUM(CASE WHEN reply_explanation BETWEEN 0 AND 2 AND replied = 1 THEN CAST(FLOOR(reply_explanation * reply_explanation * 1e6 + 0.5) AS BIGINT) ELSE 0 END) AS BIGINT) AS explanation_squares,
  CAST(SUM(CASE WHEN reply_actionability BETWEEN 0 AND 2 AND replied = 1 THEN 1 ELSE 0 END) AS BIGINT) AS actionability_n,
  CAST(SUM(CASE WHEN reply_actionability BETWEEN 0 AND 2 AND replied = 1 THEN CAST(FLOOR(reply_actionability * 1e6 + 0.5) AS BIGINT) ELSE 0 END) AS BIGINT) AS actionability_sum,
  CAST(SUM(CASE WHEN reply_actionability BETWEEN 0 AND 2 AND replied = 1 THEN CAST(FLOOR(reply_actionability * reply_actionability * 1e6 + 0.5) AS BIGINT) ELSE 0 END) AS BIGINT) AS actionability_squares,
  CAST(SUM(CASE WHEN reply_courtesy BETWEEN 0 AND 2 AND replied = 1 THEN 1 ELSE 0 END) AS BIGINT) AS courtesy_n,
  CAST(SUM(CASE WHEN reply_courtesy BETWEEN 0 AND 2 AND replied = 1 THEN CAST(FLOOR(reply_courtesy * 1e6 + 0.5) AS BIGINT) ELSE 0 END) AS BIGINT) AS courtesy_sum,
  CAST(SUM(CASE WHEN reply_courtesy BETWEEN 0 AND 2 AND replied = 1 THEN CAST(FLOOR(reply_courtesy * reply_courtesy * 1e6 + 0.5) AS BIGINT) ELSE 0 END) AS BIGINT) AS courtesy_squares,
  CAST(SUM(CASE WHEN satisfaction BETWEEN 0 AND 1 THEN 1 ELSE 0 END) AS BIGINT) AS satisfaction_n,
  CAST(SUM(CASE WHEN satisfaction BETWEEN 0 AND 1 THEN CAST(FLOOR(satisfaction * 1e6 + 0.5) AS BIGINT) ELSE 0 END) AS BIGINT) AS satisfaction_sum,
  CAST(SUM(CASE WHEN satisfaction BETWEEN 0 AND 1 THEN CAST(FLOOR(satisfaction * satisfaction * 1e6 + 0.5) AS BIGINT) ELSE 0 END) AS BIGINT) AS satisfaction_squares,
  CAST(SUM(CASE WHEN responsiveness BETWEEN 0 AND 100 THEN 1 ELSE 0 END) AS BIGINT) AS responsiveness_n,
  CAST(SUM(CASE WHEN responsiveness BETWEEN 0 AND 100 THEN CAST(FLOOR(responsiveness * 1e6 + 0.5) AS BIGINT) ELSE 0 END) AS BIGINT) AS responsiveness_sum,
  CAST(SUM(CASE WHEN responsiveness BETWEEN 0 AND 100 THEN CAST(FLOOR(responsiveness * responsiveness * 1e6 + 0.5) AS BIGINT) ELSE 0 END) AS BIGINT) AS responsiveness_squares
FROM exchanges
GROUP BY agency
ORDER BY agency

-- section: own_posts
SELECT agency, COUNT(*) AS n_own FROM timed WHERE own_post = 1 GROUP BY agency ORDER BY agency

-- section: times
-- Needs `agency_ids` (agency, agency_id) and `calendar`. Histogram of waiting times:
-- `clock` counts the preset's kind of days from the day of the post to the day of the end.
SELECT agency_id, hours, clock, replied, CAST(COUNT(*) AS BIGINT) AS n
FROM (
  SELECT i.agency_id AS agency_id, e.replied AS replied,
    CAST(CASE WHEN e.hours > :cap_hours THEN :cap_hours ELSE e.hours END AS INTEGER) AS hours,
    CAST(CASE
      WHEN :working = 0 THEN
        CASE WHEN e.end_day - e.posted_day > :cap_days THEN :cap_days ELSE e.end_day - e.posted_day END
      WHEN z.workdays - a.workdays > :cap_days THEN :cap_days
      ELSE z.workdays - a.workdays
    END AS INTEGER) AS clock
  FROM exchanges e
  JOIN agency_ids i ON e.agency = i.agency
  JOIN calendar a ON e.posted_day = a.day
  JOIN calendar z ON e.end_day = z.day
  WHERE e.hours >= 0
) binned
GROUP BY agency_id, hours, clock, replied
ORDER BY agency_id, hours, clock, replied

-- section: periods
-- Needs `calendar`. One row per agency and month of the post (month = 12 * year + month - 1).
SELECT e.agency AS agency, c.month AS month,
  COUNT(*) AS n_exchanges,
  CAST(SUM(e.replied) AS BIGINT) AS n_replied,
  CAST(SUM(e.mature) AS BIGINT) AS n_mature,
  CAST(SUM(CASE WHEN e.mature = 1 AND e.replied = 1 THEN 1 ELSE 0 END) AS BIGINT) AS n_mature_replied,
  CAST(SUM(CASE WHEN e.replied = 1 AND e.reply_type IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS n_typed,
  CAST(SUM(CASE WHEN e.replied = 1 AND e.reply_type IN ('resolved', 'explained', 'committed')
    THEN 1 ELSE 0 END) AS BIGINT) AS n_substantive,
  CAST(SUM(CASE WHEN e.post_sentiment IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS n_sentiment,
  CAST(SUM(CASE WHEN e.post_sentiment = 'negative' THEN 1 ELSE 0 END) AS BIGINT) AS n_negative,
  CAST(SUM(CASE WHEN e.reply_quality BETWEEN 1 AND 5 AND e.replied = 1 THEN 1 ELSE 0 END) AS BIGINT) AS quality_n,
  CAST(SUM(CASE WHEN e.reply_quality BETWEEN 1 AND 5 AND e.replied = 1
    THEN CAST(FLOOR(e.reply_quality * 1e6 + 0.5) AS BIGINT) ELSE 0 END) AS BIGINT) AS quality_sum,
  CAST(SUM(CASE WHEN e.reply_quality BETWEEN 1 AND 5 AND e.replied = 1
    THEN CAST(FLOOR(e.reply_quality * e.reply_quality * 1e6 + 0.5) AS BIGINT) ELSE 0 END) AS BIGINT) AS quality_squares
FROM exchanges e
JOIN calendar c ON e.posted_day = c.day
GROUP BY e.agency, c.month
ORDER BY agency, month

-- section: topics
SELECT category, COUNT(*) AS n FROM exchanges GROUP BY category ORDER BY n DESC, category LIMIT 50

-- section: groups
-- The most frequent value of a column for each agency; the first in order where two tie.
SELECT agency, peer_group FROM (
  SELECT agency, peer_group,
    ROW_NUMBER() OVER (PARTITION BY agency ORDER BY n DESC, peer_group) AS place
  FROM (
    SELECT agency, CAST(:column AS STRING) AS peer_group, COUNT(*) AS n
    FROM timed
    WHERE :column IS NOT NULL
    GROUP BY agency, CAST(:column AS STRING)
  ) counted
) placed
WHERE place = 1
ORDER BY agency

-- section: cells
-- Case mix: what the agency does not choose. Needs `calendar`. One row per cell of the whole table.
SELECT :cell_keys, COUNT(*) AS n,
  CAST(SUM(mature) AS BIGINT) AS response_rate_n,
  CAST(SUM(CASE WHEN mature = 1 AND replied = 1 THEN 1 ELSE 0 END) AS BIGINT) AS response_rate_k,
  CAST(SUM(CASE WHEN replied = 1 AND reply_type IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS substantive_share_n,
  CAST(SUM(CASE WHEN replied = 1 AND reply_type IN ('resolved', 'explained', 'committed')
    THEN 1 ELSE 0 END) AS BIGINT) AS substantive_share_k,
  CAST(SUM(CASE WHEN reply_quality BETWEEN 1 AND 5 AND replied = 1 THEN 1 ELSE 0 END) AS BIGINT) AS quality_n,
  CAST(SUM(CASE WHEN reply_quality BETWEEN 1 AND 5 AND replied = 1
    THEN CAST(FLOOR(reply_quality * 1e6 + 0.5) AS BIGINT) ELSE 0 END) AS BIGINT) AS quality_k
FROM (:cell_rows) keyed
GROUP BY :cell_keys
ORDER BY :cell_keys

-- section: expected
-- Needs `calendar` and `cell_values` (the keys of `cells` and expected values times one million).
SELECT keyed.agency AS agency,
  CAST(SUM(CASE WHEN mature = 1 THEN v.response_rate ELSE 0 END) AS BIGINT) AS response_rate_e,
  CAST(SUM(CASE WHEN replied = 1 AND reply_type IS NOT NULL THEN v.substantive_share ELSE 0 END) AS BIGINT)
    AS substantive_share_e,
  CAST(SUM(CASE WHEN reply_quality BETWEEN 1 AND 5 AND replied = 1 THEN v.quality ELSE 0 END) AS BIGINT) AS quality_e
FROM (:cell_rows) keyed
JOIN cell_values v ON :cell_join
GROUP BY keyed.agency
ORDER BY agency

-- section: cell_rows
-- A part of the two sections above, never run by itself.
SELECT e.agency AS agency, e.mature AS mature, e.replied AS replied, e.reply_type AS reply_type,
  e.reply_quality AS reply_quality,
  COALESCE(e.post_intent, '') AS intent,
  COALESCE(e.post_sentiment, '') AS sentiment,
  COALESCE(e.channel, '') AS channel,
  COALESCE(e.category, '') AS category,
  CASE WHEN LENGTH(e.post_text) < 60 THEN 0 WHEN LENGTH(e.post_text) < 150 THEN 1
    WHEN LENGTH(e.post_text) < 400 THEN 2 ELSE 3 END AS length_class,
  COALESCE(c.month, -1) AS month
FROM exchanges e
LEFT JOIN calendar c ON e.posted_day = c.day
