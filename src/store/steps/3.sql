-- From format 2 to 3. What was released is never edited: the tables stand here as they were made then.

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
    event    INTEGER NOT NULL REFERENCES events(id)
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

ALTER TABLE memos ADD COLUMN finding_id INTEGER REFERENCES findings(id)
    CHECK (finding_id IS NULL OR coalesce(case_id, participant_id, transcript_id, theme_id, coding_id) IS NULL);
ALTER TABLE transcripts ADD COLUMN source TEXT
    CHECK (source IN ('document', 'archival-record', 'interview', 'direct-observation', 'participant-observation', 'physical-artefact'));
ALTER TABLE codings ADD COLUMN reworded INTEGER REFERENCES events(id);
