//! What a crash takes of what was not synced.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a crash takes of what was not synced.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Loss {
    All,
    Nothing,
    /// All after some byte, and all names after some change.
    Tail,
    /// Some sectors and some changes of names, later ones as likely as earlier ones; and of a file that grew maybe only its length
    /// stays.
    Sectors,
}

const SECTOR: usize = 512;

/// A change of a name that is not synced.
#[derive(Clone)]
pub(super) enum Naming {
    Made(PathBuf, usize),
    Renamed(PathBuf, PathBuf, usize),
    Removed(PathBuf),
}

#[derive(Default, Clone)]
pub(super) struct Inode {
    pub(super) seen: Vec<u8>,
    pub(super) kept: Vec<u8>,
    pub(super) changes: Vec<Change>,
}

/// A change of a file's bytes that is not synced.
#[derive(Clone)]
pub(super) enum Change {
    Write(usize, Vec<u8>),
    Cut(usize),
}

impl Change {
    pub(super) fn apply(&self, to: &mut Vec<u8>) {
        match self {
            Change::Write(offset, bytes) => {
                let end = offset + bytes.len();
                if to.len() < end {
                    to.resize(end, 0);
                }
                if let Some(place) = to.get_mut(*offset..end) {
                    place.copy_from_slice(bytes);
                }
            }
            Change::Cut(length) => to.resize(*length, 0),
        }
    }
}

impl Naming {
    pub(super) fn apply(&self, names: &mut BTreeMap<PathBuf, usize>) {
        match self {
            Naming::Made(path, inode) => {
                names.insert(path.clone(), *inode);
            }
            Naming::Renamed(from, to, inode) => {
                names.remove(from);
                names.insert(to.clone(), *inode);
            }
            Naming::Removed(path) => {
                names.remove(path);
            }
        }
    }
    pub(super) fn is_in(&self, folder: &Path) -> bool {
        let (Naming::Made(path, _) | Naming::Renamed(_, path, _) | Naming::Removed(path)) = self;
        path.parent() == Some(folder)
    }
}

/// What is drawn when a part is lost.
#[derive(Default)]
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn draw(&mut self, below: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below.max(1)
    }

    /// Adds to the names those changes of them that are not lost.
    pub(super) fn lose_names(&mut self, changes: &[Naming], loss: Loss, names: &mut BTreeMap<PathBuf, usize>) {
        let until = self.draw(changes.len() as u64 + 1) as usize;
        for (at, change) in changes.iter().enumerate() {
            let stays = match loss {
                Loss::All => false,
                Loss::Nothing => true,
                Loss::Tail => at < until,
                Loss::Sectors => self.draw(2) == 0,
            };
            if stays {
                change.apply(names);
            }
        }
    }

    /// What is left of a file after a crash.
    pub(super) fn lose(&mut self, inode: Inode, loss: Loss) -> Vec<u8> {
        let mut kept = inode.kept;
        match loss {
            Loss::All => {}
            Loss::Nothing => inode.changes.iter().for_each(|change| change.apply(&mut kept)),
            Loss::Tail => {
                let size = |change: &Change| match change {
                    Change::Write(_, bytes) => bytes.len() as u64,
                    Change::Cut(_) => 1,
                };
                let mut left = self.draw(inode.changes.iter().map(size).sum::<u64>() + 1);
                for change in &inode.changes {
                    match change {
                        Change::Write(offset, bytes) => {
                            let bytes = bytes.get(..(left as usize).min(bytes.len())).unwrap_or_default();
                            Change::Write(*offset, bytes.to_vec()).apply(&mut kept);
                        }
                        cut if left > 0 => cut.apply(&mut kept),
                        _ => {}
                    }
                    left = left.saturating_sub(size(change));
                }
            }
            Loss::Sectors => {
                for change in &inode.changes {
                    self.lose_sectors(change, &mut kept);
                }
                if kept.len() < inode.seen.len() && self.draw(2) == 0 {
                    kept.resize(inode.seen.len(), 0);
                }
            }
        }
        kept
    }

    fn lose_sectors(&mut self, change: &Change, kept: &mut Vec<u8>) {
        let Change::Write(offset, bytes) = change else {
            if self.draw(2) == 0 {
                change.apply(kept);
            }
            return;
        };
        let mut at = *offset;
        while at < offset + bytes.len() {
            let until = ((at / SECTOR + 1) * SECTOR).min(offset + bytes.len());
            if self.draw(2) == 0 {
                let piece = bytes.get(at - offset..until - offset).unwrap_or_default();
                Change::Write(at, piece.to_vec()).apply(kept);
            }
            at = until;
        }
    }
}
