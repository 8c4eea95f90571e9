//! What speech recognition writes as JSON (`recognised` says which programs): segments with times, and where it tells
//! voices apart, with speakers.
//!
//! Words, tokens and probabilities are passed over while the file is read; they never fill the memory.

use serde_json::error::Category;

use super::captions::name_by_colon;
use super::made::{self, Piece};
use super::recognised::{Heard, Root, of_segments};
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
    fn one_recording_in_every_format_is_one_transcript() {
        let parts = [
            (1_500, 3_000, "Where shall we \"begin?"),
            (3_000, 4_250, "At the end."),
        ];
        let each = |to: &dyn Fn(i64, i64, &str) -> String| -> String {
            parts.iter().map(|(a, b, text)| to(*a, *b, text)).collect()
        };
        let stamp = |ms: i64, sign: char| format!("00:0{}{sign}{:03}", ms / 1000, ms % 1000);
        let vtt = each(&|a, b, t| format!("{} --> {}\n{t}\n\n", stamp(a, '.'), stamp(b, '.')));
        let srt =
            each(&|a, b, t| format!("1\n00:{} --> 00:{}\n{t}\n\n", stamp(a, ','), stamp(b, ',')));
        let sbv = each(&|a, b, t| format!("0:{},0:{}\n{t}\n\n", stamp(a, '.'), stamp(b, '.')));
        let txt = each(&|a, b, t| format!("[{} --> {}]  {t}\n", stamp(a, '.'), stamp(b, '.')));
        let lrc = each(&|a, b, t| format!("[{}]{t}\n[{}]\n\n", stamp(a, '.'), stamp(b, '.')));
        let tsv = each(&|a, b, t| format!("{a}\t{b}\t{t}\n"));
        let json = each(&|a, b, t| {
            let text = t.replace('"', "\\\"");
            format!("{{\"start\":{a}e-3,\"end\":{b}e-3,\"text\":\" {text}\"}},")
        });
        let json = json.trim_end_matches(',');
        for (name, text) in [
            ("a.vtt", format!("WEBVTT\n\n{vtt}")),
            ("a.srt", srt),
            ("a.sbv", sbv),
            ("a.txt", txt),
            ("a.lrc", lrc),
            ("a.tsv", format!("start\tend\ttext\n{tsv}")),
            ("a.json", format!("{{\"segments\":[{json}]}}")),
        ] {
            let read = crate::import::read(name, text.as_bytes(), &Options::default()).expect(name);
            assert_eq!(read.text, "Where shall we \"begin?\nAt the end.", "{name}");
            let times: Vec<_> = read.turns.iter().map(|turn| turn.time_ms).collect();
            assert_eq!(times, [Some(1_500), Some(3_000)], "{name}");
        }
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
