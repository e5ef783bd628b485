//! Elaborated code: what the checker makes of an expression, with every choice taken. Names are resolved, ports after a dot
//! are endpoints, defaults and conversions stand where they act; eval runs it and sees neither tree nor types.

use std::sync::Arc;

use source::{Name, Place, Told};
use value::Value;

use crate::builtins::BuiltIn;
use crate::checked::{FunctionId, KindId, LetId, ParamId, PlatformId, SchemaId, StatementId};

/// An expression and where it stands in the source.
#[derive(Clone, Debug)]
pub struct Code {
    /// Shared: a default stands at each place that leaves its field out.
    pub kind: Arc<CodeKind>,
    pub place: Place,
}

impl Code {
    /// Code at a place.
    pub fn new(place: Place, kind: CodeKind) -> Self {
        Self { kind: Arc::new(kind), place }
    }
}

/// What an expression does. `Local` slots are those of the current frame; see [`crate::checked::Statement`] for who fills them.
#[derive(Clone, Debug)]
pub enum CodeKind {
    /// A mistake was told; evaluates to `Value::Unknown`.
    Unknown(Told),
    /// A scalar that holds no ids.
    Const(Value),
    /// A loop variable, function parameter or pattern variable.
    Local(u16),
    /// The instance whose implementation, kind body or platform body this is (in a `once` group: the list of its members).
    SelfInstance,
    /// An input of that instance (its default when it is not given); in a platform body an input of the platform.
    SelfInput(Name),
    /// An output of that instance.
    SelfOut(Name),
    /// A `let`: once per environment for a module's, once per instance for an implementation's.
    Let(LetId),
    Param(ParamId),
    /// The environment's name as a Text.
    Environment,
    /// What an instance statement stands for: an Instance, a Map of key text to Instance (with `for`), Absent (with a false `if`).
    /// A statement of an implementation is looked up below the frame's instance, one of a `once` body below its group.
    Statement(StatementId),
    /// Field of a record (or of a reference, whose path it extends). Of a flow: `from` and `to` (Lists of ends), those of
    /// them that are named one by one (`from_alone`, `to_alone`), and `key` (a Text). `secret`: the schema marks it sensitive.
    Field {
        of: Code,
        name: Name,
        secret: bool,
    },
    /// Input of an instance of a declared kind.
    Input {
        of: Code,
        name: Name,
    },
    /// Output of an instance of a declared kind.
    Out {
        of: Code,
        name: Name,
    },
    /// Attribute of an instance of a native kind: a `Ref`, folded when the instance sets it.
    NativeField {
        of: Code,
        name: Name,
        secret: bool,
    },
    /// A block that may stand once, of a maker who keeps it in a list: pushes `Step::First` on a reference, else changes nothing.
    FirstBlock(Code),
    /// Attribute of a platform value.
    PlatformField {
        of: Code,
        name: Name,
    },
    /// `m[k]`, `list[i]`: an error that lists the keys when there is none.
    Index {
        of: Code,
        key: Code,
    },
    /// Runs `then` with the value of `of` in `slot` when it is present, else Absent: `a?.b`.
    IfPresent {
        of: Code,
        slot: u16,
        then: Code,
    },
    /// A port of an instance; of a collection of instances: the list of their endpoints. Through `delegate` to the one that has it.
    Endpoint {
        of: Code,
        port: Name,
    },
    /// A fact about an instance, an endpoint or a flow's end that only eval knows.
    Fact {
        fact: Fact,
        of: Code,
        args: Vec<Code>,
    },
    /// A case of a tagged union with its values: `postgres("16")`; `internet` is one without.
    Tagged {
        tag: Name,
        fields: Vec<Code>,
    },
    Call {
        function: FunctionId,
        args: Vec<Code>,
    },
    BuiltIn {
        builtin: &'static BuiltIn,
        args: Vec<Code>,
    },
    /// All instances of these kinds (a kind and those that are it), in address order, as a List of Instances.
    All(Vec<KindId>),
    /// All native resources of this kind that the program makes, in address order, as a List of Instances.
    AllNative {
        schema: SchemaId,
        name: Name,
    },
    Record(Vec<RecordPart>),
    Map(Vec<MapPart>),
    List(Vec<ListPart>),
    /// Parts joined; each is a Text, Int, Bool, Ip, Cidr, … converted to its text.
    Text(Vec<Code>),
    If {
        condition: Code,
        then: Code,
        otherwise: Code,
    },
    Match {
        subject: Code,
        arms: Vec<(Vec<Pattern>, Code)>,
    },
    Binary {
        operator: BinaryOperator,
        left: Code,
        right: Code,
    },
    And(Code, Code),
    Or(Code, Code),
    Not(Code),
    Negate(Code),
    /// `a ?? b`
    Coalesce(Code, Code),
    /// `x is KIND`: the instance's kind is one of these.
    IsKind {
        of: Code,
        kinds: Vec<KindId>,
    },
    /// `from -> to`; collections stand for their elements, absent ends disappear, no end left gives Absent. Its key is its name,
    /// else made of what its ends are called.
    Flow {
        from: Code,
        to: Code,
        name: Option<Code>,
    },
    /// `base with { a.b = 1 }`
    With {
        base: Code,
        updates: Vec<(Vec<Name>, Code)>,
    },
    Convert {
        how: Conversion,
        code: Code,
    },
    /// `aws(region = "…")`; the record holds every input, defaults included.
    PlatformCall {
        platform: PlatformId,
        inputs: Code,
    },
    /// An element of a list that has a name: a platform value of an environment.
    Named {
        /// A Text.
        name: Code,
        of: Code,
    },
    /// The platform value of this name that the environment lists.
    Listed(Name),
    /// An instance of a kind that is a platform, used as one.
    AsPlatform {
        of: Code,
        platform: PlatformId,
    },
    /// A text file of the project, read through the world: `file("keys/a.pub")`.
    File(Code),
    /// `template("x.hbs", { … })`: path and values.
    Template {
        path: Code,
        values: Code,
    },
}

