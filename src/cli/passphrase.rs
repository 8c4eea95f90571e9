//! The passphrase of the key: typed at a terminal, or given by a file or a variable. Never an option, which others would
//! see in the list of processes.

use std::io::IsTerminal;
use std::path::Path;

use age::secrecy::{ExposeSecret, SecretString};

use super::{CliError, Context};
use crate::error::Result;

/// Holds the passphrase, for scripts.
const PASSPHRASE: &str = "CASEBOOK_PASSPHRASE";
/// Holds the one that takes its place, where it is changed.
const NEW_PASSPHRASE: &str = "CASEBOOK_NEW_PASSPHRASE";

/// A passphrase: wiped from memory after use, and never printed.
pub(super) type Passphrase = SecretString;

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

    /// A passphrase for a key that has none yet.
    pub(super) fn first_passphrase(&self, key: &Path) -> Result<Passphrase> {
        worth_having(self.passphrase(key, true)?)
    }

    /// A passphrase that takes another's place: from `CASEBOOK_NEW_PASSPHRASE`, or asked for twice.
    pub(super) fn new_passphrase(&self, key: &Path) -> Result<Passphrase> {
        if let Ok(set) = std::env::var(NEW_PASSPHRASE) {
            return worth_having(set.into());
        }
        if std::env::var(PASSPHRASE).is_ok() {
            return Err(CliError::refused(
                "the new passphrase is not said",
                format!("set {NEW_PASSPHRASE} beside {PASSPHRASE}, or run it at a terminal"),
            )
            .into());
        }
        self.out.say("Now the new one.");
        self.first_passphrase(key)
    }
}

fn worth_having(passphrase: Passphrase) -> Result<Passphrase> {
    if passphrase.expose_secret().chars().count() < 8 {
        return Err(CliError::refused(
            "the passphrase has fewer than 8 characters",
            "several words that nobody would put together are easy to keep and hard to guess",
        )
        .into());
    }
    Ok(passphrase)
}
