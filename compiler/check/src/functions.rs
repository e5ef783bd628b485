//! Functions, lets and params: their types, and the stages that come out of a function when later values go in.

use std::rc::Rc;

use source::{Name, Place};
use syntax::Kind as Node;

use crate::checked::{Function, FunctionId, Let, LetId, Param, ParamId};
use crate::checker::{Checker, Context, Progress};
use crate::code::{Code, CodeKind};
use crate::param_form::ParamForm;
use crate::types::{Stage, Ty};

/// What others may see of a function.
#[derive(Clone, Debug)]
pub(crate) struct FunctionInfo {
    pub parameters: Vec<ParameterInfo>,
    pub result: Ty,
}

#[derive(Clone, Debug)]
pub(crate) struct ParameterInfo {
    pub name: Name,
    pub ty: Ty,
    pub default: Option<Code>,
}

impl Checker<'_> {
    /// A function's parameters and declared result; elaborates its body once.
    pub(crate) fn function_info(&mut self, id: FunctionId) -> Rc<FunctionInfo> {
        match self.function_infos.get(&id) {
            Some(Progress::Done(info)) => return info.clone(),
            Some(Progress::Started) => {
                let told = self.told.told_before();
                let (name, at) = self.function_items[id.0 as usize];
                let tree = self.item(at).tree();
                let place = self.name_place(at, name).unwrap_or_else(|| self.place(at, &tree, syntax::Tree::ROOT));
                let told = match told {
                    Some(told) if self.told.list().iter().any(|diagnostic| diagnostic.code == "recursion") => told,
                    _ => self.error(
                        "recursion",
                        place,
                        format!("the function `{name}` calls itself"),
                        "there is no recursion: use a list comprehension or an aggregate",
                    ),
                };
                return Rc::new(FunctionInfo { parameters: Vec::new(), result: Ty::unknown(told) });
            }
            None => {}
        }
        let (name, at) = self.function_items[id.0 as usize];
        let mut cx = self.cx(at, Context::Module);
        let tree = cx.tree.clone();
        self.function_infos.insert(id, Progress::Started);
        let Some(node) = tree.child(syntax::Tree::ROOT, Node::Fn) else {
            let told = self.broken(at, &tree, syntax::Tree::ROOT);
            let info = Rc::new(FunctionInfo { parameters: Vec::new(), result: Ty::unknown(told) });
            self.function_infos.insert(id, Progress::Done(info.clone()));
            return info;
        };
        let mut parameters = Vec::new();
        for parameter in tree.all(node, Node::Parameter) {
            let mut children = tree.children(parameter);
            let (Some(name), Some(ty)) = (children.next(), children.next()) else { continue };
            let place = cx.place(self, name);
            let name = Name::new(&tree.name(name));
            if parameters.iter().any(|before: &ParameterInfo| before.name == name) {
                self.error(
                    "declared_twice",
                    place,
                    format!("the parameter `{name}` is declared twice"),
                    "give one of the two another name",
                );
            }
            let ty = self.resolve_type(&cx, ty);
            let default = tree.children(parameter).nth(2).map(|default| self.check_expr(&mut cx, default, &ty));
            parameters.push(ParameterInfo { name, ty, default });
        }
        let rest: Vec<_> =
            tree.children(node).filter(|child| !matches!(tree.kind(*child), Node::Name | Node::Parameter)).collect();
        let result = match rest.first() {
            Some(ty) => self.resolve_type(&cx, *ty),
            None => Ty::unknown(self.broken(at, &tree, node)),
        };
        for parameter in &parameters {
            cx.bind(parameter.name, parameter.ty.clone());
        }
        let body = match rest.get(1) {
            Some(body) => {
                let (code, ty) = self.infer(&mut cx, *body, Some(&result));
                let place = cx.place(self, *body);
                self.fit(code, &ty, &result.staged_like(&ty), place, &mut cx)
            }
            None => {
                let told = self.broken(at, &tree, node);
                Code::new(cx.place(self, node), CodeKind::Unknown(told))
            }
        };
        let place = body.place;
        while self.out.functions.len() <= id.0 as usize {
            let told = self.told.told_before();
            let kind = told.map_or(CodeKind::Const(value::Value::Absent), CodeKind::Unknown);
            self.out.functions.push(Function { name, parameters: 0, body: Code::new(place, kind) });
        }
        self.out.functions[id.0 as usize] = Function { name, parameters: parameters.len() as u16, body };
        let info = Rc::new(FunctionInfo { parameters, result });
        self.function_infos.insert(id, Progress::Done(info.clone()));
        info
    }

    /// The result's type when arguments of these stages go in: the body is read again with parameters at these stages.
    pub(crate) fn function_result(&mut self, id: FunctionId, stages: &[Stage], place: Place) -> Ty {
        let info = self.function_info(id);
        let lifted = stages.iter().zip(&info.parameters).any(|(stage, parameter)| *stage > parameter.ty.deep_stage());
        if !lifted {
            return info.result.clone();
        }
        let key = (id, stages.to_vec());
        match self.function_results.get(&key) {
            Some(Progress::Done(Ok(ty))) => return ty.clone(),
            Some(Progress::Done(Err(message))) => {
                let message = message.clone();
                return Ty::unknown(self.later_argument(id, &message, stages, place));
            }
            Some(Progress::Started) => return info.result.clone(),
            None => {}
        }
        self.function_results.insert(key.clone(), Progress::Started);
        let (_, at) = self.function_items[id.0 as usize];
        let mut cx = self.cx(at, Context::Module);
        let tree = cx.tree.clone();
        let body = tree.child(syntax::Tree::ROOT, Node::Fn).and_then(|node| tree.children(node).last());
        for (parameter, stage) in info.parameters.iter().zip(stages) {
            cx.bind(parameter.name, parameter.ty.lifted(*stage));
        }
        // What goes wrong only with later values is told at the call, not in the function.
        let before = self.told.clone();
        let ty = body.map(|body| self.infer(&mut cx, body, Some(&info.result)).1);
        let told: Vec<String> =
            self.told.list().iter().skip(before.list().len()).map(|diagnostic| diagnostic.message.clone()).collect();
        self.told = before;
        let result = match (told.first(), ty) {
            (Some(message), _) => Err(message.clone()),
            (None, Some(ty)) => {
                let mut result = info.result.staged_like(&ty);
                if !result.is_reference() {
                    result.stage = result.stage.max(ty.stage);
                }
                Ok(result)
            }
            (None, None) => Ok(info.result.clone()),
        };
        self.function_results.insert(key, Progress::Done(result.clone()));
        match result {
            Ok(ty) => ty,
            Err(message) => Ty::unknown(self.later_argument(id, &message, stages, place)),
        }
    }

    fn later_argument(&mut self, id: FunctionId, message: &str, stages: &[Stage], place: Place) -> source::Told {
        let name = self.function_items[id.0 as usize].0;
        if stages.contains(&Stage::Secret) {
            return self.error(
                "secret_exposed",
                place,
                format!("`{name}` cannot take a secret: {message}"),
                "pass the secret on as it is; `fingerprint(x)` is what may be shown of one",
            );
        }
        self.error(
            "known_later",
            place,
            format!("`{name}` cannot take a later value here: {message}"),
            "give it what the program says itself",
        )
    }

    /// A let's code and type, elaborated once.
    pub(crate) fn let_info(&mut self, id: LetId) -> (Code, Ty) {
        let item = self.let_items[id.0 as usize].clone();
        let tree = self.item(item.at).tree();
        let node = item.node.or_else(|| tree.child(syntax::Tree::ROOT, Node::Let));
        let place = node.map_or_else(
            || self.place(item.at, &tree, syntax::Tree::ROOT),
            |node| self.place(item.at, &tree, tree.child(node, Node::Name).unwrap_or(node)),
        );
        match self.let_infos.get(&id) {
            Some(Progress::Done((code, ty))) => {
                let (code, ty) = (code.clone(), ty.clone());
                return (code, self.used_within(ty, place));
            }
            Some(Progress::Started) => {
                let from = self.let_stack.iter().position(|other| *other == id).unwrap_or(0);
                let steps: Vec<LetId> = self.let_stack.iter().skip(from).copied().collect();
                let mut path: Vec<String> =
                    steps.iter().map(|step| format!("`{}`", self.let_items[step.0 as usize].name)).collect();
                path.push(format!("`{}`", item.name));
                let mut diagnostic =
                    source::Diagnostic::error("circle", place, format!("`{}` depends on itself", item.name));
                if steps.len() > 1 {
                    diagnostic = diagnostic.help(format!("the way round: {}", path.join(" → ")));
                    for step in steps.iter().skip(1) {
                        let item = self.let_items[step.0 as usize].clone();
                        if let (Some(at), None) = (self.name_place(item.at, item.name), item.node) {
                            diagnostic = diagnostic.also(at, "through this");
                        }
                    }
                }
                let told =
                    self.told.tell(diagnostic.help("break the circle: one of the values must not need the other"));
                return self.unknown(place, told);
            }
            None => {}
        }
        self.let_infos.insert(id, Progress::Started);
        self.let_stack.push(id);
        let context = match item.implementation {
            Some((_, Some(once))) => Context::Once(once),
            Some((implementation, None)) => Context::Implementation(implementation),
            None => Context::Module,
        };
        let mut cx = self.cx(item.at, context);
        let info = match node {
            Some(node) => {
                let children: Vec<_> = tree.children(node).filter(|child| tree.kind(*child) != Node::Name).collect();
                match children.as_slice() {
                    [ty, value] => {
                        let ty = self.resolve_type(&cx, *ty);
                        let (code, found) = self.infer(&mut cx, *value, Some(&ty));
                        let at = cx.place(self, *value);
                        (self.fit(code, &found, &ty, at, &mut cx), ty)
                    }
                    [value] => self.infer(&mut cx, *value, None),
                    _ => {
                        let told = self.broken(item.at, &tree, node);
                        self.unknown(place, told)
                    }
                }
            }
            None => {
                let told = self.broken(item.at, &tree, syntax::Tree::ROOT);
                self.unknown(place, told)
            }
        };
        self.let_stack.pop();
        let info = (info.0, self.used_within(info.1, place));
        self.let_infos.insert(id, Progress::Done(info.clone()));
        while self.out.lets.len() <= id.0 as usize {
            self.out.lets.push(Let {
                name: item.name,
                code: Code::new(place, CodeKind::Const(value::Value::Absent)),
                place,
                implementation: None,
            });
        }
        self.out.lets[id.0 as usize] = Let {
            name: item.name,
            code: info.0.clone(),
            place,
            implementation: item.implementation.map(|owner| owner.0),
        };
        info
    }

    /// A param's declared type.
    pub(crate) fn param_type(&mut self, id: ParamId) -> Ty {
        match self.param_types.get(&id) {
            Some(Progress::Done(ty)) => return ty.clone(),
            Some(Progress::Started) | None => {}
        }
        let (_, at) = self.param_items[id.0 as usize];
        let cx = self.cx(at, Context::Module);
        let tree = cx.tree.clone();
        let ty = match tree.child(syntax::Tree::ROOT, Node::Param).and_then(|node| tree.children(node).nth(1)) {
            Some(ty) => self.resolve_type(&cx, ty),
            None => Ty::unknown(self.broken(at, &tree, syntax::Tree::ROOT)),
        };
        self.param_types.insert(id, Progress::Done(ty.clone()));
        ty
    }

    pub(crate) fn finish_param(&mut self, id: ParamId) {
        let ty = self.param_type(id);
        let (name, at) = self.param_items[id.0 as usize];
        let mut cx = self.cx(at, Context::Module);
        let tree = cx.tree.clone();
        let default = tree.child(syntax::Tree::ROOT, Node::Param).and_then(|node| tree.children(node).nth(2));
        let place = self.name_place(at, name).unwrap_or_else(|| self.place(at, &tree, syntax::Tree::ROOT));
        let secret = self.is_secret_param(&ty, place);
        if secret {
            self.tell_same_secret_param(id, name, place);
        }
        let default = match default {
            Some(node) if secret => {
                self.given_secret_param(&mut cx, name.text(), node);
                None
            }
            Some(node) => Some(self.check_expr(&mut cx, node, &ty)),
            None => None,
        };
        while self.out.params.len() <= id.0 as usize {
            self.out.params.push(Param {
                name,
                place,
                default: None,
                optional: true,
                secret: false,
                form: ParamForm::Parts,
            });
        }
        self.out.params[id.0 as usize] =
            Param { name, place, default, optional: ty.optional, secret, form: ParamForm::of(&ty) };
    }
}
