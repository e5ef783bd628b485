//! The project as a whole: environments first, because they say which platforms there are, then everything it declares.

use rustc_hash::FxHashMap;
use source::{Diagnostic, Name, Place, Stop, Stopped};
use syntax::Kind as Node;

use crate::broken_lines::quiet_beside_syntax;
use crate::checked::{
    Checked, FunctionId, Implementation, ImplementationId, Kind, KindId, LetId, Output, ParamId, Platform, PlatformId,
    Project, StatementId,
};
use crate::checker::{Checker, Context, Work};
use crate::declare::TypeName;
use crate::input::{Input, SourceItem};
use crate::members::Wanted;
use crate::statements::Resolved;
use crate::types::Stage;

const PROJECT: Wanted =
    Wanted { place: "in a project", help: "it has `edition = 1`; all else stands beside it", blocks: true };

/// Checks a program. What comes out is fit for eval only when no error was told.
pub fn check(input: &Input) -> (Checked, Vec<Diagnostic>) {
    // Nobody holds another copy of this token, so there is always an answer.
    check_until(input, &Stop::default()).unwrap_or_default()
}

/// The same for as long as the answer is wanted.
///
/// # Errors
/// When it is not wanted any more.
pub fn check_until<'a>(input: &'a Input, stop: &Stop) -> Result<(Checked, Vec<Diagnostic>), Stopped> {
    let mut checker = Checker::new(input, stop.clone());
    checker.parse_project();
    let syntax = checker.told.list().len();
    checker.declare(input);
    let phases: [fn(&mut Checker<'a>); 17] = [
        Checker::prepare,
        Checker::project_item,
        Checker::environment_platforms,
        Checker::environments,
        Checker::everything,
        Checker::work,
        Checker::adjusts,
        Checker::said,
        Checker::work,
        Checker::annotations_in_place,
        Checker::rivals,
        Checker::library_functions,
        Checker::circles_of_kinds,
        Checker::unused_library_errors,
        Checker::unused,
        Checker::repeated_flows,
        Checker::all_warnings,
    ];
    for phase in phases {
        stop.look()?;
        phase(&mut checker);
    }
    stop.look()?;
    checker.out.schemas = input.schemas.iter().map(|named| named.schema.clone()).collect();
    let told = quiet_beside_syntax(input, checker.told.into_list(), syntax);
    Ok((checker.out, told))
}

impl Checker<'_> {
    /// Parses what the user wrote and tells what is wrong with its shape.
    fn parse_project(&mut self) {
        for package in self.input.packages.iter().filter(|package| package.name.is_empty()) {
            let items = package.modules.iter().flat_map(|module| &module.items);
            for told in unreadable(items) {
                self.told.tell(told);
            }
        }
    }

    fn all_warnings(&mut self) {
        self.out.warning_codes = self.all_warning_codes();
    }

    /// Room for everything that eval may look at, with what the heads say.
    fn prepare(&mut self) {
        let nowhere = self
            .input
            .packages
            .iter()
            .flat_map(|package| &package.modules)
            .flat_map(|module| &module.items)
            .next()
            .map(|item| Place { item: item.id, start: 0, len: 0 });
        let Some(nowhere) = nowhere else { return };
        for index in 0..self.kind_items.len() {
            let (name, _) = self.kind_items[index];
            let id = KindId(index as u32);
            self.out.kinds.push(Kind {
                name,
                full_name: name,
                place: nowhere,
                ancestors: vec![id],
                platform: None,
                inputs: Vec::new(),
                outs: Vec::new(),
                checks: Vec::new(),
            });
        }
        for index in 0..self.platform_items.len() {
            self.out.platforms.push(Platform {
                name: self.platform_name(PlatformId(index as u32)),
                place: nowhere,
                inputs: Vec::new(),
                providers: Vec::new(),
                statements: Vec::new(),
                outs: Vec::new(),
            });
        }
        for index in 0..self.implementation_heads.len() {
            let id = ImplementationId(index as u32);
            let linked = self
                .implementations_of
                .iter()
                .find_map(|(kind, list)| list.iter().find(|entry| entry.0 == id).map(|entry| (*kind, entry.1)));
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
                moved: Vec::new(),
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
                let mut diagnostic = Diagnostic::error("declared_twice", place, "a program has one `project`")
                    .label("declared again here")
                    .help("remove one of the two");
                if let Some(first) = &self.out.project {
                    diagnostic = diagnostic.also(first.place, "declared first here");
                }
                self.told.tell(diagnostic);
                continue;
            }
            self.out.project = Some(Project { name: Name::new(&tree.name(name)), place });
            let Some(body) = tree.child(node, Node::Body) else { continue };
            for member in self.fields_only(*at, body, &PROJECT) {
                let Some(name_node) = tree.child(member, Node::FieldPath) else { continue };
                let text = tree.text(name_node).to_owned();
                let place = self.place(*at, &tree, name_node);
                match text.as_str() {
                    "edition" => {
                        if tree.children(member).nth(1).is_some_and(|value| tree.text(value) != "1") {
                            self.error("unknown_edition", place, "there is only edition 1", "write `edition = 1`");
                        }
                    }
                    "providers" | "crds" | "packages" | "enforce" => {
                        self.error(
                            "not_supported",
                            place,
                            format!("`{text}` of a project is not supported yet"),
                            "remove it; provider versions are those of the packed schemas",
                        );
                    }
                    _ => {
                        self.unknown_name(
                            "unknown_field",
                            place,
                            &format!("a project has no field `{text}`"),
                            &text,
                            &["edition"],
                            "it has",
                        );
                    }
                }
            }
        }
        let has_instances = !self.statements.is_empty();
        if projects.is_empty() && has_instances {
            self.told.tell(
                Diagnostic::placeless("no_project", "the program has no `project`")
                    .help("add `project NAME { edition = 1 }` to one of its files"),
            );
        }
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
                self.error(
                    "syntax",
                    place,
                    "this is no statement",
                    "a statement is `KIND NAME { … }`, `let`, `param`, `fn`, `kind`, `implement`, `environment` …",
                );
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
                && let Some(path) = tree.child(node, Node::OnPlatform).and_then(|on| tree.child(on, Node::Path))
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
            if self.is_project(self.implementation_heads[index].at)
                && !self.unlinked.iter().any(|unlinked| unlinked.0 == id)
            {
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
        self.out.native_facts = self.native_facts.clone();
        for index in 0..self.native_facts.len() {
            self.need(Work::Function(self.native_facts[index].function));
        }
        for index in 0..self.statements.len() {
            if self.is_project(self.statements[index].at) {
                self.need(Work::Statement(StatementId(index as u32)));
            }
        }
        for scope in 0..self.modules.len() {
            let _ = self.used_modules(crate::declare::ModuleId(scope));
        }
        let mut outputs: FxHashMap<Name, Place> = FxHashMap::default();
        for (name, at) in self.loose.outputs.clone() {
            let place = self.name_place(at, name);
            if let (Some(place), Some(first)) = (place, outputs.get(&name)) {
                let diagnostic =
                    Diagnostic::error("declared_twice", place, format!("the output `{name}` is declared twice"))
                        .label("declared again here");
                self.told.tell(diagnostic.also(*first, "declared first here").help("give one of the two another name"));
                continue;
            }
            outputs.extend(place.map(|place| (name, place)));
            let mut cx = self.cx(at, Context::Module);
            let tree = cx.tree.clone();
            let Some(value) = tree.child(syntax::Tree::ROOT, Node::Output).and_then(|node| tree.children(node).nth(1))
            else {
                continue;
            };
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
                    // It may be implemented as a kind that it is, and then makes what that one makes.
                    makes.extend(self.implemented_as(made, info.platform).into_iter().map(|of| (made, of, *statement)));
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
                self.error(
                    "circle",
                    place,
                    format!("`{name}` is made of itself: {}", way.join(" → ")),
                    "an implementation makes kinds that do not lead back to its own",
                );
            }
        }
    }

    /// The kinds above a kind whose implementations it gets inside an implementation on this platform (none: on any).
    fn implemented_as(&mut self, kind: KindId, on: Option<PlatformId>) -> Vec<KindId> {
        let ancestors = self.kind_info(kind).ancestors.clone();
        let platforms_of = |me: &Self, kind: KindId| -> Vec<Option<PlatformId>> {
            me.implementations_of.get(&kind).into_iter().flatten().map(|(_, platform)| *platform).collect()
        };
        let wanted: Vec<Option<PlatformId>> = match on {
            Some(_) if ancestors.iter().any(|of| platforms_of(self, *of).contains(&on)) => vec![on],
            Some(_) => vec![None],
            None => ancestors.iter().flat_map(|of| platforms_of(self, *of)).collect(),
        };
        let nearest = |platform| ancestors.iter().copied().find(|of| platforms_of(self, *of).contains(platform));
        let mut found: Vec<KindId> = wanted.iter().filter_map(nearest).filter(|of| *of != kind).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// A library with broken items says so, wherever it was used.
    fn unused_library_errors(&mut self) {
        for package in self.input.packages.iter().filter(|package| !package.name.is_empty()) {
            for item in package.modules.iter().flat_map(|module| &module.items) {
                let Some(tree) = item.tree.get() else { continue };
                for error in &tree.errors {
                    let place = Place { item: item.id, start: error.start, len: error.len };
                    self.told
                        .tell(Diagnostic::error(error.code, place, error.message.clone()).help(error.help.clone()));
                }
            }
        }
    }
}

