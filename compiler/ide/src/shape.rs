//! What may stand as a value: a declared type, the inputs of a kind, a field of a maker's schema, or one of the language's own forms.
//! All that the editor offers and shows of fields and their values is asked here.

use std::sync::Arc;

use program::Program;
use program::describe;
use schema::{FieldType, Role, Row};
use source::Place;
use syntax::{Kind as Node, NodeId, Tree};

use crate::names;
use crate::own::{self, Own};

/// What may stand as a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Unknown,
    /// A type, as its declaration says it.
    Type(String),
    /// What an instance of a declared kind is given, or a platform.
    Inputs(String),
    /// A field of a schema, by the schema's number.
    Native {
        schema: usize,
        ty: FieldType,
    },
    /// The fields of a native kind.
    Row {
        schema: usize,
        row: Row,
    },
    Own(Own),
}

/// A field of a record, a kind or a native kind.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub name: String,
    /// As it is declared.
    pub ty: String,
    pub default: Option<String>,
    pub required: bool,
    pub docs: String,
    /// What its value must be, in words.
    pub rule: Option<String>,
    /// The kind that it comes from, where that is another.
    pub from: Option<String>,
    pub deprecated: bool,
    /// Whether it is read only.
    pub decided: bool,
    pub shape: Shape,
    pub place: Option<Place>,
}

/// One of the values that a type has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    /// As it is written.
    pub text: String,
    /// With tab stops.
    pub snippet: String,
    pub docs: String,
}

/// How a value is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Text,
    Bool,
    Record,
    /// A list of records, each of which may be written as a block.
    Records,
    List,
    Map,
    /// An instance of a kind.
    Instance(String),
    /// A scalar or whatever else, by the name of its type.
    Other(String),
}

/// Answers about shapes, for one file of a program.
#[derive(Clone, Copy)]
pub(crate) struct Shapes<'a> {
    pub program: &'a Program,
    pub path: &'a str,
}

impl<'a> Shapes<'a> {
    /// The fields of a record; none of what is no record.
    pub(crate) fn slots(&self, shape: &Shape) -> Vec<Slot> {
        match shape {
            Shape::Unknown => Vec::new(),
            Shape::Inputs(name) => {
                self.described(name).map_or_else(Vec::new, |kind| kind.fields.iter().map(declared_slot).collect())
            }
            Shape::Type(text) => self.slots_of_type(text),
            Shape::Native { schema, ty } => match ty {
                FieldType::Record(row) => self.slots(&Shape::Row { schema: *schema, row: *row }),
                _ => Vec::new(),
            },
            Shape::Row { schema, row } => self.slots_of_row(*schema, *row),
            Shape::Own(of) => own::slots(self, of),
        }
    }

    /// The field of this name.
    pub(crate) fn slot(&self, shape: &Shape, name: &str) -> Option<Slot> {
        self.slots(shape).into_iter().find(|slot| slot.name == name)
    }

    /// What stands in the braces of a field: the record itself, or an element of a list or a map of them.
    pub(crate) fn record_in(&self, shape: &Shape) -> Shape {
        match self.form(shape) {
            Form::Records => self.element(shape),
            _ => shape.clone(),
        }
    }

    /// The elements of a list, or the values of a map.
    pub(crate) fn element(&self, shape: &Shape) -> Shape {
        match shape {
            Shape::Type(text) => self
                .with_type(text, |tree, node| match tree.kind(node) {
                    Node::TypeList => tree.children(node).next().map(|of| Shape::Type(tree.text(of).to_owned())),
                    Node::TypeMap => tree.children(node).nth(1).map(|of| Shape::Type(tree.text(of).to_owned())),
                    _ => None,
                })
                .unwrap_or(Shape::Unknown),
            Shape::Native { schema, ty: FieldType::List(of) | FieldType::Set(of) | FieldType::Map(of) } => {
                let ty = self.program.input().schemas.get(*schema).map(|named| named.schema.ty(*of));
                ty.map_or(Shape::Unknown, |ty| Shape::Native { schema: *schema, ty })
            }
            Shape::Own(of) => own::element(of),
            _ => Shape::Unknown,
        }
    }

