-- totals
SELECT
  COUNT(*) AS `rows`,
  SUM(`t0`.`calls`) AS `calls`,
  COUNT(DISTINCT `t0`.`who`) AS `accounts`,
  UNIX_TIMESTAMP(CAST(MIN(`t0`.`ts`) AS TIMESTAMP)) AS `first`,
  UNIX_TIMESTAMP(CAST(MAX(`t0`.`ts`) AS TIMESTAMP)) AS `last`,
  COUNT(`t0`.`prompt_sha`) AS `with_prompt`,
  COUNT(`t0`.`answer_sha`) AS `with_answer`,
  COUNT(`t0`.`payment`) AS `with_payment`,
  COUNT(`t0`.`device`) AS `with_device`,
  COUNT(`t0`.`network`) AS `with_network`,
  COUNT(`t0`.`plan`) AS `with_plan`,
  COUNT(`t0`.`region`) AS `with_region`,
  COUNT(`t0`.`account_created`) AS `with_created`,
  COUNT(`t0`.`model`) AS `with_model`,
  SUM(CAST(NOT (
    `t0`.`ok`
  ) AS BIGINT)) AS `failed`
FROM `exchange` AS `t0`

-- by_hour
SELECT
  *
FROM (
  SELECT
    CAST(FLOOR((
      UNIX_TIMESTAMP(CAST(`t0`.`ts` AS TIMESTAMP))
    ) / (
      3600
    )) AS BIGINT) AS `hour`,
    COUNT(*) AS `calls`
  FROM `exchange` AS `t0`
  GROUP BY
    1
) AS `t1`
ORDER BY
  `t1`.`hour` ASC NULLS LAST

-- templates
SELECT
  *
FROM (
  SELECT
    `t1`.`head` AS `value`,
    SUM(`t1`.`calls`) AS `calls`,
    COUNT(DISTINCT `t1`.`who`) AS `accounts`,
    COUNT(DISTINCT `t1`.`prompt_sha`) AS `fillings`,
    SUM(COALESCE(`t1`.`pt`, 0) + COALESCE(`t1`.`ct`, 0)) AS `tokens`,
    UNIX_TIMESTAMP(CAST(MIN(`t1`.`ts`) AS TIMESTAMP)) AS `first`,
    UNIX_TIMESTAMP(CAST(MAX(`t1`.`ts`) AS TIMESTAMP)) AS `last`,
    SUM(CAST(NOT (
      `t1`.`ok`
    ) AS BIGINT)) AS `failed`
  FROM (
    SELECT
      *
    FROM `exchange` AS `t0`
    WHERE
      `t0`.`head` IS NOT NULL
  ) AS `t1`
  GROUP BY
    1
) AS `t2`
WHERE
  `t2`.`accounts` >= 5 AND `t2`.`calls` >= 50
ORDER BY
  `t2`.`value` ASC NULLS LAST

-- head_texts
SELECT
  `t0`.`head`,
  `t0`.`text`,
  `t0`.`calls`
FROM `heads` AS `t0`
WHERE
  (
    `t0`.`head` % 16
  ) = 1
ORDER BY
  `t0`.`head` ASC NULLS LAST

-- members
SELECT
  *
FROM (
  SELECT
    `t1`.`head` AS `value`,
    `t1`.`who`,
    SUM(`t1`.`calls`) AS `calls`,
    COUNT(DISTINCT `t1`.`prompt_sha`) AS `fillings`,
    SUM(CAST(NOT (
      `t1`.`ok`
    ) AS BIGINT)) AS `failed`,
    SUM(COALESCE(`t1`.`pt`, 0) + COALESCE(`t1`.`ct`, 0)) AS `tokens`,
    UNIX_TIMESTAMP(CAST(MIN(`t1`.`ts`) AS TIMESTAMP)) AS `first`,
    UNIX_TIMESTAMP(CAST(MAX(`t1`.`ts`) AS TIMESTAMP)) AS `last`
  FROM (
    SELECT
      *
    FROM `exchange` AS `t0`
    WHERE
      `t0`.`head` IN (1, 2)
  ) AS `t1`
  GROUP BY
    1,
    2
) AS `t2`
ORDER BY
  `t2`.`value` ASC NULLS LAST,
  `t2`.`who` ASC NULLS LAST

