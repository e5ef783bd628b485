//! How two environments differ: what they decide differently (`causes.rs`), and what follows: instances that only one has, and
//! fields that are not the same (`compare.rs` finds them), each with the places that decide it.

mod causes;
mod compare;
mod platforms;
mod text;

use source::{Diagnostic, Name};

use crate::Program;
use crate::why::{Known, ReadAt, Spot};

use compare::compare;

/// All differences of two environments. Consequences are in the order of addresses, then of fields.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diff {
    pub left: String,
    pub right: String,
    /// What the environments decide differently, whether or not anything that is compared follows from it.
    pub causes: Vec<Cause>,
    pub only: Vec<Only>,
    pub fields: Vec<Difference>,
}

/// A decision that the two environments take differently.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cause {
    /// `param copies`, `choose bucket`, `aws.region`, `tier`, `environment`
    pub what: String,
    pub left: Decided,
    pub right: Decided,
}

/// What one of them decides.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decided {
    /// None: nothing.
    pub value: Option<String>,
    pub at: Spot,
}

/// What only one of the two has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Only {
    /// The environment that has it.
    pub environment: String,
    pub address: String,
    /// `container`, or `terraform.aws_vpc` of a native resource.
    pub kind: String,
    pub at: Spot,
    /// The causes that it follows from, as positions in `causes`; none when that cannot be told.
    pub causes: Vec<usize>,
}

/// A field that is not the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// `api`; of a platform its name.
    pub address: String,
    pub kind: String,
    /// `replicas`, `env.LOG`, `on` for where it stands; empty of an output.
    pub field: String,
    pub left: Side,
    pub right: Side,
    /// The causes that it follows from, as positions in `causes`; none when that cannot be told.
    pub causes: Vec<usize>,
}

/// What a field is in one environment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Side {
    /// None: absent.
    pub value: Option<String>,
    /// Where it is set.
    pub at: Spot,
    /// What it is made of that the other side is not: an arm, a param, another field.
    pub because: Vec<ReadAt>,
}

impl Diff {
    /// Whether the environments are the same.
    pub fn is_empty(&self) -> bool {
        self.causes.is_empty() && self.only.is_empty() && self.fields.is_empty()
    }
}

impl Program {
    /// The differences of two environments. `native`: of native resources as well, and of what the library makes on the way to them.
    pub fn diff(
        &self,
        left: Name,
        right: Name,
        native: bool,
        params: &[(String, String)],
    ) -> Result<Diff, Vec<Diagnostic>> {
        let (left_graph, _) = self.graph(left, params)?;
        let (right_graph, _) = self.graph(right, params)?;
        let checked = self.checked().0;
        let known = [&left_graph, &right_graph].map(|graph| Known::new(checked, graph, self.sources()));
        let given: Vec<Name> = params.iter().map(|(name, _)| Name::new(name)).collect();
        let [left, right] = &known;
        // Code is as deep as evaluation follows it.
        crate::on_large_stack(|| compare(left, right, native, &given)).ok_or_else(|| vec![crate::died()])
    }
}
