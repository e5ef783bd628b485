//! Statements to instances: loops, conditions and keys. A statement is expanded below each parent once, when its instances
//! are asked for; their fields are computed later.

use std::rc::Rc;

use check::checked::{Scope, Statement, StatementId, What};
use source::{Diagnostic, Name, Place};
use value::{Address, Store, Value, ValueId};

use crate::budget::{INSTANCES, LEVELS};
use crate::cells::CellKey;
use crate::evaluate::Evaluation;
use crate::frame::{Frame, Instance, InstanceId, Parent};
use crate::run::Decision;

/// Bytes of a name and its key: what a file may be called by, with room for what is put before and behind it.
const LONGEST_ADDRESS: usize = 200;

impl<'a> Evaluation<'a> {
    /// What a statement stands for in code whose self is `this`.
    pub(crate) fn statement_value(&mut self, this: Parent, id: StatementId, place: Place) -> ValueId {
        let Some(statement) = self.checked.statements.get(id.0 as usize) else {
            return self.unknown(place, "a statement is missing");
        };
        let parent = match (statement.scope, this) {
            (Scope::Module, _) => Parent::Root,
            // The checker lets a group read nothing of one of its members.
            (Scope::Implementation(_), Parent::Group(_)) => {
                return self.unknown(place, "a group reads a child of a member");
            }
            (Scope::Once(once), Parent::Instance(member)) => match self.group_of(member, once, place) {
                Some(group) => Parent::Group(group),
                None => return self.unknown(place, "an instance is in no group"),
            },
            (Scope::Implementation(_) | Scope::Once(_) | Scope::Platform(_), _) => this,
        };
        self.expansion(parent, id, place)
    }

    /// The instances of a statement below a parent, in the order of its loop.
    pub(crate) fn expand(&mut self, parent: Parent, id: StatementId) -> Rc<[InstanceId]> {
        if let Some(statement) = self.checked.statements.get(id.0 as usize) {
            let _ = self.expansion(parent, id, statement.place);
        }
        self.expansions.get(&(parent, id)).cloned().unwrap_or_else(|| Rc::from([]))
    }

    fn expansion(&mut self, parent: Parent, id: StatementId, asked: Place) -> ValueId {
        let key = CellKey::Statement(parent, id);
        if let Some(done) = self.cells.done(key) {
            return done;
        }
        let Some(statement) = self.checked.statements.get(id.0 as usize) else {
            return self.unknown(asked, "a statement is missing");
        };
        self.cell(key, asked, |me| {
            let mut made = Vec::new();
            let mut frame = Frame::new(parent);
            let outcome = if matches!(statement.what, What::Unknown) {
                Err(me.unknown(statement.place, "a kind is missing"))
            } else {
                me.expand_loop(parent, id, statement, 0, &mut frame, None, &mut made)
            };
            let value = match outcome {
                Err(unknown) => unknown,
                Ok(()) => me.value_of_instances(statement, &made),
            };
            me.expansions.insert((parent, id), made.into());
            value
        })
    }

    fn value_of_instances(&mut self, statement: &Statement, made: &[InstanceId]) -> ValueId {
        if statement.loops.is_empty() {
            return match made.first() {
                Some(only) => self.instance_value(*only),
                None => Store::ABSENT,
            };
        }
        let mut entries = Vec::with_capacity(made.len());
        for id in made {
            let key = self.instances.get(id.0 as usize).and_then(|instance| instance.key);
            let key = self.store.text(key.map_or("", Name::text));
            entries.push((key, self.instance_value(*id)));
        }
        self.store.map(entries)
    }

    /// Goes over the loops from the outermost in; `element` is what the innermost loop so far gives as a key.
    #[expect(clippy::too_many_arguments, reason = "the state of one recursion, passed down unchanged")]
    fn expand_loop(
        &mut self,
        parent: Parent,
        id: StatementId,
        statement: &'a Statement,
        depth: usize,
        frame: &mut Frame,
        element: Option<ValueId>,
        made: &mut Vec<InstanceId>,
    ) -> Result<(), ValueId> {
        let Some(each) = statement.loops.get(depth) else {
            return self.expand_one(parent, id, statement, frame, element, made);
        };
        let collection = self.run(frame, &each.collection);
        let is_map = self
            .known(collection)
            .is_some_and(|known| matches!(self.store.get(known), Value::Map(_) | Value::Record(_)));
        let pairs = self.elements_of_value(collection, each)?;
        for (key, value) in pairs {
            self.bind(frame, each, key, value);
            let element = if is_map { key } else { value };
            self.expand_loop(parent, id, statement, depth + 1, frame, Some(element), made)?;
            if self.budget.exhausted {
                return Err(self.unknown(statement.place, "the budget is used up"));
            }
        }
        Ok(())
    }