    /// The values that a type has where they are a closed list.
    pub(crate) fn choices(&self, shape: &Shape) -> Vec<Choice> {
        match shape {
            Shape::Type(text) => {
                self.with_type(text, |tree, node| Some(self.choices_of(tree, node))).unwrap_or_default()
            }
            Shape::Native { schema, ty } => match ty {
                FieldType::Bool => truths(),
                FieldType::Enum(values) => self.program.input().schemas.get(*schema).map_or_else(Vec::new, |named| {
                    named.schema.values(*values).map(|value| plain(&quoted(value))).collect()
                }),
                _ => Vec::new(),
            },
            Shape::Own(of) => own::choices(self, of),
            Shape::Unknown | Shape::Inputs(_) | Shape::Row { .. } => Vec::new(),
        }
    }

    /// A case of a tagged union as it is declared: `postgres(string)`.
    pub(crate) fn case(&self, shape: &Shape, name: &str) -> Option<String> {
        let choices = self.choices(shape);
        choices
            .into_iter()
            .find(|choice| choice.text == name && choice.docs.starts_with(name))
            .map(|choice| choice.docs)
    }

    /// What is expected of an argument of a case.
    pub(crate) fn case_parameter(&self, shape: &Shape, name: &str, at: usize) -> Option<Shape> {
        let case = self.case(shape, name)?;
        let tree = parsed(&format!("{case} | t"));
        let union = type_node(&tree)?;
        let case = tree.child(union, Node::TypeCase)?;
        tree.children(case).nth(at + 1).map(|ty| Shape::Type(tree.text(ty).to_owned()))
    }

    /// How a value is written.
    pub(crate) fn form(&self, shape: &Shape) -> Form {
        match shape {
            Shape::Unknown => Form::Other(String::new()),
            Shape::Inputs(_) | Shape::Row { .. } => Form::Record,
            Shape::Type(text) => self
                .with_type(text, |tree, node| Some(self.form_of(tree, node)))
                .unwrap_or_else(|| Form::Other(text.clone())),
            Shape::Native { schema, ty } => self.native_form(*schema, *ty),
            Shape::Own(of) => own::form(of),
        }
    }

    /// Whether a value may be absent.
    pub(crate) fn is_optional(&self, shape: &Shape) -> bool {
        matches!(shape, Shape::Type(text) if text.trim_end().ends_with('?'))
    }

    /// What a kind or a platform is.
    pub(crate) fn described(&self, name: &str) -> Option<describe::Described> {
        let keyword = |keyword| names::find(self.program.input(), self.path, keyword, name);
        let found = keyword("kind").or_else(|| keyword("platform"))?;
        let plain = name.strip_prefix("std.").unwrap_or(name);
        let shown = if found.library { format!("std.{plain}") } else { self.full_name(&found) };
        describe::describe_item(self.program.input(), self.program.sources(), &shown)
    }

    /// The name that a declaration has in the whole project.
    fn full_name(&self, found: &names::Named<'_>) -> String {
        let own = names::folder_of(self.path);
        match found.name.contains('.') || own.is_empty() {
            true => found.name.clone(),
            false => own.iter().copied().chain([found.name.as_str()]).collect::<Vec<_>>().join("."),
        }
    }

    /// The shape of a native kind by its whole name.
    pub(crate) fn native(&self, name: &str, read: bool) -> Option<Shape> {
        let roles = if read { [Role::Data, Role::Resource] } else { [Role::Resource, Role::Data] };
        let (schema, kind) = native_kind(self.program, name)?;
        let named = self.program.input().schemas.get(schema)?;
        let found = roles.into_iter().find_map(|role| named.schema.kind(kind, role))?;
        Some(Shape::Row { schema, row: found.row() })
    }

    fn slots_of_row(&self, schema: usize, row: Row) -> Vec<Slot> {
        let Some(named) = self.program.input().schemas.get(schema) else { return Vec::new() };
        let text = |ty| describe::type_text(&named.schema, ty);
        named
            .schema
            .members(row)
            .map(|member| Slot {
                name: member.name.to_owned(),
                ty: text(member.ty),
                default: None,
                required: member.required,
                docs: describe::member_notes(&member).join(", "),
                rule: None,
                from: None,
                deprecated: member.deprecated,
                decided: !member.required && !member.optional,
                shape: Shape::Native { schema, ty: member.ty },
                place: None,
            })
            .collect()
    }

