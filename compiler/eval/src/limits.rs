//! What a cloud refuses in its resources: longer texts than it takes, letters that it does not, and numbers below its least. The library says which:
//! `@native("terraform.aws", "limits") fn …() -> [string] = ["aws_sqs_queue.name 80 letters -_.", …]`.
//!
//! An entry is a kind (`*` for each of the provider's) with the path of a field, how much it holds, and perhaps what is counted:
//! `bytes` instead of letters; `keys` of a map; `pieces TXT`, what stands between `""` where the field `type` beside is so; or which
//! `letters` there may be beside those of the alphabet and digits, or beside `small` ones and digits. `aws_ebs_volume.size 1 least`
//! is a number that may not be less.

use std::rc::Rc;

use check::checked::NativeKind;
use graph::{OriginId, OriginTree};
use rustc_hash::FxHashMap;
use source::{Diagnostic, Name};
use value::{Value, ValueId};

use crate::evaluate::Evaluation;
use crate::frame::InstanceId;
use crate::natives::Body;
use crate::providers::of_provider;

/// The limits of each provider, by kind; `*` for all kinds.
pub(crate) type LimitsMemo = FxHashMap<(Name, Name), Rc<FxHashMap<String, Vec<Limit>>>>;

/// What one field takes.
pub(crate) struct Limit {
    path: Vec<Name>,
    bound: usize,
    counts: Counts,
}

enum Counts {
    Letters,
    Bytes,
    Keys,
    /// What stands between `""`, where `type` is so.
    Pieces(String),
    /// Letters, of which only these and those of the alphabet and digits may be.
    Only(String),
    /// The same without capitals.
    OnlySmall(String),
    /// A number that is at least so much.
    Least,
}

/// A text that is refused.
struct Refused {
    code: &'static str,
    message: String,
    help: String,
    origin: Option<OriginId>,
}

impl Evaluation<'_> {
    /// Tells what the program itself gives a native resource that its maker refuses.
    pub(crate) fn tell_limits(&mut self, id: InstanceId, native: &NativeKind, body: Body, is_adjusted: bool) {
        let Some(statement) = self.statement_of(id).filter(|of| is_adjusted || !of.place.item.is_of_library()) else {
            return;
        };
        if native.role == schema::Role::Data {
            return;
        }
        let place = statement.place;
        let limits = self.limits(native.target, native.provider);
        let mut refused = Vec::new();
        for kind in [native.name.text(), "*"] {
            for limit in limits.get(kind).into_iter().flatten() {
                self.hold(limit, &limit.path, body.value, Some(body.origin), body.value, &mut refused);
            }
        }
        for Refused { code, message, help, origin } in refused {
            let place = origin.map_or(place, |origin| self.origins.place(origin).unwrap_or(place));
            let told = self.made_for(Diagnostic::error(code, place, message).help(help), id, place);
            let _ = self.tell(told);
        }
    }

    fn limits(&mut self, target: Name, provider: Name) -> Rc<FxHashMap<String, Vec<Limit>>> {
        if let Some(known) = self.limits.get(&(target, provider)) {
            return known.clone();
        }
        let mut limits: FxHashMap<String, Vec<Limit>> = FxHashMap::default();
        for entry in self.said_of_natives("limits", &of_provider(target, provider)) {
            if let Some((kind, limit)) = Limit::read(&entry) {
                limits.entry(kind.to_owned()).or_default().push(limit);
            }
        }
        let limits = Rc::new(limits);
        self.limits.insert((target, provider), limits.clone());
        limits
    }

    /// Follows the path into a value and looks at the texts at its end.
    fn hold(
        &self,
        limit: &Limit,
        path: &[Name],
        value: ValueId,
        origin: Option<OriginId>,
        beside: ValueId,
        refused: &mut Vec<Refused>,
    ) {
        let folded = self.store.folded(value);
        match (self.store.get(folded), path) {
            (Value::List(elements), _) => {
                for (at, element) in elements.iter().enumerate() {
                    self.hold(limit, path, *element, self.element_of(origin, at), beside, refused);
                }
            }
            (Value::Record(_), [first, rest @ ..]) => {
                if let Some(field) = self.store.field(folded, *first) {
                    self.hold(limit, rest, field, self.field_of(origin, *first), folded, refused);
                }
            }
            (Value::Map(entries), []) => {
                for (key, entry) in entries.iter() {
                    let Value::Text(text) = self.store.get(*key) else { continue };
                    let origin = self.field_of(origin, Name::new(text));
                    match limit.counts {
                        Counts::Keys => refused.extend(limit.refuses(text, origin)),
                        _ => self.hold(limit, path, *entry, origin, beside, refused),
                    }
                }
            }
            (Value::Text(text), []) if !matches!(limit.counts, Counts::Keys) => {
                if let Counts::Pieces(of) = &limit.counts {
                    let said = self.store.field(beside, Name::new("type")).map(|said| self.store.folded(said));
                    if !said.is_some_and(|said| matches!(self.store.get(said), Value::Text(said) if **said == **of)) {
                        return;
                    }
                }
                refused.extend(limit.refuses(text, origin));
            }
            (Value::Int(number), []) => refused.extend(limit.too_little(*number, origin)),
            _ => {}
        }
    }

    fn field_of(&self, origin: Option<OriginId>, name: Name) -> Option<OriginId> {
        match self.origins.get(origin?) {
            Some(OriginTree::Fields(_, fields)) => {
                fields.iter().find(|field| field.0 == name).map(|field| field.1).or(origin)
            }
            Some(OriginTree::Each(_, each)) => Some(*each),
            Some(OriginTree::Leaf(_) | OriginTree::Elements(..)) | None => origin,
        }
    }

    fn element_of(&self, origin: Option<OriginId>, at: usize) -> Option<OriginId> {
        match self.origins.get(origin?) {
            Some(OriginTree::Elements(_, elements)) => elements.get(at).copied().or(origin),
            Some(OriginTree::Each(_, each)) => Some(*each),
            Some(OriginTree::Leaf(_) | OriginTree::Fields(..)) | None => origin,
        }
    }
}

