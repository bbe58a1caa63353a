BEGIN TRANSACTION;
CREATE TABLE batches_20260115 (
    batch_no       INTEGER PRIMARY KEY,
    batch_id       TEXT NOT NULL,
    route_id       INTEGER NOT NULL,
    loop           TEXT NOT NULL,
    read_at        INTEGER NOT NULL,
    put_at         INTEGER NOT NULL,
    rows_read      INTEGER NOT NULL,
    rows_unchanged INTEGER NOT NULL
);
INSERT INTO "batches_20260115" VALUES(1,'B1',1,'head',1768437000000,1768437000000,2,0);
INSERT INTO "batches_20260115" VALUES(2,'B2',1,'head',1768437000000,1768437000000,1,0);
INSERT INTO "batches_20260115" VALUES(3,'B3',1,'head',1768437000000,1768437000000,4,0);
CREATE TABLE batches_20260116 (
    batch_no       INTEGER PRIMARY KEY,
    batch_id       TEXT NOT NULL,
    route_id       INTEGER NOT NULL,
    loop           TEXT NOT NULL,
    read_at        INTEGER NOT NULL,
    put_at         INTEGER NOT NULL,
    rows_read      INTEGER NOT NULL,
    rows_unchanged INTEGER NOT NULL
);
CREATE TABLE cursors (
    route_id INTEGER NOT NULL,
    loop     TEXT NOT NULL CHECK (loop IN ('head', 'sweep')),
    place    TEXT NOT NULL,             -- JSON: [changed_at, key value, ...]
    PRIMARY KEY (route_id, loop)
) WITHOUT ROWID;
INSERT INTO "cursors" VALUES(1,'head','["20260115T083000","a"]');
CREATE TABLE days (day TEXT PRIMARY KEY, first_seq INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO "days" VALUES('20260115',1);
INSERT INTO "days" VALUES('20260116',8);
CREATE TABLE envelopes (
    message_no       INTEGER PRIMARY KEY,
    message_id       TEXT NOT NULL UNIQUE,
    stream_id        INTEGER NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('leased', 'sent', 'unknown')),
    attempt          INTEGER NOT NULL,
    attempts_max     INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    lease_until      INTEGER NOT NULL,
    since_at         INTEGER NOT NULL,  -- when it came into this state
    asked_at         INTEGER NOT NULL DEFAULT 0,
    not_before       INTEGER NOT NULL DEFAULT 0,
    sequences        TEXT NOT NULL,     -- JSON
    keys             TEXT NOT NULL,     -- JSON
    content_encoding TEXT NOT NULL,
    body             BLOB NOT NULL
);
INSERT INTO "envelopes" VALUES(2,'12360100A00000001X0ef81768437000000000000002',1,'unknown',1,10,1768437000000,1768437120000,1768437000000,0,0,'[3]','["unknown"]','',X'7B226964223A20223132333630313030413030303030303031583065663831373638343337303030303030303030303030303032222C20227461626C65223A2022706172656E74222C202263616D707573223A202265617374222C20226F7267223A2022313233363031303041303030303030303158222C20226174223A2022323032362D30312D31355430383A33303A30302B30383A3030222C20227265636F726473223A205B7B226964223A2022756E6B6E6F776E222C2022636F6E74656E74223A2022222C2022757064617465645F6174223A2022323032363031313554303833303030227D5D7D');
CREATE TABLE findings_20260115 (seq INTEGER NOT NULL, reason_id INTEGER NOT NULL, PRIMARY KEY (seq, reason_id)) WITHOUT ROWID;
INSERT INTO "findings_20260115" VALUES(2,1);
INSERT INTO "findings_20260115" VALUES(4,2);
CREATE TABLE findings_20260116 (seq INTEGER NOT NULL, reason_id INTEGER NOT NULL, PRIMARY KEY (seq, reason_id)) WITHOUT ROWID;
CREATE TABLE heads (
    head_id         INTEGER PRIMARY KEY,
    short_hash      INTEGER NOT NULL,   -- the first eight bytes of key_hash: the index is written at random places
    key_hash        BLOB NOT NULL,
    last_seq        INTEGER,            -- newest by arrival: versions.prev_seq leads on from it
    newest_time     INTEGER,            -- of the newest kept version, in the order (source time, sequence)
    newest_digest   BLOB,
    newest_sound    INTEGER CHECK (newest_sound IN (0, 1)),
    sound_time      INTEGER,            -- of the newest sound version; null: none
    sound_seq       INTEGER,
    sound_digest    BLOB,
    at_platform     INTEGER NOT NULL DEFAULT 0 CHECK (at_platform IN (0, 1)),
    accepted_time   INTEGER,
    accepted_seq    INTEGER,
    accepted_digest BLOB
);
INSERT INTO "heads" VALUES(1,516201723192513316,X'0729EABB775593247D77BFFBA919F34E',1,20260115083000,X'2CF0426001FBF60093D5CF11E1CDE583',1,20260115083000,1,X'2CF0426001FBF60093D5CF11E1CDE583',1,20260115083000,1,X'2CF0426001FBF60093D5CF11E1CDE583');
INSERT INTO "heads" VALUES(2,6732104713994126384,X'5D6D3D91B45A4430D60AD470F66C0F34',2,20260115083000,X'71E7D5532E5989CD929C3D482E73D9E0',1,20260115083000,2,X'71E7D5532E5989CD929C3D482E73D9E0',0,NULL,NULL,NULL);
INSERT INTO "heads" VALUES(3,178095756996043437,X'0278B925BBC0E2ADFE7991A8C8AE096E',3,20260115083000,X'57C1AAD91E3F50E0CBF4184EDAF1022C',1,20260115083000,3,X'57C1AAD91E3F50E0CBF4184EDAF1022C',0,NULL,NULL,NULL);
INSERT INTO "heads" VALUES(4,-4704666395560467332,X'BEB5AAD6F1E6A47CA3BE0FC75E4CC3E9',4,20260115083000,X'9AEC6E13F369267C0920C554FC60795D',0,NULL,NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO "heads" VALUES(5,-3409341409102055485,X'D0AF960D487137C362568BB887F4DE2B',5,20260115083000,X'025F4C366A925C52F52816B7EA5E7FA7',1,20260115083000,5,X'025F4C366A925C52F52816B7EA5E7FA7',0,NULL,NULL,NULL);
INSERT INTO "heads" VALUES(6,2232903139754479106,X'1EFCDD933EEB8E02B0ACEF8CF97CCE1A',6,20260115083000,X'45A5E66614EE20B9738F0EB92FA7FF30',1,20260115083000,6,X'45A5E66614EE20B9738F0EB92FA7FF30',0,NULL,NULL,NULL);
INSERT INTO "heads" VALUES(7,5098041676184325595,X'46BFE1E4D71A8DDB07F81F9DD815EB3C',7,20260115083000,X'42CA7727F06AD32C9E1ECF687ECFD654',1,20260115083000,7,X'42CA7727F06AD32C9E1ECF687ECFD654',0,NULL,NULL,NULL);
CREATE TABLE images_20260115 (seq INTEGER PRIMARY KEY, codec TEXT NOT NULL, key_id TEXT NOT NULL, blob BLOB NOT NULL);
INSERT INTO "images_20260115" VALUES(4,'zstd','',X'28B52FFD200E7100007B224944223A202268656C64227D');
CREATE TABLE images_20260116 (seq INTEGER PRIMARY KEY, codec TEXT NOT NULL, key_id TEXT NOT NULL, blob BLOB NOT NULL);
CREATE TABLE journal_20260115 (
    journal_id INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    name       TEXT NOT NULL,
    batch_id   TEXT,
    message_id TEXT,
    text       TEXT NOT NULL,
    event      TEXT NOT NULL           -- JSON: names, counts, codes; never a value
);
INSERT INTO "journal_20260115" VALUES(1,1768437000000,'batch_stored','B1',NULL,'已入账 2 个版本（重复 0，扣留 0，被取代 0，等父记录 0），批次 B1','{"route":"his.route","batch_id":"B1","new":2,"unchanged":0,"held":0,"superseded":0,"waiting":0}');
INSERT INTO "journal_20260115" VALUES(2,1768437000000,'envelope_leased',NULL,'12360100A00000001X0ef81768437000000000000001','已装封 parent 2 行，报文 12360100A00000001X0ef81768437000000000000001，303 字节，第 1 次','{"message_id":"12360100A00000001X0ef81768437000000000000001","table":"parent","campus":"east","rows":2,"body_bytes":303,"attempt":1}');
INSERT INTO "journal_20260115" VALUES(3,1768437000000,'envelope_settled',NULL,'12360100A00000001X0ef81768437000000000000001','已结清报文 12360100A00000001X0ef81768437000000000000001（parent）：接收 1，拒收 1，过期 0，重来 0，回执 R-0001','{"message_id":"12360100A00000001X0ef81768437000000000000001","table":"parent","receipt_no":"R-0001","accepted":1,"refused":1,"stale":0,"again":0}');
INSERT INTO "journal_20260115" VALUES(4,1768437000000,'batch_stored','B2',NULL,'已入账 1 个版本（重复 0，扣留 0，被取代 0，等父记录 0），批次 B2','{"route":"his.route","batch_id":"B2","new":1,"unchanged":0,"held":0,"superseded":0,"waiting":0}');
INSERT INTO "journal_20260115" VALUES(5,1768437000000,'envelope_leased',NULL,'12360100A00000001X0ef81768437000000000000002','已装封 parent 1 行，报文 12360100A00000001X0ef81768437000000000000002，235 字节，第 1 次','{"message_id":"12360100A00000001X0ef81768437000000000000002","table":"parent","campus":"east","rows":1,"body_bytes":235,"attempt":1}');
INSERT INTO "journal_20260115" VALUES(6,1768437000000,'envelope_failed',NULL,'12360100A00000001X0ef81768437000000000000002','报文 12360100A00000001X0ef81768437000000000000002（parent）未送达，转为 unknown：deliver.answer_lost','{"message_id":"12360100A00000001X0ef81768437000000000000002","table":"parent","code":"","next":"","state":"unknown","message":"deliver.answer_lost"}');
INSERT INTO "journal_20260115" VALUES(7,1768437000000,'batch_stored','B3',NULL,'已入账 4 个版本（重复 0，扣留 1，被取代 0，等父记录 1），批次 B3','{"route":"his.route","batch_id":"B3","new":4,"unchanged":0,"held":1,"superseded":0,"waiting":1}');
INSERT INTO "journal_20260115" VALUES(8,1768437060000,'platform_lost',NULL,NULL,'平台不可达，数据留在本地等待：第一次中断','{"code":"deliver.unreachable","message":"第一次中断"}');
INSERT INTO "journal_20260115" VALUES(9,1768437120000,'platform_back',NULL,NULL,'平台恢复，中断 60 秒，继续投递','{"lost_for_s":60.0}');
INSERT INTO "journal_20260115" VALUES(10,1768437180000,'route_failed',NULL,NULL,'路线 his.visit 未能完成：已经好了','{"route":"his.visit","code":"source","next":"retry","message":"已经好了"}');
INSERT INTO "journal_20260115" VALUES(11,1768437240000,'route_back',NULL,NULL,'路线 his.visit 恢复正常','{"route":"his.visit"}');
INSERT INTO "journal_20260115" VALUES(12,1768437300000,'route_failed',NULL,NULL,'路线 lis.report 未能完成：第一次','{"route":"lis.report","code":"source","next":"retry","message":"第一次"}');
INSERT INTO "journal_20260115" VALUES(13,1768437360000,'route_failed',NULL,NULL,'路线 codes 未能完成：办不成','{"route":"codes","code":"outbox","next":"stop","message":"办不成"}');
INSERT INTO "journal_20260115" VALUES(14,1768437420000,'route_failed',NULL,NULL,'路线 review 未能完成：已经好了','{"route":"review","code":"review","next":"retry","message":"已经好了"}');
INSERT INTO "journal_20260115" VALUES(15,1768437420000,'route_back',NULL,NULL,'路线 review 恢复正常','{"route":"review"}');
INSERT INTO "journal_20260115" VALUES(16,1768437480000,'visits_reviewed',NULL,NULL,'已复核 3 次已结束的就诊（40 条记录），发现 2 处，用时 1.5 秒','{"visits":3,"rows":40,"findings":2,"left":0,"until":"2026-01-15T08:41:50.250000+08:00","duration_s":1.5}');
CREATE TABLE journal_20260116 (
    journal_id INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    name       TEXT NOT NULL,
    batch_id   TEXT,
    message_id TEXT,
    text       TEXT NOT NULL,
    event      TEXT NOT NULL           -- JSON: names, counts, codes; never a value
);
INSERT INTO "journal_20260116" VALUES(1,1768523940000,'route_failed',NULL,NULL,'路线 lis.report 未能完成：第二次','{"route":"lis.report","code":"source.refused","next":"stop","message":"第二次"}');
INSERT INTO "journal_20260116" VALUES(2,1768524000000,'platform_lost',NULL,NULL,'平台不可达，数据留在本地等待：还没有恢复','{"code":"deliver.unreachable","message":"还没有恢复"}');
CREATE TABLE messages_20260115 (
    message_no INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL,
    stream_id  INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    first_seq  INTEGER NOT NULL,
    last_seq   INTEGER NOT NULL,
    sequences  TEXT NOT NULL           -- JSON
);
INSERT INTO "messages_20260115" VALUES(1,'12360100A00000001X0ef81768437000000000000001',1,1768437000000,1,2,'[1,2]');
INSERT INTO "messages_20260115" VALUES(2,'12360100A00000001X0ef81768437000000000000002',1,1768437000000,3,3,'[3]');
CREATE TABLE messages_20260116 (
    message_no INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL,
    stream_id  INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    first_seq  INTEGER NOT NULL,
    last_seq   INTEGER NOT NULL,
    sequences  TEXT NOT NULL           -- JSON
);
CREATE TABLE meta (
    one            INTEGER PRIMARY KEY CHECK (one = 1),
    schema_version INTEGER NOT NULL,
    node           TEXT NOT NULL,
    epoch          INTEGER NOT NULL,   -- part of every message id; grows at each opening, never below the clock's seconds
    next_seq       INTEGER NOT NULL,
    next_head      INTEGER NOT NULL,
    next_message   INTEGER NOT NULL,
    next_batch     INTEGER NOT NULL
);
INSERT INTO "meta" VALUES(1,5,'test',1768527000,8,8,3,4);
CREATE TABLE payload_20260115 (
    first_seq INTEGER PRIMARY KEY,
    rows      INTEGER NOT NULL,
    codec     TEXT NOT NULL CHECK (codec IN ('zstd')),
    key_id    TEXT NOT NULL,           -- '' : not encrypted
    blob      BLOB NOT NULL
);
INSERT INTO "payload_20260115" VALUES(1,2,'zstd','',X'28B52FFD208465020032840F17A039070FA06891D963C5EE81EA56D7AE098949FD70B302CB3B54011AFF0F881702421FD2D3325277A57BC663A3F236DD9630E371EA3A656C1995133113030029E268467881254C3D');
INSERT INTO "payload_20260115" VALUES(3,1,'zstd','',X'28B52FFD20410902007B226964223A2022756E6B6E6F776E222C2022636F6E74656E74223A2022222C2022757064617465645F6174223A2022323032363031313554303833303030227D');
INSERT INTO "payload_20260115" VALUES(4,2,'zstd','',X'28B52FFD207E650200F4037B226964223A202268656C64222C2022636F6E74656E74223A2022222C2022757064617465645F61323032363031313554303833303030227D0A726561647903000F11352150405D530F');
INSERT INTO "payload_20260115" VALUES(6,2,'zstd','',X'28B52FFD20A9E5020062C512188019B801985A89998D0CDA242932337D3F821050696355F7EDBAADF69CDC7400B4334B8CE09548F51B47C400010B02427050B0A441B753D5FA8DFFCC9BB7399DDFB8A251B29FB9A22F020400BC420E2C1044AA6CA9769601');
CREATE TABLE payload_20260116 (
    first_seq INTEGER PRIMARY KEY,
    rows      INTEGER NOT NULL,
    codec     TEXT NOT NULL CHECK (codec IN ('zstd')),
    key_id    TEXT NOT NULL,           -- '' : not encrypted
    blob      BLOB NOT NULL
);
CREATE TABLE queue (
    seq         INTEGER PRIMARY KEY,
    stream_id   INTEGER NOT NULL,
    place       INTEGER NOT NULL,       -- lane, tier and stream as one number: what leaves first is smallest
    -- Not IN (...): SQLite would build its list anew for every row, which costs more than the row.
    state       TEXT NOT NULL CHECK (state = 'held' OR state = 'waiting_parent' OR state = 'ready' OR state = 'leased'
        OR state = 'sent' OR state = 'unknown' OR state = 'refused' OR state = 'parked'),
    message_no  INTEGER,
    not_before  INTEGER NOT NULL DEFAULT 0,
    attempts    INTEGER NOT NULL DEFAULT 0,
    head_id     INTEGER NOT NULL,
    key         TEXT NOT NULL,
    source_time INTEGER NOT NULL,
    digest      BLOB NOT NULL,
    bytes       INTEGER NOT NULL,
    put_at      INTEGER NOT NULL,
    parents     TEXT NOT NULL,          -- JSON: head_id of each
    CHECK ((message_no IS NOT NULL) = (state = 'leased' OR state = 'sent' OR state = 'unknown'))
);
INSERT INTO "queue" VALUES(2,1,1000001,'refused',NULL,0,1,2,'refused',20260115083000,X'71E7D5532E5989CD929C3D482E73D9E0',65,1768437000000,'[]');
INSERT INTO "queue" VALUES(3,1,1000001,'unknown',2,0,0,3,'unknown',20260115083000,X'57C1AAD91E3F50E0CBF4184EDAF1022C',65,1768437000000,'[]');
INSERT INTO "queue" VALUES(4,1,1000001,'held',NULL,0,0,4,'held',20260115083000,X'9AEC6E13F369267C0920C554FC60795D',62,1768437000000,'[]');
INSERT INTO "queue" VALUES(5,1,1000001,'ready',NULL,0,0,5,'ready',20260115083000,X'025F4C366A925C52F52816B7EA5E7FA7',63,1768437000000,'[]');
INSERT INTO "queue" VALUES(6,2,2000002,'waiting_parent',NULL,0,0,6,'waits',20260115083000,X'45A5E66614EE20B9738F0EB92FA7FF30',84,1768437000000,'[3]');
INSERT INTO "queue" VALUES(7,2,2000002,'ready',NULL,0,0,7,'goes',20260115083000,X'42CA7727F06AD32C9E1ECF687ECFD654',84,1768437000000,'[1]');
CREATE TABLE reasons (
    reason_id  INTEGER PRIMARY KEY,
    check_name TEXT NOT NULL,
    code       TEXT NOT NULL,
    field      TEXT NOT NULL,           -- '' for none
    severity   TEXT NOT NULL CHECK (severity IN ('error', 'warning', 'unknown', 'waived')),
    rule_id    TEXT NOT NULL,           -- '' for none
    UNIQUE (check_name, code, field, severity, rule_id)
);
INSERT INTO "reasons" VALUES(1,'platform','3002','content','error','');
INSERT INTO "reasons" VALUES(2,'required','3001','content','error','');
CREATE TABLE review_counts (
    review_id INTEGER NOT NULL,
    stream_id INTEGER NOT NULL,
    reason_id INTEGER NOT NULL,
    rows      INTEGER NOT NULL,
    PRIMARY KEY (review_id, stream_id, reason_id)
) WITHOUT ROWID
;
CREATE TABLE review_findings (
    review_id INTEGER NOT NULL,
    stream_id INTEGER NOT NULL,
    key       TEXT NOT NULL,
    reason_id INTEGER NOT NULL,
    PRIMARY KEY (review_id, stream_id, key, reason_id)
) WITHOUT ROWID;
CREATE TABLE reviews (
    review_id INTEGER PRIMARY KEY,
    began_at  INTEGER NOT NULL,
    ended_at  INTEGER,                 -- null: under way, or cut off
    rows      INTEGER NOT NULL DEFAULT 0,
    left_out  INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE routes (route_id INTEGER PRIMARY KEY, route TEXT NOT NULL UNIQUE);
INSERT INTO "routes" VALUES(1,'his.route');
CREATE TABLE settled_20260115 (
    seq        INTEGER PRIMARY KEY,
    state      TEXT NOT NULL CHECK (state = 'accepted' OR state = 'superseded' OR state = 'voided'),
    at         INTEGER NOT NULL,
    message_no INTEGER
);
INSERT INTO "settled_20260115" VALUES(1,'accepted',1768437000000,1);
CREATE TABLE settled_20260116 (
    seq        INTEGER PRIMARY KEY,
    state      TEXT NOT NULL CHECK (state = 'accepted' OR state = 'superseded' OR state = 'voided'),
    at         INTEGER NOT NULL,
    message_no INTEGER
);
CREATE TABLE slices (
    route_id INTEGER NOT NULL,
    slice    TEXT NOT NULL,
    rows     INTEGER NOT NULL,
    digest   INTEGER NOT NULL,          -- of keys and change times
    PRIMARY KEY (route_id, slice)
) WITHOUT ROWID;
CREATE TABLE source_marks (
    mark_id INTEGER PRIMARY KEY,        -- from the key's hash, mixed with the route's
    digest  INTEGER NOT NULL
);
INSERT INTO "source_marks" VALUES(-6124962843720302809,8207763399142640077);
INSERT INTO "source_marks" VALUES(-5679849694078601524,4812790165219758892);
INSERT INTO "source_marks" VALUES(-1626324223659838187,5018670685886488761);
INSERT INTO "source_marks" VALUES(-1100261956438562765,3238161112196969984);
INSERT INTO "source_marks" VALUES(-726691378115962438,6323523201296978144);
INSERT INTO "source_marks" VALUES(2827531736911367380,170939107463289938);
INSERT INTO "source_marks" VALUES(5271276420959133547,-7283325465397746052);
CREATE TABLE steps_20260115 (
    step_id    INTEGER PRIMARY KEY,
    seq        INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    state      TEXT NOT NULL,
    message_no INTEGER,
    code       TEXT NOT NULL,
    field      TEXT NOT NULL,
    text       TEXT NOT NULL
);
INSERT INTO "steps_20260115" VALUES(1,2,1768437000000,'refused',1,'3002','content','');
CREATE TABLE steps_20260116 (
    step_id    INTEGER PRIMARY KEY,
    seq        INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    state      TEXT NOT NULL,
    message_no INTEGER,
    code       TEXT NOT NULL,
    field      TEXT NOT NULL,
    text       TEXT NOT NULL
);
CREATE TABLE streams (
    stream_id  INTEGER PRIMARY KEY,
    table_name TEXT NOT NULL,
    campus     TEXT NOT NULL,
    org_code   TEXT NOT NULL,
    edition    TEXT NOT NULL,           -- of the standard its rows follow: an envelope never mixes two
    UNIQUE (table_name, campus, org_code, edition)
);
INSERT INTO "streams" VALUES(1,'parent','east','12360100A00000001X','');
INSERT INTO "streams" VALUES(2,'child','west','12360100A00000001X','');
CREATE TABLE tallies (
    stream_id INTEGER NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('accepted', 'superseded', 'voided')),
    rows      INTEGER NOT NULL,
    PRIMARY KEY (stream_id, state)
) WITHOUT ROWID;
INSERT INTO "tallies" VALUES(1,'accepted',1);
CREATE TABLE troubles (
    kind     TEXT NOT NULL CHECK (kind IN ('platform', 'route', 'job', 'notice')),
    name     TEXT NOT NULL,             -- of the route or the job; '' for the platform
    since_at INTEGER NOT NULL,          -- it has failed ever since
    at       INTEGER NOT NULL,          -- when it failed last
    code     TEXT NOT NULL,
    text     TEXT NOT NULL,             -- what people read of the last failure
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;
INSERT INTO "troubles" VALUES('job','requests',1768437360000,1768437360000,'outbox','路线 codes 未能完成：办不成');
INSERT INTO "troubles" VALUES('platform','',1768524000000,1768524000000,'deliver.unreachable','平台不可达，数据留在本地等待：还没有恢复');
INSERT INTO "troubles" VALUES('route','lis.report',1768437300000,1768523940000,'source.refused','路线 lis.report 未能完成：第二次');
CREATE TABLE versions_20260115 (
    seq         INTEGER PRIMARY KEY,
    stream_id   INTEGER NOT NULL,
    key         TEXT NOT NULL,
    source_time INTEGER NOT NULL,
    digest      BLOB NOT NULL,
    sound       INTEGER NOT NULL CHECK (sound IN (0, 1)),
    batch_no    INTEGER NOT NULL,
    prev_seq    INTEGER,               -- the key's version that came before
    patient_key TEXT,
    visit_key   TEXT
, source_row INTEGER);
INSERT INTO "versions_20260115" VALUES(1,1,'accepted',20260115083000,X'2CF0426001FBF60093D5CF11E1CDE583',1,1,NULL,'P-accepted',NULL,NULL);
INSERT INTO "versions_20260115" VALUES(2,1,'refused',20260115083000,X'71E7D5532E5989CD929C3D482E73D9E0',1,1,NULL,'P-refused',NULL,NULL);
INSERT INTO "versions_20260115" VALUES(3,1,'unknown',20260115083000,X'57C1AAD91E3F50E0CBF4184EDAF1022C',1,2,NULL,'P-unknown',NULL,NULL);
INSERT INTO "versions_20260115" VALUES(4,1,'held',20260115083000,X'9AEC6E13F369267C0920C554FC60795D',0,3,NULL,'P-held',NULL,NULL);
INSERT INTO "versions_20260115" VALUES(5,1,'ready',20260115083000,X'025F4C366A925C52F52816B7EA5E7FA7',1,3,NULL,'P-ready',NULL,NULL);
INSERT INTO "versions_20260115" VALUES(6,2,'waits',20260115083000,X'45A5E66614EE20B9738F0EB92FA7FF30',1,3,NULL,'P-waits',NULL,NULL);
INSERT INTO "versions_20260115" VALUES(7,2,'goes',20260115083000,X'42CA7727F06AD32C9E1ECF687ECFD654',1,3,NULL,'P-goes',NULL,NULL);
CREATE TABLE versions_20260116 (
    seq         INTEGER PRIMARY KEY,
    stream_id   INTEGER NOT NULL,
    key         TEXT NOT NULL,
    source_time INTEGER NOT NULL,
    digest      BLOB NOT NULL,
    sound       INTEGER NOT NULL CHECK (sound IN (0, 1)),
    batch_no    INTEGER NOT NULL,
    prev_seq    INTEGER,               -- the key's version that came before
    patient_key TEXT,
    visit_key   TEXT
, source_row INTEGER);
CREATE TABLE visits_look (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    until_at INTEGER NOT NULL,          -- what was settled before has been seen
    at       INTEGER NOT NULL,
    text     TEXT NOT NULL
);
INSERT INTO "visits_look" VALUES(1,1768437710250,1768437480000,'已复核 3 次已结束的就诊（40 条记录），发现 2 处，用时 1.5 秒');
CREATE TABLE waits (
    parent_id INTEGER NOT NULL,
    seq       INTEGER NOT NULL,
    PRIMARY KEY (parent_id, seq)
) WITHOUT ROWID;
INSERT INTO "waits" VALUES(3,6);
CREATE INDEX heads_hash ON heads (short_hash);
CREATE INDEX queue_head ON queue (head_id);
CREATE INDEX queue_ready ON queue (place, seq) WHERE state = 'ready' AND not_before = 0;
CREATE INDEX queue_delayed ON queue (not_before) WHERE state = 'ready' AND not_before > 0;
CREATE INDEX queue_under_way ON queue (head_id) WHERE message_no IS NOT NULL;
CREATE INDEX waits_seq ON waits (seq);
CREATE INDEX versions_20260115_patient ON versions_20260115 (patient_key) WHERE patient_key IS NOT NULL;
CREATE INDEX versions_20260115_visit ON versions_20260115 (visit_key) WHERE visit_key IS NOT NULL;
CREATE INDEX steps_20260115_seq ON steps_20260115 (seq);
CREATE INDEX journal_20260115_batch ON journal_20260115 (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX journal_20260115_name ON journal_20260115 (name);
CREATE INDEX journal_20260115_message ON journal_20260115 (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX versions_20260116_patient ON versions_20260116 (patient_key) WHERE patient_key IS NOT NULL;
CREATE INDEX versions_20260116_visit ON versions_20260116 (visit_key) WHERE visit_key IS NOT NULL;
CREATE INDEX steps_20260116_seq ON steps_20260116 (seq);
CREATE INDEX journal_20260116_batch ON journal_20260116 (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX journal_20260116_name ON journal_20260116 (name);
CREATE INDEX journal_20260116_message ON journal_20260116 (message_id) WHERE message_id IS NOT NULL;
COMMIT;
