//! The shapes of JSON that programs write when they have listened to a recording.
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

use serde::Deserialize;

use super::words;

/// A stretch of speech, whoever recognised it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Heard {
    pub speaker: Option<String>,
    pub start: Option<i64>,
    pub end: Option<i64>,
    pub text: String,
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
pub(super) struct Root {
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
pub(super) struct Segment {
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
            Self::Text(text) => words::on_one_line(text),
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
    pub(super) fn heard(self) -> Option<Vec<Heard>> {
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

pub(super) fn of_segments(segments: Vec<Segment>, unit: f64) -> Vec<Heard> {
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
