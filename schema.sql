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
    started     TEXT NOT NULL,                             -- when `init` ran
    k_labels    INTEGER CHECK (k_labels >= 1),             -- to how many people a citation must fit, so that it is no name; null: 3
    k_counts    INTEGER CHECK (k_counts >= 1),             -- how many people a printed count must have; null: 5
    ended       TEXT CHECK (ended IS date(ended))          -- the day on which the study was over, from which retention counts
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
    revision INTEGER NOT NULL,                             -- number of the present revision
    -- The kind of source (Yin's six), where `kind` doesn't say it: interviews and focus groups are interviews, field
    -- notes direct observation, documents documents.
    source   TEXT CHECK (source IN ('document', 'archival-record', 'interview', 'direct-observation', 'participant-observation', 'physical-artefact')),
    -- 1: one of two whom it was with is gone; words without a label did not become the other's by that.
    nobodys  INTEGER CHECK (nobodys = 1)
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
    pending   TEXT CHECK (pending IN ('unsure', 'lost')),
    reworded  INTEGER REFERENCES events(id)                -- the last event that changed its words: a corrected text; null: none did
) STRICT;
CREATE INDEX codings_theme ON codings(theme);
CREATE INDEX codings_pending ON codings(id) WHERE pending IS NOT NULL;

-- A note on anything. Memos never enter a debrief.
CREATE TABLE memos (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid           BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    coder          INTEGER NOT NULL REFERENCES coders(id),
    event          INTEGER NOT NULL REFERENCES events(id),
    case_id        INTEGER REFERENCES cases(id),           -- at most one of these and `finding_id`; none: on the study
    participant_id INTEGER REFERENCES participants(id),
    transcript_id  INTEGER REFERENCES transcripts(id),
    theme_id       INTEGER REFERENCES themes(id),
    coding_id      INTEGER REFERENCES codings(id),
    text           TEXT NOT NULL CHECK (text <> ''),
    finding_id     INTEGER REFERENCES findings(id)
                   CHECK (finding_id IS NULL OR coalesce(case_id, participant_id, transcript_id, theme_id, coding_id) IS NULL),
    CHECK ((case_id IS NOT NULL) + (participant_id IS NOT NULL) + (transcript_id IS NOT NULL)
           + (theme_id IS NOT NULL) + (coding_id IS NOT NULL) <= 1)
) STRICT;
CREATE INDEX memos_coding ON memos(coding_id) WHERE coding_id IS NOT NULL;

-- Versions of the codebook that somebody named. What it held then is read from the record, as of the event.
CREATE TABLE codebook_versions (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid  BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    name  TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (name <> ''),
    note  TEXT,
    event INTEGER NOT NULL REFERENCES events(id)           -- the codebook as it stood when this was done
) STRICT;

-- ---------------------------------------------------------------------------------------------------------------
-- The frame (framework matrix)
-- ---------------------------------------------------------------------------------------------------------------

