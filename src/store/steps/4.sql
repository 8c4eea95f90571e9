-- From format 3 to 4. What was released is never edited: the tables stand here as they were made then.

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

ALTER TABLE study ADD COLUMN k_labels INTEGER CHECK (k_labels >= 1);
ALTER TABLE study ADD COLUMN k_counts INTEGER CHECK (k_counts >= 1);
ALTER TABLE study ADD COLUMN ended TEXT CHECK (ended IS date(ended));
ALTER TABLE releases ADD COLUMN audience TEXT CHECK (audience IN ('team', 'participant', 'case', 'public'));
ALTER TABLE releases ADD COLUMN path TEXT;
ALTER TABLE releases ADD COLUMN counts TEXT;
ALTER TABLE events ADD COLUMN why_hash BLOB;
ALTER TABLE transcripts ADD COLUMN nobodys INTEGER CHECK (nobodys = 1);
