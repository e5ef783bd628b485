//! Environments: the platforms that they list, whom they are like, what they choose and set.

use std::collections::BTreeSet;

use source::{Diagnostic, Name, Place, Told};
use syntax::{Kind as Node, NodeId};

use crate::checked::{Choice, Environment, KindId, ParamId, PlatformId};
use crate::checker::{Checker, Context, Cx, Work};
use crate::code::{Code, CodeKind};
use crate::declare::{ItemAt, TypeName, ValueName};
use crate::members::Wanted;
use crate::types::{Shape, Stage, Ty};

/// How much an environment matters, least first.
pub const TIERS: [&str; 3] = ["test", "preprod", "prod"];

const ENVIRONMENT: Wanted = Wanted {
    place: "in an environment",
    help: "it has `tier`, `on`, `like`, `choose { KIND = PLATFORM }`, `params { NAME = VALUE }` and `state = s3(…)`; instances stand beside it",
    blocks: true,
};
const PARAMS: Wanted =
    Wanted { place: "in `params`", help: "a param is set by its name: `NAME = VALUE`", blocks: false };
const CHOICES: Wanted =
    Wanted { place: "in `choose`", help: "write `KIND = PLATFORM`, such as `secret = aws`", blocks: false };

/// What a platform is listed as.
enum ListedName {
    Known(Name),
    /// In a loop.
    Computed,
    /// An instance is read by its own name.
    Instance,
}

/// `aws` of `acme.aws`.
fn last_word(text: &str) -> Name {
    Name::new(text.rsplit('.').next().unwrap_or(text).trim())
}

