//! What a value can be. Equal values have the same id within a store.

use bigdecimal::BigDecimal;
use ipnet::IpNet;
use source::{Name, Told};
use std::net::IpAddr;

use crate::AddressId;

/// A value in a [`crate::Store`]. Ids compare for equality only.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct ValueId(pub(crate) u32);

/// A value. Collections hold ids of the same store.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Value {
    /// `none`
    Absent,
    /// A native `null`
    Null,
    /// A mistake was told; silent from here on.
    Unknown(Told),
    Bool(bool),
    Int(i64),
    /// Exact, normalised (no trailing zeros).
    Decimal(BigDecimal),
    /// `99.9%` is the decimal 0.999.
    Ratio(BigDecimal),
    Text(Box<str>),
    /// Whole bytes.
    Size(i64),
    /// Whole nanoseconds.
    Duration(i64),
    Ip(IpAddr),
    /// Host bits are kept as written.
    Cidr(IpNet),
    /// `8000-8100/tcp`; a portless protocol (`icmp`, `proto("vrrp")`) has first = last = 0.
    Port {
        first: u16,
        last: u16,
        protocol: Name,
    },
    /// Days since 1970-01-01.
    Date(i32),
    List(Box<[ValueId]>),
    /// Sorted by the text of the names; absent fields are left out.
    Record(Box<[(Name, ValueId)]>),
    /// Sorted by the content of the keys (texts, or instances by address).
    Map(Box<[(ValueId, ValueId)]>),
    /// `postgres("16")`
    Tagged {
        tag: Name,
        fields: Box<[ValueId]>,
    },
    /// `2..10`, inclusive.
    Range(ValueId, ValueId),
    Instance(AddressId),
    /// A named port of an instance.
    Endpoint(AddressId, Name),
    /// `from -> to`: the declared flow, ends as sets (each end an Instance, Endpoint, Ip, Cidr, or the Tagged `internet`), sorted.
    /// `key` is its name, or made of what its ends are called. `alone`: those instances of loops in `from` and in `to`, or
    /// their ports, that are named one by one, and not by the statement that makes them all.
    Flow {
        from: Box<[ValueId]>,
        to: Box<[ValueId]>,
        alone: [Box<[ValueId]>; 2],
        key: ValueId,
    },
    /// A platform value: which platform (by its name, `module.name`) and its inputs (a Record), or the instance that is a platform.
    /// One that an environment lists has a name: what stands on it is identified by that and by nothing that it is made of.
    Platform {
        platform: Name,
        name: Option<Name>,
        inputs: ValueId,
        instance: Option<AddressId>,
    },
    /// A value of a resource, by reference: what decides uses `folded` when the value is known, what passes it on keeps the
    /// reference, so that order survives and the provider has the last word.
    Ref {
        of: AddressId,
        path: Box<[Step]>,
        folded: Option<ValueId>,
        secret: bool,
    },
    /// A residual: an operation of the closed algebra on at least one later value.
    Op {
        op: Op,
        args: Box<[ValueId]>,
    },
}

/// One step of the path of a reference into a resource.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Step {
    Field(Name),
    /// Position in a list.
    Index(u32),
    /// Key of a map.
    Key(Name),
    /// The one block of a list block that may stand once: `[0]` in Terraform, nothing in a folded body.
    First,
    /// A block of a set, by its position in the body that was written: the set itself has no order.
    Element(u32),
}

/// The closed algebra of operations that may remain on a later value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Op {
    /// Texts joined: any number of arguments.
    Text,
    /// `json(x)`: one argument.
    Json,
    /// `base64(x)`: one argument.
    Base64,
    /// `ip(x)` of a later text: one argument; the text is passed on as it is.
    ParseIp,
    /// `cidr(x)` of a later text.
    ParseCidr,
    /// `ip.cidr`: the single-address range of an address (`10.0.0.5` to `10.0.0.5/32`).
    HostCidr,
    /// Collection, known key (a Text or an Int).
    Index,
    /// Condition, value, value.
    If,
    /// `a ?? b`
    Else,
    /// Keyed hash of a secret text: the only way out of secrecy.
    Fingerprint,
    /// Digest of a text that is no secret.
    Sha256,
    /// Lowercase of a text.
    Lower,
    /// Equality of two values, one of them later.
    Equal,
    /// `parse_json(x)`: a text of JSON as a map of texts.
    ParseJson,
    /// `url_encode(x)`: a text as a part of a location.
    UrlEncode,
}

impl Op {
    /// All of them, in a stable order.
    pub const ALL: [Op; 15] = [
        Op::Text,
        Op::Json,
        Op::Base64,
        Op::ParseIp,
        Op::ParseCidr,
        Op::HostCidr,
        Op::Index,
        Op::If,
        Op::Else,
        Op::Fingerprint,
        Op::Sha256,
        Op::Lower,
        Op::Equal,
        Op::ParseJson,
        Op::UrlEncode,
    ];
    /// Whether it gives a text, whatever its arguments are.
    pub fn gives_text(self) -> bool {
        match self {
            Op::Text
            | Op::Json
            | Op::Base64
            | Op::HostCidr
            | Op::Fingerprint
            | Op::Sha256
            | Op::Lower
            | Op::UrlEncode => true,
            Op::ParseIp | Op::ParseCidr | Op::ParseJson | Op::Index | Op::If | Op::Else | Op::Equal => false,
        }
    }
    /// The name that messages and saved graphs use.
    pub fn name(self) -> &'static str {
        match self {
            Op::Text => "text",
            Op::Json => "json",
            Op::Base64 => "base64",
            Op::ParseIp => "ip",
            Op::ParseCidr => "cidr",
            Op::HostCidr => "host_cidr",
            Op::Index => "index",
            Op::If => "if",
            Op::Else => "else",
            Op::Fingerprint => "fingerprint",
            Op::Sha256 => "sha256",
            Op::Lower => "lower",
            Op::Equal => "equal",
            Op::ParseJson => "parse_json",
            Op::UrlEncode => "url_encode",
        }
    }
}

/// Why an operation on values failed: ten words, then what to do. The place is the caller's to add.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    pub code: &'static str,
    pub message: String,
    pub help: String,
}

impl Fault {
    /// A fault with its code, message and help.
    pub fn new(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: help.into() }
    }
}
