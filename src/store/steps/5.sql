-- From format 4 to 5. What was released is never edited: the tables stand here as they were made then.

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

-- Every measure with the slugs that people use, and the reading that it is from.
CREATE VIEW figures AS
SELECT m.id AS measure, i.slug AS indicator, c.slug AS "case", p.label AS period, m.state, m.value, m.numerator, m.denominator,
       coalesce(m.as_of, r.as_of) AS as_of, r.id AS reading, r.source, r.file, m.line
FROM readings r
JOIN measures m ON m.id BETWEEN r.first_measure AND r.first_measure + r.measures - 1
JOIN indicators i ON i.id = m.indicator
JOIN cases c ON c.id = m.case_id
JOIN periods p ON p.id = m.period;
