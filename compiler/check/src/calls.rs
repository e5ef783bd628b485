//! Calls: tags, functions of the program, platforms, facts about instances, built-ins and methods.

use std::rc::Rc;

use source::{Name, Place};
use syntax::{Kind as Node, NodeId};

use crate::built_in_calls::{as_map, is_method};
use crate::builtins::BuiltIn;
use crate::checked::FunctionId;
use crate::checker::{Checker, Cx, Work};
use crate::code::{Code, CodeKind, Fact, RecordPart, Scalar};
use crate::declare::{TypeName, ValueName};
use crate::environments::TIERS;
use crate::foreign::{Position, said_here, translated};
use crate::statements::Resolved;
use crate::types::{FieldTy, NativeTy, RecordTy, Shape, Stage, Ty};

/// An argument as it stands in a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Argument {
    pub label: Option<Name>,
    /// Where the label stands, else the value.
    pub at: NodeId,
    pub node: NodeId,
}

impl Checker<'_> {
    pub(crate) fn call(&mut self, cx: &mut Cx, node: NodeId, expected: Option<&Ty>) -> (Code, Ty) {
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        let Some(callee) = tree.children(node).next() else { return self.broken_expression(cx, node) };
        let args: Vec<Argument> = tree
            .all(node, Node::Arg)
            .filter_map(|arg| {
                let label_node = tree.child(arg, Node::Name);
                let label = label_node.map(|name| Name::new(&tree.name(name)));
                tree.children(arg).last().map(|node| Argument { label, at: label_node.unwrap_or(node), node })
            })
            .collect();
        match tree.kind(callee) {
            Node::Ident => {
                let name = Name::new(tree.text(callee));
                let at = cx.place(self, callee);
                let nodes: Vec<NodeId> = args.iter().map(|arg| arg.node).collect();
                if let Some(found) = self.tag(cx, name, &nodes, place, expected) {
                    return found;
                }
                self.named_call(cx, name, &args, place, at, expected)
            }
            Node::Dot => {
                let mut children = tree.children(callee);
                let (Some(receiver), Some(name_node)) = (children.next(), children.next()) else {
                    return self.broken_expression(cx, node);
                };
                let name = Name::new(&tree.name(name_node));
                let at = cx.place(self, name_node);
                if let Some(module) = self.module_of(cx, receiver) {
                    if let Some(ValueName::Function(function)) = self.value_in(module, name) {
                        return self.function_call(cx, function, &args, place);
                    }
                    if let Some(TypeName::Platform(platform)) = self.type_in(module, name) {
                        return self.platform_call(cx, platform, &args, place);
                    }
                    if Some(module) == self.std_module
                        && let Some(found) = self.built_in_call(cx, name, &args, place)
                    {
                        return found;
                    }
                    let text = tree.text(receiver);
                    if let Some(told) = self.tell_private(cx.at.scope, false, &format!("{text}.{name}"), at) {
                        return self.unknown(place, told);
                    }
                    let told = self.error(
                        "unknown_name",
                        at,
                        format!("the module `{text}` has no function `{name}`"),
                        "look at the files of its folder",
                    );
                    return self.unknown(place, told);
                }
                if name.text() == "only" {
                    return self.only(cx, receiver, &args, place);
                }
                self.method_call(cx, receiver, name, &args, place, at)
            }
            _ => {
                let (_, ty) = self.infer(cx, callee, None);
                if let Shape::Unknown(told) = *ty.shape {
                    return self.unknown(place, told);
                }
                let told = self.error(
                    "not_a_function",
                    place,
                    "only a function can be called",
                    "functions are declared with `fn` and called by name",
                );
                self.unknown(place, told)
            }
        }
    }

    fn module_of(&mut self, cx: &Cx, node: NodeId) -> Option<crate::declare::ModuleId> {
        let tree = cx.tree.clone();
        if !matches!(tree.kind(node), Node::Ident | Node::Dot) {
            return None;
        }
        let text = tree.text(node);
        let first = Name::new(text.split('.').next().unwrap_or(text));
        if cx.locals.iter().any(|local| local.0 == first) || self.own_names(cx).contains(&first) {
            return None;
        }
        match self.lookup_value(cx.at.scope, first) {
            Some(ValueName::Module(_)) | None => self.lookup_module(cx.at.scope, text),
            Some(_) => None,
        }
    }

    fn named_call(
        &mut self,
        cx: &mut Cx,
        name: Name,
        args: &[Argument],
        place: Place,
        at: Place,
        expected: Option<&Ty>,
    ) -> (Code, Ty) {
        if let Some(ValueName::Function(function)) = self.lookup_value(cx.at.scope, name) {
            return self.function_call(cx, function, args, place);
        }
        if let Some(TypeName::Platform(platform)) = self.lookup_type(cx.at.scope, name) {
            return self.platform_call(cx, platform, args, place);
        }
        let is_value = cx.locals.iter().any(|local| local.0 == name)
            || self.own_names(cx).contains(&name)
            || matches!(
                self.lookup_value(cx.at.scope, name),
                Some(ValueName::Let(_) | ValueName::Param(_) | ValueName::Statement(_) | ValueName::Environment(_))
            );
        let is_built_in =
            crate::builtins::all().iter().any(|builtin| builtin.name == name.text() && !is_method(builtin))
                || FACTS.iter().any(|fact| fact.0 == name.text());
        if is_value && !is_built_in {
            let (_, ty) = self.resolve_name(cx, name, at, None);
            if let Shape::Unknown(told) = *ty.shape {
                return self.unknown(place, told);
            }
            let shown = self.show(&ty);
            let told = self.error(
                "not_a_function",
                at,
                format!("`{name}` is a {shown}, not a function"),
                "functions are declared with `fn` and called by name",
            );
            return self.unknown(place, told);
        }
        if let Some(found) = self.built_in_call(cx, name, args, place) {
            return found;
        }
        if let Some(cases) = expected.and_then(crate::expressions::cases_of) {
            let cases: Vec<&str> = cases.iter().map(|case| case.text()).collect();
            let told = self.unknown_name(
                "unknown_case",
                at,
                &format!("there is no case `{name}`"),
                name.text(),
                &cases,
                "the cases are",
            );
            return self.unknown(place, told);
        }
        if let Some(Shape::Platform(None)) = expected.map(|expected| &*expected.shape) {
            let told = self.unknown_type(cx.at.scope, name.text(), at, "platform");
            return self.unknown(place, told);
        }
        if let Some(told) = self.tell_private(cx.at.scope, false, name.text(), at) {
            return self.unknown(place, told);
        }
        let mut names: Vec<Name> = crate::builtins::all()
            .iter()
            .filter(|builtin| !is_method(builtin))
            .map(|builtin| Name::new(builtin.name))
            .collect();
        names.extend(FACTS.iter().map(|fact| Name::new(fact.0)));
        names.push(Name::new("all"));
        names.extend(self.platform_items.iter().map(|platform| platform.0));
        if self.still_suggests() {
            names.extend(self.visible_values(cx.at.scope));
        }
        let names: Vec<&str> = names.iter().map(|name| name.text()).collect();
        let is_method = crate::builtins::all().iter().any(|builtin| builtin.name == name.text());
        let told = if is_method {
            self.error(
                "unknown_function",
                at,
                format!("`{name}` is a method"),
                format!("write it after its value: `x.{name}(…)`"),
            )
        } else {
            let mut diagnostic =
                source::Diagnostic::error("unknown_function", at, format!("there is no function `{name}`"));
            diagnostic = match source::did_you_mean(name.text(), names.iter().copied()) {
                _ if let Some(help) = said_here(Position::Function, name.text()) => {
                    translated(diagnostic, Position::Function, name.text(), help)
                }
                Some(close) => {
                    diagnostic.help(format!("did you mean `{close}`?")).fix(format!("use `{close}`"), at, close)
                }
                None => diagnostic.help("declare it: `fn name(x: TYPE) -> TYPE = …`"),
            };
            self.told.tell(diagnostic)
        };
        for arg in args {
            let _ = self.infer(cx, arg.node, None);
        }
        self.unknown(place, told)
    }

    /// A function that the language has, whatever a program calls its own.
    fn built_in_call(&mut self, cx: &mut Cx, name: Name, args: &[Argument], place: Place) -> Option<(Code, Ty)> {
        if let Some(found) = self.special_call(cx, name, args, place) {
            return Some(found);
        }
        let candidates: Vec<&'static BuiltIn> = crate::builtins::all()
            .iter()
            .copied()
            .filter(|builtin| builtin.name == name.text() && !is_method(builtin))
            .collect();
        (!candidates.is_empty()).then(|| self.built_in(cx, &candidates, None, args, place))
    }

    /// Functions that need more than values: `all(KIND)`, facts, files.
    fn special_call(&mut self, cx: &mut Cx, name: Name, args: &[Argument], place: Place) -> Option<(Code, Ty)> {
        let tree = cx.tree.clone();
        match name.text() {
            "all" => {
                let Some(arg) = args.first() else {
                    let told = self.error("wrong_arguments", place, "`all` needs a kind", "write `all(server)`");
                    return Some(self.unknown(place, told));
                };
                let at = cx.place(self, arg.node);
                let text = tree.text(arg.node).to_owned();
                match self.lookup_type_text(cx.at.scope, &text) {
                    Some(TypeName::Kind(kind)) => {
                        self.need(Work::Kind(kind));
                        let kinds = self.subkinds(kind);
                        Some((Code::new(place, CodeKind::All(kinds)), Ty::list(self.shape_of_instance(kind))))
                    }
                    _ => match self.native_kind(&text, at, false) {
                        Some(Resolved::Native(native, row)) => {
                            let (schema, name) = (native.schema, native.name);
                            let shown = Name::new(&text);
                            let of = Ty::new(Shape::Native(Rc::new(NativeTy { schema, row, shown, statement: None })));
                            Some((Code::new(place, CodeKind::AllNative { schema, name }), Ty::list(of)))
                        }
                        Some(Resolved::Unknown(told)) => Some(self.unknown(place, told)),
                        Some(Resolved::Kind(_)) | None => {
                            let told = self.unknown_type(cx.at.scope, &text, at, "kind");
                            Some(self.unknown(place, told))
                        }
                    },
                }
            }
            "file" => {
                let path = self.one_argument(cx, args, &Ty::string(), place)?;
                Some((Code::new(place, CodeKind::File(path)), Ty::string()))
            }
            "template" => {
                let (path_node, values_node) = (args.first()?.node, args.get(1)?.node);
                let path = self.check_expr(cx, path_node, &Ty::string());
                let (values, ty) = self.infer(cx, values_node, None);
                // It is as late as what it prints; evaluation sees what decides in the file.
                Some((Code::new(place, CodeKind::Template { path, values }), Ty::string().at(ty.deep_stage())))
            }
            "inputs" => {
                let kind = args.first().map_or("KIND", |arg| tree.text(arg.node));
                let told = self.error(
                    "not_a_value",
                    place,
                    format!("`inputs({kind})` is a type"),
                    format!("write it after a colon, `let usual: inputs({kind}) = {{ … }}`, or cut to it, `x.only(inputs({kind}))`"),
                );
                Some(self.unknown(place, told))
            }
            "from_yaml" | "from_json" | "from_csv" => {
                let told = self.error(
                    "not_supported",
                    place,
                    format!("`{name}` is not supported yet"),
                    "write the data as a literal in the program",
                );
                Some(self.unknown(place, told))
            }
            _ => {
                let (_, fact) = FACTS.iter().find(|fact| fact.0 == name.text())?;
                Some(self.fact(cx, name, *fact, args, place))
            }
        }
    }

    fn one_argument(&mut self, cx: &mut Cx, args: &[Argument], ty: &Ty, place: Place) -> Option<Code> {
        match args {
            [arg] => Some(self.check_expr(cx, arg.node, ty)),
            _ => {
                let told = self.error(
                    "wrong_arguments",
                    place,
                    format!("one argument is needed, {} were given", args.len()),
                    "give it one value",
                );
                Some(Code::new(place, CodeKind::Unknown(told)))
            }
        }
    }

    fn fact(&mut self, cx: &mut Cx, name: Name, fact: Fact, args: &[Argument], place: Place) -> (Code, Ty) {
        let (result, takes) = match fact {
            Fact::ProjectName => (Ty::string(), false),
            Fact::Tier => (
                Ty::new(Shape::Union(
                    TIERS.iter().map(|tier| Ty::new(Shape::Literal(value::Value::Text((*tier).into())))).collect(),
                )),
                false,
            ),
            Fact::KeyOf
            | Fact::NameOf
            | Fact::PathOf
            | Fact::WhereIs
            | Fact::StatementOf
            | Fact::LoopOf
            | Fact::LabelOf
            | Fact::GroupOf => (Ty::string(), true),
            Fact::AddressOf => (Ty::string().at(Stage::Later), true),
            Fact::PlatformOf => (Ty::new(Shape::Platform(None)), true),
            Fact::PortOf => (Ty::scalar(Scalar::Port), true),
            Fact::OwnerOf => (Ty::new(Shape::Ends), true),
            Fact::EndsOf => (Ty::list(Ty::new(Shape::Ends)), true),
            Fact::EndpointsOf => (Ty::list(Ty::new(Shape::Endpoint)), true),
            Fact::RangeOf => (Ty::scalar(Scalar::Cidr).maybe(), true),
            Fact::InPlace => (Ty::string().at(Stage::Later).maybe(), true),
            Fact::IsSecret | Fact::IsLater | Fact::Leaves => (Ty::bool(), true),
        };
        let positional: Vec<&Argument> = args.iter().filter(|arg| arg.label.is_none()).collect();
        if !takes {
            let of = Code::new(place, CodeKind::Const(value::Value::Absent));
            return (Code::new(place, CodeKind::Fact { fact, of, args: Vec::new() }), result);
        }
        let Some(first) = positional.first() else {
            let told =
                self.error("wrong_arguments", place, format!("`{name}` needs a value"), format!("write `{name}(x)`"));
            return self.unknown(place, told);
        };
        let hint = match fact {
            Fact::PortOf | Fact::OwnerOf | Fact::LabelOf => Some(Ty::new(Shape::Endpoint)),
            Fact::InPlace => Some(Ty::string().at(Stage::Secret)),
            _ => None,
        };
        let (mut of, ty) = self.infer(cx, first.node, hint.as_ref());
        let mut result = result;
        if fact == Fact::PlatformOf {
            // The members of a group stand on the platform of their implementation.
            let platform = match &*ty.shape {
                Shape::Instance { platform, .. } => *platform,
                Shape::List(of) => match &*of.shape {
                    Shape::Instance { platform, .. } => *platform,
                    _ => None,
                },
                _ => None,
            };
            result = Ty::new(Shape::Platform(platform));
        }
        let at = cx.place(self, first.node);
        let about_instance = matches!(
            fact,
            Fact::KeyOf
                | Fact::NameOf
                | Fact::AddressOf
                | Fact::PlatformOf
                | Fact::PathOf
                | Fact::WhereIs
                | Fact::StatementOf
                | Fact::LoopOf
                | Fact::GroupOf
                | Fact::Leaves
        );
        let fits = ty.is_unknown()
            || !about_instance
            || matches!(
                &*ty.shape,
                Shape::Instance { .. } | Shape::Native(_) | Shape::Endpoint | Shape::Ends | Shape::Platform(_)
            )
            || matches!(&*ty.shape, Shape::List(of) if of.kind().is_some());
        if !fits {
            let shown = self.show(&ty);
            let told = self.error(
                "type_mismatch",
                at,
                format!("`{name}` is a fact about an instance, found {shown}"),
                "give it an instance",
            );
            return self.unknown(place, told);
        }
        let mut rest = Vec::new();
        if let (Fact::InPlace, Some(hint)) = (fact, &hint) {
            of = self.fit(of, &ty, hint, at, cx);
            match positional.get(1) {
                Some(target) => rest.push(self.check_expr(cx, target.node, &Ty::string())),
                None => {
                    let help = "write `in_place(x, TARGET)`, with the word that its native kinds begin with";
                    let told = self.error("wrong_arguments", place, format!("`{name}` needs a target"), help);
                    return self.unknown(place, told);
                }
            }
        }
        if fact == Fact::NameOf {
            let limit = args
                .iter()
                .find(|arg| arg.label.is_some_and(|label| label.text() == "limit"))
                .or_else(|| positional.get(1).copied());
            let bare = args.iter().find(|arg| arg.label.is_some_and(|label| label.text() == "bare"));
            rest.push(match limit {
                Some(limit) => self.check_expr(cx, limit.node, &Ty::int()),
                None => Code::new(place, CodeKind::Const(value::Value::Int(63))),
            });
            rest.push(match bare {
                Some(bare) => self.check_expr(cx, bare.node, &Ty::bool()),
                None => Code::new(place, CodeKind::Const(value::Value::Bool(false))),
            });
        }
        (Code::new(place, CodeKind::Fact { fact, of, args: rest }), result)
    }

    /// A platform's constructor: every input, defaults included.
    fn platform_call(
        &mut self,
        cx: &mut Cx,
        platform: crate::checked::PlatformId,
        args: &[Argument],
        place: Place,
    ) -> (Code, Ty) {
        self.need(Work::Platform(platform));
        let info = self.platform_info(platform);
        let name = self.platform_items[platform.0 as usize].0;
        let mut parts = Vec::new();
        let mut given = Vec::new();
        let mut misnamed = false;
        for arg in args {
            let at = cx.place(self, arg.node);
            let Some(label) = arg.label else {
                misnamed = true;
                self.error(
                    "wrong_arguments",
                    at,
                    format!("the inputs of `{name}` are given by name"),
                    "write `name = value`",
                );
                continue;
            };
            let Some(input) = info.inputs.iter().find(|input| input.name == label) else {
                let names: Vec<&str> = info.inputs.iter().map(|input| input.name.text()).collect();
                let at = cx.place(self, arg.at);
                self.unknown_name(
                    "unknown_field",
                    at,
                    &format!("the platform `{name}` has no input `{label}`"),
                    label.text(),
                    &names,
                    "its inputs are",
                );
                misnamed = true;
                continue;
            };
            given.push(label);
            let code = self.check_expr(cx, arg.node, &input.ty);
            parts.push(RecordPart::Field { name: label, code, maybe: input.ty.optional });
        }
        let mut record = RecordTy { fields: Vec::new() };
        for input in &info.inputs {
            let default = match (given.contains(&input.name), input.default) {
                (false, Some(default)) => {
                    let mut own = self.cx(input.at, crate::checker::Context::Module);
                    Some(std::rc::Rc::new(self.check_expr(&mut own, default, &input.ty)))
                }
                _ => None,
            };
            record.fields.push(FieldTy { name: input.name, ty: input.ty.clone(), default });
        }
        if misnamed {
            given.extend(record.fields.iter().filter(|field| field.default.is_none()).map(|field| field.name));
        }
        let inputs =
            self.complete(Code::new(place, CodeKind::Record(parts)), &given, &record, place, &format!("`{name}`"));
        (Code::new(place, CodeKind::PlatformCall { platform, inputs }), Ty::new(Shape::Platform(Some(platform))))
    }

    fn function_call(&mut self, cx: &mut Cx, function: FunctionId, args: &[Argument], place: Place) -> (Code, Ty) {
        self.need(Work::Function(function));
        let info = self.function_info(function);
        let name = self.function_items[function.0 as usize].0;
        if let (Shape::Unknown(told), true) = (&*info.result.shape, info.parameters.is_empty()) {
            let told = *told;
            for arg in args {
                let _ = self.infer(cx, arg.node, None);
            }
            return self.unknown(place, told);
        }
        let mut codes: Vec<Option<Code>> = vec![None; info.parameters.len()];
        let mut stages = vec![Stage::Known; info.parameters.len()];
        let mut position = 0;
        let mut misnamed = None;
        for arg in args {
            let at = cx.place(self, arg.node);
            let index = match arg.label {
                Some(label) => match info.parameters.iter().position(|parameter| parameter.name == label) {
                    Some(index) => index,
                    None => {
                        let names: Vec<&str> = info.parameters.iter().map(|parameter| parameter.name.text()).collect();
                        let at = cx.place(self, arg.at);
                        let told = self.unknown_name(
                            "wrong_arguments",
                            at,
                            &format!("`{name}` has no parameter `{label}`"),
                            label.text(),
                            &names,
                            "its parameters are",
                        );
                        misnamed = Some(told);
                        continue;
                    }
                },
                None => {
                    position += 1;
                    position - 1
                }
            };
            let Some(parameter) = info.parameters.get(index) else {
                self.error(
                    "wrong_arguments",
                    at,
                    format!("`{name}` takes {}", crate::expressions::count(info.parameters.len(), "argument")),
                    "remove this one",
                );
                let _ = self.infer(cx, arg.node, None);
                continue;
            };
            let (code, ty) = self.infer(cx, arg.node, Some(&parameter.ty));
            let stage = ty.deep_stage();
            let code = self.fit(code, &ty, &parameter.ty.staged_like(&ty), at, cx);
            if codes.get(index).is_some_and(Option::is_some) {
                let at = cx.place(self, arg.at);
                let message = format!("`{}` of `{name}` is given twice", parameter.name);
                self.error("set_twice", at, message, "remove one of the two");
            }
            if let (Some(slot), Some(known)) = (codes.get_mut(index), stages.get_mut(index)) {
                *slot = Some(code);
                *known = stage;
            }
        }
        let mut complete = Vec::new();
        for (index, code) in codes.into_iter().enumerate() {
            let Some(parameter) = info.parameters.get(index) else { continue };
            complete.push(match (code, &parameter.default) {
                (Some(code), _) => code,
                (None, Some(default)) => default.clone(),
                // An argument under a wrong name is most likely the one that is missing.
                (None, None) if let Some(told) = misnamed => Code::new(place, CodeKind::Unknown(told)),
                (None, None) => {
                    let told = self.error(
                        "wrong_arguments",
                        place,
                        format!("`{name}` needs `{}`", parameter.name),
                        format!("give it {}", crate::types::with_article(&self.show(&parameter.ty))),
                    );
                    Code::new(place, CodeKind::Unknown(told))
                }
            });
        }
        let ty = self.function_result(function, &stages, place);
        (Code::new(place, CodeKind::Call { function, args: complete }), ty)
    }

    fn method_call(
        &mut self,
        cx: &mut Cx,
        receiver: NodeId,
        name: Name,
        args: &[Argument],
        place: Place,
        at: Place,
    ) -> (Code, Ty) {
        let (code, ty) = self.infer(cx, receiver, None);
        if let Shape::Unknown(told) = *ty.shape {
            for arg in args {
                let _ = self.infer(cx, arg.node, None);
            }
            return self.unknown(place, told);
        }
        if ty.optional {
            let told = self.error(
                "may_be_absent",
                place,
                "this may be absent",
                "look first with `if x != none`, or say what then with `??`",
            );
            return self.unknown(place, told);
        }
        let candidates: Vec<&'static BuiltIn> = crate::builtins::all()
            .iter()
            .copied()
            .filter(|builtin| builtin.name == name.text() && is_method(builtin))
            .collect();
        let (code, ty) = as_map(code, ty, &candidates);
        let fitting: Vec<&'static BuiltIn> =
            candidates.into_iter().filter(|builtin| self.receives(builtin, &ty)).collect();
        if fitting.is_empty() {
            let shown = self.show(&ty);
            let names = self.properties(&ty);
            let told = self.unknown_name(
                "unknown_function",
                at,
                &format!("a {shown} has no method `{name}`"),
                name.text(),
                &names,
                "it has",
            );
            return self.unknown(place, told);
        }
        self.built_in(cx, &fitting, Some((code, ty)), args, place)
    }

    /// A method without brackets: `p.first`.
    pub(crate) fn property(
        &mut self,
        cx: &mut Cx,
        code: Code,
        ty: &Ty,
        name: Name,
        place: Place,
    ) -> Option<(Code, Ty)> {
        let fitting: Vec<&'static BuiltIn> = crate::builtins::all()
            .iter()
            .copied()
            .filter(|builtin| builtin.name == name.text() && is_method(builtin) && self.receives(builtin, ty))
            .collect();
        if fitting.is_empty() {
            return None;
        }
        Some(self.built_in(cx, &fitting, Some((code, ty.clone())), &[], place))
    }

    /// The methods that a type has, for "did you mean".
    pub(crate) fn properties(&mut self, ty: &Ty) -> Vec<&'static str> {
        crate::builtins::all()
            .iter()
            .filter(|builtin| is_method(builtin))
            .copied()
            .filter(|builtin| self.receives(builtin, ty))
            .map(|builtin| builtin.name)
            .collect()
    }
}

pub(crate) const FACTS: [(&str, Fact); 21] = [
    ("address_of", Fact::AddressOf),
    ("endpoints", Fact::EndpointsOf),
    ("ends", Fact::EndsOf),
    ("group_of", Fact::GroupOf),
    ("in_place", Fact::InPlace),
    ("is_later", Fact::IsLater),
    ("is_secret", Fact::IsSecret),
    ("key_of", Fact::KeyOf),
    ("label_of", Fact::LabelOf),
    ("leaves", Fact::Leaves),
    ("name_of", Fact::NameOf),
    ("owner_of", Fact::OwnerOf),
    ("path_of", Fact::PathOf),
    ("platform_of", Fact::PlatformOf),
    ("port_of", Fact::PortOf),
    ("project_name", Fact::ProjectName),
    ("range_of", Fact::RangeOf),
    ("statement_of", Fact::StatementOf),
    ("loop_of", Fact::LoopOf),
    ("tier", Fact::Tier),
    ("where_is", Fact::WhereIs),
];
