//! Values as the user would write them, for messages, examples and the shell; and the texts that values have in a `"${…}"`.

use bigdecimal::BigDecimal;

use crate::scalars::{DURATION_UNITS, SIZE_UNITS, date_text};
use crate::{AddressId, Fault, Op, Step, Store, Value, ValueId};

/// No text is longer: a value is a shared graph, and what it says may be exponentially larger than what it holds.
const LONGEST: usize = 64 << 20;
/// What fits a message.
const SHORT: usize = 60;
/// Deeper parts are shown as `…`.
const DEEPEST: usize = 256;

impl Store {
    /// The value as the user would write it: `4GiB`, `"text"`, `[1, 2]`, `{ a = 1 }`, `front["a"]`, `vm.id (known after apply)`.
    pub fn show(&self, id: ValueId) -> String {
        self.show_within(id, LONGEST)
    }
    /// The same in at most about 60 letters, for a message.
    pub fn show_short(&self, id: ValueId) -> String {
        self.show_within(id, SHORT)
    }
    /// The same in at most so many bytes; what is left out is `…`.
    pub fn show_within(&self, id: ValueId, limit: usize) -> String {
        let mut writer = Writer { store: self, out: String::new(), limit, full: false };
        writer.value(id, 0);
        writer.out
    }
    /// A reference without its stage: `vm.private_ip`, `subnet["a"].tags["Name"]`.
    pub fn path_text(&self, of: AddressId, path: &[Step]) -> String {
        let mut text = self.address_text(of);
        for step in path {
            match step {
                Step::Field(name) => text.push_str(&format!(".{}", name_text(name.text()))),
                Step::Index(at) | Step::Element(at) => text.push_str(&format!("[{at}]")),
                Step::Key(key) => text.push_str(&format!("[{}]", quoted(key.text()))),
                // A block that stands once is read as a record.
                Step::First => {}
            }
        }
        text
    }
    /// The text that a value has in an interpolation. Durations, sizes, ratios, decimals and ports must say their form.
    pub fn text_of(&self, id: ValueId) -> Result<String, Fault> {
        let id = self.folded(id);
        let form = |what: &str, how: &str| {
            Err(Fault::new(
                "say_form",
                format!("{what} has several forms as a text: `{}`", self.show_short(id)),
                format!("say which: {how}"),
            ))
        };
        match self.get(id) {
            Value::Text(text) => Ok(text.to_string()),
            Value::Int(number) => Ok(number.to_string()),
            Value::Bool(answer) => Ok(answer.to_string()),
            Value::Ip(address) => Ok(address.to_string()),
            Value::Cidr(range) => Ok(range.to_string()),
            Value::Date(days) => Ok(date_text(*days)),
            Value::Decimal(_) => form("a decimal", "`.text(places = 2)`, `.exact`, `.round(0)`"),
            Value::Ratio(_) => form("a ratio", "`.percent` or `.decimal`, and then `.exact`"),
            Value::Size(_) => form("a size", "`.in(MiB)`, `.bytes`, `.kubernetes`"),
            Value::Duration(_) => form("a duration", "`.seconds`, `.prometheus`, `.go`, `.iso8601`"),
            Value::Port { .. } => form("a port", "`.first`, `.last`, `.protocol`"),
            Value::Range(..) => form("a range", "`.first`, `.last`"),
            Value::Instance(_) => form("an instance", "`key_of(x)`, `name_of(x)`, or one of its fields"),
            Value::Endpoint(..) => form("an endpoint", "`url_of(x)`, or `address_of(x)` and the port's number"),
            Value::List(_) => form("a list", "`join(list, \", \")` or `json(list)`"),
            Value::Record(_) | Value::Map(_) => form("a record", "`json(x)` or one of its fields"),
            Value::Tagged { fields, tag } if fields.is_empty() => Ok(tag.text().to_owned()),
            Value::Tagged { .. } => form("a tagged value", "use `match` to reach what is in it"),
            Value::Flow { .. } | Value::Platform { .. } => form("this value", "one of its fields"),
            Value::Absent | Value::Null => Err(Fault::new(
                "absent_value",
                "an absent value has no text",
                "say what stands for it: `${x ?? \"-\"}`",
            )),
            Value::Unknown(_) => Ok("…".to_owned()),
            Value::Ref { .. } | Value::Op { .. } => Err(Fault::new(
                "later_value",
                format!("`{}` has no text yet", self.show_short(id)),
                "use a value that is known before anything is applied",
            )),
        }
    }
}

