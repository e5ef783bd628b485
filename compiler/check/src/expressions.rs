//! Expressions: each is inferred with what is expected of it in mind, because tags, ports, ranges and literals are read by what
//! is expected of them.

use std::rc::Rc;

use source::{Diagnostic, Name, Place};
use syntax::{Kind as Node, NodeId};
use value::Value;

use crate::checker::{Checker, Context, Cx, Narrowed, Work};
use crate::code::{BinaryOperator, Code, CodeKind, Fact, Scalar};
use crate::declare::ValueName;
use crate::foreign::{Position, said_here, translated};
use crate::types::{Shape, Stage, Ty};

/// Deeper expressions than this are refused, with those of the `let`s and functions that they read: 256 of such in a row, and what is
/// written in each. The parser lets one of them be 256 levels deep.
const MOST_LEVELS: u32 = 1024;

impl Checker<'_> {
    /// Checks an expression against the type that is expected of it.
    pub(crate) fn check_expr(&mut self, cx: &mut Cx, node: NodeId, expected: &Ty) -> Code {
        let (code, found) = self.infer(cx, node, Some(expected));
        let place = cx.place(self, node);
        self.fit(code, &found, expected, place, cx)
    }

    /// The same for the value of a field: with `?=` it may be absent.
    pub(crate) fn check_field(&mut self, cx: &mut Cx, node: NodeId, expected: &Ty, maybe: bool) -> Code {
        if maybe { self.check_expr(cx, node, &expected.clone().maybe()) } else { self.check_expr(cx, node, expected) }
    }

    /// Elaborates an expression and says what type it has.
    pub(crate) fn infer(&mut self, cx: &mut Cx, node: NodeId, expected: Option<&Ty>) -> (Code, Ty) {
        if self.depth > MOST_LEVELS {
            let place = cx.place(self, node);
            let told = self.error("too_deep", place, "this is nested too deeply", "name a part of it with `let`");
            return self.unknown(place, told);
        }
        self.depth += 1;
        let (mut code, mut ty) = self.infer_inner(cx, node, expected);
        self.depth -= 1;
        if ty.optional && !cx.narrowed.is_empty() {
            let text = cx.tree.text(node);
            if cx.narrowed.iter().any(|(narrowed, what)| matches!(what, Narrowed::Present) && narrowed == text) {
                ty.optional = false;
            }
        }
        if ty.stage != Stage::Known && !cx.narrowed.is_empty() {
            let text = cx.tree.text(node);
            for (narrowed, what) in &cx.narrowed {
                if let (Narrowed::AtMost(stage), true) = (what, narrowed == text) {
                    ty.stage = ty.stage.min(*stage);
                }
            }
        }
        if !cx.narrowed.is_empty() && matches!(*ty.shape, Shape::Instance { .. } | Shape::Ends | Shape::Platform(_)) {
            let text = cx.tree.text(node);
            for (narrowed, what) in &cx.narrowed {
                if narrowed != text {
                    continue;
                }
                match what {
                    Narrowed::Kind(kind) => {
                        // A platform that is an instance: from here on it is read as that.
                        if matches!(*ty.shape, Shape::Platform(_)) {
                            let (place, args) = (code.place, Vec::new());
                            code = Code::new(place, CodeKind::Fact { fact: Fact::OwnerOf, of: code, args });
                        }
                        ty.shape = Rc::new(Shape::Instance { kind: *kind, platform: None, statement: None })
                    }
                    Narrowed::Platform(platform) => {
                        if let Shape::Instance { kind, statement, .. } = &*ty.shape {
                            ty.shape = Rc::new(Shape::Instance {
                                kind: *kind,
                                platform: Some(*platform),
                                statement: *statement,
                            });
                        }
                    }
                    Narrowed::Present | Narrowed::AtMost(_) => {}
                }
            }
        }
        (code, ty)
    }

    fn infer_inner(&mut self, cx: &mut Cx, node: NodeId, expected: Option<&Ty>) -> (Code, Ty) {
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        match tree.kind(node) {
            Node::Number
            | Node::Measure
            | Node::Percent
            | Node::Ip
            | Node::Cidr
            | Node::Port
            | Node::Date
            | Node::Bool => {
                let Some(value) = self.literal(cx, node) else {
                    let told = match self.told.told_before() {
                        Some(told) => told,
                        None => self.broken(cx.at, &tree, node),
                    };
                    return self.unknown(place, told);
                };
                let ty = match crate::types::scalar_of(&value) {
                    Some(scalar @ (Scalar::Int | Scalar::Bool)) if expected.is_some_and(has_literals) => {
                        let _ = scalar;
                        Ty::new(Shape::Literal(value.clone()))
                    }
                    Some(scalar) => Ty::scalar(scalar),
                    None => Ty::new(Shape::Null),
                };
                (Code::new(place, CodeKind::Const(value)), ty)
            }
            Node::NoneValue => (Code::new(place, CodeKind::Const(Value::Absent)), Ty::new(Shape::None).maybe()),
            Node::Null => (Code::new(place, CodeKind::Const(Value::Null)), Ty::new(Shape::Null)),
            Node::Text => self.text(cx, node, expected),
            Node::Group => match tree.children(node).next() {
                Some(inner) => self.infer(cx, inner, expected),
                None => self.broken_expression(cx, node),
            },
            Node::Ident => {
                let name = Name::new(tree.text(node));
                self.resolve_name(cx, name, place, expected)
            }
            Node::Dot => self.dot(cx, node, expected),
            Node::SafeDot => self.safe_dot(cx, node, expected),
            Node::Index => self.index(cx, node, expected),
            Node::Call => self.call(cx, node, expected),
            Node::List => self.list(cx, node, expected),
            // What the fields of a record would mean where none can stand, there is nothing to say of.
            Node::Record
                if expected.is_some_and(|expected| {
                    matches!(
                        &*expected.shape,
                        Shape::Flow | Shape::Endpoint | Shape::Instance { .. } | Shape::Scalar(_)
                    )
                }) =>
            {
                (
                    Code::new(place, CodeKind::Record(Vec::new())),
                    Ty::new(Shape::Record(Rc::new(crate::types::RecordTy { fields: Vec::new() }))),
                )
            }
            Node::Record => self.record(cx, node, expected),
            Node::If => {
                let mut children = tree.children(node);
                let (Some(condition), Some(then), Some(otherwise)) =
                    (children.next(), children.next(), children.next())
                else {
                    return self.broken_expression(cx, node);
                };
                let (condition_code, condition_ty) = self.condition(cx, condition);
                let mark = cx.narrowed.len();
                self.narrow(cx, condition, true);
                let (then_code, then_ty) = self.infer(cx, then, expected);
                cx.narrowed.truncate(mark);
                self.narrow(cx, condition, false);
                let (otherwise_code, otherwise_ty) = self.infer(cx, otherwise, expected);
                cx.narrowed.truncate(mark);
                self.join_branches(
                    cx,
                    place,
                    vec![(then_code, then_ty), (otherwise_code, otherwise_ty)],
                    expected,
                    condition_ty.stage,
                    &mut |mut codes| {
                        let otherwise = codes.pop()?;
                        let then = codes.pop()?;
                        Some(CodeKind::If { condition: condition_code.clone(), then, otherwise })
                    },
                )
            }
            Node::Match => self.match_expression(cx, node, expected),
            Node::Unary => self.unary(cx, node, expected),
            Node::Binary => self.binary(cx, node, expected),
            Node::With => self.with(cx, node, expected),
            _ => self.broken_expression(cx, node),
        }
    }

    pub(crate) fn broken_expression(&mut self, cx: &Cx, node: NodeId) -> (Code, Ty) {
        let tree = cx.tree.clone();
        let told = self.broken(cx.at, &tree, node);
        let place = cx.place(self, node);
        self.unknown(place, told)
    }

    fn condition(&mut self, cx: &mut Cx, node: NodeId) -> (Code, Ty) {
        let (code, ty) = self.infer(cx, node, Some(&Ty::bool()));
        let place = cx.place(self, node);
        let fitted = self.fit(code, &ty, &Ty::bool().at(Stage::Later.max(ty.stage)), place, cx);
        (fitted, ty)
    }

    fn text(&mut self, cx: &mut Cx, node: NodeId, expected: Option<&Ty>) -> (Code, Ty) {
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        if let Some(text) = self.plain_text(cx, node) {
            let ty = if expected.is_some_and(has_literals) {
                Ty::new(Shape::Literal(Value::Text(text.as_str().into())))
            } else {
                Ty::string()
            };
            return (Code::new(place, CodeKind::Const(Value::Text(text.into()))), ty);
        }
        let mut codes = Vec::new();
        let mut stage = Stage::Known;
        for part in syntax::text::parts(&tree, node) {
            match part {
                syntax::text::Part::Text(text) => {
                    if !text.is_empty() {
                        codes.push(Code::new(place, CodeKind::Const(Value::Text(text.into()))));
                    }
                }
                syntax::text::Part::Interpolation(interpolation) => {
                    let Some(inner) = tree.children(interpolation).next() else { continue };
                    let (code, ty) = self.infer(cx, inner, None);
                    let at = cx.place(self, inner);
                    stage = stage.max(ty.stage);
                    codes.push(self.interpolated(code, &ty, at));
                }
            }
        }
        (Code::new(place, CodeKind::Text(codes)), Ty::string().at(stage))
    }

    fn interpolated(&mut self, code: Code, ty: &Ty, place: Place) -> Code {
        if ty.is_unknown() {
            return code;
        }
        if ty.optional {
            let told = self.error(
                "may_be_absent",
                place,
                "this may be absent; a text needs a value",
                "give a value for that case: `${x ?? \"…\"}`",
            );
            return Code::new(place, CodeKind::Unknown(told));
        }
        match ty.as_scalar() {
            Some(Scalar::Duration) => {
                let told = self.error(
                    "say_the_form",
                    place,
                    "a duration has no form of its own in a text",
                    "say it: `.prometheus` (5m), `.iso8601` (PT5M), `.go` (5m0s), `.seconds` (300)",
                );
                Code::new(place, CodeKind::Unknown(told))
            }
            Some(Scalar::Size) => {
                let told = self.error(
                    "say_the_form",
                    place,
                    "a size has no form of its own in a text",
                    "say it: `.in(1MiB)`, `.bytes`, `.kubernetes` (512Mi)",
                );
                Code::new(place, CodeKind::Unknown(told))
            }
            // The target writes a number that it alone knows; there is nothing to say about its form here.
            Some(Scalar::Decimal) if ty.stage != Stage::Known => code,
            Some(Scalar::Decimal) => {
                let told = self.error(
                    "say_the_form",
                    place,
                    "a decimal has no form of its own in a text",
                    "say how many places: `.text(3)`",
                );
                Code::new(place, CodeKind::Unknown(told))
            }
            Some(Scalar::Ratio) => {
                let told = self.error(
                    "say_the_form",
                    place,
                    "a ratio has no form of its own in a text",
                    "say it: `.percent` (99.9), or `.decimal.text(3)` (0.999)",
                );
                Code::new(place, CodeKind::Unknown(told))
            }
            Some(Scalar::Port) => {
                let told = self.error(
                    "say_the_form",
                    place,
                    "a port has no form of its own in a text",
                    "say its number: `.first`, or `.protocol`",
                );
                Code::new(place, CodeKind::Unknown(told))
            }
            Some(_) => code,
            None => {
                let shown = self.show(ty);
                let help = if ty.kind().is_some() {
                    "say what of it: `${key_of(x)}`, `${name_of(x)}` or one of its fields"
                } else {
                    "join lists with `join(list, \", \")`; write documents with `json(x)`"
                };
                let told = self.error("type_mismatch", place, format!("a {shown} has no text"), help);
                Code::new(place, CodeKind::Unknown(told))
            }
        }
    }

    /// A bare word: what is expected (a tag), a local, the instance's own, the module's, std's.
    pub(crate) fn resolve_name(&mut self, cx: &mut Cx, name: Name, place: Place, expected: Option<&Ty>) -> (Code, Ty) {
        if let Some((slot, ty)) =
            cx.locals.iter().rev().find(|local| local.0 == name).map(|local| (local.1, local.2.clone()))
        {
            return (Code::new(place, CodeKind::Local(slot)), ty);
        }
        if let Some(found) = self.tag(cx, name, &[], place, expected) {
            return found;
        }
        if let Some(found) = self.own_name(cx, name, place) {
            return match self.also_of_the_folder(cx, name, place) {
                Some(told) => self.unknown(place, told),
                None => found,
            };
        }
        match self.lookup_value(cx.at.scope, name) {
            Some(ValueName::Let(id)) => {
                let (_, ty) = self.let_info(id);
                return (Code::new(place, CodeKind::Let(id)), ty);
            }
            Some(ValueName::Param(id)) => {
                self.need(Work::Param(id));
                let ty = self.param_type(id);
                return (Code::new(place, CodeKind::Param(id)), ty);
            }
            Some(ValueName::Statement(id)) => {
                self.need(Work::Statement(id));
                return (Code::new(place, CodeKind::Statement(id)), self.statement_type(id));
            }
            Some(ValueName::Environment(environment)) => {
                return (
                    Code::new(place, CodeKind::Const(Value::Text(environment.text().into()))),
                    Ty::new(Shape::Environment),
                );
            }
            Some(ValueName::Function(_)) => {
                let told = self.error(
                    "not_a_value",
                    place,
                    format!("`{name}` is a function"),
                    format!("call it: `{name}(…)`"),
                );
                return self.unknown(place, told);
            }
            Some(ValueName::Module(_)) => {
                let told = self.error(
                    "not_a_value",
                    place,
                    format!("`{name}` is a module"),
                    format!("name something in it: `{name}.…`"),
                );
                return self.unknown(place, told);
            }
            None => {}
        }
        match name.text() {
            "self" => {
                let found = self.self_value(cx, place);
                return match found {
                    Some(found) => found,
                    None => {
                        let told = self.error(
                            "unknown_name",
                            place,
                            "there is no `self` here",
                            "`self` is the instance inside `implement` and `kind`",
                        );
                        self.unknown(place, told)
                    }
                };
            }
            _ => {
                if let Some(found) = word(name, place) {
                    return found;
                }
            }
        }
        if let Some(told) = self.broken_names.get(&(cx.at.scope, name)).copied() {
            return self.unknown(place, told);
        }
        // It may come from a folder that is not there.
        if let Some(told) = self.broken_uses.get(&cx.at.scope).copied() {
            return self.unknown(place, told);
        }
        if let Some(cases) = expected.and_then(cases_of) {
            let cases: Vec<&str> = cases.iter().map(|case| case.text()).collect();
            let told = self.unknown_name(
                "unknown_case",
                place,
                &format!("there is no case `{name}`"),
                name.text(),
                &cases,
                "the cases are",
            );
            return self.unknown(place, told);
        }
        if let Some(told) = self.tell_private(cx.at.scope, false, name.text(), place) {
            return self.unknown(place, told);
        }
        let names = if self.still_suggests() { self.visible_names(cx) } else { Vec::new() };
        let names: Vec<&str> = names.iter().map(|name| name.text()).collect();
        let mut diagnostic = Diagnostic::error("unknown_name", place, format!("there is no `{name}` here"));
        let is_type = self.lookup_type(cx.at.scope, name).is_some();
        diagnostic = match (is_type, source::did_you_mean(name.text(), names.iter().copied())) {
            (true, _) => match self.lookup_type(cx.at.scope, name) {
                Some(crate::declare::TypeName::Platform(_)) => {
                    diagnostic.help(format!(
                        "`{name}` is a platform: a value of it is made by a call, `{name}(…)`; one that an environment lists is \
                         named alone, `on {name}`"
                    ))
                }
                Some(crate::declare::TypeName::Type(_)) => diagnostic.help(format!("`{name}` is a type")),
                Some(crate::declare::TypeName::Kind(_)) | None => diagnostic.help(format!(
                    "`{name}` is a kind: an instance is read by its own name, all of them are `all({name})`"
                )),
            },
            (false, _) if let Some(help) = said_here(Position::Value, name.text()) => {
                translated(diagnostic, Position::Value, name.text(), help)
            }
            (false, _) if let Some(help) = self.stands_elsewhere(name) => diagnostic.help(help),
            (false, Some(close)) => {
                diagnostic.help(format!("did you mean `{close}`?")).fix(format!("use `{close}`"), place, close)
            }
            (false, None) if expected.is_some_and(|expected| matches!(*expected.shape, Shape::Platform(None))) => {
                let platforms: Vec<&str> = self.platform_items.iter().map(|platform| platform.0.text()).collect();
                diagnostic.help(format!(
                    "a platform is made by a call: `aws(region = \"eu-west-3\")`; there are {}",
                    source::list_of(platforms)
                ))
            }
            (false, None) => diagnostic.help("declare it with `let`, `param` or as an instance; texts stand in quotes"),
        };
        let told = self.told.tell(diagnostic);
        self.unknown(place, told)
    }

    /// Tells a name that is an input or a `let` of the implementation and the folder's too: neither hides the other. Children may
    /// be called like an instance outside, for their names are addresses.
    fn also_of_the_folder(&mut self, cx: &Cx, name: Name, place: Place) -> Option<source::Told> {
        let implementation = self.implementation_at(cx)?;
        let (other, at) = match *self.modules[cx.at.scope.0].values.get(&name)? {
            ValueName::Let(id) => ("`let`", self.let_items[id.0 as usize].at),
            ValueName::Param(id) => ("`param`", self.param_items[id.0 as usize].1),
            ValueName::Statement(id) => ("instance", self.statements[id.0 as usize].at),
            ValueName::Environment(_) | ValueName::Function(_) | ValueName::Module(_) => return None,
        };
        let info = self.implementation_info(implementation);
        let is_input = self.kind_info(info.kind).input(name).is_some();
        if !is_input && info.lets.iter().all(|own| own.0 != name) {
            return None;
        }
        let (own, help) = if is_input {
            (
                "field of the kind",
                format!("the field is `self.{name}`; for the other, give one of the two another name"),
            )
        } else {
            ("`let` of this implementation", "give one of the two another name".to_owned())
        };
        let message = format!("`{name}` may be the {own} or the {other} of the folder");
        let mut told = Diagnostic::error("shadowed", place, message);
        if let Some(declared) = self.name_place(at, name) {
            told = told.also(declared, "the folder's");
        }
        Some(self.told.tell(told.help(help)))
    }

    /// A case of a tagged union that is expected: `postgres("16")`.
    pub(crate) fn tag(
        &mut self,
        cx: &mut Cx,
        name: Name,
        args: &[NodeId],
        place: Place,
        expected: Option<&Ty>,
    ) -> Option<(Code, Ty)> {
        let expected = expected?;
        let tagged = match &*expected.shape {
            Shape::Tagged(tagged) => tagged.clone(),
            Shape::Union(parts) => parts.iter().find_map(|part| match &*part.shape {
                Shape::Tagged(tagged) if tagged.cases.iter().any(|case| case.0 == name) => Some(tagged.clone()),
                _ => None,
            })?,
            Shape::Range(of) | Shape::List(of) => return self.tag(cx, name, args, place, Some(&of.clone())),
            _ => return None,
        };
        let case = tagged.cases.iter().find(|case| case.0 == name)?.clone();
        let ty = Ty::new(Shape::Tagged(tagged));
        if case.1.len() != args.len() {
            let told = self.error(
                "wrong_arguments",
                place,
                format!("`{name}` takes {} and was given {}", count(case.1.len(), "value"), args.len()),
                "give it what its type declares",
            );
            return Some(self.unknown(place, told));
        }
        let fields: Vec<Code> = args.iter().zip(&case.1).map(|(arg, ty)| self.check_expr(cx, *arg, ty)).collect();
        Some((Code::new(place, CodeKind::Tagged { tag: name, fields }), ty))
    }

    pub(crate) fn visible_names(&mut self, cx: &Cx) -> Vec<Name> {
        let mut names: Vec<Name> =
            cx.locals.iter().map(|local| local.0).filter(|name| !name.text().is_empty()).collect();
        names.extend(self.own_names(cx));
        names.extend(self.visible_values(cx.at.scope));
        names
    }

    fn unary(&mut self, cx: &mut Cx, node: NodeId, expected: Option<&Ty>) -> (Code, Ty) {
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        let mut children = tree.children(node);
        let (Some(operator), Some(inner)) = (children.next(), children.next()) else {
            return self.broken_expression(cx, node);
        };
        if tree.text(operator) == "not" {
            let (code, ty) = self.condition(cx, inner);
            return (Code::new(place, CodeKind::Not(code)), Ty::bool().at(ty.stage));
        }
        let (code, ty) = self.infer(cx, inner, expected);
        if ty.is_unknown() {
            return (code, ty);
        }
        match ty.as_scalar() {
            Some(scalar @ (Scalar::Int | Scalar::Decimal | Scalar::Size | Scalar::Duration | Scalar::Ratio)) => {
                if ty.stage != Stage::Known {
                    let told = self.error(
                        "known_later",
                        place,
                        "arithmetic needs values that are known",
                        "compute with what the program says itself",
                    );
                    return self.unknown(place, told);
                }
                (Code::new(place, CodeKind::Negate(code)), Ty::scalar(scalar))
            }
            _ => {
                let shown = self.show(&ty);
                let told = self.error(
                    "type_mismatch",
                    place,
                    format!("a {shown} has no negative"),
                    "`-` takes a number, a size or a duration",
                );
                self.unknown(place, told)
            }
        }
    }

    fn binary(&mut self, cx: &mut Cx, node: NodeId, expected: Option<&Ty>) -> (Code, Ty) {
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        let mut children = tree.children(node);
        let (Some(left), Some(operator), Some(right)) = (children.next(), children.next(), children.next()) else {
            return self.broken_expression(cx, node);
        };
        let operator_text = tree.text(operator).to_owned();
        if operator_text == "-"
            && let Some(told) = self.dashed_word(cx, node)
        {
            return self.unknown(place, told);
        }
        if operator_text == "<" && tree.kind(right) == Node::Unary && tree.text(node).contains("<-") {
            let turned = tree.text(right).trim_start_matches('-').trim();
            let help = format!("who calls stands first: `{turned} -> {}`", tree.text(left).trim());
            let told = self.error("type_mismatch", place, "`<-` joins no ends", help);
            return self.unknown(place, told);
        }
        match operator_text.as_str() {
            "->" => return self.flow(cx, left, right, place),
            "and" | "or" => {
                let (left_code, left_ty) = self.condition(cx, left);
                let mark = cx.narrowed.len();
                self.narrow(cx, left, operator_text == "and");
                let (right_code, right_ty) = self.condition(cx, right);
                cx.narrowed.truncate(mark);
                let kind = if operator_text == "and" {
                    CodeKind::And(left_code, right_code)
                } else {
                    CodeKind::Or(left_code, right_code)
                };
                return (Code::new(place, kind), Ty::bool().at(left_ty.stage.max(right_ty.stage)));
            }
            "??" => {
                let optional = expected.map(|expected| expected.clone().maybe());
                let (left_code, left_ty) = self.infer(cx, left, optional.as_ref());
                let (right_code, right_ty) = self.infer(cx, right, expected);
                if !left_ty.optional && !left_ty.is_unknown() && left_ty.stage == Stage::Known {
                    self.told.tell(
                        Diagnostic::warning(
                            "never_absent",
                            cx.place(self, left),
                            "this is never absent; what follows `??` is never used",
                        )
                        .help("remove `?? …`"),
                    );
                }
                let optional = right_ty.optional;
                let stage = left_ty.stage;
                let (code, mut ty) = self.join_branches(
                    cx,
                    place,
                    vec![(left_code, left_ty.present()), (right_code, right_ty)],
                    expected,
                    stage,
                    &mut |mut codes| {
                        let right = codes.pop()?;
                        let left = codes.pop()?;
                        Some(CodeKind::Coalesce(left, right))
                    },
                );
                ty.optional = optional;
                return (code, ty);
            }
            "is" => {
                let (code, ty) = self.infer(cx, left, None);
                let text = tree.text(right).to_owned();
                let at = cx.place(self, right);
                return match self.lookup_type_text(cx.at.scope, &text) {
                    Some(crate::declare::TypeName::Kind(kind)) => {
                        let kinds = self.subkinds(kind);
                        (Code::new(place, CodeKind::IsKind { of: code, kinds }), Ty::bool())
                    }
                    _ => {
                        let _ = ty;
                        let told = self.unknown_type(cx.at.scope, &text, at, "kind");
                        self.unknown(place, told)
                    }
                };
            }
            ".." => {
                let of = expected.and_then(|expected| match &*expected.shape {
                    Shape::Range(of) => Some(of.clone()),
                    _ => None,
                });
                if let Some(of) = of {
                    let left_code = self.check_expr(cx, left, &of);
                    let right_code = self.check_expr(cx, right, &of);
                    return (
                        Code::new(
                            place,
                            CodeKind::Binary { operator: BinaryOperator::Range, left: left_code, right: right_code },
                        ),
                        Ty::new(Shape::Range(of)),
                    );
                }
                let (left_code, left_ty) = self.infer(cx, left, None);
                let (right_code, right_ty) = self.infer(cx, right, None);
                let of = self.join(&left_ty, &right_ty);
                return (
                    Code::new(
                        place,
                        CodeKind::Binary { operator: BinaryOperator::Range, left: left_code, right: right_code },
                    ),
                    Ty::new(Shape::Range(of)),
                );
            }
            _ => {}
        }
        let arithmetic = matches!(operator_text.as_str(), "+" | "-" | "*" | "/" | "div" | "mod" | "++");
        let hint = if operator_text == "++" { expected } else { None };
        let (left_code, left_ty) = self.infer(cx, left, hint);
        // The right side is read with the left one's type in mind: `engine == postgres("16")`, `p.team == dba`.
        let right_hint = if arithmetic { hint.cloned() } else { comparable_hint(&operator_text, &left_ty) };
        let (right_code, right_ty) = self.infer(cx, right, right_hint.as_ref());
        self.operator(place, &operator_text, (left_code, left_ty), (right_code, right_ty), cx)
    }

    /// What to do with a name that is a native kind (`aws_vpc.main.id`) or stands in another folder.
    pub(crate) fn stands_elsewhere(&self, name: Name) -> Option<String> {
        if self.input.schemas.iter().any(|named| named.schema.kind(name.text(), schema::Role::Resource).is_some()) {
            return Some("an instance is read by its own name, without its kind: `NAME.id`".to_owned());
        }
        let holds = |module: &&crate::declare::Names| {
            module.values.contains_key(&name) && !module.private.contains(&(false, name))
        };
        let module =
            self.modules.iter().filter(holds).find(|module| {
                self.input.packages.get(module.package).is_some_and(|package| package.name.is_empty())
            })?;
        let path = module.dotted();
        if path.is_empty() {
            return Some("it stands in the project's own folder, which those below do not see: put it into a folder that both bring in with `use`".to_owned());
        }
        Some(format!("it stands in the folder `{path}`: bring it in with `use {path}`, or say `{path}.{name}`"))
    }

    /// `region = eu-west-3`: a text without its quotes, which reads as a difference of names that do not exist.
    fn dashed_word(&mut self, cx: &Cx, node: NodeId) -> Option<source::Told> {
        let tree = cx.tree.clone();
        let text = tree.text(node);
        let is_part =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let first =
            text.split('-').next().filter(|first| first.starts_with(|letter: char| letter.is_ascii_alphabetic()))?;
        if !text.split('-').all(is_part) || self.visible_names(cx).contains(&Name::new(first)) {
            return None;
        }
        let place = cx.place(self, node);
        Some(self.error(
            "unknown_name",
            place,
            format!("there is no `{text}` here"),
            format!("a text stands in quotes: `\"{text}\"`; a difference has blanks around its `-`"),
        ))
    }

    /// Whose names are seen besides those of the module.
    pub(crate) fn self_value(&mut self, cx: &Cx, place: Place) -> Option<(Code, Ty)> {
        let ty = match cx.context {
            Context::Kind(kind) => self.shape_of_instance(kind),
            Context::Implementation(implementation) => self.self_type(implementation)?,
            Context::Once(once) => {
                let implementation = self.out.onces[once.0 as usize].implementation;
                // A group stands for its members.
                Ty::list(self.self_type(implementation)?)
            }
            Context::Platform(platform) => Ty::new(Shape::Platform(Some(platform))),
            Context::Module => return None,
        };
        Some((Code::new(place, CodeKind::SelfInstance), ty))
    }
}

