//! Types as they are written: names, lists, maps, records, unions, stages.

use std::rc::Rc;

use rustc_hash::FxHashSet;
use source::{Diagnostic, Name, Place};
use syntax::{Kind as Node, NodeId};

use crate::checker::{Checker, Context, Cx, Progress};
use crate::code::Scalar;
use crate::declare::{ModuleId, TypeName};
use crate::foreign::{Position, said_here, translated};
use crate::types::{FieldTy, RecordTy, Shape, Stage, TaggedTy, Ty};

impl Checker<'_> {
    /// The type that a type node names.
    pub(crate) fn resolve_type(&mut self, cx: &Cx, node: NodeId) -> Ty {
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        match tree.kind(node) {
            Node::TypeName => match tree.child(node, Node::Path) {
                Some(path) => self.named_type(cx, tree.text(path), place),
                None => self.named_type(cx, tree.text(node), place),
            },
            Node::TypeApply => {
                let name = tree.child(node, Node::Path).map(|path| tree.text(path).to_owned()).unwrap_or_default();
                let arguments: Vec<Ty> =
                    tree.children(node).skip(1).map(|child| self.resolve_type(cx, child)).collect();
                match (name.as_str(), arguments.as_slice()) {
                    ("range", [of]) => Ty::new(Shape::Range(of.clone())),
                    _ => {
                        let help = said_here(Position::Type, &name).unwrap_or("only `range<int>` and other ranges do");
                        let told = self.error("unknown_type", place, format!("`{name}` takes no type in `<…>`"), help);
                        Ty::unknown(told)
                    }
                }
            }
            Node::TypeList => match tree.children(node).next() {
                Some(of) => Ty::list(self.resolve_type(cx, of)),
                None => Ty::unknown(self.broken(cx.at, &tree, node)),
            },
            Node::TypeMap => {
                let mut children = tree.children(node);
                let (Some(key), Some(value)) = (children.next(), children.next()) else {
                    return Ty::unknown(self.broken(cx.at, &tree, node));
                };
                if let Some(told) = self.misread_field(cx, key) {
                    return Ty::unknown(told);
                }
                let key = self.resolve_type(cx, key);
                Ty::map(key, self.resolve_type(cx, value))
            }
            Node::TypeRecord => self.record_type(cx, node),
            Node::TypeOptional => match tree.children(node).next() {
                Some(of) => self.resolve_type(cx, of).maybe(),
                None => Ty::unknown(self.broken(cx.at, &tree, node)),
            },
            Node::TypeLater | Node::TypeSecret => {
                let sealed = tree.kind(node) == Node::TypeSecret;
                let stage = if sealed { Stage::Secret } else { Stage::Later };
                match tree.children(node).next() {
                    Some(of) => self.resolve_type(cx, of).at(stage).sealed(sealed),
                    None => Ty::unknown(self.broken(cx.at, &tree, node)),
                }
            }
            Node::TypeUnion => {
                let tagged = tree.children(node).any(|child| tree.kind(child) == Node::TypeCase);
                if tagged {
                    let mut cases: Vec<(Name, Vec<Ty>)> = Vec::new();
                    let mut known = FxHashSet::default();
                    for child in tree.children(node) {
                        let (name, fields) = match tree.kind(child) {
                            Node::TypeCase => {
                                let Some(name) = tree.child(child, Node::Name) else { continue };
                                let fields =
                                    tree.children(child).skip(1).map(|field| self.resolve_type(cx, field)).collect();
                                (Name::new(tree.text(name)), fields)
                            }
                            // A case without fields is a bare word.
                            _ => (Name::new(tree.text(child)), Vec::new()),
                        };
                        if !known.insert(name) {
                            self.tell_case_twice(cx, child, name.text());
                        }
                        cases.push((name, fields));
                    }
                    return Ty::new(Shape::Tagged(Rc::new(TaggedTy { name: Name::new("tagged union"), cases })));
                }
                let mut parts: Vec<Ty> = Vec::new();
                // There may be many literals; of what else may stand here there are few.
                let (mut literals, mut others) = (FxHashSet::default(), Vec::new());
                for child in tree.children(node) {
                    let part = self.resolve_type(cx, child);
                    let is_twice = match &*part.shape {
                        Shape::Literal(value) => {
                            !literals.insert((value.clone(), part.stage, part.sealed, part.optional))
                        }
                        _ => !part.is_unknown() && others.contains(&part),
                    };
                    if is_twice {
                        self.tell_case_twice(cx, child, tree.text(child));
                    }
                    if !matches!(*part.shape, Shape::Literal(_)) {
                        others.push(part.clone());
                    }
                    parts.push(part);
                }
                Ty::new(Shape::Union(parts))
            }
            Node::TypeCase => {
                let Some(name) = tree.child(node, Node::Name) else {
                    return Ty::unknown(self.broken(cx.at, &tree, node));
                };
                if let ("inputs", [of]) = (tree.text(name), tree.children(node).skip(1).collect::<Vec<_>>().as_slice())
                {
                    return self.inputs_of_kind(cx, tree.text(*of), cx.place(self, *of));
                }
                let fields = tree.children(node).skip(1).map(|field| self.resolve_type(cx, field)).collect();
                if let Some(help) = said_here(Position::Type, tree.text(name)) {
                    let told =
                        self.error("unknown_type", place, format!("there is no type `{}(…)`", tree.text(name)), help);
                    return Ty::unknown(told);
                }
                Ty::new(Shape::Tagged(Rc::new(TaggedTy {
                    name: Name::new("tagged union"),
                    cases: vec![(Name::new(tree.text(name)), fields)],
                })))
            }
            Node::TypeLiteral => match tree.children(node).next().and_then(|literal| self.literal(cx, literal)) {
                Some(value) => Ty::new(Shape::Literal(value)),
                None => Ty::unknown(self.broken(cx.at, &tree, node)),
            },
            Node::TypeKeyOf => {
                let Some(of) = tree.children(node).next() else { return Ty::unknown(self.broken(cx.at, &tree, node)) };
                let (_, ty) = self.infer(&mut cx.clone(), of, None);
                match &*ty.shape {
                    Shape::Map { key, .. } => key.clone(),
                    Shape::Record(record) => Ty::new(Shape::Union(
                        record
                            .fields
                            .iter()
                            .map(|field| Ty::new(Shape::Literal(value::Value::Text(field.name.text().into()))))
                            .collect(),
                    )),
                    Shape::Unknown(told) => Ty::unknown(*told),
                    _ => {
                        let shown = self.show(&ty);
                        Ty::unknown(self.error(
                            "not_a_map",
                            place,
                            format!("a {shown} has no keys"),
                            "`key of` takes a map",
                        ))
                    }
                }
            }
            _ => Ty::unknown(self.broken(cx.at, &tree, node)),
        }
    }

    fn tell_case_twice(&mut self, cx: &Cx, node: NodeId, case: &str) {
        let place = cx.place(self, node);
        self.error(
            "declared_twice",
            place,
            format!("`{case}` is one of them already"),
            "name each of what it may be once",
        );
    }

    fn record_type(&mut self, cx: &Cx, node: NodeId) -> Ty {
        let tree = cx.tree.clone();
        let mut fields: Vec<FieldTy> = Vec::new();
        // Those that stand here by themselves; they may replace what is spread before them.
        let mut declared: Vec<Name> = Vec::new();
        for member in tree.children(node) {
            match tree.kind(member) {
                Node::FieldDecl => {
                    let mut children = tree.children(member);
                    let (Some(name), Some(ty)) = (children.next(), children.next()) else { continue };
                    let name = Name::new(&tree.name(name));
                    let ty = self.resolve_type(cx, ty);
                    if let Some(constraint) = tree.child(member, Node::Where) {
                        let place = cx.place(self, constraint);
                        self.error(
                            "not_supported",
                            place,
                            "a `where` in a record type is not supported yet",
                            "put a `check` on the kind that has the field",
                        );
                    }
                    let default = tree.children(member).skip(2).find(|child| tree.kind(*child) != Node::Where);
                    let default = default.map(|default| Rc::new(self.check_expr(&mut cx.clone(), default, &ty)));
                    if declared.contains(&name) {
                        self.tell_field_twice(cx, member, name);
                    }
                    declared.push(name);
                    fields.retain(|field| field.name != name);
                    fields.push(FieldTy { name, ty, default });
                }
                Node::TypeSpread | Node::Spread => {
                    let Some(of) = tree.children(member).next() else { continue };
                    let spread = self.spread_type(cx, of);
                    if let Shape::Record(record) = &*spread.shape {
                        for field in &record.fields {
                            if declared.contains(&field.name) {
                                self.tell_field_twice(cx, member, field.name);
                            }
                            fields.retain(|existing| existing.name != field.name);
                            fields.push(field.clone());
                        }
                    }
                }
                _ => {}
            }
        }
        Ty::new(Shape::Record(Rc::new(RecordTy { fields })))
    }

    /// The record type that an expression names: `inputs(KIND)`, or a type by its name.
    pub(crate) fn spread_type(&mut self, cx: &Cx, node: NodeId) -> Ty {
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        match tree.kind(node) {
            Node::Call => {
                let mut children = tree.children(node);
                let callee = children.next().map(|callee| tree.text(callee).to_owned()).unwrap_or_default();
                let argument = children.next().and_then(|arg| tree.children(arg).last());
                if let ("inputs", Some(of)) = (callee.as_str(), argument) {
                    return self.inputs_of_kind(cx, tree.text(of), cx.place(self, of));
                }
                Ty::unknown(self.error(
                    "unknown_type",
                    place,
                    format!("`{callee}` gives no type"),
                    "spread a record type or `inputs(KIND)`",
                ))
            }
            _ => self.named_type(cx, tree.text(node), place),
        }
    }

    /// `{d: string}` is a map whose keys are of the type `d`: where there is none, a record was meant.
    fn misread_field(&mut self, cx: &Cx, key: NodeId) -> Option<source::Told> {
        let name = cx.tree.text(key);
        let is_type = cx.tree.kind(key) != Node::TypeName
            || name.contains('.')
            || Scalar::named(name).is_some()
            || matches!(name, "endpoint" | "flow" | "ends" | "json" | "platform")
            || self.lookup_type_text(cx.at.scope, name).is_some();
        (!is_type).then(|| {
            self.error(
                "unknown_type",
                cx.place(self, key),
                format!("there is no type `{name}` for the keys of a map"),
                format!("a blank decides: `{{ {name}: … }}` is a record with the field `{name}`"),
            )
        })
    }

    fn named_type(&mut self, cx: &Cx, text: &str, place: Place) -> Ty {
        match self.lookup_type_text(cx.at.scope, text) {
            Some(TypeName::Kind(kind)) => return self.shape_of_instance(kind),
            Some(TypeName::Platform(platform)) => return Ty::new(Shape::Platform(Some(platform))),
            Some(TypeName::Type(index)) => return self.declared_type(index, place),
            None => {}
        }
        if let Some(scalar) = Scalar::named(text) {
            return Ty::scalar(scalar);
        }
        match text {
            "endpoint" => Ty::new(Shape::Endpoint),
            "flow" => Ty::new(Shape::Flow),
            "ends" => Ty::new(Shape::Ends),
            "json" => Ty::new(Shape::Json),
            "platform" => Ty::new(Shape::Platform(None)),
            _ => Ty::unknown(self.unknown_type(cx.at.scope, text, place, "type")),
        }
    }

    pub(crate) fn declared_type(&mut self, index: usize, place: Place) -> Ty {
        match self.type_infos.get(&index) {
            Some(Progress::Done(ty)) => {
                let ty = ty.clone();
                return self.used_within(ty, place);
            }
            Some(Progress::Started) => {
                let name = self.type_items[index].0;
                return Ty::unknown(self.error(
                    "circle",
                    place,
                    format!("the type `{name}` contains itself"),
                    "a type cannot contain itself: name the other instances instead",
                ));
            }
            None => {}
        }
        self.type_infos.insert(index, Progress::Started);
        let (name, at) = self.type_items[index];
        let cx = self.cx(at, Context::Module);
        let tree = cx.tree.clone();
        let node = tree.child(syntax::Tree::ROOT, Node::TypeDecl);
        if let Some(constraint) = node.and_then(|node| tree.child(node, Node::Where)) {
            let place = cx.place(self, constraint);
            self.error(
                "not_supported",
                place,
                "a `where` on a named type is not supported yet",
                "put it on the fields that have the type",
            );
        }
        let mut ty = match node.and_then(|node| tree.children(node).nth(1)) {
            // What is half read would be refused at each use.
            _ if !tree.errors.is_empty() => Ty::unknown(self.broken(at, &tree, syntax::Tree::ROOT)),
            Some(ty) => self.resolve_type(&cx, ty),
            None => Ty::unknown(self.broken(at, &tree, syntax::Tree::ROOT)),
        };
        if let Shape::Tagged(tagged) = &*ty.shape {
            ty.shape = Rc::new(Shape::Tagged(Rc::new(TaggedTy { name, cases: tagged.cases.clone() })));
        }
        let ty = match self.name_place(at, name) {
            Some(named) => self.declared_within(ty, named),
            None => ty,
        };
        self.type_infos.insert(index, Progress::Done(ty.clone()));
        ty
    }

    /// Tells that a type, kind or platform does not exist.
    pub(crate) fn unknown_type(&mut self, scope: ModuleId, text: &str, place: Place, what: &str) -> source::Told {
        if let Some(told) = self.broken_names.get(&(scope, Name::new(text))) {
            return *told;
        }
        if let Some(told) = self.broken_uses.get(&scope) {
            return *told;
        }
        if let Some(told) = self.tell_private(scope, true, text, place) {
            return told;
        }
        let foreign = match what {
            "type" => said_here(Position::Type, text).map(|help| ("unknown_type", Position::Type, help)),
            "kind" => said_here(Position::Kind, text).map(|help| ("unknown_kind", Position::Kind, help)),
            _ => None,
        };
        if let Some((code, position, help)) = foreign {
            let told = Diagnostic::error(code, place, format!("there is no {what} `{text}`"));
            return self.told.tell(translated(told, position, text, help));
        }
        if what == "kind" && text.contains('.') {
            return self.error("unknown_kind", place, format!("there is no kind `{text}`"), "native kinds are `terraform.…` and `kubernetes.…`; the schema of another provider is added with `infrac schema add FILE`");
        }
        let visible = if self.still_suggests() { self.visible_types(scope) } else { Vec::new() };
        let fits = |found: Option<TypeName>| match what {
            "kind" => matches!(found, Some(TypeName::Kind(_))),
            "platform" => matches!(found, Some(TypeName::Platform(_))),
            _ => true,
        };
        let mut names: Vec<&str> =
            visible.iter().filter(|name| fits(self.lookup_type(scope, **name))).map(|name| name.text()).collect();
        if what == "type" {
            names.extend(Scalar::ALL.iter().map(|scalar| scalar.name()));
            names.extend(["endpoint", "flow", "json"]);
        }
        let code = match what {
            "kind" => "unknown_kind",
            "platform" => "unknown_platform",
            _ => "unknown_type",
        };
        let mut diagnostic = Diagnostic::error(code, place, format!("there is no {what} `{text}`"));
        diagnostic = match source::did_you_mean(text, names.iter().copied()) {
            Some(close) => {
                diagnostic.help(format!("did you mean `{close}`?")).fix(format!("use `{close}`"), place, close)
            }
            None if what == "kind" && !self.native_kinds_called(text).is_empty() => {
                let natives = self.native_kinds_called(text);
                diagnostic.help(format!(
                    "a native one is {}",
                    natives.iter().map(|native| format!("`{native} NAME {{ … }}`")).collect::<Vec<_>>().join(" or ")
                ))
            }
            None if what == "type" => diagnostic.help(format!(
                "types are {}; kinds and named types too",
                Scalar::ALL.iter().map(|scalar| format!("`{}`", scalar.name())).collect::<Vec<_>>().join(", ")
            )),
            None => diagnostic.help(format!("there are {}", source::list_of(names))),
        };
        self.told.tell(diagnostic)
    }

    /// Native kinds whose last name is this word.
    fn native_kinds_called(&self, word: &str) -> Vec<String> {
        let named = self.input.schemas.iter().filter(|named| named.schema.kind(word, schema::Role::Resource).is_some());
        let prefixed = |named: &crate::input::NamedSchema| match named.prefix.text() {
            prefix if !named.has_provider() && !prefix.is_empty() => {
                format!("{}.{prefix}.{word}", named.target)
            }
            _ => format!("{}.{word}", named.target),
        };
        named.map(prefixed).collect()
    }
}