/// A text in quotation marks, with the language's escapes.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '$' if letters.peek() == Some(&'{') => out.push_str("\\$"),
            letter if letter.is_control() => out.push_str(&format!("\\u{{{:x}}}", letter as u32)),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// A size in the unit that gives the smallest whole number: `4GiB`, `10GB`, `1536MiB`.
pub fn size_text(bytes: i64) -> String {
    measure_text(bytes, SIZE_UNITS.iter().rev().copied(), "B")
}

/// A duration in the largest unit that gives a whole number, days at most: `1d`, `90min`, `300ms`.
pub fn duration_text(nanoseconds: i64) -> String {
    measure_text(nanoseconds, DURATION_UNITS.iter().rev().filter(|unit| unit.0 != "w").copied(), "s")
}

/// A number in plain digits, without exponent.
pub fn number_text(number: &BigDecimal) -> String {
    number.normalized().to_plain_string()
}

fn measure_text(amount: i64, units: impl Iterator<Item = (&'static str, i64)>, zero: &str) -> String {
    if amount == 0 {
        return format!("0{zero}");
    }
    let best =
        units.filter(|(_, factor)| amount % factor == 0).min_by_key(|(_, factor)| (amount / factor).unsigned_abs());
    best.map_or_else(String::new, |(name, factor)| format!("{}{name}", amount / factor))
}

/// A name as a field: bare when it is a word, else in quotation marks.
fn name_text(name: &str) -> String {
    let word = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if word { name.to_owned() } else { quoted(name) }
}

struct Writer<'a> {
    store: &'a Store,
    out: String,
    limit: usize,
    full: bool,
}

