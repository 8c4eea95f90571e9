-- From format 1 to 2. What was released is never edited: the tables stand here as they were made then.

CREATE TABLE sections (
    id         INTEGER PRIMARY KEY,
    revision   INTEGER NOT NULL,                           -- revisions.id
    number     INTEGER NOT NULL CHECK (number >= 1),       -- in the order of the text
    level      INTEGER NOT NULL CHECK (level >= 1),        -- 1 is the highest; a section ends where one of its level or above begins
    kind       TEXT NOT NULL CHECK (kind IN ('heading', 'question')),
    title      TEXT NOT NULL,                              -- as the text has it
    key        TEXT NOT NULL,                              -- the same question in other transcripts has the same key
    start      INTEGER NOT NULL,                           -- of the whole section, its title included
    end        INTEGER NOT NULL CHECK (end > start),
    first_turn INTEGER,                                    -- turns.id; null where nobody speaks under it
    last_turn  INTEGER CHECK (last_turn >= first_turn),
    UNIQUE (revision, number)
) STRICT;

CREATE TABLE reflows (
    id    INTEGER PRIMARY KEY,                             -- revisions.id
    joins TEXT NOT NULL                                    -- JSON: [[position of the blank in the text, what stood there], …]
) STRICT;
CREATE INDEX sections_key ON sections(key);

ALTER TABLE codings ADD COLUMN pending TEXT CHECK (pending IN ('unsure', 'lost'));
CREATE INDEX codings_pending ON codings(id) WHERE pending IS NOT NULL;

DROP VIEW quotations;
CREATE VIEW quotations AS
SELECT c.id AS coding, t.slug AS transcript, r.number AS revision, c.turn - r.first_turn + 1 AS turn, c.start, c.end,
       substr(r.text, c.start + 1, c.end - c.start) AS text,
       CASE WHEN p.id IS NULL THEN h.name ELSE p.name || '/' || h.name END AS theme,
       k.name AS coder, s.slug AS "case", a.code AS participant
FROM codings c
JOIN revisions r ON r.id = c.revision
JOIN transcripts t ON t.id = r.transcript
JOIN themes h ON h.id = c.theme
LEFT JOIN themes p ON p.id = h.parent
JOIN coders k ON k.id = c.coder
LEFT JOIN cases s ON s.id = t.case_id
LEFT JOIN turns u ON u.id = c.turn
LEFT JOIN speakers w ON w.id = u.speaker
LEFT JOIN participants a ON a.id = w.participant
WHERE c.pending IS NULL;
