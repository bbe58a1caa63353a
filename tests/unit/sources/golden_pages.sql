--== sqlite
SELECT q."JZLSH", q."XH", q."GXSJ", q."JZSJ"
FROM (SELECT JZLSH, XH, GXSJ, TO_CHAR(JZSJ, 'HH24:MI') AS JZSJ FROM MZ_JZ WHERE BZ LIKE '%x%' -- 门诊
) AS q
WHERE q."JZLSH" IS NOT NULL AND q."XH" IS NOT NULL AND q."GXSJ" IS NOT NULL AND q."GXSJ" >= ? AND (q."GXSJ" > ? OR q."GXSJ" = ? AND (q."JZLSH" > ? OR q."JZLSH" = ? AND q."XH" > ?)) ORDER BY q."GXSJ", q."JZLSH", q."XH"
 LIMIT ? OFFSET ?

--== postgresql
SELECT q."JZLSH", q."XH", q."GXSJ", q."JZSJ"
FROM (SELECT JZLSH, XH, GXSJ, TO_CHAR(JZSJ, 'HH24:MI') AS JZSJ FROM MZ_JZ WHERE BZ LIKE '%%x%%' -- 门诊
) AS q
WHERE q."JZLSH" IS NOT NULL AND q."XH" IS NOT NULL AND q."GXSJ" IS NOT NULL AND q."GXSJ" >= %(param_1)s AND (q."GXSJ" > %(param_2)s OR q."GXSJ" = %(param_3)s AND (q."JZLSH" > %(param_4)s OR q."JZLSH" = %(param_5)s AND q."XH" > %(param_6)s)) ORDER BY q."GXSJ", q."JZLSH", q."XH"
 LIMIT %(param_7)s::INTEGER

--== oracle
SELECT p."JZLSH", p."XH", p."GXSJ", p."JZSJ"
FROM (SELECT q."JZLSH" AS "JZLSH", q."XH" AS "XH", q."GXSJ" AS "GXSJ", q."JZSJ" AS "JZSJ"
FROM (SELECT JZLSH, XH, GXSJ, TO_CHAR(JZSJ, 'HH24:MI') AS JZSJ FROM MZ_JZ WHERE BZ LIKE '%x%' -- 门诊
) q
WHERE q."JZLSH" IS NOT NULL AND q."XH" IS NOT NULL AND q."GXSJ" IS NOT NULL AND q."GXSJ" >= :param_1 AND (q."GXSJ" > :param_2 OR q."GXSJ" = :param_3 AND (q."JZLSH" > :param_4 OR q."JZLSH" = :param_5 AND q."XH" > :param_6)) ORDER BY q."GXSJ", q."JZLSH", q."XH") p
WHERE ROWNUM <= 5001

--== sqlserver
SELECT TOP 5001 q.[JZLSH], q.[XH], q.[GXSJ], q.[JZSJ]
FROM (SELECT JZLSH, XH, GXSJ, TO_CHAR(JZSJ, 'HH24:MI') AS JZSJ FROM MZ_JZ WHERE BZ LIKE '%x%' -- 门诊
) AS q
WHERE q.[JZLSH] IS NOT NULL AND q.[XH] IS NOT NULL AND q.[GXSJ] IS NOT NULL AND q.[GXSJ] >= :param_2 AND (q.[GXSJ] > :param_3 OR q.[GXSJ] = :param_4 AND (q.[JZLSH] > :param_5 OR q.[JZLSH] = :param_6 AND q.[XH] > :param_7)) ORDER BY q.[GXSJ], q.[JZLSH], q.[XH]

--== dm
SELECT q."JZLSH", q."XH", q."GXSJ", q."JZSJ"
FROM (SELECT JZLSH, XH, GXSJ, TO_CHAR(JZSJ, 'HH24:MI') AS JZSJ FROM MZ_JZ WHERE BZ LIKE '%x%' -- 门诊
) AS q
WHERE q."JZLSH" IS NOT NULL AND q."XH" IS NOT NULL AND q."GXSJ" IS NOT NULL AND q."GXSJ" >= ? AND (q."GXSJ" > ? OR q."GXSJ" = ? AND (q."JZLSH" > ? OR q."JZLSH" = ? AND q."XH" > ?)) ORDER BY q."GXSJ", q."JZLSH", q."XH"
 LIMIT ?

--== odbc limit
SELECT q."JZLSH", q."XH", q."GXSJ", q."JZSJ"
FROM (SELECT JZLSH, XH, GXSJ, TO_CHAR(JZSJ, 'HH24:MI') AS JZSJ FROM MZ_JZ WHERE BZ LIKE '%x%' -- 门诊
) AS q
WHERE q."JZLSH" IS NOT NULL AND q."XH" IS NOT NULL AND q."GXSJ" IS NOT NULL AND q."GXSJ" >= ? AND (q."GXSJ" > ? OR q."GXSJ" = ? AND (q."JZLSH" > ? OR q."JZLSH" = ? AND q."XH" > ?)) ORDER BY q."GXSJ", q."JZLSH", q."XH"
 LIMIT ?

--== odbc top
SELECT TOP 5001 q."JZLSH", q."XH", q."GXSJ", q."JZSJ"
FROM (SELECT JZLSH, XH, GXSJ, TO_CHAR(JZSJ, 'HH24:MI') AS JZSJ FROM MZ_JZ WHERE BZ LIKE '%x%' -- 门诊
) AS q
WHERE q."JZLSH" IS NOT NULL AND q."XH" IS NOT NULL AND q."GXSJ" IS NOT NULL AND q."GXSJ" >= ? AND (q."GXSJ" > ? OR q."GXSJ" = ? AND (q."JZLSH" > ? OR q."JZLSH" = ? AND q."XH" > ?)) ORDER BY q."GXSJ", q."JZLSH", q."XH"

--== odbc fetch
SELECT q."JZLSH", q."XH", q."GXSJ", q."JZSJ"
FROM (SELECT JZLSH, XH, GXSJ, TO_CHAR(JZSJ, 'HH24:MI') AS JZSJ FROM MZ_JZ WHERE BZ LIKE '%x%' -- 门诊
) AS q
WHERE q."JZLSH" IS NOT NULL AND q."XH" IS NOT NULL AND q."GXSJ" IS NOT NULL AND q."GXSJ" >= ? AND (q."GXSJ" > ? OR q."GXSJ" = ? AND (q."JZLSH" > ? OR q."JZLSH" = ? AND q."XH" > ?)) ORDER BY q."GXSJ", q."JZLSH", q."XH"
 FETCH FIRST 5001 ROWS ONLY