impl Checker<'_> {
    fn environment_fields(&self, at: ItemAt) -> Vec<(String, NodeId)> {
        let tree = self.item(at).tree();
        let Some(body) =
            tree.child(syntax::Tree::ROOT, Node::Environment).and_then(|node| tree.child(node, Node::Body))
        else {
            return Vec::new();
        };
        tree.children(body)
            .filter_map(|member| match tree.kind(member) {
                Node::Field | Node::Block => {
                    tree.child(member, Node::FieldPath).map(|path| (tree.text(path).to_owned(), member))
                }
                Node::Deviation => Some(("deviation".to_owned(), member)),
                _ => None,
            })
            .collect()
    }

    /// Which platforms there are, before anything is typed: where an instance may stand decides what can be read of it.
    pub(crate) fn environment_platforms(&mut self) {
        for (_, at) in self.loose.environments.clone() {
            for (name, member) in self.environment_fields(at) {
                if name != "on" {
                    continue;
                }
                let mut cx = self.cx(at, Context::Module);
                let tree = cx.tree.clone();
                let Some(value) = tree.children(member).nth(1).filter(|value| tree.kind(*value) == Node::List) else {
                    continue;
                };
                for element in tree.children(value) {
                    self.listed_platforms(&mut cx, element, None);
                }
            }
        }
        for platform in self.environment_platforms.clone() {
            self.need(Work::Platform(platform));
        }
    }

    /// Which platforms an element of `on` lists, and under which names. `None` as a name: the element says none.
    fn listed_platforms(&mut self, cx: &mut Cx, element: NodeId, label: Option<ListedName>) {
        let tree = cx.tree.clone();
        match tree.kind(element) {
            Node::Field => {
                let (Some(path), Some(value)) = (tree.child(element, Node::FieldPath), tree.children(element).nth(1))
                else {
                    return;
                };
                self.listed_platforms(cx, value, Some(ListedName::Known(Name::new(tree.text(path)))));
            }
            Node::KeyValue => {
                if let Some(value) = tree.children(element).nth(1) {
                    self.listed_platforms(cx, value, Some(ListedName::Computed));
                }
            }
            Node::ForElement => {
                let (mark, narrowed) = (cx.locals.len(), cx.narrowed.len());
                let _ = self.element_loops(cx, element);
                if let Some(inner) = tree.children(element).last() {
                    self.listed_platforms(cx, inner, label);
                }
                cx.unbind(mark);
                cx.narrowed.truncate(narrowed);
            }
            Node::IfElement => {
                if let Some(inner) = tree.children(element).nth(1) {
                    self.listed_platforms(cx, inner, label);
                }
            }
            Node::Spread => {
                let Some(inner) = tree.children(element).next() else { return };
                let wanted = Ty::list(Ty::new(Shape::Platform(None)));
                let (_, ty) = self.infer(cx, inner, Some(&wanted));
                if let Shape::List(of) = &*ty.shape {
                    let of = of.clone();
                    self.list_platform(&of, ListedName::Computed);
                }
            }
            _ => {
                let (code, ty) = self.infer(cx, element, Some(&Ty::new(Shape::Platform(None))));
                let label = label.unwrap_or_else(|| match (&*code.kind, &*ty.shape) {
                    (CodeKind::Let(_), _) => ListedName::Known(last_word(tree.text(element))),
                    (CodeKind::Statement(_), Shape::Instance { .. }) => ListedName::Instance,
                    (_, Shape::Platform(Some(platform))) => {
                        ListedName::Known(last_word(self.platform_items[platform.0 as usize].0.text()))
                    }
                    (_, _) => ListedName::Computed,
                });
                self.list_platform(&ty, label);
            }
        }
    }

    fn list_platform(&mut self, ty: &Ty, label: ListedName) {
        let platform = match &*ty.shape {
            Shape::Platform(platform) => *platform,
            Shape::Instance { kind, .. } => self.kind_info(*kind).platform,
            _ => None,
        };
        if let Some(platform) = platform
            && !self.environment_platforms.contains(&platform)
        {
            self.environment_platforms.push(platform);
        }
        match label {
            ListedName::Known(name) => match self.listed_names.iter_mut().find(|(known, _)| *known == name) {
                // Environments may give one name to different platforms: which is meant is known where it is evaluated.
                Some((_, known)) if *known != platform => *known = None,
                Some(_) => {}
                None => self.listed_names.push((name, platform)),
            },
            ListedName::Computed => self.listed_computed = true,
            ListedName::Instance => {}
        }
    }

    /// The name of a listed platform value where a platform is expected: `on dublin`. Whatever else has the name wins.
    pub(crate) fn listed_platform(&mut self, cx: &mut Cx, node: NodeId) -> Option<(Code, Ty)> {
        let tree = cx.tree.clone();
        if tree.kind(node) != Node::Ident {
            return None;
        }
        let name = Name::new(tree.text(node));
        let place = cx.place(self, node);
        let is_taken = cx.locals.iter().any(|(local, ..)| *local == name)
            || self.own_names(cx).contains(&name)
            || self.lookup_value(cx.at.scope, name).is_some();
        if is_taken {
            return None;
        }
        let platform = match self.listed_names.iter().find(|(known, _)| *known == name) {
            Some((_, platform)) => *platform,
            None if self.listed_computed => None,
            None => return None,
        };
        Some((Code::new(place, CodeKind::Listed(name)), Ty::new(Shape::Platform(platform))))
    }

    /// Tells of a name in a header that nothing has and that is most likely meant to be a listed one: `on dubiln`.
    pub(crate) fn unlisted_name(&mut self, cx: &Cx, node: NodeId) -> Option<Told> {
        let tree = &cx.tree;
        let name = Name::new(tree.text(node));
        let is_known = tree.kind(node) != Node::Ident
            || name.text() == "self"
            || self.listed_names.is_empty()
            || self.lookup_value(cx.at.scope, name).is_some()
            || self.lookup_type(cx.at.scope, name).is_some()
            || self.broken_uses.contains_key(&cx.at.scope)
            || self.broken_names.contains_key(&(cx.at.scope, name))
            || self.stands_elsewhere(name).is_some();
        let visible = self.visible_names(cx);
        if is_known || visible.contains(&name) {
            return None;
        }
        let place = cx.place(self, node);
        let listed: Vec<&str> = self.listed_names.iter().map(|(name, _)| name.text()).collect();
        let names = listed.iter().copied().chain(visible.iter().map(|name| name.text()));
        let told = Diagnostic::error("unknown_name", place, format!("there is no `{name}` here"));
        let told = match source::did_you_mean(name.text(), names) {
            Some(close) => told.help(format!("did you mean `{close}`?")).fix(format!("use `{close}`"), place, close),
            None => told.help(format!("environments list {}", source::list_of(listed))),
        };
        Some(self.told.tell(told))
    }

    pub(crate) fn environments(&mut self) {
        let names: Vec<Name> = self.loose.environments.iter().map(|environment| environment.0).collect();
        // First who is like whom and who chose what, so that `match environment` and platforms are decided the same way everywhere.
        for (name, at) in self.loose.environments.clone() {
            let tree = self.item(at).tree();
            let mut like = None;
            let mut choose = Vec::new();
            for (field, member) in self.environment_fields(at) {
                let Some(value) = tree.children(member).nth(1) else { continue };
                match field.as_str() {
                    "like" => {
                        let text = tree.text(value).to_owned();
                        let place = self.place(at, &tree, value);
                        if names.iter().any(|other| other.text() == text) && text != name.text() {
                            like = Some(Name::new(&text));
                        } else {
                            let names: Vec<&str> =
                                names.iter().map(|name| name.text()).filter(|other| *other != name.text()).collect();
                            self.unknown_name(
                                "unknown_environment",
                                place,
                                &format!("there is no other environment `{text}`"),
                                &text,
                                &names,
                                "there are",
                            );
                        }
                    }
                    "choose" => choose = self.choices(at, value),
                    _ => {}
                }
            }
            let place = self.name_place(at, name).unwrap_or_else(|| self.place(at, &tree, syntax::Tree::ROOT));
            let on = Code::new(place, CodeKind::List(Vec::new()));
            self.out.environments.push(Environment {
                name,
                place,
                tier: name,
                like,
                on,
                choose,
                params: Vec::new(),
                state: None,
            });
        }
        for index in 0..self.out.environments.len() {
            self.like_circle(index);
        }
        for (index, (name, at)) in self.loose.environments.clone().into_iter().enumerate() {
            self.environment(index, name, at);
        }
    }

    fn like_circle(&mut self, index: usize) {
        let start = self.out.environments[index].name;
        let mut seen = vec![start];
        let mut current = self.out.environments[index].like;
        while let Some(name) = current {
            if seen.contains(&name) {
                let place = self.out.environments[index].place;
                if name == start {
                    self.error("circle", place, format!("`{start}` is like itself"), "remove one `like`");
                }
                self.out.environments[index].like = None;
                return;
            }
            seen.push(name);
            current = self
                .out
                .environments
                .iter()
                .find(|environment| environment.name == name)
                .and_then(|environment| environment.like);
        }
    }

    fn choices(&mut self, at: ItemAt, value: NodeId) -> Vec<Choice> {
        let tree = self.item(at).tree();
        let mut choices = Vec::new();
        for member in self.fields_only(at, value, &CHOICES) {
            let (Some(path), Some(chosen)) = (tree.child(member, Node::FieldPath), tree.children(member).nth(1)) else {
                continue;
            };
            let place = self.place(at, &tree, path);
            let kind = match self.lookup_type_text(at.scope, tree.text(path)) {
                Some(TypeName::Kind(kind)) => kind,
                _ => {
                    self.unknown_type(at.scope, tree.text(path), place, "kind");
                    continue;
                }
            };
            let text = tree.text(chosen).to_owned();
            let (platform_name, implementation) = match text.split_once('.') {
                Some((platform, implementation)) => (platform.to_owned(), Some(Name::new(implementation))),
                None => (text, None),
            };
            let name = Name::new(&platform_name);
            let at_chosen = self.place(at, &tree, chosen);
            // What is listed under a name wins over the platform that is called so.
            let mut listed = self.listed_names.iter().find(|(listed, _)| *listed == name).copied();
            let named = match self.lookup_type_text(at.scope, &platform_name) {
                Some(TypeName::Platform(platform)) => Some(platform),
                _ => None,
            };
            if listed.is_none() && named.is_none() {
                if implementation.is_none() && self.is_implemented_as(kind, None, name) {
                    choices.push(Choice {
                        kind,
                        platform: None,
                        listed: None,
                        implementation: Some(name),
                        place,
                        chosen: at_chosen,
                    });
                    continue;
                }
                if !self.listed_computed {
                    self.unknown_choice(at, &platform_name, at_chosen);
                    continue;
                }
                listed = Some((name, None));
            }
            let platform = listed.map_or(named, |(_, platform)| platform);
            if self.is_chosen_implemented(kind, platform, name, at_chosen)
                && self.is_chosen_named(kind, platform, implementation, at_chosen)
            {
                let listed = listed.map(|(listed, _)| listed);
                choices.push(Choice { kind, platform, listed, implementation, place, chosen: at_chosen });
            }
        }
        choices
    }

    /// Whether a kind is implemented on the platform that is chosen for it; told when it is not.
    fn is_chosen_implemented(
        &mut self,
        kind: KindId,
        platform: Option<PlatformId>,
        chosen: Name,
        place: Place,
    ) -> bool {
        let Some(platform) = platform else { return true };
        let implemented: Vec<_> = self.implementations_for(kind).into_iter().filter_map(|(_, on)| on).collect();
        if implemented.contains(&platform) {
            return true;
        }
        let kind_name = self.kind_name(kind);
        let names = implemented.iter().map(|on| self.platform_items[on.0 as usize].0.text());
        let help = match implemented.is_empty() {
            true => {
                let platform = self.platform_items[platform.0 as usize].0;
                format!("write `implement {kind_name} on {platform} {{ … }}`, or leave the choice out")
            }
            false => format!("it is implemented on {}", source::list_of(names)),
        };
        self.error("no_implementation", place, format!("nothing implements `{kind_name}` on `{chosen}`"), help);
        false
    }

    /// Tells that nothing is listed under a name that is chosen, and no platform is called so.
    fn unknown_choice(&mut self, at: ItemAt, chosen: &str, place: Place) {
        if self.broken_uses.contains_key(&at.scope) || self.broken_names.contains_key(&(at.scope, Name::new(chosen))) {
            self.unknown_type(at.scope, chosen, place, "platform");
            return;
        }
        let platforms = self.visible_types(at.scope);
        let is_platform = |name: &Name| matches!(self.lookup_type(at.scope, *name), Some(TypeName::Platform(_)));
        let mut names: Vec<Name> = platforms.into_iter().filter(is_platform).collect();
        names.extend(self.listed_names.iter().map(|(name, _)| *name));
        let names: BTreeSet<&str> = names.iter().map(|name| name.text()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let message = format!("there is no platform `{chosen}`");
        self.unknown_name("unknown_platform", place, &message, chosen, &names, "there are");
    }

    fn environment(&mut self, index: usize, name: Name, at: ItemAt) {
        let mut cx = self.cx(at, Context::Module);
        let tree = cx.tree.clone();
        if let Some(body) =
            tree.child(syntax::Tree::ROOT, Node::Environment).and_then(|node| tree.child(node, Node::Body))
        {
            self.fields_only(at, body, &ENVIRONMENT);
        }
        let place = self.out.environments[index].place;
        let mut has_on = false;
        let mut has_tier = false;
        let mut misnamed = !tree.errors.is_empty();
        for (field, member) in self.environment_fields(at) {
            let at_field = cx.place(self, tree.child(member, Node::FieldPath).unwrap_or(member));
            let Some(value) = tree.children(member).nth(1) else { continue };
            match field.as_str() {
                "tier" => {
                    has_tier = true;
                    let text = tree.text(value).trim_matches('"').to_owned();
                    let value_place = cx.place(self, value);
                    if TIERS.contains(&text.as_str()) {
                        self.out.environments[index].tier = Name::new(&text);
                    } else {
                        self.unknown_name(
                            "type_mismatch",
                            value_place,
                            &format!("there is no tier `{text}`"),
                            &text,
                            &TIERS,
                            "tiers are",
                        );
                    }
                }
                "on" => {
                    has_on = true;
                    if tree.kind(value) != Node::List {
                        let value_place = cx.place(self, value);
                        self.error(
                            "type_mismatch",
                            value_place,
                            "`on` is a list of platforms",
                            "put it in brackets: `on = [aws(region = \"eu-west-3\")]`",
                        );
                        continue;
                    }
                    let wanted = Ty::list(Ty::new(Shape::Platform(None)));
                    self.out.environments[index].on = self.list(&mut cx, value, Some(&wanted)).0;
                }
                "params" => {
                    let params = self.environment_params(&mut cx, value);
                    self.out.environments[index].params = params;
                }
                "like" | "choose" => {}
                "state" => self.out.environments[index].state = self.state(&mut cx, value),
                "deviation" => {
                    self.error("not_supported", at_field, "`deviation` is not supported yet", "remove it");
                }
                _ if self.param_items.iter().any(|param| param.0.text() == field) => {
                    self.error(
                        "unknown_field",
                        at_field,
                        format!("an environment has no field `{field}`"),
                        format!("a param is set in `params`: `params {{ {field} = … }}`"),
                    );
                    misnamed = true;
                }
                _ => {
                    self.unknown_name(
                        "unknown_field",
                        at_field,
                        &format!("an environment has no field `{field}`"),
                        &field,
                        &["tier", "on", "like", "choose", "params", "state"],
                        "it has",
                    );
                    misnamed = true;
                }
            }
        }
        if !has_on && !misnamed {
            self.error(
                "missing_field",
                place,
                format!("the environment `{name}` lacks `on`"),
                "say where it runs: `on = [aws(region = \"eu-west-3\")]`",
            );
        }
        if !has_tier && !misnamed {
            self.error(
                "missing_field",
                place,
                format!("the environment `{name}` lacks `tier`"),
                "add `tier = test`, `tier = preprod` or `tier = prod`",
            );
        }
    }

    fn environment_params(&mut self, cx: &mut Cx, body: NodeId) -> Vec<(ParamId, Code)> {
        let tree = cx.tree.clone();
        let mut params = Vec::new();
        for member in self.fields_only(cx.at, body, &PARAMS) {
            let (Some(path), Some(value)) = (tree.child(member, Node::FieldPath), tree.children(member).nth(1)) else {
                continue;
            };
            let name = Name::new(tree.text(path));
            match self.param_named(cx.at.scope, name) {
                Some(id) => {
                    let ty = self.param_type(id);
                    if ty.deep_stage() == Stage::Secret {
                        self.given_secret_param(cx, name.text(), value);
                        continue;
                    }
                    let code = self.check_expr(cx, value, &ty);
                    params.push((id, code));
                }
                None => {
                    let place = cx.place(self, path);
                    let names: Vec<Name> = self.param_items.iter().map(|param| param.0).collect();
                    let names: Vec<&str> = names.iter().map(|name| name.text()).collect();
                    self.unknown_name(
                        "unknown_param",
                        place,
                        &format!("there is no param `{name}`"),
                        name.text(),
                        &names,
                        "the params are",
                    );
                }
            }
        }
        params
    }

    /// A param by its name, wherever the project declares it; `data.size` says in which folder.
    fn param_named(&mut self, scope: crate::declare::ModuleId, name: Name) -> Option<ParamId> {
        let found = match name.text().rsplit_once('.') {
            Some((module, name)) => {
                let module = self.lookup_module(scope, module)?;
                self.value_in(module, Name::new(name))
            }
            None => self.lookup_value(scope, name),
        };
        match found {
            Some(ValueName::Param(id)) => Some(id),
            Some(_) => None,
            None => match self
                .param_items
                .iter()
                .enumerate()
                .filter(|(_, param)| param.0 == name)
                .map(|(index, _)| index)
                .collect::<Vec<_>>()
                .as_slice()
            {
                [only] => Some(ParamId(*only as u32)),
                _ => None,
            },
        }
    }
}
