-- totals
SELECT
  COUNT(*) AS "rows",
  SUM("t0"."calls") AS "calls",
  uniq("t0"."who") AS "accounts",
  toRelativeSecondNum(MIN("t0"."ts")) AS "first",
  toRelativeSecondNum(MAX("t0"."ts")) AS "last",
  COUNT("t0"."prompt_sha") AS "with_prompt",
  COUNT("t0"."answer_sha") AS "with_answer",
  COUNT("t0"."payment") AS "with_payment",
  COUNT("t0"."device") AS "with_device",
  COUNT("t0"."network") AS "with_network",
  COUNT("t0"."plan") AS "with_plan",
  COUNT("t0"."region") AS "with_region",
  COUNT("t0"."account_created") AS "with_created",
  COUNT("t0"."model") AS "with_model",
  SUM(CAST(NOT (
    "t0"."ok"
  ) AS Nullable(Int64))) AS "failed"
FROM "exchange" AS "t0"

-- by_hour
SELECT
  *
FROM (
  SELECT
    CAST(FLOOR((
      toRelativeSecondNum("t0"."ts")
    ) / (
      3600
    )) AS Nullable(Int64)) AS "hour",
    COUNT(*) AS "calls"
  FROM "exchange" AS "t0"
  GROUP BY
    CAST(FLOOR((
      toRelativeSecondNum("t0"."ts")
    ) / (
      3600
    )) AS Nullable(Int64))
) AS "t1"
ORDER BY
  "t1"."hour" ASC

-- templates
SELECT
  *
FROM (
  SELECT
    "t1"."head" AS "value",
    SUM("t1"."calls") AS "calls",
    uniq("t1"."who") AS "accounts",
    uniq("t1"."prompt_sha") AS "fillings",
    SUM(COALESCE("t1"."pt", 0) + COALESCE("t1"."ct", 0)) AS "tokens",
    toRelativeSecondNum(MIN("t1"."ts")) AS "first",
    toRelativeSecondNum(MAX("t1"."ts")) AS "last",
    SUM(CAST(NOT (
      "t1"."ok"
    ) AS Nullable(Int64))) AS "failed"
  FROM (
    SELECT
      *
    FROM "exchange" AS "t0"
    WHERE
      isNotNull("t0"."head")
  ) AS "t1"
  GROUP BY
    "t1"."head"
) AS "t2"
WHERE
  "t2"."accounts" >= 5 AND "t2"."calls" >= 50
ORDER BY
  "t2"."value" ASC

-- head_texts
SELECT
  "t0"."head" AS "head",
  "t0"."text" AS "text",
  "t0"."calls" AS "calls"
FROM "heads" AS "t0"
WHERE
  (
    "t0"."head" % 16
  ) = 1
ORDER BY
  "t0"."head" ASC

-- members
SELECT
  *
FROM (
  SELECT
    "t1"."head" AS "value",
    "t1"."who" AS "who",
    SUM("t1"."calls") AS "calls",
    uniq("t1"."prompt_sha") AS "fillings",
    SUM(CAST(NOT (
      "t1"."ok"
    ) AS Nullable(Int64))) AS "failed",
    SUM(COALESCE("t1"."pt", 0) + COALESCE("t1"."ct", 0)) AS "tokens",
    toRelativeSecondNum(MIN("t1"."ts")) AS "first",
    toRelativeSecondNum(MAX("t1"."ts")) AS "last"
  FROM (
    SELECT
      *
    FROM "exchange" AS "t0"
    WHERE
      "t0"."head" IN (1, 2)
  ) AS "t1"
  GROUP BY
    "t1"."head",
    "t1"."who"
) AS "t2"
ORDER BY
  "t2"."value" ASC,
  "t2"."who" ASC

-- bins_of_templates
SELECT
  "t1"."head" AS "value",
  "t1"."who" AS "who",
  CAST(FLOOR((
    toRelativeSecondNum("t1"."ts")
  ) / (
    300
  )) AS Nullable(Int64)) AS "bin",
  SUM("t1"."calls") AS "calls"
