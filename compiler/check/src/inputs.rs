//! The body of an instance of a declared kind: each input once, of its type, the required ones all there.

use source::{Diagnostic, Name, Place};
use syntax::{Kind as Node, NodeId, flag};

use crate::checked::InputPart;
use crate::checker::{Checker, Cx};
use crate::code::{Code, CodeKind, RecordPart};
use crate::declare::TypeName;
use crate::foreign::{Position, said_here, translated};
use crate::kinds::KindInfo;
use crate::paths::PathValue;
use crate::spreads::Given;
use crate::types::{Shape, Ty};

impl Checker<'_> {
    /// The inputs in the braces of an instance of a declared kind.
    #[expect(
        clippy::too_many_lines,
        reason = "one body read member by member; it falls apart when `check` answers declaration by declaration"
    )]
    pub(crate) fn input_parts(
        &mut self,
        cx: &mut Cx,
        body: NodeId,
        info: &KindInfo,
        kind: crate::checked::KindId,
        place: Place,
        read: bool,
    ) -> Vec<InputPart> {
        let tree = cx.tree.clone();
        let mut parts = Vec::new();
        let mut given = Given::default();
        let mut nested: Vec<PathValue> = Vec::new();
        let told_before = self.told.list().len();
        let mut entries = Vec::new();
        for member in tree.children(body) {
            let at = cx.place(self, member);
            match tree.kind(member) {
                Node::Field => {
                    let Some(path) = tree.child(member, Node::FieldPath) else { continue };
                    let names = self.path_names(cx, &tree, path);
                    let Some(value) = tree.children(member).nth(1) else { continue };
                    let Some((first, name_place)) = names.first().copied() else { continue };
                    let maybe = tree.has(member, flag::MAYBE);
                    let Some(input) = self.input_of(info, kind, first, name_place) else {
                        // What is behind a name that does not exist is read as the field that was meant, when that is clear.
                        let meant =
                            source::did_you_mean(first.text(), info.inputs.iter().map(|input| input.name.text()));
                        if let Some(meant) = info.inputs.iter().find(|input| Some(input.name.text()) == meant) {
                            let _ = self.infer(cx, value, Some(&meant.ty.clone()));
                        }
                        continue;
                    };
                    if names.len() > 1 {
                        nested.push(PathValue { path: names, value, maybe });
                        continue;
                    }
                    self.gives(&mut given, first, name_place);
                    let code = self.check_field(cx, value, &input.ty, maybe);
                    parts.push(InputPart::Field { name: first, code, maybe });
                }
                Node::Shorthand => {
                    let Some(name_node) = tree.child(member, Node::Name) else { continue };
                    let name = Name::new(&tree.name(name_node));
                    let Some(input) = self.input_of(info, kind, name, at) else { continue };
                    self.gives(&mut given, name, at);
                    let (code, ty) = self.resolve_name(cx, name, at, None);
                    let code = self.fit(code, &ty, &input.ty, at, cx);
                    parts.push(InputPart::Field { name, code, maybe: false });
                }
                Node::Block => {
                    let Some(path) = tree.child(member, Node::FieldPath) else { continue };
                    let Some(name_node) = tree.child(path, Node::Name) else { continue };
                    let name = Name::new(&tree.name(name_node));
                    let name_place = cx.place(self, name_node);
                    let Some(block) = tree.child(member, Node::Body) else { continue };
                    let Some(input) = self.input_of(info, kind, name, name_place) else { continue };
                    match &*input.ty.shape {
                        Shape::List(of) => {
                            let of = of.clone();
                            let code = self.record_body(cx, block, &of);
                            given.adds(name, name_place);
                            parts.push(InputPart::Element { field: name, code });
                        }
                        _ => {
                            self.gives(&mut given, name, name_place);
                            let code = self.record_body(cx, block, &input.ty);
                            parts.push(InputPart::Field { name, code, maybe: false });
                        }
                    }
                }
                Node::Entry | Node::Instance => {
                    let is_entry = tree.kind(member) == Node::Entry;
                    let field_node =
                        if is_entry { tree.child(member, Node::Name) } else { tree.child(member, Node::Path) };
                    let Some(field_node) = field_node else { continue };
                    let field = Name::new(tree.text(field_node));
                    let field_place = cx.place(self, field_node);
                    let label_node =
                        if is_entry { tree.all(member, Node::Name).nth(1) } else { tree.child(member, Node::Name) };
                    let Some(label_node) = label_node else { continue };
                    let key = Name::new(&tree.name(label_node));
                    if !is_entry
                        && info.input(field).is_none()
                        && matches!(self.lookup_type(cx.at.scope, field), Some(TypeName::Kind(_)))
                    {
                        let kind_name = self.kind_name(kind);
                        self.error(
                            "misplaced",
                            field_place,
                            format!("`{field} {key}` does not stand in a `{kind_name}`"),
                            "an instance stands by itself, outside of these braces",
                        );
                        continue;
                    }
                    let Some(input) = self.input_of(info, kind, field, field_place) else { continue };
                    let Shape::Map { value, .. } = &*input.ty.shape else {
                        let shown = self.show(&input.ty);
                        self.error(
                            "not_a_map",
                            field_place,
                            format!("`{field}` takes no named entries"),
                            format!("it is a {shown}: write `{field} = …`"),
                        );
                        continue;
                    };
                    let value = value.clone();
                    let code = if is_entry {
                        let Some(expression) = tree.children(member).nth(2) else { continue };
                        self.check_field(cx, expression, &value, tree.has(member, flag::MAYBE))
                    } else {
                        let Some(block) = tree.child(member, Node::Body) else { continue };
                        self.record_body(cx, block, &value)
                    };
                    if let Some((_, before)) =
                        entries.iter().find(|entry: &&((Name, Name), Place)| entry.0 == (field, key))
                    {
                        let (before, again) = (*before, cx.place(self, label_node));
                        self.told.tell(
                            Diagnostic::error("set_twice", again, format!("`{field} {key}` is set twice"))
                                .label("set again here")
                                .also(before, "set first here")
                                .help("give one of the two another name"),
                        );
                    }
                    entries.push(((field, key), cx.place(self, label_node)));
                    given.adds(field, field_place);
                    parts.push(InputPart::Entry { field, key, code, maybe: tree.has(member, flag::MAYBE) });
                }
                Node::Spread => {
                    let Some(expression) = tree.children(member).next() else { continue };
                    self.spread_inputs(cx, expression, (info, kind), &mut given, &mut parts);
                }
                Node::Annotation | Node::Unclosed | Node::Hole | Node::Bad => {}
                _ => {
                    self.error(
                        "misplaced",
                        at,
                        "this cannot stand in the braces of an instance",
                        "an instance takes `name = value`, `name { … }`, `name label = value` and `...record`",
                    );
                }
            }
        }
        for group in self.grouped(&nested) {
            self.gives_part(&mut given, group.name, group.place);
            if let Some(input) = info.input(group.name) {
                let ty = input.ty.clone();
                let code = self.nested_paths(cx, &group.values, &ty, place);
                parts.push(InputPart::Field { name: group.name, code, maybe: false });
            }
        }
        // A field under a wrong name is most likely the one that is missing: one mistake is told once.
        let misnamed = self.told.list().iter().skip(told_before).any(|diagnostic| diagnostic.code == "unknown_field");
        if !read && !misnamed && tree.errors.is_empty() {
            let missing: Vec<Name> = info
                .inputs
                .iter()
                .filter(|input| input.required() && !given.has(input.name))
                .map(|input| input.name)
                .collect();
            if !missing.is_empty() {
                let kind_name = self.kind_name(kind);
                let list = source::list_of(missing.iter().map(|name| name.text()));
                let shown: Vec<String> = missing
                    .iter()
                    .filter_map(|name| info.input(*name))
                    .map(|input| {
                        format!("`{} = …` ({})", input.name, crate::types::with_article(&self.show(&input.ty)))
                    })
                    .collect();
                let mut diagnostic =
                    Diagnostic::error("missing_field", place, format!("this `{kind_name}` lacks {list}"))
                        .help(format!("add {}", shown.join(", ")));
                if let Some(declared) = missing.first().and_then(|name| info.input(*name)) {
                    let tree = self.item(declared.at).tree();
                    diagnostic = diagnostic.also(self.place(declared.at, &tree, declared.node), "required here");
                }
                self.told.tell(diagnostic);
            }
        }
        parts
    }

    pub(crate) fn input_of(
        &mut self,
        info: &KindInfo,
        kind: crate::checked::KindId,
        name: Name,
        place: Place,
    ) -> Option<crate::kinds::InputInfo> {
        if let Some(input) = info.input(name) {
            if let Some(reason) = &input.deprecated {
                self.told.tell(
                    Diagnostic::warning("deprecated", place, format!("`{name}` is deprecated")).help(reason.clone()),
                );
            }
            return Some(input.clone());
        }
        if info.broken {
            return None;
        }
        let kind_name = self.kind_name(kind);
        if info.out(name).is_some() {
            self.error(
                "computed_field",
                place,
                format!("`{name}` is an output of `{kind_name}`"),
                "outputs are computed: remove it, and read it elsewhere as a field of the instance",
            );
            return None;
        }
        let names: Vec<&str> = info.inputs.iter().map(|input| input.name.text()).collect();
        self.unknown_name(
            "unknown_field",
            place,
            &format!("`{kind_name}` has no field `{name}`"),
            name.text(),
            &names,
            "its fields are",
        );
        None
    }

    /// A name that does not exist, with the closest that does, or all of them.
    pub(crate) fn unknown_name(
        &mut self,
        code: &'static str,
        place: Place,
        message: &str,
        wrong: &str,
        names: &[&str],
        lead: &str,
    ) -> source::Told {
        let mut diagnostic = Diagnostic::error(code, place, message);
        let foreign = match code {
            "unknown_field" => Some(Position::Field),
            "unknown_environment" | "unknown_case" => Some(Position::Pattern),
            _ => None,
        };
        if let Some((position, help)) = foreign.and_then(|position| Some((position, said_here(position, wrong)?))) {
            return self.told.tell(translated(diagnostic, position, wrong, help));
        }
        self.looked_through += names.len();
        let near = if self.still_suggests() { source::did_you_mean(wrong, names.iter().copied()) } else { None };
        match near {
            // Where the place is more than the name, such as a record that is spread, replacing it would lose the rest.
            Some(close) if place.len as usize == wrong.len() => {
                diagnostic =
                    diagnostic.help(format!("did you mean `{close}`?")).fix(format!("use `{close}`"), place, close)
            }
            Some(close) => diagnostic = diagnostic.help(format!("did you mean `{close}`?")),
            None if names.is_empty() => {
                diagnostic = diagnostic.help("there is nothing of this sort yet: declare it, or remove this")
            }
            None => {
                let known = names.iter().copied().take(if self.still_suggests() { usize::MAX } else { 20 });
                diagnostic = diagnostic.help(format!("{lead} {}", source::list_of(known)));
            }
        }
        self.told.tell(diagnostic)
    }

    /// Notes that a name is set in a body; false, told, when it is set again.
    pub(crate) fn given_once(&mut self, given: &mut Vec<(Name, Place)>, name: Name, place: Place) -> bool {
        let before = given.iter().find(|given| given.0 == name).map(|given| given.1);
        if let Some(before) = before {
            self.tell_set_twice(name, place, before);
        }
        given.push((name, place));
        before.is_none()
    }

    /// Tells that a name is set again that was set before.
    pub(crate) fn tell_set_twice(&mut self, name: Name, place: Place, before: Place) {
        self.told.tell(
            Diagnostic::error("set_twice", place, format!("`{name}` is set twice"))
                .label("set again here")
                .also(before, "set first here")
                .help("remove one of the two"),
        );
    }

    /// `a.b = 1` and `a.c.d = 2` together: one record.
    pub(crate) fn nested_paths(&mut self, cx: &mut Cx, paths: &[PathValue], ty: &Ty, place: Place) -> Code {
        let Shape::Record(record) = &*ty.shape else {
            if let Shape::Unknown(told) = *ty.shape {
                return Code::new(place, CodeKind::Unknown(told));
            }
            let shown = self.show(ty);
            let told = self.error(
                "not_a_record",
                place,
                format!("a {shown} has no fields to set"),
                "set the whole value with `=`",
            );
            return Code::new(place, CodeKind::Unknown(told));
        };
        let record = record.clone();
        let mut parts = Vec::new();
        let mut given = Vec::new();
        for group in self.grouped(paths) {
            let name = group.name;
            let Some(field) = record.fields.iter().find(|field| field.name == name) else {
                let names: Vec<&str> = record.fields.iter().map(|field| field.name.text()).collect();
                self.unknown_name(
                    "unknown_field",
                    group.place,
                    &format!("there is no field `{name}`"),
                    name.text(),
                    &names,
                    "the fields are",
                );
                continue;
            };
            let (code, maybe) = match group.whole() {
                Some(whole) => (self.check_field(cx, whole.value, &field.ty, whole.maybe), whole.maybe),
                None => (self.nested_paths(cx, &group.values, &field.ty, place), false),
            };
            given.push(name);
            parts.push(RecordPart::Field { name, code, maybe });
        }
        self.complete(Code::new(place, CodeKind::Record(parts)), &given, &record, place, "this record")
    }
}
