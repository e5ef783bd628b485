//! What the checker hands to eval: every declaration of the program and of the libraries that it uses, elaborated.
//! Ids index the vectors of [`Checked`]; they mean nothing outside it and nothing sorts by them.

use std::sync::Arc;

use schema::Role;
use source::{Name, Place};

use crate::code::{Code, Loop};
use crate::param_form::ParamForm;
pub use crate::said::{ChildMoved, Said, SaidPlaces, SaidWhat};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
        pub struct $name(pub u32);
    )*};
}

ids! {
    /// Index into [`Checked::statements`].
    StatementId,
    /// Index into [`Checked::kinds`].
    KindId,
    /// Index into [`Checked::implementations`].
    ImplementationId,
    /// Index into [`Checked::platforms`].
    PlatformId,
    /// Index into [`Checked::functions`].
    FunctionId,
    /// Index into [`Checked::lets`].
    LetId,
    /// Index into [`Checked::params`].
    ParamId,
    /// Index into [`Checked::onces`].
    OnceId,
    /// Index into [`Checked::schemas`].
    SchemaId,
}

/// A checked program.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    pub project: Option<Project>,
    pub environments: Vec<Environment>,
    pub kinds: Vec<Kind>,
    pub implementations: Vec<Implementation>,
    pub onces: Vec<Once>,
    pub platforms: Vec<Platform>,
    pub functions: Vec<Function>,
    pub lets: Vec<Let>,
    pub params: Vec<Param>,
    pub statements: Vec<Statement>,
    pub adjusts: Vec<Adjust>,
    /// What becomes of what is managed: `moved`, `forget`, `adopt`, `destroy`.
    pub said: Vec<Said>,
    /// Warnings that the project accepts, and why.
    pub allowances: Vec<Allowance>,
    /// The codes of warnings that there may be, in the order of the alphabet.
    pub warning_codes: Vec<Name>,
    pub outputs: Vec<Output>,
    pub schemas: Vec<schema::Schema>,
    pub native_facts: Vec<NativeFacts>,
}

/// `@native("kubernetes", "stateful") fn …() -> [string] = […]`: what a library says of the native kinds of a target, or of one
/// of its providers (`terraform.aws`).
#[derive(Clone, Debug)]
pub struct NativeFacts {
    /// `stateful`, `outside`: a list of kinds; `credentials`, `identity`, `limits`: of a provider.
    pub facts: Name,
    pub of: Name,
    pub function: FunctionId,
}

/// `@allow(CODE, because = "…", until = DATE)` where the code is that of a warning of infrac's.
#[derive(Clone, Debug)]
pub struct Allowance {
    pub code: Name,
    pub because: String,
    /// The last day on which it holds, in days since 1970-01-01; none: for ever.
    pub until: Option<i32>,
    pub place: Place,
    /// What it stands before: warnings in there are accepted.
    pub covers: Place,
}

#[derive(Clone, Debug)]
pub struct Project {
    pub name: Name,
    pub place: Place,
}

/// `environment NAME { tier, on, like, choose, params }`
#[derive(Clone, Debug)]
pub struct Environment {
    pub name: Name,
    pub place: Place,
    pub tier: Name,
    /// Params and arms that it lacks are those of this one.
    pub like: Option<Name>,
    /// A List of Platform values.
    pub on: Code,
    /// `choose { secret = aws }`: kind to platform; `choose { secret = aws.NAME }`: to a named implementation.
    pub choose: Vec<Choice>,
    pub params: Vec<(ParamId, Code)>,
    /// Where Terraform keeps its state; none: beside the project.
    pub state: Option<StateCode>,
}

/// `state = s3(bucket = "…")`
#[derive(Clone, Debug)]
pub struct StateCode {
    /// The name of Terraform's backend.
    pub backend: Name,
    /// Texts and truths, by the backend's own names.
    pub settings: Vec<(Name, Code)>,
    pub place: Place,
}

#[derive(Clone, Debug)]
pub struct Choice {
    pub kind: KindId,
    pub platform: Option<PlatformId>,
    /// `choose { secret = dublin }`: the listed value of this name.
    pub listed: Option<Name>,
    pub implementation: Option<Name>,
    /// The kind.
    pub place: Place,
    /// What is chosen for it.
    pub chosen: Place,
}

/// An interface: `kind NAME is … { … }`
#[derive(Clone, Debug)]
pub struct Kind {
    pub name: Name,
    /// `server`, or `acme.service` outside the root module and std.
    pub full_name: Name,
    pub place: Place,
    /// Itself and all that it is, nearest first.
    pub ancestors: Vec<KindId>,
    /// The platform that an instance of it is.
    pub platform: Option<PlatformId>,
    /// Its own inputs and those of its ancestors.
    pub inputs: Vec<Input>,
    /// Its own declared outputs and those of its ancestors.
    pub outs: Vec<Out>,
    pub checks: Vec<CheckCode>,
}

