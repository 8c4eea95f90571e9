//! Tables of words: each is found by a search as often as it is counted, groups and the rest make the whole.

use serde::Deserialize;
use snapbox::str;

use crate::harness::{Folder, invented, whole};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Frequency {
    pending: usize,
    #[serde(rename = "stemmed")]
    _stemmed: bool,
    words: u64,
    types: usize,
    transcripts: usize,
    #[serde(rename = "participants")]
    _participants: u64,
    #[serde(rename = "stop_words")]
    _stop_words: Option<usize>,
    groups: Vec<Group>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    group: Option<String>,
    words: u64,
    #[serde(rename = "transcripts")]
    _transcripts: usize,
    #[serde(rename = "participants")]
    _participants: u64,
    total: usize,
    rows: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    word: String,
    count: u64,
    per_1000_words: Option<f64>,
    transcripts: usize,
    participants: u64,
    rest: Option<u64>,
    rest_per_1000_words: Option<f64>,
    g2: Option<f64>,
    log_ratio: Option<f64>,
}

fn all(folder: &Folder, more: &str) -> Frequency {
    folder
        .line(&format!(
            "frequency --stop-words none --limit 1000000 --json {more}"
        ))
        .done()
        .json()
}

#[test]
fn a_word_is_found_as_often_as_it_is_counted() {
    let folder = invented();
    for (stem, filter) in [
        ("", ""),
        ("", "--case alder --speaker all"),
        ("--stem", ""),
        ("--stem", "--speaker interviewer"),
    ] {
        let found = all(folder, &format!("{stem} {filter}"));
        let rows = &found.groups[0].rows;
        assert_eq!(rows.iter().map(|r| r.count).sum::<u64>(), found.words);
        assert_eq!(
            (rows.len(), found.groups[0].total),
            (found.types, found.types)
        );
        for row in rows.iter().step_by(rows.len() / 12 + 1) {
            let query = if stem.is_empty() {
                format!("={}", row.word)
            } else {
                row.word.clone()
            };
            let mut args = vec!["search", &query, "--limit", "100000", "--json"];
            args.extend(filter.split_whitespace());
            let hits: serde_json::Value = folder.run(&args).done().json();
            let hits = hits["hits"].as_array().expect("hits");
            let said: usize = hits
                .iter()
                .map(|h| h["highlights"].as_array().expect("highlights").len())
                .sum();
            assert_eq!(said as u64, row.count, "{query} {filter}");
            let mut of: Vec<&str> = hits
                .iter()
                .filter_map(|h| h["transcript"].as_str())
                .collect();
            of.sort_unstable();
            of.dedup();
            assert_eq!(of.len(), row.transcripts, "{query} {filter}");
            let mut by: Vec<&str> = hits
                .iter()
                .filter_map(|h| h["participant"].as_str())
                .collect();
            by.sort_unstable();
            by.dedup();
            assert_eq!(by.len() as u64, row.participants, "{query} {filter}");
        }
    }
}

#[test]
fn groups_and_their_rest_make_the_whole() {
    let folder = invented();
    let whole = all(folder, "");
    let count = |word: &str| {
        let row = whole.groups[0].rows.iter().find(|r| r.word == word);
        row.map_or(0, |r| r.count)
    };
    for by in [
        "case",
        "phase",
        "role",
        "participant",
        "transcript",
        "section",
        "attr:sector",
    ] {
        let found = all(folder, &format!("--group-by {by}"));
        assert_eq!(found.words, whole.words);
        assert_eq!(
            found.groups.iter().map(|g| g.words).sum::<u64>(),
            whole.words,
            "{by}"
        );
        for group in &found.groups {
            let name = group.group.as_deref().expect("a name");
            assert_eq!(
                group.rows.iter().map(|r| r.count).sum::<u64>(),
                group.words,
                "{name}"
            );
            for row in &group.rows {
                assert_eq!(
                    row.count + row.rest.expect("a rest"),
                    count(&row.word),
                    "{name}"
                );
                if group.words < whole.words {
                    let (here, rest) = (
                        row.per_1000_words.expect("words"),
                        row.rest_per_1000_words.expect("words"),
                    );
                    let g2 = row.g2.expect("defined");
                    assert!(
                        (here >= rest && g2 >= 0.0) || (here <= rest && g2 <= 0.0),
                        "{name} {}",
                        row.word
                    );
                    assert!(row.log_ratio.is_some());
                }
            }
        }
    }
    // Coded passages may share words, and most words are in none.
    let found = all(folder, "--group-by theme --depth 1");
    assert!(found.groups.iter().all(|g| g.words < whole.words));
    // A filter by a theme counts the words of its passages alone: those of the group.
    let own = all(folder, "--theme governance");
    let group = found
        .groups
        .iter()
        .find(|g| g.group.as_deref() == Some("governance"));
    assert_eq!(group.map(|g| g.words), Some(own.words));
    assert!(own.transcripts <= whole.transcripts);
}