impl Writer<'_> {
    fn put(&mut self, text: &str) {
        if self.full {
            return;
        }
        let room = self.limit.saturating_sub(self.out.len());
        if text.len() <= room {
            self.out.push_str(text);
            return;
        }
        let mut end = room;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        self.out.push_str(text.get(..end).unwrap_or(""));
        self.out.push('…');
        self.full = true;
    }

    fn value(&mut self, id: ValueId, depth: usize) {
        if self.full {
            return;
        }
        if depth > DEEPEST {
            return self.put("…");
        }
        let store = self.store;
        match store.get(id) {
            Value::Absent => self.put("none"),
            Value::Null => self.put("null"),
            Value::Unknown(_) => self.put("unknown"),
            Value::Bool(answer) => self.put(if *answer { "true" } else { "false" }),
            Value::Int(number) => self.put(&number.to_string()),
            Value::Decimal(number) => self.put(&number_text(number)),
            Value::Ratio(number) => self.put(&format!("{}%", number_text(&(number * BigDecimal::from(100))))),
            Value::Text(text) => {
                // Of a long text only the beginning is quoted.
                let end = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= self.limit).last().unwrap_or(0);
                let whole = text.len() <= self.limit;
                self.put(&quoted(if whole { text } else { text.get(..end).unwrap_or("") }));
                if !whole {
                    self.put("…");
                }
            }
            Value::Size(bytes) => self.put(&size_text(*bytes)),
            Value::Duration(nanoseconds) => self.put(&duration_text(*nanoseconds)),
            Value::Ip(address) => self.put(&address.to_string()),
            Value::Cidr(range) => self.put(&range.to_string()),
            Value::Port { first: 0, protocol, .. } => match protocol.text() {
                name @ ("icmp" | "icmpv6") => self.put(name),
                name => self.put(&format!("proto({})", quoted(name))),
            },
            Value::Port { first, last, protocol } if first == last => self.put(&format!("{first}/{protocol}")),
            Value::Port { first, last, protocol } => self.put(&format!("{first}-{last}/{protocol}")),
            Value::Date(days) => self.put(&date_text(*days)),
            Value::List(elements) => self.all("[", elements, "]", depth),
            Value::Record(fields) => self.members(fields.iter().map(|(name, id)| (Some(name.text()), *id, *id)), depth),
            Value::Map(entries) => self.members(
                entries.iter().map(|(key, id)| match store.get(*key) {
                    Value::Text(text) => (Some(&**text), *key, *id),
                    _ => (None, *key, *id),
                }),
                depth,
            ),
            Value::Tagged { tag, fields } => {
                self.put(tag.text());
                if !fields.is_empty() {
                    self.all("(", fields, ")", depth);
                }
            }
            Value::Range(first, last) => {
                self.value(*first, depth + 1);
                self.put("..");
                self.value(*last, depth + 1);
            }
            Value::Instance(address) => self.put(&store.address_text(*address)),
            Value::Endpoint(address, port) => {
                self.put(&format!("{}.{}", store.address_text(*address), name_text(port.text())))
            }
            Value::Flow { from, to, .. } => {
                self.end(from, depth);
                self.put(" -> ");
                self.end(to, depth);
            }
            Value::Platform { instance: Some(address), .. } => self.put(&store.address_text(*address)),
            Value::Platform { platform, inputs, instance: None, .. } => {
                self.put(platform.text());
                self.put("(");
                if let Value::Record(fields) = store.get(*inputs) {
                    for (nth, (name, id)) in fields.iter().enumerate() {
                        self.put(if nth > 0 { ", " } else { "" });
                        self.put(&format!("{} = ", name_text(name.text())));
                        self.value(*id, depth + 1);
                    }
                }
                self.put(")");
            }
            Value::Ref { folded: Some(known), secret: false, .. } => self.value(*known, depth + 1),
            Value::Ref { secret, .. } => {
                self.later(id, depth);
                self.put(if *secret { " (secret)" } else { " (known after apply)" });
            }
            Value::Op { .. } => {
                self.later(id, depth);
                self.put(if store.holds(id).secret() { " (secret)" } else { " (known after apply)" });
            }
        }
    }

    /// A part of a residual, without its stage, which is said once at the end.
    fn later(&mut self, id: ValueId, depth: usize) {
        if self.full {
            return;
        }
        if depth > DEEPEST {
            return self.put("…");
        }
        let store = self.store;
        match store.get(id) {
            Value::Ref { of, path, .. } => self.put(&store.path_text(*of, path)),
            Value::Op { op: Op::Text, args } => {
                self.put("\"");
                for part in args {
                    if let Value::Text(text) = store.get(*part) {
                        let inner = quoted(text);
                        self.put(inner.get(1..inner.len().saturating_sub(1)).unwrap_or(""));
                    } else {
                        self.put("${");
                        self.later(*part, depth + 1);
                        self.put("}");
                    }
                }
                self.put("\"");
            }
            Value::Op { op, args } => {
                let (before, between, after) = match op {
                    Op::Index => ("", "[", "]"),
                    Op::Else => ("", " ?? ", ""),
                    Op::Equal => ("", " == ", ""),
                    Op::HostCidr => ("", "", ".cidr"),
                    Op::Lower => ("", "", ".lower"),
                    Op::If => ("if ", ", ", ""),
                    Op::Text
                    | Op::Json
                    | Op::Base64
                    | Op::ParseIp
                    | Op::ParseCidr
                    | Op::Fingerprint
                    | Op::Sha256
                    | Op::ParseJson
                    | Op::UrlEncode => {
                        self.put(op.name());
                        ("(", ", ", ")")
                    }
                };
                self.put(before);
                for (nth, part) in args.iter().enumerate() {
                    self.put(match (op, nth) {
                        (_, 0) => "",
                        (Op::If, 1) => " then ",
                        (Op::If, _) => " else ",
                        _ => between,
                    });
                    self.later(*part, depth + 1);
                }
                self.put(after);
            }
            _ => self.value(id, depth),
        }
    }

    fn all(&mut self, open: &str, elements: &[ValueId], close: &str, depth: usize) {
        self.put(open);
        for (nth, element) in elements.iter().enumerate() {
            if self.full {
                return;
            }
            self.put(if nth > 0 { ", " } else { "" });
            self.value(*element, depth + 1);
        }
        self.put(close);
    }

    /// Name (or a key that is no text) and value of each member.
    fn members<'b>(&mut self, members: impl Iterator<Item = (Option<&'b str>, ValueId, ValueId)>, depth: usize) {
        let mut any = false;
        for (name, key, id) in members {
            if self.full {
                return;
            }
            self.put(if any { ", " } else { "{ " });
            any = true;
            match name {
                Some(name) => self.put(&format!("{} = ", name_text(name))),
                None => {
                    self.value(key, depth + 1);
                    self.put(" => ");
                }
            }
            self.value(id, depth + 1);
        }
        self.put(if any { " }" } else { "{}" });
    }

    fn end(&mut self, ends: &[ValueId], depth: usize) {
        match ends {
            [end] => self.value(*end, depth + 1),
            ends => self.all("[", ends, "]", depth),
        }
    }
}