impl Kind {
    /// The input that holds its named ports: the one with `@role(ports)`.
    pub fn ports(&self) -> Option<&Input> {
        self.input_with_role("ports")
    }
    /// The input with `@role(…)` of this name.
    pub fn input_with_role(&self, role: &str) -> Option<&Input> {
        self.inputs.iter().find(|input| input.role.is_some_and(|found| found.text() == role))
    }
    /// The output that is its address: the one with `@role(address)`.
    pub fn address(&self) -> Option<&Out> {
        self.outs.iter().find(|out| out.role.is_some_and(|role| role.text() == "address"))
    }
}

/// `out NAME: TYPE = DEFAULT where …`
#[derive(Clone, Debug)]
pub struct Out {
    pub name: Name,
    /// What `@role(…)` says of it: `address`, `peer`, `ports`.
    pub role: Option<Name>,
    /// Given where neither the implementation nor a child to which it delegates does. Runs with the instance as self.
    pub default: Option<Code>,
    /// Constraints of `where`; they read the value as `SelfOut(name)`.
    pub constraints: Vec<CheckCode>,
}

#[derive(Clone, Debug)]
pub struct Input {
    pub name: Name,
    pub place: Place,
    /// Runs with the instance as self. None: required, unless `optional`.
    pub default: Option<Code>,
    /// `T?`: absent when it is not given.
    pub optional: bool,
    /// Constraints of `where`; they read the value as `SelfInput(name)`.
    pub constraints: Vec<CheckCode>,
    /// Whether it takes settings, known ones and secrets beside each other: `{string: later secret string}`.
    pub settings: bool,
    /// `@role(ports)` on the field that holds the named ports.
    pub role: Option<Name>,
    /// Every instance of the kind that this input could point to, when it is left out: `network` takes the only one there is.
    /// (`@only` on a field whose type is a kind: the only instance on the same platform, else an error.)
    pub only: Option<KindId>,
}

/// `check EXPR else "why"`: `message` is a Text.
#[derive(Clone, Debug)]
pub struct CheckCode {
    pub condition: Code,
    pub message: Code,
    pub place: Place,
    /// The code of the warning, for `check EXPR warn CODE "why"`; none: what does not hold is an error.
    pub warning: Option<Name>,
}

/// `implement KIND on PLATFORM needs … { … }`. Code in it runs with the instance as self.
#[derive(Clone, Debug)]
pub struct Implementation {
    pub kind: KindId,
    pub platform: Option<PlatformId>,
    pub name: Option<Name>,
    pub place: Place,
    /// Inputs whose instance must live on the same platform value.
    pub needs: Vec<Name>,
    pub statements: Vec<StatementId>,
    pub onces: Vec<OnceId>,
    pub outs: Vec<(Name, Code)>,
    pub checks: Vec<CheckCode>,
    pub delegate: Option<StatementId>,
    /// Children that had another name in an earlier version of it.
    pub moved: Vec<ChildMoved>,
}

/// `once NAME [by EXPR] { … }`: children made once for a statement and each key. Code in it runs with the first member as self for
/// inputs, and with the list of members as `SelfInstance`. Address: `front.shared["lan"].guard` (without `by`: `front.shared.guard`).
#[derive(Clone, Debug)]
pub struct Once {
    /// It stands in the addresses of what is made: `front.shared["lan"].guard`.
    pub name: Name,
    pub implementation: ImplementationId,
    pub by: Option<Code>,
    pub statements: Vec<StatementId>,
    pub place: Place,
}

/// `platform NAME { … }`
#[derive(Clone, Debug)]
pub struct Platform {
    /// No other has it: `aws`, `lib.cluster`; `std.aws` beside an `aws` of the project's.
    pub name: Name,
    pub place: Place,
    pub inputs: Vec<Input>,
    pub providers: Vec<ProviderCode>,
    /// Resources needed once for each value of the platform; address `NAME.x`, with the name of the value.
    pub statements: Vec<StatementId>,
    pub outs: Vec<(Name, Code)>,
}

/// `provider terraform.aws { source = …, region }`: the body is a Record in the provider's own vocabulary, runs with the platform as self.
#[derive(Clone, Debug)]
pub struct ProviderCode {
    /// `terraform` or another target.
    pub target: Name,
    /// `aws`
    pub name: Name,
    /// `hashicorp/aws` and `5.100.0`, from the schema.
    pub source: Arc<str>,
    pub version: Arc<str>,
    pub body: Code,
    pub place: Place,
}

/// `fn`: parameters are slots 0.. of a frame of its own.
#[derive(Clone, Debug)]
pub struct Function {
    pub name: Name,
    pub parameters: u16,
    pub body: Code,
}

