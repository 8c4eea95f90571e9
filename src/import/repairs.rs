//! What was wrong with captions and read nevertheless, and how that is said.

use super::count;

/// Where something was wrong and read nevertheless: the line (from 1), and the cue's number if it has one.
pub(super) type Place = (usize, Option<usize>);

/// What was overlooked, by kind.
#[derive(Debug, Default)]
pub(super) struct Repairs {
    pub times: Vec<Place>,
    pub signs: Vec<Place>,
    pub untimed: Vec<Place>,
    pub silent: Vec<Place>,
    pub backwards: Vec<Place>,
    pub overlaps: Vec<Place>,
    pub endings: Vec<Place>,
    pub comments: Vec<Place>,
}

impl Repairs {
    /// Rolling captions overlap by nature, so that is not said of them.
    pub(super) fn warnings(&self, rolling: bool) -> Vec<String> {
        let mut out = Vec::new();
        let mut say = |at: &[Place], one: &str, many: &str, then: &str| {
            if !at.is_empty() {
                out.push(format!(
                    "{} {then} ({})",
                    count(at.len(), one, many),
                    places(at)
                ));
            }
        };
        say(&self.times, "time", "times", "could not be read");
        say(
            &self.signs,
            "time",
            "times",
            "with the other format's decimal sign read all the same",
        );
        say(
            &self.untimed,
            "block of words",
            "blocks of words",
            "without a time",
        );
        say(&self.silent, "cue", "cues", "without words left out");
        say(
            &self.backwards,
            "cue",
            "cues",
            "earlier than the one before kept in the order of the file",
        );
        say(
            if rolling { &[] } else { &self.overlaps },
            "cue that overlaps",
            "cues that overlap",
            "the one before kept as read",
        );
        say(
            &self.endings,
            "cue that ends before it begins",
            "cues that end before they begin",
            "kept as read",
        );
        say(&self.comments, "comment", "comments", "left out");
        out
    }
}

/// The first twenty places, and how many more there are.
fn places(at: &[Place]) -> String {
    const SHOWN: usize = 20;
    let shown: Vec<String> = at
        .iter()
        .take(SHOWN)
        .map(|(line, cue)| match cue {
            Some(cue) => format!("cue {cue} on line {line}"),
            None => format!("line {line}"),
        })
        .collect();
    let more = if at.len() > SHOWN {
        format!(" and {} more", at.len() - SHOWN)
    } else {
        String::new()
    };
    format!("{}{more}", shown.join(", "))
}
