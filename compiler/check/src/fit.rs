//! Whether a value of one type may stand where another is expected, and what conversion makes it so.

use std::rc::Rc;

use source::{Diagnostic, Name, Place};
use value::Value;

use crate::checker::{Checker, Cx, Work};
use crate::code::{Code, CodeKind, Conversion, Loop, MapPart, RecordPart, Scalar};
use crate::secrets::in_clear;
use crate::types::{RecordTy, Shape, Stage, TaggedTy, Ty};

/// Why a value does not fit.
pub(crate) enum Misfit {
    Shape,
    Absent,
    Stage(Stage),
    /// A literal that is none of the allowed ones.
    Literal(String),
    /// Told already.
    Told(source::Told),
}

impl Checker<'_> {
    /// Converts code of one type to another, or tells why it does not fit.
    pub(crate) fn fit(&mut self, code: Code, found: &Ty, expected: &Ty, place: Place, cx: &mut Cx) -> Code {
        match self.try_fit(code.clone(), found, expected, expected.stage, cx) {
            Ok(code) => code,
            Err(misfit) => {
                // What would not fit if it were there is told as that.
                let misfit = match misfit {
                    Misfit::Absent if !matches!(*found.shape, Shape::None) => {
                        match self.try_fit(code, &found.clone().present(), expected, expected.stage, cx) {
                            Err(Misfit::Shape) => Misfit::Shape,
                            Ok(_) | Err(_) => Misfit::Absent,
                        }
                    }
                    other => other,
                };
                let told = self.misfit(misfit, found, expected, place, cx);
                Code::new(place, CodeKind::Unknown(told))
            }
        }
    }

    fn misfit(&mut self, misfit: Misfit, found: &Ty, expected: &Ty, place: Place, cx: &Cx) -> source::Told {
        // What is expected is a shape; whether a later value would do says nothing to somebody whose value has another one.
        let (wanted, given) = self.show_apart(&Ty { stage: Stage::Known, ..expected.clone() }, found);
        let a_wanted = match wanted.strip_prefix("the kind ") {
            Some(kind) => format!("an instance of the kind {kind}"),
            None => crate::types::with_article(&self.show(&Ty { stage: Stage::Known, ..expected.clone() })),
        };
        match misfit {
            Misfit::Told(told) => told,
            Misfit::Shape => {
                let mut diagnostic = Diagnostic::error("type_mismatch", place, format!("expected {wanted}, found {given}"));
                let text = self.short_text(place, cx);
                // A range takes a single value too.
                let asked = match &*expected.shape {
                    Shape::Range(of) => of.as_scalar(),
                    _ => expected.as_scalar(),
                };
                diagnostic = match (asked, found.as_scalar()) {
                    (Some(Scalar::Bool), _) if matches!(*found.shape, Shape::Environment) => diagnostic.help(format!("compare it: `environment == {text}`")),
                    (Some(Scalar::Bool), _) if found.optional => diagnostic.help(format!("ask whether it is there: `{text} != none`")),
                    (Some(Scalar::Duration), Some(Scalar::Int | Scalar::Decimal)) => diagnostic.help("say the unit: `30s`, `5min`, `1h`, `30d`"),
                    (Some(Scalar::Size), Some(Scalar::Int | Scalar::Decimal)) => diagnostic.help("say the unit: `512MiB`, `4GiB`, `10GB`"),
                    (Some(Scalar::Duration), Some(Scalar::Size)) | (Some(Scalar::Size), Some(Scalar::Duration)) => diagnostic.help("the unit is of another kind: sizes are `512MiB`, durations `30s`"),
                    (Some(Scalar::Port), Some(Scalar::Int)) => diagnostic.help("say the protocol: `443/tcp`; a computed one is `tcp(n)`"),
                    (Some(Scalar::Port), _) if matches!(&*found.shape, Shape::Range(_)) => diagnostic.help("a range of ports has its protocol in front: `tcp(8000..8100)`"),
                    (Some(Scalar::Decimal), Some(Scalar::Ratio)) => diagnostic.help("write it as a decimal: `0.5` for `50%`"),
                    (Some(Scalar::Ratio), Some(Scalar::Int | Scalar::Decimal)) => diagnostic.help("a ratio is written `99.9%`"),
                    (Some(Scalar::String), Some(_)) if is_token(&text) => diagnostic.help(format!("write `\"{text}\"`")),
                    (Some(Scalar::String), Some(Scalar::Int | Scalar::Bool)) => diagnostic.help("put it in a text: `\"${…}\"`"),
                    (Some(Scalar::String), Some(_)) => diagnostic.help("put it in a text: `\"${…}\"`, or say its form, such as `.prometheus` or `.in(1MiB)`"),
                    (Some(Scalar::Int | Scalar::Decimal), Some(Scalar::Size)) => diagnostic.help("say the unit that is counted: `.in(1GiB)`"),
                    (Some(Scalar::Int | Scalar::Decimal), Some(Scalar::Duration)) => diagnostic.help("say the unit that is counted: `.seconds`, `.days`"),
                    (Some(Scalar::Int), Some(Scalar::Decimal)) => diagnostic.help("round it: `.floor`, `.ceil` or `.round(0)`"),
                    _ => match (&*expected.shape, &*found.shape) {
                        (Shape::Flow | Shape::Endpoint | Shape::Ends, _) if text.starts_with('"') => diagnostic.help(format!("write `{}`, without quotes", text.trim_matches('"'))),
                        (Shape::Instance { .. }, _) if text.starts_with('"') && self.lookup_value(cx.at.scope, Name::new(text.trim_matches('"'))).is_some() => {
                            diagnostic.help(format!("write `{}`, without quotes", text.trim_matches('"')))
                        }
                        (Shape::Flow, Shape::Record(_)) => diagnostic.help("a flow is written `from -> to.port`"),
                        (_, Shape::Null) if expected.optional => diagnostic.help("write `none`, or leave the field out"),
                        (_, Shape::Null) => diagnostic.help(format!("`null` is for native fields; leave the field out where it has a default, or give it {a_wanted}")),
                        (Shape::Map { .. }, Shape::List(_)) => diagnostic.help("a map is written `{ name = value, … }`"),
                        (Shape::List(_), _) if !text.is_empty() => diagnostic.help(format!("put it in brackets: `[{text}]`")),
                        (Shape::List(_), _) => diagnostic.help("put it in brackets: `[…]`"),
                        (Shape::Instance { .. }, Shape::Map { value, .. }) if value.kind().is_some() => diagnostic.help("a loop makes several: choose one by its key, as in `front[\"a\"]`"),
                        (Shape::Tagged(tagged), _) => {
                            let help = self.case_for(tagged, found, &text);
                            diagnostic.help(help)
                        }
                        (Shape::Range(_), Shape::Record(_) | Shape::List(_) | Shape::Map { .. }) => diagnostic.help("a range is written `2..6`"),
                        (Shape::Endpoint, Shape::Instance { .. }) => diagnostic.help("name one of its ports: `api.http`"),
                        _ => diagnostic.help(format!("give it {a_wanted}")),
                    },
                };
                self.told.tell(diagnostic)
            }
            Misfit::Absent if matches!(*found.shape, Shape::None) => self.error("may_be_absent", place, format!("`none` cannot stand here; expected {wanted}"), format!("give it {a_wanted}, or leave the field out where it has a default")),
            Misfit::Absent => self.told.tell(
                Diagnostic::error("may_be_absent", place, format!("this may be absent; expected {wanted}"))
                    .help("give a value for that case with `?? …`, look first with `if x != none`, or leave the field out with `?=`"),
            ),
            Misfit::Stage(Stage::Secret) => self.told.tell(
                Diagnostic::error("secret_exposed", place, "a secret cannot stand here, where it would be shown")
                    .help("secrets go to fields that take them, such as `env` of a container; `fingerprint(x)` is what may be shown of one"),
            ),
            Misfit::Stage(_) => self.told.tell(
                Diagnostic::error("known_later", place, format!("this is known only after apply; a known {} is needed", self.show(&expected.clone().present())))
                    .help("use something that the program says itself: a name, a key, a literal"),
            ),
            Misfit::Literal(text) => {
                let mut allowed = Vec::new();
                collect_literals(expected, &mut allowed);
                let mut diagnostic = Diagnostic::error("type_mismatch", place, format!("`\"{text}\"` is not one of the allowed values"));
                let names: Vec<&str> = allowed.iter().map(String::as_str).collect();
                if let Some(close) = source::did_you_mean(&text, names.iter().copied()) {
                    diagnostic = diagnostic.help(format!("did you mean `\"{close}\"`?")).fix(format!("use `\"{close}\"`"), place, format!("\"{close}\""));
                } else {
                    diagnostic = diagnostic.help(format!("allowed are {}", source::list_of(names)));
                }
                self.told.tell(diagnostic)
            }
        }
    }

    /// What stands at a place, when it is a short piece of one line of the text that is being read.
    fn short_text(&self, place: Place, cx: &Cx) -> String {
        let text = cx
            .tree
            .text
            .get(place.start as usize..(place.start + place.len) as usize)
            .filter(|_| place.item == self.item(cx.at).id);
        text.filter(|text| text.len() <= 40 && !text.contains('\n')).unwrap_or_default().to_owned()
    }

    /// How a value is given where a case is expected: `http("/healthz")` for `"/healthz"` when one case only takes it.
    fn case_for(&self, tagged: &TaggedTy, found: &Ty, text: &str) -> String {
        let name = text.trim_matches('"');
        let shown = |case: &(Name, Vec<Ty>)| match case.1.as_slice() {
            [] => case.0.text().to_owned(),
            fields => format!(
                "{}({})",
                case.0,
                fields
                    .iter()
                    .map(|field| if field.as_scalar() == Some(Scalar::String) {
                        "\"…\"".to_owned()
                    } else {
                        self.show(field)
                    })
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        };
        if let Some(case) = tagged.cases.iter().find(|case| case.0.text() == name) {
            return format!("write `{}`", shown(case));
        }
        let takes = |case: &&(Name, Vec<Ty>)| matches!(case.1.as_slice(), [only] if only.as_scalar().is_some() && only.as_scalar() == found.as_scalar());
        let mut taking = tagged.cases.iter().filter(takes);
        if let (Some(case), None, false) = (taking.next(), taking.next(), text.is_empty()) {
            return format!("write `{}({text})`", case.0);
        }
        let cases: Vec<String> = tagged.cases.iter().map(shown).collect();
        format!("write one of {}", source::list_of(cases.iter().map(String::as_str)))
    }

    /// Converts when it fits. `allowed` is the stage that the place as a whole allows.
    pub(crate) fn try_fit(
        &mut self,
        code: Code,
        found: &Ty,
        expected: &Ty,
        allowed: Stage,
        cx: &mut Cx,
    ) -> Result<Code, Misfit> {
        let fitted = self.try_fit_shape(code, found, expected, allowed, cx)?;
        // What may be absent was sealed where it is present.
        if !expected.sealed || found.optional || found.is_unknown() || matches!(*found.shape, Shape::None) {
            return Ok(fitted);
        }
        if let Some(Value::Text(text)) = constant(&fitted)
            && !text.is_empty()
        {
            return Err(Misfit::Told(self.told.tell(in_clear(fitted.place, text))));
        }
        Ok(Code::new(fitted.place, CodeKind::Convert { how: Conversion::Seal, code: fitted }))
    }

    #[expect(
        clippy::too_many_lines,
        reason = "one body read member by member; it falls apart when `check` answers declaration by declaration"
    )]
    fn try_fit_shape(
        &mut self,
        code: Code,
        found: &Ty,
        expected: &Ty,
        allowed: Stage,
        cx: &mut Cx,
    ) -> Result<Code, Misfit> {
        let place = code.place;
        if found.is_unknown() || expected.is_unknown() {
            return Ok(code);
        }
        let allowed = allowed.max(expected.stage);
        if matches!(*found.shape, Shape::None) {
            return if expected.optional { Ok(code) } else { Err(Misfit::Absent) };
        }
        if found.optional && !expected.optional {
            return Err(Misfit::Absent);
        }
        if found.stage > allowed {
            // An element of a list may be later than the list: brackets are missing, and nothing else.
            return match (&*expected.shape, &*found.shape) {
                (Shape::List(of), shape)
                    if found.stage <= of.stage && !matches!(shape, Shape::List(_) | Shape::Map { .. }) =>
                {
                    Err(Misfit::Shape)
                }
                _ => Err(Misfit::Stage(found.stage)),
            };
        }
        if found.optional {
            // Converting happens to what is present only.
            let inner = found.clone().present();
            let slot = cx.bind(Name::new(""), inner.clone());
            let local = Code::new(place, CodeKind::Local(slot));
            let converted = self.try_fit(local, &inner, &expected.clone().present(), allowed, cx)?;
            if matches!(*converted.kind, CodeKind::Local(same) if same == slot) {
                return Ok(code);
            }
            return Ok(Code::new(place, CodeKind::IfPresent { of: code, slot, then: converted }));
        }
        let convert = |how: Conversion, code: Code| Code::new(place, CodeKind::Convert { how, code });
        match (&*expected.shape, &*found.shape) {
            (Shape::Variable(_), _) | (_, Shape::Variable(_)) => Ok(code),
            // `[]` fits every list.
            (Shape::List(_), Shape::List(of)) if matches!(*of.shape, Shape::None) => Ok(code),
            (Shape::Json, _) => {
                if found.deep_stage() > allowed {
                    Err(Misfit::Stage(found.deep_stage()))
                } else {
                    Ok(code)
                }
            }
            (Shape::Union(parts), _) => {
                if let Shape::Union(given) = &*found.shape {
                    // Every part of what is given must be one of what is expected.
                    for part in given {
                        self.try_fit(code.clone(), part, expected, allowed, cx)?;
                    }
                    return Ok(code);
                }
                // What is one of the parts stays what it is: a text beside numbers is a text.
                if let Some(part) = part_of_union(parts, found) {
                    return self.try_fit(code, found, &part, allowed, cx);
                }
                let mut last = Misfit::Shape;
                let is_any_record_like = parts.iter().any(|part| crate::braces::is_record_like(found, part));
                let may_be: Vec<&Ty> = parts
                    .iter()
                    .filter(|part| may_be_read(&code, found, part))
                    .filter(|part| !is_any_record_like || crate::braces::is_record_like(found, part))
                    .collect();
                // A text that none of the parts reads is told once, and not by each of them.
                for part in may_be {
                    match self.try_fit(code.clone(), found, part, allowed, cx) {
                        Ok(code) => return Ok(code),
                        Err(Misfit::Shape) => {}
                        Err(other) => last = other,
                    }
                }
                if let (Some(Value::Text(text)), true) = (constant(&code), matches!(last, Misfit::Literal(_))) {
                    return Err(Misfit::Literal(text.to_string()));
                }
                Err(last)
            }
            (_, Shape::Union(parts)) => {
                for part in parts {
                    self.try_fit(code.clone(), part, expected, allowed, cx)?;
                }
                Ok(code)
            }
            (Shape::Literal(wanted), _) => match constant(&code) {
                Some(given) if given == wanted => Ok(code),
                Some(Value::Text(text)) if matches!(wanted, Value::Text(_)) => Err(Misfit::Literal(text.to_string())),
                _ => match &*found.shape {
                    Shape::Literal(given) if given == wanted => Ok(code),
                    Shape::Literal(Value::Text(text)) if matches!(wanted, Value::Text(_)) => {
                        Err(Misfit::Literal(text.to_string()))
                    }
                    _ => Err(Misfit::Shape),
                },
            },
            (Shape::Scalar(Scalar::Bool), Shape::Environment) => Err(Misfit::Shape),
            (Shape::Scalar(wanted), _) if found.as_scalar().is_some() => self.fit_scalar(code, found, *wanted),
            (Shape::Range(of), Shape::Range(given)) => {
                if of.as_scalar() == Some(Scalar::Decimal) && given.as_scalar() == Some(Scalar::Int) {
                    return Ok(convert(Conversion::IntToDecimal, code));
                }
                self.try_fit(code, given, of, allowed, cx)
            }
            (Shape::Range(of), _) => {
                let one = self.try_fit(code, found, of, allowed, cx)?;
                Ok(convert(Conversion::ToRange, one))
            }
            (Shape::List(of), Shape::List(given)) => {
                let slot = cx.bind(Name::new(""), given.clone());
                let local = Code::new(place, CodeKind::Local(slot));
                let converted = self.try_fit(local, given, of, allowed, cx)?;
                if matches!(*converted.kind, CodeKind::Local(same) if same == slot) {
                    return Ok(code);
                }
                let part = crate::code::ListPart::Element { code: converted, drop_absent: false };
                let each = Loop { key: None, value: slot, collection: code };
                Ok(Code::new(
                    place,
                    CodeKind::List(vec![crate::code::ListPart::For { each, condition: None, part: Box::new(part) }]),
                ))
            }
            (Shape::Map { key, value }, Shape::Map { key: given_key, value: given }) => {
                self.try_fit(Code::new(place, CodeKind::Environment), given_key, key, Stage::Known, cx)?;
                self.fit_map(code, given, value, allowed, cx)
            }
            (Shape::Map { key, value }, Shape::Record(record)) => {
                self.fit_record_to_map(code, record, key, value, allowed, cx)
            }
            (Shape::Record(wanted), Shape::Record(given)) => self.fit_record(code, given, wanted, allowed, cx),
            (Shape::Record(wanted), Shape::Row { .. }) => {
                let mut parts = Vec::new();
                for field in &wanted.fields {
                    let (part, ty) = self.field_of(cx, code.clone(), found, field.name, place);
                    let fitted = self.try_fit(part, &ty, &field.ty, allowed, cx)?;
                    parts.push(RecordPart::Field { name: field.name, code: fitted, maybe: field.ty.optional });
                }
                Ok(Code::new(place, CodeKind::Record(parts)))
            }
            (Shape::Row { .. }, Shape::Row { .. }) => Ok(code),
            (Shape::Tagged(wanted), Shape::Tagged(given)) if wanted.name == given.name => Ok(code),
            (Shape::Instance { kind, .. }, Shape::Instance { kind: given, .. }) => {
                if self.is_kind(*given, *kind) {
                    Ok(code)
                } else {
                    Err(Misfit::Shape)
                }
            }
            (Shape::Native(wanted), Shape::Native(given)) if wanted.shown == given.shown => Ok(code),
            (Shape::Endpoint, Shape::Endpoint)
            | (Shape::Flow, Shape::Flow)
            | (Shape::Environment, Shape::Environment)
            | (Shape::Null, Shape::Null) => Ok(code),
            (Shape::Ends, _) if self.is_end(found) => Ok(code),
            (Shape::Platform(wanted), Shape::Platform(given))
                if wanted.is_none() || given.is_none() || wanted == given =>
            {
                Ok(code)
            }
            (Shape::Platform(_), Shape::Instance { kind, .. }) => match self.kind_info(*kind).platform {
                Some(platform) => {
                    self.need(Work::Platform(platform));
                    Ok(Code::new(place, CodeKind::AsPlatform { of: code, platform }))
                }
                None => Err(Misfit::Shape),
            },
            (Shape::By(key, value), Shape::By(given_key, given)) => {
                self.try_fit(code.clone(), given_key, key, allowed, cx)?;
                self.try_fit(code, given, value, allowed, cx)
            }
            _ => Err(Misfit::Shape),
        }
    }

    /// Whether a type may stand beside `->`: instances, endpoints, addresses, ranges, and collections of them.
    pub(crate) fn is_end(&self, ty: &Ty) -> bool {
        match &*ty.shape {
            Shape::Instance { .. } | Shape::Endpoint | Shape::Ends | Shape::Unknown(_) => true,
            Shape::Scalar(Scalar::Ip | Scalar::Cidr) => true,
            Shape::List(of) | Shape::Map { value: of, .. } => self.is_end(of),
            Shape::Record(record) => record.fields.iter().all(|field| self.is_end(&field.ty)),
            Shape::Union(parts) => parts.iter().all(|part| self.is_end(part)),
            Shape::None
            | Shape::Null
            | Shape::Scalar(_)
            | Shape::Literal(_)
            | Shape::Tagged(_)
            | Shape::Range(_)
            | Shape::Native(_)
            | Shape::Row { .. }
            | Shape::Flow
            | Shape::Platform(_)
            | Shape::Environment
            | Shape::Json
            | Shape::By(..)
            | Shape::Variable(_) => false,
        }
    }

    fn fit_scalar(&mut self, code: Code, found: &Ty, wanted: Scalar) -> Result<Code, Misfit> {
        let place = code.place;
        let Some(given) = found.as_scalar() else { return Err(Misfit::Shape) };
        if given == wanted {
            return Ok(code);
        }
        let convert = |how: Conversion, code: Code| Code::new(place, CodeKind::Convert { how, code });
        match (given, wanted) {
            (Scalar::Int, Scalar::Decimal) => Ok(convert(Conversion::IntToDecimal, code)),
            // Checked strings are texts; a text becomes one when it is read as one.
            (given, Scalar::String) if given.is_text() => Ok(code),
            // An address has one text.
            (Scalar::Ip | Scalar::Cidr, Scalar::String) => Ok(convert(Conversion::ToText, code)),
            (Scalar::String, wanted) => match constant(&code) {
                // A literal is checked here and now.
                Some(Value::Text(text)) => match self.parse_text(wanted, text, place) {
                    Ok(value) => Ok(Code::new(place, CodeKind::Const(value))),
                    Err(told) => Err(Misfit::Told(told)),
                },
                _ if wanted.is_text() || matches!(wanted, Scalar::Ip | Scalar::Cidr) && found.stage != Stage::Known => {
                    Ok(convert(Conversion::FromText(wanted), code))
                }
                _ => Err(Misfit::Shape),
            },
            _ => Err(Misfit::Shape),
        }
    }

    pub(crate) fn parse_text(&mut self, wanted: Scalar, text: &str, place: Place) -> Result<Value, source::Told> {
        crate::literals::parse(wanted, text).map_err(|fault| self.error(fault.code, place, fault.message, fault.help))
    }

    fn fit_map(&mut self, code: Code, given: &Ty, value: &Ty, allowed: Stage, cx: &mut Cx) -> Result<Code, Misfit> {
        let place = code.place;
        let key_slot = cx.bind(Name::new(""), Ty::string());
        let slot = cx.bind(Name::new(""), given.clone());
        let converted = self.try_fit(Code::new(place, CodeKind::Local(slot)), given, value, allowed, cx)?;
        if matches!(*converted.kind, CodeKind::Local(same) if same == slot) {
            return Ok(code);
        }
        let part = MapPart::Entry { key: Code::new(place, CodeKind::Local(key_slot)), value: converted, maybe: false };
        let each = Loop { key: Some(key_slot), value: slot, collection: code };
        Ok(Code::new(place, CodeKind::Map(vec![MapPart::For { each, condition: None, part: Box::new(part) }])))
    }

    fn fit_record_to_map(
        &mut self,
        code: Code,
        record: &RecordTy,
        key: &Ty,
        value: &Ty,
        allowed: Stage,
        cx: &mut Cx,
    ) -> Result<Code, Misfit> {
        let place = code.place;
        let mut parts = Vec::new();
        for field in &record.fields {
            let name = Code::new(place, CodeKind::Const(Value::Text(field.name.text().into())));
            let name_ty = Ty::new(Shape::Literal(Value::Text(field.name.text().into())));
            let key_code = self.try_fit(name, &name_ty, key, Stage::Known, cx)?;
            let part = Code::new(place, CodeKind::Field { of: code.clone(), name: field.name, secret: false });
            let fitted = self.try_fit(
                part,
                &field.ty,
                &if field.ty.optional { value.clone().maybe() } else { value.clone() },
                allowed,
                cx,
            )?;
            parts.push(MapPart::Entry { key: key_code, value: fitted, maybe: field.ty.optional });
        }
        Ok(Code::new(place, CodeKind::Map(parts)))
    }

    fn fit_record(
        &mut self,
        code: Code,
        given: &Rc<RecordTy>,
        wanted: &Rc<RecordTy>,
        allowed: Stage,
        cx: &mut Cx,
    ) -> Result<Code, Misfit> {
        let place = code.place;
        for field in &given.fields {
            if !wanted.fields.iter().any(|other| other.name == field.name) {
                let names: Vec<&str> = wanted.fields.iter().map(|field| field.name.text()).collect();
                return Err(Misfit::Told(self.unknown_name(
                    "unknown_field",
                    place,
                    &format!("there is no field `{}` here", field.name),
                    field.name.text(),
                    &names,
                    "the fields are",
                )));
            }
        }
        let mut parts = Vec::new();
        let mut same = given.fields.len() == wanted.fields.len();
        for field in &wanted.fields {
            let Some(existing) = given.fields.iter().find(|other| other.name == field.name) else {
                same = false;
                match &field.default {
                    Some(default) => {
                        parts.push(RecordPart::Field { name: field.name, code: (**default).clone(), maybe: false })
                    }
                    None if field.ty.optional => {}
                    None => {
                        return Err(Misfit::Told(self.error(
                            "missing_field",
                            place,
                            format!("the field `{}` is missing", field.name),
                            format!("add `{} = …`", field.name),
                        )));
                    }
                }
                continue;
            };
            let part = Code::new(place, CodeKind::Field { of: code.clone(), name: field.name, secret: false });
            let has_default = field.default.is_some() && existing.ty.optional;
            let target = if has_default { field.ty.clone().maybe() } else { field.ty.clone() };
            let mut fitted = self.try_fit(part, &existing.ty, &target, allowed, cx)?;
            if !matches!(*fitted.kind, CodeKind::Field { .. }) {
                same = false;
            }
            if let (true, Some(default)) = (has_default, &field.default) {
                same = false;
                fitted = Code::new(place, CodeKind::Coalesce(fitted, (**default).clone()));
            }
            parts.push(RecordPart::Field { name: field.name, code: fitted, maybe: field.ty.optional });
        }
        if same { Ok(code) } else { Ok(Code::new(place, CodeKind::Record(parts))) }
    }

    /// Adds the defaults of a record type to a record literal; tells of what is missing.
    pub(crate) fn complete(&mut self, code: Code, given: &[Name], record: &RecordTy, place: Place, what: &str) -> Code {
        let mut defaults = Vec::new();
        let mut missing = Vec::new();
        for field in &record.fields {
            if given.contains(&field.name) {
                continue;
            }
            match &field.default {
                Some(default) => defaults.push((field.name, (**default).clone())),
                None if field.ty.optional => {}
                None => missing.push((field.name, self.show(&field.ty))),
            }
        }
        if !missing.is_empty() {
            let list = source::list_of(missing.iter().map(|field| field.0.text()));
            let add: Vec<String> = missing
                .iter()
                .map(|field| format!("`{} = …` ({})", field.0, crate::types::with_article(&field.1)))
                .collect();
            let told =
                self.error("missing_field", place, format!("{what} lacks {list}"), format!("add {}", add.join(", ")));
            return Code::new(place, CodeKind::Unknown(told));
        }
        if defaults.is_empty() {
            code
        } else {
            Code::new(place, CodeKind::Convert { how: Conversion::Complete(defaults), code })
        }
    }
}

