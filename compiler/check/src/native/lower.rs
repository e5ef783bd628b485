//! Lowering: a value of the language becomes what the target writes for it, by the schema's type and the table of spellings
//! that the standard library holds (`@lower`).

use schema::{FieldType, Row};
use source::{Diagnostic, Name, Place};
use value::Value;

use super::Target;
use crate::checked::FunctionId;
use crate::checker::{Checker, Cx, Work};
use crate::code::{Code, CodeKind, Conversion, ListPart, Loop, MapPart, RecordPart, Scalar};
use crate::types::{Shape, Stage, Ty};

impl Checker<'_> {
    pub(super) fn lower_map(&mut self, cx: &mut Cx, code: Code, ty: &Ty, of: Target, place: Place) -> Option<Code> {
        match &*ty.shape {
            Shape::Map { value, .. } => {
                let value = value.clone();
                let key_slot = cx.bind(Name::new(""), Ty::string());
                let slot = cx.bind(Name::new(""), value.clone());
                let lowered = self.lower(cx, Code::new(place, CodeKind::Local(slot)), &value, of, false, place);
                if matches!(*lowered.kind, CodeKind::Local(same) if same == slot) {
                    return Some(code);
                }
                let part =
                    MapPart::Entry { key: Code::new(place, CodeKind::Local(key_slot)), value: lowered, maybe: false };
                let each = Loop { key: Some(key_slot), value: slot, collection: code };
                Some(Code::new(
                    place,
                    CodeKind::Map(vec![MapPart::For { each, condition: None, part: Box::new(part) }]),
                ))
            }
            Shape::Record(record) => {
                let record = record.clone();
                let mut parts = Vec::new();
                for field in &record.fields {
                    let part = Code::new(place, CodeKind::Field { of: code.clone(), name: field.name, secret: false });
                    let value = self.lower(cx, part, &field.ty, of, field.ty.optional, place);
                    parts.push(MapPart::Entry {
                        key: Code::new(place, CodeKind::Const(Value::Text(field.name.text().into()))),
                        value,
                        maybe: field.ty.optional,
                    });
                }
                Some(Code::new(place, CodeKind::Map(parts)))
            }
            _ => None,
        }
    }

    /// Brings a value of the language to the vocabulary of a target.
    pub(crate) fn lower(
        &mut self,
        cx: &mut Cx,
        code: Code,
        ty: &Ty,
        target: Target,
        maybe: bool,
        place: Place,
    ) -> Code {
        if ty.is_unknown() {
            return code;
        }
        if matches!(*ty.shape, Shape::Null) {
            return code;
        }
        if ty.optional || matches!(*ty.shape, Shape::None) {
            if !maybe {
                let told = self.error(
                    "may_be_absent",
                    place,
                    "this may be absent",
                    "leave the field out in that case: write it with `?=`; or say what then with `??`",
                );
                return Code::new(place, CodeKind::Unknown(told));
            }
            if matches!(*ty.shape, Shape::None) {
                return code;
            }
            let inner = ty.clone().present();
            let slot = cx.bind(Name::new(""), inner.clone());
            let lowered = self.lower(cx, Code::new(place, CodeKind::Local(slot)), &inner, target, false, place);
            if matches!(*lowered.kind, CodeKind::Local(same) if same == slot) {
                return code;
            }
            return Code::new(place, CodeKind::IfPresent { of: code, slot, then: lowered });
        }
        if ty.stage == Stage::Secret && !target.sensitive {
            let told = self.told.tell(
                Diagnostic::error("secret_exposed", place, "a secret cannot stand here, where it would be shown")
                    .help("its maker does not mark this field as sensitive: put the secret where one belongs, or show only its `fingerprint(x)`"),
            );
            return Code::new(place, CodeKind::Unknown(told));
        }
        let code = match is_measure(target.ty, ty.as_scalar()) && !is_meant(&code) {
            true => Code::new(place, CodeKind::Convert { how: Conversion::Measured, code }),
            false => code,
        };
        match self.try_lower(cx, code, ty, target, place) {
            Ok(code) => code,
            Err(told) => Code::new(place, CodeKind::Unknown(told)),
        }
    }

    pub(super) fn try_lower(
        &mut self,
        cx: &mut Cx,
        code: Code,
        ty: &Ty,
        target: Target,
        place: Place,
    ) -> Result<Code, source::Told> {
        if let Shape::Union(parts) = &*ty.shape
            && ty.as_scalar().is_none()
        {
            // Each part must be the same in the target as it stands; only then does one code serve all.
            for part in parts {
                let lowered = self.try_lower(cx, code.clone(), part, target, place)?;
                if lowered.kind_differs(&code) {
                    let shown = self.show(ty);
                    return Err(self.error(
                        "type_mismatch",
                        place,
                        format!("a {shown} cannot be written to one native field"),
                        "decide with `match` which it is",
                    ));
                }
            }
            return Ok(code);
        }
        let scalar = ty.as_scalar();
        let forms: &[&str] = match target.ty {
            FieldType::String | FieldType::Enum(_) | FieldType::Json => &["string"],
            FieldType::Number => &["number", "int"],
            FieldType::Int => &["int"],
            FieldType::Bool => &["bool"],
            FieldType::Quantity => &["quantity"],
            FieldType::IntOrString => &["int_or_string", "int"],
            FieldType::Ip | FieldType::Cidr => &["string"],
            FieldType::DurationText => &["duration"],
            FieldType::DurationMilliseconds => &["milliseconds"],
            FieldType::DurationSeconds => &["seconds"],
            FieldType::DurationMinutes => &["minutes"],
            FieldType::DurationHours => &["hours"],
            FieldType::DurationDays => &["days"],
            FieldType::SizeBytes => &["bytes"],
            FieldType::SizeMebibytes => &["mebibytes"],
            FieldType::SizeGibibytes => &["gibibytes"],
            FieldType::Any => return self.lower_any(cx, code, ty, target, place),
            FieldType::List(of) | FieldType::Set(of) => {
                let of = self.schema_of(target.schema).ty(of);
                return self.lower_list(cx, code, ty, Target { ty: of, ..target }, place);
            }
            FieldType::Map(of) => {
                let of = self.schema_of(target.schema).ty(of);
                return match self.lower_map(cx, code, ty, Target { ty: of, ..target }, place) {
                    Some(code) => Ok(code),
                    None => Err(self.no_lowering(ty, target, place)),
                };
            }
            FieldType::Record(row) => return self.lower_record(cx, code, ty, target, row, place),
        };
        let Some(scalar) = scalar else { return Err(self.no_lowering(ty, target, place)) };
        let same = match (target.ty, scalar) {
            (FieldType::String | FieldType::Enum(_) | FieldType::Json, scalar) => scalar.is_text(),
            (FieldType::Number, Scalar::Int | Scalar::Decimal)
            | (FieldType::Int, Scalar::Int)
            | (FieldType::Bool, Scalar::Bool) => true,
            (FieldType::Quantity, Scalar::Int) | (FieldType::IntOrString, Scalar::Int) => true,
            (FieldType::Quantity | FieldType::IntOrString | FieldType::DurationText, scalar) => scalar.is_text(),
            (
                FieldType::DurationMilliseconds
                | FieldType::DurationSeconds
                | FieldType::DurationMinutes
                | FieldType::DurationHours
                | FieldType::DurationDays
                | FieldType::SizeBytes
                | FieldType::SizeMebibytes
                | FieldType::SizeGibibytes,
                Scalar::Int,
            ) => true,
            (FieldType::Ip | FieldType::Cidr, scalar) if scalar.is_text() => true,
            _ => false,
        };
        if same {
            if let (FieldType::Enum(values), Some(Value::Text(text))) = (target.ty, crate::fit::constant(&code)) {
                let allowed: Vec<String> = self.schema_of(target.schema).values(values).map(str::to_owned).collect();
                if !allowed.iter().any(|allowed| **allowed == **text) {
                    let text = text.to_string();
                    let names: Vec<&str> = allowed.iter().map(String::as_str).collect();
                    return Err(self.unknown_name(
                        "type_mismatch",
                        place,
                        &format!("`\"{text}\"` is not one of the allowed values"),
                        &text,
                        &names,
                        "allowed are",
                    ));
                }
            }
            return self.text_for(code, ty, target, place);
        }
        if matches!(
            (target.ty, scalar),
            (FieldType::Ip, Scalar::Ip)
                | (FieldType::Cidr, Scalar::Cidr)
                | (FieldType::String, Scalar::Ip | Scalar::Cidr)
        ) {
            return Ok(Code::new(place, CodeKind::Convert { how: Conversion::ToText, code }));
        }
        for form in forms {
            if let Some(lowered) = self.lowering(cx, code.clone(), scalar, target, form, place) {
                return Ok(lowered);
            }
        }
        Err(self.no_lowering(ty, target, place))
    }

    /// A text for a field that takes addresses, ranges or quantities only: read, and written as it is.
    fn text_for(&mut self, code: Code, ty: &Ty, target: Target, place: Place) -> Result<Code, source::Told> {
        let wanted = match target.ty {
            FieldType::Ip => Scalar::Ip,
            FieldType::Cidr => Scalar::Cidr,
            FieldType::Quantity => {
                return match crate::fit::constant(&code) {
                    Some(Value::Text(text)) if value::quantity(text).is_none() => Err(self.error(
                        "bad_scalar",
                        place,
                        format!("`{text}` is not a quantity"),
                        "write a number, perhaps with a unit behind it: `\"250m\"`, `\"512Mi\"`, or 512MiB",
                    )),
                    _ => Ok(code),
                };
            }
            _ => return Ok(code),
        };
        if let Some(Value::Text(text)) = crate::fit::constant(&code) {
            let text = text.clone();
            return self.parse_text(wanted, &text, place).map(|_| code);
        }
        if ty.stage != Stage::Known {
            return Ok(code);
        }
        let read = Code::new(place, CodeKind::Convert { how: Conversion::FromText(wanted), code });
        Ok(Code::new(place, CodeKind::Convert { how: Conversion::ToText, code: read }))
    }

    /// A function of the table that spells this scalar for this target: of the code's own package, else of std. So what a project
    /// says of spelling holds for what it writes itself and never changes what a library emits.
    pub(super) fn lowering(
        &mut self,
        cx: &Cx,
        code: Code,
        scalar: Scalar,
        target: Target,
        form: &str,
        place: Place,
    ) -> Option<Code> {
        let maker = self.target_name(target.schema);
        let package_of = |function: &FunctionId| self.function_items[function.0 as usize].1.package;
        let mut candidates: Vec<FunctionId> = self
            .lowerings
            .iter()
            .filter(|(key, _)| key.0 == maker && key.1.text() == form)
            .map(|(_, function)| *function)
            .filter(|function| {
                let package = package_of(function);
                package == cx.at.package || !self.input.packages[package].name.is_empty()
            })
            .collect();
        candidates.sort_by_key(|function| package_of(function) != cx.at.package);
        for function in candidates {
            if self.spells(function) == Some(scalar) {
                self.need(Work::Function(function));
                return Some(Code::new(place, CodeKind::Call { function, args: vec![code] }));
            }
        }
        None
    }

    /// The scalar that a function of the table spells.
    pub(crate) fn spells(&mut self, function: FunctionId) -> Option<Scalar> {
        match self.function_info(function).parameters.as_slice() {
            [only] => only.ty.as_scalar(),
            _ => None,
        }
    }

    pub(super) fn no_lowering(&mut self, ty: &Ty, target: Target, place: Place) -> source::Told {
        let shown = self.show(&Ty { stage: Stage::Known, ..ty.clone() });
        let wanted = crate::types::field_type_name(target.ty);
        let help = match (ty.as_scalar(), target.ty) {
            (Some(Scalar::Int | Scalar::Decimal | Scalar::Bool), FieldType::String) => {
                "put it in quotes, or in a text: `\"${x}\"`".to_owned()
            }
            (Some(scalar), FieldType::Int | FieldType::Number) if scalar.is_text() => {
                "write the number without quotes, or read it: `int(x)`".to_owned()
            }
            (Some(Scalar::Size | Scalar::Duration), FieldType::Int | FieldType::Number) => {
                "say the unit that is counted: `.in(1GiB)`, `.seconds`".to_owned()
            }
            (Some(_), FieldType::List(_) | FieldType::Set(_)) => "put it in brackets: `[…]`".to_owned(),
            (_, FieldType::Record(_)) => "write it as a block: `name { … }`".to_owned(),
            (None, FieldType::String) if ty.kind().is_some() || matches!(*ty.shape, Shape::Native(_)) => {
                "name one of its fields, such as `.id`".to_owned()
            }
            _ if wanted == "json" => "write it as JSON: `json({ … })`".to_owned(),
            _ => format!("give it a {wanted}"),
        };
        if shown == wanted {
            let (form, maker) = (form_name(target.ty), self.target_name(target.schema));
            return self.error(
                "no_spelling",
                place,
                format!("nothing says how a {shown} is spelt here for {maker}"),
                format!("declare it: `@lower(\"{maker}\", \"{form}\") fn …(x: {shown}) -> int = …`"),
            );
        }
        self.error("type_mismatch", place, format!("expected {wanted}, found {shown}"), help)
    }

    pub(super) fn lower_list(
        &mut self,
        cx: &mut Cx,
        code: Code,
        ty: &Ty,
        of: Target,
        place: Place,
    ) -> Result<Code, source::Told> {
        let Shape::List(element) = &*ty.shape else {
            let shown = self.show(&Ty { stage: Stage::Known, ..ty.clone() });
            return Err(self.error(
                "type_mismatch",
                place,
                format!("expected list, found {shown}"),
                "put it in brackets: `[…]`",
            ));
        };
        let element = element.clone();
        if ty.stage != Stage::Known {
            // A list whose length is known later is passed on whole.
            return Ok(code);
        }
        let slot = cx.bind(Name::new(""), element.clone());
        let lowered = self.lower(cx, Code::new(place, CodeKind::Local(slot)), &element, of, false, place);
        if matches!(*lowered.kind, CodeKind::Local(same) if same == slot) {
            return Ok(code);
        }
        if let CodeKind::Unknown(told) = *lowered.kind {
            return Err(told);
        }
        let each = Loop { key: None, value: slot, collection: code };
        Ok(Code::new(
            place,
            CodeKind::List(vec![ListPart::For {
                each,
                condition: None,
                part: Box::new(ListPart::Element { code: lowered, drop_absent: false }),
            }]),
        ))
    }

    pub(super) fn lower_record(
        &mut self,
        cx: &mut Cx,
        code: Code,
        ty: &Ty,
        target: Target,
        row: Row,
        place: Place,
    ) -> Result<Code, source::Told> {
        match &*ty.shape {
            // A block of another resource: what was set there is set here, and what its maker decides stays there.
            Shape::Row { row: given, schema, set: Some(_) } if *given == row && *schema == target.schema => {
                Ok(Code::new(place, CodeKind::Record(vec![RecordPart::Spread(code)])))
            }
            Shape::Row { row: given, schema, .. } if *given == row && *schema == target.schema => Ok(code),
            Shape::Record(record) => {
                let record = record.clone();
                let mut parts = Vec::new();
                for field in &record.fields {
                    let Some(member) = self.settable(target.schema, row, field.name, place, "this block") else {
                        continue;
                    };
                    let part = Code::new(place, CodeKind::Field { of: code.clone(), name: field.name, secret: false });
                    let below = Target { schema: target.schema, ty: member.ty, sensitive: member.takes_secret };
                    let value = self.lower(cx, part, &field.ty, below, field.ty.optional, place);
                    parts.push(RecordPart::Field { name: field.name, code: value, maybe: true });
                }
                self.whole(target.schema, row, place, &mut parts);
                Ok(Code::new(place, CodeKind::Record(parts)))
            }
            _ => Err(self.no_lowering(ty, target, place)),
        }
    }

    /// Into a part whose fields the maker left open: scalars as texts and numbers, the rest as it is.
    pub(super) fn lower_any(
        &mut self,
        cx: &mut Cx,
        code: Code,
        ty: &Ty,
        target: Target,
        place: Place,
    ) -> Result<Code, source::Told> {
        match (&*ty.shape, ty.as_scalar()) {
            (_, Some(scalar)) if scalar.is_text() || matches!(scalar, Scalar::Int | Scalar::Bool | Scalar::Decimal) => {
                Ok(code)
            }
            (_, Some(Scalar::Ip | Scalar::Cidr)) => {
                Ok(Code::new(place, CodeKind::Convert { how: Conversion::ToText, code }))
            }
            (_, Some(scalar)) => match self.lowering(cx, code, scalar, target, "string", place) {
                Some(code) => Ok(code),
                None => Err(self.no_lowering(ty, Target { ty: FieldType::String, ..target }, place)),
            },
            (Shape::List(_), _) => self.lower_list(cx, code, ty, target, place),
            (Shape::Map { .. } | Shape::Record(_), _) => match self.lower_map(cx, code, ty, target, place) {
                Some(code) => Ok(code),
                None => Err(self.no_lowering(ty, target, place)),
            },
            (Shape::Json | Shape::Row { .. } | Shape::Null, _) => Ok(code),
            _ => Err(self.no_lowering(ty, target, place)),
        }
    }
}

