//! Facts about instances, endpoints and ends that only evaluation knows: keys, names, addresses, where something stands.

use check::checked::Kind;
use check::code::{Code, CodeKind, Fact};
use ipnet::{IpNet, Ipv4Net};
use source::{Diagnostic, Name, Place};
use value::{AddressId, Op, Store, Value, ValueId};

use crate::evaluate::Evaluation;
use crate::frame::{Frame, GroupId, InstanceId, Parent};
use crate::moves::without_key;
use crate::names::NameForm;

/// What a fact is asked about.
#[derive(Clone, Copy, Debug)]
enum Subject {
    Instance(InstanceId),
    /// The members of a `once` group as one.
    Group(GroupId),
    Endpoint(InstanceId, Name),
}

impl<'a> Evaluation<'a> {
    /// The value of a fact.
    pub(crate) fn fact(
        &mut self,
        frame: &mut Frame,
        fact: Fact,
        of: &'a Code,
        args: &'a [Code],
        place: Place,
    ) -> ValueId {
        if fact == Fact::ProjectName {
            let name = self.checked.project.as_ref().map_or("", |project| project.name.text());
            return self.store.text(name);
        }
        if fact == Fact::Tier {
            return self.store.text(self.environment.tier.text());
        }
        let value = self.run(frame, of);
        if value == Store::ABSENT || self.is_unknown(value) {
            return value;
        }
        let holds = self.store.holds(value);
        match fact {
            Fact::RangeOf => return self.range_of(value),
            Fact::EndsOf => return self.ends_of(value, place),
            Fact::EndpointsOf => return self.endpoints_of(value, place),
            Fact::IsSecret => return self.store.add(Value::Bool(holds.secret())),
            Fact::IsLater => {
                let later = self.deep_known(value).is_none();
                return self.store.add(Value::Bool(later));
            }
            Fact::InPlace => {
                let target = args.first().map_or(Store::ABSENT, |target| self.run(frame, target));
                return if self.is_kept_by(value, target) { value } else { Store::ABSENT };
            }
            Fact::PlatformOf if matches!(self.store.get(value), Value::Platform { .. }) => return value,
            Fact::KeyOf
            | Fact::NameOf
            | Fact::AddressOf
            | Fact::PlatformOf
            | Fact::PathOf
            | Fact::WhereIs
            | Fact::ProjectName
            | Fact::Tier
            | Fact::StatementOf
            | Fact::LoopOf
            | Fact::PortOf
            | Fact::OwnerOf
            | Fact::LabelOf
            | Fact::GroupOf
            | Fact::Leaves => {}
        }
        let Some(subject) = self.subject(frame.this, of, value) else { return self.no_instance(value, place) };
        let id = match subject {
            Subject::Instance(id) | Subject::Endpoint(id, _) => id,
            Subject::Group(group) => match self.groups.get(group.0 as usize).and_then(|group| group.members.first()) {
                Some(id) => *id,
                None => return Store::ABSENT,
            },
        };
        match fact {
            Fact::KeyOf => {
                let key = match subject {
                    Subject::Instance(id) => self.key_of(id),
                    Subject::Endpoint(id, port) => format!("{}-{port}", self.key_of(id)),
                    Subject::Group(group) => self.slug_of_group(group),
                };
                self.store.text(key)
            }
            Fact::NameOf => self.name_fact(frame, subject, args, place),
            Fact::AddressOf => {
                let owner = self.delegated(id, place);
                match self.kind_of(owner).and_then(Kind::address) {
                    Some(out) => self.out(owner, out.name, place),
                    None => Store::ABSENT,
                }
            }
            Fact::PlatformOf => self.home(id, place),
            Fact::Leaves => {
                let leaves = match subject {
                    Subject::Instance(id) | Subject::Endpoint(id, _) => self.leaves(id),
                    // What is made once goes when all that it is made for goes.
                    Subject::Group(group) => self
                        .groups
                        .get(group.0 as usize)
                        .is_some_and(|group| group.members.iter().all(|member| self.leaves(*member))),
                };
                self.store.add(Value::Bool(leaves))
            }
            Fact::PathOf => {
                let text = match subject {
                    Subject::Instance(id) => self.first_path(id),
                    Subject::Endpoint(id, port) => format!("{}.{port}", self.first_path(id)),
                    Subject::Group(group) => {
                        self.group_address(group).map_or_else(String::new, |address| self.named_text(address))
                    }
                };
                self.store.text(text)
            }
            Fact::WhereIs => {
                // The file and the item's head, not the line: an edit above it must change nothing that is emitted.
                let outer = self.outermost(id);
                let text = self
                    .place_of(outer)
                    .map_or_else(String::new, |place| format!("{}: {}", place.item.file().path(), place.item.head()));
                self.store.text(text)
            }
            Fact::StatementOf | Fact::LoopOf => {
                let Some(address) = self.address_of(subject) else { return Store::ABSENT };
                let first =
                    if fact == Fact::LoopOf { self.named_loop(address) } else { without_key(self.named(address)) };
                self.store.text(first.to_string())
            }
            Fact::PortOf => match subject {
                Subject::Endpoint(id, label) => self.port_of(id, label, place),
                Subject::Instance(_) | Subject::Group(_) => Store::ABSENT,
            },
            Fact::OwnerOf => self.instance_value(id),
            Fact::LabelOf => match subject {
                Subject::Endpoint(_, label) => self.store.text(label.text()),
                Subject::Instance(_) | Subject::Group(_) => Store::ABSENT,
            },
            Fact::GroupOf => {
                let id = self.delegated(id, place);
                let once =
                    self.implementation_of(id, place).and_then(|implementation| implementation.onces.first().copied());
                let group =
                    once.and_then(|once| self.group_of(id, once, place)).and_then(|group| self.group_address(group));
                let text = match group {
                    Some(address) => self.named_text(address),
                    None => self.first_path(id),
                };
                self.store.text(text)
            }
            Fact::ProjectName
            | Fact::Tier
            | Fact::RangeOf
            | Fact::EndsOf
            | Fact::EndpointsOf
            | Fact::InPlace
            | Fact::IsSecret
            | Fact::IsLater => Store::ABSENT,
        }
    }
    /// An end may be a range: it has no name, no key, and stands nowhere.
    fn no_instance(&mut self, value: ValueId, place: Place) -> ValueId {
        if !matches!(self.store.get(value), Value::Ip(_) | Value::Cidr(_) | Value::Tagged { .. }) {
            return self.unknown(place, "a fact is asked about something that has none");
        }
        let message = format!("`{}` is no instance: there is nothing to say of it", self.shown(value));
        let told = Diagnostic::error("wrong_end", place, message)
            .help("leave such ends out: `for e in ends(f.from) if range_of(e) == none`");
        let told = self.with_context(told, place, &[value]);
        self.tell(told)
    }