-- One written summary for a case and a theme; or for a whole row (a case, no theme), or a whole column (a theme, no
-- case). No row: not charted. Stale is not stored: it is seen by comparing `basis` with what lies below today.
CREATE TABLE frame_cells (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid    BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    case_id INTEGER REFERENCES cases(id),                  -- null: what the theme comes to over all cases
    theme   INTEGER REFERENCES themes(id),                 -- null: what the case comes to over all themes
    status  TEXT NOT NULL CHECK (status IN ('charted', 'not-asked', 'asked-no-data', 'not-applicable', 'withheld')),
    text    TEXT CHECK (text <> ''),                       -- the summary, in the researcher's words
    below   INTEGER NOT NULL,                              -- how many codings (of a row or column: cells) lay below it when it was written
    basis   BLOB NOT NULL,                                 -- a digest of them
    coder   INTEGER NOT NULL REFERENCES coders(id),
    event   INTEGER NOT NULL REFERENCES events(id),        -- when it was last written or confirmed
    CHECK ((status = 'charted') = (text IS NOT NULL)),
    CHECK (coalesce(case_id, theme) IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX frame_cells_place ON frame_cells(ifnull(case_id, 0), ifnull(theme, 0));
CREATE INDEX frame_cells_theme ON frame_cells(theme);

-- The codings that a cell rests on, in the order in which it names them.
CREATE TABLE frame_links (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    cell   INTEGER NOT NULL REFERENCES frame_cells(id),
    coding INTEGER NOT NULL REFERENCES codings(id),
    UNIQUE (cell, coding)
) STRICT;
CREATE INDEX frame_links_coding ON frame_links(coding);

-- ---------------------------------------------------------------------------------------------------------------
-- Findings and the chain of evidence
-- ---------------------------------------------------------------------------------------------------------------

-- A claim of the study.
CREATE TABLE findings (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,            -- its number: finding 3
    uuid     BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    position INTEGER NOT NULL,                             -- its place in the report
    claim    TEXT NOT NULL CHECK (claim <> ''),            -- one sentence
    detail   TEXT CHECK (detail <> ''),                    -- what is said about it beneath
    reported INTEGER NOT NULL DEFAULT 1 CHECK (reported IN (0, 1)),  -- whether reports print it
    looked   TEXT CHECK (looked <> ''),                    -- where and how disconfirming evidence was looked for; null: it was not
    coder    INTEGER NOT NULL REFERENCES coders(id),
    event    INTEGER NOT NULL REFERENCES events(id)        -- when it was last written or confirmed
) STRICT;

-- Another explanation of the same, and what became of it.
CREATE TABLE rivals (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid    BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    finding INTEGER NOT NULL REFERENCES findings(id),
    text    TEXT NOT NULL CHECK (text <> ''),
    verdict TEXT NOT NULL DEFAULT 'open' CHECK (verdict IN ('open', 'rejected', 'holds', 'holds-partly')),
    why     TEXT CHECK (why <> ''),                        -- the reason for the verdict
    coder   INTEGER NOT NULL REFERENCES coders(id),
    event   INTEGER NOT NULL REFERENCES events(id),
    CHECK (verdict = 'open' OR why IS NOT NULL)
) STRICT;
CREATE INDEX rivals_finding ON rivals(finding);

-- What bears on a finding: a coded passage, a cell of the frame, or a transcript as a whole.
CREATE TABLE evidence (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid          BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    finding       INTEGER NOT NULL REFERENCES findings(id),
    rival         INTEGER REFERENCES rivals(id),           -- where it bears on that rival explanation, not on the claim
    bears         TEXT NOT NULL CHECK (bears IN ('supports', 'contradicts')),
    coding_id     INTEGER REFERENCES codings(id),          -- exactly one of these
    cell_id       INTEGER REFERENCES frame_cells(id),
    transcript_id INTEGER REFERENCES transcripts(id),
    note          TEXT CHECK (note <> ''),
    coder         INTEGER NOT NULL REFERENCES coders(id),
    event         INTEGER NOT NULL REFERENCES events(id),
    CHECK ((coding_id IS NOT NULL) + (cell_id IS NOT NULL) + (transcript_id IS NOT NULL) = 1)
) STRICT;
CREATE INDEX evidence_finding ON evidence(finding);
CREATE INDEX evidence_rival ON evidence(rival) WHERE rival IS NOT NULL;
CREATE INDEX evidence_coding ON evidence(coding_id) WHERE coding_id IS NOT NULL;
CREATE INDEX evidence_cell ON evidence(cell_id) WHERE cell_id IS NOT NULL;
CREATE INDEX evidence_transcript ON evidence(transcript_id) WHERE transcript_id IS NOT NULL;

-- Replication across cases: what a finding predicts for a case, and what was found there.
CREATE TABLE predictions (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid        BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    finding     INTEGER NOT NULL REFERENCES findings(id),
    case_id     INTEGER NOT NULL REFERENCES cases(id),
    kind        TEXT NOT NULL CHECK (kind IN ('literal', 'theoretical')),  -- the same result expected, or another for a reason
    text        TEXT NOT NULL CHECK (text <> ''),
    made        TEXT NOT NULL CHECK (made IS date(made)),  -- the day on which it was written
    result      TEXT CHECK (result IN ('as-predicted', 'partly', 'contrary', 'not-known')),
    result_text TEXT CHECK (result_text <> ''),
    event       INTEGER NOT NULL REFERENCES events(id),
    UNIQUE (finding, case_id)
) STRICT;
CREATE INDEX predictions_case ON predictions(case_id);

-- Reports that were written to a file, so that a passage can be followed into them. Undo leaves them: what was
-- handed out can't be taken back.
CREATE TABLE releases (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid     BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    kind     TEXT NOT NULL,                                -- summary, case, theme, codebook, debrief …
    subject  TEXT,                                         -- of what: a case's slug, a theme's path, a participant's code
    format   TEXT NOT NULL,                                -- md, html, docx …
    sha256   BLOB NOT NULL CHECK (length(sha256) = 32),    -- of the file
    codings  BLOB NOT NULL,                                -- the codings that it quotes: their ids in order, each as the difference to the one before, LEB128
    findings TEXT NOT NULL,                                -- the findings in it: JSON array of their numbers
    event    INTEGER NOT NULL REFERENCES events(id),
    audience TEXT CHECK (audience IN ('team', 'participant', 'case', 'public')),  -- to whom it was given
    path     TEXT,                                         -- as it was written to, absolute
    counts   TEXT                                          -- JSON: the counts of people that it prints, for what a later one would give away
) STRICT;

-- ---------------------------------------------------------------------------------------------------------------
-- Agreement between coders
-- ---------------------------------------------------------------------------------------------------------------

-- What the study asks of a statistic, and who says so.
CREATE TABLE thresholds (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    statistic TEXT NOT NULL,                               -- alpha, kappa, percent …
    at_least  TEXT NOT NULL,                               -- a decimal, as it was typed: 0.800
    meaning   TEXT NOT NULL CHECK (meaning <> ''),         -- what may be done from there on
    source    TEXT NOT NULL CHECK (source <> ''),
    UNIQUE (statistic, at_least)
) STRICT;

-- Samples drawn for double coding: drawn once, kept, and drawn the same again from the same seed.
CREATE TABLE samples (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid     BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    name     TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (name <> ''),
    share    TEXT NOT NULL,                                -- planned share of the words, as it was typed: 20%
    seed     INTEGER NOT NULL,
    strata   TEXT NOT NULL,                                -- JSON array of dimensions: ["case","role"]
    filters  TEXT NOT NULL,                                -- JSON array of what narrowed the transcripts it was drawn from: ["case=alder"]
    eligible INTEGER NOT NULL,                             -- how many transcripts it was drawn from …
    words    INTEGER NOT NULL,                             -- … and how many words they had
    event    INTEGER NOT NULL REFERENCES events(id)
) STRICT;

-- The transcripts of a sample.
CREATE TABLE sampled (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    sample     INTEGER NOT NULL REFERENCES samples(id),
    transcript INTEGER NOT NULL REFERENCES transcripts(id),
    stratum    TEXT NOT NULL,                              -- JSON array of its values
    UNIQUE (sample, transcript)
) STRICT;
CREATE INDEX sampled_transcript ON sampled(transcript);

-- How a disagreement between two coders was settled. The codings at stake stay; what was agreed is coded by `consensus`.
CREATE TABLE settlements (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid         BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    transcript   INTEGER NOT NULL REFERENCES transcripts(id),
    kind         TEXT NOT NULL CHECK (kind IN ('boundary', 'theme', 'presence')),
    first_coder  INTEGER NOT NULL REFERENCES coders(id),
    second_coder INTEGER NOT NULL REFERENCES coders(id),
    codings      TEXT NOT NULL,                            -- JSON array of the codings at stake, in order: others later are another disagreement
    basis        BLOB NOT NULL,                            -- a digest of their themes and words: where either is another now, it is open again
    keeps        TEXT NOT NULL CHECK (keeps IN ('first', 'second', 'both', 'neither', 'other')),
    why          TEXT NOT NULL CHECK (why <> ''),
    coder        INTEGER NOT NULL REFERENCES coders(id),
    event        INTEGER NOT NULL REFERENCES events(id)
) STRICT;
CREATE INDEX settlements_transcript ON settlements(transcript);

-- ---------------------------------------------------------------------------------------------------------------
-- Fieldwork and what is reported of it
-- ---------------------------------------------------------------------------------------------------------------

-- The sampling plan: how many participants are wanted where. Null: any.
CREATE TABLE quotas (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id INTEGER REFERENCES cases(id),
    phase   INTEGER REFERENCES phases(id),
    role    TEXT,
    wanted  INTEGER NOT NULL CHECK (wanted > 0)
) STRICT;
CREATE UNIQUE INDEX quotas_place ON quotas(ifnull(case_id, 0), ifnull(phase, 0), ifnull(role, ''));
CREATE INDEX quotas_phase ON quotas(phase);

-- What happened with a participant, where transcripts and codings don't show it.
CREATE TABLE milestones (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    participant INTEGER NOT NULL REFERENCES participants(id),
    phase       INTEGER REFERENCES phases(id),
    stage       TEXT NOT NULL CHECK (stage IN ('invited', 'recruited', 'declined', 'dropped-out', 'interviewed', 'debriefed')),
    date        TEXT CHECK (date IS date(date)),
    event       INTEGER NOT NULL REFERENCES events(id)
) STRICT;
CREATE UNIQUE INDEX milestones_stage ON milestones(participant, ifnull(phase, 0), stage);
CREATE INDEX milestones_phase ON milestones(phase);

-- What the authors say to an item of a reporting checklist, where the study itself can't say it.
CREATE TABLE checklist_items (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    checklist TEXT NOT NULL CHECK (checklist IN ('coreq', 'srqr')),
    item      INTEGER NOT NULL CHECK (item BETWEEN 1 AND 32),
    status    TEXT NOT NULL CHECK (status IN ('met', 'not-met', 'not-applicable')),
    text      TEXT CHECK (text <> ''),                     -- what is to be reported, or why it is not
    place     TEXT CHECK (place <> ''),                    -- where in the report it stands
    event     INTEGER NOT NULL REFERENCES events(id),
    UNIQUE (checklist, item)
) STRICT;

-- ---------------------------------------------------------------------------------------------------------------
-- Promises to participants
-- ---------------------------------------------------------------------------------------------------------------

-- What a participant agreed to, form by form. The newest version holds; the others say what held before. An item that
-- the form did not ask for is null, and null is no leave.
CREATE TABLE consents (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid        BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    participant INTEGER NOT NULL REFERENCES participants(id),
    version     INTEGER NOT NULL CHECK (version >= 1),     -- from 1 for each participant
    signed      TEXT NOT NULL CHECK (signed IS date(signed)),
    form        TEXT CHECK (form <> ''),                   -- where the signed form is found: a reference, never a name
    take_part   INTEGER NOT NULL CHECK (take_part IN (0, 1)),
    record      INTEGER CHECK (record IN (0, 1)),          -- that the talk is recorded
    quote       INTEGER CHECK (quote IN (0, 1)),           -- that words are quoted
    attribution TEXT NOT NULL                              -- how far a quote may be attributed at most
                CHECK (attribution IN ('named', 'role-org', 'role', 'case', 'non-attributable', 'background', 'off-record')),
    share       INTEGER CHECK (share IN (0, 1)),           -- that the own system reads what is quoted
    archive     INTEGER CHECK (archive IN (0, 1)),         -- that the transcript is kept for others' research
    contact     INTEGER CHECK (contact IN (0, 1)),         -- that they are written to again
    until       TEXT CHECK (until IS date(until)),         -- the last day on which it holds; null: no such day
    approval    TEXT CHECK (approval <> ''),               -- how the participant approved what is looser than before
    coder       INTEGER NOT NULL REFERENCES coders(id),
    event       INTEGER NOT NULL REFERENCES events(id),
    UNIQUE (participant, version)
) STRICT;
CREATE INDEX consents_sealed ON consents(participant) WHERE take_part = 0 OR attribution = 'off-record';  -- left out of every search

-- A stricter level than the person's, for one interview, one passage or one quote. The strictest of all holds.
CREATE TABLE limits (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid       BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    transcript INTEGER NOT NULL REFERENCES transcripts(id),
    coding_id  INTEGER REFERENCES codings(id),             -- that quote alone
    revision   INTEGER REFERENCES revisions(id),           -- that passage of this text; neither: the whole transcript
    start      INTEGER,
    end        INTEGER CHECK (end > start),
    turn       INTEGER,                                    -- turns.id of its first and last turn
    last_turn  INTEGER CHECK (last_turn >= turn),
    lost       INTEGER NOT NULL DEFAULT 0 CHECK (lost IN (0, 1)),  -- 1: a corrected text has no certain place for it, so it holds for the whole transcript
    level      TEXT CHECK (level IN ('role-org', 'role', 'case', 'non-attributable', 'background', 'off-record')),
    quotable   INTEGER NOT NULL DEFAULT 1 CHECK (quotable IN (0, 1)),
    why        TEXT CHECK (why <> ''),
    coder      INTEGER NOT NULL REFERENCES coders(id),
    event      INTEGER NOT NULL REFERENCES events(id),
    CHECK (coding_id IS NULL OR revision IS NULL),
    CHECK ((revision IS NULL) = (start IS NULL) AND (revision IS NULL) = (end IS NULL) AND (revision IS NULL) = (turn IS NULL) AND (revision IS NULL) = (last_turn IS NULL)),
    CHECK (level IS NOT NULL OR quotable = 0)
) STRICT;
CREATE INDEX limits_transcript ON limits(transcript);
CREATE INDEX limits_coding ON limits(coding_id) WHERE coding_id IS NOT NULL;
CREATE INDEX limits_revision ON limits(revision) WHERE revision IS NOT NULL;

-- Who withdrew, and how. `participant` is no key: after `erase` there is no such row any more.
CREATE TABLE withdrawals (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid             BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    participant      INTEGER NOT NULL,
    participant_uuid BLOB NOT NULL CHECK (length(participant_uuid) = 16),  -- by which a restored backup is known to hold an erased person
    code             TEXT NOT NULL,                        -- the pseudonym, so that the record can be read
    mode             TEXT NOT NULL CHECK (mode IN ('stop', 'exclude', 'erase')),
    asked            TEXT NOT NULL CHECK (asked IS date(asked)),  -- the day on which the participant asked for it
    reached          TEXT NOT NULL,                        -- what it reached: JSON of counts, nobody's words
    event            INTEGER NOT NULL REFERENCES events(id)
) STRICT;
CREATE INDEX withdrawals_participant ON withdrawals(participant);

-- What is left to do of an erase: the row is made with the change and goes when file, index and copies are clean.
-- Not recorded: it is work under way, and it holds what must not be kept.
CREATE TABLE erasing (
    event  INTEGER PRIMARY KEY,                            -- of the withdrawal
    stage  TEXT NOT NULL,                                  -- what was done last
    files  TEXT NOT NULL,                                  -- JSON array of paths that are to go
    probes BLOB NOT NULL                                   -- keyed hashes of what was erased, to search the bytes for
) STRICT;

-- How many people in the real world fit a role in a case: what 'the chair of Alder' tells about who spoke.
CREATE TABLE populations (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id INTEGER REFERENCES cases(id),                  -- null: in each case
    role    TEXT CHECK (role <> ''),                       -- null: of any role
    people  INTEGER NOT NULL CHECK (people >= 1),          -- 1: unique
    source  TEXT CHECK (source <> ''),                     -- how that is known
    event   INTEGER NOT NULL REFERENCES events(id),
    CHECK (coalesce(case_id, role) IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX populations_place ON populations(ifnull(case_id, 0), ifnull(role, '') COLLATE NOCASE);

-- What a participant answered in the debrief: to a finding, or to the whole.
CREATE TABLE responses (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid        BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    participant INTEGER NOT NULL REFERENCES participants(id),
    finding     INTEGER REFERENCES findings(id),           -- null: to the debrief as a whole
    kind        TEXT NOT NULL CHECK (kind IN ('confirm', 'disagree', 'add', 'correct', 'remove', 'no-reply')),
    text        TEXT CHECK (text <> ''),                   -- in the participant's words
    received    TEXT NOT NULL CHECK (received IS date(received)),
    form        BLOB CHECK (length(form) = 32),            -- SHA-256 of the filled form it was read from
    coder       INTEGER NOT NULL REFERENCES coders(id),
    event       INTEGER NOT NULL REFERENCES events(id)
) STRICT;
CREATE INDEX responses_participant ON responses(participant);
CREATE INDEX responses_finding ON responses(finding) WHERE finding IS NOT NULL;

-- What a response asks of the researchers. Open until an outcome is written.
CREATE TABLE decisions (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid     BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    response INTEGER NOT NULL UNIQUE REFERENCES responses(id),
    outcome  TEXT CHECK (outcome IN ('changed', 'kept', 'noted', 'removed')),  -- null: open
    why      TEXT CHECK (why <> ''),
    coder    INTEGER NOT NULL REFERENCES coders(id),
    event    INTEGER NOT NULL REFERENCES events(id),
    CHECK (outcome IS NULL OR why IS NOT NULL)
) STRICT;

-- Files with contents of the study that this program wrote and that are on no register of reports: exports and backups.
-- Undo leaves them: what was copied stays copied.
CREATE TABLE copies (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid   BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    kind   TEXT NOT NULL,                                  -- backup, quotes, codebook, frame, table …
    path   TEXT NOT NULL,                                  -- as it was written to, absolute
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),      -- of the file
    event  INTEGER NOT NULL REFERENCES events(id)
) STRICT;

-- How long each class of record is kept.
CREATE TABLE retention (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    record TEXT NOT NULL UNIQUE CHECK (record IN ('contact', 'consent', 'transcript', 'response', 'study')),
    months INTEGER NOT NULL CHECK (months >= 0),
    since  TEXT NOT NULL CHECK (since IN ('interview', 'debrief', 'withdrawal', 'study-end')),  -- what the months are counted from
    basis  TEXT NOT NULL CHECK (basis <> ''),              -- who asks for it: the protocol, the sponsor, the law
    event  INTEGER NOT NULL REFERENCES events(id)
) STRICT;

-- ---------------------------------------------------------------------------------------------------------------
-- Systems and their figures
-- ---------------------------------------------------------------------------------------------------------------

-- What a case was called, and when. The case's own `name` is what reports print; these are the others: former names
-- (with dates), and what sources call it.
CREATE TABLE case_names (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid      BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    case_id   INTEGER NOT NULL REFERENCES cases(id),
    name      TEXT NOT NULL CHECK (name <> ''),
    from_date TEXT CHECK (from_date IS date(from_date)),   -- both null: a variant that a source uses, at any time
    to_date   TEXT CHECK (to_date IS date(to_date)),       -- the first day on which it was called so no longer
    source    TEXT CHECK (source <> ''),
    UNIQUE (case_id, name)
) STRICT;
CREATE INDEX case_names_name ON case_names(name);

-- Official codes with their validity. One code may have meant two cases, at different times.
CREATE TABLE case_codes (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid      BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    case_id   INTEGER NOT NULL REFERENCES cases(id),
    scheme    TEXT NOT NULL CHECK (scheme <> ''),          -- who gives it: ONS, ODS …
    code      TEXT NOT NULL CHECK (code <> ''),
    from_date TEXT CHECK (from_date IS date(from_date)),   -- null: since it exists
    to_date   TEXT CHECK (to_date IS date(to_date)),       -- the first day on which it held no longer; null: it holds
    source    TEXT CHECK (source <> '')
) STRICT;
CREATE INDEX case_codes_code ON case_codes(code);
CREATE INDEX case_codes_case ON case_codes(case_id);

-- A defined figure. What its values are measured on is part of it: figures on another basis are another indicator.
CREATE TABLE indicators (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid       BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    slug       TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (slug <> ''),
    name       TEXT NOT NULL CHECK (name <> ''),
    scale      TEXT NOT NULL CHECK (scale IN ('number', 'percentage', 'bands')),
    unit       TEXT NOT NULL CHECK (unit <> ''),           -- GBP million, attendances; of a percentage: of what it is one
    better     TEXT NOT NULL CHECK (better IN ('more', 'less', 'neither')),  -- of bands: `more` is towards the first
    bands      TEXT CHECK ((scale = 'bands') = (bands IS NOT NULL)),  -- JSON array, in order, the best first
    basis      TEXT NOT NULL DEFAULT '{}',                 -- JSON object, aspect to value: {"funding":"without","kind":"outturn"}
    level      TEXT CHECK (level <> ''),                   -- the kind of case that it is measured at; null: any
    decimals   INTEGER NOT NULL CHECK (decimals BETWEEN 0 AND 6),  -- shown; what is stored is as it was read
    least      TEXT,                                       -- values below or above are refused when they are read
    most       TEXT,
    definition TEXT CHECK (definition <> ''),
    source     TEXT CHECK (source <> '')                   -- who defines it
) STRICT;

-- How figures of parts become the figure of their system. Without a row an indicator is never rolled up.
CREATE TABLE rollups (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid      BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    indicator INTEGER NOT NULL UNIQUE REFERENCES indicators(id),
    rule      TEXT NOT NULL CHECK (rule IN ('sum', 'ratio', 'weighted-mean', 'worst-band', 'median-band', 'mean-score')),
    weight    INTEGER REFERENCES indicators(id),           -- of weighted-mean
    scores    TEXT,                                        -- of mean-score: JSON object, band to score, declared by the researchers
    shared    TEXT NOT NULL CHECK (shared IN ('refuse', 'each', 'leave-out')),  -- what of a part that is in several systems
    over_time TEXT NOT NULL CHECK (over_time IN ('refuse', 'sum', 'last')),     -- how shorter periods become a longer one
    why       TEXT NOT NULL CHECK (why <> ''),
    event     INTEGER NOT NULL REFERENCES events(id),
    CHECK ((rule = 'weighted-mean') = (weight IS NOT NULL)),
    CHECK ((rule = 'mean-score') = (scores IS NOT NULL))
) STRICT;
CREATE INDEX rollups_weight ON rollups(weight) WHERE weight IS NOT NULL;

-- Periods that figures are of: as they are written, and their days.
CREATE TABLE periods (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    label     TEXT NOT NULL UNIQUE CHECK (label <> ''),    -- 2017/18, 2018, 2018-Q1, 2017/18-Q4, 2018-03, 2018-03-31 or FROM..TO
    from_date TEXT NOT NULL CHECK (from_date IS date(from_date)),
    to_date   TEXT NOT NULL CHECK (to_date IS date(to_date) AND to_date > from_date)  -- the first day after it
) STRICT;

-- How the columns of a file become measures: shown before anything is written, kept for the next file of its kind.
CREATE TABLE mappings (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid  BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    slug  TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (slug <> ''),
    text  TEXT NOT NULL CHECK (text <> ''),                -- YAML
    event INTEGER NOT NULL REFERENCES events(id)
) STRICT;

-- One reading of figures: a file, or figures that were typed. It is immutable; its measures are part of it.
CREATE TABLE readings (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,       -- its number: reading 3
    uuid          BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    source        TEXT NOT NULL CHECK (source <> ''),      -- publication, title, date: as one would cite it
    as_of         TEXT CHECK (as_of IS date(as_of)),       -- the day as of which the figures stand, where the source says
    retrieved     TEXT CHECK (retrieved IS date(retrieved)),
    file          TEXT CHECK (file <> ''),                 -- the file's name, without its folder
    sheet         TEXT CHECK (sheet <> ''),                -- of a workbook
    file_sha256   BLOB CHECK (length(file_sha256) = 32),
    mapping       TEXT,                                    -- the mapping as it was used, YAML
    first_measure INTEGER NOT NULL,                        -- measures are numbered densely: these have ids first_measure …
    measures      INTEGER NOT NULL CHECK (measures >= 1),  -- … and are so many
    digest        BLOB NOT NULL CHECK (length(digest) = 32),  -- blake3 over the measures: `check` compares
    coder         INTEGER NOT NULL REFERENCES coders(id),
    event         INTEGER NOT NULL REFERENCES events(id)
) STRICT;
CREATE INDEX readings_file ON readings(file_sha256) WHERE file_sha256 IS NOT NULL;

-- What a reading speaks of, so that nothing that its measures name can go while they are there.
CREATE TABLE reading_scopes (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    reading   INTEGER NOT NULL REFERENCES readings(id),
    indicator INTEGER REFERENCES indicators(id),           -- exactly one of these
    case_id   INTEGER REFERENCES cases(id),
    period    INTEGER REFERENCES periods(id),
    CHECK ((indicator IS NOT NULL) + (case_id IS NOT NULL) + (period IS NOT NULL) = 1)
) STRICT;
CREATE INDEX reading_scopes_reading ON reading_scopes(reading);
CREATE INDEX reading_scopes_indicator ON reading_scopes(indicator) WHERE indicator IS NOT NULL;
CREATE INDEX reading_scopes_case ON reading_scopes(case_id) WHERE case_id IS NOT NULL;
CREATE INDEX reading_scopes_period ON reading_scopes(period) WHERE period IS NOT NULL;

-- The value of an indicator for a case in a period, as one reading has it. Not recorded row by row: measures exist only
-- as part of an immutable reading, whose before-image carries them. No foreign keys, as of turns: see `reading_scopes`.
CREATE TABLE measures (
    id          INTEGER PRIMARY KEY,                       -- dense and never used twice
    indicator   INTEGER NOT NULL,                          -- indicators.id
    case_id     INTEGER NOT NULL,                          -- cases.id
    period      INTEGER NOT NULL,                          -- periods.id
    state       TEXT NOT NULL CHECK (state IN ('final', 'provisional', 'suppressed', 'missing')),
    value       TEXT,                                      -- a decimal (of a percentage: 0 to 100), or the band
    numerator   TEXT,                                      -- of a percentage, where the source gives them
    denominator TEXT,
    as_of       TEXT,                                      -- where it differs from the reading's
    line        INTEGER,                                   -- where it was read: the row of the file, from 1 …
    col         INTEGER,                                   -- … and the column of the value, from 1
    CHECK ((state IN ('final', 'provisional')) = (value IS NOT NULL))
) STRICT;
CREATE INDEX measures_place ON measures(indicator, case_id, period);

-- What was decided where sources disagree: which measure holds, and why. The others are kept.
CREATE TABLE settled_figures (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid      BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    indicator INTEGER NOT NULL REFERENCES indicators(id),
    case_id   INTEGER NOT NULL REFERENCES cases(id),
    period    INTEGER NOT NULL REFERENCES periods(id),
    reading   INTEGER NOT NULL REFERENCES readings(id),    -- whose measure holds …
    measure   INTEGER NOT NULL,                            -- … measures.id
    among     BLOB NOT NULL CHECK (length(among) = 32),    -- blake3 over the measures that it was decided among: with another one, it is open again
    why       TEXT NOT NULL CHECK (why <> ''),
    coder     INTEGER NOT NULL REFERENCES coders(id),
    event     INTEGER NOT NULL REFERENCES events(id),
    UNIQUE (indicator, case_id, period)
) STRICT;
CREATE INDEX settled_figures_reading ON settled_figures(reading);

-- A named, dated set of cases: the first wave; those that planned to be a system by April 2020.
CREATE TABLE cohorts (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid          BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    slug          TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (slug <> ''),
    name          TEXT NOT NULL CHECK (name <> ''),
    date          TEXT CHECK (date IS date(date)),         -- when it was named or announced
    why           TEXT CHECK (why <> ''),                  -- why these
    source        TEXT CHECK (source <> ''),
    transcript_id INTEGER REFERENCES transcripts(id)       -- the source, where it is a document of the study
) STRICT;
CREATE INDEX cohorts_transcript ON cohorts(transcript_id) WHERE transcript_id IS NOT NULL;

-- A case in a cohort, from when to when, whole or in part.
CREATE TABLE cohort_members (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid      BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    cohort    INTEGER NOT NULL REFERENCES cohorts(id),
    case_id   INTEGER NOT NULL REFERENCES cases(id),
    from_date TEXT CHECK (from_date IS date(from_date)),   -- null: since the cohort's date
    to_date   TEXT CHECK (to_date IS date(to_date)),
    part      TEXT CHECK (part <> ''),                     -- which part of the case it covers; null: the whole
    why       TEXT CHECK (why <> ''),                      -- why this one
    source    TEXT CHECK (source <> ''),
    coding_id INTEGER REFERENCES codings(id),              -- the passage that says so
    UNIQUE (cohort, case_id)
) STRICT;
CREATE INDEX cohort_members_case ON cohort_members(case_id);
CREATE INDEX cohort_members_coding ON cohort_members(coding_id) WHERE coding_id IS NOT NULL;

-- A maturity framework: domains, and the stages that a case goes through in each.
CREATE TABLE maturities (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid    BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    slug    TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (slug <> ''),
    name    TEXT NOT NULL CHECK (name <> ''),
    version TEXT CHECK (version <> ''),
    source  TEXT NOT NULL CHECK (source <> ''),
    stages  TEXT NOT NULL                                  -- JSON array, the first stage first
) STRICT;

-- The domains of a framework, in its order.
CREATE TABLE maturity_domains (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    maturity INTEGER NOT NULL REFERENCES maturities(id),
    position INTEGER NOT NULL CHECK (position >= 1),
    slug     TEXT NOT NULL COLLATE NOCASE CHECK (slug <> ''),
    name     TEXT NOT NULL CHECK (name <> ''),
    UNIQUE (maturity, slug)
) STRICT;

-- What is true of a case at a stage of a domain.
CREATE TABLE maturity_statements (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    domain INTEGER NOT NULL REFERENCES maturity_domains(id),
    stage  INTEGER NOT NULL CHECK (stage >= 1),            -- its place in the framework's stages
    text   TEXT NOT NULL CHECK (text <> '')
) STRICT;
CREATE INDEX maturity_statements_domain ON maturity_statements(domain);

-- At which stage somebody saw a case on a day.
CREATE TABLE assessments (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid       BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    maturity   INTEGER NOT NULL REFERENCES maturities(id),
    domain     INTEGER REFERENCES maturity_domains(id),    -- null: overall, as the assessor gave it; never a sum of ours
    case_id    INTEGER NOT NULL REFERENCES cases(id),
    stage      INTEGER NOT NULL CHECK (stage >= 1),
    date       TEXT NOT NULL CHECK (date IS date(date)),
    by_whom    TEXT NOT NULL CHECK (by_whom IN ('self', 'researcher', 'regulator', 'other')),
    assessor   TEXT CHECK (assessor <> ''),                -- a body or a coder, never a participant's name
    confidence TEXT CHECK (confidence IN ('high', 'moderate', 'low')),
    why        TEXT CHECK (why <> ''),
    source     TEXT CHECK (source <> ''),
    coder      INTEGER NOT NULL REFERENCES coders(id),
    event      INTEGER NOT NULL REFERENCES events(id)
) STRICT;
CREATE INDEX assessments_case ON assessments(case_id);
CREATE INDEX assessments_maturity ON assessments(maturity);

-- What an assessment rests on: a coded passage, or a transcript as a whole.
CREATE TABLE assessment_links (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    assessment    INTEGER NOT NULL REFERENCES assessments(id),
    coding_id     INTEGER REFERENCES codings(id),          -- exactly one of these
    transcript_id INTEGER REFERENCES transcripts(id),
    CHECK ((coding_id IS NOT NULL) + (transcript_id IS NOT NULL) = 1)
) STRICT;
CREATE INDEX assessment_links_assessment ON assessment_links(assessment);
CREATE INDEX assessment_links_coding ON assessment_links(coding_id) WHERE coding_id IS NOT NULL;
CREATE INDEX assessment_links_transcript ON assessment_links(transcript_id) WHERE transcript_id IS NOT NULL;

-- What cases are to become or to do, and by when at the latest.
CREATE TABLE goals (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid     BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    slug     TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (slug <> ''),
    name     TEXT NOT NULL CHECK (name <> ''),             -- 'is an integrated care system'
    deadline TEXT CHECK (deadline IS date(deadline)),
    source   TEXT CHECK (source <> '')
) STRICT;

-- The day on which a case reached a goal. No row: it has not, as far as is known.
CREATE TABLE goals_reached (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid    BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    goal    INTEGER NOT NULL REFERENCES goals(id),
    case_id INTEGER NOT NULL REFERENCES cases(id),
    date    TEXT NOT NULL CHECK (date IS date(date)),
    source  TEXT CHECK (source <> ''),
    event   INTEGER NOT NULL REFERENCES events(id),
    UNIQUE (goal, case_id)
) STRICT;
CREATE INDEX goals_reached_case ON goals_reached(case_id);

-- What was said on a day about when a case will reach a goal. Whether it was kept or slipped is not stored: it is seen
-- from the day on which the goal was reached.
CREATE TABLE claims (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,       -- its number: claim 3
    uuid          BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    goal          INTEGER NOT NULL REFERENCES goals(id),
    case_id       INTEGER NOT NULL REFERENCES cases(id),
    said          TEXT NOT NULL CHECK (said IS date(said)),
    stance        TEXT NOT NULL CHECK (stance IN ('plans', 'waits', 'undecided', 'doubts')),
    planned_from  TEXT CHECK (planned_from IS date(planned_from)),  -- the planned time as a range: 'by summer 2020', 'in April 2020'
    planned_to    TEXT CHECK (planned_to IS date(planned_to)),      -- its last day
    planned_words TEXT CHECK (planned_words <> ''),                 -- as the source has it
    reason        TEXT CHECK (reason <> ''),
    source        TEXT CHECK (source <> ''),
    coding_id     INTEGER REFERENCES codings(id),          -- the passage that says so
    transcript_id INTEGER REFERENCES transcripts(id),      -- or the document
    coder         INTEGER NOT NULL REFERENCES coders(id),
    event         INTEGER NOT NULL REFERENCES events(id),
    CHECK (planned_from IS NULL OR planned_to >= planned_from),
    CHECK (coalesce(source, coding_id, transcript_id) IS NOT NULL)
) STRICT;
CREATE INDEX claims_goal ON claims(goal);
CREATE INDEX claims_case ON claims(case_id);
CREATE INDEX claims_coding ON claims(coding_id) WHERE coding_id IS NOT NULL;
CREATE INDEX claims_transcript ON claims(transcript_id) WHERE transcript_id IS NOT NULL;

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
    hash         BLOB NOT NULL,                            -- the chain
    why_hash     BLOB                                      -- blake3 of the reason: the chain covers this, so that the reason can be erased
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
    erased BLOB                                            -- blake3 of `before`, kept when its contents were erased, and who erased them; see store/erasures.rs
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

-- Every measure with the slugs that people use, and the reading that it is from.
CREATE VIEW figures AS
SELECT m.id AS measure, i.slug AS indicator, c.slug AS "case", p.label AS period, m.state, m.value, m.numerator, m.denominator,
       coalesce(m.as_of, r.as_of) AS as_of, r.id AS reading, r.source, r.file, m.line
FROM readings r
JOIN measures m ON m.id BETWEEN r.first_measure AND r.first_measure + r.measures - 1
JOIN indicators i ON i.id = m.indicator
JOIN cases c ON c.id = m.case_id
JOIN periods p ON p.id = m.period;
