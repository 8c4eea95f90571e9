-- The whole schema of a study: one SQLite file NAME.casebook. Read it first.
--
-- How to read it
--   * Tables are STRICT. Dates are text, `YYYY-MM-DD`; times are text, UTC, RFC 3339. There is no REAL: what has
--     decimals is text, so that a number comes out as it went in.
--   * Everything has two ids: `id`, an integer for joins, and `uuid`, 16 bytes that last across copies and merges.
--     People see neither; they see slugs (`alder`), codes (`P07`), paths (`governance/clarity`) and places (`T01:12`).
--   * Positions are Unicode code points from 0, the end exclusive, as in SQL's substr(text, start + 1, end - start).
--   * A row is written only through the door (the table `door`): triggers, made from this schema when a study is
--     created, put one row into `changes` for each row touched, and refuse when no event is under way. Tables that
--     are not recorded say so and why.
--   * Nobody's name belongs in here but what a transcript says before it is pseudonymised.

-- ---------------------------------------------------------------------------------------------------------------
-- The study itself
-- ---------------------------------------------------------------------------------------------------------------

-- One row: what this study is.
CREATE TABLE study (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    uuid        BLOB NOT NULL CHECK (length(uuid) = 16),   -- the index beside the file names it, so the two cannot be mixed up
    title       TEXT NOT NULL CHECK (title <> ''),
    method      TEXT NOT NULL DEFAULT 'codebook'           -- decides what the study is asked for: a reflexive one needs no kappa
                CHECK (method IN ('framework', 'codebook', 'coding-reliability', 'reflexive')),
    language    TEXT NOT NULL DEFAULT 'en',                -- of the transcripts, for stemming; a transcript may have its own
    contact     TEXT,                                      -- whom a participant writes to; printed in the debrief
    withdraw_by TEXT CHECK (withdraw_by IS date(withdraw_by)), -- until when a contribution can be changed or withdrawn
    started     TEXT NOT NULL                              -- when `init` ran
) STRICT;

-- What the study asks, in order; the debrief and the summary report begin with it.
CREATE TABLE questions (
    id       INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    text     TEXT NOT NULL CHECK (text <> '')
) STRICT;

-- Who codes and writes memos. A rule that codes is a coder too: `auto:NAME`.
CREATE TABLE coders (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    name TEXT NOT NULL UNIQUE CHECK (name <> '')
) STRICT;

-- Rules that code: what `autocode` was asked, so that it can be read, repeated and judged.
CREATE TABLE rules (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    coder  INTEGER NOT NULL UNIQUE REFERENCES coders(id),  -- `auto:NAME`
    query  TEXT NOT NULL,                                  -- in the query language
    theme  INTEGER NOT NULL REFERENCES themes(id),
    spread TEXT NOT NULL CHECK (spread IN ('turn', 'sentence', 'match'))
) STRICT;

-- ---------------------------------------------------------------------------------------------------------------
-- Cases, phases, participants
-- ---------------------------------------------------------------------------------------------------------------

-- A unit of analysis at any level: a system, a place in it, an organisation, a team.
CREATE TABLE cases (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid      BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    slug      TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (slug <> ''),     -- what people type
    name      TEXT NOT NULL CHECK (name <> ''),            -- what reports print: a code name, unless the case is public
    kind      TEXT NOT NULL DEFAULT 'case',                -- system, place, organisation, team …: the study's own words
    code      TEXT,                                        -- an official code, where the case is public (ODS, ONS)
    from_date TEXT CHECK (from_date IS date(from_date)),   -- when it began to exist, where that matters
    to_date   TEXT CHECK (to_date IS date(to_date))        -- the first day on which it no longer did
) STRICT;

-- The dated graph between cases. `part-of` is followed downwards by every --case filter.
CREATE TABLE case_links (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid      BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    case_id   INTEGER NOT NULL REFERENCES cases(id),       -- this case …
    kind      TEXT NOT NULL CHECK (kind IN ('part-of', 'partner-of', 'merged-into', 'renamed-to')),
    other_id  INTEGER NOT NULL REFERENCES cases(id),       -- … stands so to that one
    from_date TEXT CHECK (from_date IS date(from_date)),
    to_date   TEXT CHECK (to_date IS date(to_date)),
    CHECK (case_id <> other_id)
) STRICT;
CREATE INDEX case_links_case ON case_links(case_id);
CREATE INDEX case_links_other ON case_links(other_id);

