//! The checker's tables and its work list: what the project says is checked whole, what it uses of a library is checked once.

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use source::{Code as ErrorCode, Diagnostic, Diagnostics, Name, Place, Stop, Told};
use syntax::{NodeId, Tree};

use crate::checked::{
    Checked, FunctionId, ImplementationId, KindId, LetId, OnceId, ParamId, PlatformId, Scope, StatementId,
};
use crate::code::{Code, CodeKind};
use crate::declare::{ImplementationHead, ItemAt, Loose, ModuleId, Names};
use crate::implementations::ImplementationInfo;
use crate::input::{Input, SourceItem};
use crate::kinds::{KindInfo, PlatformInfo};
use crate::statements::StatementInfo;
use crate::types::{Shape, Stage, Ty};

/// A `let` of a module or of an implementation.
#[derive(Clone, Debug)]
pub(crate) struct LetItem {
    pub name: Name,
    pub at: ItemAt,
    /// Where it stands in the item, when it is not the item itself.
    pub node: Option<NodeId>,
    pub implementation: Option<(ImplementationId, Option<OnceId>)>,
}

/// How far something has been elaborated.
#[derive(Clone, Debug)]
pub(crate) enum Progress<T> {
    Started,
    Done(T),
}

/// What may still have to be elaborated in full.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Work {
    Kind(KindId),
    Implementation(ImplementationId),
    Platform(PlatformId),
    Statement(StatementId),
    Let(LetId),
    Param(ParamId),
    Function(FunctionId),
}

/// A frame of names while code is elaborated.
#[derive(Clone, Debug)]
pub(crate) struct Cx {
    pub at: ItemAt,
    pub tree: Arc<Tree>,
    pub context: Context,
    pub locals: Vec<(Name, u16, Ty)>,
    pub next: u16,
    pub most: u16,
    /// In the `where` of an output: its name, which is read there without `self.`.
    pub own_out: Option<Name>,
    /// Expressions, by their text, that are known to be present or of a kind on this path.
    pub narrowed: Vec<(String, Narrowed)>,
}

#[derive(Clone, Debug)]
pub(crate) enum Narrowed {
    Present,
    /// No later than this: `not is_later(v)`, `not is_secret(v)`.
    AtMost(Stage),
    Kind(KindId),
    Platform(PlatformId),
}

/// Whose names are visible besides the module's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Context {
    Module,
    Kind(KindId),
    Implementation(ImplementationId),
    Once(OnceId),
    Platform(PlatformId),
}

/// What a function gives, or the text of what is wrong with the call.
pub(crate) type FunctionResult = Result<Ty, String>;

/// How many messages say which name may have been meant.
const SUGGESTED: usize = 1_000;

/// How many names are looked through for what may have been meant: in a program of thousands of names and as many mistakes, those of
/// the first mistakes.
const LOOKED_THROUGH: usize = 1_000_000;

/// The checker. Its methods are spread over the modules by what they check.
pub(crate) struct Checker<'a> {
    pub input: &'a Input,
    /// Asked for each declaration: what comes after it was set is of no use to anybody.
    pub stop: Stop,
    pub told: Diagnostics,
    pub out: Checked,
    pub modules: Vec<Names>,
    pub std_module: Option<ModuleId>,
    pub used: FxHashMap<ModuleId, Vec<ModuleId>>,
    pub loose: Loose,
    pub kind_items: Vec<(Name, ItemAt)>,
    pub kind_infos: FxHashMap<KindId, Progress<Rc<KindInfo>>>,
    pub platform_items: Vec<(Name, ItemAt)>,
    pub platform_infos: FxHashMap<PlatformId, Progress<Rc<PlatformInfo>>>,
    pub type_items: Vec<(Name, ItemAt)>,
    pub type_infos: FxHashMap<usize, Progress<Ty>>,
    pub type_sizes: crate::type_size::TypeSizes,
    pub let_items: Vec<LetItem>,
    pub let_infos: FxHashMap<LetId, Progress<(Code, Ty)>>,
    pub param_items: Vec<(Name, ItemAt)>,
    pub param_types: FxHashMap<ParamId, Progress<Ty>>,
    pub function_items: Vec<(Name, ItemAt)>,
    pub function_infos: FxHashMap<FunctionId, Progress<Rc<crate::functions::FunctionInfo>>>,
    pub function_results: FxHashMap<(FunctionId, Vec<Stage>), Progress<FunctionResult>>,
    pub lowerings: Vec<((Name, Name), FunctionId)>,
    pub native_facts: Vec<crate::checked::NativeFacts>,
    pub implementation_heads: Vec<ImplementationHead>,
    pub implementations_of: FxHashMap<KindId, Vec<(ImplementationId, Option<PlatformId>)>>,
    pub unlinked: Vec<(ImplementationId, ItemAt)>,
    pub implementation_infos: FxHashMap<ImplementationId, Progress<Rc<ImplementationInfo>>>,
    pub implementation_outs: FxHashMap<(ImplementationId, Name), Progress<(Code, Ty)>>,
    pub platform_outs: FxHashMap<(PlatformId, Name), Progress<(Code, Ty)>>,
    pub statements: Vec<StatementInfo>,
    pub statement_of_node: FxHashMap<(usize, usize, usize, NodeId), StatementId>,
    pub built_in_signatures: FxHashMap<&'static str, Rc<crate::signature::Signature>>,
    pub queue: VecDeque<Work>,
    pub queued: FxHashSet<Work>,
    pub used_platforms: FxHashSet<PlatformId>,
    pub used_kinds: FxHashSet<KindId>,
    /// Platforms that stand in an `on` of some environment.
    pub environment_platforms: Vec<PlatformId>,
    /// The names under which environments list platforms; no platform where they differ.
    pub listed_names: Vec<(Name, Option<PlatformId>)>,
    /// Whether an environment lists platforms in a loop: their names are known when it is evaluated.
    pub listed_computed: bool,
    pub depth: u32,
    /// Modules with a `use` of what is not there.
    pub broken_uses: FxHashMap<ModuleId, Told>,
    /// Names that two used modules have, as they were told.
    pub ambiguous: FxHashSet<(ModuleId, Name)>,
    /// Names that a failed `use` was meant to bring.
    pub broken_names: FxHashMap<(ModuleId, Name), Told>,
    /// Lets that are being elaborated, outermost first.
    pub let_stack: Vec<LetId>,
    /// Statements whose platform is being found.
    pub placing: Vec<StatementId>,
    /// What libraries and the project call their own warnings.
    pub warning_codes: FxHashSet<Name>,
    /// How many names were looked through for what may have been meant.
    pub looked_through: usize,
}