    /// Of a group, that of what it makes.
    fn address_of(&self, subject: Subject) -> Option<AddressId> {
        match subject {
            Subject::Instance(id) | Subject::Endpoint(id, _) => {
                self.instances.get(id.0 as usize).map(|instance| instance.address)
            }
            Subject::Group(group) => self.group_address(group),
        }
    }

    /// `name_of(x, limit = 40, bare = true)`
    fn name_fact(&mut self, frame: &mut Frame, subject: Subject, args: &'a [Code], place: Place) -> ValueId {
        let mut form = NameForm { limit: 63, bare: false };
        for code in args {
            let given = self.run(frame, code);
            match self.known(given).map(|known| self.store.get(known)) {
                Some(Value::Int(limit)) => form.limit = usize::try_from(*limit).unwrap_or(0),
                Some(Value::Bool(bare)) => form.bare = *bare,
                Some(Value::Unknown(_)) => return given,
                Some(_) => {}
                None => return self.too_late(given, code.place),
            }
        }
        let name = match subject {
            Subject::Instance(id) => self.physical_name(id, form, place),
            Subject::Endpoint(id, port) => {
                self.physical_name(id, form, place).map(|name| crate::names::cut(&format!("{name}-{port}"), form.limit))
            }
            Subject::Group(group) => self.group_name(group, form, place),
        };
        match name {
            Ok(name) => self.store.text(name),
            Err(unknown) => unknown,
        }
    }

    /// The range of an end that is written as an address, a range or `internet`.
    fn range_of(&mut self, value: ValueId) -> ValueId {
        let known = self.known(value).unwrap_or(value);
        let range = match self.store.get(known) {
            Value::Cidr(_) => return value,
            Value::Ip(_) => return self.residual_or(Op::HostCidr, value, known),
            Value::Tagged { tag, .. } if tag.text() == "internet" => IpNet::V4(Ipv4Net::default()),
            _ => return Store::ABSENT,
        };
        self.store.add(Value::Cidr(range))
    }

    /// The operation on what is known, else the residual.
    fn residual_or(&mut self, op: Op, value: ValueId, known: ValueId) -> ValueId {
        let of = if self.store.holds(value).reference() { value } else { known };
        value::ops::apply(&mut self.store, op, &[of], None).unwrap_or(Store::ABSENT)
    }

    fn subject(&self, this: Parent, of: &Code, value: ValueId) -> Option<Subject> {
        if let (Parent::Group(group), CodeKind::SelfInstance) = (this, of.kind.as_ref()) {
            return Some(Subject::Group(group));
        }
        match self.store.get(value) {
            Value::Instance(address) => self.by_address(*address).map(Subject::Instance),
            Value::Endpoint(address, port) => self.by_address(*address).map(|id| Subject::Endpoint(id, *port)),
            Value::List(elements) => match self.group_of_list.get(&value) {
                Some(group) => Some(Subject::Group(*group)),
                None => elements.first().and_then(|first| self.instance_of(*first)).map(Subject::Instance),
            },
            Value::Platform { instance: Some(address), .. } => self.by_address(*address).map(Subject::Instance),
            _ => None,
        }
    }

    /// The loop's key, else the statement's name.
    fn key_of(&self, id: InstanceId) -> String {
        let Some(instance) = self.instances.get(id.0 as usize) else { return String::new() };
        let first = self.named(instance.address).steps.pop();
        first.map_or_else(String::new, |step| step.key.unwrap_or(step.name).text().to_owned())
    }

    /// The text of the address that an instance had first.
    fn first_path(&self, id: InstanceId) -> String {
        self.instances.get(id.0 as usize).map_or_else(String::new, |instance| self.named_text(instance.address))
    }

    fn group_address(&self, group: GroupId) -> Option<AddressId> {
        self.groups.get(group.0 as usize).map(|group| group.address)
    }

    /// The statement and the group's key: `front-lan`.
    fn slug_of_group(&self, group: GroupId) -> String {
        let Some(address) = self.group_address(group) else { return String::new() };
        let mut first = self.named(address).steps;
        let key = first.pop().and_then(|group| group.key);
        let statement = first.pop().map_or_else(String::new, |step| step.name.text().to_owned());
        match key {
            Some(key) => format!("{statement}-{}", crate::names::slug(key.text())),
            None => statement,
        }
    }
}
