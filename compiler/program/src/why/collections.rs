//! Follows the parts of literals and of `match`: which of them a part of the value comes from.

use check::code::{Code, CodeKind, Conversion, ListPart, MapPart, Pattern, RecordPart};
use source::Name;
use value::Value;

use super::path::Hop;
use super::walk::{Bound, Context, Source, Walk, prepend};

impl<'a> Walk<'_, 'a> {
    pub(super) fn arms(
        &mut self,
        subject: &'a Code,
        arms: &'a [(Vec<Pattern>, Code)],
        context: &Context<'a>,
        path: &[Hop],
    ) {
        for environment in &self.known.chain {
            let of = |pattern: &Pattern| matches!(pattern, Pattern::Environment(name) if *name == environment.name);
            if let Some((_, arm)) = arms.iter().find(|(patterns, _)| patterns.iter().any(of)) {
                self.note(Source::Arm { environment: environment.name }, arm.place);
                self.code(arm, context, path);
                return;
            }
        }
        self.condition(subject, context);
        for (patterns, arm) in arms {
            let mut inner = context.clone();
            for pattern in patterns {
                match pattern {
                    Pattern::Case { slots, .. } => {
                        for slot in slots.iter().flatten() {
                            inner = inner.with(
                                *slot,
                                Bound { code: subject, context: context.clone(), part: Some(Hop::Any), key: false },
                            );
                        }
                    }
                    Pattern::Kind { slot: Some(slot), .. } => {
                        inner =
                            inner.with(*slot, Bound { code: subject, context: context.clone(), part: None, key: false })
                    }
                    Pattern::Any
                    | Pattern::Value(_)
                    | Pattern::Environment(_)
                    | Pattern::Kind { slot: None, .. }
                    | Pattern::Platform(_) => {}
                }
            }
            self.code(arm, &inner, path);
        }
    }

    pub(super) fn convert(&mut self, how: &'a Conversion, of: &'a Code, context: &Context<'a>, path: &[Hop]) {
        match how {
            Conversion::Complete(defaults) => {
                self.code(of, context, path);
                let given = |name: Name| match of.kind.as_ref() {
                    CodeKind::Record(parts) => {
                        parts.iter().any(|part| matches!(part, RecordPart::Field { name: field, .. } if *field == name))
                    }
                    _ => false,
                };
                for (name, default) in defaults {
                    let wanted = match path.first() {
                        Some(hop) => *hop == Hop::Name(*name) || *hop == Hop::Any,
                        None => true,
                    };
                    if wanted && !given(*name) {
                        self.code(default, context, path.get(1..).unwrap_or_default());
                    }
                }
            }
            Conversion::ToList if !matches!(of.kind.as_ref(), CodeKind::List(_)) => match path.split_first() {
                Some((Hop::At(_) | Hop::Any, rest)) => self.code(of, context, rest),
                Some((Hop::Name(_), _)) | None => self.code(of, context, path),
            },
            Conversion::ToList
            | Conversion::ToRange
            | Conversion::IntToDecimal
            | Conversion::FromText(_)
            | Conversion::RecordToMap
            | Conversion::ToText
            | Conversion::RatioToDecimal
            | Conversion::Measured
            | Conversion::Seal => self.code(of, context, path),
        }
    }

    pub(super) fn record(&mut self, parts: &'a [RecordPart], context: &Context<'a>, path: &[Hop]) {
        // A block that its maker keeps in a list is written as a record.
        let path = match path.split_first() {
            Some((Hop::At(_), rest)) => rest,
            Some((Hop::Name(_) | Hop::Any, _)) | None => path,
        };
        // Later parts win.
        for part in parts.iter().rev() {
            match (part, path.split_first()) {
                (RecordPart::Field { name, code, maybe }, Some((Hop::Name(wanted), rest))) => {
                    if name == wanted {
                        self.code(code, context, rest);
                        if !*maybe {
                            return;
                        }
                    }
                }
                (RecordPart::Field { code, .. }, Some((Hop::At(_) | Hop::Any, rest))) => self.code(code, context, rest),
                (RecordPart::Field { code, .. }, None) => self.code(code, context, &[]),
                (RecordPart::Spread(code), _) => self.code(code, context, path),
            }
        }
    }

    pub(super) fn map_part(&mut self, part: &'a MapPart, context: &Context<'a>, path: &[Hop]) {
        let rest = path.get(1..).unwrap_or_default();
        match part {
            MapPart::Entry { key, value, .. } => {
                let fits = match (key.kind.as_ref(), path.first()) {
                    (CodeKind::Const(Value::Text(key)), Some(Hop::Name(wanted))) => key.as_ref() == wanted.text(),
                    _ => true,
                };
                if fits {
                    self.code(key, context, &[]);
                    self.code(value, context, rest);
                }
            }
            MapPart::Spread(code) => self.code(code, context, path),
            MapPart::For { each, condition, part } => {
                // `for k, v in m: k => v` keeps the keys.
                let hop = match path.first() {
                    Some(hop) if keeps_keys(part, each.key) => *hop,
                    _ => Hop::Any,
                };
                let inner = context.with_loop(each, hop);
                if let Some(condition) = condition {
                    self.condition(condition, &inner);
                }
                self.map_part(part, &inner, path);
            }
            MapPart::If { condition, part } => {
                self.condition(condition, context);
                if self.decide(condition, context, 0) != Some(false) {
                    self.map_part(part, context, path);
                }
            }
            MapPart::Group { key, value } => {
                self.code(key, context, &[]);
                self.code(value, context, path.get(2..).unwrap_or_default());
            }
        }
    }

    pub(super) fn list(&mut self, parts: &'a [ListPart], context: &Context<'a>, path: &[Hop]) {
        let rest = path.get(1..).unwrap_or_default();
        // Positions mean something as long as every part before gives one element.
        if let Some(Hop::At(at)) = path.first() {
            let plain = parts
                .iter()
                .take(*at as usize + 1)
                .all(|part| matches!(part, ListPart::Element { drop_absent: false, .. }));
            if let (true, Some(ListPart::Element { code, .. })) = (plain, parts.get(*at as usize)) {
                self.code(code, context, rest);
                return;
            }
        }
        for (position, part) in parts.iter().enumerate() {
            if let (Some(Hop::At(at)), ListPart::Element { drop_absent: false, .. }) = (path.first(), part) {
                // Elements before the first part of unknown length stand where they stand.
                let fixed = parts
                    .iter()
                    .take(position)
                    .all(|part| matches!(part, ListPart::Element { drop_absent: false, .. }));
                if fixed && position != *at as usize {
                    continue;
                }
            }
            self.list_part(part, context, rest);
        }
    }

    fn list_part(&mut self, part: &'a ListPart, context: &Context<'a>, rest: &[Hop]) {
        match part {
            ListPart::Element { code, .. } => self.code(code, context, rest),
            ListPart::Spread(code) => self.code(code, context, &prepend(Hop::Any, rest)),
            ListPart::For { each, condition, part } => {
                let inner = context.with_loop(each, Hop::Any);
                if let Some(condition) = condition {
                    self.condition(condition, &inner);
                }
                self.list_part(part, &inner, rest);
            }
            ListPart::If { condition, part } => {
                self.condition(condition, context);
                if self.decide(condition, context, 0) != Some(false) {
                    self.list_part(part, context, rest);
                }
            }
            ListPart::By { key, code } => {
                self.condition(key, context);
                self.code(code, context, rest);
            }
        }
    }
}

/// Whether a part of `for k, v in m` gives the map's own keys.
fn keeps_keys(part: &MapPart, kept: Option<u16>) -> bool {
    match part {
        MapPart::Entry { key, .. } => {
            matches!((key.kind.as_ref(), kept), (CodeKind::Local(slot), Some(kept)) if *slot == kept)
        }
        MapPart::If { part, .. } => keeps_keys(part, kept),
        MapPart::Spread(_) | MapPart::For { .. } | MapPart::Group { .. } => false,
    }
}
