//! `...x` among the members of a body: what it gives, and what may be set beside it. What stands behind a spread overrides it; what
//! stands before a spread that sets it again would be lost, which is an error.

use rustc_hash::FxHashMap;
use source::{Diagnostic, Name, Place};
use syntax::NodeId;

use crate::checked::{InputPart, KindId};
use crate::checker::{Checker, Cx};
use crate::code::{Code, CodeKind, RecordPart};
use crate::kinds::KindInfo;
use crate::types::{FieldTy, RecordTy, Shape, Ty};

/// What the members of a body set so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    set: Vec<(Name, Place)>,
    /// Where each of them was set first.
    first: FxHashMap<Name, Place>,
    spread: Vec<Name>,
    /// Those of what is spread that may be absent.
    maybe: Vec<Name>,
}

impl Given {
    /// Whether a field surely has a value.
    pub fn has(&self, name: Name) -> bool {
        self.first.contains_key(&name) || self.spread.contains(&name)
    }

    /// The fields that surely have a value.
    pub fn names(&self) -> Vec<Name> {
        self.set.iter().map(|set| set.0).chain(self.spread.iter().copied()).collect()
    }

    /// One more element or entry of a field, or a field of which nothing more is told.
    pub fn adds(&mut self, name: Name, place: Place) {
        self.set.push((name, place));
        self.first.entry(name).or_insert(place);
    }

    fn is_spread(&self, name: Name) -> bool {
        self.spread.contains(&name) || self.maybe.contains(&name)
    }

    fn place_of(&self, name: Name) -> Option<Place> {
        self.first.get(&name).copied()
    }
}

