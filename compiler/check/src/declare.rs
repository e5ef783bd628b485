//! Names of a program: every item is declared from its head, before anything is parsed, so that order never matters and a
//! library costs what is used of it.

use rustc_hash::FxHashMap;
use source::{Diagnostic, ItemId, Name, Place};

use crate::checked::{FunctionId, ImplementationId, KindId, LetId, ParamId, PlatformId, StatementId};
use crate::checker::Checker;
use crate::input::{Input, SourceItem};

/// Index of a module over all packages.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ModuleId(pub usize);

/// Where an item stands in the input.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ItemAt {
    pub package: usize,
    pub module: usize,
    pub item: usize,
    pub scope: ModuleId,
}

/// Every item with where it stands, in the order in which modules are declared.
pub(crate) fn items_of(input: &Input) -> impl Iterator<Item = (ItemAt, &SourceItem)> {
    let modules = input.packages.iter().enumerate().flat_map(|(package, all)| {
        all.modules.iter().enumerate().map(move |(module, within)| (package, module, within))
    });
    modules.enumerate().flat_map(|(scope, (package, module, within))| {
        let at = move |item| ItemAt { package, module, item, scope: ModuleId(scope) };
        within.items.iter().enumerate().map(move |(item, source)| (at(item), source))
    })
}

/// What a name of the namespace of types means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TypeName {
    Kind(KindId),
    Platform(PlatformId),
    /// Index into `Checker::type_items`.
    Type(usize),
}

/// What a name of the namespace of values means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ValueName {
    Let(LetId),
    Param(ParamId),
    Function(FunctionId),
    Statement(StatementId),
    Environment(Name),
    Module(ModuleId),
}

/// The names of a module.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pub package: usize,
    pub path: Vec<Name>,
    pub types: FxHashMap<Name, TypeName>,
    pub values: FxHashMap<Name, ValueName>,
    /// Where each name was declared first, for "declared twice".
    pub declared: FxHashMap<(bool, Name), Place>,
    pub uses: Vec<ItemAt>,
    /// Names that other modules do not see: (is a type, name).
    pub private: rustc_hash::FxHashSet<(bool, Name)>,
}

impl Names {
    /// `data.archive`; empty for the project's own folder.
    pub fn dotted(&self) -> String {
        self.path.iter().map(|name| name.text()).collect::<Vec<_>>().join(".")
    }
}

/// Items of the project that are not names.
#[derive(Clone, Debug, Default)]
pub struct Loose {
    pub projects: Vec<ItemAt>,
    pub environments: Vec<(Name, ItemAt)>,
    pub adjusts: Vec<ItemAt>,
    pub outputs: Vec<(Name, ItemAt)>,
    pub unsupported: Vec<(Name, ItemAt)>,
    /// `moved`, `forget`, `adopt`, `destroy`
    pub said: Vec<ItemAt>,
    pub broken: Vec<ItemAt>,
}

/// An implementation's head, read without parsing it.
#[derive(Clone, Debug)]
pub struct ImplementationHead {
    pub at: ItemAt,
    pub kind: Name,
    pub platform: Option<Name>,
}

pub(crate) fn item_place(id: ItemId, len: usize) -> Place {
    Place { item: id, start: 0, len: len as u32 }
}

/// Words that begin a statement of the language; everything else is the name of a kind.
const KEYWORDS: [&str; 18] = [
    "project",
    "package",
    "environment",
    "use",
    "param",
    "let",
    "type",
    "fn",
    "kind",
    "platform",
    "implement",
    "adjust",
    "policy",
    "test",
    "output",
    "moved",
    "forget",
    "adopt",
];

/// Words that read as something else wherever a value is named.
const NEVER_NAMES: [&str; 15] =
    ["and", "or", "not", "if", "then", "else", "in", "is", "match", "div", "mod", "true", "false", "none", "null"];

/// Statements whose names no folder looks up in another.
const SEEN_BY_ALL: [&str; 9] =
    ["project", "environment", "output", "use", "adjust", "implement", "moved", "forget", "adopt"];

