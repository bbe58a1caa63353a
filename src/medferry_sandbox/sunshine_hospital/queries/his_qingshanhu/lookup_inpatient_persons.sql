-- 住院病人主档与地址：供 EMR 病历文书按病人号补证件、民族、地址、联系人；姓名地址为 GBK 字节，由映射解码
SELECT m.PAT_NO AS pat_no, m.MR_NO AS mr_no, m.HC_NO AS health_card, m.CERT_KIND AS id_kind, m.CERT_NO AS id_no,
       m.NATION_CD AS nation, m.LINK_NM AS linkman, m.LINK_TEL AS linkman_tel,
       a.PROV AS prov, a.CITY AS city, a.CNTY AS county, a.TOWN AS town, a.ROAD AS road, a.DOOR AS door, a.ZIP AS zip
  FROM PAT_MASTER m
  LEFT JOIN PAT_ADDR a ON a.PAT_NO = m.PAT_NO
 WHERE m.MR_NO <> ''