-- A period of fieldwork.
CREATE TABLE phases (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid      BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    slug      TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (slug <> ''),
    name      TEXT NOT NULL CHECK (name <> ''),
    from_date TEXT CHECK (from_date IS date(from_date)),
    to_date   TEXT CHECK (to_date IS date(to_date))
) STRICT;

-- A person in the study, by pseudonym. The key from pseudonym to person is never in this file.
CREATE TABLE participants (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid         BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    code         TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (code <> ''),  -- P07
    role         TEXT,                                     -- a class ('finance director'), not a unique job title
    organisation INTEGER REFERENCES cases(id),
    attribution  TEXT NOT NULL DEFAULT 'role'              -- how far a quote may be attributed; see governance/gate.rs
                 CHECK (attribution IN ('named', 'role-org', 'role', 'case', 'non-attributable', 'background', 'off-record')),
    quotable     INTEGER NOT NULL DEFAULT 1 CHECK (quotable IN (0, 1))  -- whether this person's words may be quoted at all
) STRICT;
CREATE INDEX participants_sealed ON participants(id) WHERE attribution = 'off-record';  -- left out of every search

-- Which cases a participant speaks about: a system lead may belong to two.
CREATE TABLE participant_cases (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    participant INTEGER NOT NULL REFERENCES participants(id),
    case_id     INTEGER NOT NULL REFERENCES cases(id),
    UNIQUE (participant, case_id)
) STRICT;
CREATE INDEX participant_cases_case ON participant_cases(case_id);

-- Attributes are typed and belong to one kind of thing.
CREATE TABLE attributes (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    name   TEXT NOT NULL CHECK (name <> ''),
    of     TEXT NOT NULL CHECK (of IN ('case', 'participant', 'transcript')),
    type   TEXT NOT NULL CHECK (type IN ('text', 'integer', 'decimal', 'date', 'yes-no', 'ordered')),
    levels TEXT CHECK ((type = 'ordered') = (levels IS NOT NULL)),  -- JSON array, first level first, for ordered lists
    UNIQUE (name, of)
) STRICT;

-- The value of one attribute for one thing. No row means unassigned.
CREATE TABLE attribute_values (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    attribute      INTEGER NOT NULL REFERENCES attributes(id),
    case_id        INTEGER REFERENCES cases(id),
    participant_id INTEGER REFERENCES participants(id),
    transcript_id  INTEGER REFERENCES transcripts(id),
    value          TEXT NOT NULL,                          -- canonical for its type: 2021-04-30, yes, 12, 3.5
    CHECK ((case_id IS NOT NULL) + (participant_id IS NOT NULL) + (transcript_id IS NOT NULL) = 1)
) STRICT;
CREATE UNIQUE INDEX attribute_values_case ON attribute_values(case_id, attribute) WHERE case_id IS NOT NULL;
CREATE UNIQUE INDEX attribute_values_participant ON attribute_values(participant_id, attribute) WHERE participant_id IS NOT NULL;
CREATE UNIQUE INDEX attribute_values_transcript ON attribute_values(transcript_id, attribute) WHERE transcript_id IS NOT NULL;

-- ---------------------------------------------------------------------------------------------------------------
-- Transcripts
-- ---------------------------------------------------------------------------------------------------------------

-- A text with turns: an interview, a focus group, field notes, a document.
CREATE TABLE transcripts (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,            -- never used twice: codings' ids begin with it
    uuid     BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    slug     TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (slug <> ''),      -- T01
    case_id  INTEGER REFERENCES cases(id),
    phase    INTEGER REFERENCES phases(id),
    kind     TEXT NOT NULL CHECK (kind IN ('interview', 'focus-group', 'field-notes', 'document')),
    date     TEXT CHECK (date IS date(date)),              -- of the interview, not of the import
    language TEXT,                                         -- where it differs from the study's
    revision INTEGER NOT NULL                              -- number of the present revision
) STRICT;
CREATE INDEX transcripts_case ON transcripts(case_id);
CREATE INDEX transcripts_phase ON transcripts(phase);
CREATE INDEX transcripts_language ON transcripts(language) WHERE language IS NOT NULL;  -- which stems a query needs

