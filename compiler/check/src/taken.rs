//! The inputs of a kind as a type, `inputs(KIND)`: a kind may take another's, and a record or an instance is cut to them.

use std::rc::Rc;

use source::{Name, Place};
use syntax::NodeId;

use crate::calls::Argument;
use crate::checked::KindId;
use crate::checker::{Checker, Cx, Progress};
use crate::code::{Code, CodeKind, RecordPart};
use crate::declare::TypeName;
use crate::kinds::InputInfo;
use crate::types::{FieldTy, RecordTy, Shape, Ty};

impl Checker<'_> {
    /// `inputs(KIND)`, by the text of the kind.
    pub(crate) fn inputs_of_kind(&mut self, cx: &Cx, text: &str, place: Place) -> Ty {
        match self.lookup_type_text(cx.at.scope, text) {
            Some(TypeName::Kind(kind)) => self.inputs_type(kind, place),
            _ => Ty::unknown(self.unknown_type(cx.at.scope, text, place, "kind")),
        }
    }

    /// The record of a kind's inputs: those with a default may be left out.
    fn inputs_type(&mut self, kind: KindId, place: Place) -> Ty {
        if let Some(told) = self.takes_itself(kind, place) {
            return Ty::unknown(told);
        }
        let info = self.kind_info(kind);
        let field = |input: &InputInfo| {
            let ty = if input.required() { input.ty.clone() } else { input.ty.clone().maybe() };
            FieldTy { name: input.name, ty, default: None }
        };
        Ty::new(Shape::Record(Rc::new(RecordTy { fields: info.inputs.iter().map(field).collect() })))
    }

    fn takes_itself(&mut self, kind: KindId, place: Place) -> Option<source::Told> {
        if !matches!(self.kind_infos.get(&kind), Some(Progress::Started)) {
            return None;
        }
        let name = self.kind_name(kind);
        Some(self.error(
            "circle",
            place,
            format!("the inputs of `{name}` are among themselves"),
            "a kind cannot take its own inputs, also not through another kind",
        ))
    }

    /// `...inputs(KIND)` in a kind: its inputs with their defaults and constraints.
    pub(crate) fn take_inputs(&mut self, cx: &Cx, member: NodeId, inputs: &mut Vec<InputInfo>) {
        let tree = cx.tree.clone();
        let Some(of) = tree.children(member).next() else { return };
        let place = cx.place(self, of);
        let text = tree.text(of);
        let kind = text.strip_prefix("inputs(").and_then(|rest| rest.strip_suffix(')')).map(str::trim);
        let Some(kind) = kind else {
            self.error(
                "misplaced",
                place,
                format!("`{text}` cannot be spread in a kind"),
                "a kind takes the inputs of another: `...inputs(container)`",
            );
            return;
        };
        let Some(TypeName::Kind(kind)) = self.lookup_type_text(cx.at.scope, kind) else {
            self.unknown_type(cx.at.scope, kind, place, "kind");
            return;
        };
        if self.takes_itself(kind, place).is_some() {
            return;
        }
        for input in &self.kind_info(kind).inputs {
            match inputs.iter().find(|other| other.name == input.name) {
                // Both kinds have it from one that they are.
                Some(other) if (other.at, other.node) == (input.at, input.node) => {}
                Some(_) => self.tell_field_twice(cx, member, input.name),
                None => inputs.push(input.clone()),
            }
        }
    }

    /// Takes out what a field of the same name replaces, when that was taken from another kind: its default and what else is said of
    /// it is replaced, not its type. Gives the role that the field then has, and its type.
    pub(crate) fn replace_taken(
        &mut self,
        cx: &Cx,
        inputs: &mut Vec<InputInfo>,
        name: Name,
        ty: Ty,
        node: NodeId,
    ) -> (Option<Name>, Ty) {
        let Some(at) = inputs.iter().position(|input| input.name == name && input.at != cx.at) else {
            return (None, ty);
        };
        let taken = inputs.remove(at);
        if taken.ty == ty || ty.is_unknown() || taken.ty.is_unknown() {
            return (taken.role, ty);
        }
        let (place, shown) = (cx.place(self, node), self.show(&taken.ty));
        let told = self.error(
            "type_mismatch",
            place,
            format!("`{name}` is taken from another kind, where it is {}", crate::types::with_article(&shown)),
            format!("keep its type, `{name}: {shown}`, or choose another name"),
        );
        (taken.role, Ty::unknown(told))
    }

    /// Tells of a field that is declared again, by itself or by what is spread.
    pub(crate) fn tell_field_twice(&mut self, cx: &Cx, member: NodeId, name: Name) {
        let place = cx.place(self, member);
        self.error(
            "declared_twice",
            place,
            format!("the field `{name}` is declared twice"),
            "remove one of the two; a field that stands behind `...` replaces one of the same name",
        );
    }

    /// `x.only(TYPE)`: the fields of a record, or the inputs of an instance, that a record type has.
    pub(crate) fn only(&mut self, cx: &mut Cx, receiver: NodeId, args: &[Argument], place: Place) -> (Code, Ty) {
        let (code, ty) = self.infer(cx, receiver, None);
        if let Shape::Unknown(told) = *ty.shape {
            return self.unknown(place, told);
        }
        if ty.optional {
            let told = self.error("may_be_absent", place, "this may be absent", "look first with `if x != none`");
            return self.unknown(place, told);
        }
        let [arg] = args else {
            let told = self.error(
                "wrong_arguments",
                place,
                "`only` takes a type of records",
                "say which fields are wanted: `x.only(inputs(container))`",
            );
            return self.unknown(place, told);
        };
        let wanted = self.spread_type(cx, arg.node);
        let at = cx.place(self, arg.node);
        match &*wanted.shape {
            Shape::Record(wanted) => self.cut(cx, (code, ty), wanted, place),
            Shape::Unknown(told) => self.unknown(place, *told),
            _ => {
                let shown = self.show(&wanted);
                let told = self.error(
                    "not_a_record",
                    at,
                    format!("{} has no fields", crate::types::with_article(&shown)),
                    "say a type of records: `x.only(inputs(container))`",
                );
                self.unknown(place, told)
            }
        }
    }

    fn cut(&mut self, cx: &mut Cx, (code, ty): (Code, Ty), wanted: &RecordTy, place: Place) -> (Code, Ty) {
        let all: Vec<FieldTy> = match &*ty.shape {
            Shape::Record(record) => record.fields.clone(),
            Shape::Instance { kind, .. } => {
                let info = self.kind_info(*kind);
                info.inputs
                    .iter()
                    .map(|input| FieldTy { name: input.name, ty: input.ty.clone(), default: None })
                    .collect()
            }
            _ => {
                let shown = self.show(&ty);
                let told = self.error(
                    "not_a_record",
                    place,
                    format!("{} has no fields", crate::types::with_article(&shown)),
                    "`only` cuts records and the inputs of instances",
                );
                return self.unknown(place, told);
            }
        };
        let kept: Vec<FieldTy> =
            all.into_iter().filter(|field| wanted.fields.iter().any(|other| other.name == field.name)).collect();
        if kept.is_empty() {
            let names = source::list_of(wanted.fields.iter().map(|field| field.name.text()));
            let told = self.error("unknown_field", place, "nothing is left of it", format!("the fields are {names}"));
            return self.unknown(place, told);
        }
        let mut parts = Vec::new();
        let mut fields = Vec::new();
        for field in kept {
            let (part, ty) = self.field_of(cx, code.clone(), &ty, field.name, place);
            parts.push(RecordPart::Field { name: field.name, code: part, maybe: ty.optional });
            fields.push(FieldTy { name: field.name, ty, default: None });
        }
        (Code::new(place, CodeKind::Record(parts)), Ty::new(Shape::Record(Rc::new(RecordTy { fields }))))
    }
}