-- bins_of_templates
SELECT
  `t1`.`head` AS `value`,
  `t1`.`who`,
  CAST(FLOOR((
    UNIX_TIMESTAMP(CAST(`t1`.`ts` AS TIMESTAMP))
  ) / (
    300
  )) AS BIGINT) AS `bin`,
  SUM(`t1`.`calls`) AS `calls`
FROM (
  SELECT
    *
  FROM `exchange` AS `t0`
  WHERE
    `t0`.`head` IN (1, 2)
) AS `t1`
GROUP BY
  1,
  2,
  3

-- bins_of_accounts
SELECT
  `t1`.`who`,
  CAST(FLOOR((
    UNIX_TIMESTAMP(CAST(`t1`.`ts` AS TIMESTAMP))
  ) / (
    300
  )) AS BIGINT) AS `bin`,
  SUM(`t1`.`calls`) AS `calls`
FROM (
  SELECT
    *
  FROM `exchange` AS `t0`
  WHERE
    `t0`.`who` IN (1, 2)
) AS `t1`
GROUP BY
  1,
  2

-- entropy_of_accounts
SELECT
  *
FROM (
  SELECT
    `t2`.`who`,
    SUM(`t2`.`n`) AS `calls`,
    SUM(`t2`.`n` * LN(`t2`.`n`)) AS `n_log_n`
  FROM (
    SELECT
      `t1`.`who`,
      `t1`.`head`,
      CAST(SUM(`t1`.`calls`) AS DOUBLE) AS `n`
    FROM (
      SELECT
        *
      FROM `exchange` AS `t0`
      WHERE
        `t0`.`who` IN (1, 2) AND `t0`.`head` IS NOT NULL
    ) AS `t1`
    GROUP BY
      1,
      2
  ) AS `t2`
  GROUP BY
    1
) AS `t3`
ORDER BY
  `t3`.`who` ASC NULLS LAST

-- covered
SELECT
  *
FROM (
  SELECT
    `t1`.`tail` AS `value`,
    SUM(`t1`.`calls`) AS `calls`,
    SUM(IF(`t1`.`head` IN (3, 4), `t1`.`calls`, 0)) AS `covered`
  FROM (
    SELECT
      *
    FROM `exchange` AS `t0`
    WHERE
      `t0`.`tail` IN (1, 2)
  ) AS `t1`
  GROUP BY
    1
) AS `t2`
ORDER BY
  `t2`.`value` ASC NULLS LAST

-- texts_of
SELECT
  *
FROM `texts` AS `t0`
WHERE
  `t0`.`hash` IN (1, 2)
ORDER BY
  `t0`.`hash` ASC NULLS LAST

-- shared_items
SELECT
  *
FROM (
  SELECT
    `t2`.`value`,
    COUNT(*) AS `items`,
    SUM(CAST((
      `t2`.`accounts` * (
        `t2`.`accounts` - 1
      )
    ) / 2 AS BIGINT)) AS `pairs`
  FROM (
    SELECT
      `t1`.`head` AS `value`,
      `t1`.`prompt_sha` AS `item`,
      COUNT(DISTINCT `t1`.`who`) AS `accounts`
    FROM (
      SELECT
        *
      FROM `exchange` AS `t0`
      WHERE
        `t0`.`head` IN (1, 2) AND `t0`.`prompt_sha` IS NOT NULL
    ) AS `t1`
    GROUP BY
      1,
      2
  ) AS `t2`
  GROUP BY
    1
) AS `t3`
ORDER BY
  `t3`.`value` ASC NULLS LAST

-- account_facts
SELECT
  *
FROM (
  SELECT
    `t0`.`who`,
    SUM(`t0`.`calls`) AS `calls`,
    MAX(`t0`.`plan`) AS `plan`,
    MAX(`t0`.`region`) AS `region`,
    UNIX_TIMESTAMP(CAST(MIN(`t0`.`ts`) AS TIMESTAMP)) AS `first`,
    UNIX_TIMESTAMP(CAST(MIN(`t0`.`account_created`) AS TIMESTAMP)) AS `created`
  FROM `exchange` AS `t0`
  GROUP BY
    1
) AS `t1`
ORDER BY
  `t1`.`who` ASC NULLS LAST

