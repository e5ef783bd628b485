//! The forms that the language itself has: what stands in a project and in an environment, and what its annotations take.

use syntax::Tree;

use crate::names;
use crate::shape::{Choice, Form, Shape, Shapes, Slot, plain};

/// A form of the language's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Own {
    Project,
    Environment,
    /// `choose { KIND = PLATFORM }`
    Choose,
    /// `params { NAME = VALUE }`
    Params,
    Tier,
    /// The list of an environment.
    Platforms,
    Platform,
    EnvironmentName,
    State,
    /// The settings of a place where state is kept.
    Backend(&'static str),
    /// What a field is to flows.
    Role,
    /// What may be made first when something is replaced.
    First,
    /// The codes of warnings.
    Warning,
}

impl Own {
    /// How a key names it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Own::Project => "project",
            Own::Environment => "environment",
            Own::Choose => "choose",
            Own::Params => "params",
            Own::Tier => "tier",
            Own::Platforms => "platforms",
            Own::Platform => "platform",
            Own::EnvironmentName => "like",
            Own::State => "state",
            Own::Backend(name) => name,
            Own::Role => "role",
            Own::First => "first",
            Own::Warning => "warning",
        }
    }

    /// The form that a key names.
    pub(crate) fn of(word: &str) -> Option<Self> {
        let plain = [Own::Project, Own::Environment, Own::Choose, Own::Params];
        let backend = || check::backends().find(|backend| backend.0 == word).map(|backend| Own::Backend(backend.0));
        plain.into_iter().find(|own| own.word() == word).or_else(backend)
    }
}

pub(crate) fn slots(shapes: &Shapes<'_>, of: &Own) -> Vec<Slot> {
    match of {
        Own::Project => vec![slot("edition", "int", true, "The edition of the language.", Shape::Type("1".to_owned()))],
        Own::Environment => environment(),
        Own::Choose => {
            let input = shapes.program.input();
            let kinds = names::declared(input, shapes.path, "kind");
            kinds
                .into_iter()
                .map(|kind| {
                    let docs = names::documentation(kind.item);
                    slot(&kind.name, "platform", false, &docs, Shape::Own(Own::Platform))
                })
                .collect()
        }
        Own::Params => params(shapes),
        Own::Backend(name) => check::backends()
            .find(|backend| backend.0 == *name)
            .map(|(_, required, others)| {
                let text = |name: &str, required| slot(name, "string", required, "", Shape::Type("string".to_owned()));
                let needed = required.iter().map(|name| text(name, true));
                needed.chain(others.iter().map(|name| text(name, false))).collect()
            })
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn environment() -> Vec<Slot> {
    let own = |name, ty, required, docs, of| slot(name, ty, required, docs, Shape::Own(of));
    vec![
        own("tier", "test | preprod | prod", true, "How much it matters; read with `tier()`.", Own::Tier),
        own("on", "[platform]", true, "Where things run, in no order, each under a name.", Own::Platforms),
        own("choose", "{ KIND = PLATFORM }", false, "Which platform is meant where several could be.", Own::Choose),
        own(
            "like",
            "environment",
            false,
            "Params, arms of `match environment` and choices that are missing here are those of another environment.",
            Own::EnvironmentName,
        ),
        own("params", "{ NAME = VALUE }", false, "Values of params.", Own::Params),
        own("state", "place", false, "Where state is kept; beside the project when it is left out.", Own::State),
    ]
}

fn params(shapes: &Shapes<'_>) -> Vec<Slot> {
    let found = names::declared(shapes.program.input(), shapes.path, "param");
    found
        .into_iter()
        .filter_map(|param| {
            let tree = param.item.tree();
            let node = tree.child(Tree::ROOT, syntax::Kind::Param)?;
            let ty = tree.children(node).nth(1).map_or_else(String::new, |ty| tree.text(ty).to_owned());
            let default = tree.children(node).nth(2).map(|value| tree.text(value).to_owned());
            let docs = names::documentation(param.item);
            let required = default.is_none() && !ty.ends_with('?');
            let found = slot(&param.name, &ty, required, &docs, Shape::Type(ty.clone()));
            Some(Slot { default, place: names::name_place(param.item), ..found })
        })
        .collect()
}

fn slot(name: &str, ty: &str, required: bool, docs: &str, shape: Shape) -> Slot {
    Slot {
        name: name.to_owned(),
        ty: ty.to_owned(),
        default: None,
        required,
        docs: docs.to_owned(),
        rule: None,
        from: None,
        deprecated: false,
        decided: false,
        shape,
        place: None,
    }
}

pub(crate) fn element(of: &Own) -> Shape {
    match of {
        Own::Platforms => Shape::Own(Own::Platform),
        _ => Shape::Unknown,
    }
}

pub(crate) fn form(of: &Own) -> Form {
    match of {
        Own::Project | Own::Environment | Own::Choose | Own::Params | Own::Backend(_) => Form::Record,
        Own::Platforms => Form::List,
        _ => Form::Other(of.word().to_owned()),
    }
}

pub(crate) fn choices(shapes: &Shapes<'_>, of: &Own) -> Vec<Choice> {
    let input = shapes.program.input();
    match of {
        Own::Tier => check::TIERS.iter().rev().map(|tier| plain(tier)).collect(),
        Own::EnvironmentName => {
            names::declared(input, shapes.path, "environment").iter().map(|named| plain(&named.name)).collect()
        }
        Own::Platform => platforms(shapes),
        Own::State => check::backends()
            .map(|(name, required, _)| {
                let stops = required.iter().enumerate().map(|(at, name)| format!("{name} = \"${{{}}}\"", at + 1));
                let snippet = format!("{name}({})", stops.collect::<Vec<_>>().join(", "));
                Choice { text: name.to_owned(), snippet, docs: String::new() }
            })
            .collect(),
        Own::Role => check::ROLES.iter().map(|role| plain(role)).collect(),
        Own::First => vec![plain("\"create\"")],
        Own::Warning => shapes.program.checked().0.warning_codes.iter().map(|code| plain(code.text())).collect(),
        Own::Project | Own::Environment | Own::Choose | Own::Params | Own::Platforms | Own::Backend(_) => Vec::new(),
    }
}

/// Platforms as they are called, and instances that are one.
fn platforms(shapes: &Shapes<'_>) -> Vec<Choice> {
    let found = names::declared(shapes.program.input(), shapes.path, "platform");
    found
        .into_iter()
        .map(|platform| {
            let inputs = shapes.slots(&Shape::Inputs(platform.name.clone()));
            let stops = inputs.iter().filter(|slot| slot.required).enumerate().map(|(at, slot)| {
                match shapes.form(&slot.shape) {
                    Form::Text => format!("{} = \"${{{}}}\"", slot.name, at + 1),
                    _ => format!("{} = ${{{}}}", slot.name, at + 1),
                }
            });
            let stops: Vec<String> = stops.collect();
            let inside = if stops.is_empty() { "$0".to_owned() } else { stops.join(", ") };
            Choice {
                snippet: format!("{}({inside})", platform.name),
                docs: names::documentation(platform.item),
                text: platform.name,
            }
        })
        .collect()
}
