//! What speech recognition writes as JSON: segments with times, and where it tells voices apart, with speakers.
//!
//! | program | where its segments are | times |
//! |---|---|---|
//! | Whisper, WhisperX, OpenAI | `segments` (or a list of them alone), `speaker` | seconds |
//! | whisper.cpp | `transcription`, `offsets` | milliseconds |
//! | Hugging Face | `chunks`, `timestamp` | seconds |
//! | AssemblyAI | `utterances` | milliseconds |
//! | Deepgram | `results.utterances`; else the paragraphs of the first channel | seconds |
//! | Amazon Transcribe | `results.audio_segments`; else `results.items` | seconds |
//! | Rev | `monologues`, `elements` | seconds |
//! | any | `text`, if there is nothing else | none |
//!
//! Words, tokens and probabilities are passed over while the file is read; they never fill the memory.

use serde::Deserialize;
use serde_json::error::Category;

use super::captions::name_by_colon;
use super::made::{self, Piece};
use super::{Draft, Error, Options, count, encoding, limits, signs};

pub(super) fn read(bytes: &[u8], options: &Options) -> Result<Draft, Error> {
    let decoded = encoding::decode(bytes, options.encoding.as_deref())?;
    limits::text(&decoded.text)?;
    let mut draft = from_text(&decoded.text)?;
    signs::check(&draft.text, &mut draft.warnings)?;
    draft.encoding = decoded.encoding;
    draft.warnings.splice(0..0, decoded.warnings);
    Ok(draft)
}

fn from_text(json: &str) -> Result<Draft, Error> {
    let refused = |error: serde_json::Error| match error.classify() {
        Category::Syntax | Category::Eof => Error::DamagedJson {
            line: error.line(),
            column: error.column(),
        },
        Category::Data | Category::Io => Error::NotTranscript,
    };
    let heard = if json.trim_start().starts_with('[') {
        of_segments(serde_json::from_str(json).map_err(refused)?, 1000.0)
    } else {
        let root: Root = serde_json::from_str(json).map_err(refused)?;
        root.heard().ok_or(Error::NotTranscript)?
    };
    made_of(heard)
}

/// A stretch of speech, whoever recognised it.
#[derive(Debug, Default, PartialEq)]
struct Heard {
    speaker: Option<String>,
    start: Option<i64>,
    end: Option<i64>,
    text: String,
}

fn made_of(heard: Vec<Heard>) -> Result<Draft, Error> {
    let (mut silent, mut untimed, mut backwards, mut ending) = (0, 0, 0, 0);
    let mut before = None;
    let mut pieces: Vec<Piece> = Vec::with_capacity(heard.len());
    for segment in heard {
        // Line breaks in a segment are cut for the screen, as in captions.
        let lines: Vec<&str> = segment
            .text
            .split(['\n', '\r'])
            .map(|line| line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}'))
            .filter(|line| !line.is_empty())
            .collect();
        if lines.is_empty() {
            silent += 1;
            continue;
        }
        untimed += usize::from(segment.start.is_none());
        backwards += usize::from(segment.start.is_some() && segment.start < before);
        ending += usize::from(segment.end.is_some() && segment.end < segment.start);
        before = segment.start.or(before);
        pieces.push(Piece {
            speaker: segment.speaker,
            start: segment.start,
            words: lines.join(" "),
            follows: false,
        });
    }
    if pieces.is_empty() {
        return Err(Error::NotTranscript);
    }
    if pieces.iter().all(|piece| piece.speaker.is_none()) {
        name_by_colon(&mut pieces);
    }
    let mut draft = made::of_pieces(&pieces);
    let mut warnings = Vec::new();
    let mut say = |n, one: &str, many: &str, what: &str| {
        if n > 0 {
            warnings.push(format!("{}{what}", count(n, one, many)));
        }
    };
    say(silent, "segment", "segments", " without words left out");
    say(untimed, "segment", "segments", " without a time");
    say(
        backwards,
        "segment",
        "segments",
        " earlier than the one before",
    );
    say(
        ending,
        "segment that ends before it begins",
        "segments that end before they begin",
        "",
    );
    warnings.append(&mut draft.warnings);
    Ok(Draft { warnings, ..draft })
}