    fn native_form(&self, schema: usize, ty: FieldType) -> Form {
        let record_of = |of| {
            let named = self.program.input().schemas.get(schema)?;
            Some(matches!(named.schema.ty(of), FieldType::Record(_)))
        };
        match ty {
            FieldType::Bool => Form::Bool,
            FieldType::Record(_) => Form::Record,
            FieldType::List(of) | FieldType::Set(of) if record_of(of) == Some(true) => Form::Records,
            FieldType::List(_) | FieldType::Set(_) => Form::List,
            FieldType::Map(_) => Form::Map,
            FieldType::String | FieldType::Enum(_) => Form::Text,
            FieldType::DurationText
            | FieldType::DurationMilliseconds
            | FieldType::DurationSeconds
            | FieldType::DurationMinutes
            | FieldType::DurationHours
            | FieldType::DurationDays => Form::Other("duration".to_owned()),
            FieldType::SizeBytes | FieldType::SizeMebibytes | FieldType::SizeGibibytes | FieldType::Quantity => {
                Form::Other("size".to_owned())
            }
            _ => Form::Other(String::new()),
        }
    }

    fn slots_of_type(&self, text: &str) -> Vec<Slot> {
        self.with_type(text, |tree, node| {
            let fields = match tree.kind(node) {
                Node::TypeRecord => tree.children(node).collect::<Vec<_>>(),
                Node::TypeList => return tree.children(node).next().map(|of| self.slots_of_type(tree.text(of))),
                Node::TypeCase if tree.text(node).starts_with("inputs(") => {
                    let kind = tree.children(node).nth(1).map(|of| tree.text(of).to_owned())?;
                    return Some(self.slots(&Shape::Inputs(kind)));
                }
                _ => return None,
            };
            Some(fields.into_iter().flat_map(|field| self.slots_of_field(tree, field)).collect())
        })
        .unwrap_or_default()
    }

    fn slots_of_field(&self, tree: &Tree, node: NodeId) -> Vec<Slot> {
        if matches!(tree.kind(node), Node::TypeSpread | Node::Spread) {
            let text = tree.text(node).trim_start_matches('.').trim();
            let inputs = text.strip_prefix("inputs(").and_then(|rest| rest.strip_suffix(')'));
            return match inputs {
                Some(kind) => self.slots(&Shape::Inputs(kind.trim().to_owned())),
                None => self.slots_of_type(text),
            };
        }
        let Some(name) = tree.child(node, Node::Name).filter(|_| tree.kind(node) == Node::FieldDecl) else {
            return Vec::new();
        };
        let mut values = tree.children(node).filter(|child| !matches!(tree.kind(*child), Node::Name | Node::Where));
        let ty = values.next().map_or_else(String::new, |ty| tree.text(ty).to_owned());
        let default = values.next().map(|value| tree.text(value).to_owned());
        vec![Slot {
            name: tree.name(name),
            required: default.is_none() && !ty.ends_with('?'),
            shape: Shape::Type(ty.clone()),
            ty,
            default,
            docs: tree.documentation(node).replace('\n', " "),
            rule: None,
            from: None,
            deprecated: false,
            decided: false,
            place: None,
        }]
    }

    fn choices_of(&self, tree: &Tree, node: NodeId) -> Vec<Choice> {
        match tree.kind(node) {
            Node::TypeUnion => {
                let cases = tree.children(node).any(|part| tree.kind(part) == Node::TypeCase);
                tree.children(node)
                    .flat_map(|part| match tree.kind(part) {
                        Node::TypeName if cases => vec![plain(tree.text(part))],
                        _ => self.choices_of(tree, part),
                    })
                    .collect()
            }
            Node::TypeLiteral => vec![plain(tree.text(node))],
            Node::TypeCase => {
                let name = tree.child(node, Node::Name).map_or("", |name| tree.text(name));
                let stops = tree.children(node).skip(1).enumerate().map(|(at, ty)| match tree.text(ty) {
                    "string" => format!("\"${{{}}}\"", at + 1),
                    text if text.starts_with('[') => format!("[${{{}}}]", at + 1),
                    text => format!("${{{}:{text}}}", at + 1),
                });
                let snippet = format!("{name}({})", stops.collect::<Vec<_>>().join(", "));
                vec![Choice { text: name.to_owned(), snippet, docs: tree.text(node).to_owned() }]
            }
            Node::TypeOptional | Node::TypeLater | Node::TypeSecret => {
                tree.children(node).next().map_or_else(Vec::new, |of| self.choices_of(tree, of))
            }
            Node::TypeName => match tree.text(node) {
                "bool" => truths(),
                "platform" => own::choices(self, &Own::Platform),
                name => self.choices_of_name(name),
            },
            _ => Vec::new(),
        }
    }

    fn choices_of_name(&self, name: &str) -> Vec<Choice> {
        match self.type_text(name) {
            Some(text) if text != name => self.choices(&Shape::Type(text)),
            _ => Vec::new(),
        }
    }