impl Checker<'_> {
    /// Declares everything; tells of names that are declared twice.
    pub(crate) fn declare(&mut self, input: &Input) {
        for (package_index, package) in input.packages.iter().enumerate() {
            for (module_index, module) in package.modules.iter().enumerate() {
                let scope = ModuleId(self.modules.len());
                self.modules.push(Names { package: package_index, path: module.path.clone(), ..Names::default() });
                if package.name == "std" && module.path.is_empty() {
                    self.std_module = Some(scope);
                }
                for (item_index, item) in module.items.iter().enumerate() {
                    let at = ItemAt { package: package_index, module: module_index, item: item_index, scope };
                    self.declare_item(at, &item.words, item_place(item.id, item.text.len()));
                }
            }
        }
        self.link_implementations();
    }

    fn declare_item(&mut self, at: ItemAt, words: &[Name], place: Place) {
        let mut words = words;
        if words.first().is_some_and(|word| word.text() == "private") {
            words = words.get(1..).unwrap_or_default();
            if let Some(of_nobody) = words.first().filter(|word| SEEN_BY_ALL.contains(&word.text())) {
                self.error(
                    "misplaced",
                    place,
                    format!("`private` says nothing before `{of_nobody}`"),
                    "remove it: what can be private has a name that other folders could read",
                );
            }
            let is_type = words.first().is_some_and(|word| matches!(word.text(), "kind" | "type" | "platform"));
            let name =
                if words.first().is_some_and(|word| word.text() == "read") { words.get(2) } else { words.get(1) };
            if let Some(name) = name {
                self.names_mut(at.scope).private.insert((is_type, *name));
            }
        }
        let first = words.first().map_or("", |word| word.text());
        let second = words.get(1).copied();
        let name = second.unwrap_or_else(|| Name::new(""));
        let named = second.is_some();
        match first {
            "project" => self.loose.projects.push(at),
            "use" => self.names_mut(at.scope).uses.push(at),
            "environment" if named && self.environment_elsewhere(at, name, place) => {}
            "environment" if named => {
                self.loose.environments.push((name, at));
                self.declare_value(at, name, ValueName::Environment(name), place);
            }
            "param" if named => {
                let id = ParamId(self.param_items.len() as u32);
                self.param_items.push((name, at));
                self.declare_value(at, name, ValueName::Param(id), place);
            }
            "let" if named => {
                let id = LetId(self.let_items.len() as u32);
                self.let_items.push(crate::checker::LetItem { name, at, node: None, implementation: None });
                self.declare_value(at, name, ValueName::Let(id), place);
            }
            "fn" if named => {
                let id = FunctionId(self.function_items.len() as u32);
                self.function_items.push((name, at));
                if let Some(form) = self.annotation_head(at, "@lower(") {
                    self.lowerings.push((form, id));
                }
                if let Some((of, facts)) = self.annotation_head(at, "@native(") {
                    self.native_facts.push(crate::checked::NativeFacts { facts, of, function: id });
                }
                self.declare_value(at, name, ValueName::Function(id), place);
            }
            "type" if named => {
                let index = self.type_items.len();
                self.type_items.push((name, at));
                self.declare_type(at, name, TypeName::Type(index), place);
            }
            "kind" if named => {
                let id = KindId(self.kind_items.len() as u32);
                self.kind_items.push((name, at));
                self.declare_type(at, name, TypeName::Kind(id), place);
            }
            "platform" if named => {
                let id = PlatformId(self.platform_items.len() as u32);
                self.platform_items.push((name, at));
                self.declare_type(at, name, TypeName::Platform(id), place);
            }
            "implement" if named => {
                let platform =
                    words.iter().position(|word| word.text() == "on").and_then(|at| words.get(at + 1)).copied();
                self.implementation_heads.push(ImplementationHead { at, kind: name, platform });
            }
            "adjust" => self.loose.adjusts.push(at),
            "output" if named => self.loose.outputs.push((name, at)),
            "policy" | "test" | "package" => self.loose.unsupported.push((Name::new(first), at)),
            "moved" | "forget" | "adopt" => self.loose.said.push(at),
            // A kind of the project may have this name.
            "destroy" if name.text().starts_with('"') => self.loose.said.push(at),
            _ => {
                let name = if first == "read" { words.get(2).copied() } else { second };
                match name {
                    Some(name) if !KEYWORDS.contains(&first) => {
                        let id = self.add_statement(at, None, name, crate::checked::Scope::Module);
                        self.declare_value(at, name, ValueName::Statement(id), place);
                    }
                    _ => self.loose.broken.push(at),
                }
            }
        }
    }

    /// `@lower("kubernetes", "quantity")` before a function is found in the text of its item: only its head is parsed here.
    fn annotation_head(&self, at: ItemAt, annotation: &str) -> Option<(Name, Name)> {
        let text = &self.item(at).text;
        let start = text.find(annotation)?;
        if text.find("fn ").is_some_and(|function| function < start) {
            return None;
        }
        let args = text.get(start + annotation.len()..)?;
        let args = args.get(..args.find(')')?)?;
        let mut parts = args.split(',').map(|part| part.trim().trim_matches('"'));
        Some((Name::new(parts.next()?), Name::new(parts.next()?)))
    }

    /// Tells an environment that another folder declares as well: they are those of the whole project.
    fn environment_elsewhere(&mut self, at: ItemAt, name: Name, place: Place) -> bool {
        let Some(before) = self
            .loose
            .environments
            .iter()
            .find(|known| match known.0 == name {
                true => known.1.scope != at.scope,
                false => known.0.text().eq_ignore_ascii_case(name.text()),
            })
            .copied()
        else {
            return false;
        };
        let (known, before) = before;
        let place = self.name_place(at, name).unwrap_or(place);
        let (message, help) = match known == name {
            true => {
                let help = "environments are those of the whole project: declare each once";
                (format!("`{name}` is declared twice"), help)
            }
            false => {
                let help = "their files would have one place on disks that fold case: give one of them another name";
                (format!("the environments `{known}` and `{name}` differ in case alone"), help)
            }
        };
        let mut diagnostic = Diagnostic::error("declared_twice", place, message).help(help);
        if let Some(first) = self.name_place(before, known) {
            diagnostic = diagnostic.also(first, "declared first here");
        }
        self.told.tell(diagnostic);
        true
    }

    fn names_mut(&mut self, scope: ModuleId) -> &mut Names {
        &mut self.modules[scope.0]
    }

    fn declare_value(&mut self, at: ItemAt, name: Name, value: ValueName, place: Place) {
        if NEVER_NAMES.contains(&name.text()) {
            let place = self.name_place(at, name).unwrap_or(place);
            self.error(
                "wrong_name",
                place,
                format!("`{name}` is a word of the language, and never the name of a value"),
                "give it another name",
            );
            return;
        }
        if self.declared_twice(at, false, name, place) {
            return;
        }
        self.names_mut(at.scope).values.insert(name, value);
    }

    fn declare_type(&mut self, at: ItemAt, name: Name, ty: TypeName, place: Place) {
        if self.declared_twice(at, true, name, place) {
            return;
        }
        self.names_mut(at.scope).types.insert(name, ty);
    }

    fn declared_twice(&mut self, at: ItemAt, is_type: bool, name: Name, place: Place) -> bool {
        let place = self.name_place(at, name).unwrap_or(place);
        if let Some(&before) = self.modules[at.scope.0].declared.get(&(is_type, name)) {
            self.told.tell(
                Diagnostic::error("declared_twice", place, format!("`{name}` is declared twice"))
                    .label("declared again here")
                    .also(before, "declared first here")
                    .help("give one of the two another name"),
            );
            return true;
        }
        self.names_mut(at.scope).declared.insert((is_type, name), place);
        false
    }

    /// Where an item's name stands, found in its text.
    pub(crate) fn name_place(&self, at: ItemAt, name: Name) -> Option<Place> {
        let item = self.item(at);
        let tree = item.tree.get()?;
        let statement = tree.children(syntax::Tree::ROOT).find(|node| tree.kind(*node) != syntax::Kind::Annotation)?;
        let node = tree
            .children(statement)
            .find(|node| tree.kind(*node) == syntax::Kind::Name && tree.name(*node) == name.text())?;
        let node = tree.node(node);
        Some(Place { item: item.id, start: node.start, len: node.len })
    }

    fn link_implementations(&mut self) {
        for index in 0..self.implementation_heads.len() {
            let head = self.implementation_heads[index].clone();
            let id = ImplementationId(index as u32);
            let kind = self.lookup_type_text(head.at.scope, head.kind.text());
            let platform = head.platform.map(|platform| self.lookup_type_text(head.at.scope, platform.text()));
            let (Some(TypeName::Kind(kind)), platform) = (kind, platform) else {
                self.unlinked.push((id, head.at));
                continue;
            };
            match platform {
                None => self.implementations_of.entry(kind).or_default().push((id, None)),
                Some(Some(TypeName::Platform(platform))) => {
                    self.implementations_of.entry(kind).or_default().push((id, Some(platform)))
                }
                Some(_) => self.unlinked.push((id, head.at)),
            }
        }
    }

    /// What a dotted name of the namespace of types means, seen from a module.
    pub(crate) fn lookup_type_text(&mut self, scope: ModuleId, path: &str) -> Option<TypeName> {
        match path.rsplit_once('.') {
            None => self.lookup_type(scope, Name::new(path)),
            Some((module, name)) => {
                let module = self.lookup_module(scope, module)?;
                self.type_in(module, Name::new(name))
            }
        }
    }

    /// A name of the namespace of types: the module, what it uses, std.
    pub(crate) fn lookup_type(&mut self, scope: ModuleId, name: Name) -> Option<TypeName> {
        let used = self.used_modules(scope);
        if let Some(found) = self.modules[scope.0].types.get(&name) {
            return Some(*found);
        }
        let found: Vec<(ModuleId, TypeName)> =
            used.into_iter().filter_map(|module| Some((module, self.type_in(module, name)?))).collect();
        if let Some((_, first)) = found.first() {
            self.tell_ambiguous(scope, name, &found);
            return Some(*first);
        }
        self.type_in(self.std_module?, name)
    }

    /// A type of another module, unless it is private there.
    pub(crate) fn type_in(&self, module: ModuleId, name: Name) -> Option<TypeName> {
        let names = &self.modules[module.0];
        names.types.get(&name).copied().filter(|_| !names.private.contains(&(true, name)))
    }

    /// A value of another module, unless it is private there.
    pub(crate) fn value_in(&self, module: ModuleId, name: Name) -> Option<ValueName> {
        let names = &self.modules[module.0];
        names.values.get(&name).copied().filter(|_| !names.private.contains(&(false, name)))
    }

    /// A name of the namespace of values: the module, what it uses, std.
    pub(crate) fn lookup_value(&mut self, scope: ModuleId, name: Name) -> Option<ValueName> {
        let used = self.used_modules(scope);
        if let Some(found) = self.modules[scope.0].values.get(&name) {
            return Some(*found);
        }
        let found: Vec<(ModuleId, ValueName)> =
            used.into_iter().filter_map(|module| Some((module, self.value_in(module, name)?))).collect();
        if let Some((_, first)) = found.first() {
            self.tell_ambiguous(scope, name, &found);
            return Some(*first);
        }
        if let Some(module) = self.lookup_module(scope, name.text()) {
            return Some(ValueName::Module(module));
        }
        // Environments are those of the whole project.
        if self.loose.environments.iter().any(|environment| environment.0 == name) {
            return Some(ValueName::Environment(name));
        }
        self.value_in(self.std_module?, name)
    }

    /// A name that two modules bring in and that mean different things, told once at the second `use`.
    fn tell_ambiguous<T: PartialEq>(&mut self, scope: ModuleId, name: Name, found: &[(ModuleId, T)]) {
        let Some((first, meaning)) = found.first() else { return };
        let Some((second, _)) = found.iter().find(|other| other.1 != *meaning) else { return };
        if !self.ambiguous.insert((scope, name)) {
            return;
        }
        for at in self.modules[scope.0].uses.clone() {
            let tree = self.item(at).tree();
            let Some(path) =
                tree.child(syntax::Tree::ROOT, syntax::Kind::Use).and_then(|node| tree.child(node, syntax::Kind::Path))
            else {
                continue;
            };
            if self.lookup_module(scope, tree.text(path)) == Some(*second) {
                let place = self.place(at, &tree, path);
                let path_of = |module: &ModuleId| self.modules[module.0].dotted();
                let (first, second) = (path_of(first), path_of(second));
                self.error(
                    "declared_twice",
                    place,
                    format!("`{name}` stands in the modules `{first}` and `{second}`, and both are brought in"),
                    format!("say which: `{first}.{name}` or `{second}.{name}`"),
                );
                return;
            }
        }
    }

    /// Tells a name that is brought in twice.
    fn tell_brought_twice(&mut self, name: Name, place: Place) {
        self.error(
            "declared_twice",
            place,
            format!("`{name}` is brought in or declared twice"),
            format!("give it another name here: `use … as other_{name}`"),
        );
    }

    /// Every name of values that can be seen from a module, for "did you mean".
    pub(crate) fn visible_values(&mut self, scope: ModuleId) -> Vec<Name> {
        let mut names: Vec<Name> = self.modules[scope.0].values.keys().copied().collect();
        for module in self.used_modules(scope).into_iter().chain(self.std_module) {
            names.extend(self.values_of(module));
        }
        self.looked_through += names.len();
        names
    }

    /// The values that a module offers.
    pub(crate) fn values_of(&self, module: ModuleId) -> Vec<Name> {
        let names = &self.modules[module.0];
        names.values.keys().copied().filter(|name| !names.private.contains(&(false, *name))).collect()
    }

    fn types_of(&self, module: ModuleId) -> Vec<Name> {
        let names = &self.modules[module.0];
        names.types.keys().copied().filter(|name| !names.private.contains(&(true, *name))).collect()
    }

    /// Every name of types that can be seen from a module.
    pub(crate) fn visible_types(&mut self, scope: ModuleId) -> Vec<Name> {
        let mut names: Vec<Name> = self.modules[scope.0].types.keys().copied().collect();
        for module in self.used_modules(scope).into_iter().chain(self.std_module) {
            names.extend(self.types_of(module));
        }
        self.looked_through += names.len();
        names
    }

    /// Tells a name, bare or behind its module, that exists and is private there.
    pub(crate) fn tell_private(
        &mut self,
        scope: ModuleId,
        is_type: bool,
        text: &str,
        place: Place,
    ) -> Option<source::Told> {
        let (name, modules) = match text.rsplit_once('.') {
            Some((path, name)) => (name, self.lookup_module(scope, path).into_iter().collect()),
            None => {
                let mut modules = self.used_modules(scope);
                modules.extend(self.std_module);
                (text, modules)
            }
        };
        let key = (is_type, Name::new(name));
        let module =
            modules.into_iter().find(|module| *module != scope && self.modules[module.0].private.contains(&key))?;
        let (owner, help) = if Some(module) == self.std_module {
            ("the standard library".to_owned(), "declare one of your own: what the library keeps to itself may change")
        } else {
            (
                format!("the module `{}`", self.modules[module.0].dotted()),
                "remove `private` where it is declared, or use what the module offers",
            )
        };
        Some(self.error("private", place, format!("`{name}` is private to {owner}"), help))
    }

    /// Modules whose names a module brings in with `use`.
    pub(crate) fn used_modules(&mut self, scope: ModuleId) -> Vec<ModuleId> {
        if let Some(found) = self.used.get(&scope) {
            return found.clone();
        }
        // A use that is being resolved sees no uses: a module's names never depend on the order of its uses.
        self.used.insert(scope, Vec::new());
        let mut found = Vec::new();
        let mut aliases = Vec::new();
        for at in self.modules[scope.0].uses.clone() {
            let tree = self.item(at).tree();
            let Some(node) = tree.child(syntax::Tree::ROOT, syntax::Kind::Use) else { continue };
            let Some(path) = tree.child(node, syntax::Kind::Path) else { continue };
            let alias = tree.child(node, syntax::Kind::Name).map(|name| Name::new(&tree.name(name)));
            let text = tree.text(path).to_owned();
            match self.lookup_module(scope, &text) {
                Some(module) => match alias {
                    Some(alias) => aliases.push((alias, module, self.place(at, &tree, path))),
                    None => found.push(module),
                },
                None if self.use_name(scope, &text, alias, self.place(at, &tree, path)) => {}
                None if self.no_such_name(scope, &text, alias, at, &tree, path) => {}
                None => {
                    let place = self.place(at, &tree, path);
                    let modules: Vec<String> = self.modules.iter().map(Names::dotted).collect();
                    let mut diagnostic =
                        Diagnostic::error("unknown_module", place, format!("there is no module `{text}`"));
                    let modules: Vec<&str> =
                        modules.iter().map(String::as_str).filter(|module| !module.is_empty()).collect();
                    let first = text.split('.').next().unwrap_or(&text);
                    let bare = text.trim_matches('"').trim_start_matches("./").trim_end_matches('/').replace('/', ".");
                    match source::did_you_mean(&bare, modules.iter().copied())
                        .or_else(|| source::did_you_mean(first, modules.iter().copied()))
                    {
                        Some(close) => diagnostic = diagnostic.help(format!("did you mean `{close}`?")),
                        None if !modules.is_empty() => {
                            diagnostic = diagnostic.help(format!("the modules are {}", source::list_of(modules)))
                        }
                        None => {}
                    }
                    let told = self.told.tell(
                        diagnostic.help("a module is a folder of the project: `use network` reads `network/*.infra`"),
                    );
                    // What it was meant to bring is not told again at each use.
                    if alias.is_none() {
                        self.broken_uses.insert(scope, told);
                    }
                    let name = text.rsplit('.').next().unwrap_or(&text);
                    self.broken_names.insert((scope, alias.unwrap_or_else(|| Name::new(name))), told);
                }
            }
        }
        for (alias, module, place) in aliases {
            if *self.modules[scope.0].values.entry(alias).or_insert(ValueName::Module(module))
                != ValueName::Module(module)
            {
                self.tell_brought_twice(alias, place);
            }
        }
        self.used.insert(scope, found.clone());
        found
    }

    /// `use data.orders`: one name of a module. False when there is no such module or no such name in it.
    fn use_name(&mut self, scope: ModuleId, path: &str, alias: Option<Name>, place: Place) -> bool {
        let Some((module, name)) = path.rsplit_once('.') else { return false };
        let Some(module) = self.lookup_module(scope, module) else { return false };
        let name = Name::new(name);
        let (value, ty) = (self.value_in(module, name), self.type_in(module, name));
        let shown = alias.unwrap_or(name);
        let mut twice = false;
        if let Some(value) = value {
            twice |= *self.modules[scope.0].values.entry(shown).or_insert(value) != value;
        }
        if let Some(ty) = ty {
            twice |= *self.modules[scope.0].types.entry(shown).or_insert(ty) != ty;
        }
        if twice {
            self.tell_brought_twice(shown, place);
        }
        value.is_some() || ty.is_some()
    }

    /// Tells that a module has no such name; false when there is no such module either.
    fn no_such_name(
        &mut self,
        scope: ModuleId,
        path: &str,
        alias: Option<Name>,
        at: ItemAt,
        tree: &syntax::Tree,
        node: syntax::NodeId,
    ) -> bool {
        let Some((module_path, name)) = path.rsplit_once('.') else { return false };
        let Some(module) = self.lookup_module(scope, module_path) else { return false };
        let whole = self.place(at, tree, node);
        // Only the last name of the path is wrong: `use data.order`
        //                                                   ^^^^^
        let behind = whole.len.saturating_sub(name.len() as u32);
        let place = Place { start: whole.start + behind, len: whole.len - behind, ..whole };
        let hidden = match self.tell_private(scope, false, path, place) {
            Some(told) => Some(told),
            None => self.tell_private(scope, true, path, place),
        };
        if let Some(told) = hidden {
            self.broken_names.insert((scope, alias.unwrap_or_else(|| Name::new(name))), told);
            return true;
        }
        let all = [self.values_of(module), self.types_of(module)].concat();
        let all: Vec<&str> = all.iter().map(|name| name.text()).collect();
        let told = self.unknown_name(
            "unknown_name",
            place,
            &format!("the module `{module_path}` has no `{name}`"),
            name,
            &all,
            "it has",
        );
        self.broken_names.insert((scope, alias.unwrap_or_else(|| Name::new(name))), told);
        true
    }

    /// A module by its dotted path, from the root of the project; `std` is the standard library.
    pub(crate) fn lookup_module(&mut self, scope: ModuleId, path: &str) -> Option<ModuleId> {
        if path == "std" {
            return self.std_module;
        }
        if let Some(ValueName::Module(module)) = self.modules[scope.0].values.get(&Name::new(path)) {
            return Some(*module);
        }
        let package = self.modules[scope.0].package;
        self.modules
            .iter()
            .position(|names| {
                let same = names.path.iter().map(|name| name.text()).eq(path.split('.'));
                names.package == package && same
            })
            .map(ModuleId)
    }
}