/// The cases of a tagged union that is expected.
pub(crate) fn cases_of(ty: &Ty) -> Option<Vec<Name>> {
    match &*ty.shape {
        Shape::Tagged(tagged) => Some(tagged.cases.iter().map(|case| case.0).collect()),
        _ => None,
    }
}

/// Whether literals of this type are told apart.
pub(crate) fn has_literals(ty: &Ty) -> bool {
    match &*ty.shape {
        Shape::Literal(_) => true,
        Shape::Union(parts) => parts.iter().any(has_literals),
        _ => false,
    }
}

pub(crate) fn has_variables(ty: &Ty) -> bool {
    match &*ty.shape {
        Shape::Variable(_) => true,
        Shape::List(of) | Shape::Range(of) => has_variables(of),
        Shape::Map { key, value } | Shape::By(key, value) => has_variables(key) || has_variables(value),
        Shape::Union(parts) => parts.iter().any(has_variables),
        Shape::Record(record) => record.fields.iter().any(|field| has_variables(&field.ty)),
        _ => false,
    }
}

fn comparable_hint(operator: &str, left: &Ty) -> Option<Ty> {
    match operator {
        "==" | "!=" => Some(left.clone().maybe()),
        _ => None,
    }
}

pub(crate) fn count(number: usize, what: &str) -> String {
    match number {
        0 => format!("no {what}"),
        1 => format!("one {what}"),
        _ => format!("{number} {what}s"),
    }
}

/// A word of the language that is a value.
pub(crate) fn word(name: Name, place: Place) -> Option<(Code, Ty)> {
    let (code, ty) = match name.text() {
        "environment" => (CodeKind::Environment, Ty::new(Shape::Environment)),
        "internet" => (CodeKind::Tagged { tag: name, fields: Vec::new() }, Ty::new(Shape::Ends)),
        "icmp" => {
            (CodeKind::Const(Value::Port { first: 0, last: 0, protocol: Name::new("icmp") }), Ty::scalar(Scalar::Port))
        }
        _ => return None,
    };
    Some((Code::new(place, code), ty))
}