#[derive(Clone, Debug)]
pub struct Let {
    pub name: Name,
    pub code: Code,
    pub place: Place,
    /// The implementation that it stands in, else a module.
    pub implementation: Option<ImplementationId>,
}

#[derive(Clone, Debug)]
pub struct Param {
    pub name: Name,
    pub place: Place,
    pub default: Option<Code>,
    pub optional: bool,
    /// Its value comes when something is applied.
    pub secret: bool,
    /// How it is read on the command line.
    pub form: ParamForm,
}

/// Where a statement stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    Module,
    Implementation(ImplementationId),
    Once(OnceId),
    Platform(PlatformId),
}

/// `KIND NAME HEADER { … }`. Header and fields run in a frame whose self is that of the scope; loop variables are its slots.
#[derive(Clone, Debug)]
pub struct Statement {
    pub name: Name,
    pub place: Place,
    pub scope: Scope,
    pub what: What,
    pub loops: Vec<Loop>,
    pub condition: Option<Code>,
    /// Required unless there is one loop over texts, ints or a map.
    pub key: Option<Code>,
    pub on: Option<Code>,
    pub fields: Fields,
    pub annotations: Vec<Annotation>,
    /// Slots that header and fields need.
    pub slots: u16,
}

/// What a statement makes.
#[derive(Clone, Debug)]
pub enum What {
    /// An instance of a declared kind; `read`: it exists and is not ours.
    Kind {
        kind: KindId,
        read: bool,
    },
    Native(NativeKind),
    /// The kind could not be resolved (told).
    Unknown,
}

/// A native kind as the graph will name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NativeKind {
    pub schema: SchemaId,
    /// `terraform`, `kubernetes`, …
    pub target: Name,
    /// `aws_vpc`, `deployment`
    pub name: Name,
    pub role: Role,
    /// The provider's local name for Terraform: `aws`. Empty elsewhere.
    pub provider: Name,
    /// `apps/v1` and `Deployment` for Kubernetes; empty elsewhere.
    pub api_version: Arc<str>,
    pub kind_name: Arc<str>,
    pub namespaced: bool,
}

/// What stands in the braces.
#[derive(Clone, Debug)]
pub enum Fields {
    /// Inputs of a declared kind, each on its own (they are computed on demand), those of what is spread as well. Later ones win.
    Inputs(Vec<InputPart>),
    /// The body of a native resource, a Record already in the target's vocabulary.
    Native(Code),
}

#[derive(Clone, Debug)]
pub enum InputPart {
    Field {
        name: Name,
        code: Code,
        maybe: bool,
    },
    /// `port http = 8080/tcp`: an entry added to the map that the field has by default.
    Entry {
        field: Name,
        key: Name,
        code: Code,
        maybe: bool,
    },
    /// `backup { … }` on a list field: one more element.
    Element {
        field: Name,
        code: Code,
    },
}

/// `@name(args)`
#[derive(Clone, Debug)]
pub struct Annotation {
    pub name: Name,
    pub args: Vec<(Option<Name>, Code)>,
    pub place: Place,
}

/// `adjust web[*].vm { path = EXPR }`
#[derive(Clone, Debug)]
pub struct Adjust {
    pub place: Place,
    pub target: Vec<AdjustStep>,
    pub changes: Vec<AdjustChange>,
    pub annotations: Vec<Annotation>,
}

#[derive(Clone, Debug)]
pub struct AdjustStep {
    pub name: Name,
    pub key: AdjustKey,
}

#[derive(Clone, Debug)]
pub enum AdjustKey {
    None,
    Any,
    Is(Name),
}

/// An address as it is written: `web[*].vm`.
pub fn target_text(target: &[AdjustStep]) -> String {
    let step = |step: &AdjustStep| match &step.key {
        AdjustKey::None => step.name.text().to_owned(),
        AdjustKey::Any => format!("{}[*]", step.name),
        AdjustKey::Is(key) => format!("{}[\"{key}\"]", step.name),
    };
    target.iter().map(step).collect::<Vec<_>>().join(".")
}

/// One path of an `adjust`, in the target's vocabulary. A list element with a schema key is chosen by it: `containers["app"].image`.
#[derive(Clone, Debug)]
pub struct AdjustChange {
    pub path: Vec<AdjustPath>,
    /// Absent: what stands there is taken out.
    pub code: Code,
    pub place: Place,
}

#[derive(Clone, Debug)]
pub enum AdjustPath {
    Field(Name),
    /// The element of a list of records whose field (first) has this value (second).
    Keyed(Name, Name),
    Entry(Name),
}

#[derive(Clone, Debug)]
pub struct Output {
    pub name: Name,
    pub code: Code,
    pub place: Place,
    pub secret: bool,
}
