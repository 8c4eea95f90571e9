//! Reshaping the codebook: rename, move, merge, split, remove, with the codings kept right.

use std::collections::HashMap;

use serde::Serialize;

use super::Error;
use super::codebook::Codebook;
use crate::domain::path::steps;
use crate::domain::span::Span;
use crate::error::Result;
use crate::store::{Coding, Theme, Tx};

/// What a reshaping did to codings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Moved {
    /// Codings that have another theme now.
    pub moved: usize,
    /// Codings that would have been doubled: the same coder had the same span under both themes. Their memos went over.
    pub joined: usize,
    /// Codings that are gone.
    pub removed: usize,
    /// Cells of the frame that stand in another column now.
    pub cells_moved: usize,
    /// Those that were joined with one that was there for the same case.
    pub cells_joined: usize,
    /// Those that are gone.
    pub cells_removed: usize,
}

/// Gives a theme another name; it stays where it is.
pub fn rename(tx: &Tx, path: &str, name: &str) -> Result<String> {
    let book = Codebook::read(tx)?;
    let id = book.find(path)?;
    let names = steps(name)?;
    let [name] = &names[..] else {
        return Err(Error::refused(
            "a name can't hold `/`",
            format!("to put it elsewhere: casebook theme move \"{path}\" NEW_PARENT"),
        )
        .into());
    };
    let theme = theme(&book, id)?;
    let sibling = book
        .children(theme.parent)
        .any(|t| t.id != id && t.name.eq_ignore_ascii_case(name));
    let new = Theme {
        name: name.clone(),
        ..theme
    };
    let path = above(&book, new.parent, name);
    if sibling {
        return Err(Error::ThemeTaken(path).into());
    }
    tx.put_theme(&new)?;
    Ok(path)
}

/// Puts a theme under another parent (`/` for none), with all that is below it.
pub fn move_to(tx: &Tx, path: &str, parent: &str) -> Result<String> {
    let book = Codebook::read(tx)?;
    let id = book.find(path)?;
    let parent = if parent == "/" {
        None
    } else {
        Some(book.find(parent)?)
    };
    let theme = theme(&book, id)?;
    if let Some(p) = parent
        && book.with_below(id).contains(&p)
    {
        return Err(Error::OwnAncestor {
            theme: book.path(id),
            parent: book.path(p),
        }
        .into());
    }
    let path = above(&book, parent, &theme.name);
    if book
        .children(parent)
        .any(|t| t.id != id && t.name.eq_ignore_ascii_case(&theme.name))
    {
        return Err(Error::ThemeTaken(path).into());
    }
    tx.put_theme(&Theme { parent, ..theme })?;
    Ok(path)
}

/// Merges themes into one: codings, memos, rules and sub-themes go over, the emptied themes go.
pub fn merge(tx: &Tx, from: &[String], into: &str) -> Result<Moved> {
    let target = Codebook::read(tx)?.find(into)?;
    let mut moved = Moved::default();
    for path in from {
        let book = Codebook::read(tx)?;
        let id = book.find(path)?;
        if id == target {
            return Err(Error::refused(
                "a theme can't be merged into itself",
                "name another theme to merge into",
            )
            .into());
        }
        if book.with_below(id).contains(&target) {
            return Err(Error::refused(
                format!(
                    "`{}` can't be merged into a theme that stands below it",
                    book.path(id)
                ),
                format!("move that out first: casebook theme move \"{into}\" /"),
            )
            .into());
        }
        for child in book.children(Some(id)) {
            if book
                .children(Some(target))
                .any(|t| t.name.eq_ignore_ascii_case(&child.name))
            {
                return Err(Error::refused(
                    format!("both themes have a sub-theme `{}`", child.name),
                    "merge the sub-themes first, or rename one of them",
                )
                .into());
            }
            tx.put_theme(&Theme {
                parent: Some(target),
                ..child.clone()
            })?;
        }
        let within = book.with_below(target).contains(&id);
        let (cells, joined) = super::cells::hand_over(tx, id, target, within)?;
        moved.cells_moved += cells;
        moved.cells_joined += joined;
        hand_over(tx, id, target, |_| true, &mut moved)?;
        tx.hand_over_theme(id, target)?;
        tx.remove_theme(id)?;
    }
    Ok(moved)
}

