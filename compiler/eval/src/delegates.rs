//! `delegate`: which child stands for an instance, and that it has the ports that the instance names.

use check::checked::Kind;
use source::{Diagnostic, Place, list_of};
use value::{Value, ValueId};

use crate::evaluate::Evaluation;
use crate::frame::{InstanceId, Parent};

impl Evaluation<'_> {
    /// The child to which an instance delegates.
    pub(crate) fn delegate(&mut self, id: InstanceId, asked: Place) -> Option<InstanceId> {
        if !self.may_delegate(id) {
            return None;
        }
        let statement = self.implementation_of(id, asked)?.delegate?;
        self.expand(Parent::Instance(id), statement).first().copied()
    }

    /// Whether any implementation of the instance's kind delegates; most do not, and then its platform need not be known.
    fn may_delegate(&self, id: InstanceId) -> bool {
        let Some(kind) = self.kind_id_of(id) else { return false };
        let ancestors = self.kind(kind).map_or(&[][..], |kind| &kind.ancestors);
        std::iter::once(kind)
            .chain(ancestors.iter().copied())
            .filter_map(|kind| self.relations.implementations.get(&kind))
            .flatten()
            .any(|id| self.implementation(*id).is_some_and(|implementation| implementation.delegate.is_some()))
    }

    /// Follows `delegate` to its end.
    pub(crate) fn delegated(&mut self, id: InstanceId, asked: Place) -> InstanceId {
        let mut at = id;
        while let Some(next) = self.delegate(at, asked) {
            at = next;
        }
        at
    }

    /// The named ports of an instance itself: label and port.
    fn own_ports(&mut self, id: InstanceId, place: Place) -> Vec<(ValueId, ValueId)> {
        let Some(input) = self.kind_of(id).and_then(Kind::ports) else { return Vec::new() };
        let ports = self.input(id, input.name, place);
        match self.known(ports).map(|known| self.store.get(known)) {
            Some(Value::Map(entries)) => entries.to_vec(),
            Some(_) | None => Vec::new(),
        }
    }

    /// Whether each port that an instance names is one of the child that stands for it; told when it is not: nobody would answer.
    pub(crate) fn has_the_ports_of_its_child(&mut self, id: InstanceId, place: Place) -> bool {
        let child = self.delegated(id, place);
        if child == id {
            return true;
        }
        let theirs = self.own_ports(child, place);
        for (label, port) in self.own_ports(id, place) {
            let found = theirs.iter().find(|(other, _)| *other == label).map(|(_, port)| *port);
            if found.map(|found| self.store.folded(found)) == Some(self.store.folded(port)) {
                continue;
            }
            let [label, port] =
                [label, port].map(|value| self.store.text_of(value).unwrap_or_else(|_| self.store.show(value)));
            let (own, other) = (self.path_text(id), self.path_text(child));
            let message =
                format!("`{own}` names the port `{label}` = {port}, and `{other}`, which stands for it, does not");
            let labels: Vec<String> = theirs.iter().filter_map(|(label, _)| self.store.text_of(*label).ok()).collect();
            let help = match labels.as_slice() {
                [] => "it has no ports: give it those of the instance, `port = port`".to_owned(),
                labels => format!(
                    "its ports are {}: leave `port` out here, or give it those of the instance, `port = port`",
                    list_of(labels.iter().map(String::as_str))
                ),
            };
            let input = self.kind_of(id).and_then(Kind::ports);
            let at = input.and_then(|input| self.input_place(id, input.name)).unwrap_or(place);
            let told = self.made_for(Diagnostic::error("no_port", at, message).help(help), id, at);
            let _ = self.tell(told);
            return false;
        }
        true
    }
}
