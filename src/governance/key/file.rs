//! The key's file: encrypted JSON, written whole or not at all.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use zeroize::Zeroizing;

use super::Key;
use crate::governance::Error;

/// How slow a passphrase is to try: 2 to the power of this many rounds of scrypt, about a second each.
pub const WORK_FACTOR: u8 = 17;

/// The key that belongs to a study's file: `NAME.casebook-key`.
pub fn path_of(study: &Path) -> PathBuf {
    let mut name = study.as_os_str().to_owned();
    name.push("-key");
    PathBuf::from(name)
}

impl Key {
    /// Opens a key. `study` is the uuid, in hex, of the study that it must belong to.
    ///
    /// # Errors
    /// [`Error::NoKey`], [`Error::NotAKey`], [`Error::WrongPassphrase`], [`Error::OtherStudy`].
    pub fn open(path: &Path, passphrase: &SecretString, study: &str) -> Result<Self, Error> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(Error::NoKey(path.to_owned()));
            }
            Err(source) => {
                return Err(Error::Io {
                    path: path.to_owned(),
                    source,
                });
            }
        };
        let damaged = || Error::NotAKey(path.to_owned());
        let decryptor = age::Decryptor::new_buffered(bytes.as_slice()).map_err(|_| damaged())?;
        if !decryptor.is_scrypt() {
            return Err(damaged());
        }
        let mut identity = age::scrypt::Identity::new(passphrase.clone());
        // A file that asks for more was not written here.
        identity.set_max_work_factor(22);
        let mut reader = decryptor
            .decrypt(std::iter::once(&identity as &dyn age::Identity))
            .map_err(|e| match e {
                age::DecryptError::DecryptionFailed
                | age::DecryptError::KeyDecryptionFailed
                | age::DecryptError::NoMatchingKeys => Error::WrongPassphrase(path.to_owned()),
                _ => damaged(),
            })?;
        let mut plain = Zeroizing::new(Vec::new());
        reader.read_to_end(&mut plain).map_err(|_| damaged())?;
        let key: Self = serde_json::from_slice(&plain).map_err(|_| damaged())?;
        if key.study != study {
            return Err(Error::OtherStudy(path.to_owned()));
        }
        Ok(key)
    }

    /// Writes the key: into a file beside it first, which takes its place when all is well.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn save(
        &self,
        path: &Path,
        passphrase: &SecretString,
        work_factor: u8,
    ) -> Result<(), Error> {
        let fail = |source| Error::Io {
            path: path.to_owned(),
            source,
        };
        let plain =
            Zeroizing::new(serde_json::to_vec(self).map_err(|e| fail(std::io::Error::other(e)))?);
        let mut recipient = age::scrypt::Recipient::new(passphrase.clone());
        recipient.set_work_factor(work_factor);
        let encryptor =
            age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
                .map_err(|e| fail(std::io::Error::other(e)))?;
        let folder = path
            .parent()
            .filter(|f| !f.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(fail)?;
        let mut writer = encryptor.wrap_output(&mut file).map_err(fail)?;
        writer.write_all(&plain).map_err(fail)?;
        writer.finish().map_err(fail)?;
        file.as_file().sync_all().map_err(fail)?;
        file.persist(path).map_err(|e| fail(e.error))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Entity, EntityKind};
    use super::*;

    #[test]
    fn a_key_opens_with_its_passphrase_and_study_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = path_of(&folder.path().join("a.casebook"));
        let right: SecretString = "correct horse".to_owned().into();
        let wrong: SecretString = "wrong horse".to_owned().into();
        let key = Key {
            study: "00ff".into(),
            entities: vec![Entity {
                number: 1,
                kind: EntityKind::Person,
                real: "Ann Example".into(),
                aliases: vec!["Anne".into()],
                replacement: "P07".into(),
                participant: Some("P07".into()),
                case: None,
                contact: None,
            }],
            ..Key::default()
        };
        assert!(matches!(
            Key::open(&path, &right, "00ff"),
            Err(Error::NoKey(_))
        ));
        key.save(&path, &right, 2).expect("written");
        let bytes = std::fs::read(&path).expect("a file");
        assert!(!bytes.windows(3).any(|w| w == b"Ann"));
        assert_eq!(Key::open(&path, &right, "00ff").expect("opens"), key);
        assert!(matches!(
            Key::open(&path, &wrong, "00ff"),
            Err(Error::WrongPassphrase(_))
        ));
        assert!(matches!(
            Key::open(&path, &right, "ff00"),
            Err(Error::OtherStudy(_))
        ));
        std::fs::write(&path, &bytes[..bytes.len() - 3]).expect("torn");
        assert!(matches!(
            Key::open(&path, &right, "00ff"),
            Err(Error::NotAKey(_))
        ));
        assert!(!format!("{key:?}{:?}", key.entities[0]).contains("Ann"));
    }
}