    fn expand_one(
        &mut self,
        parent: Parent,
        id: StatementId,
        statement: &'a Statement,
        frame: &mut Frame,
        element: Option<ValueId>,
        made: &mut Vec<InstanceId>,
    ) -> Result<(), ValueId> {
        if let Some(condition) = &statement.condition {
            let asked = self.run(frame, condition);
            match self.decide(asked) {
                Decision::Yes => {}
                Decision::No => return Ok(()),
                Decision::Unknown => return Err(asked),
                Decision::Later => return Err(self.too_late(asked, condition.place)),
            }
        }
        let key = match (&statement.key, element) {
            (Some(code), _) => {
                let key = self.run(frame, code);
                Some(self.key_name(key, code.place)?)
            }
            (None, Some(element)) => Some(self.key_name(element, statement.place)?),
            (None, None) => None,
        };
        if let Some(unknown) = self.too_long(statement, key) {
            return Err(unknown);
        }
        let above = self.parent_address(parent);
        let address = self.store.address(Address { parent: above, name: statement.name, key });
        if let Some(other) = self.by_address(address) {
            return Err(self.tell_same_key(statement, key, other));
        }
        let level = self
            .owner_of(parent)
            .and_then(|owner| self.instances.get(owner.0 as usize))
            .map_or(0, |owner| owner.level + 1);
        if level > LEVELS {
            self.exhaust(statement.place, "implementations are nested more than 256 levels deep");
            return Err(self.unknown(statement.place, "the budget is used up"));
        }
        if self.instances.len() >= INSTANCES {
            self.exhaust(statement.place, "the program has more than 1,000,000 instances");
            return Err(self.unknown(statement.place, "the budget is used up"));
        }
        let slots = frame.slots.get(..frame.slots.len().min(usize::from(statement.slots))).unwrap_or_default();
        let made_id = InstanceId(self.instances.len() as u32);
        self.instances.push(Instance {
            address,
            statement: id,
            parent,
            key,
            slots: slots.into(),
            implementation: None,
            level,
        });
        self.by_address.insert(address, made_id);
        made.push(made_id);
        Ok(())
    }

    fn tell_same_key(&mut self, statement: &Statement, key: Option<Name>, other: InstanceId) -> ValueId {
        let place = statement.key.as_ref().map_or(statement.place, |code| code.place);
        let other_place = self.place_of(other).unwrap_or(place);
        match key {
            Some(key) => {
                let message = format!("two instances of `{}` have the key `{key}`", statement.name);
                let help = if statement.key.is_some() {
                    "give a key that tells them apart: `key \"${a}-${b}\"`"
                } else {
                    "a loop makes one instance for each element: name each once"
                };
                let mut told = Diagnostic::error("duplicate_key", place, message).help(help);
                if other_place != statement.place {
                    told = told.also(other_place, "the other one");
                }
                let key = self.store.text(key.text());
                let told = self.with_context(told, place, &[key]);
                self.tell(told)
            }
            None => {
                let message = format!("`{}` is declared twice here", statement.name);
                self.tell(
                    Diagnostic::error("duplicate_name", place, message)
                        .also(other_place, "the other one")
                        .help("give one of them another name"),
                )
            }
        }
    }

    /// Tells an instance whose name and key are too long for a file to be called by them.
    fn too_long(&mut self, statement: &Statement, key: Option<Name>) -> Option<ValueId> {
        let length = statement.name.text().len() + key.map_or(0, |key| key.text().len());
        if length <= LONGEST_ADDRESS {
            return None;
        }
        let place = statement.key.as_ref().map_or(statement.place, |code| code.place);
        let what = if key.is_some() { "the name and the key of this instance have" } else { "this name has" };
        let message = format!("{what} {length} letters, and files are called by them: at most {LONGEST_ADDRESS}");
        let help = if key.is_some() { "give a shorter key: `key …` behind the loop" } else { "give a shorter name" };
        Some(self.tell(Diagnostic::error("out_of_range", place, message).help(help)))
    }

    /// A key as the name in the address: known, and with one text.
    pub(crate) fn key_name(&mut self, value: ValueId, place: Place) -> Result<Name, ValueId> {
        if self.is_unknown(value) {
            return Err(value);
        }
        let Some(known) = self.deep_known(value) else { return Err(self.too_late(value, place)) };
        let name = match self.store.get(known) {
            Value::Text(text) => Name::new(text),
            Value::Instance(address) => Name::new(&self.named_text(*address)),
            Value::Absent | Value::Null => {
                return Err(self.tell(
                    Diagnostic::error("absent_key", place, "the key of an instance is absent")
                        .help("leave the element out with `if x != none`, or give another key"),
                ));
            }
            _ => Name::new(&self.store.text_of(known).unwrap_or_else(|_| self.store.show(known))),
        };
        if name.text().is_empty() {
            return Err(self.tell(
                Diagnostic::error("bad_key", place, "the key of an instance is empty")
                    .help("leave the element out with `if x != \"\"`, or give another key"),
            ));
        }
        // An address is printed, pasted and compared: it is one line that shows all that is in it.
        if name.text().contains(source::leaves_line) {
            let message = format!("a control character stands in the key {}", value::quoted(name.text()));
            return Err(self.tell(
                Diagnostic::error("bad_key", place, message)
                    .help("a key stands in the address of the instance: give it letters that can be seen"),
            ));
        }
        Ok(name)
    }

    /// The statements that make the children of an instance, below it.
    pub(crate) fn children_of(&self, id: InstanceId) -> Vec<(Parent, StatementId)> {
        let implementation = self
            .instances
            .get(id.0 as usize)
            .and_then(|instance| instance.implementation)
            .and_then(|chosen| self.implementation(chosen));
        implementation.map_or_else(Vec::new, |implementation| {
            implementation.statements.iter().map(|child| (Parent::Instance(id), *child)).collect()
        })
    }

    /// The statements of a platform's body, below its value.
    pub(crate) fn children_of_platform(&self, value: ValueId) -> Vec<(Parent, StatementId)> {
        self.platform_of_value(value).map_or_else(Vec::new, |platform| {
            platform.statements.iter().map(|child| (Parent::Platform(value), *child)).collect()
        })
    }
}
