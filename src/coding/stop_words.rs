//! Words that say little by themselves, left out of tables of words on request.
//!
//! The English list was written for this program: articles, pronouns, prepositions, conjunctions, forms of be, have, do
//! and the modal verbs, with their contractions, and the small words that carry speech along (`yeah`, `um`, `okay`).
//! Words that an interview study may well ask about stay in: `not`, `no` and `never`, `we`, `us`, `our`, `they`, `them`
//! and `their`, `must`, `should` and `need`.

/// In exact forms, by the language's code; `None` where there is no list of ours.
pub(super) fn of(language: &str) -> Option<impl Iterator<Item = &'static str>> {
    (language == "en").then(|| ENGLISH.split_whitespace())
}

const ENGLISH: &str = "
a about above across actually after again against ago all almost along already also although always am among an and
another any anybody anyone anything anyway are aren't around as at away back basically be became because become been
before being below between both but by came can can't cannot come comes coming could couldn't did didn't do does
doesn't doing don't done down during each either else enough er erm even ever every everybody everyone everything
few for from further get gets getting go goes going gone gonna got had hadn't has hasn't have haven't having he he'd
he'll he's her here here's hers herself hi him himself his hm how however i i'd i'll i'm i've if in indeed into is
isn't it it'd it'll it's its itself just kind know less let let's like likely little lot lots made make makes making
many may maybe me mean means might mine more most much my myself near now obviously of off oh ok okay on once one only
onto or other others otherwise out over own per perhaps quite rather really right said same say saying says see seems
seen several she she'd she'll she's since so some somebody somehow someone something sometimes somewhere sort still
such take than that that'll that's the then there there's therefore these thing things this those though through
thus to too toward towards uh um under until up upon used very was wasn't way well went were weren't what what's
whatever when where whether which while who who's whoever whole whom whose why will with within without won't would
wouldn't yeah yes yet you you'd you'll you're you've your yours yourself yourselves
";

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::search::{Language, Lexicon};

    #[test]
    fn the_list_is_in_order_and_each_is_a_word_as_search_has_it() {
        let all: Vec<&str> = of("en").expect("a list").collect();
        let sorted: BTreeSet<&&str> = all.iter().collect();
        assert_eq!(sorted.len(), all.len(), "a word stands there twice");
        let mut lexicon = Lexicon::new(false);
        for word in all {
            let mut found = Vec::new();
            lexicon.each(word, Language::ENGLISH, |_, met| found.push(met.form));
            assert_eq!(found.len(), 1, "{word}");
            assert_eq!(lexicon.form(found[0]), word);
        }
        assert!(of("fr").is_none());
    }
}
