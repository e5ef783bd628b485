//! The tree of one item: plain data in preorder, no pointers, every byte offset relative to the item.
//! [`Kind`] says what children a node has and in which order; a missing part is a [`Kind::Hole`], text that fits nothing is
//! a [`Kind::Bad`]. Readers ask for children by kind or by order; there is no second tree.

use std::sync::Arc;

/// An index into [`Tree::nodes`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// What a node is. `A B? C*` lists its children in order. `expr` is any expression kind, `type` any `Type…` kind, `member`
/// any kind from `Field` to `Spread` and every statement. Where a child may be missing in broken text it is a `Hole`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    // --- broken text -----------------------------------------------------------------------------------------------------
    /// Nothing stands where something must. Zero length.
    Hole,
    /// Text that fits nothing; kept as it is.
    Bad,
    /// A closer that is missing (zero length, last child of what it should close).
    Unclosed,

    // --- statements (at the top of a file; most also inside bodies) ----------------------------------------------------------
    /// A file of one item: `Annotation* statement`. Always node 0 of a tree that `parse` returns.
    Item,
    /// `@name` or `@name(args)`: `Name Arg*`. Stands before the statement or member that it is about, as a sibling.
    Annotation,
    /// `project NAME { … }`: `Name Body`
    Project,
    /// `package NAME { … }`: `Name Body`
    Package,
    /// `environment NAME { … }`: `Name Body`
    Environment,
    /// `use a.b.c [as NAME]`: `Path Name?`
    Use,
    /// `param NAME: TYPE [= EXPR]`: `Name type expr?`
    Param,
    /// `let NAME [: TYPE] = EXPR`: `Name type? expr`
    Let,
    /// `type NAME = TYPE [where …]`: `Name type Where?`
    TypeDecl,
    /// `fn NAME(P: TYPE, …) -> TYPE = EXPR`: `Name Parameter* type expr`
    Fn,
    /// `p: TYPE [= EXPR]`: `Name type expr?`
    Parameter,
    /// `kind NAME [is K, platform P] { … }`: `Name Super* Body`
    KindDecl,
    /// `peer_end` or `platform host` after `is`: `Path`. Flag [`flag::PLATFORM`].
    Super,
    /// `platform NAME { … }`: `Name Body`
    PlatformDecl,
    /// `implement KIND [on PLATFORM] [needs a, b] [as NAME] { … }`: `Path OnPlatform? Needs* ImplName? Body`
    Implement,
    /// `on PLATFORM` in `implement`: `Path`
    OnPlatform,
    /// One input after `needs`: `Name`
    Needs,
    /// The name of one of two implementations for a platform: `Name`
    ImplName,
    /// `KIND NAME HEADER { … }`, and with flag [`flag::READ`] `read KIND NAME HEADER { … }`: `Path Name ForHeader* IfHeader? KeyHeader? OnHeader? Body`.
    /// A labelled entry with a body (`user alice { … }`) has the same shape. Flag [`flag::PRIVATE`] with `private`.
    Instance,
    /// `for a in EXPR` / `for k, v in EXPR` in a header (a second `, c in EXPR` is a second ForHeader): `Name Name? expr`
    ForHeader,
    /// `if EXPR`: `expr`
    IfHeader,
    /// `key EXPR`: `expr`
    KeyHeader,
    /// `on EXPR`: `expr`
    OnHeader,
    /// `adjust ADDRESS { … }`: `Address Body`
    Adjust,
    /// An address: `web[*].vm`, `front["a"].vm`: `Name (AddressName | AddressKey | AddressAny)*`
    Address,
    /// `.name`: `Name`
    AddressName,
    /// `["a"]`: `expr`
    AddressKey,
    /// `[*]`
    AddressAny,
    /// `policy NAME { … }`: `Name Body`
    Policy,
    /// `test "NAME" [in ENV, …] { … }`: `Text Name* Body`
    Test,
    /// `output NAME = EXPR`: `Name expr`
    Output,
    /// `moved OLD to NEW [in ENV]`; each side is an `Address` or a `Text`: `side side InEnvironment?`
    Moved,
    /// `forget "ADDRESS" [because "…"] [in ENV]`: `side Because? InEnvironment?`
    Forget,
    /// `destroy "ADDRESS" because "…" [in ENV]`: `Text Because? InEnvironment?`
    Destroy,
    /// `adopt ADDRESS = "ID" in ENV`: `Address expr InEnvironment?`
    Adopt,
    /// `because EXPR` behind what leaves: `expr`
    Because,
    /// `in ENV` behind a statement: `Name`
    InEnvironment,

    // --- members of a body --------------------------------------------------------------------------------------------------
    /// `{ … }`: members (each perhaps after its `Annotation`s), then `Unclosed`?
    Body,
    /// `a.b.c = EXPR` or `a ?= EXPR` (flag [`flag::MAYBE`]): `FieldPath expr`
    Field,
    /// `a.b."c"`: `Name+` (a quoted name is a `Name` with flag [`flag::QUOTED`]); in an `adjust` also `a.b["c"].d`, with an
    /// `AddressKey` for each key.
    FieldPath,
    /// `name` alone: `Name`
    Shorthand,
    /// `name { … }`: `FieldPath Body`
    Block,
    /// `port http = 8080/tcp`: `Name Name expr` (flag [`flag::MAYBE`] with `?=`)
    Entry,
    /// `...EXPR`: `expr`
    Spread,
    /// `[out] name: TYPE [= EXPR] [where …]` in a `kind`, `platform` or record type: `Name type expr? Where?`. Flag [`flag::OUT`].
    FieldDecl,
    /// `out NAME = EXPR`: `Name expr`
    Out,
    /// `where EXPR [else EXPR]`: `expr expr?`
    Where,
    /// `check EXPR else EXPR`: `expr expr`. With flag [`flag::WARN`] `check EXPR warn [CODE] EXPR`: `expr Name? expr`.
    Check,
    /// `require EXPR else EXPR`: `expr expr`
    Require,
    /// `once NAME [by EXPR] { … }`: `Name expr? Body`
    Once,
    /// `delegate CHILD`: `Name`
    Delegate,
    /// `provider terraform.aws { … }` in a platform: `Path Body`
    Provider,
    /// `for x in xs [if c] { … }` in policies and tests: `ForHeader IfHeader? Body`
    ForBlock,
    /// `if c { … }` in policies and tests: `expr Body`
    IfBlock,
    /// `given PATH = EXPR` in tests: `Address expr`
    Given,
    /// `refuses CODE { … }`: `Name Body`
    Refuses,
    /// `deviation PATH because EXPR [until EXPR]`: `FieldPath expr expr?`
    Deviation,
    /// `choose { … }` is an ordinary Block; this is `enforce`-like lists: unused otherwise.
    Reserved,

    // --- names ----------------------------------------------------------------------------------------------------------------
    /// An identifier or a quoted name (flag [`flag::QUOTED`]).
    Name,
    /// `terraform.aws_vpc`: `Name+`
    Path,

    // --- expressions -------------------------------------------------------------------------------------------------------------
    /// A bare word (`self`, `environment` and `internet` too).
    Ident,
    /// `EXPR.name`: `expr Name`
    Dot,
    /// `EXPR?.name`: `expr Name`
    SafeDot,
    /// `EXPR[EXPR]`: `expr expr`
    Index,
    /// `EXPR(args)`: `expr Arg*`
    Call,
    /// `EXPR` or `name = EXPR` in a call: `Name? expr`
    Arg,
    /// `"…"`, `"""…"""`: `(TextPart | Interpolation)*`. Flags [`flag::BLOCK`] and [`flag::RAW`].
    Text,
    /// Literal text of a string, escapes and indentation still in it: see `Tree::text_value`.
    TextPart,
    /// `${ EXPR }`: `expr`
    Interpolation,
    /// `42`, `0.25`, `1_000`
    Number,
    /// `30s`, `4GiB`: a number and a unit
    Measure,
    /// `99.9%`
    Percent,
    /// `10.0.0.1`
    Ip,
    /// `10.0.0.0/16`
    Cidr,
    /// `443/tcp`, `8000-8100/udp`
    Port,
    /// `2027-03-31`
    Date,
    /// `true`, `false`
    Bool,
    /// `none`: absent
    NoneValue,
    /// `null`: a native null
    Null,
    /// `[ … ]`: elements (expr, ForElement, IfElement, Spread; with a name a Field, with a computed one a KeyValue), `By`? after a
    /// single ForElement, `Unclosed`?
    List,
    /// `{ … }` as an expression: members (Field, Shorthand, Block, Spread, KeyValue, ForElement, IfElement), `Unclosed`?
    Record,
    /// `EXPR => EXPR` in a map, flag [`flag::GROUP`] when `...` follows: `expr expr`
    KeyValue,
    /// `for x in xs [if c]: element`: `ForHeader IfHeader? element`
    ForElement,
    /// `if c: element`: `expr element`
    IfElement,
    /// `by EXPR` at the end of a list comprehension: not a key of a map but of an aggregate. `expr`
    By,
    /// `if c then a else b`: `expr expr expr`
    If,
    /// `match EXPR { arms }`: `expr Arm* Unclosed?`
    Match,
    /// `PATTERN, … => EXPR`: `Pattern+ expr`
    Arm,
    /// One pattern: `Ident` (a case, an environment, `_` or a case with `(name)`), `Text`, `PatternKind`, `PatternOn`, or another literal. `…`
    Pattern,
    /// `KIND name` in a pattern: `Path Name`
    PatternKind,
    /// `on PLATFORM` in a pattern: `Path`
    PatternOn,
    /// `postgres(version)` in a pattern: `Name Name*`
    PatternCase,
    /// `EXPR op EXPR`: `expr Operator expr`
    Binary,
    /// The operator's text: `+ - * / ++ == != < <= > >= and or ?? .. -> is in div mod`
    Operator,
    /// `-EXPR`, `not EXPR`: `Operator expr`
    Unary,
    /// `base with { … }`: `expr Body`
    With,
    /// `( EXPR )`: `expr`
    Group,

    // --- types ---------------------------------------------------------------------------------------------------------------------
    /// `string`, `terraform.aws_vpc`: `Path`
    TypeName,
    /// `range<int>`: `Path type*`
    TypeApply,
    /// `[T]`: `type`
    TypeList,
    /// `{K: T}`: `type type`
    TypeMap,
    /// `{ a: int, b: string = "x", ...T }`: `(FieldDecl | Spread | TypeSpread)* Unclosed?`
    TypeRecord,
    /// `...inputs(container)` or `...row` in a record type: `expr`
    TypeSpread,
    /// `T?`: `type`
    TypeOptional,
    /// `later T`: `type`
    TypeLater,
    /// `secret T`: `type`
    TypeSecret,
    /// `A | B`: `type+`
    TypeUnion,
    /// `"a"`, `1`: a literal as a type: `expr`
    TypeLiteral,
    /// `postgres(string)`: `Name type*`
    TypeCase,
    /// `key of m`: `expr`
    TypeKeyOf,
}

