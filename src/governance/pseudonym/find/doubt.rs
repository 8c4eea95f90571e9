//! Why a name that was found may be something else.

use super::{Doubt, From, Look, Pattern};
use crate::governance::pseudonym::ordinary::{is_calendar, is_ordinary, is_word};
use crate::governance::pseudonym::tokens::{Gap, Shape, Token, fold, is_title};

impl Look<'_> {
    /// Why it may be something else; `None`: it is none of the entity's names at all.
    #[expect(
        clippy::option_option,
        reason = "no name, a sure one, or a doubtful one"
    )]
    pub(super) fn doubt(
        &self,
        pattern: &Pattern,
        at: usize,
        last: usize,
        slip: bool,
        plural: usize,
    ) -> Option<Option<Doubt>> {
        let first = at + pattern.titles;
        let tokens = &self.tokens[first..=last];
        let alone = tokens.len() == 1;
        let written = tokens[0].shape;
        let folded = alone.then(|| fold(tokens[0].of(self.text)));
        let ordinary = folded.as_deref().is_some_and(is_ordinary);
        let lower = tokens.iter().all(|t| t.shape == Shape::Lower);
        if lower && (pattern.capitals && ordinary || slip) {
            return None;
        }
        match pattern.from {
            From::Initials | From::Stops => {
                let wanted = if alone {
                    written == Shape::Capitals
                } else {
                    tokens.iter().all(|t| t.shape.is_capital())
                };
                return (wanted && plural == 0).then_some(Some(Doubt::Initials));
            }
            From::Joined | From::JoinedPart => {
                let camel = written == Shape::Capital
                    && tokens[0]
                        .of(self.text)
                        .chars()
                        .skip(1)
                        .any(char::is_uppercase);
                let sure = pattern.from == From::Joined && camel && plural == 0;
                return Some((!sure).then_some(Doubt::Joined));
            }
            From::Part if lower => {
                // In lower case only what is nothing else.
                let telling =
                    folded.is_some_and(|word| word.chars().nth(4).is_some() && !is_word(&word));
                return (pattern.person && !pattern.weak && telling && plural == 0)
                    .then_some(Some(Doubt::PartOfName));
            }
            From::Reversed if lower => {
                let says = tokens
                    .iter()
                    .any(|t| !super::forms::is_weak(&fold(t.of(self.text))));
                return says.then_some(Some(Doubt::LowerCase));
            }
            _ => {}
        }
        if pattern.capitals && written == Shape::Capital {
            return (!ordinary).then_some(Some(Doubt::OrdinaryWord));
        }
        if slip {
            let derived = self.known[at..=last].iter().any(|k| k.derived);
            let usual = tokens
                .iter()
                .filter(|t| t.starts)
                .any(|t| self.in_lower_case(t));
            let short = alone
                && !derived
                && pattern.from == From::Part
                && tokens[0].of(self.text).len() < 5;
            let doubt = if derived {
                Doubt::Derived
            } else {
                Doubt::Spelling
            };
            return (!usual && !short && !pattern.weak).then_some(Some(doubt));
        }
        if self.hyphenated(first, last) {
            return Some(Some(Doubt::Hyphenated));
        }
        if lower {
            return Some(Some(Doubt::LowerCase));
        }
        if plural > 0 && !self.family(first) {
            let usual = pattern.weak && (tokens[0].starts || ordinary);
            return (!usual).then_some(Some(Doubt::Plural));
        }
        if pattern.from == From::Part {
            return self.part(pattern, first, last);
        }
        if pattern.from == From::Reversed
            && tokens.iter().any(|t| is_ordinary(&fold(t.of(self.text))))
        {
            return Some(Some(Doubt::OrdinaryWord));
        }
        if alone && !pattern.capitals && !self.titled(first) {
            let says_nothing = match (written, ordinary) {
                (Shape::Capitals, true) => true,
                (_, true) => tokens[0].starts || folded.as_deref().is_some_and(is_calendar),
                _ => tokens[0].starts && self.in_lower_case(&tokens[0]),
            };
            if says_nothing && !self.owns(last) {
                return Some(Some(Doubt::OrdinaryWord));
            }
            if pattern.person && self.beside_another(first, last) {
                return Some(Some(Doubt::AnotherName));
            }
        }
        Some(None)
    }

    /// A part of a name that is no alias, with a capital.
    #[expect(
        clippy::option_option,
        reason = "no name, a sure one, or a doubtful one"
    )]
    fn part(&self, pattern: &Pattern, first: usize, last: usize) -> Option<Option<Doubt>> {
        let token = &self.tokens[first];
        if pattern.person && self.titled(first) {
            return Some(self.capital_after(last).then_some(Doubt::AnotherName));
        }
        if !pattern.weak {
            let usual = token.starts && self.in_lower_case(token);
            return (!usual).then_some(Some(Doubt::PartOfName));
        }
        let folded = fold(token.of(self.text));
        if token.shape == Shape::Capitals {
            return None;
        }
        let contracts = is_contracted(&folded);
        let dated = is_calendar(&folded) && self.dated(first, last);
        if self.owns(last) && !contracts && !dated {
            let double = first > 0
                && token.gap == Gap::Blank
                && !self.tokens[first - 1].starts
                && self.tokens[first - 1].shape.is_capital();
            return Some(double.then_some(Doubt::PartOfName));
        }
        let meant = if token.starts {
            !contracts && self.says(last)
        } else {
            !dated
        };
        meant.then_some(Some(Doubt::PartOfName))
    }

    /// Whether a word with a capital stands behind: `Dr Ann Other`.
    fn capital_after(&self, last: usize) -> bool {
        self.tokens.get(last + 1).is_some_and(|next| {
            next.gap == Gap::Blank
                && next.shape == Shape::Capital
                && !next.starts
                && next.of(self.text).chars().nth(1).is_some()
                && !self.line_between(last)
        })
    }

    /// `Will said`, which no helping verb does.
    fn says(&self, last: usize) -> bool {
        self.tokens.get(last + 1).is_some_and(|next| {
            next.gap == Gap::Blank
                && VERBS
                    .split_whitespace()
                    .any(|verb| verb == next.of(self.text))
        })
    }

    /// `in May`, `3rd of May`, `April and May`, `May 2021`
    fn dated(&self, first: usize, last: usize) -> bool {
        const BEFORE: &str =
            "in since until till during last next this every each early late mid end";
        let digit = |n: usize| {
            self.tokens[n]
                .of(self.text)
                .starts_with(|c: char| c.is_ascii_digit())
        };
        let word = |n: usize| fold(self.tokens[n].of(self.text));
        let months = |n: usize| digit(n) || is_calendar(&word(n));
        let before = first.checked_sub(1).is_some_and(|n| {
            months(n)
                || BEFORE.split_whitespace().any(|w| w == word(n))
                || n > 0 && matches!(&*word(n), "of" | "and" | "or" | "to") && months(n - 1)
        });
        before || self.tokens.get(last + 1).is_some_and(|_| digit(last + 1))
    }

    /// Whether the same word stands in lower case elsewhere.
    fn in_lower_case(&self, token: &Token) -> bool {
        let folded = fold(token.of(self.text));
        self.tokens.iter().any(|t| {
            t.shape == Shape::Lower
                && t.end - t.start == token.end - token.start
                && fold(t.of(self.text)) == folded
        })
    }

    /// Whether it is one side of a double name. `Alder-based` is Alder.
    fn hyphenated(&self, first: usize, last: usize) -> bool {
        let tied = |t: &Token| matches!(t.gap, Gap::Hyphen | Gap::Apostrophe);
        let before = first > 0 && tied(&self.tokens[first]) && {
            let other = &self.tokens[first - 1];
            other.shape.is_capital()
        };
        let after = self.tokens.get(last + 1).is_some_and(|next| {
            tied(next)
                && match next.gap {
                    Gap::Hyphen => next.shape.is_capital(),
                    _ => !bent(next.of(self.text)),
                }
        });
        before || after
    }

    /// `the Smiths`, `both Anns`
    fn family(&self, first: usize) -> bool {
        first > 0
            && matches!(
                &*fold(self.tokens[first - 1].of(self.text)),
                "the" | "both" | "two" | "all" | "these" | "other" | "those" | "three"
            )
    }

    fn titled(&self, first: usize) -> bool {
        first > 0
            && matches!(self.tokens[first].gap, Gap::Blank | Gap::Dot)
            && is_title(self.tokens[first - 1].of(self.text))
    }

    /// `Will's`
    fn owns(&self, last: usize) -> bool {
        self.tokens.get(last + 1).is_some_and(|next| {
            next.gap == Gap::Apostrophe && next.of(self.text).eq_ignore_ascii_case("s")
        })
    }

    /// Whether an unknown name stands directly before or behind: `Ann Other`.
    fn beside_another(&self, first: usize, last: usize) -> bool {
        let name = |n: usize| {
            let token = &self.tokens[n];
            let word = token.of(self.text);
            token.shape == Shape::Capital
                && word.chars().nth(1).is_some()
                && self.known[n].word.is_none()
                && self.known[n].near.is_none()
                && !self.known[n].marked
                && !is_title(word)
                && !is_ordinary(&fold(word))
        };
        let after = self
            .tokens
            .get(last + 1)
            .is_some_and(|t| t.gap == Gap::Blank && !self.line_between(last) && name(last + 1));
        let before = first > 0
            && self.tokens[first].gap == Gap::Blank
            && !self.line_between(first - 1)
            && !self.tokens[first - 1].starts
            && name(first - 1);
        after || before
    }
}

/// Words that stand before `’s` where nobody owns anything: `He’s`.
fn is_contracted(folded: &str) -> bool {
    const WORDS: &str = "
        he she it that this there here what who where how when why let so one everyone everybody someone somebody nobody
        anyone anybody all";
    WORDS.split_whitespace().any(|w| w == folded)
}

const VERBS: &str = "
said says told tells asked asks thought thinks replied agreed agrees disagreed disagrees wanted wants left joined came
went was is has had did does knew knows felt feels blocks blocked wrote writes called calls made makes took takes gave
gives sent rang runs ran chaired chairs leads led
";

/// What is bent onto a name behind an apostrophe: `Ann's`, `Ann'll`.
fn bent(word: &str) -> bool {
    ["s", "d", "ll", "ve", "re", "m"]
        .iter()
        .any(|b| word.eq_ignore_ascii_case(b))
}
