//! English words that tell nobody who somebody is, though they may stand with a capital letter; among them those that
//! are names too (`Will`, `Grace`), where a capital at the beginning of a sentence says nothing.
//!
//! The lists were written for this program. They are in folded form: lower case, without accents.

use std::collections::HashSet;
use std::sync::LazyLock;

static ORDINARY: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    [WORDS, BOTH, CALENDAR, CAPITALISED]
        .iter()
        .flat_map(|list| list.split_whitespace())
        .collect()
});

/// Whether a folded word is one of these.
pub(super) fn is_ordinary(folded: &str) -> bool {
    ORDINARY.contains(folded)
}

/// Whether it is a word of any kind in lower case: one of these, of organisations' names, or what people are called by
/// as well.
pub(super) fn is_word(folded: &str) -> bool {
    is_generic(folded) || SURNAMES.split_whitespace().any(|w| w == folded)
}

/// Whether it is a month, a day or a feast: always with a capital, and no name unless something says so.
pub(super) fn is_calendar(folded: &str) -> bool {
    CALENDAR.split_whitespace().any(|w| w == folded)
}

/// Words of organisations' names that say nothing by themselves: `Hospital`.
pub(super) fn is_of_organisations(folded: &str) -> bool {
    ORGANISATIONS.split_whitespace().any(|w| w == folded)
}

/// One or the other, or what stands between such words.
pub(super) fn is_generic(folded: &str) -> bool {
    is_of_organisations(folded) || is_ordinary(folded) || matches!(folded, "st" | "saint")
}

const CALENDAR: &str = "
january february march april may june july august september october november december jan feb mar apr jun jul aug sep
sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
christmas easter whitsun ramadan diwali eid passover halloween
";

/// Names that are words as well.
const BOTH: &str = "
will mark grace hope faith joy rose ivy dawn frank bill rob pat sue art chase jack drew grant guy lance miles nick norm
peg ray rich skip ward young brown black white green grey gray king cook baker bishop day long short small wood hill
field banks park page price power rice walker wise best bush mean gene jean dean don harry jay josh max rod van victor
earl duke prince daisy lily iris olive violet ruby pearl amber jade crystal holly heather hazel robin martin jasmine
poppy summer autumn winter wren christian constance prudence patience charity felicity melody harmony angel angelica
mercy honor honour chance destiny genesis trinity forest woods brook brooks lake rivers stone cliff dale glen heath
lane marsh moor moss pool reed shore street well wells west north south east bell bird cross fox fisher foster fry
gold gale hale hall hand hardy hart head high holt hood house hunt hunter hurst judge knight lamb law lawless little
love low major mason mayor merry mills moody newman noble nun palmer parish parsons pike pope porter potter pratt quick
read sharp shepherd silver singer smart smith snow spring staff steel sterling stern strong sweet swift taylor thatcher
tidy trusty turner tyler underhill vale wade waters weaver web webb wild winner worth wright yard
";

/// Names that are words where they stand in lower case; with a capital they say enough.
const SURNAMES: &str = "
example examples archer armour barber barker barnes barrow beach beadle berry blacksmith boulder bower bowman bridge
bridges brewer butcher butler candle cannon carpenter carrier carter carver castle chamber chambers chandler chapel
chaplain clark clay clerk coleman constable cotton cooper crane cutler draper driver dyer falconer farmer farrier fields
fletcher flowers flood foreman forester fountain freeman friend gardener garland garner gates glover goldsmith goodman
granger grove groves harper hawk hawkins hayward herd hooper house howe inman joiner keeper kitchen lawyer leach leader
leaf marshal marshall martial miller minister monk morrow mountain nightingale orchard ostler page painter parker parson
peacock piper planter plant player plumb plummer potter proctor provost quarry ranger rector reader reeve rider ridge
roper sadler saddler salter sanders sandy savage sawyer seller sergeant sexton shearer sheppard sheriff shields
shipman skinner slater spence spencer spicer squire stable steward stock stokes summers swain tanner temple thorn
thorne tiller tower towers trainer traveller treasurer tucker valentine vicar villa waite walls warden warren water
waterman waterhouse weeks wheeler whistler whitehead wilder winters woodcock woodman woods workman wright
";