/// Whole milliseconds, of what can be a time in a recording.
pub(super) fn milliseconds(ms: f64) -> Option<i64> {
    /// A year.
    const MOST: f64 = 31_557_600_000.0;
    #[expect(clippy::cast_possible_truncation, reason = "checked, and rounded")]
    (0.0..MOST).contains(&ms).then(|| ms.round() as i64)
}

/// Everything that any of the programs writes; what else is there is passed over.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Root {
    segments: Option<Vec<Segment>>,
    transcription: Option<Vec<Offsets>>,
    chunks: Option<Vec<Chunk>>,
    utterances: Option<Vec<Segment>>,
    monologues: Option<Vec<Monologue>>,
    results: Option<Results>,
    text: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Segment {
    #[serde(alias = "start_time")]
    start: Option<Number>,
    #[serde(alias = "end_time")]
    end: Option<Number>,
    #[serde(alias = "transcript")]
    text: Option<String>,
    #[serde(alias = "speaker_label")]
    speaker: Option<Name>,
}

/// A number, also where it is written as a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Number(f64),
    Text(String),
}

impl Number {
    fn ms(&self, unit: f64) -> Option<i64> {
        let number = match self {
            Self::Number(number) => *number,
            Self::Text(text) => text.trim().parse().ok()?,
        };
        milliseconds(number * unit)
    }
}

/// A speaker's label, or number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Name {
    Text(String),
    Number(i64),
}

impl Name {
    /// A letter or number alone says nothing in a text; it is written as programs show it.
    fn label(&self) -> Option<String> {
        let text = match self {
            Self::Number(n) => return Some(format!("Speaker {n}")),
            Self::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        };
        let text = text.trim_matches([':', '\u{feff}']).trim();
        match text.chars().count() {
            0 => None,
            1 => Some(format!("Speaker {text}")),
            _ => Some(text.to_owned()),
        }
    }
}

#[derive(Deserialize)]
struct Offsets {
    offsets: Option<FromTo>,
    text: Option<String>,
    speaker: Option<Name>,
}

#[derive(Deserialize)]
struct FromTo {
    from: Option<f64>,
    to: Option<f64>,
}

#[derive(Deserialize)]
struct Chunk {
    timestamp: Option<(Option<f64>, Option<f64>)>,
    text: Option<String>,
    speaker: Option<Name>,
}

#[derive(Deserialize)]
struct Monologue {
    speaker: Option<Name>,
    #[serde(default)]
    elements: Vec<Element>,
}