/// What is wrong with the shape of items, in their order.
pub fn unreadable<'a>(items: impl IntoIterator<Item = &'a SourceItem>) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    let mut before: Option<&SourceItem> = None;
    for item in items {
        let tree = item.tree();
        let is_rest = before.is_some_and(|before| is_rest_of_text(before, item));
        before = Some(item);
        let open = tree.errors.iter().filter(|error| error.code == syntax::errors::TEXT);
        let rests: Vec<_> =
            open.filter_map(|error| syntax::errors::rest_of_text(&item.text, error.start + error.len)).collect();
        let is_code = |error: &&syntax::SyntaxError| {
            error.code == syntax::errors::TEXT || !rests.iter().any(|rest| rest.contains(&error.start))
        };
        for error in tree.errors.iter().filter(|_| !is_rest).filter(is_code) {
            let place = Place { item: item.id, start: error.start, len: error.len };
            let told = Diagnostic::error(error.code, place, error.message.clone()).help(error.help.clone());
            all.push(match error.instead {
                Some(instead) => {
                    let place = Place { len: instead.len, ..place };
                    let title = match instead.text.trim() {
                        "" => "remove it".to_owned(),
                        text => format!("write `{text}`"),
                    };
                    told.safe_fix(title, place, instead.text)
                }
                None => told,
            });
        }
    }
    all
}

/// Whether an item is what follows in a text that has no end in the item before it, up to its quote: that is one mistake.
fn is_rest_of_text(before: &SourceItem, item: &SourceItem) -> bool {
    let has_open_text = |item: &SourceItem| item.tree().errors.iter().any(|error| error.code == syntax::errors::TEXT);
    before.id.file() == item.id.file()
        && has_open_text(before)
        && !has_open_text(item)
        && item.text.matches('"').count() % 2 == 1
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
