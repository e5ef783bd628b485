//! The project as a whole: environments first, because they say which platforms there are, then everything it declares.

use source::{Diagnostic, Name, Place};
use syntax::{Kind as Node, NodeId};

use crate::checked::{
    Adjust, AdjustChange, AdjustKey, AdjustPath, AdjustStep, Checked, Choice, Environment, FunctionId, Implementation, ImplementationId, Kind, KindId, LetId, Output,
    ParamId, Platform, PlatformId, Project, StatementId,
};
use crate::checker::{Checker, Context, Cx, Work};
use crate::code::{Code, CodeKind};
use crate::declare::{ItemAt, TypeName, ValueName};
use crate::input::Input;
use crate::native::Target;
use crate::statements::Resolved;
use crate::types::{Shape, Stage};

/// Checks a program. What comes out is fit for eval only when no error was told.
pub fn check(input: &Input) -> (Checked, Vec<Diagnostic>) {
    let mut checker = Checker::new(input);
    checker.parse_project();
    let syntax = checker.told.list().len();
    checker.declare(input);
    checker.prepare();
    checker.project_item();
    checker.environment_platforms();
    checker.environments();
    checker.everything();
    checker.work();
    checker.adjusts();
    checker.work();
    checker.circles_of_kinds();
    checker.unused_library_errors();
    checker.out.schemas = input.schemas.iter().map(|named| named.schema.clone()).collect();
    let told = quiet_beside_syntax(input, checker.told.into_list(), syntax);
    (checker.out, told)
}

/// A line that cannot be read is told once: what the checker makes of the rest of that line is left out.
fn quiet_beside_syntax(input: &Input, told: Vec<Diagnostic>, syntax: usize) -> Vec<Diagnostic> {
    if syntax == 0 {
        return told;
    }
    let line_of = |item: source::ItemId, at: u32| {
        let text = input.packages.iter().flat_map(|package| &package.modules).flat_map(|module| &module.items).find(|other| other.id == item).map(|item| item.text.clone());
        text.map(|text| (item, text.get(..at as usize).map_or(0, |before| before.matches('\n').count())))
    };
    let mut broken = Vec::new();
    for place in told.iter().take(syntax).filter_map(Diagnostic::place) {
        broken.extend(line_of(place.item, place.start));
        broken.extend(line_of(place.item, place.start + place.len));
    }
    told.into_iter()
        .enumerate()
        .filter(|(index, diagnostic)| {
            let line = diagnostic.place().and_then(|place| line_of(place.item, place.start));
            *index < syntax || line.is_none_or(|line| !broken.contains(&line))
        })
        .map(|(_, diagnostic)| diagnostic)
        .collect()
}