/// What a node's flags mean.
pub mod flag {
    /// `read KIND NAME`
    pub const READ: u8 = 1;
    /// `?=`
    pub const MAYBE: u8 = 2;
    /// A quoted name
    pub const QUOTED: u8 = 4;
    /// `check EXPR warn …`
    pub const WARN: u8 = 1;
    /// `out name: TYPE`
    pub const OUT: u8 = 8;
    /// `platform P` after `is`
    pub const PLATFORM: u8 = 16;
    /// `private`
    pub const PRIVATE: u8 = 32;
    /// `k => v...`
    pub const GROUP: u8 = 2;
    /// `"""`
    pub const BLOCK: u8 = 64;
    /// `r"…"`
    pub const RAW: u8 = 128;
}

/// One node. `subtree` counts the node itself and everything below it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Node {
    pub kind: Kind,
    pub flags: u8,
    pub start: u32,
    pub len: u32,
    pub subtree: u32,
}

/// A comment or a blank line between nodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Trivia {
    pub at: u32,
    pub len: u32,
    pub what: TriviaKind,
}

/// What stands between nodes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TriviaKind {
    /// `// …`
    Comment,
    /// `/// …` or `//! …`: documentation of what follows, or of the file
    Documentation,
    BlankLine,
}

/// A mistake in the shape of the text, relative to the item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    pub code: &'static str,
    pub start: u32,
    pub len: u32,
    pub message: String,
    pub help: String,
    /// The same in the language's own words.
    pub instead: Option<Instead>,
}

