//! Later values as Terraform expressions. [`template`] is what stands in a string of the JSON syntax (a bare template: no
//! backslash escapes, `${` and `%{` doubled), [`expression`] what stands inside `${ }`.
//!
//! | operation | becomes |
//! | --- | --- |
//! | reference | `aws_vpc.lan_range.id`; the one block of a list: `one(x.block[*])`, of a set that its maker fills: `one(distinct(x.block[*].y))`, an element: `tolist(x.y)[0]`, of a set: [`super::selection`]; what another tool hands over: `var.x` |
//! | `text` | a template |
//! | `json` | `jsonencode(x)` |
//! | `base64` | `base64encode(x)` |
//! | `ip`, `cidr` | the text as it is |
//! | `host_cidr` | `"${x}/32"`, `/128` where there is a colon |
//! | `index` | `x["key"]`, `x[0]` |
//! | `if` | `c ? a : b`, see [`super::choice`] |
//! | `else` | `a != null ? a : b`, likewise |
//! | `fingerprint` | `nonsensitive(sha256("KEY:${sha256("KEY:${x}")}"))`, with the key of [`super::inputs`] |
//! | `sha256` | `sha256(x)` |
//! | `lower` | `lower(x)` |
//! | `equal` | `a == b` |
//! | `parse_json` | `{ for name, member in jsondecode(x) : … }`: texts and numbers as texts, the rest as JSON, no `null` |
//! | `url_encode` | `replace(urlencode(x), "+", "%20")` |

use std::borrow::Cow;

use value::{Op, Store, Value, ValueId};

use super::choice::choice;
use super::inputs;
use super::reference::reference;
use crate::body::describe;
use crate::crossing::{Refusal, not_handed_over};
use crate::index::Index;
use crate::terraform::is_own;
use crate::terraform::variables::variable_name;

/// A literal text as a template of its own: nothing in it is an expression. Terraform takes a byte order mark at the start of a
/// template for one of the file, so it is spelt.
pub fn escape(text: &str) -> Cow<'_, str> {
    match (text.strip_prefix('\u{feff}'), doubled(text)) {
        (Some(rest), _) => Cow::Owned(with_returns(format!("${{\"\\ufeff\"}}{}", doubled(rest)))),
        (None, Cow::Owned(doubled)) => Cow::Owned(with_returns(doubled)),
        (None, plain) => plain,
    }
}

/// A literal text in a template that has other parts.
fn beside_expressions(text: &str) -> String {
    with_returns(escape(text).into_owned())
}

/// Terraform reads all that stands behind a carriage return without a line feed as it is, expressions and what is doubled too, so it
/// is spelt.
fn with_returns(template: String) -> String {
    if !template.contains('\r') {
        return template;
    }
    template.split("\r\n").map(with_returns_in_line).collect::<Vec<_>>().join("\r\n")
}

fn with_returns_in_line(line: &str) -> String {
    let mut parts: Vec<&str> = line.split('\r').collect();
    let last = parts.pop().unwrap_or_default();
    let before = parts.into_iter().map(|part| {
        // `$${` would begin no expression: dollars in front go into it.
        let plain = part.trim_end_matches('$');
        format!("{plain}${{\"{}\\r\"}}", &part[plain.len()..])
    });
    before.collect::<String>() + last
}

