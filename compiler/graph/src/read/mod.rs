//! Reads what `save` writes. A text that is cut off, damaged or made by hand is refused with its place and cause; what is given back
//! holds what holds of every graph.

mod fields;
mod json;
mod nodes;
mod values;

use std::fmt;

use crate::{Complete, FORMAT, Graph, Incomplete, NodeId, OriginTree, Origins, Targets};
use fields::Text;
use json::{Json, What};
use nodes::Nodes;
use values::Values;

/// Why a saved graph is refused, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReadError {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    pub cause: String,
    /// What to do.
    pub help: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}; {}", self.line, self.column, self.cause, self.help)
    }
}

impl ReadError {
    pub(crate) fn at(text: &str, at: usize, cause: impl Into<String>) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            cause: cause.into(),
            help: "make the file again with `infrac build`".to_owned(),
        }
    }
}

/// The largest text that is looked at.
const LARGEST_TEXT: usize = 1 << 30;

/// The graph of a `graph.json`.
pub fn read(text: &str) -> Result<Complete, ReadError> {
    if text.len() > LARGEST_TEXT {
        return Err(ReadError::at(text, 0, "the file has more than 1 GiB"));
    }
    let json = json::parse(text)?;
    let parts = Text(text);
    let fields = parts.fields(&json)?;
    let format: i64 = parts.int(fields.need("format")?)?;
    if format != i64::from(FORMAT) {
        let mut error =
            ReadError::at(text, fields.need("format")?.at, format!("the graph has the format {format}, not {FORMAT}"));
        error.help = if format > i64::from(FORMAT) {
            "read it with the infrac that made it, or a newer one".to_owned()
        } else {
            "make it again with `infrac build` of this version".to_owned()
        };
        return Err(error);
    }
    let graph = graph(parts, &json)?;
    Complete::new(graph).map_err(|refused| {
        let (graph, cause) = *refused;
        incomplete(text, &graph, &cause)
    })
}

const MEMBERS: [&str; 18] = [
    "format",
    "project",
    "environment",
    "addresses",
    "values",
    "platforms",
    "chosen",
    "waivers",
    "statements",
    "providers",
    "instances",
    "resources",
    "inputs",
    "outputs",
    "deferred",
    "changes",
    "named",
    "state",
];

fn graph<'t>(text: Text<'t>, json: &Json<'t>) -> Result<Graph, ReadError> {
    let fields = text.fields(json)?;
    let _ = fields.take("format");
    let (project, environment) = (fields.name("project")?, fields.name("environment")?);
    let mut values = Values::new(text);
    for address in text.list(fields.need("addresses")?)? {
        values.read_address(address)?;
    }
    for value in text.list(fields.need("values")?)? {
        values.read_shared(value)?;
    }
    let mut origins = Origins::default();
    let origin = origins.add(OriginTree::Leaf(nodes::place(json.at)));
    let mut nodes = Nodes::new(values, origin);
    nodes.read_tables([
        fields.need("platforms")?,
        fields.need("chosen")?,
        fields.need("waivers")?,
        fields.need("statements")?,
    ])?;
    let lists = |name: &str| -> Result<&[Json<'t>], ReadError> {
        match &fields.need(name)?.what {
            What::List(elements) => Ok(elements),
            _ => text.refuse(json.at, format!("`{name}` is a list")),
        }
    };
    let providers = lists("providers")?;
    let count = providers.len();
    let providers = providers.iter().map(|json| nodes.provider(json, count)).collect::<Result<_, _>>()?;
    let instances: Vec<_> = lists("instances")?.iter().map(|json| nodes.instance(json)).collect::<Result<_, _>>()?;
    let resources: Vec<_> =
        lists("resources")?.iter().map(|json| nodes.resource(json, count)).collect::<Result<_, _>>()?;
    let inputs = lists("inputs")?.iter().map(|json| nodes.input(json)).collect::<Result<_, _>>()?;
    let outputs = lists("outputs")?.iter().map(|json| nodes.output(json)).collect::<Result<_, _>>()?;
    let deferred = lists("deferred")?.iter().map(|json| nodes.deferred(json)).collect::<Result<_, _>>()?;
    let changes = lists("changes")?.iter().map(|json| nodes.change(json)).collect::<Result<_, _>>()?;
    let named = lists("named")?.iter().map(|json| nodes.named(json)).collect::<Result<_, _>>()?;
    let state = match lists("state")? {
        [] => None,
        [state] => Some(nodes.state(state)?),
        [_, other, ..] => return text.refuse(other.at, "the state is kept at one place"),
    };
    fields.end(&MEMBERS)?;
    let store = nodes.into_store();
    for pair in resources.windows(2) {
        if let [one, other] = pair
            && store.compare_addresses(one.address, other.address).is_ge()
        {
            return text
                .refuse(other.place.start as usize, "the resources do not stand in the order of their addresses");
        }
    }
    for pair in instances.windows(2) {
        if let [one, other] = pair
            && store.compare_addresses(one.address, other.address).is_ge()
        {
            return text
                .refuse(other.place.start as usize, "the instances do not stand in the order of their addresses");
        }
    }
    Ok(Graph {
        flows: Vec::new(),
        project,
        environment,
        store,
        origins,
        providers,
        instances,
        resources,
        inputs,
        outputs,
        deferred,
        changes,
        named,
        targets: Targets { state },
    })
}

fn incomplete(text: &str, graph: &Graph, cause: &Incomplete) -> ReadError {
    let (node, cause) = match cause {
        Incomplete::Unknown(node) => (node.as_ref(), "a value is unknown".to_owned()),
        Incomplete::Nowhere(node) => (Some(node), format!("`{}` needs what is not there", graph.node_text(*node))),
        Incomplete::Twice(node) => (Some(node), format!("`{}` stands twice", graph.node_text(*node))),
        Incomplete::Circle(circle) => {
            let names: Vec<String> = circle.iter().take(8).map(|node| graph.node_text(*node)).collect();
            (
                circle.first(),
                format!("{} have to be there before each other", source::list_of(names.iter().map(String::as_str))),
            )
        }
    };
    let at = match node {
        Some(NodeId::Provider(id)) => graph.providers.get(id.0 as usize).map(|provider| provider.place),
        Some(NodeId::Resource(address)) => {
            graph.resources.iter().find(|resource| resource.address == *address).map(|resource| resource.place)
        }
        None => None,
    };
    ReadError::at(text, at.map_or(0, |place| place.start as usize), cause)
}