-- An immutable text. A changed text is a new revision; codings point into one.
CREATE TABLE revisions (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,         -- the index deletes by it
    uuid        BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    transcript  INTEGER NOT NULL REFERENCES transcripts(id),
    number      INTEGER NOT NULL CHECK (number >= 1),
    format      TEXT NOT NULL,                             -- of the file: txt, md, docx …
    encoding    TEXT NOT NULL,                             -- as it was read: UTF-8, windows-1252 …
    file_sha256 BLOB NOT NULL CHECK (length(file_sha256) = 32),  -- of the file's bytes: the same file twice is recognised
    text_sha256 BLOB NOT NULL CHECK (length(text_sha256) = 32),  -- of the text as stored: `check` compares
    characters  INTEGER NOT NULL,                          -- length of the text in code points
    words       INTEGER NOT NULL,
    first_turn  INTEGER NOT NULL,                          -- turns are numbered densely: turn n has id first_turn + n - 1
    turns       INTEGER NOT NULL,
    text        TEXT NOT NULL,                             -- as read; line breaks are LF. Last, so that lists don't read it
    UNIQUE (transcript, number)
) STRICT;
CREATE INDEX revisions_file ON revisions(file_sha256);
CREATE INDEX revisions_counts ON revisions(transcript, number, turns, words);  -- sums without touching the texts
CREATE INDEX revisions_turn ON revisions(first_turn);       -- from a turn to its text

-- The speaker labels of a transcript. An unassigned label counts as a participant's, never as an interviewer's.
CREATE TABLE speakers (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    transcript  INTEGER NOT NULL REFERENCES transcripts(id),
    label       TEXT NOT NULL,                             -- as the transcript has it
    role        TEXT NOT NULL DEFAULT 'unknown' CHECK (role IN ('participant', 'interviewer', 'unknown')),
    participant INTEGER REFERENCES participants(id),
    UNIQUE (transcript, label),
    CHECK (participant IS NULL OR role = 'participant')
) STRICT;
CREATE INDEX speakers_participant ON speakers(participant) WHERE participant IS NOT NULL;

-- Who a transcript is with, whether or not a label says so.
CREATE TABLE transcript_participants (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    transcript  INTEGER NOT NULL REFERENCES transcripts(id),
    participant INTEGER NOT NULL REFERENCES participants(id),
    UNIQUE (transcript, participant)
) STRICT;
CREATE INDEX transcript_participants_participant ON transcript_participants(participant);

-- What stands under one speaker label; a paragraph where nobody speaks. Not recorded row by row: turns exist only as
-- part of an immutable revision, whose row (and its before-image) covers them. No foreign keys point here or from here:
-- a revision's turns come and go with it, and a key would be looked up once per turn.
CREATE TABLE turns (
    id       INTEGER PRIMARY KEY,                          -- dense and never used twice: sets of turns are bitmaps
    start    INTEGER NOT NULL,                             -- of the words, without the label
    end      INTEGER NOT NULL CHECK (end > start),
    speaker  INTEGER,                                      -- speakers.id; null where nobody is named
    time_ms  INTEGER                                       -- from the recording's start, where the file says it
) STRICT;

-- Headings and interview-guide questions with what stands under them. Not recorded row by row, as turns are not: they
-- exist only as part of an immutable revision, and its before-image carries them.
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
CREATE INDEX sections_key ON sections(key);

-- Where hard-wrapped lines were joined: with it the text before is had back. Not recorded: part of an immutable revision too.
CREATE TABLE reflows (
    id    INTEGER PRIMARY KEY,                             -- revisions.id
    joins TEXT NOT NULL                                    -- JSON: [[position of the blank in the text, what stood there], …]
) STRICT;

-- ---------------------------------------------------------------------------------------------------------------
-- Themes and codings
-- ---------------------------------------------------------------------------------------------------------------

-- The codebook: a tree, with all fields of MacQueen et al. (1998).
CREATE TABLE themes (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid            BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    parent          INTEGER REFERENCES themes(id),
    name            TEXT NOT NULL CHECK (name <> '' AND instr(name, '/') = 0),  -- one step of the path
    definition      TEXT,                                  -- brief
    full_definition TEXT,
    include         TEXT,                                  -- when to use it
    exclude         TEXT,                                  -- when not to
    example         TEXT,
    kind            TEXT CHECK (kind IN ('deductive', 'inductive', 'structural', 'in-vivo')),
    colour          TEXT CHECK (colour GLOB '#[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]'),
    CHECK (parent <> id)
) STRICT;
CREATE UNIQUE INDEX themes_name ON themes(ifnull(parent, 0), name);
CREATE INDEX themes_parent ON themes(parent);