impl Checker<'_> {
    /// What is spread: a record that is there. One that may be absent would take the fields that it stands for with it.
    pub(crate) fn infer_spread(&mut self, cx: &mut Cx, node: NodeId) -> (Code, Ty) {
        let (code, ty) = self.infer(cx, node, None);
        if !ty.optional || !matches!(*ty.shape, Shape::Record(_) | Shape::Row { .. } | Shape::Instance { .. }) {
            return (code, ty);
        }
        let place = cx.place(self, node);
        let help = "say what stands there then: `...(x ?? { … })`, or look first with `if x != none`";
        let told = self.error("may_be_absent", place, "what is spread here may be absent", help);
        self.unknown(place, told)
    }

    /// Notes that a field is set, which overrides what was spread before; told when it was set by itself before.
    pub(crate) fn gives(&mut self, given: &mut Given, name: Name, place: Place) {
        if let Some(before) = given.place_of(name) {
            self.tell_set_twice(name, place, before);
        }
        given.adds(name, place);
    }

    /// Notes that parts of a field are set, as in `a.b = 1`; told when it was set as a whole before.
    pub(crate) fn gives_part(&mut self, given: &mut Given, name: Name, place: Place) {
        if given.place_of(name).is_none() && given.is_spread(name) {
            self.error(
                "set_twice",
                place,
                format!("`{name}` is set in part, and as a whole by what is spread"),
                format!("change what is spread: `...(x with {{ {name}.… = … }})`, or set all of it: `{name} = …`"),
            );
        }
        self.gives(given, name, place);
    }

    /// Notes that a field is spread; told when it was set before.
    pub(crate) fn gives_spread(&mut self, given: &mut Given, field: &FieldTy, place: Place) {
        if let Some(before) = given.place_of(field.name) {
            let name = field.name;
            self.told.tell(
                Diagnostic::error("set_twice", place, format!("`{name}` is set again by what is spread"))
                    .label("set again here")
                    .also(before, "set first here")
                    .help(format!("write `{name}` behind what is spread: what stands behind overrides it")),
            );
        }
        if field.ty.optional { given.maybe.push(field.name) } else { given.spread.push(field.name) }
    }

    /// `...record` in the braces of an instance: each of its fields is an input.
    pub(crate) fn spread_inputs(
        &mut self,
        cx: &mut Cx,
        expression: NodeId,
        (info, kind): (&KindInfo, KindId),
        given: &mut Given,
        parts: &mut Vec<InputPart>,
    ) {
        let at = cx.place(self, expression);
        let (code, ty) = self.infer_spread(cx, expression);
        match &*ty.shape {
            Shape::Record(record) => {
                if !info.broken {
                    let to = format!("inputs({})", self.kind_name(kind));
                    let names: Vec<Name> = info.inputs.iter().map(|input| input.name).collect();
                    self.tell_not_taken(cx, expression, record, &to, &names);
                }
                for field in &record.fields {
                    if info.input(field.name).is_none() {
                        continue;
                    }
                    let Some(input) = self.input_of(info, kind, field.name, at) else { continue };
                    self.gives_spread(given, field, at);
                    let target = if field.ty.optional { input.ty.clone().maybe() } else { input.ty.clone() };
                    let part = self.fit(part_of(&code, field.name, at), &field.ty, &target, at, cx);
                    parts.push(InputPart::Field { name: field.name, code: part, maybe: field.ty.optional });
                }
            }
            // Whatever it was meant to give, nothing is missing because of it.
            Shape::Unknown(_) => info.inputs.iter().for_each(|input| given.spread.push(input.name)),
            shape => {
                let to = format!("inputs({})", self.kind_name(kind));
                self.tell_no_record(cx, expression, shape, &to, "spread a record whose fields are fields of the kind");
                info.inputs.iter().for_each(|input| given.spread.push(input.name));
            }
        }
    }

    /// Tells of the fields of what is spread that are none of `names`; false when there are none.
    pub(crate) fn tell_not_taken(
        &mut self,
        cx: &Cx,
        expression: NodeId,
        record: &RecordTy,
        to: &str,
        names: &[Name],
    ) -> bool {
        let other: Vec<&str> =
            record.fields.iter().filter(|field| !names.contains(&field.name)).map(|field| field.name.text()).collect();
        let [first, rest @ ..] = other.as_slice() else { return false };
        let text = cx.tree.text(expression);
        let text = if text.contains('\n') || text.len() > 40 { "…" } else { text };
        let cut = format!("cut it to what stands here: `...{text}.only({to})`");
        let close = source::did_you_mean(first, names.iter().map(|name| name.text())).filter(|_| rest.is_empty());
        let help = match close {
            Some(close) => format!("did you mean `{close}`? Or {cut}"),
            None => cut,
        };
        let list = source::list_of(other.iter().copied());
        let message = format!("what is spread has {list}, which cannot stand here");
        self.error("unknown_field", cx.place(self, expression), message, help);
        true
    }

    /// Tells that only records can be spread.
    pub(crate) fn tell_no_record(&mut self, cx: &Cx, expression: NodeId, shape: &Shape, to: &str, help: &str) {
        let place = cx.place(self, expression);
        let text = cx.tree.text(expression);
        let (what, help) = match shape {
            Shape::Instance { kind, .. } => {
                let name = self.kind_name(*kind);
                (format!("an instance of `{name}`"), format!("spread its inputs: `...{text}.only({to})`"))
            }
            shape => (self.show(&crate::types::Ty::new(shape.clone())), help.to_owned()),
        };
        self.error("not_a_record", place, format!("only a record can be spread here, found {what}"), help);
    }
}

/// The code of one field of a record; of a literal that of the field itself, so that asking for it asks for no other.
pub(crate) fn part_of(record: &Code, name: Name, at: Place) -> Code {
    if let CodeKind::Record(parts) = &*record.kind {
        let mut found = None;
        for part in parts {
            match part {
                RecordPart::Field { name: field, code, .. } if *field == name && found.is_none() => found = Some(code),
                RecordPart::Field { name: field, .. } if *field != name => {}
                // It is spread, or overridden.
                RecordPart::Field { .. } | RecordPart::Spread(_) => {
                    return Code::new(at, CodeKind::Field { of: record.clone(), name, secret: false });
                }
            }
        }
        if let Some(code) = found {
            return code.clone();
        }
    }
    Code::new(at, CodeKind::Field { of: record.clone(), name, secret: false })
}