/// What says the same as so many bytes from the start of a mistake.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Instead {
    pub len: u32,
    pub text: &'static str,
}

/// The tree of one item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tree {
    pub text: Arc<str>,
    pub nodes: Box<[Node]>,
    pub trivia: Box<[Trivia]>,
    pub errors: Box<[SyntaxError]>,
}

impl Tree {
    /// The first node, a [`Kind::Item`].
    pub const ROOT: NodeId = NodeId(0);

    /// The node itself.
    pub fn node(&self, id: NodeId) -> Node {
        const NOTHING: Node = Node { kind: Kind::Hole, flags: 0, start: 0, len: 0, subtree: 1 };
        self.nodes.get(id.0 as usize).copied().unwrap_or(NOTHING)
    }
    /// What the node is.
    pub fn kind(&self, id: NodeId) -> Kind {
        self.node(id).kind
    }
    /// Whether a flag of [`flag`] is set.
    pub fn has(&self, id: NodeId, flag: u8) -> bool {
        self.node(id).flags & flag != 0
    }
    /// The node's text.
    pub fn text(&self, id: NodeId) -> &str {
        let node = self.node(id);
        self.text.get(node.start as usize..(node.start + node.len) as usize).unwrap_or("")
    }
    /// The direct children in order.
    pub fn children(&self, id: NodeId) -> Children<'_> {
        let node = self.node(id);
        Children { tree: self, next: id.0 + 1, end: id.0 + node.subtree }
    }
    /// The `nth` child.
    pub fn nth(&self, id: NodeId, nth: usize) -> Option<NodeId> {
        self.children(id).nth(nth)
    }
    /// The first child of this kind.
    pub fn child(&self, id: NodeId, kind: Kind) -> Option<NodeId> {
        self.children(id).find(|child| self.kind(*child) == kind)
    }
    /// All children of this kind.
    pub fn all(&self, id: NodeId, kind: Kind) -> impl Iterator<Item = NodeId> + '_ {
        self.children(id).filter(move |child| self.kind(*child) == kind)
    }
    /// The text of a `Name` without its quotes (and with its escapes resolved).
    pub fn name(&self, id: NodeId) -> String {
        let text = self.text(id);
        if self.has(id, flag::QUOTED) { crate::text::unescape(text.trim_matches('"')) } else { text.to_owned() }
    }
    /// The documentation comment (`///` lines) that ends right before this node or the item, without its slashes.
    pub fn documentation(&self, id: NodeId) -> String {
        let start = self.node(id).start;
        let mut lines = Vec::new();
        for trivia in
            self.trivia.iter().filter(|trivia| trivia.at < start.max(1) && trivia.what == TriviaKind::Documentation)
        {
            let text = self.text.get(trivia.at as usize..(trivia.at + trivia.len) as usize).unwrap_or("");
            if let Some(line) = text.strip_prefix("///") {
                // Only the run of comments that touches the node counts: what lies between must be blank or comment.
                lines.push((trivia.at, line.strip_prefix(' ').unwrap_or(line).trim_end()));
            }
        }
        let mut kept: Vec<&str> = Vec::new();
        let mut edge = start;
        for (at, line) in lines.into_iter().rev() {
            let after = at as usize + line.len();
            let between = self.text.get(after..edge as usize).unwrap_or("");
            if between.lines().skip(1).any(|line| !line.trim().is_empty() && !line.trim_start().starts_with("//")) {
                break;
            }
            kept.push(line);
            edge = at;
        }
        kept.reverse();
        kept.join("\n")
    }
}

/// Iterator over direct children.
#[derive(Clone)]
pub struct Children<'a> {
    tree: &'a Tree,
    next: u32,
    end: u32,
}

impl Iterator for Children<'_> {
    type Item = NodeId;
    fn next(&mut self) -> Option<NodeId> {
        if self.next >= self.end {
            return None;
        }
        let id = NodeId(self.next);
        self.next += self.tree.node(id).subtree.max(1);
        Some(id)
    }
}
