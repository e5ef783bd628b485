//! What `@protect`, `@replace`, `@ignore_drift`, `@allow`, `@after` and `@notify` say of an instance and of all beneath it. Whether
//! anything comes of it stands in `effects.rs`.

use std::rc::Rc;

use check::checked::Annotation;
use check::checked::NativeKind;
use graph::{Edge, EdgeKind, Life, Waiver};
use rustc_hash::FxHashMap;
use source::{Name, Place};
use value::{AddressId, Step, Value, ValueId};

use crate::effects::Effects;
use crate::evaluate::Evaluation;
use crate::frame::{Frame, InstanceId};
use crate::run::Decision;

/// The annotations of an instance together with those of what it stands below.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes {
    pub life: Life,
    pub waivers: Vec<Waiver>,
    /// Fields whose drift is ignored, wherever beneath there are such fields.
    pub drifts: Vec<(Name, Place)>,
    /// Instances that come before this one, and where that is said.
    pub after: Vec<(InstanceId, Place)>,
    /// Instances that are told of a change of this one.
    pub notify: Vec<InstanceId>,
    /// What is asked for, and where: what an annotation does not ask for here (`@protect(false)`) is not among it.
    pub said: Vec<(Name, Place)>,
}

/// Notes of instances that have some above or on them.
pub(crate) type NotesMemo = FxHashMap<InstanceId, Rc<Notes>>;

impl<'a> Evaluation<'a> {
    /// What the annotations on an instance, on what it stands below and on its adjustments say.
    pub(crate) fn notes(&mut self, id: InstanceId, memo: &mut NotesMemo) -> Rc<Notes> {
        if let Some(done) = memo.get(&id) {
            return done.clone();
        }
        let Some(instance) = self.instances.get(id.0 as usize) else { return Rc::default() };
        let (parent, mut frame) = (instance.parent, Frame::with(instance.parent, &instance.slots));
        let above = match self.owner_of(parent) {
            Some(owner) => self.notes(owner, memo),
            None => Rc::default(),
        };
        let own: &'a [Annotation] = self.statement_of(id).map_or(&[], |statement| &statement.annotations);
        let adjusted: Vec<&'a Annotation> =
            self.adjustments_of(id).into_iter().flat_map(|adjust| adjust.annotations.iter()).collect();
        let notes = if own.is_empty() && adjusted.is_empty() {
            above
        } else {
            let mut notes = (*above).clone();
            for annotation in own {
                self.note(annotation, &mut frame, &mut notes);
            }
            for annotation in adjusted {
                self.note(annotation, &mut Frame::new(crate::frame::Parent::Root), &mut notes);
            }
            Rc::new(notes)
        };
        memo.insert(id, notes.clone());
        notes
    }

    /// The life of a resource: of the fields whose drift is ignored above it, those that it has.
    pub(crate) fn life(&self, noted: &Notes, native: &NativeKind, effects: &mut Effects) -> Life {
        let mut life = noted.life.clone();
        if noted.drifts.is_empty() {
            return life;
        }
        let fields: Vec<(Name, bool)> =
            self.members(native).map(|member| (Name::new(member.name), member.block)).collect();
        for (path, place) in &noted.drifts {
            let first = path.text().split(['.', '[']).next().unwrap_or_default();
            let field = fields.iter().find(|field| field.0.text() == first && self.has_path(native, path.text()));
            effects.drift(*path, *place, field.is_some());
            let Some((_, is_block)) = field else { continue };
            life.ignore.push(steps_of(path.text(), *is_block));
        }
        life
    }

