//! What tools keep beside the project may hold secrets: git has to leave it out. A build writes nothing there, so it says so.

use std::fs;
use std::path::Path;

/// What is said to whoever has the project in a git repository that would take `.infrac` in.
pub const NOTE: &str = "\n.infrac is to hold what tools keep, which may be secret: add `/.infrac/` to .gitignore\n";

/// Whether git would take the folder in: the project, given in full, lies in a repository, and no `.gitignore` from there down names it.
pub fn is_taken_in(project: &Path) -> bool {
    let mut folders = Vec::new();
    let repository = project.ancestors().find(|folder| {
        folders.push(*folder);
        fs::symlink_metadata(folder.join(".git")).is_ok()
    });
    let names = |folder: &Path| {
        let file = folder.join(".gitignore");
        // A link may lead out of the project.
        let is_file = fs::symlink_metadata(&file).is_ok_and(|found| found.is_file());
        let text = if is_file { fs::read_to_string(file).unwrap_or_default() } else { String::new() };
        text.lines().any(|line| line.trim().trim_matches('/') == ".infrac")
    };
    let has_its_own = fs::symlink_metadata(project.join(".infrac").join(".gitignore")).is_ok();
    repository.is_some() && !has_its_own && !folders.into_iter().any(names)
}