-- One theme on one span of one transcript by one coder. The id is transcript * 1000000 + n, so that a transcript's
-- codings lie together and the one secondary index, by theme, comes out in the order of the texts.
CREATE TABLE codings (
    id        INTEGER PRIMARY KEY,
    uuid      BLOB NOT NULL CHECK (length(uuid) = 16),
    revision  INTEGER NOT NULL REFERENCES revisions(id),   -- what the span points into
    start     INTEGER NOT NULL CHECK (start >= 0),
    end       INTEGER NOT NULL CHECK (end > start),
    turn      INTEGER NOT NULL,                            -- turns.id of the first turn that the span touches
    last_turn INTEGER CHECK (last_turn > turn),            -- the last one, where it is another
    theme     INTEGER NOT NULL REFERENCES themes(id),
    coder     INTEGER NOT NULL REFERENCES coders(id),
    event     INTEGER NOT NULL REFERENCES events(id),      -- when and by which act
    -- It waits on an older revision, as its words were not found for certain (`unsure`) or not at all (`lost`) in the
    -- text that followed. Until it is placed or let go it counts nowhere and is quoted nowhere.
    pending   TEXT CHECK (pending IN ('unsure', 'lost'))
) STRICT;
CREATE INDEX codings_theme ON codings(theme);
CREATE INDEX codings_pending ON codings(id) WHERE pending IS NOT NULL;

-- A note on anything. Memos never enter a debrief.
CREATE TABLE memos (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid           BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    coder          INTEGER NOT NULL REFERENCES coders(id),
    event          INTEGER NOT NULL REFERENCES events(id),
    case_id        INTEGER REFERENCES cases(id),           -- at most one of these; none: on the study
    participant_id INTEGER REFERENCES participants(id),
    transcript_id  INTEGER REFERENCES transcripts(id),
    theme_id       INTEGER REFERENCES themes(id),
    coding_id      INTEGER REFERENCES codings(id),
    text           TEXT NOT NULL CHECK (text <> ''),
    CHECK ((case_id IS NOT NULL) + (participant_id IS NOT NULL) + (transcript_id IS NOT NULL)
           + (theme_id IS NOT NULL) + (coding_id IS NOT NULL) <= 1)
) STRICT;
CREATE INDEX memos_coding ON memos(coding_id) WHERE coding_id IS NOT NULL;

-- ---------------------------------------------------------------------------------------------------------------
-- The record: who did what, when; and how it was before
-- ---------------------------------------------------------------------------------------------------------------

-- One thing that somebody did. Not recorded: it is the record. Hash-chained: `hash` covers this row, the digest of its changes and the hash before.
CREATE TABLE events (
    id           INTEGER PRIMARY KEY,
    at           TEXT NOT NULL,
    coder        TEXT NOT NULL,                            -- by name: the record must read without the rest
    op           TEXT NOT NULL,                            -- the operation: 'coding add', 'transcript import' …
    summary      TEXT NOT NULL,                            -- one line in slugs and counts, never in somebody's words
    why          TEXT,                                     -- the reason, where one was given
    undoes       INTEGER REFERENCES events(id),
    first_change INTEGER NOT NULL,                         -- its rows in `changes` begin here …
    changes      INTEGER NOT NULL,                         -- … and are so many
    digest       BLOB NOT NULL,                            -- over the contents before and after
    hash         BLOB NOT NULL                             -- the chain
) STRICT;
CREATE INDEX events_undoes ON events(undoes) WHERE undoes IS NOT NULL;

-- One row per row touched. Not recorded: it is the record. The same rows serve the index (what to read again), the history and undo.
CREATE TABLE changes (
    id     INTEGER PRIMARY KEY,
    event  INTEGER NOT NULL REFERENCES events(id),         -- NOT NULL is the lock on the door: no event, no change
    tab    INTEGER NOT NULL REFERENCES recorded(id),
    row    INTEGER NOT NULL,                               -- its id in that table
    op     INTEGER NOT NULL CHECK (op IN (1, 2, 3)),       -- 1 added, 2 edited, 3 removed
    before TEXT,                                           -- the row as it was, as JSON; null where added or erased
    erased BLOB                                            -- blake3 of `before`, kept when its contents were erased
) STRICT;

-- The tables whose rows are recorded, numbered once so that `changes` stays small. Filled with the triggers, and
-- Not recorded itself.
CREATE TABLE recorded (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

-- Holds the event under way, only within a transaction; empty otherwise. Not recorded: it is the door itself.
CREATE TABLE door (
    event INTEGER NOT NULL
) STRICT;

-- Numbers that are kept at hand. Not recorded: `turn` and `codings of T` only ever grow (ids are never used twice),
-- and `codings` is a count that triggers keep and `check` compares.
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    n    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------------------------------------------------------
-- For people with a SQL prompt
-- ---------------------------------------------------------------------------------------------------------------

-- Every coding that has its place, with its words and the slugs that people use.
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