/// Splits codings off a theme into others: each named coding gets the new theme; the rest stays where it is.
pub fn split(tx: &Tx, path: &str, into: &str, codings: &[i64]) -> Result<(Moved, String)> {
    let book = Codebook::read(tx)?;
    let id = book.find(path)?;
    for coding in codings {
        let found = tx.coding(*coding)?.ok_or(Error::UnknownCoding(*coding))?;
        if found.theme != id {
            return Err(Error::refused(
                format!("coding {coding} is not of theme `{}`", book.path(id)),
                format!("see its codings with: casebook quotes --theme \"{path}\""),
            )
            .into());
        }
    }
    let target = match book.find(into) {
        Ok(there) => there,
        Err(_) => super::codebook::add(tx, into, Theme::default())?,
    };
    let mut moved = Moved::default();
    hand_over(tx, id, target, |c| codings.contains(&c.id), &mut moved)?;
    Ok((moved, Codebook::read(tx)?.path(target)))
}

/// Removes a theme. With codings or sub-themes it is refused, unless `with_codings` says that they go too.
pub fn remove(tx: &Tx, path: &str, with_codings: bool) -> Result<Moved> {
    let book = Codebook::read(tx)?;
    let id = book.find(path)?;
    let all = book.with_below(id);
    let mut codings = Vec::new();
    for theme in &all {
        tx.each_coding_even_pending::<crate::error::Failure>(Some(*theme), |c| {
            codings.push(c.id);
            Ok(())
        })?;
    }
    let mut cells = 0;
    for theme in &all {
        cells += usize::try_from(tx.cells_of_theme(*theme)?).unwrap_or_default();
    }
    if !with_codings && (!codings.is_empty() || all.len() > 1 || cells > 0) {
        let mut has = vec![
            counted(codings.len(), "coding"),
            counted(all.len() - 1, "sub-theme"),
        ];
        if cells > 0 {
            has.push(format!("{} of the frame", counted(cells, "cell")));
        }
        let last = has.pop().unwrap_or_default();
        return Err(Error::refused(
            format!("theme `{}` has {} and {last}", book.path(id), has.join(", ")),
            format!("merge it into another: casebook theme merge \"{path}\" INTO   or remove all of it: casebook theme remove \"{path}\" --with-codings"),
        )
        .into());
    }
    for coding in &codings {
        tx.remove_coding(*coding)?;
    }
    for theme in all.iter().rev() {
        tx.remove_theme(*theme)?;
    }
    Ok(Moved {
        removed: codings.len(),
        cells_removed: cells,
        ..Moved::default()
    })
}

/// Hands codings from one theme to another. Where the same coder has the same span under the target already, the two
/// become one: the target's coding stays and takes the memos.
fn hand_over(
    tx: &Tx,
    from: i64,
    to: i64,
    takes: impl Fn(&Coding) -> bool,
    moved: &mut Moved,
) -> Result<()> {
    let mut there: HashMap<(i64, Span, i64), i64> = HashMap::new();
    tx.each_coding_even_pending::<crate::error::Failure>(Some(to), |c| {
        there.insert((c.revision, c.span, c.coder), c.id);
        Ok(())
    })?;
    let mut all = Vec::new();
    tx.each_coding_even_pending::<crate::error::Failure>(Some(from), |c| {
        if takes(&c) {
            all.push(c);
        }
        Ok(())
    })?;
    for c in all {
        if let Some(twin) = there.get(&(c.revision, c.span, c.coder)) {
            tx.hand_over_memos(c.id, *twin)?;
            tx.hand_over_leaning(c.id, *twin)?;
            tx.remove_coding(c.id)?;
            moved.joined += 1;
        } else {
            tx.retheme_coding(c.id, to)?;
            moved.moved += 1;
        }
    }
    Ok(())
}

fn theme(book: &Codebook, id: i64) -> Result<Theme> {
    Ok(book
        .theme(id)
        .cloned()
        .ok_or_else(|| Error::Refused("the theme is gone".into(), None))?)
}

fn above(book: &Codebook, parent: Option<i64>, name: &str) -> String {
    match parent {
        Some(p) => format!("{}/{name}", book.path(p)),
        None => name.to_owned(),
    }
}

/// "1 coding", "2 codings".
fn counted(n: usize, one: &str) -> String {
    if n == 1 {
        format!("1 {one}")
    } else {
        format!("{n} {one}s")
    }
}