    fn note(&mut self, annotation: &'a Annotation, frame: &mut Frame, notes: &mut Notes) {
        match annotation.name.text() {
            "protect" => {
                let asked = match annotation.args.first() {
                    None => true,
                    Some((_, code)) => {
                        let value = self.run(frame, code);
                        match self.decide(value) {
                            Decision::Yes => true,
                            Decision::No | Decision::Unknown => false,
                            Decision::Later => {
                                let _ = self.too_late(value, code.place);
                                false
                            }
                        }
                    }
                };
                if !asked {
                    return;
                }
                notes.life.protect = true;
            }
            "replace" => {
                let first = self.argument(annotation, frame, "first");
                notes.life.create_first =
                    first.is_some_and(|(value, _)| self.text_value(value).as_deref() == Some("create"));
            }
            "ignore_drift" => {
                for (_, code) in &annotation.args {
                    let value = self.run(frame, code);
                    if let Some(field) = self.text_value(value) {
                        notes.drifts.push((Name::new(&field), code.place));
                    }
                }
            }
            "allow" => {
                let Some((_, code)) = annotation.args.iter().find(|(name, _)| name.is_none()) else { return };
                let check = self.run(frame, code);
                let Some(check) = self.text_value(check) else { return };
                let because = self
                    .argument(annotation, frame, "because")
                    .and_then(|(value, _)| self.text_value(value))
                    .unwrap_or_default();
                let until =
                    self.argument(annotation, frame, "until").and_then(|(value, _)| match self.store.get(value) {
                        Value::Date(days) => Some(*days),
                        _ => None,
                    });
                notes.waivers.push(Waiver { check: Name::new(&check), because, until, place: annotation.place });
            }
            "after" => {
                let mut before = Vec::new();
                for (_, code) in &annotation.args {
                    let value = self.run(frame, code);
                    self.instances_in(value, &mut before);
                }
                // None where what comes first is not there, in this environment or as this instance is.
                if before.is_empty() {
                    return;
                }
                notes.after.extend(before.into_iter().map(|id| (id, annotation.place)));
            }
            "notify" => {
                for (_, code) in &annotation.args {
                    let value = self.run(frame, code);
                    self.instances_in(value, &mut notes.notify);
                }
            }
            // `@name` is read where names are made.
            "name" => return,
            _ => {}
        }
        notes.said.push((annotation.name, annotation.place));
    }

    fn argument(&mut self, annotation: &'a Annotation, frame: &mut Frame, name: &str) -> Option<(ValueId, Place)> {
        let (_, code) = annotation.args.iter().find(|(found, _)| found.is_some_and(|found| found.text() == name))?;
        Some((self.run(frame, code), code.place))
    }

    fn text_value(&mut self, value: ValueId) -> Option<String> {
        let known = self.known(value)?;
        match self.store.get(known) {
            Value::Text(text) => Some(text.to_string()),
            Value::Tagged { tag, .. } => Some(tag.text().to_owned()),
            _ => None,
        }
    }

    fn instances_in(&self, value: ValueId, out: &mut Vec<InstanceId>) {
        match self.store.get(value) {
            Value::List(elements) => elements.iter().for_each(|element| self.instances_in(*element, out)),
            Value::Map(entries) => entries.iter().for_each(|(_, value)| self.instances_in(*value, out)),
            _ => out.extend(self.instance_of(value)),
        }
    }

    /// Edges to all native resources at or beneath some instances.
    pub(crate) fn edges_to(
        &self,
        instances: &[InstanceId],
        kind: EdgeKind,
        beneath: &FxHashMap<InstanceId, Vec<AddressId>>,
        out: &mut Vec<Edge>,
    ) {
        for id in instances {
            out.extend(beneath.get(id).into_iter().flatten().map(|to| Edge::to_resource(*to, kind)));
        }
    }
}

/// The steps of `root_block_device.volume_size` and `tags["Owner"]`; `block`: the first one is a block, of which there may be
/// one, and to some makers it is the first of a list.
fn steps_of(path: &str, block: bool) -> Box<[Step]> {
    let mut steps = Vec::new();
    for (at, part) in path.split('.').enumerate() {
        let mut rest = part;
        if let Some((name, keys)) = part.split_once('[').filter(|(name, _)| !name.is_empty()) {
            steps.push(Step::Field(Name::new(name)));
            rest = keys;
            while let Some((key, after)) = rest.split_once(']') {
                steps.push(match key.parse() {
                    Ok(at) => Step::Index(at),
                    Err(_) => Step::Key(Name::new(key.trim_matches('"'))),
                });
                rest = after.trim_start_matches('[');
            }
        } else {
            steps.push(Step::Field(Name::new(rest)));
        }
        if at == 0 && block && path.len() > part.len() && steps.len() == 1 {
            steps.push(Step::First);
        }
    }
    steps.into()
}
