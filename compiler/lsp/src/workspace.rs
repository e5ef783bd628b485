//! The programs of the folders that are open: which there are, which of them have to be checked, and what was told of them last.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use source::Stop;

use crate::documents::Documents;
use crate::projects;
use crate::told::Told;

/// A program and how far it was checked. States are numbered; a later one has a larger number.
pub struct Project {
    /// Nobody has said that the folder is a project: it is the program of a file that is open.
    pub is_loose: bool,
    /// The state that is to be checked.
    pub wanted: u64,
    /// The state of which the checker's messages are known.
    pub checked: u64,
    /// The state of which all messages are known.
    pub settled: u64,
    /// What was told last.
    pub told: Option<Arc<Told>>,
    /// Whether evaluation had something to say of the last state that was settled.
    pub was_evaluated: bool,
}

impl Project {
    /// Whether all is known of what is to be known.
    pub fn is_settled(&self) -> bool {
        self.settled == self.wanted
    }
    /// Whether its files are known, be it as they were before the last keys; of some nothing can ever be told.
    pub fn is_read(&self) -> bool {
        self.told.is_some() || self.is_settled()
    }
    /// Whether what the checker says is known.
    pub fn is_checked(&self) -> bool {
        self.checked == self.wanted
    }
}

/// The check that is running.
pub struct Running {
    pub folder: PathBuf,
    pub revision: u64,
    pub stop: Stop,
}

/// All of them.
#[derive(Default)]
pub struct Workspace {
    /// The folders that are open in the editor.
    pub folders: Vec<PathBuf>,
    pub projects: BTreeMap<PathBuf, Project>,
    pub running: Option<Running>,
    /// Folders that say `project`.
    found: BTreeSet<PathBuf>,
    revision: u64,
}

impl Workspace {
    /// Of the folders that are open in the editor; nothing was looked for in them yet.
    pub fn new(folders: Vec<PathBuf>) -> Self {
        Self { folders, ..Self::default() }
    }

    /// Looks for projects everywhere.
    pub fn find(&mut self, documents: &Documents) {
        self.found = projects::find(&self.folders, documents);
        self.arrange(documents);
    }

    /// Looks at a folder, and at those above it, again.
    pub fn look_at(&mut self, folder: &Path, documents: &Documents) {
        if projects::is_project(folder, documents) {
            self.found.insert(folder.to_owned());
        } else {
            self.found.remove(folder);
            self.found.extend(projects::above(folder, documents));
        }
        self.arrange(documents);
    }

    /// Looks again at all projects at or below a path that is no more, or has come.
    pub fn look_below(&mut self, path: &Path, documents: &Documents) {
        self.found.retain(|folder| !folder.starts_with(path));
        self.found.extend(projects::find(&[path.to_owned()], documents));
        self.arrange(documents);
    }

    /// Makes the programs those of the projects that were found, and of the open files that belong to none.
    fn arrange(&mut self, documents: &Documents) {
        let loose = documents.paths().filter(|path| {
            let is_program = path.file_name().is_some_and(|name| projects::is_program(&name.to_string_lossy()));
            is_program && !path.ancestors().any(|folder| self.found.contains(folder))
        });
        let loose: BTreeSet<PathBuf> = loose.filter_map(|path| Some(path.parent()?.to_owned())).collect();
        let found = &self.found;
        self.projects.retain(|folder, project| match project.is_loose {
            true => loose.contains(folder),
            false => found.contains(folder),
        });
        let revision = &mut self.revision;
        let mut add = |folder: &PathBuf, is_loose: bool| {
            self.projects.entry(folder.clone()).or_insert_with(|| {
                *revision += 1;
                let told = None;
                Project { is_loose, wanted: *revision, checked: 0, settled: 0, told, was_evaluated: false }
            });
        };
        self.found.iter().for_each(|folder| add(folder, false));
        loose.iter().for_each(|folder| add(folder, true));
        self.stop_outdated();
    }

    /// The programs that a file is part of: the nearest, and those around it, which say that it is none of theirs.
    pub fn around<'a>(&'a self, path: &Path) -> impl Iterator<Item = (&'a PathBuf, &'a Project)> + use<'a> {
        let found: Vec<_> = path.ancestors().skip(1).filter_map(|folder| self.projects.get_key_value(folder)).collect();
        found.into_iter()
    }

    /// The program that a file belongs to.
    pub fn of(&self, path: &Path) -> Option<(&PathBuf, &Project)> {
        self.around(path).next()
    }

    /// A file has changed: its programs have to be checked.
    pub fn touch(&mut self, path: &Path) {
        let around: Vec<PathBuf> = self.around(path).map(|(folder, _)| folder.clone()).collect();
        for folder in around {
            self.revision += 1;
            if let Some(project) = self.projects.get_mut(&folder) {
                project.wanted = self.revision;
            }
        }
        self.stop_outdated();
    }

    /// Ends the running check when nobody wants its answer any more.
    fn stop_outdated(&self) {
        if let Some(running) = &self.running
            && self.projects.get(&running.folder).is_none_or(|project| project.wanted != running.revision)
        {
            running.stop.stop();
        }
    }

    /// The program that is to be checked next: those that somebody looks at come first.
    pub fn next(&self, documents: &Documents) -> Option<(&PathBuf, &Project)> {
        let open = |folder: &PathBuf| documents.below(folder).next().is_some();
        let unsettled = self.projects.iter().filter(|(_, project)| !project.is_settled());
        unsettled.min_by_key(|(folder, _)| !open(folder))
    }
}