impl Limit {
    /// Reads an entry; none when it has another form.
    fn read(entry: &str) -> Option<(&str, Self)> {
        let mut words = entry.splitn(4, ' ');
        let (kind, path) = words.next()?.split_once('.')?;
        let bound = words.next()?.parse().ok()?;
        let counts = match (words.next(), words.next()) {
            (None, _) => Counts::Letters,
            (Some("bytes"), None) => Counts::Bytes,
            (Some("keys"), None) => Counts::Keys,
            (Some("least"), None) => Counts::Least,
            (Some("pieces"), Some(of)) => Counts::Pieces(of.to_owned()),
            (Some("letters"), others) => Counts::Only(others.unwrap_or_default().to_owned()),
            (Some("small"), others) => Counts::OnlySmall(others.unwrap_or_default().to_owned()),
            (Some(_), _) => return None,
        };
        Some((kind, Self { path: path.split('.').map(Name::new).collect(), bound, counts }))
    }

    fn field(&self) -> String {
        self.path.iter().map(|name| name.text()).collect::<Vec<_>>().join(".")
    }

    fn too_little(&self, number: i64, origin: Option<OriginId>) -> Option<Refused> {
        let is_little =
            matches!(self.counts, Counts::Least) && i64::try_from(self.bound).is_ok_and(|least| number < least);
        is_little.then(|| Refused {
            code: "bad_scalar",
            message: format!("`{}` is {number}", self.field()),
            help: format!("{} at least", self.bound),
            origin,
        })
    }

    fn refuses(&self, text: &str, origin: Option<OriginId>) -> Option<Refused> {
        let field = self.field();
        let (count, unit) = match &self.counts {
            Counts::Bytes => (text.len(), "bytes"),
            Counts::Pieces(_) => (text.split("\"\"").map(|piece| piece.chars().count()).max().unwrap_or(0), "letters"),
            Counts::Least => return None,
            Counts::Letters | Counts::Keys | Counts::Only(_) | Counts::OnlySmall(_) => {
                (text.chars().count(), "letters")
            }
        };
        if count > self.bound {
            let what = if matches!(self.counts, Counts::Keys) { "a key of " } else { "" };
            return Some(Refused {
                code: "too_long",
                message: format!("{what}`{field}` has {count} {unit}"),
                help: match self.counts {
                    Counts::Pieces(_) => format!(
                        "{} at most: cut it with `\\\"\\\"`, and whoever asks for it puts it together",
                        self.bound
                    ),
                    _ => format!("{} at most", self.bound),
                },
                origin,
            });
        }
        let (others, small) = match &self.counts {
            Counts::Only(others) => (others, false),
            Counts::OnlySmall(others) => (others, true),
            Counts::Letters | Counts::Bytes | Counts::Keys | Counts::Pieces(_) | Counts::Least => return None,
        };
        let is_plain = |letter: &char| letter.is_ascii_alphanumeric() && !(small && letter.is_ascii_uppercase());
        let strange: char = text.chars().find(|letter| !is_plain(letter) && !others.contains(*letter))?;
        let letters = if small { "small letters" } else { "letters" };
        let others: String = others.chars().map(|letter| format!(" `{letter}`")).collect();
        Some(Refused {
            code: "wrong_name",
            message: match strange.is_control() {
                true => format!("`{field}` takes no `{}`", strange.escape_default()),
                false => format!("`{field}` takes no `{strange}`"),
            },
            help: format!(
                "{letters} and digits may stand there{}{others}",
                if others.is_empty() { "" } else { ", and" }
            ),
            origin,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_says_kind_field_and_how_much_it_holds() {
        let told = |entry: &str, text: &str| {
            let (_, limit) = Limit::read(entry).unwrap();
            limit.refuses(text, None).map(|refused| refused.message)
        };
        assert_eq!(told("a.name 3", "abcd"), Some("`name` has 4 letters".to_owned()));
        assert_eq!(told("a.name 3", "äöü"), None);
        assert_eq!(told("a.name 3 bytes", "äö"), Some("`name` has 4 bytes".to_owned()));
        assert_eq!(told("a.b.name 9 letters -_", "a b"), Some("`b.name` takes no ` `".to_owned()));
        assert_eq!(told("a.name 9 letters -_ ", "a-b_ c"), None);
        assert_eq!(told("a.name 9 small -", "a-B"), Some("`name` takes no `B`".to_owned()));
        assert_eq!(told("a.name 9 small -", "a-b1"), None);
        assert_eq!(told("a.records 3 pieces TXT", "abc\"\"abc"), None);
        let (_, limit) = Limit::read("a.size 1 least").unwrap();
        assert_eq!(limit.too_little(0, None).map(|refused| refused.message), Some("`size` is 0".to_owned()));
        assert!(limit.too_little(1, None).is_none() && limit.refuses("0", None).is_none());
        assert!(Limit::read("a.name").is_none() && Limit::read("name 3").is_none() && Limit::read("a.b 3 x").is_none());
    }
}
