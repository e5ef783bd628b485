//! Flows, endpoints and the ends of flows: the one place where a collection stands for its elements. An absent end is no flow.

use std::rc::Rc;

use check::code::Code;
use source::{Diagnostic, Name, Place, list_of};
use value::{Fault, Store, Value, ValueId};

use crate::evaluate::Evaluation;
use crate::frame::{Frame, InstanceId};

impl<'a> Evaluation<'a> {
    /// `from -> to`, called by its ends unless it has a name.
    pub(crate) fn flow(
        &mut self,
        frame: &mut Frame,
        [from_code, to_code]: [&'a Code; 2],
        name: Option<&'a Code>,
        place: Place,
    ) -> ValueId {
        let from = self.run(frame, from_code);
        let to = self.run(frame, to_code);
        let name = name.map(|name| self.run(frame, name));
        let mut ends = Vec::with_capacity(2);
        for side in [from, to] {
            if self.is_unknown(side) {
                return side;
            }
            let found = match self.side_of_flow(side, place) {
                Ok(found) => found,
                Err(unknown) => return unknown,
            };
            if found.is_empty() {
                return Store::ABSENT;
            }
            ends.push(Box::from(found.as_ref()));
        }
        let key = match name {
            Some(name) => match self.key_name(name, place) {
                Ok(name) => name.text().to_owned(),
                Err(unknown) => return unknown,
            },
            None => self.key_of_flow(from, to),
        };
        let Ok([from, to]) = <[Box<[ValueId]>; 2]>::try_from(ends) else { return Store::ABSENT };
        let alone = [self.named_alone(frame, from_code, &from), self.named_alone(frame, to_code, &to)];
        let text = self.store.text(key.as_str());
        let flow = self.store.add(Value::Flow { from, to, alone, key: text });
        match self.claim_key(&key, flow, place) {
            Ok(()) => flow,
            Err(unknown) => unknown,
        }
    }

    /// The ends that one side of a flow stands for, sorted, each once. However many flows have the same side, its ends are looked
    /// at once.
    fn side_of_flow(&mut self, side: ValueId, place: Place) -> Result<Rc<[ValueId]>, ValueId> {
        if let Some(found) = self.flow_sides.get(&side).cloned() {
            self.spend(found.len(), place);
            return Ok(found);
        }
        let mut found = Vec::new();
        self.flatten_ends(side, place, &mut found)?;
        if let Some(unknown) = self.later_end(&found, place) {
            return Err(unknown);
        }
        if let Some(unknown) = self.end_of_itself(&found, place) {
            return Err(unknown);
        }
        found.sort_by(|left, right| self.store.compare_content(*left, *right));
        found.dedup();
        if let Some(unknown) = self.without_port(&found, place) {
            return Err(unknown);
        }
        let found: Rc<[ValueId]> = found.into();
        self.flow_sides.insert(side, Rc::clone(&found));
        Ok(found)
    }

    /// Instances, endpoints, addresses and ranges behind an end; through `delegate` to what has the ports.
    pub(crate) fn flatten_ends(&mut self, end: ValueId, place: Place, out: &mut Vec<ValueId>) -> Result<(), ValueId> {
        self.spend(1, place);
        match self.store.get(end).clone() {
            Value::Absent => {}
            Value::Unknown(_) => return Err(end),
            Value::List(elements) => {
                for element in elements.iter() {
                    self.flatten_ends(*element, place, out)?;
                }
            }
            Value::Map(entries) => {
                for (_, value) in entries.iter() {
                    self.flatten_ends(*value, place, out)?;
                }
            }
            Value::Record(fields) => {
                for (_, value) in fields.iter() {
                    self.flatten_ends(*value, place, out)?;
                }
            }
            Value::Instance(_) => {
                let owner = self.instance_of(end).map(|id| self.delegated(id, place));
                let end = match owner {
                    Some(owner) => self.instance_value(owner),
                    None => end,
                };
                out.push(end);
            }
            Value::Endpoint(..) | Value::Ip(_) | Value::Cidr(_) | Value::Tagged { .. } => out.push(end),
            Value::Ref { folded: Some(known), .. }
                if matches!(self.store.get(known), Value::List(_) | Value::Map(_) | Value::Record(_)) =>
            {
                self.flatten_ends(known, place, out)?;
            }
            // An address that is known only later.
            Value::Ref { .. } | Value::Op { .. } => out.push(end),
            Value::Text(_) => out.push(end),
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Decimal(_)
            | Value::Ratio(_)
            | Value::Size(_)
            | Value::Duration(_)
            | Value::Port { .. }
            | Value::Date(_)
            | Value::Range(..)
            | Value::Flow { .. }
            | Value::Platform { .. } => {
                let message = format!("`{}` is no end of a flow", self.store.show_short(end));
                return Err(self
                    .tell(Diagnostic::error("wrong_end", place, message).help(
                        "an end is an instance, one of its ports, an address, a range, or a collection of them",
                    )));
            }
        }
        Ok(())
    }

    /// The first of these ends that is an address which is known only later: rules are made, and their keys named, by what is
    /// known, so none would be made for it.
    fn later_end(&mut self, ends: &[ValueId], place: Place) -> Option<ValueId> {
        let end = ends.iter().copied().find(|end| self.known(*end).is_none())?;
        let what = match self.store.later_references(end).next() {
            Some(reference) => format!("`{}`", self.reference_text(reference)),
            None => "this end".to_owned(),
        };
        let message = if self.store.holds(end).secret() {
            format!("{what} is secret: no rule can be made for it")
        } else {
            format!("{what} is known only after it was applied: no rule can be made for it")
        };
        let told = Diagnostic::error("later_end", place, message)
            .help("name the instance that has the address, or write the address or range: `198.51.100.7`");
        Some(self.tell(told))
    }

    /// The first of these ends that is an address by which each machine means itself: no network carries anything of it.
    fn end_of_itself(&mut self, ends: &[ValueId], place: Place) -> Option<ValueId> {
        let end = ends.iter().copied().find(|end| match self.store.get(self.store.folded(*end)) {
            Value::Ip(address) => address.is_loopback(),
            Value::Cidr(range) => range.network().is_loopback() && range.broadcast().is_loopback(),
            _ => false,
        })?;
        let message =
            format!("`{}` is each machine itself: nothing comes from there over a network", self.store.show_short(end));
        let told = Diagnostic::error("wrong_end", place, message)
            .help("what runs on one machine needs no flow; name the instance or the address that others know");
        Some(self.tell(told))
    }

    /// The first of these ends that names a port which nobody has, told where the flow is written.
    fn without_port(&mut self, ends: &[ValueId], place: Place) -> Option<ValueId> {
        ends.iter().find_map(|end| match *self.store.get(*end) {
            Value::Endpoint(address, label) => {
                let port = self.by_address(address).map(|id| self.port_of(id, label, place))?;
                self.is_unknown(port).then_some(port)
            }
            _ => None,
        })
    }

    /// `ends(x)`: the set behind an end, endpoints by their owner.
    pub(crate) fn ends_of(&mut self, end: ValueId, place: Place) -> ValueId {
        let mut found = Vec::new();
        if let Err(unknown) = self.flatten_ends(end, place, &mut found) {
            return unknown;
        }
        let mut owners = Vec::with_capacity(found.len());
        for end in found {
            owners.push(match self.store.get(end) {
                Value::Endpoint(address, _) => {
                    let address = *address;
                    self.store.add(Value::Instance(address))
                }
                _ => end,
            });
        }
        owners.sort_by(|left, right| self.store.compare_content(*left, *right));
        owners.dedup();
        self.store.list(owners)
    }

    /// `endpoints(x)`: the ports among the ends behind an end.
    pub(crate) fn endpoints_of(&mut self, end: ValueId, place: Place) -> ValueId {
        let mut found = Vec::new();
        if let Err(unknown) = self.flatten_ends(end, place, &mut found) {
            return unknown;
        }
        found.retain(|end| matches!(self.store.get(*end), Value::Endpoint(..)));
        found.sort_by(|left, right| self.store.compare_content(*left, *right));
        found.dedup();
        self.store.list(found)
    }

    /// A port of an instance, of the one that has it in the end; of a collection, the list of their endpoints.
    pub(crate) fn endpoint(&mut self, of: ValueId, port: Name, place: Place) -> ValueId {
        let elements: Vec<ValueId> = match self.store.get(of) {
            Value::Instance(_) => {
                let Some(owner) = self.instance_of(of).map(|id| self.delegated(id, place)) else { return of };
                return match self.instances.get(owner.0 as usize).map(|owner| owner.address) {
                    Some(address) => self.store.add(Value::Endpoint(address, port)),
                    None => of,
                };
            }
            Value::List(elements) => elements.to_vec(),
            Value::Map(entries) => entries.iter().map(|(_, value)| *value).collect(),
            Value::Record(fields) => fields.iter().map(|(_, value)| *value).collect(),
            Value::Absent | Value::Unknown(_) => return of,
            _ => {
                let message = format!("`{}` has no port `{port}`", self.store.show_short(of));
                let help = "what has ports is an instance";
                return self.tell(Diagnostic::error("wrong_end", place, message).help(help));
            }
        };
        let mut endpoints = Vec::with_capacity(elements.len());
        for element in elements {
            let endpoint = self.endpoint(element, port, place);
            if endpoint != Store::ABSENT {
                endpoints.push(endpoint);
            }
        }
        self.store.list(endpoints)
    }

    /// The port behind an endpoint, from the input that carries `@role(ports)`.
    pub(crate) fn port_of(&mut self, id: InstanceId, label: Name, place: Place) -> ValueId {
        let Some(kind) = self.kind_of(id) else { return self.unknown(place, "an endpoint of a native resource") };
        let Some(input) = kind.ports() else {
            let fault = Fault::new(
                "no_port",
                format!("`{}` has no ports", self.path_text(id)),
                format!("`{}` declares none", kind.name),
            );
            return self.fault(place, &fault);
        };
        let ports = self.input(id, input.name, place);
        let Some(known) = self.known(ports) else { return self.too_late(ports, place) };
        if self.is_unknown(known) {
            return known;
        }
        let key = self.store.text(label.text());
        if let Some(port) = self.store.entry(known, key) {
            return port;
        }
        let labels: Vec<String> = match self.store.get(known) {
            Value::Map(entries) => entries.iter().filter_map(|(key, _)| self.store.text_of(*key).ok()).collect(),
            _ => Vec::new(),
        };
        let help = if labels.is_empty() {
            "it has no ports".to_owned()
        } else {
            format!("its ports are {}", list_of(labels.iter().map(String::as_str)))
        };
        let fault = Fault::new("no_port", format!("`{}` has no port `{label}`", self.path_text(id)), help);
        self.fault(place, &fault)
    }
}