impl Checker<'_> {
    /// Parses what the user wrote and tells what is wrong with its shape.
    fn parse_project(&mut self) {
        for package in self.input.packages.iter().filter(|package| package.name.is_empty()) {
            for item in package.modules.iter().flat_map(|module| &module.items) {
                let tree = item.tree();
                for error in &tree.errors {
                    let place = Place { item: item.id, start: error.start, len: error.len };
                    self.told.tell(Diagnostic::error(error.code, place, error.message.clone()).help(error.help.clone()));
                }
            }
        }
    }

    /// Room for everything that eval may look at, with what the heads say.
    fn prepare(&mut self) {
        let nowhere = self.input.packages.iter().flat_map(|package| &package.modules).flat_map(|module| &module.items).next().map(|item| Place { item: item.id, start: 0, len: 0 });
        let Some(nowhere) = nowhere else { return };
        for index in 0..self.kind_items.len() {
            let (name, _) = self.kind_items[index];
            let id = KindId(index as u32);
            self.out.kinds.push(Kind { name, full_name: name, place: nowhere, ancestors: vec![id], platform: None, inputs: Vec::new(), outs: Vec::new(), checks: Vec::new() });
        }
        for (name, _) in self.platform_items.clone() {
            self.out.platforms.push(Platform { name, place: nowhere, inputs: Vec::new(), providers: Vec::new(), statements: Vec::new(), outs: Vec::new() });
        }
        for index in 0..self.implementation_heads.len() {
            let id = ImplementationId(index as u32);
            let linked = self.implementations_of.iter().find_map(|(kind, list)| list.iter().find(|entry| entry.0 == id).map(|entry| (*kind, entry.1)));
            // An implementation that belongs to nothing that exists is that of no kind.
            let (kind, platform) = linked.unwrap_or((KindId(u32::MAX), None));
            self.out.implementations.push(Implementation {
                kind,
                platform,
                name: None,
                place: nowhere,
                needs: Vec::new(),
                statements: Vec::new(),
                onces: Vec::new(),
                outs: Vec::new(),
                checks: Vec::new(),
                delegate: None,
            });
        }
    }

    fn project_item(&mut self) {
        let projects = self.loose.projects.clone();
        for (index, at) in projects.iter().enumerate() {
            let tree = self.item(*at).tree();
            let Some(node) = tree.child(syntax::Tree::ROOT, Node::Project) else { continue };
            let Some(name) = tree.child(node, Node::Name) else { continue };
            let place = self.place(*at, &tree, name);
            if index > 0 {
                self.error("declared_twice", place, "a program has one `project`", "remove one of the two");
                continue;
            }
            self.out.project = Some(Project { name: Name::new(&tree.name(name)), place });
            let Some(body) = tree.child(node, Node::Body) else { continue };
            for member in tree.children(body) {
                let name_node = match tree.kind(member) {
                    Node::Field | Node::Block => tree.child(member, Node::FieldPath),
                    _ => None,
                };
                let Some(name_node) = name_node else { continue };
                let text = tree.text(name_node).to_owned();
                let place = self.place(*at, &tree, name_node);
                match text.as_str() {
                    "edition" => {
                        if tree.children(member).nth(1).is_some_and(|value| tree.text(value) != "1") {
                            self.error("unknown_edition", place, "there is only edition 1", "write `edition = 1`");
                        }
                    }
                    "providers" | "crds" | "packages" | "enforce" => {
                        self.error("not_supported", place, format!("`{text}` of a project is not supported yet"), "remove it; provider versions are those of the packed schemas");
                    }
                    _ => {
                        self.unknown_name("unknown_field", place, &format!("a project has no field `{text}`"), &text, &["edition"], "it has");
                    }
                }
            }
        }
        let has_instances = !self.statements.is_empty();
        if projects.is_empty() && has_instances {
            self.told.tell(Diagnostic::placeless("no_project", "the program has no `project`").help("add `project NAME { edition = 1 }` to one of its files"));
        }
    }

    fn environment_fields(&self, at: ItemAt) -> Vec<(String, NodeId)> {
        let tree = self.item(at).tree();
        let Some(body) = tree.child(syntax::Tree::ROOT, Node::Environment).and_then(|node| tree.child(node, Node::Body)) else { return Vec::new() };
        tree.children(body)
            .filter_map(|member| match tree.kind(member) {
                Node::Field | Node::Block => tree.child(member, Node::FieldPath).map(|path| (tree.text(path).to_owned(), member)),
                Node::Deviation => Some(("deviation".to_owned(), member)),
                _ => None,
            })
            .collect()
    }

    /// Which platforms there are, before anything is typed: where an instance may stand decides what can be read of it.
    fn environment_platforms(&mut self) {
        for (_, at) in self.loose.environments.clone() {
            for (name, member) in self.environment_fields(at) {
                if name != "on" {
                    continue;
                }
                let mut cx = self.cx(at, Context::Module);
                let tree = cx.tree.clone();
                let Some(value) = tree.children(member).nth(1).filter(|value| tree.kind(*value) == Node::List) else { continue };
                for element in tree.children(value) {
                    let (_, ty) = self.infer(&mut cx, element, None);
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
                }
            }
        }
        for platform in self.environment_platforms.clone() {
            self.need(Work::Platform(platform));
        }
    }

    fn environments(&mut self) {
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
                            let names: Vec<&str> = names.iter().map(|name| name.text()).filter(|other| *other != name.text()).collect();
                            self.unknown_name("unknown_environment", place, &format!("there is no other environment `{text}`"), &text, &names, "there are");
                        }
                    }
                    "choose" => choose = self.choices(at, value),
                    _ => {}
                }
            }
            let place = self.name_place(at, name).unwrap_or_else(|| self.place(at, &tree, syntax::Tree::ROOT));
            let on = Code::new(place, CodeKind::List(Vec::new()));
            self.out.environments.push(Environment { name, place, tier: name, like, on, choose, params: Vec::new() });
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
            current = self.out.environments.iter().find(|environment| environment.name == name).and_then(|environment| environment.like);
        }
    }

    fn choices(&mut self, at: ItemAt, value: NodeId) -> Vec<Choice> {
        let tree = self.item(at).tree();
        let mut choices = Vec::new();
        for member in tree.children(value) {
            if tree.kind(member) != Node::Field {
                continue;
            }
            let (Some(path), Some(chosen)) = (tree.child(member, Node::FieldPath), tree.children(member).nth(1)) else { continue };
            let place = self.place(at, &tree, path);
            let kind = match self.lookup_type_text(at.scope, tree.text(path)) {
                Some(TypeName::Kind(kind)) => kind,
                _ => {
                    self.unknown_type(at.scope, tree.text(path), place, "kind");
                    continue;
                }
            };
            let text = tree.text(chosen).to_owned();
            let (platform, implementation) = match text.split_once('.') {
                Some((platform, implementation)) => (platform.to_owned(), Some(Name::new(implementation))),
                None => (text, None),
            };
            match self.lookup_type_text(at.scope, &platform) {
                Some(TypeName::Platform(platform)) => choices.push(Choice { kind, platform: Some(platform), implementation, place }),
                _ => {
                    let place = self.place(at, &tree, chosen);
                    self.unknown_type(at.scope, &platform, place, "platform");
                }
            }
        }
        choices
    }

    fn environment(&mut self, index: usize, name: Name, at: ItemAt) {
        let mut cx = self.cx(at, Context::Module);
        let tree = cx.tree.clone();
        let place = self.out.environments[index].place;
        let mut has_on = false;
        let mut has_tier = false;
        let mut misnamed = !tree.errors.is_empty();
        for (field, member) in self.environment_fields(at) {
            let at_field = cx.place(self, member);
            let Some(value) = tree.children(member).nth(1) else { continue };
            match field.as_str() {
                "tier" => {
                    has_tier = true;
                    let text = tree.text(value).trim_matches('"').to_owned();
                    let value_place = cx.place(self, value);
                    if ["test", "preprod", "prod"].contains(&text.as_str()) {
                        self.out.environments[index].tier = Name::new(&text);
                    } else {
                        self.unknown_name("type_mismatch", value_place, &format!("there is no tier `{text}`"), &text, &["test", "preprod", "prod"], "tiers are");
                    }
                }
                "on" => {
                    has_on = true;
                    if tree.kind(value) != Node::List {
                        let value_place = cx.place(self, value);
                        self.error("type_mismatch", value_place, "`on` is a list of platforms", "put it in brackets: `on = [aws(region = \"eu-west-3\")]`");
                        continue;
                    }
                    let mut parts = Vec::new();
                    for element in tree.children(value) {
                        if tree.kind(element) == Node::Unclosed {
                            continue;
                        }
                        let code = self.platform_expr(&mut cx, element);
                        parts.push(crate::code::ListPart::Element { code, drop_absent: false });
                    }
                    let on_place = cx.place(self, value);
                    self.out.environments[index].on = Code::new(on_place, CodeKind::List(parts));
                }
                "params" => {
                    let params = self.environment_params(&mut cx, value);
                    self.out.environments[index].params = params;
                }
                "like" | "choose" => {}
                "state" => {
                    self.error("not_supported", at_field, "`state` is not supported yet", "remove it; Terraform keeps its state beside the project, under `.infrac`");
                }
                "deviation" => {
                    self.error("not_supported", at_field, "`deviation` is not supported yet", "remove it");
                }
                _ => {
                    self.unknown_name("unknown_field", at_field, &format!("an environment has no field `{field}`"), &field, &["tier", "on", "like", "choose", "params"], "it has");
                    misnamed = true;
                }
            }
        }
        if !has_on && !misnamed {
            self.error("missing_field", place, format!("the environment `{name}` lacks `on`"), "say where it runs: `on = [aws(region = \"eu-west-3\")]`");
        }
        if !has_tier && !misnamed {
            self.error("missing_field", place, format!("the environment `{name}` lacks `tier`"), "add `tier = test`, `tier = preprod` or `tier = prod`");
        }
    }

    fn environment_params(&mut self, cx: &mut Cx, body: NodeId) -> Vec<(ParamId, Code)> {
        let tree = cx.tree.clone();
        let mut params = Vec::new();
        for member in tree.children(body) {
            if tree.kind(member) != Node::Field {
                continue;
            }
            let (Some(path), Some(value)) = (tree.child(member, Node::FieldPath), tree.children(member).nth(1)) else { continue };
            let name = Name::new(tree.text(path));
            match self.lookup_value(cx.at.scope, name) {
                Some(ValueName::Param(id)) => {
                    let ty = self.param_type(id);
                    let code = self.check_expr(cx, value, &ty);
                    params.push((id, code));
                }
                _ => {
                    let place = cx.place(self, path);
                    let names: Vec<Name> = self.param_items.iter().map(|param| param.0).collect();
                    let names: Vec<&str> = names.iter().map(|name| name.text()).collect();
                    self.unknown_name("unknown_param", place, &format!("there is no param `{name}`"), name.text(), &names, "the params are");
                }
            }
        }
        params
    }

    /// All that the project declares is checked, whether it is used or not.
    fn everything(&mut self) {
        for (word, at) in self.loose.unsupported.clone() {
            if self.is_project(at) {
                let item = self.item(at);
                let place = crate::declare::item_place(item.id, item.text.find('{').unwrap_or(item.text.len()));
                self.error("not_supported", place, format!("`{word}` is not supported yet"), "remove it for now");
            }
        }
        for at in self.loose.broken.clone() {
            let tree = self.item(at).tree();
            if self.is_project(at) && tree.errors.is_empty() {
                let place = self.place(at, &tree, syntax::Tree::ROOT);
                self.error("syntax", place, "this is no statement", "a statement is `KIND NAME { … }`, `let`, `param`, `fn`, `kind`, `implement`, `environment` …");
            }
        }
        for (id, at) in self.unlinked.clone() {
            if !self.is_project(at) {
                continue;
            }
            let head = self.implementation_heads[id.0 as usize].clone();
            let tree = self.item(at).tree();
            let Some(node) = tree.child(syntax::Tree::ROOT, Node::Implement) else { continue };
            if !matches!(self.lookup_type_text(at.scope, head.kind.text()), Some(TypeName::Kind(_)))
                && let Some(path) = tree.child(node, Node::Path)
            {
                let place = self.place(at, &tree, path);
                self.unknown_type(at.scope, head.kind.text(), place, "kind");
            }
            if let Some(platform) = head.platform
                && !matches!(self.lookup_type_text(at.scope, platform.text()), Some(TypeName::Platform(_)))
                && let Some(path) = tree.child(node, Node::OnPlatform)
            {
                let place = self.place(at, &tree, path);
                self.unknown_type(at.scope, platform.text(), place, "platform");
            }
        }
        for index in 0..self.kind_items.len() {
            if self.is_project(self.kind_items[index].1) {
                self.need(Work::Kind(KindId(index as u32)));
            }
        }
        for index in 0..self.platform_items.len() {
            if self.is_project(self.platform_items[index].1) {
                self.need(Work::Platform(PlatformId(index as u32)));
            }
        }
        for index in 0..self.implementation_heads.len() {
            let id = ImplementationId(index as u32);
            if self.is_project(self.implementation_heads[index].at) && !self.unlinked.iter().any(|unlinked| unlinked.0 == id) {
                self.need(Work::Implementation(id));
            }
        }
        for index in 0..self.let_items.len() {
            if self.is_project(self.let_items[index].at) {
                self.need(Work::Let(LetId(index as u32)));
            }
        }
        for index in 0..self.param_items.len() {
            if self.is_project(self.param_items[index].1) {
                self.need(Work::Param(ParamId(index as u32)));
            }
        }
        for index in 0..self.function_items.len() {
            if self.is_project(self.function_items[index].1) {
                self.need(Work::Function(FunctionId(index as u32)));
            }
        }
        for index in 0..self.statements.len() {
            if self.is_project(self.statements[index].at) {
                self.need(Work::Statement(StatementId(index as u32)));
            }
        }
        self.misplaced_annotations();
        for scope in 0..self.modules.len() {
            let _ = self.used_modules(crate::declare::ModuleId(scope));
        }
        for (name, at) in self.loose.outputs.clone() {
            let mut cx = self.cx(at, Context::Module);
            let tree = cx.tree.clone();
            let Some(value) = tree.child(syntax::Tree::ROOT, Node::Output).and_then(|node| tree.children(node).nth(1)) else { continue };
            let (code, ty) = self.infer(&mut cx, value, None);
            let place = self.name_place(at, name).unwrap_or(code.place);
            self.out.outputs.push(Output { name, code, place, secret: ty.deep_stage() == Stage::Secret });
        }
    }

    /// Which kinds an implementation makes must not lead back to its own: that is the whole of "no recursion".
    fn circles_of_kinds(&mut self) {
        let mut makes: Vec<(KindId, KindId, StatementId)> = Vec::new();
        for index in 0..self.implementation_heads.len() {
            let id = ImplementationId(index as u32);
            if !self.queued.contains(&Work::Implementation(id)) {
                continue;
            }
            let info = self.implementation_info(id);
            for (_, statement) in info.children.iter().chain(info.onces.iter().flat_map(|once| &once.children)) {
                if let Resolved::Kind(made) = self.resolve_statement(*statement) {
                    makes.push((info.kind, made, *statement));
                }
            }
        }
        let mut told: Vec<KindId> = Vec::new();
        for (start, first, statement) in makes.clone() {
            if told.contains(&start) {
                continue;
            }
            let mut path = vec![start];
            if leads_to(&makes, first, start, &mut path) {
                told.extend(path.iter().copied());
                let Some((at, tree, node)) = self.statement_node(statement) else { continue };
                let place = self.place(at, &tree, tree.child(node, Node::Path).unwrap_or(node));
                path.push(start);
                let way: Vec<String> = path.iter().map(|kind| format!("`{}`", self.kind_name(*kind))).collect();
                let name = self.kind_name(start);
                self.error("circle", place, format!("`{name}` is made of itself: {}", way.join(" → ")), "an implementation makes kinds that do not lead back to its own");
            }
        }
    }

    /// An annotation that nothing reads is a mistake, not a wish.
    fn misplaced_annotations(&mut self) {
        for item in self.input.packages.iter().filter(|package| package.name.is_empty()).flat_map(|package| &package.modules).flat_map(|module| &module.items) {
            let tree = item.tree();
            let Some(annotation) = tree.child(syntax::Tree::ROOT, Node::Annotation) else { continue };
            if !tree.errors.is_empty() {
                continue;
            }
            let Some(statement) = tree.children(syntax::Tree::ROOT).find(|node| tree.kind(*node) != Node::Annotation) else { continue };
            let name = tree.child(annotation, Node::Name).map(|name| tree.name(name)).unwrap_or_default();
            let fine = match tree.kind(statement) {
                Node::Instance | Node::Implement | Node::Adjust | Node::Bad => true,
                Node::Fn => name == "lower",
                _ => false,
            };
            if !fine {
                let node = tree.node(annotation);
                let place = Place { item: item.id, start: node.start, len: node.len };
                self.error("unknown_annotation", place, format!("`@{name}` has no meaning here"), "annotations stand before instances, implementations and adjustments");
            }
        }
    }

    fn adjusts(&mut self) {
        for at in self.loose.adjusts.clone() {
            let mut cx = self.cx(at, Context::Module);
            let tree = cx.tree.clone();
            let Some(node) = tree.child(syntax::Tree::ROOT, Node::Adjust) else { continue };
            let (Some(address), Some(body)) = (tree.child(node, Node::Address), tree.child(node, Node::Body)) else { continue };
            let mut target = Vec::new();
            for child in tree.children(address) {
                match tree.kind(child) {
                    Node::Name => target.push(AdjustStep { name: Name::new(&tree.name(child)), key: AdjustKey::None }),
                    Node::AddressName => {
                        if let Some(name) = tree.child(child, Node::Name) {
                            target.push(AdjustStep { name: Name::new(&tree.name(name)), key: AdjustKey::None });
                        }
                    }
                    Node::AddressAny => {
                        if let Some(last) = target.last_mut() {
                            last.key = AdjustKey::Any;
                        }
                    }
                    Node::AddressKey => {
                        let key = tree.children(child).next().and_then(|key| if tree.kind(key) == Node::Text { self.plain_text(&cx, key) } else { Some(tree.text(key).to_owned()) });
                        if let (Some(last), Some(key)) = (target.last_mut(), key) {
                            last.key = AdjustKey::Is(Name::new(&key));
                        }
                    }
                    _ => {}
                }
            }
            let place = cx.place(self, address);
            let Some(resolved) = self.adjusted(at, &target, place) else { continue };
            let mut changes = Vec::new();
            for member in tree.children(body) {
                if tree.kind(member) != Node::Field {
                    if !matches!(tree.kind(member), Node::Unclosed | Node::Bad | Node::Hole | Node::Annotation) {
                        let place = cx.place(self, member);
                        self.error("misplaced", place, "an `adjust` sets single paths", "write `a.b.c = value`");
                    }
                    continue;
                }
                let (Some(path), Some(value)) = (tree.child(member, Node::FieldPath), tree.children(member).nth(1)) else { continue };
                let names: Vec<Name> = tree.all(path, Node::Name).map(|name| Name::new(&tree.name(name))).collect();
                let path_place = cx.place(self, path);
                let code = match &resolved {
                    Resolved::Kind(kind) => {
                        let info = self.kind_info(*kind);
                        match names.as_slice() {
                            [name] => match info.input(*name) {
                                Some(input) => self.check_expr(&mut cx, value, &input.ty.clone()),
                                None => {
                                    let fields: Vec<&str> = info.inputs.iter().map(|input| input.name.text()).collect();
                                    self.unknown_name("unknown_field", path_place, &format!("there is no field `{name}` to adjust"), name.text(), &fields, "its fields are");
                                    continue;
                                }
                            },
                            _ => {
                                self.error("not_supported", path_place, "a part of a field of a declared kind cannot be adjusted yet", "set the whole field");
                                continue;
                            }
                        }
                    }
                    Resolved::Native(native, row) => match self.native_path(native.schema, *row, &names, path_place) {
                        Some(field) => self.native_value(&mut cx, value, field, false, native.name.text()).0,
                        None => continue,
                    },
                    Resolved::Unknown(_) => continue,
                };
                changes.push(AdjustChange { path: names.into_iter().map(AdjustPath::Field).collect(), code, place: path_place });
            }
            let annotations = self.annotations_before(&mut cx, node);
            self.out.adjusts.push(Adjust { place, target, changes, annotations });
        }
    }

    fn native_path(&mut self, schema: crate::checked::SchemaId, row: schema::Row, names: &[Name], place: Place) -> Option<Target> {
        let mut row = row;
        let mut found = None;
        for (index, name) in names.iter().enumerate() {
            let of = self.input.schemas[schema.0 as usize].schema.clone();
            let Some(member) = of.member(row, name.text()) else {
                let fields: Vec<String> = of.members(row).map(|member| member.name.to_owned()).collect();
                let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
                self.unknown_name("unknown_field", place, &format!("there is no field `{name}` to adjust"), name.text(), &fields, "the fields are");
                return None;
            };
            if !(member.required || member.optional) {
                self.error("computed_field", place, format!("`{name}` is computed by the provider"), "it can be read, not set");
                return None;
            }
            let target = Target { schema, ty: member.ty, sensitive: member.sensitive || member.write_only };
            if index + 1 == names.len() {
                found = Some(target);
                break;
            }
            match member.ty {
                schema::FieldType::Record(below) => row = below,
                schema::FieldType::Map(of_values) => {
                    let ty = of.ty(of_values);
                    return Some(Target { schema, ty, sensitive: member.sensitive });
                }
                _ => {
                    self.error("not_supported", place, format!("elements of `{name}` cannot be adjusted yet"), "set the whole list");
                    return None;
                }
            }
        }
        found
    }

    /// What stands at an address, as far as the program says it before it is evaluated.
    fn adjusted(&mut self, at: ItemAt, target: &[AdjustStep], place: Place) -> Option<Resolved> {
        let first = target.first()?;
        let mut statement = match self.lookup_value(at.scope, first.name) {
            Some(ValueName::Statement(id)) => id,
            _ => {
                let names: Vec<Name> = self.modules[at.scope.0].values.iter().filter(|(_, value)| matches!(value, ValueName::Statement(_))).map(|(name, _)| *name).collect();
                let names: Vec<&str> = names.iter().map(|name| name.text()).collect();
                self.unknown_name("unknown_address", place, &format!("there is no instance `{}`", first.name), first.name.text(), &names, "there are");
                return None;
            }
        };
        for step in target.iter().skip(1) {
            if step.name.text() == "once" {
                continue;
            }
            let Resolved::Kind(kind) = self.resolve_statement(statement) else {
                self.error("unknown_address", place, format!("a native resource has no child `{}`", step.name), "only instances of declared kinds have children");
                return None;
            };
            let mut children = Vec::new();
            for (implementation, platform) in self.implementations_for(kind) {
                if platform.is_none_or(|platform| self.environment_platforms.contains(&platform)) {
                    let info = self.implementation_info(implementation);
                    children.extend(info.children.iter().chain(info.onces.iter().flat_map(|once| &once.children)).copied());
                }
            }
            match children.iter().find(|child| child.0 == step.name) {
                Some(child) => statement = child.1,
                None => {
                    let names: Vec<&str> = children.iter().map(|child| child.0.text()).collect();
                    self.unknown_name("unknown_address", place, &format!("there is no child `{}`", step.name), step.name.text(), &names, "the children are");
                    return None;
                }
            }
        }
        Some(self.resolve_statement(statement))
    }

    /// A library with broken items says so, wherever it was used.
    fn unused_library_errors(&mut self) {
        for package in self.input.packages.iter().filter(|package| !package.name.is_empty()) {
            for item in package.modules.iter().flat_map(|module| &module.items) {
                let Some(tree) = item.tree.get() else { continue };
                for error in &tree.errors {
                    let place = Place { item: item.id, start: error.start, len: error.len };
                    self.told.tell(Diagnostic::error(error.code, place, error.message.clone()).help(error.help.clone()));
                }
            }
        }
    }
}

/// Whether making a kind leads to making another; the kinds between are added to the path.
fn leads_to(makes: &[(KindId, KindId, StatementId)], from: KindId, to: KindId, path: &mut Vec<KindId>) -> bool {
    if from == to {
        return true;
    }
    if path.contains(&from) {
        return false;
    }
    path.push(from);
    for (_, made, _) in makes.iter().filter(|edge| edge.0 == from) {
        if leads_to(makes, *made, to, path) {
            return true;
        }
    }
    path.pop();
    false
}