#[test]
fn words_are_shown_with_what_they_are_of() {
    let folder = invented();
    whole!(
        folder.line("frequency --limit 5 --case alder"),
        str![[r#"
word    count  per 1,000  transcripts  participants
we         82       7.00            6             5
they       77       6.57            6             5
people     65       5.55            6             5
not        60       5.12            6             5
no         57       4.86            6             5
--- stderr
Rates are for each 1,000 words said by everyone but the interviewers: 11,720 words, 1,753 different, in 6 transcripts by 5 participants.
240 different stop words are left out of the table, not of the rates: --stop-words none shows all.
5 of 1,513 rows: --limit N shows more.
Where a word is said: casebook frequency --word WORD

"#]]
    );
    whole!(
        folder.line("frequency --group-by phase --stem --limit 3 --least 3"),
        str![[r#"
phase    word      count  per 1,000  transcripts  participants  rest  rest per 1,000     G2  log ratio
phase-1  deal          6       0.39            5             5     0            0.00   8.08       3.53
phase-1  drawer        6       0.39            3             3     0            0.00   8.08       3.53
phase-1  private       6       0.39            3             3     0            0.00   8.08       3.53
phase-2  co            9       0.61            3             2     0            0.00  12.84       4.23
phase-2  offered       8       0.54            4             3     0            0.00  11.41       4.06
phase-2  upstairs      7       0.47            2             2     0            0.00   9.99       3.86
--- stderr
Rates are for each 1,000 words said by everyone but the interviewers: 30,310 words, 2,069 different, in 15 transcripts by 16 participants.
Words of each: phase-1 15,457, phase-2 14,853.
G2 is the log-likelihood against all other words counted here, with a minus where the word is rarer; from 3.84, 6.63, 10.83 and 15.13 a difference so large is rarer than 5, 1, 0.1 and 0.01 % by chance, for one word looked at alone. The log ratio is 1 for twice the rate, 2 for four times; a count of 0 is taken as 0.5.
223 different stop words are left out of the table, not of the rates: --stop-words none shows all.
6 of 987 rows: --limit N shows more.
Where a word is said: casebook frequency --word WORD --stem

"#]]
    );
    whole!(
        folder.line("frequency --word tuesday"),
        str![[r#"
place   who  left                                      keyword  right
T09:50  P08  morning. If you let someone down on the   Tuesday   then you've got to look at them on the
T05:4   P05   you, I take my daughter to school on a   Tuesday  , so I've been twice. They were very wel
T15:57  P16   chair's, and not one of them was here.   Tuesday  , nine o'clock. There's nothing stopping
T15:6   P14  ist. It's on the wall behind you. Every   Tuesday   at nine, sixty-odd names, whoever's wor
T10:16  P09  e voice of the sector on Monday, and on   Tuesday   it's a provider with £1.4 million of co
T03:2   P03  e evening, which nobody's counted. On a   Tuesday   I'm in surgery until half past twelve a
T08:46  P07  om the voluntary alliance sat down on a   Tuesday   and there was a clinic open by the Mond
T10:22  P09  n information governance review. On the   Tuesday   night the place director rang me and sa
T11:22  P10   names, to the voluntary alliance, on a   Tuesday   night. I'd rung the information people
T14:14  P13  f actual people, by initials, and every   Tuesday   somebody has to say what they did about
T01:4   P01   already met for breakfast on the first   Tuesday   of the month, in the garden centre off
--- stderr
11 places in 11 turns.

"#]]
    );
    whole!(
        folder.line("frequency --limit 2 --case alder --csv"),
        str![[r#"
word,count,"per 1,000",transcripts,participants
we,82,7.00,6,5
they,77,6.57,6,5
--- stderr
Rates are for each 1,000 words said by everyone but the interviewers: 11,720 words, 1,753 different, in 6 transcripts by 5 participants.
240 different stop words are left out of the table, not of the rates: --stop-words none shows all.
2 of 1,513 rows: --limit N shows more.
Where a word is said: casebook frequency --word WORD

"#]]
    );
}

#[test]
fn lists_of_stop_words() {
    let folder = Folder::invented();
    folder.write("stop.txt", "trust\nThe\n");
    let found: Frequency = folder
        .line("frequency --stop-words stop.txt --limit 100000 --json")
        .done()
        .json();
    let rows = &found.groups[0].rows;
    assert!(rows.iter().all(|r| r.word != "the" && r.word != "trust"));
    assert!(rows.iter().any(|r| r.word == "and"));
    folder.line("study edit --language fr").done();
    whole!(
        folder.line("frequency --limit 1 --quiet"),
        str![[r#"
word  count  per 1,000  transcripts  participants
the    1940      64.01           15            16

"#]]
    );
    let talk = folder.line("frequency --limit 1").done().stderr;
    assert!(talk.contains("no list of stop words"), "{talk}");
}

#[test]
fn what_can_t_be_counted_is_refused() {
    let folder = invented();
    whole!(
        folder.line("frequency --group-by nothing").refused(),
        str![[r#"
--- stderr
error: `nothing` is nothing that a table can be made by
hint: it may be: case, participant, transcript, phase, role, theme, coder, section or attr:KEY
--- status 1

"#]]
    );
    whole!(
        folder.line("frequency --order-by keyness").refused(),
        str![[r#"
--- stderr
error: keyness sets a group apart from the rest, and there are no groups
hint: say which, as in: --group-by role
--- status 1

"#]]
    );
    whole!(
        folder.run(&["frequency", "--word", "two words"]).refused(),
        str![[r#"
--- stderr
error: `two words` is not one word
hint: search for several with: casebook search "two words" --kwic
--- status 1

"#]]
    );
    whole!(
        folder.line("frequency --stop-words nowhere.txt").refused(),
        str![[r#"
--- stderr
error: `nowhere.txt` can't be read or written: No such file or directory (os error 2)
hint: check that the file or its folder is there
--- status 1

"#]]
    );
}