FROM (
  SELECT
    *
  FROM "exchange" AS "t0"
  WHERE
    "t0"."head" IN (1, 2)
) AS "t1"
GROUP BY
  "t1"."head",
  "t1"."who",
  CAST(FLOOR((
    toRelativeSecondNum("t1"."ts")
  ) / (
    300
  )) AS Nullable(Int64))

-- bins_of_accounts
SELECT
  "t1"."who" AS "who",
  CAST(FLOOR((
    toRelativeSecondNum("t1"."ts")
  ) / (
    300
  )) AS Nullable(Int64)) AS "bin",
  SUM("t1"."calls") AS "calls"
FROM (
  SELECT
    *
  FROM "exchange" AS "t0"
  WHERE
    "t0"."who" IN (1, 2)
) AS "t1"
GROUP BY
  "t1"."who",
  CAST(FLOOR((
    toRelativeSecondNum("t1"."ts")
  ) / (
    300
  )) AS Nullable(Int64))

-- entropy_of_accounts
SELECT
  *
FROM (
  SELECT
    "t2"."who" AS "who",
    SUM("t2"."n") AS "calls",
    SUM("t2"."n" * LN("t2"."n")) AS "n_log_n"
  FROM (
    SELECT
      "t1"."who" AS "who",
      "t1"."head" AS "head",
      CAST(SUM("t1"."calls") AS Nullable(Float64)) AS "n"
    FROM (
      SELECT
        *
      FROM "exchange" AS "t0"
      WHERE
        "t0"."who" IN (1, 2) AND isNotNull("t0"."head")
    ) AS "t1"
    GROUP BY
      "t1"."who",
      "t1"."head"
  ) AS "t2"
  GROUP BY
    "t2"."who"
) AS "t3"
ORDER BY
  "t3"."who" ASC

-- covered
SELECT
  *
FROM (
  SELECT
    "t1"."tail" AS "value",
    SUM("t1"."calls") AS "calls",
    SUM(CASE WHEN "t1"."head" IN (3, 4) THEN "t1"."calls" ELSE 0 END) AS "covered"
  FROM (
    SELECT
      *
    FROM "exchange" AS "t0"
    WHERE
      "t0"."tail" IN (1, 2)
  ) AS "t1"
  GROUP BY
    "t1"."tail"
) AS "t2"
ORDER BY
  "t2"."value" ASC

-- texts_of
SELECT
  *
FROM "texts" AS "t0"
WHERE
  "t0"."hash" IN (1, 2)
ORDER BY
  "t0"."hash" ASC

-- shared_items
SELECT
  *
FROM (
  SELECT
    "t2"."value" AS "value",
    COUNT(*) AS "items",
    SUM(
      CAST((
        "t2"."accounts" * (
          "t2"."accounts" - 1
        )
      ) / 2 AS Nullable(Int64))
    ) AS "pairs"
  FROM (
    SELECT
      "t1"."head" AS "value",
      "t1"."prompt_sha" AS "item",
      uniq("t1"."who") AS "accounts"
    FROM (
      SELECT
        *
      FROM "exchange" AS "t0"
      WHERE
        "t0"."head" IN (1, 2) AND isNotNull("t0"."prompt_sha")
    ) AS "t1"
    GROUP BY
      "t1"."head",
      "t1"."prompt_sha"
  ) AS "t2"
  GROUP BY
    "t2"."value"
) AS "t3"
ORDER BY
  "t3"."value" ASC

-- account_facts
SELECT
  *
FROM (
  SELECT
    "t0"."who" AS "who",
    SUM("t0"."calls") AS "calls",
    MAX("t0"."plan") AS "plan",
    MAX("t0"."region") AS "region",
    toRelativeSecondNum(MIN("t0"."ts")) AS "first",
    toRelativeSecondNum(MIN("t0"."account_created")) AS "created"
  FROM "exchange" AS "t0"
  GROUP BY
    "t0"."who"
) AS "t1"
ORDER BY
  "t1"."who" ASC

