//! What could be better in the codebook: fields that are empty, examples that stand nowhere, themes that are not used or
//! hard to tell apart. Advice, no rules.

mod examples;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use examples::{Example, examples};
use serde::Serialize;

use super::codebook::Codebook;
use crate::domain::coder::is_human;
use crate::domain::section::fold;
use crate::domain::span::Span;
use crate::domain::words::words;
use crate::error::{Failure, Result};
use crate::store::{Coding, Store, Theme, transcript_of};
use crate::study::Study;

words! {
    /// What could be better.
    Kind, "kind of advice" {
        /// Parts of a codebook's entry that are not filled (MacQueen et al. 1998 name six).
        EmptyFields = "empty-fields",
        /// The example stood in a text that was corrected since; it stands in none now.
        ExampleGone = "example-gone",
        /// The example stands in no text, now or before a correction.
        ExampleNotFound = "example-not-found",
        /// The example stands in a text, but there it is not coded with the theme or what is below it.
        ExampleNotCoded = "example-not-coded",
        /// Neither it nor anything below it is coded.
        Unused = "unused",
        UsedOnce = "used-once",
        /// Several people code in the study, but one only uses it.
        OneCoder = "one-coder",
        /// The same name in different branches.
        SameName = "same-name",
        AlikeNames = "alike-names",
        AlikeDefinitions = "alike-definitions",
        /// Nearly the same characters are coded with both.
        SamePassages = "same-passages",
        TooDeep = "too-deep",
    }
}