/// Whether a measure stands there as it is written, and is one.
fn is_meant(code: &Code) -> bool {
    match crate::fit::constant(code) {
        Some(Value::Duration(number) | Value::Size(number)) => *number >= 0,
        Some(Value::Int(number)) => *number >= -1,
        _ => false,
    }
}

/// Whether a field measures how long or how large something is, and what it is given says so.
fn is_measure(field: FieldType, given: Option<Scalar>) -> bool {
    match form_name(field) {
        "milliseconds" | "seconds" | "minutes" | "hours" | "days" | "bytes" | "mebibytes" | "gibibytes" => {
            matches!(given, Some(Scalar::Duration | Scalar::Size | Scalar::Int))
        }
        "duration" | "quantity" => matches!(given, Some(Scalar::Duration | Scalar::Size)),
        _ => false,
    }
}

/// The form that the table of spellings calls a field type.
fn form_name(ty: FieldType) -> &'static str {
    match ty {
        FieldType::DurationText => "duration",
        FieldType::DurationMilliseconds => "milliseconds",
        FieldType::DurationSeconds => "seconds",
        FieldType::DurationMinutes => "minutes",
        FieldType::DurationHours => "hours",
        FieldType::DurationDays => "days",
        FieldType::SizeBytes => "bytes",
        FieldType::SizeMebibytes => "mebibytes",
        FieldType::SizeGibibytes => "gibibytes",
        FieldType::Quantity => "quantity",
        FieldType::IntOrString => "int_or_string",
        FieldType::Int => "int",
        FieldType::Number => "number",
        FieldType::Bool => "bool",
        FieldType::String
        | FieldType::Enum(_)
        | FieldType::Json
        | FieldType::Any
        | FieldType::Ip
        | FieldType::Cidr
        | FieldType::List(_)
        | FieldType::Set(_)
        | FieldType::Map(_)
        | FieldType::Record(_) => "string",
    }
}

impl Code {
    fn kind_differs(&self, other: &Code) -> bool {
        self.place != other.place || std::mem::discriminant(&*self.kind) != std::mem::discriminant(&*other.kind)
    }
}
