//! The passphrase of the key: typed at a terminal, or given by a file or a variable. Never an option, which others would
//! see in the list of processes.

use std::io::IsTerminal;
use std::path::Path;

use age::secrecy::SecretString;

use super::{CliError, Context};
use crate::error::Result;

/// Holds the passphrase, for scripts.
const PASSPHRASE: &str = "CASEBOOK_PASSPHRASE";

impl Context {
    /// The passphrase of the key: from `CASEBOOK_PASSPHRASE`, or asked for at a terminal. `twice` asks again, for a
    /// new one.
    pub(super) fn passphrase(&self, key: &Path, twice: bool) -> Result<SecretString> {
        if let Ok(set) = std::env::var(PASSPHRASE) {
            return Ok(set.into());
        }
        if !std::io::stdin().is_terminal() {
            return Err(CliError::refused(
                format!("`{}` needs its passphrase", key.display()),
                format!("run it at a terminal, or set {PASSPHRASE}"),
            )
            .into());
        }
        let ask = |what: &str| {
            rpassword::prompt_password(what).map_err(|source| CliError::Io {
                what: "the passphrase".into(),
                source,
            })
        };
        let typed = ask(&format!("Passphrase of {}: ", key.display()))?;
        if twice && ask("The same again: ")? != typed {
            return Err(CliError::refused(
                "the two passphrases differ",
                "try again: nothing was written",
            )
            .into());
        }
        Ok(typed.into())
    }
}