#[derive(Deserialize)]
struct Element {
    value: Option<String>,
    ts: Option<f64>,
    end_ts: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Results {
    utterances: Option<Vec<Segment>>,
    channels: Option<Vec<Channel>>,
    audio_segments: Option<Vec<Segment>>,
    items: Option<Vec<Item>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Channel {
    alternatives: Vec<Alternative>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Alternative {
    transcript: Option<String>,
    paragraphs: Option<Paragraphs>,
    content: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Paragraphs {
    paragraphs: Vec<Paragraph>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Paragraph {
    sentences: Vec<Segment>,
    speaker: Option<Name>,
    start: Option<Number>,
    end: Option<Number>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Item {
    start_time: Option<Number>,
    end_time: Option<Number>,
    speaker_label: Option<Name>,
    alternatives: Vec<Alternative>,
}

impl Root {
    fn heard(self) -> Option<Vec<Heard>> {
        if let Some(segments) = filled(self.segments) {
            return Some(of_segments(segments, 1000.0));
        }
        if let Some(segments) = filled(self.transcription) {
            return Some(segments.into_iter().map(Offsets::heard).collect());
        }
        if let Some(chunks) = filled(self.chunks) {
            return Some(chunks.into_iter().map(Chunk::heard).collect());
        }
        if let Some(utterances) = filled(self.utterances) {
            return Some(of_segments(utterances, 1.0));
        }
        if let Some(monologues) = filled(self.monologues) {
            return Some(monologues.into_iter().map(Monologue::heard).collect());
        }
        if let Some(results) = self.results {
            return results.heard();
        }
        let lines = |text: String| -> Vec<Heard> { text.lines().map(of_line).collect() };
        self.text.filter(|text| !text.trim().is_empty()).map(lines)
    }
}

fn filled<T>(list: Option<Vec<T>>) -> Option<Vec<T>> {
    list.filter(|list| !list.is_empty())
}

fn of_line(line: &str) -> Heard {
    Heard {
        text: line.to_owned(),
        ..Heard::default()
    }
}

fn of_segments(segments: Vec<Segment>, unit: f64) -> Vec<Heard> {
    segments
        .into_iter()
        .map(|segment| Heard {
            speaker: segment.speaker.and_then(|name| name.label()),
            start: segment.start.and_then(|number| number.ms(unit)),
            end: segment.end.and_then(|number| number.ms(unit)),
            text: segment.text.unwrap_or_default(),
        })
        .collect()
}

impl Offsets {
    fn heard(self) -> Heard {
        let (from, to) = self.offsets.map_or((None, None), |o| (o.from, o.to));
        Heard {
            speaker: self.speaker.and_then(|name| name.label()),
            start: from.and_then(milliseconds),
            end: to.and_then(milliseconds),
            text: self.text.unwrap_or_default(),
        }
    }
}

impl Chunk {
    fn heard(self) -> Heard {
        let (from, to) = self.timestamp.unwrap_or_default();
        Heard {
            speaker: self.speaker.and_then(|name| name.label()),
            start: from.and_then(|s| milliseconds(s * 1000.0)),
            end: to.and_then(|s| milliseconds(s * 1000.0)),
            text: self.text.unwrap_or_default(),
        }
    }
}

impl Monologue {
    fn heard(self) -> Heard {
        let time = |s: f64| milliseconds(s * 1000.0);
        Heard {
            speaker: self.speaker.and_then(|name| name.label()),
            start: self.elements.iter().find_map(|e| e.ts).and_then(time),
            end: self
                .elements
                .iter()
                .rev()
                .find_map(|e| e.end_ts)
                .and_then(time),
            text: self.elements.into_iter().filter_map(|e| e.value).collect(),
        }
    }
}

impl Results {
    fn heard(self) -> Option<Vec<Heard>> {
        if let Some(segments) = filled(self.utterances).or(filled(self.audio_segments)) {
            return Some(of_segments(segments, 1000.0));
        }
        if let Some(items) = filled(self.items) {
            return Some(of_items(items));
        }
        // Further channels hold the other side of a call, further alternatives other guesses; without utterances the
        // first is what there is.
        let best = self
            .channels?
            .into_iter()
            .next()?
            .alternatives
            .into_iter()
            .next()?;
        match best.paragraphs.and_then(|p| filled(Some(p.paragraphs))) {
            Some(paragraphs) => Some(paragraphs.into_iter().map(Paragraph::heard).collect()),
            None => best
                .transcript
                .map(|text| text.lines().map(of_line).collect()),
        }
    }
}

impl Paragraph {
    fn heard(self) -> Heard {
        let sentences: Vec<String> = self.sentences.into_iter().filter_map(|s| s.text).collect();
        Heard {
            speaker: self.speaker.and_then(|name| name.label()),
            start: self.start.and_then(|number| number.ms(1000.0)),
            end: self.end.and_then(|number| number.ms(1000.0)),
            text: sentences.join(" "),
        }
    }
}

/// Words and signs, one by one. A new speaker begins a new stretch; where nobody is named, the end of a sentence does.
fn of_items(items: Vec<Item>) -> Vec<Heard> {
    let mut out: Vec<Heard> = Vec::new();
    let mut closed = true;
    for item in items {
        let Some(content) = item.alternatives.into_iter().find_map(|a| a.content) else {
            continue;
        };
        let speaker = item.speaker_label.and_then(|name| name.label());
        let start = item.start_time.and_then(|number| number.ms(1000.0));
        let end = item.end_time.and_then(|number| number.ms(1000.0));
        // Signs have no time, and belong to the word before.
        let sign = start.is_none();
        match out.last_mut() {
            Some(last) if sign || (!closed && last.speaker == speaker) => {
                if !sign {
                    last.text.push(' ');
                }
                last.text.push_str(&content);
                last.end = end.or(last.end);
            }
            _ => {
                closed = false;
                out.push(Heard {
                    speaker,
                    start,
                    end,
                    text: content.clone(),
                });
            }
        }
        if let Some(last) = out.last() {
            closed = last.speaker.is_none() && content.ends_with(['.', '?', '!', '。', '？']);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(json: &str, text: &str, times: &[Option<i64>], labels: &[&str]) {
        let draft = from_text(json).expect(json);
        assert_eq!(draft.text, text, "{json}");
        let found: Vec<Option<i64>> = draft.turns.iter().map(|turn| turn.time_ms).collect();
        assert_eq!(found, times, "{json}");
        assert_eq!(draft.labels, labels, "{json}");
    }

    #[test]
    fn whisper_and_its_kin() {
        let segments = r#"[{"start":43.81,"end":47.85,"text":" one","words":[{"word":"one"}]},{"start":48.35,"text":" two\nthree"},{"text":" "}]"#;
        let times = [Some(43_810), Some(48_350)];
        check(segments, "one\ntwo three", &times, &[]);
        let whole = format!(r#"{{"text":"one two three","segments":{segments},"language":"en"}}"#);
        check(&whole, "one\ntwo three", &times, &[]);
        check(
            r#"{"segments":[{"start":1,"text":"a","speaker":"SPEAKER_00"},{"start":2,"text":"b","speaker":"SPEAKER_00"},{"start":3,"text":"c","speaker":"SPEAKER_01"}]}"#,
            "SPEAKER_00: a b\n\nSPEAKER_01: c",
            &[Some(1000), Some(3000)],
            &["SPEAKER_00", "SPEAKER_01"],
        );
        check(
            r#"{"transcription":[{"timestamps":{"from":"00:00:01,000"},"offsets":{"from":1000,"to":2000},"text":" a"}]}"#,
            "a",
            &[Some(1000)],
            &[],
        );
        check(
            r#"{"text":"a","chunks":[{"timestamp":[1.5,null],"text":" a"}]}"#,
            "a",
            &[Some(1500)],
            &[],
        );
        check(r#"{"text":"one\ntwo"}"#, "one\ntwo", &[None, None], &[]);
    }

    #[test]
    fn other_programs() {
        let labels = ["Speaker A", "Speaker B"];
        check(
            r#"{"text":"a b","utterances":[{"speaker":"A","start":250,"end":900,"text":"a"},{"speaker":"B","start":1000,"text":"b"}]}"#,
            "Speaker A: a\n\nSpeaker B: b",
            &[Some(250), Some(1000)],
            &labels,
        );
        let labels = ["Speaker 0", "Speaker 1"];
        check(
            r#"{"results":{"utterances":[{"speaker":0,"start":0.25,"transcript":"a"},{"speaker":1,"start":1,"transcript":"b"}]}}"#,
            "Speaker 0: a\n\nSpeaker 1: b",
            &[Some(250), Some(1000)],
            &labels,
        );
        check(
            r#"{"results":{"channels":[{"alternatives":[{"transcript":"x","paragraphs":{"paragraphs":[{"speaker":0,"start":1,"sentences":[{"text":"a"},{"text":"b"}]}]}}]}]}}"#,
            "Speaker 0: a b",
            &[Some(1000)],
            &labels[..1],
        );
        check(
            r#"{"monologues":[{"speaker":0,"elements":[{"type":"text","value":"Hi","ts":0.5},{"type":"punct","value":"."}]}]}"#,
            "Speaker 0: Hi.",
            &[Some(500)],
            &labels[..1],
        );
        check(
            r#"{"results":{"audio_segments":[{"start_time":"0.5","transcript":"a","speaker_label":"spk_0"}]}}"#,
            "spk_0: a",
            &[Some(500)],
            &["spk_0"],
        );
        let item = |time: &str, speaker: &str, word: &str| {
            format!(r#"{{{time}{speaker}"alternatives":[{{"content":"{word}"}}]}}"#)
        };
        let items = |a: &str, b: &str| {
            format!(
                r#"{{"results":{{"items":[{},{},{},{}]}}}}"#,
                item("\"start_time\":\"0.5\",", a, "Well"),
                item("", a, "."),
                item("\"start_time\":\"1.5\",", b, "So"),
                item("\"start_time\":\"2.5\",", b, "on"),
            )
        };
        check(
            &items(
                "\"speaker_label\":\"spk_0\",",
                "\"speaker_label\":\"spk_1\",",
            ),
            "spk_0: Well.\n\nspk_1: So on",
            &[Some(500), Some(1500)],
            &["spk_0", "spk_1"],
        );
        check(
            &items("", ""),
            "Well.\nSo on",
            &[Some(500), Some(1500)],
            &[],
        );
    }

    #[test]
    fn what_is_odd_is_counted() {
        let draft = from_text(
            r#"[{"start":2,"end":1,"text":"a"},{"start":1,"text":"b"},{"start":-1,"text":"c"},{"start":1e300,"text":""}]"#,
        )
        .expect("segments");
        assert_eq!(
            draft.warnings,
            [
                "1 segment without words left out",
                "1 segment without a time",
                "1 segment earlier than the one before",
                "1 segment that ends before it begins",
            ]
        );
    }

    #[test]
    fn what_is_no_transcript_is_refused() {
        for json in [
            "{}",
            "[]",
            "[1,2]",
            "null",
            "\"words\"",
            r#"{"segments":[]}"#,
            r#"{"segments":"x"}"#,
            r#"{"name":"casebook","version":1}"#,
            r#"{"text":" "}"#,
            r#"{"results":[]}"#,
        ] {
            assert!(
                matches!(from_text(json), Err(Error::NotTranscript)),
                "{json}"
            );
        }
        for json in [
            "{",
            "{\"text\":\"\\ud800\"}",
            "{\"text\":\"a\"} x",
            &"[".repeat(100_000),
        ] {
            let refused = matches!(from_text(json), Err(Error::DamagedJson { .. }));
            assert!(refused, "{}", &json[..json.len().min(40)]);
        }
        let deep = format!(
            "{{\"tokens\":{}1{},\"text\":\"a\"}}",
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert_eq!(from_text(&deep).map(|d| d.text).ok().as_deref(), Some("a"));
    }

    fn json() -> impl Strategy<Value = String> {
        let keys = "segments|text|start|speaker|utterances|results|items|alternatives|content|chunks|timestamp|monologues|elements|value|offsets|transcription|from";
        let leaf = prop_oneof![
            "-?[0-9]{1,3}(\\.[0-9]{1,3})?(e[0-9]{1,3})?",
            "\"[a-zA-Z: é.]{0,9}\"",
            Just("null".to_owned()),
            Just("\"\\u0007\\r\\n\\ufeffa\"".to_owned()),
        ];
        leaf.prop_recursive(6, 60, 5, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4)
                    .prop_map(|v| format!("[{}]", v.join(","))),
                proptest::collection::btree_map(keys, inner, 0..5).prop_map(|m| {
                    let m: Vec<String> = m.iter().map(|(k, v)| format!("\"{k}\":{v}")).collect();
                    format!("{{{}}}", m.join(","))
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_json(json in json()) {
            if let Ok(draft) = from_text(&json) {
                prop_assert!(!draft.turns.is_empty() && !draft.text.contains('\r'));
            }
        }
        #[test]
        fn any_shape(inner in json(), key in "segments|utterances|chunks|results|monologues|transcription") {
            let _ = from_text(&format!("{{\"{key}\":{inner}}}"));
        }
    }
}
