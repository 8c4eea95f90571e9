//! Tables that become transcripts: a survey with a respondent in each row.

use serde_json::Value;
use snapbox::str;

use crate::harness::{Folder, whole};

const SURVEY: &str = "Respondent,Email,Role,What helps?,What hinders?\nP07,a@example.org,nurse,\"People who stay.\n\nAnd rest.\",Forms.\nP99,b@example.org,porter,,The lift.\nP07,c@example.org,nurse,,\n";

fn study() -> Folder {
    let folder = Folder::with_study();
    folder.line("case add alder").done();
    folder
        .line("participant add P07 --role nurse --case alder")
        .done();
    folder.write("survey.csv", SURVEY);
    folder
}

#[test]
fn a_survey_becomes_a_transcript_for_each_respondent() {
    let folder = study();
    whole!(
        folder.line("import survey.csv --dry-run"),
        str![[r#"
id   file             format  encoding  turns  words  speakers
T01  survey.csv, P07  csv     UTF-8         3      6
T02  survey.csv, P99  csv     UTF-8         1      2
--- stderr
warning: T01: 1 respondent without any answer left out (line 6)
warning: T01: 1 unanswered question left out with the heading
warning: T01: 1 column that may say who somebody is left out; --attribute COLUMN keeps one
Columns of survey.csv:
  A  respondent  Respondent  (its name says who answered)
  B  left out    Email  (it may say who somebody is)
  C  attribute   Role  (short values)
  D  question    What helps?  (its name is a question)
  E  question    What hinders?  (its name is a question)
2 transcripts would be imported; nothing was written.

"#]]
    );
    whole!(
        folder.line("import survey.csv"),
        str![[r#"
id   file             format  encoding  turns  words  speakers
T01  survey.csv, P07  csv     UTF-8         3      6
T02  survey.csv, P99  csv     UTF-8         1      2
--- stderr
warning: T01: 1 respondent without any answer left out (line 6)
warning: T01: 1 unanswered question left out with the heading
warning: T01: 1 column that may say who somebody is left out; --attribute COLUMN keeps one
Imported 2 transcripts.  (event 4; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("transcript list"),
        str![[r#"
id   case   kind       phase  date  participants  turns  words  codings
T01  alder  interview               P07               3      6        0
T02         interview                                 1      2        0

"#]]
    );
    whole!(
        folder.line("transcript show T01"),
        str![[r#"
T01  interview

T01:1  P07
People who stay.

T01:2  P07
And rest.

T01:3  P07
Forms.

"#]]
    );
    whole!(
        folder.line("search lift --participant P07"),
        str![[r#"
--- stderr
Nothing found.

"#]]
    );
    whole!(
        folder.line("search stay --participant P07"),
        str![[r#"
T01:1  P07  alder
People who stay.

--- stderr
1 turn.

"#]]
    );
    whole!(
        folder.line("import survey.csv"),
        str![[r#"
--- stderr
error: survey.csv: it is in already, as T01, T02
hint: to import it once more all the same: --again
--- status 1

"#]]
    );
    whole!(
        folder.line("undo"),
        str![[r#"
Took back event 4: import 2 transcripts (T01 to T02)
--- stderr
(event 5; to bring it back: casebook undo 5)

"#]]
    );
    folder.sound();
}

#[test]
fn parts_stand_in_the_json() {
    let folder = study();
    let run = folder.line("import survey.csv --question role --attribute E --json");
    let report: Value = serde_json::from_str(&run.stdout).expect("a report");
    let imported = report["imported"].as_array().expect("a list");
    let of = |key: &str| imported.iter().map(|i| i[key].clone()).collect::<Vec<_>>();
    assert_eq!(of("part"), ["P07", "P99", "P07"]);
    assert_eq!(of("transcript"), ["T01", "T02", "T03"]);
    assert_eq!(of("file"), ["survey.csv"; 3]);
    assert_eq!(of("sha256")[0], of("sha256")[2]);
    let columns = imported[0]["columns"].as_array().expect("columns");
    let taken: Vec<_> = columns.iter().map(|c| c["as"].clone()).collect();
    assert_eq!(
        taken,
        [
            "respondent",
            "left-out",
            "question",
            "question",
            "attribute"
        ]
    );
    assert!(imported[1].get("columns").is_none());
    folder.sound();
}

#[test]
fn what_does_not_fit_is_refused() {
    let folder = study();
    whole!(
        folder.line("import survey.csv --id S1"),
        str![[r#"
--- stderr
error: survey.csv: one id can't name its 2 transcripts
hint: leave the id out; each transcript gets the next free one
--- status 1

"#]]
    );
    whole!(
        folder.line("import survey.csv --question hindrance"),
        str![[r#"
--- stderr
error: survey.csv: the table has no column `hindrance`
hint: name a column by its header, the beginning of it, or its letter, as in C
--- status 1

"#]]
    );
    folder.write("beds.csv", "place,beds\nNorth,12\nSouth,30\n");
    folder.write("data.json", "{\"beds\": 12}");
    whole!(
        folder.line("import beds.csv data.json"),
        str![[r#"
--- stderr
error: beds.csv: the table is neither a transcript nor a survey: no column is called `text`, `utterance`, `words`, `transcript`, `transcription`, `content`; none has a question mark in its name; and no `participant` or `respondent` stands beside answers
hint: call the column with the words `text`, or name the columns that hold answers with --question COLUMN
error: data.json: the JSON holds no transcript that is known
hint: Whisper, WhisperX, AssemblyAI, Deepgram, Amazon Transcribe and Rev are known; others also write .vtt, .srt or .txt: import that
--- status 1

"#]]
    );
    folder.sound();
}

#[test]
fn a_row_may_be_a_turn() {
    let folder = study();
    folder.write(
        "talk.tsv",
        "speaker\tstart\ttext\nInterviewer\t0:00\tHow is it going?\nP07\t0:04\tSlowly.\nP07\t0:09\tAnd not well.\n",
    );
    whole!(
        folder.line("import talk.tsv --id talk"),
        str![[r#"
id    file      format  encoding  turns  words  speakers
talk  talk.tsv  tsv     UTF-8         3      8  Interviewer (interviewer) 1, P07 2
--- stderr
Imported 1 transcript.  (event 4; to take it back: casebook undo)

"#]]
    );
    whole!(
        folder.line("transcript show talk"),
        str![[r#"
talk  interview

talk:1  Interviewer  0:00
How is it going?

talk:2  P07  0:04
Slowly.

talk:3  P07  0:09
And not well.

"#]]
    );
    folder.sound();
}