-- account_names
SELECT
  *
FROM (
  SELECT
    `t1`.`who`,
    MAX(`t1`.`account`) AS `account`
  FROM (
    SELECT
      *
    FROM `exchange` AS `t0`
    WHERE
      `t0`.`who` IN (1, 2)
  ) AS `t1`
  GROUP BY
    1
) AS `t2`
ORDER BY
  `t2`.`who` ASC NULLS LAST

-- shared_values
WITH `t1` AS (
  SELECT DISTINCT
    `t0`.`who`,
    `t0`.`payment` AS `value`
  FROM `exchange` AS `t0`
  WHERE
    `t0`.`payment` IS NOT NULL
)
SELECT
  *
FROM (
  SELECT
    `t3`.`who`,
    `t3`.`value`,
    `t6`.`accounts`
  FROM `t1` AS `t3`
  INNER JOIN (
    SELECT
      *
    FROM (
      SELECT
        `t2`.`value`,
        COUNT(DISTINCT `t2`.`who`) AS `accounts`
      FROM `t1` AS `t2`
      GROUP BY
        1
    ) AS `t4`
    WHERE
      `t4`.`accounts` >= 2
  ) AS `t6`
    ON `t3`.`value` = `t6`.`value`
) AS `t7`
ORDER BY
  `t7`.`value` ASC NULLS LAST,
  `t7`.`who` ASC NULLS LAST

-- models_of_accounts
SELECT
  `t1`.`who`,
  `t1`.`model`,
  SUM(`t1`.`calls`) AS `calls`
FROM (
  SELECT
    *
  FROM `exchange` AS `t0`
  WHERE
    `t0`.`who` IN (1, 2)
    AND UNIX_TIMESTAMP(CAST(`t0`.`ts` AS TIMESTAMP)) >= 10
    AND UNIX_TIMESTAMP(CAST(`t0`.`ts` AS TIMESTAMP)) < 20
) AS `t1`
GROUP BY
  1,
  2

-- models_of_templates
SELECT
  `t1`.`head` AS `value`,
  `t1`.`model`,
  SUM(`t1`.`calls`) AS `calls`
FROM (
  SELECT
    *
  FROM `exchange` AS `t0`
  WHERE
    `t0`.`head` IN (1, 2)
    AND UNIX_TIMESTAMP(CAST(`t0`.`ts` AS TIMESTAMP)) >= 10
    AND UNIX_TIMESTAMP(CAST(`t0`.`ts` AS TIMESTAMP)) < 20
) AS `t1`
GROUP BY
  1,
  2

-- examples
SELECT
  `t2`.`file`,
  `t2`.`row`,
  `t2`.`ts`,
  `t2`.`account`,
  `t2`.`model`,
  `t2`.`prompt`,
  `t2`.`response`
FROM (
  SELECT
    *
  FROM `exchange` AS `t0`
  WHERE
    `t0`.`head` = 1
  ORDER BY
    `t0`.`ts` ASC NULLS LAST,
    `t0`.`file` ASC NULLS LAST,
    `t0`.`row` ASC NULLS LAST
  LIMIT 20
) AS `t2`

-- served
SELECT
  `t0`.`ts`,
  `t0`.`account`,
  `t0`.`model`,
  `t0`.`temperature`,
  `t0`.`head`,
  `t0`.`prompt_sha`,
  `t0`.`answer_sha`,
  `t0`.`prompt`,
  `t0`.`response`
FROM `exchange` AS `t0`
WHERE
  `t0`.`who` IN (1, 2) AND `t0`.`response` IS NOT NULL AND `t0`.`prompt` IS NOT NULL

-- equal_answers
SELECT
  `t0`.`file`,
  `t0`.`row`,
  `t0`.`ts`,
  `t0`.`account`,
  `t0`.`model`,
  `t0`.`prompt_sha`,
  `t0`.`answer_sha`
FROM `exchange` AS `t0`
WHERE
  `t0`.`answer_sha` IN ('a', 'b')

