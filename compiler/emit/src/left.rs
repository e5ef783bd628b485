//! Objects that a tool leaves where they are when they are no longer in its files: what there is of them, and what deletes them.

use crate::ObjectName;
use crate::step::Step;

/// A cluster and what stands in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EmittedCluster {
    pub cluster: ClusterName,
    /// All of its objects, sorted by name.
    pub objects: Vec<EmittedObject>,
}

/// An object of a cluster.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct EmittedObject {
    pub name: ObjectName,
    /// Whether it holds data that deleting it would lose, or is protected by the program.
    pub keeps_data: bool,
    /// Of the resource that it is; empty where an earlier infrac did not write it down.
    pub address: String,
    /// Who decides how many copies of it run.
    pub number: Number,
}

/// Who decides how many copies of an object run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Number {
    /// There are no copies, or the program never said how many.
    #[default]
    Others,
    /// The program.
    Program,
    /// The program did until something else took over, which may not be applied yet.
    TakenOver,
}

/// The cluster of an object, as it is remembered.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ClusterName {
    /// The folder that its files had below that of the environment.
    pub folder: String,
    pub context: Option<String>,
    /// The program makes the cluster itself: when that goes, everything in it goes.
    pub made: bool,
}

/// An object that the program no longer has.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct LeftObject {
    pub cluster: ClusterName,
    pub object: EmittedObject,
}

/// What is to be deleted, and how.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Removal {
    /// The list of it, below the folder of the environment.
    pub path: String,
    pub text: String,
    pub step: Step,
    pub count: usize,
    /// Whether deleting it loses data.
    pub loses_data: bool,
    /// Whether it goes before what is there now is applied: it would undo that.
    pub first: bool,
}
