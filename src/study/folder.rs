//! Folders that are no good home for a study: those that a service copies to and fro, and drives of another computer.

use std::path::Path;

/// What to tell a researcher about the folder a study stands in; nothing where it is a plain folder.
pub fn warnings(study: &Path) -> Vec<String> {
    let path = std::fs::canonicalize(study)
        .or_else(|_| std::path::absolute(study))
        .unwrap_or_else(|_| study.to_owned());
    let mut found = Vec::new();
    if let Some(service) = syncing_service(&path) {
        found.push(format!(
            "this folder is copied by {service} while you work. Two computers with the study open, or a copy taken in the middle of a change, can lose work, \
             and the service keeps what the interviews say. Keep the study in a folder that is not synced, and put a backup there instead: casebook backup FILE"
        ));
    }
    if is_network_drive(&path) {
        found.push(
            "this folder is on another computer (a network drive), which may not lock files as a study needs it. \
             Keep the study on this computer's own disk, and put a backup on the drive instead: casebook backup FILE"
                .to_owned(),
        );
    }
    found
}

/// The service that syncs one of the folders in the path, by the names that the services give them.
fn syncing_service(path: &Path) -> Option<&'static str> {
    path.ancestors()
        .filter_map(Path::file_name)
        .find_map(|name| {
            let name = name.to_string_lossy().to_lowercase();
            match name.as_str() {
                n if n.starts_with("onedrive") => Some("OneDrive"),
                n if n == "dropbox" || n.starts_with("dropbox ") || n.starts_with("dropbox-") => {
                    Some("Dropbox")
                }
                "icloud drive" | "iclouddrive" | "com~apple~clouddocs" | "mobile documents" => {
                    Some("iCloud")
                }
                n if n == "google drive"
                    || n == "googledrive"
                    || n == "my drive"
                    || n.starts_with("googledrive-") =>
                {
                    Some("Google Drive")
                }
                n if n == "box" || n == "box sync" => Some("Box"),
                n if n == "nextcloud" || n == "owncloud" => Some("Nextcloud"),
                "cloudstorage" => Some("a cloud service"),
                _ => None,
            }
        })
}

fn is_network_drive(path: &Path) -> bool {
    if path.to_string_lossy().starts_with(r"\\") && !path.to_string_lossy().starts_with(r"\\?\") {
        return true;
    }
    let Ok(mounts) = std::fs::read_to_string("/proc/mounts") else {
        return false;
    };
    mounts
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(' ');
            let (_, point, kind) = (fields.next()?, fields.next()?, fields.next()?);
            path.starts_with(point.replace("\\040", " "))
                .then(|| (point.len(), kind.to_owned()))
        })
        .max_by_key(|(length, _)| *length)
        .is_some_and(|(_, kind)| {
            [
                "nfs",
                "nfs4",
                "cifs",
                "smb3",
                "smbfs",
                "afpfs",
                "fuse.sshfs",
                "davfs",
                "fuse.rclone",
                "9p",
            ]
            .contains(&kind.as_str())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_folders_that_services_make() {
        for (path, service) in [
            (
                "/home/a/OneDrive - University/x/a.casebook",
                Some("OneDrive"),
            ),
            ("/home/a/Dropbox/a.casebook", Some("Dropbox")),
            (
                "/Users/a/Library/Mobile Documents/com~apple~CloudDocs/a.casebook",
                Some("iCloud"),
            ),
            (
                "/Users/a/Library/CloudStorage/GoogleDrive-x/My Drive/a.casebook",
                Some("Google Drive"),
            ),
            ("/home/a/dropboxes/a.casebook", None),
            ("/home/a/work/a.casebook", None),
        ] {
            assert_eq!(syncing_service(Path::new(path)), service, "{path}");
        }
    }
}