    fn form_of(&self, tree: &Tree, node: NodeId) -> Form {
        match tree.kind(node) {
            Node::TypeOptional | Node::TypeLater | Node::TypeSecret => {
                tree.children(node).next().map_or(Form::Other(String::new()), |of| self.form_of(tree, of))
            }
            Node::TypeRecord => Form::Record,
            Node::TypeCase if tree.text(node).starts_with("inputs(") => Form::Record,
            Node::TypeList => {
                let of = tree.children(node).next().map(|of| Shape::Type(tree.text(of).to_owned()));
                match of.map(|of| self.form(&of)) {
                    Some(Form::Record) => Form::Records,
                    _ => Form::List,
                }
            }
            Node::TypeMap => Form::Map,
            Node::TypeName => match tree.text(node) {
                "bool" => Form::Bool,
                "string" | "image" | "url" | "version" | "cron" | "promql" => Form::Text,
                name if names::find(self.program.input(), self.path, "kind", name).is_some() => {
                    Form::Instance(name.to_owned())
                }
                name => Form::Other(name.to_owned()),
            },
            _ => Form::Other(String::new()),
        }
    }

    /// What `type NAME = …` says.
    fn type_text(&self, name: &str) -> Option<String> {
        if check::language::TYPES.iter().any(|known| known.0 == name) {
            return None;
        }
        let found = names::find(self.program.input(), self.path, "type", name)?;
        let tree = found.item.tree();
        let node = tree.child(Tree::ROOT, Node::TypeDecl)?;
        tree.children(node).nth(1).map(|ty| tree.text(ty).to_owned())
    }

    /// Reads a type; of a declared name what it stands for.
    fn with_type<T>(&self, text: &str, read: impl FnOnce(&Tree, NodeId) -> Option<T>) -> Option<T> {
        let mut tree = parsed(text);
        // A name may stand for a name; not for ever.
        for _ in 0..8 {
            let node = bare(&tree, type_node(&tree)?);
            let name = tree.text(node).to_owned();
            let stands_for = match tree.kind(node) {
                Node::TypeName => self.type_text(&name).filter(|text| *text != name),
                _ => None,
            };
            match stands_for {
                Some(text) => tree = parsed(&text),
                None => return read(&tree, node),
            }
        }
        None
    }
}

fn parsed(text: &str) -> Arc<Tree> {
    Arc::new(syntax::parse(&format!("type t = {text}")))
}

fn type_node(tree: &Tree) -> Option<NodeId> {
    let node = tree.child(Tree::ROOT, Node::TypeDecl)?;
    tree.children(node).nth(1)
}

/// Without its stage, and whether it may be absent.
fn bare(tree: &Tree, mut node: NodeId) -> NodeId {
    while matches!(tree.kind(node), Node::TypeOptional | Node::TypeLater | Node::TypeSecret) {
        match tree.children(node).next() {
            Some(inner) => node = inner,
            None => return node,
        }
    }
    node
}

fn declared_slot(field: &describe::Field) -> Slot {
    Slot {
        name: field.name.clone(),
        ty: field.ty.clone(),
        default: field.default.clone(),
        required: field.required,
        docs: field.docs.clone(),
        rule: field.rule.clone(),
        from: field.from.clone(),
        deprecated: false,
        decided: false,
        shape: Shape::Type(field.ty.clone()),
        place: field.place,
    }
}

/// A value that is written as it is.
pub(crate) fn plain(text: &str) -> Choice {
    Choice { text: text.to_owned(), snippet: text.replace('$', "\\$"), docs: String::new() }
}

pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn truths() -> Vec<Choice> {
    vec![plain("true"), plain("false")]
}

/// The schema of a native kind, and the kind's name in it.
pub(crate) fn native_kind<'n>(program: &Program, name: &'n str) -> Option<(usize, &'n str)> {
    for (at, named) in program.input().schemas.iter().enumerate() {
        let Some(rest) = name.strip_prefix(named.target.text()).and_then(|rest| rest.strip_prefix('.')) else {
            continue;
        };
        let prefix = named.prefix.text();
        let rest = match prefix {
            prefix if !prefix.is_empty() && !named.has_provider() => {
                match rest.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('.')) {
                    Some(rest) => rest,
                    None => continue,
                }
            }
            _ => rest,
        };
        let known = [Role::Resource, Role::Data, Role::Provider];
        if known.into_iter().any(|role| named.schema.kind(rest, role).is_some()) {
            return Some((at, rest));
        }
    }
    None
}