fn doubled(text: &str) -> Cow<'_, str> {
    if text.contains("${") || text.contains("%{") {
        Cow::Owned(text.replace("${", "$${").replace("%{", "%%{"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text of a JSON string that Terraform reads as this value.
pub fn template(index: &Index<'_>, id: ValueId) -> Result<String, Refusal> {
    match index.store.get(id) {
        Value::Op { op: Op::Text, args } if args.len() != 1 => joined(index, args, beside_expressions),
        Value::Op { op: Op::HostCidr, args } => host_range(index, args),
        _ => Ok(format!("${{{}}}", expression(index, id)?)),
    }
}

/// The expression of a value.
pub fn expression(index: &Index<'_>, id: ValueId) -> Result<String, Refusal> {
    let store = index.store;
    match store.get(id) {
        Value::Absent | Value::Null => Ok("null".to_owned()),
        Value::Bool(value) => Ok(value.to_string()),
        Value::Int(number) => Ok(number.to_string()),
        Value::Decimal(number) => Ok(number.to_plain_string()),
        Value::Text(text) => Ok(quoted(text)),
        Value::Ip(ip) => Ok(quoted(&ip.to_string())),
        Value::Cidr(range) => Ok(quoted(&range.to_string())),
        Value::Date(_) => Ok(quoted(&store.text_of(id).unwrap_or_default())),
        Value::Tagged { tag, fields } if fields.is_empty() => Ok(quoted(tag.text())),
        Value::List(elements) => {
            let elements = elements.iter().map(|element| expression(index, *element)).collect::<Result<Vec<_>, _>>()?;
            Ok(format!("[{}]", elements.join(", ")))
        }
        Value::Record(fields) => {
            let fields = fields
                .iter()
                .map(|(name, field)| Ok(format!("{} = {}", quoted(name.text()), expression(index, *field)?)));
            Ok(format!("{{ {} }}", fields.collect::<Result<Vec<_>, Refusal>>()?.join(", ")))
        }
        Value::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| Ok(format!("{} = {}", expression(index, *key)?, expression(index, *value)?)));
            Ok(format!("{{ {} }}", entries.collect::<Result<Vec<_>, Refusal>>()?.join(", ")))
        }
        Value::Ref { of, path, folded, secret } => match index.resource(*of) {
            Some((at, resource)) if is_own(resource) => {
                let label = index.label(at).map(|label| label.reference()).unwrap_or_default();
                reference(index, at, label, path)
            }
            Some((_, resource)) => match folded {
                Some(known) if !secret => expression(index, *known),
                _ if index.target(resource).is_some_and(|target| target.hands().is_some()) => {
                    Ok(format!("var.{}", variable_name(index, *of, path)))
                }
                _ => Err(not_handed_over(index, *of, resource)),
            },
            None => match index.store.input_name(*of) {
                Some(name) => Ok(inputs::reference(index.graph, name)),
                None => Err(Refusal {
                    code: "missing_resource",
                    message: format!("`{}` is read and is not in the graph", index.address(*of)),
                    help: "this is a bug in infrac".to_owned(),
                }),
            },
        },
        Value::Op { op, args } => operation(index, *op, args),
        other @ (Value::Unknown(_)
        | Value::Ratio(_)
        | Value::Size(_)
        | Value::Duration(_)
        | Value::Port { .. }
        | Value::Tagged { .. }
        | Value::Range(..)
        | Value::Instance(_)
        | Value::Endpoint(..)
        | Value::Flow { .. }
        | Value::Platform { .. }) => Err(Refusal {
            code: "not_lowered",
            message: format!("{} stands in a later value, and terraform cannot spell it", describe(other)),
            help: "say its form before it is joined with a later value, such as `.in(1GiB)` or `.seconds`".to_owned(),
        }),
    }
}

fn operation(index: &Index<'_>, op: Op, args: &[ValueId]) -> Result<String, Refusal> {
    let argument = |at: usize| match args.get(at) {
        Some(id) => expression(index, *id),
        None => Err(Refusal {
            code: "not_lowered",
            message: format!("`{}` lacks an operand", op.name()),
            help: "this is a bug in infrac".to_owned(),
        }),
    };
    let side = |at: usize| Ok::<_, Refusal>((args.get(at).copied().unwrap_or(Store::ABSENT), argument(at)?));
    Ok(match op {
        Op::Text => match args {
            // A template of one part would keep the part's type.
            [one] => format!("tostring({})", expression(index, *one)?),
            _ => format!("\"{}\"", joined(index, args, quoted_inner)?),
        },
        Op::Json => format!("jsonencode({})", argument(0)?),
        Op::Base64 => format!("base64encode({})", argument(0)?),
        Op::ParseIp | Op::ParseCidr => argument(0)?,
        Op::HostCidr => format!("\"{}\"", host_range(index, args)?),
        Op::Index => format!("{}[{}]", operand(argument(0)?), argument(1)?),
        Op::If => choice(index, &argument(0)?, side(1)?, side(2)?),
        Op::Else => choice(index, &format!("{} != null", argument(0)?), side(0)?, side(1)?),
        Op::Fingerprint => {
            let key = inputs::fingerprint_key();
            let inner = format!("sha256(\"${{{key}}}:${{{}}}\")", text_argument(index, args)?);
            format!("nonsensitive(sha256(\"${{{key}}}:${{{inner}}}\"))")
        }
        Op::Sha256 => format!("sha256({})", text_argument(index, args)?),
        Op::Lower => format!("lower({})", argument(0)?),
        // A map of texts, as `value/ops/parse_json.rs` reads it.
        Op::ParseJson => format!(
            "{{ for name, member in jsondecode({}) : name => try(tostring(member), jsonencode(member)) if member != null }}",
            argument(0)?
        ),
        // A blank becomes `+` there, which only forms read as a blank.
        Op::UrlEncode => format!("replace(urlencode({}), \"+\", \"%20\")", argument(0)?),
        Op::Equal => format!("({} == {})", argument(0)?, argument(1)?),
    })
}

/// The text of an argument; of what may be no text its JSON.
fn text_argument(index: &Index<'_>, args: &[ValueId]) -> Result<String, Refusal> {
    let Some(id) = args.first() else { return Ok("null".to_owned()) };
    let spelt = expression(index, *id)?;
    Ok(match index.store.get(*id) {
        Value::Text(_) => spelt,
        Value::Op { op, .. } if op.gives_text() => spelt,
        Value::Ref { of, .. } if index.store.input_name(*of).is_some() => spelt,
        _ => format!("try(tostring({spelt}), jsonencode({spelt}))"),
    })
}

/// The range of one address as a template; an address of version 6 has colons.
fn host_range(index: &Index<'_>, args: &[ValueId]) -> Result<String, Refusal> {
    let ip = match args.first() {
        Some(id) => expression(index, *id)?,
        None => "null".to_owned(),
    };
    Ok(format!("${{{ip}}}/${{length(regexall(\":\", {ip})) > 0 ? 128 : 32}}"))
}

/// Parts of a text as one template. Neighbouring literals are escaped together, and a `$` that would meet an interpolation is
/// written as one, since `$${` is no interpolation.
fn joined(index: &Index<'_>, parts: &[ValueId], spell: impl Fn(&str) -> String) -> Result<String, Refusal> {
    let mut text = String::new();
    let mut literal = String::new();
    for part in parts {
        match known_text(index, *part) {
            Some(known) => literal.push_str(&known),
            None => {
                let plain = literal.trim_end_matches('$');
                text.push_str(&spell(plain));
                if plain.len() < literal.len() {
                    text.push_str(&format!("${{\"{}\"}}", &literal[plain.len()..]));
                }
                literal.clear();
                text.push_str(&format!("${{{}}}", expression(index, *part)?));
            }
        }
    }
    text.push_str(&spell(&literal));
    Ok(text)
}

/// What an index may follow: a name, a call or something in brackets.
fn operand(text: String) -> String {
    if text.starts_with(['[', '{', '"']) { format!("({text})") } else { text }
}

/// The text of a part that is known, as interpolation writes it.
fn known_text(index: &Index<'_>, id: ValueId) -> Option<String> {
    match index.store.get(id) {
        Value::Text(text) => Some(text.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Int(number) => Some(number.to_string()),
        Value::Ip(ip) => Some(ip.to_string()),
        Value::Cidr(range) => Some(range.to_string()),
        Value::Date(_) => index.store.text_of(id).ok(),
        _ => None,
    }
}

/// A quoted template of HCL without any expression.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", quoted_inner(text))
}

fn quoted_inner(text: &str) -> String {
    in_quotes(&doubled(text))
}

/// A template as it stands between the quotes of an expression.
pub fn in_quotes(template: &str) -> String {
    let mut out = String::with_capacity(template.len());
    for character in template.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control.is_control() => out.push_str(&format!("\\u{:04x}", control as u32)),
            other => out.push(other),
        }
    }
    out
}