/// Deeper than this, a codebook is hard to hold in mind.
const LEVELS: usize = 4;
/// From here on names are alike: the share of letters that need not be changed.
const ALIKE_NAMES: f64 = 0.8;
/// From here on definitions are alike: words in both of the words in either, and the fewest words to judge by.
const ALIKE_DEFINITIONS: (usize, usize) = (6, 10);
const WORDS: usize = 4;
/// From here on passages are the same: characters coded with both of those coded with either, and the fewest codings of
/// each to judge by.
const SAME_PASSAGES: (u64, u64) = (8, 10);
const CODINGS: usize = 3;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Advice {
    pub theme: String,
    pub advice: Kind,
    /// In words.
    pub what: String,
    /// The empty fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<&'static str>,
    /// The other theme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// Characters coded with both, and with either.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub characters: Option<(u64, u64)>,
    pub hint: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lint {
    pub themes: usize,
    /// Codings that have their place: what counts go by.
    pub codings: usize,
    /// Codings that wait for theirs, and so count for no theme.
    pub pending: usize,
    /// Examples that stand in no text, now or before a correction: composed, or mistyped.
    pub composed: usize,
    /// In the order of the tree.
    pub advice: Vec<Advice>,
}

/// Looks the codebook through: one scan of the codings, one look-up in the index for each example.
pub fn lint(study: &Study) -> Result<Lint> {
    let book = Codebook::read(&study.store)?;
    let examples = examples(study, &book)?;
    let used = Used::read(&study.store, &book, &examples)?;
    let mut advice: Vec<(i64, Advice)> = Vec::new();
    for t in book.themes() {
        let path = book.path(t.id);
        let mut say = |kind: Kind, what: String, hint: String| {
            advice.push((
                t.id,
                Advice {
                    theme: path.clone(),
                    advice: kind,
                    what,
                    fields: Vec::new(),
                    with: None,
                    characters: None,
                    hint: format!("casebook {hint}"),
                },
            ));
        };
        match examples.get(&t.id) {
            Some(Example::Gone) => say(
                Kind::ExampleGone,
                "its example stood in a text that was corrected since".into(),
                format!("theme edit \"{path}\" --example TEXT"),
            ),
            Some(Example::Nowhere) => say(
                Kind::ExampleNotFound,
                "its example stands in no transcript".into(),
                format!("theme edit \"{path}\" --example TEXT"),
            ),
            Some(Example::At(places)) if !used.exemplified.contains(&t.id) => {
                let place = places.first().map_or_else(String::new, |p| {
                    format!("{}@{}-{}", p.slug, p.span.start, p.span.end)
                });
                say(
                    Kind::ExampleNotCoded,
                    "its example stands in a transcript, but is not coded with it".into(),
                    format!("code {place} \"{path}\""),
                );
            }
            _ => {}
        }
        let codings = used.codings.get(&t.id).copied().unwrap_or_default();
        let below = book.with_below(t.id);
        let in_all: usize = below.iter().filter_map(|id| used.codings.get(id)).sum();
        match (codings, in_all) {
            (_, 0) => say(
                Kind::Unused,
                "nothing is coded with it".into(),
                format!(
                    "theme remove \"{path}\"{}",
                    if below.len() > 1 {
                        " --with-codings"
                    } else {
                        ""
                    }
                ),
            ),
            (1, 1) => say(
                Kind::UsedOnce,
                "one passage is coded with it".into(),
                format!("quotes --theme \"{path}\""),
            ),
            _ => {}
        }
        let coders = used.coders.get(&t.id).map_or(0, BTreeSet::len);
        if used.people > 1 && coders == 1 && codings > 1 {
            say(
                Kind::OneCoder,
                format!("one of {} people who code uses it", used.people),
                format!("matrix --rows coder --cols theme --theme \"{path}\""),
            );
        }
        if book.depth(t.id) + 1 > LEVELS {
            say(
                Kind::TooDeep,
                format!("it stands on level {}", book.depth(t.id) + 1),
                format!("theme move \"{path}\" NEW_PARENT"),
            );
        }
        let (fields, options): (Vec<_>, Vec<_>) = empty(t).unzip();
        if !fields.is_empty() {
            say(
                Kind::EmptyFields,
                format!("empty: {}", fields.join(", ").replace('_', " ")),
                format!("theme edit \"{path}\" {}", options.join(" ")),
            );
            if let Some((_, last)) = advice.last_mut() {
                last.fields = fields;
            }
        }
    }
    pairs(&book, &used, &mut advice);
    let order: HashMap<i64, usize> = book
        .themes()
        .iter()
        .enumerate()
        .map(|(n, t)| (t.id, n))
        .collect();
    advice.sort_by_key(|(id, a)| (order.get(id).copied(), a.advice));
    let composed = advice
        .iter()
        .filter(|(_, a)| a.advice == Kind::ExampleNotFound)
        .count();
    Ok(Lint {
        composed,
        themes: book.themes().len(),
        codings: used.codings.values().sum(),
        pending: study.store.pending_codings(None)?.len(),
        advice: advice.into_iter().map(|(_, a)| a).collect(),
    })
}

/// Fields that say nothing, with the option that fills each.
fn empty(t: &Theme) -> impl Iterator<Item = (&'static str, &'static str)> {
    [
        ("definition", "--define TEXT", &t.definition),
        ("full_definition", "--full TEXT", &t.full_definition),
        ("include", "--include TEXT", &t.include),
        ("exclude", "--exclude TEXT", &t.exclude),
        ("example", "--example TEXT", &t.example),
    ]
    .into_iter()
    .filter(|(.., text)| text.as_deref().is_none_or(|t| t.trim().is_empty()))
    .map(|(field, option, _)| (field, option))
}

/// Themes that are hard to tell apart, each pair told once, at the one that stands later in the tree.
fn pairs(book: &Codebook, used: &Used, advice: &mut Vec<(i64, Advice)>) {
    let all = book.themes();
    let names: Vec<String> = all.iter().map(|t| fold(&t.name)).collect();
    let definitions: Vec<HashSet<String>> = all
        .iter()
        .map(|t| {
            let text = fold(t.definition.as_deref().unwrap_or_default());
            text.split(' ')
                .filter(|w| !w.is_empty())
                .map(str::to_owned)
                .collect()
        })
        .collect();
    for (n, later) in all.iter().enumerate() {
        for (m, earlier) in all[..n].iter().enumerate() {
            let (path, with) = (book.path(later.id), book.path(earlier.id));
            let mut say = |kind: Kind, what: String, hint: String, characters| {
                advice.push((
                    later.id,
                    Advice {
                        theme: path.clone(),
                        advice: kind,
                        what,
                        fields: Vec::new(),
                        with: Some(with.clone()),
                        characters,
                        hint,
                    },
                ));
            };
            let merge = || format!("casebook theme merge \"{path}\" \"{with}\"");
            let rename = || format!("casebook theme rename \"{path}\" NAME   or: {}", merge());
            if names[n] == names[m] {
                say(
                    Kind::SameName,
                    format!("{with} has the same name"),
                    rename(),
                    None,
                );
            } else if alike_names(&names[n], &names[m]) {
                say(
                    Kind::AlikeNames,
                    format!("its name is nearly that of {with}"),
                    rename(),
                    None,
                );
            }
            if alike_definitions(&definitions[n], &definitions[m]) {
                say(
                    Kind::AlikeDefinitions,
                    format!("it is defined nearly as {with}"),
                    merge(),
                    None,
                );
            }
            if let Some((both, either)) = used.shared(later.id, earlier.id) {
                say(
                    Kind::SamePassages,
                    format!(
                        "{both} of {either} characters coded with it or with {with} are coded with both"
                    ),
                    merge(),
                    Some((both, either)),
                );
            }
        }
    }
}

fn alike_names(a: &str, b: &str) -> bool {
    let (long, short) = (a.len().max(b.len()), a.len().min(b.len()));
    // So much longer that it can't be near enough.
    if short < 4 || short * 10 < long * 7 {
        return false;
    }
    strsim::normalized_damerau_levenshtein(a, b) >= ALIKE_NAMES
}

fn alike_definitions(a: &HashSet<String>, b: &HashSet<String>) -> bool {
    if a.len().min(b.len()) < WORDS {
        return false;
    }
    let both = a.intersection(b).count();
    let either = a.len() + b.len() - both;
    both * ALIKE_DEFINITIONS.1 >= either * ALIKE_DEFINITIONS.0
}

/// How themes are used, from one scan of the codings.
#[derive(Default)]
struct Used {
    codings: BTreeMap<i64, usize>,
    coders: HashMap<i64, BTreeSet<i64>>,
    /// People who code anything.
    people: usize,
    /// Themes with whose codings, or those of what is below them, their example is touched.
    exemplified: HashSet<i64>,
    /// Characters coded with a theme, and with each of two.
    characters: HashMap<i64, u64>,
    both: HashMap<(i64, i64), u64>,
}

impl Used {
    fn read(store: &Store, book: &Codebook, examples: &HashMap<i64, Example>) -> Result<Self> {
        let people: HashSet<i64> = store
            .coders()?
            .into_iter()
            .filter(|c| is_human(&c.name))
            .map(|c| c.id)
            .collect();
        // Where an example stands, by transcript: the theme whose it is.
        let mut places: HashMap<i64, Vec<(Span, i64)>> = HashMap::new();
        for (theme, example) in examples {
            if let Example::At(all) = example {
                for p in all {
                    places
                        .entry(p.transcript)
                        .or_default()
                        .push((p.span, *theme));
                }
            }
        }
        let above: HashMap<i64, Option<i64>> =
            book.themes().iter().map(|t| (t.id, t.parent)).collect();
        let mut used = Self::default();
        let mut at_work: HashSet<i64> = HashSet::new();
        let mut here: Vec<Coding> = Vec::new();
        store.each_coding::<Failure>(None, |c| {
            if here
                .first()
                .is_some_and(|h| transcript_of(h.id) != transcript_of(c.id))
            {
                used.transcript(&here, &places, &above);
                here.clear();
            }
            *used.codings.entry(c.theme).or_default() += 1;
            if people.contains(&c.coder) {
                used.coders.entry(c.theme).or_default().insert(c.coder);
                at_work.insert(c.coder);
            }
            here.push(c);
            Ok(())
        })?;
        used.transcript(&here, &places, &above);
        used.people = at_work.len();
        Ok(used)
    }

    /// The codings of one transcript.
    fn transcript(
        &mut self,
        codings: &[Coding],
        places: &HashMap<i64, Vec<(Span, i64)>>,
        above: &HashMap<i64, Option<i64>>,
    ) {
        let Some(first) = codings.first() else { return };
        for (span, theme) in places.get(&transcript_of(first.id)).into_iter().flatten() {
            let touches = |c: &Coding| c.span.start < span.end && span.start < c.span.end;
            let is_below = |mut id: i64| loop {
                if id == *theme {
                    break true;
                }
                match above.get(&id) {
                    Some(Some(parent)) => id = *parent,
                    _ => break false,
                }
            };
            if codings.iter().any(|c| touches(c) && is_below(c.theme)) {
                self.exemplified.insert(*theme);
            }
        }
        // The passages of each theme without overlaps, then all of them from the start of the text on.
        let mut all: Vec<(i64, Span)> = codings.iter().map(|c| (c.theme, c.span)).collect();
        all.sort_unstable_by_key(|(theme, span)| (*theme, span.start, span.end));
        let mut apart: Vec<(i64, Span)> = Vec::with_capacity(all.len());
        for (theme, span) in all {
            match apart.last_mut() {
                Some((same, last)) if *same == theme && span.start <= last.end => {
                    last.end = last.end.max(span.end);
                }
                _ => apart.push((theme, span)),
            }
        }
        for (theme, span) in &apart {
            *self.characters.entry(*theme).or_default() += u64::from(span.end - span.start);
        }
        apart.sort_unstable_by_key(|(theme, span)| (span.start, *theme));
        let mut open: Vec<(i64, Span)> = Vec::new();
        for (theme, span) in apart {
            open.retain(|(_, o)| o.end > span.start);
            for (other, o) in &open {
                let pair = (theme.min(*other), theme.max(*other));
                *self.both.entry(pair).or_default() += u64::from(o.end.min(span.end) - span.start);
            }
            open.push((theme, span));
        }
    }

    /// Characters coded with both and with either, where that is nearly the same.
    fn shared(&self, a: i64, b: i64) -> Option<(u64, u64)> {
        let both = *self.both.get(&(a.min(b), a.max(b)))?;
        let enough = |id: i64| self.codings.get(&id).is_some_and(|n| *n >= CODINGS);
        if !enough(a) || !enough(b) {
            return None;
        }
        let of = |id: i64| self.characters.get(&id).copied().unwrap_or_default();
        let either = of(a) + of(b) - both;
        (both * SAME_PASSAGES.1 >= either * SAME_PASSAGES.0).then_some((both, either))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_and_definitions_that_are_alike() {
        for (a, b, alike) in [
            ("accountability", "acountability", true),
            ("workforce", "work force", true),
            ("to the public", "to the centre", false),
            ("cost", "lost", false),
            ("trust", "trusts", true),
            ("aim", "aims", false),
        ] {
            assert_eq!(alike_names(a, b), alike, "{a} {b}");
        }
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<HashSet<_>>();
        assert!(alike_definitions(
            &words("who decides on money in a system"),
            &words("who decides on money in the system")
        ));
        assert!(!alike_definitions(
            &words("who decides on money"),
            &words("who is asked for money first")
        ));
    }

    proptest! {
        /// What the sweep adds up is what one counts character by character.
        #[test]
        fn shared_characters_are_counted_right(
            spans in proptest::collection::vec((1_i64..4, 0_u32..30, 1_u32..10), 0..20)
        ) {
            let codings: Vec<Coding> = spans
                .iter()
                .enumerate()
                .map(|(n, (theme, start, len))| Coding {
                    id: 1_000_000 + i64::try_from(n).expect("few"),
                    revision: 1,
                    span: Span::new(*start, start + len),
                    turn: 1,
                    last_turn: 1,
                    theme: *theme,
                    coder: 1,
                    event: 1,
                    pending: None,
                    reworded: None,
                })
                .collect();
            let mut used = Used::default();
            used.transcript(&codings, &HashMap::new(), &HashMap::new());
            let coded = |theme: i64, at: u32| {
                codings.iter().any(|c| c.theme == theme && c.span.start <= at && at < c.span.end)
            };
            for a in 1..4 {
                let alone = (0..50).filter(|at| coded(a, *at)).count();
                prop_assert_eq!(used.characters.get(&a).copied().unwrap_or_default(), alone as u64);
                for b in a + 1..4 {
                    let both = (0..50).filter(|at| coded(a, *at) && coded(b, *at)).count();
                    prop_assert_eq!(used.both.get(&(a, b)).copied().unwrap_or_default(), both as u64);
                }
            }
        }
    }
}
