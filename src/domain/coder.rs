//! What the name of a coder says: a person, a rule, or what persons agreed on.

/// Stands before the names of rules that code.
pub const RULE: &str = "auto:";

/// The coder of what was agreed: where two coded the same, and where they settled what they had coded differently.
pub const CONSENSUS: &str = "consensus";

/// Whether a person codes under this name. Rules and the consensus made of others' codings are left out of agreement.
pub fn is_human(name: &str) -> bool {
    !name.starts_with(RULE) && !name.eq_ignore_ascii_case(CONSENSUS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_and_the_consensus_are_no_people() {
        for (name, human) in [
            ("mara", true),
            ("auto", true),
            ("consensus group", true),
            ("auto:nobody", false),
            ("auto:", false),
            ("consensus", false),
            ("Consensus", false),
        ] {
            assert_eq!(is_human(name), human, "{name}");
        }
    }
}
