-- 一个文件只写一条 SELECT，末尾不要分号以外的语句。增量条件由程序加，这里不要写。
SELECT BRID, XM, ZJLX, ZJH, XB, CSRQ, HYZK, YBLX, SF, CS, DZ, SJH, JDSJ, JDR, SHBZ, ZTBZ, CJSJ, GXSJ
FROM BRXX
