//! Outputs of instances and of platform values. An instance that delegates has the outputs of its child.

use check::checked::Out;
use source::{Name, Place};
use value::{Store, Value, ValueId};

use crate::cells::CellKey;
use crate::evaluate::Evaluation;
use crate::frame::{Frame, InstanceId, Parent};

impl<'a> Evaluation<'a> {
    /// `self.name`
    pub(crate) fn self_out(&mut self, this: Parent, name: Name, place: Place) -> ValueId {
        match this {
            Parent::Platform(value) => self.platform_field(value, name, place),
            Parent::Instance(_) | Parent::Group(_) => match self.owner_of(this) {
                Some(id) => self.out(id, name, place),
                None => self.unknown(place, "a group has no members"),
            },
            Parent::Root => self.unknown(place, "an output is read outside an instance"),
        }
    }

    /// `x.name` of an instance; absent when there is no instance.
    pub(crate) fn out_of_value(&mut self, of: ValueId, name: Name, place: Place) -> ValueId {
        match self.first_instance(of) {
            Some(id) => self.out(id, name, place),
            None => self.not_an_instance(of, place),
        }
    }

    /// What the kind of an instance declares of an output.
    fn declared_out(&self, id: InstanceId, name: Name) -> Option<&'a Out> {
        self.kind_of(id)?.outs.iter().find(|out| out.name == name)
    }

    /// An output of an instance: the implementation's own, else that of the child to which it delegates, else the kind's default.
    pub(crate) fn out(&mut self, id: InstanceId, name: Name, asked: Place) -> ValueId {
        if self.failed.contains(&id) {
            return self.unknown(asked, "an instance failed");
        }
        let key = CellKey::Out(id, name);
        if let Some(done) = self.cells.done(key) {
            return done;
        }
        self.cell(key, asked, |me| {
            let home = me.home(id, asked);
            if me.is_unknown(home) {
                return home;
            }
            let Some(implementation) = me.implementation_of(id, asked) else { return Store::ABSENT };
            if let Some((_, code)) = implementation.outs.iter().find(|(out, _)| *out == name) {
                return me.run(&mut Frame::new(Parent::Instance(id)), code);
            }
            let delegated = match me.delegate(id, asked) {
                Some(child) => me.out(child, name, asked),
                None => Store::ABSENT,
            };
            let default = me.declared_out(id, name).and_then(|out| out.default.as_ref());
            match default.filter(|_| delegated == Store::ABSENT) {
                Some(code) => me.run(&mut Frame::new(Parent::Instance(id)), code),
                None => delegated,
            }
        })
    }

    /// Whether the implementation of an instance that is a platform says an input of it.
    fn says(&mut self, host: Option<InstanceId>, name: Name, place: Place) -> bool {
        host.and_then(|id| self.implementation_of(id, place))
            .is_some_and(|implementation| implementation.outs.iter().any(|(out, _)| *out == name))
    }

    /// An input or output of a platform value. Of an instance that is the platform: the instance's own output of this name.
    pub(crate) fn platform_field(&mut self, value: ValueId, name: Name, place: Place) -> ValueId {
        let (inputs, instance) = match self.store.get(value) {
            Value::Platform { inputs, instance, .. } => (*inputs, *instance),
            _ => return self.not_an_instance(value, place),
        };
        if let Some(given) = self.store.field(inputs, name) {
            return given;
        }
        let Some(platform) = self.platform_of_value(value) else { return Store::ABSENT };
        let host = instance.and_then(|address| self.by_address(address));
        if let Some(id) = host.filter(|id| self.declared_out(*id, name).is_some()) {
            return self.out(id, name, place);
        }
        // What runs on a machine that stands on the same platform has what that gives: its user, its key, its outputs.
        if let Some(below) = host.map(|id| self.home(id, place))
            && below != value
            && self.platform_id(below) == self.platform_id(value)
            && !self.says(host, name, place)
        {
            return self.platform_field(below, name, place);
        }
        if let Some(input) = platform.inputs.iter().find(|input| input.name == name) {
            // The instance that is the platform may know better than the default: a cluster knows where its nodes are.
            if let Some(id) = host.filter(|_| self.says(host, name, place)) {
                return self.out(id, name, place);
            }
            return match (&input.default, instance) {
                (Some(code), Some(_)) => self.run(&mut Frame::new(Parent::Platform(value)), code),
                (Some(_) | None, _) => Store::ABSENT,
            };
        }
        match platform.outs.iter().find(|(out, _)| *out == name) {
            Some((_, code)) => {
                let value = self.listed_as(value, place);
                if self.is_unknown(value) {
                    return value;
                }
                // What is read of a platform's body is needed, whether or not anything else stands there.
                self.use_platform(value);
                self.cell(CellKey::PlatformOut(value, name), place, |me| {
                    me.run(&mut Frame::new(Parent::Platform(value)), code)
                })
            }
            None => Store::ABSENT,
        }
    }
}