/// With a capital by custom: peoples, languages, abbreviations, things of the trade.
const CAPITALISED: &str = "
english british scottish welsh irish european american african asian indian chinese french german italian spanish
portuguese polish japanese swedish norwegian danish dutch greek turkish arabic russian canadian australian indian
romanian bulgarian ukrainian pakistani bangladeshi somali caribbean nigerian western eastern northern southern latin muslim christian jewish hindu sikh catholic protestant
england britain uk us usa eu nhs nhse gp gps icb icbs ics icss ccg ccgs pct pcts dhsc cqc nice hr it ceo cfo coo cio
cto md vp pa qa pr ai api tv dvd cd pc pcs id ids pdf url faq diy kpi kpis roi swot hiv aids covid covid19 corona copd
ms word excel powerpoint teams zoom google email internet web wifi ok okay am pm mr mrs ms dr prof sir i im ive id ill
interviewer interviewee participant moderator facilitator speaker respondent unknown inaudible crosstalk laughter
question answer
";

/// Words that begin sentences, titles and headings.
const WORDS: &str = "
a able about above absolutely across actually after again against ago all almost alone along already also although
always am among an and another any anybody anyone anything anyway apart are around as ask asked at away back bad based
basically be because become been before behind being believe below better between beyond big both brilliant but by call
called came can cannot case certain certainly change clear clearly close come comes coming common could couldn course
currently data decide definitely despite did didn different do does doesn doing don done down due during each early
easy either else email end enough er erm especially essentially even eventually ever every everybody everyone
everything exactly excellent except face fact fair fairly far feel felt few finally find fine first five for
forward found four free friend from full fully further general generally get gets getting give given go goes going
gone good got great had half happy hard has hasn have haven having he hello help hence her here hers herself hi high
hi him himself his hm hmm hold how however i if imagine important in including indeed initially inside instead
interesting interview into is isn it its itself just keep key kind knew know last late later least left less let lets
like likely line listen live local long look looking lot lots main mainly make making many maybe me mean means
meanwhile medium meeting members might million mine money month more moreover most mostly much must my myself name
naturally near nearly necessarily need never nevertheless new next nice nine no nobody none nor normally not note
nothing now number obviously of off oh old on once one only open or originally other others otherwise our ours
ourselves out outside over overall own part particularly past people per perhaps person personally place please plus
point possibly presumably pretty previously probably problem project public put quite rather really recently regarding
right said same saw say saying says second secondly see seeing seem seems seen self sent set seven several shall she
should show similarly simply since six so some somebody somehow someone something sometimes somewhere soon sorry sort
speaking start started still stop straight such suddenly sure take taking talk team tell ten than thank thanks that
the their them themselves then there therefore these they thing things think third this those though three through
throughout thus time times to today together tomorrow tonight too top totally toward towards tried true truth try
trying turn two ultimately uh um under understand unfortunately unless until up upon us use used using usually various
very want wants was wasn watch way we week welcome well went were weren what whatever when whenever where whereas
wherever whether which while who whoever whole whom whose why with within without won wonder wonderful work working
world would wouldn wow yeah year years yep yes yesterday yet you your yours yourself yourselves zero
introduction background summary conclusion notes transcript recording section appendix figure table part chapter
";

const ORGANISATIONS: &str = "
hospital hospitals trust trusts council county city district borough university college school institute centre center
foundation group partnership partners board committee health healthcare care social services service system integrated
clinical commissioning community mental royal general infirmary medical surgery practice clinic national regional
international limited ltd plc inc llc company association society charity network office department ministry agency
authority commission union church nursing
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::governance::pseudonym::tokens::fold;

    #[test]
    fn the_lists_are_folded() {
        for word in ORDINARY.iter() {
            assert_eq!(*word, fold(word));
        }
        assert!(is_calendar("may") && is_ordinary("may") && !is_ordinary("ann"));
    }
}
