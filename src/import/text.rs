//! Plain text and Markdown: stored as they were read, without their front matter.

use super::reflow::{self, Decision, Reflowed};
use super::{
    Draft, Error, Options, captions, count, cues, encoding, front_matter, limits, speakers,
};

pub(super) fn read(bytes: &[u8], options: &Options) -> Result<Draft, Error> {
    let decoded = encoding::decode(bytes, options.encoding.as_deref())?;
    limits::text(&decoded.text)?;
    // Captions under the name of a text are captions all the same: their text has to be made.
    if cues::look_like_cues(&decoded.text) {
        let mut draft = captions::from_text(&decoded.text, None)?;
        draft.encoding = decoded.encoding;
        draft.warnings.splice(0..0, decoded.warnings);
        return Ok(draft);
    }
    let mut warnings = decoded.warnings;
    let front = front_matter::take(&decoded.text);
    warnings.extend(front.warnings);
    let body = decoded.text[front.body..].trim_start_matches('\u{feff}');
    let text = if body.len() == decoded.text.len() {
        decoded.text
    } else {
        body.to_owned()
    };
    if text.trim_start().is_empty() {
        return Err(Error::Blank);
    }
    let reflowed = if options.no_reflow {
        Reflowed {
            decision: Decision::NotWanted,
            ..Reflowed::default()
        }
    } else {
        reflow::reflow(&text)
    };
    if let Decision::Joined { width, lines } = reflowed.decision {
        let lines = count(lines, "wrapped line", "wrapped lines");
        warnings.push(format!(
            "joined: {lines} (at {width} characters) with the line before; --no-reflow keeps them, and `transcript show ID --original` shows them"
        ));
    }
    let text = reflowed.text.unwrap_or(text);
    let spoken = reflowed
        .spoken
        .unwrap_or_else(|| speakers::turns(&text, text.len()));
    warnings.extend(spoken.warnings);
    Ok(Draft {
        text,
        turns: spoken.turns,
        sections: spoken.sections,
        labels: spoken.labels,
        attributes: front.attributes,
        encoding: decoded.encoding,
        warnings,
        joins: reflowed.joins,
        reflow: reflowed.decision,
        ..Draft::default()
    })
}