-- account_names
SELECT
  *
FROM (
  SELECT
    "t1"."who" AS "who",
    MAX("t1"."account") AS "account"
  FROM (
    SELECT
      *
    FROM "exchange" AS "t0"
    WHERE
      "t0"."who" IN (1, 2)
  ) AS "t1"
  GROUP BY
    "t1"."who"
) AS "t2"
ORDER BY
  "t2"."who" ASC

-- shared_values
WITH "t1" AS (
  SELECT DISTINCT
    "t0"."who" AS "who",
    "t0"."payment" AS "value"
  FROM "exchange" AS "t0"
  WHERE
    isNotNull("t0"."payment")
)
SELECT
  *
FROM (
  SELECT
    "t3"."who" AS "who",
    "t3"."value" AS "value",
    "t6"."accounts" AS "accounts"
  FROM "t1" AS "t3"
  INNER JOIN (
    SELECT
      *
    FROM (
      SELECT
        "t2"."value" AS "value",
        uniq("t2"."who") AS "accounts"
      FROM "t1" AS "t2"
      GROUP BY
        "t2"."value"
    ) AS "t4"
    WHERE
      "t4"."accounts" >= 2
  ) AS "t6"
    ON "t3"."value" = "t6"."value"
) AS "t7"
ORDER BY
  "t7"."value" ASC,
  "t7"."who" ASC

-- models_of_accounts
SELECT
  "t1"."who" AS "who",
  "t1"."model" AS "model",
  SUM("t1"."calls") AS "calls"
FROM (
  SELECT
    *
  FROM "exchange" AS "t0"
  WHERE
    "t0"."who" IN (1, 2)
    AND toRelativeSecondNum("t0"."ts") >= 10
    AND toRelativeSecondNum("t0"."ts") < 20
) AS "t1"
GROUP BY
  "t1"."who",
  "t1"."model"

-- models_of_templates
SELECT
  "t1"."head" AS "value",
  "t1"."model" AS "model",
  SUM("t1"."calls") AS "calls"
FROM (
  SELECT
    *
  FROM "exchange" AS "t0"
  WHERE
    "t0"."head" IN (1, 2)
    AND toRelativeSecondNum("t0"."ts") >= 10
    AND toRelativeSecondNum("t0"."ts") < 20
) AS "t1"
GROUP BY
  "t1"."head",
  "t1"."model"

-- examples
SELECT
  "t2"."file" AS "file",
  "t2"."row" AS "row",
  "t2"."ts" AS "ts",
  "t2"."account" AS "account",
  "t2"."model" AS "model",
  "t2"."prompt" AS "prompt",
  "t2"."response" AS "response"
FROM (
  SELECT
    *
  FROM "exchange" AS "t0"
  WHERE
    "t0"."head" = 1
  ORDER BY
    "t0"."ts" ASC,
    "t0"."file" ASC,
    "t0"."row" ASC
  LIMIT 20
) AS "t2"

-- served
SELECT
  "t0"."ts" AS "ts",
  "t0"."account" AS "account",
  "t0"."model" AS "model",
  "t0"."temperature" AS "temperature",
  "t0"."head" AS "head",
  "t0"."prompt_sha" AS "prompt_sha",
  "t0"."answer_sha" AS "answer_sha",
  "t0"."prompt" AS "prompt",
  "t0"."response" AS "response"
FROM "exchange" AS "t0"
WHERE
  "t0"."who" IN (1, 2) AND isNotNull("t0"."response") AND isNotNull("t0"."prompt")

-- equal_answers
SELECT
  "t0"."file" AS "file",
  "t0"."row" AS "row",
  "t0"."ts" AS "ts",
  "t0"."account" AS "account",
  "t0"."model" AS "model",
  "t0"."prompt_sha" AS "prompt_sha",
  "t0"."answer_sha" AS "answer_sha"
FROM "exchange" AS "t0"
WHERE
  "t0"."answer_sha" IN ('a', 'b')