impl<'a> Checker<'a> {
    pub(crate) fn new(input: &'a Input, stop: Stop) -> Self {
        Self {
            input,
            stop,
            told: Diagnostics::default(),
            out: Checked::default(),
            modules: Vec::new(),
            std_module: None,
            used: FxHashMap::default(),
            loose: Loose::default(),
            kind_items: Vec::new(),
            kind_infos: FxHashMap::default(),
            platform_items: Vec::new(),
            platform_infos: FxHashMap::default(),
            type_items: Vec::new(),
            type_infos: FxHashMap::default(),
            type_sizes: crate::type_size::TypeSizes::default(),
            let_items: Vec::new(),
            let_infos: FxHashMap::default(),
            param_items: Vec::new(),
            param_types: FxHashMap::default(),
            function_items: Vec::new(),
            function_infos: FxHashMap::default(),
            function_results: FxHashMap::default(),
            lowerings: Vec::new(),
            native_facts: Vec::new(),
            implementation_heads: Vec::new(),
            implementations_of: FxHashMap::default(),
            unlinked: Vec::new(),
            implementation_infos: FxHashMap::default(),
            implementation_outs: FxHashMap::default(),
            platform_outs: FxHashMap::default(),
            statements: Vec::new(),
            statement_of_node: FxHashMap::default(),
            built_in_signatures: FxHashMap::default(),
            queue: VecDeque::new(),
            queued: FxHashSet::default(),
            used_platforms: FxHashSet::default(),
            used_kinds: FxHashSet::default(),
            environment_platforms: Vec::new(),
            listed_names: Vec::new(),
            listed_computed: false,
            depth: 0,
            broken_uses: FxHashMap::default(),
            ambiguous: FxHashSet::default(),
            broken_names: FxHashMap::default(),
            let_stack: Vec::new(),
            placing: Vec::new(),
            warning_codes: crate::warnings::codes_of_checks(input),
            looked_through: 0,
        }
    }

    /// Something that has to be elaborated before the program is whole.
    pub(crate) fn need(&mut self, work: Work) {
        if !self.queued.insert(work) {
            return;
        }
        match work {
            Work::Kind(kind) => {
                self.used_kinds.insert(kind);
                for (implementation, platform) in self.implementations_of.get(&kind).cloned().unwrap_or_default() {
                    if platform.is_none_or(|platform| self.used_platforms.contains(&platform)) {
                        self.need(Work::Implementation(implementation));
                    }
                }
            }
            Work::Platform(platform) => {
                self.used_platforms.insert(platform);
                let mut implementations: Vec<ImplementationId> = Vec::new();
                for kind in &self.used_kinds {
                    let of = self.implementations_of.get(kind).into_iter().flatten();
                    implementations
                        .extend(of.filter(|(_, on)| *on == Some(platform)).map(|(implementation, _)| *implementation));
                }
                implementations.sort_unstable();
                for implementation in implementations {
                    self.need(Work::Implementation(implementation));
                }
            }
            Work::Implementation(_) | Work::Statement(_) | Work::Let(_) | Work::Param(_) | Work::Function(_) => {}
        }
        self.queue.push_back(work);
    }

