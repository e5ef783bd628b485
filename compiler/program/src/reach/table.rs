//! What the library says of the native resources that let in and keep out: which kinds, and which of their fields mean what.
//! The table itself, and where to add a layer, is `stdlib/layers.infra`; what a project tells with `@native(TARGET, "layers")` comes
//! beside it.

use serde::Deserialize;

use super::seen::Seen;

/// The whole table.
#[derive(Deserialize, Debug, Default)]
pub(crate) struct Table {
    /// Kinds that are ranges of addresses by themselves.
    pub ranges: Vec<RangeKind>,
    pub networks: Vec<NetworkForm>,
    pub groups: Vec<GroupForm>,
    pub policies: Vec<PolicyForm>,
    pub hosts: Vec<HostForm>,
}

#[derive(Deserialize, Debug)]
pub(crate) struct RangeKind {
    pub kind: String,
    pub field: String,
}

/// Where machines stand: subnets have a range and belong to a network.
#[derive(Deserialize, Debug)]
pub(crate) struct NetworkForm {
    pub subnet: String,
    pub range: String,
    pub network: String,
    pub subnet_groups: Vec<SubnetGroup>,
    pub joined_by: Vec<Joint>,
}

/// What makes a way between two networks: a resource that refers to both, and from each of them a route that leads into it.
#[derive(Deserialize, Debug)]
pub(crate) struct Joint {
    pub kind: String,
    /// A resource that refers to the joint and to a table of routes, which refers to the network.
    pub route: String,
}

#[derive(Deserialize, Debug)]
pub(crate) struct SubnetGroup {
    pub kind: String,
    pub subnets: String,
}

/// Rules that point at a group, machines that are in it. Without a rule nothing passes.
#[derive(Deserialize, Debug)]
pub(crate) struct GroupForm {
    pub layer: String,
    pub every_protocol: String,
    pub rules: Vec<RuleKind>,
    pub members: Vec<MemberKind>,
    pub not_read: Vec<NotRead>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Deserialize, Debug)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Direction {
    In,
    Out,
}

impl Direction {
    /// How a connection passes the end that lets it.
    pub fn preposition(self) -> &'static str {
        match self {
            Direction::In => "into",
            Direction::Out => "out of",
        }
    }
    /// How it stands to the other end.
    pub fn side(self) -> &'static str {
        match self {
            Direction::In => "from",
            Direction::Out => "to",
        }
    }
}

#[derive(Deserialize, Debug)]
pub(crate) struct RuleKind {
    pub kind: String,
    pub direction: Direction,
    pub group: String,
    pub protocol: String,
    pub first: String,
    pub last: String,
    pub other_group: String,
    pub other_ranges: Vec<String>,
}

/// A machine, a database, a balancer: whatever can be in a group.
#[derive(Deserialize, Debug)]
pub(crate) struct MemberKind {
    pub kind: String,
    pub groups: String,
    pub stands_in: String,
    /// Fields that are its own address in the network.
    pub addresses: Vec<String>,
    /// It has an address on the internet when one of these fields is so, or when one of these resources refers to it.
    pub public_if: Vec<PublicIf>,
    pub public_by: Vec<PublicBy>,
    /// When it has one, its name stands for that one, wherever the caller is.
    pub called_at_public_address: bool,
    /// What a user writes to give it one.
    pub public_help: Option<String>,
    /// What a user writes to have it called inside the network.
    pub private_help: Option<String>,
    /// It answers only where one of these listens.
    pub listeners: Option<Listeners>,
}

#[derive(Deserialize, Debug)]
pub(crate) struct PublicIf {
    pub field: String,
    pub equal: bool,
}

#[derive(Deserialize, Debug)]
pub(crate) struct PublicBy {
    pub kind: String,
    pub field: String,
}

#[derive(Deserialize, Debug)]
pub(crate) struct Listeners {
    pub kind: String,
    pub balancer: String,
    pub port: String,
}

/// What lets in or keeps out, and is not read: the answer is unknown where it stands.
#[derive(Deserialize, Debug)]
pub(crate) struct NotRead {
    pub kind: String,
    pub field: Option<String>,
    pub may: May,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Debug)]
#[serde(rename_all = "lowercase")]
pub(crate) enum May {
    Open,
    Close,
}

/// Objects that select programs by labels. Where none selects, everything passes.
#[derive(Deserialize, Debug)]
pub(crate) struct PolicyForm {
    pub layer: String,
    pub kind: String,
    pub namespace: String,
    pub selects: String,
    pub types: String,
    pub incoming: PolicySide,
    pub outgoing: PolicySide,
    pub namespace_name_label: String,
    /// The input of the platform that holds the ranges of its programs.
    pub platform_ranges: String,
    /// What a user writes when others need the ranges and nobody said them.
    pub ranges_help: String,
    /// When the program makes the cluster: where its programs stand.
    pub nodes: Vec<StandsIn>,
    pub namespaces: Namespaces,
    pub programs: Vec<ProgramKind>,
    pub service: ServiceForm,
}

#[derive(Deserialize, Debug)]
pub(crate) struct PolicySide {
    pub kind: String,
    pub rules: String,
    pub others: String,
}

#[derive(Deserialize, Debug)]
pub(crate) struct StandsIn {
    pub kind: String,
    pub stands_in: String,
}

#[derive(Deserialize, Debug)]
pub(crate) struct Namespaces {
    pub kind: String,
    pub name: String,
    pub labels: String,
}

#[derive(Deserialize, Debug)]
pub(crate) struct ProgramKind {
    pub kind: String,
    pub labels: String,
    pub containers: String,
}

/// What gives programs an address that stays.
#[derive(Deserialize, Debug)]
pub(crate) struct ServiceForm {
    pub layer: String,
    pub kind: String,
    pub selects: String,
    pub ports: String,
    pub kind_of_address: String,
    /// Types with an address outside of the cluster.
    pub outside_types: Vec<String>,
    /// Ranges that may call from outside; all, when it is left out.
    pub sources: String,
    pub public_note: String,
    pub public_is: String,
}

/// Machines that filter packets themselves.
#[derive(Deserialize, Debug)]
pub(crate) struct HostForm {
    pub layer: String,
    pub kind: String,
    /// Fields that hold its addresses.
    pub addresses: Vec<String>,
    pub filter: FilterForm,
}

/// Where the rules of a machine stand: a file at a path, in the form of nftables.
#[derive(Deserialize, Debug)]
pub(crate) struct FilterForm {
    pub kind: String,
    pub path: String,
    pub lies_at: String,
    pub rules: String,
}

impl Table {
    /// Adds what one function tells, as JSON; the error says what is wrong with it.
    pub fn add(&mut self, text: &str) -> Result<(), String> {
        let told: Table = serde_json::from_str(text).map_err(|error| error.to_string())?;
        self.ranges.extend(told.ranges);
        self.networks.extend(told.networks);
        self.groups.extend(told.groups);
        self.policies.extend(told.policies);
        self.hosts.extend(told.hosts);
        Ok(())
    }

    /// What to do when the other end is programs whose addresses nobody knows.
    pub fn missing_ranges(&self, other: &Seen) -> Option<String> {
        let program = other.programs.first().filter(|_| other.ranges.is_empty())?;
        self.policies.get(program.form).map(|form| form.ranges_help.clone())
    }
}