#[cfg(test)]
mod tests {
    use source::Name;

    use super::*;
    use crate::Address;

    #[test]
    fn values_are_shown_as_they_are_written() {
        let mut store = Store::default();
        let one = store.add(Value::Int(1));
        let text = store.text("a \"b\"\n${c} $d");
        let list = store.list([one, text]);
        let record = store.record(vec![(Name::new("b-c"), list), (Name::new("a"), one)]);
        assert_eq!(store.show(record), r#"{ a = 1, "b-c" = [1, "a \"b\"\n\${c} $d"] }"#);
        let empty = store.record(vec![]);
        assert_eq!(store.show(empty), "{}");
        assert_eq!(store.show(Store::ABSENT), "none");
        let front = store.address(Address { parent: None, name: Name::new("front"), key: Some(Name::new("a")) });
        let front = store.add(Value::Instance(front));
        let map = store.map(vec![(front, one)]);
        assert_eq!(store.show(map), "{ front[\"a\"] => 1 }");
        for (bytes, text) in [
            (0, "0B"),
            (1024, "1KiB"),
            (1000, "1kB"),
            (10_000_000_000, "10GB"),
            (3 << 29, "1536MiB"),
            (1, "1B"),
            (-(4 << 30), "-4GiB"),
        ] {
            assert_eq!(size_text(bytes), text);
        }
        for (nanoseconds, text) in [
            (0, "0s"),
            (86_400_000_000_000, "1d"),
            (5_400_000_000_000, "90min"),
            (300_000_000, "300ms"),
            (604_800_000_000_000, "7d"),
        ] {
            assert_eq!(duration_text(nanoseconds), text);
        }
    }

    #[test]
    fn later_values_say_their_stage_once() {
        let mut store = Store::default();
        let vm = store.address(Address { parent: None, name: Name::new("vm"), key: None });
        let ip = store.add(Value::Ref {
            of: vm,
            path: [Step::Field(Name::new("private_ip"))].into(),
            folded: None,
            secret: false,
        });
        assert_eq!(store.show(ip), "vm.private_ip (known after apply)");
        let parsed = store.add(Value::Op { op: Op::ParseIp, args: [ip].into() });
        let host = store.add(Value::Op { op: Op::HostCidr, args: [parsed].into() });
        assert_eq!(store.show(host), "ip(vm.private_ip).cidr (known after apply)");
        let port = store.text(":80");
        let text = store.add(Value::Op { op: Op::Text, args: [ip, port].into() });
        assert_eq!(store.show(text), "\"${vm.private_ip}:80\" (known after apply)");
        let password = store.add(Value::Ref {
            of: vm,
            path: [Step::Field(Name::new("password"))].into(),
            folded: Some(port),
            secret: true,
        });
        assert_eq!(store.show(password), "vm.password (secret)");
        let known = store.add(Value::Ref {
            of: vm,
            path: [Step::Field(Name::new("name"))].into(),
            folded: Some(port),
            secret: false,
        });
        assert_eq!(store.show(known), "\":80\"");
    }

    #[test]
    fn what_is_exponentially_large_is_cut() {
        let mut store = Store::default();
        let mut list = store.text("x");
        for _ in 0..200 {
            list = store.list([list, list]);
        }
        assert!(store.show_short(list).len() < 80);
        assert!(store.show_within(list, 10_000).ends_with('…'));
        let long = store.text("é".repeat(1000));
        assert!(store.show_short(long).len() < 80);
    }

    #[test]
    fn what_has_several_forms_must_say_which() {
        let mut store = Store::default();
        let size = store.add(Value::Size(1 << 30));
        let fault = store.text_of(size).unwrap_err();
        assert_eq!(
            fault,
            Fault::new(
                "say_form",
                "a size has several forms as a text: `1GiB`",
                "say which: `.in(MiB)`, `.bytes`, `.kubernetes`"
            )
        );
        let date = store.add(Value::Date(0));
        assert_eq!(store.text_of(date).unwrap(), "1970-01-01");
    }
}