    pub(crate) fn work(&mut self) {
        while let Some(work) = self.queue.pop_front() {
            if self.stop.is_stopped() {
                return;
            }
            match work {
                Work::Kind(kind) => self.finish_kind(kind),
                Work::Implementation(implementation) => self.finish_implementation(implementation),
                Work::Platform(platform) => self.finish_platform(platform),
                Work::Statement(statement) => self.finish_statement(statement),
                Work::Let(id) => {
                    let _ = self.let_info(id);
                }
                Work::Param(param) => self.finish_param(param),
                Work::Function(function) => {
                    let _ = self.function_info(function);
                }
            }
        }
    }

    pub(crate) fn item(&self, at: ItemAt) -> &'a SourceItem {
        &self.input.packages[at.package].modules[at.module].items[at.item]
    }

    pub(crate) fn is_project(&self, at: ItemAt) -> bool {
        self.input.packages[at.package].name.is_empty()
    }

    /// The place of a node of an item.
    pub(crate) fn place(&self, at: ItemAt, tree: &Tree, node: NodeId) -> Place {
        let node = tree.node(node);
        Place { item: self.item(at).id, start: node.start, len: node.len }
    }

    pub(crate) fn cx(&self, at: ItemAt, context: Context) -> Cx {
        Cx {
            at,
            tree: self.item(at).tree(),
            context,
            locals: Vec::new(),
            next: 0,
            most: 0,
            own_out: None,
            narrowed: Vec::new(),
        }
    }

    pub(crate) fn error(
        &mut self,
        code: ErrorCode,
        place: Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Told {
        let help = help.into();
        let mut diagnostic = Diagnostic::error(code, place, message);
        if !help.is_empty() {
            diagnostic = diagnostic.help(help);
        }
        self.told.tell(diagnostic)
    }

    /// Whether what is told next is still read by somebody: a search for names that are spelt alike is long.
    pub(crate) fn still_suggests(&self) -> bool {
        self.told.list().len() < SUGGESTED && self.looked_through < LOOKED_THROUGH
    }

    pub(crate) fn unknown(&mut self, place: Place, told: Told) -> (Code, Ty) {
        (Code::new(place, CodeKind::Unknown(told)), Ty::unknown(told))
    }

    pub(crate) fn show(&self, ty: &Ty) -> String {
        crate::types::show(ty, &|kind| self.kind_items[kind.0 as usize].0, &|platform| {
            self.platform_items[platform.0 as usize].0
        })
    }

    /// Two types that do not fit. Where they are called alike, each with what it is: `the kind port`, `the scalar port`.
    pub(crate) fn show_apart(&self, one: &Ty, other: &Ty) -> (String, String) {
        let bare = |ty: &Ty| Ty { stage: Stage::Known, ..ty.clone().present() };
        let (bare_one, bare_other) = (bare(one), bare(other));
        if self.show(&bare_one) == self.show(&bare_other)
            && let (Some(one), Some(other)) = (self.with_sort(&bare_one), self.with_sort(&bare_other))
            && one != other
        {
            return (one, other);
        }
        (self.show(one), self.show(other))
    }

    fn with_sort(&self, ty: &Ty) -> Option<String> {
        let shown = self.show(ty);
        match &*ty.shape {
            Shape::Instance { kind, .. } => {
                let at = self.kind_items[kind.0 as usize].1;
                let module = &self.modules[at.scope.0];
                let folder = match (Some(at.scope) == self.std_module, module.dotted()) {
                    (true, _) => " of the library".to_owned(),
                    (false, folder) if folder.is_empty() => String::new(),
                    (false, folder) => format!(" of the folder `{folder}`"),
                };
                Some(format!("the kind `{shown}`{folder}"))
            }
            Shape::Scalar(_) => Some(format!("the scalar `{shown}`")),
            Shape::Tagged(_) => Some(format!("the type `{shown}`")),
            Shape::Platform(_) | Shape::Endpoint | Shape::Ends | Shape::Flow | Shape::Json | Shape::Environment => {
                Some(format!("the built-in `{shown}`"))
            }
            Shape::List(of) | Shape::Map { value: of, .. } | Shape::Range(of) => {
                Some(format!("`{shown}` of {}", self.with_sort(of)?))
            }
            _ => None,
        }
    }

    pub(crate) fn kind_name(&self, kind: KindId) -> Name {
        self.kind_items[kind.0 as usize].0
    }

    pub(crate) fn add_statement(&mut self, at: ItemAt, node: Option<NodeId>, name: Name, scope: Scope) -> StatementId {
        let id = StatementId(self.statements.len() as u32);
        self.statements.push(StatementInfo::new(at, node, name, scope));
        id
    }
}

impl Cx {
    pub(crate) fn place(&self, checker: &Checker<'_>, node: NodeId) -> Place {
        checker.place(self.at, &self.tree, node)
    }
    /// A new local variable.
    pub(crate) fn bind(&mut self, name: Name, ty: Ty) -> u16 {
        let slot = self.next;
        self.next += 1;
        self.most = self.most.max(self.next);
        self.locals.push((name, slot, ty));
        slot
    }
    /// Forgets the locals bound since `mark`. Slots are not used again, so that nested loops never meet.
    pub(crate) fn unbind(&mut self, mark: usize) {
        self.locals.truncate(mark);
    }
}