/// Whether a text is one literal of the language that could stand in quotes as it is: a number, a measure, an address, a truth.
fn is_token(text: &str) -> bool {
    let begins = text.trim_start_matches('-').starts_with(|first: char| first.is_ascii_digit())
        || matches!(text, "true" | "false");
    begins && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./:%".contains(&byte))
}

/// The part of a union, or of one in it, that has just this shape.
fn part_of_union(parts: &[Ty], found: &Ty) -> Option<Ty> {
    parts.iter().find_map(|part| match &*part.shape {
        Shape::Union(inner) => part_of_union(inner, found),
        shape => (*shape == *found.shape).then(|| part.clone()),
    })
}

/// Whether a literal text can be read as this part of a union; of anything else its type tells.
fn may_be_read(code: &Code, found: &Ty, part: &Ty) -> bool {
    match (constant(code), &*part.shape) {
        (Some(Value::Text(text)), Shape::Scalar(wanted)) if found.as_scalar() == Some(Scalar::String) => {
            crate::literals::parse(*wanted, text).is_ok()
        }
        _ => true,
    }
}

fn collect_literals(ty: &Ty, into: &mut Vec<String>) {
    match &*ty.shape {
        Shape::Literal(Value::Text(text)) => into.push(text.to_string()),
        Shape::Union(parts) => parts.iter().for_each(|part| collect_literals(part, into)),
        _ => {}
    }
}

/// The constant that code is, when it is one.
pub(crate) fn constant(code: &Code) -> Option<&Value> {
    match &*code.kind {
        CodeKind::Const(value) => Some(value),
        _ => None,
    }
}