/// A part of a record literal.
#[derive(Clone, Debug)]
pub enum RecordPart {
    /// `maybe`: `?=`, left out when absent. An absent value of an optional field is left out as well.
    Field { name: Name, code: Code, maybe: bool },
    /// Fields of a record; later parts win.
    Spread(Code),
}

/// A part of a map literal.
#[derive(Clone, Debug)]
pub enum MapPart {
    Entry {
        key: Code,
        value: Code,
        maybe: bool,
    },
    Spread(Code),
    /// `for x in xs if c: part`
    For {
        each: Loop,
        condition: Option<Code>,
        part: Box<MapPart>,
    },
    If {
        condition: Code,
        part: Box<MapPart>,
    },
    /// `k => v...`: values of one key are gathered in a List, in order of appearance.
    Group {
        key: Code,
        value: Code,
    },
}

/// A part of a list literal. An Absent element of a list of flows is left out by `drop_absent`.
#[derive(Clone, Debug)]
pub enum ListPart {
    Element {
        code: Code,
        drop_absent: bool,
    },
    Spread(Code),
    For {
        each: Loop,
        condition: Option<Code>,
        part: Box<ListPart>,
    },
    If {
        condition: Code,
        part: Box<ListPart>,
    },
    /// `for x in xs by k: e`: a Tagged `by` of key and element, which aggregates take.
    By {
        key: Code,
        code: Code,
    },
}

/// `for a in c` / `for k, v in c`. With one variable: elements of a list, or **values** of a map when `values`, else the keys.
#[derive(Clone, Debug)]
pub struct Loop {
    /// Slot of the key (map) or of the position (list), with two variables.
    pub key: Option<u16>,
    /// Slot of the element or value.
    pub value: u16,
    pub collection: Code,
}

/// A pattern of `match`.
#[derive(Clone, Debug)]
pub enum Pattern {
    Any,
    /// Equal to this scalar.
    Value(Value),
    /// The environment with this name, or one that is `like` it and has no arm of its own.
    Environment(Name),
    /// A case of a tagged union; its fields go to these slots.
    Case {
        tag: Name,
        slots: Vec<Option<u16>>,
    },
    /// An instance of one of these kinds, put in the slot.
    Kind {
        kinds: Vec<KindId>,
        slot: Option<u16>,
    },
    /// An instance that stands on this platform.
    Platform(PlatformId),
}

/// What only eval can tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fact {
    /// `key_of(x)`: the loop's key, else the statement's name; of an endpoint: its owner's and the port, `api-http`.
    KeyOf,
    /// `name_of(x, limit = 63, bare = false)`: the physical name, `shop-prod-front-a` (bare: `front-a`), cut to the limit with a
    /// stable hash. `args` are the limit and bare, both given.
    NameOf,
    /// `address_of(x)`: the output that carries `@role(address)`.
    AddressOf,
    /// `platform_of(x)`: a Platform.
    PlatformOf,
    /// `path_of(x)`: the address as text, `front["a"].vm`.
    PathOf,
    /// `where_is(x)`: `main.infra:12`.
    WhereIs,
    /// `project_name()` – the project's name; `of` is ignored.
    ProjectName,
    /// `labels_of(x)` is a function of std; this is the statement's address without the key: `front`.
    StatementOf,
    /// `loop_of(x)`: the address of the loop or statement that makes it, as a group of its elements is called: what one element was
    /// called elsewhere before counts only in `statement_of`.
    LoopOf,
    /// Of an endpoint: its Port value.
    PortOf,
    /// Of an endpoint: the instance that has the port in the end (through `delegate`).
    OwnerOf,
    /// Of an endpoint: the port's label as a Text.
    LabelOf,
    /// `ends(x)`: the set of instances, addresses, … behind an end or a collection of ends, endpoints by their owner: a List.
    EndsOf,
    /// `endpoints(x)`: the endpoints behind an end or a collection of ends: a List.
    EndpointsOf,
    /// `is_secret(v)`: whether the value holds a secret; a Bool.
    IsSecret,
    /// `in_place(v, "kubernetes")`: the value, where all that is later in it is kept by resources of this target, which puts it in
    /// place itself; absent for any other. No longer secret to the checker: whoever emits it sees to that.
    InPlace,
    /// `is_later(v)`: whether the value holds what is known only later; a Bool.
    IsLater,
    /// `tier()`: the environment's tier as a Text; `of` is ignored.
    Tier,
    /// `range_of(end)`: the Cidr of a literal end (an ip, a cidr, `internet`), Absent of any other.
    RangeOf,
    /// `group_of(x)`: the instance's implementation has a `once` body: the key of its group, as a Text; else the address.
    GroupOf,
    /// `leaves(x)`: whether `destroy` is said of it in this environment, or of what it stands in.
    Leaves,
}

/// Operators on two values that are both evaluated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BinaryOperator {
    Add,
    Subtract,
    Multiply,
    /// Exact, or an error that asks for a rounding.
    Divide,
    IntegerDivide,
    Modulo,
    /// `++`: lists, texts, records (right wins), maps (right wins).
    Concatenate,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// Element in a list, key in a map, value in a range, address in a cidr, every end in a list.
    In,
    /// `a..b`
    Range,
}

/// A change of form that the checker inserted.
#[derive(Clone, Debug)]
pub enum Conversion {
    /// A single value where a range is expected: `x..x`.
    ToRange,
    IntToDecimal,
    /// A single value where a list is expected is *not* converted by the language; a native list block given as one block is.
    ToList,
    /// A text to this scalar, when it is known; a later text is passed on. An error when it does not fit.
    FromText(Scalar),
    /// Fields that the record's type has a default for and the value lacks.
    Complete(Vec<(Name, Code)>),
    /// Record to map with text keys (a record literal where a map is expected).
    RecordToMap,
    /// Any scalar to a text as interpolation would do it (native strings take numbers and bools).
    ToText,
    /// A ratio to a decimal and back.
    RatioToDecimal,
    /// The value as it is, where it measures something in a native field: a size or duration below zero is an error, and a whole
    /// number below -1, which is the makers' own sign for `never` and `without end`.
    Measured,
    /// The value as it is, where a secret must stand: what the program says itself is none.
    Seal,
}

/// Scalars that a text can be read as.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Scalar {
    Bool,
    Int,
    Decimal,
    String,
    Image,
    Url,
    Version,
    Cron,
    Promql,
    Duration,
    Size,
    Ratio,
    Ip,
    Cidr,
    Port,
    Date,
}

impl Scalar {
    /// The same in the words of the value store.
    pub fn kind(self) -> value::ScalarKind {
        use value::ScalarKind;
        match self {
            Scalar::Bool => ScalarKind::Bool,
            Scalar::Int => ScalarKind::Int,
            Scalar::Decimal => ScalarKind::Decimal,
            Scalar::String => ScalarKind::Text,
            Scalar::Image => ScalarKind::Image,
            Scalar::Url => ScalarKind::Url,
            Scalar::Version => ScalarKind::Version,
            Scalar::Cron => ScalarKind::Cron,
            Scalar::Promql => ScalarKind::Promql,
            Scalar::Duration => ScalarKind::Duration,
            Scalar::Size => ScalarKind::Size,
            Scalar::Ratio => ScalarKind::Ratio,
            Scalar::Ip => ScalarKind::Ip,
            Scalar::Cidr => ScalarKind::Cidr,
            Scalar::Port => ScalarKind::Port,
            Scalar::Date => ScalarKind::Date,
        }
    }
}
