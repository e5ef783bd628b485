//! The ports of a Service: each has a name of its own where there are several, and a number of its own for its protocol.
//! Kubernetes, `core/validation`: `ValidateService`.

use source::Name;
use value::{Step, Value, ValueId};

use super::Looking;

impl Looking<'_, '_> {
    /// Tells of the second port that is called like another or has its number.
    pub(super) fn ports(&mut self, body: ValueId) {
        let (spec, ports) = (Name::new("spec"), Name::new("ports"));
        let found = self.store().field(body, spec).and_then(|spec| self.store().field(spec, ports));
        let Some(Value::List(elements)) = found.map(|found| self.store().get(found)) else { return };
        let (mut names, mut numbers) = (Vec::new(), Vec::new());
        for (at, port) in elements.iter().enumerate() {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            let (name, number) = (self.text_in(*port, "name"), self.number_in(*port, "port"));
            let protocol = self.text_in(*port, "protocol").unwrap_or("TCP");
            if let Some(name) = name {
                if names.contains(&name) {
                    self.tell_port(spec, ports, at, "name", format!("two ports of this Service are called `{name}`"));
                }
                names.push(name);
            }
            if let Some(number) = number {
                if numbers.contains(&(number, protocol)) {
                    let message = format!("two ports of this Service are {number}/{}", protocol.to_lowercase());
                    self.tell_port(spec, ports, at, "port", message);
                }
                numbers.push((number, protocol));
            }
        }
    }

    fn tell_port(&mut self, spec: Name, ports: Name, at: u32, field: &str, message: String) {
        self.path = vec![Step::Field(spec), Step::Field(ports), Step::Index(at), Step::Field(Name::new(field))];
        self.tell("duplicate_key", message, "a cluster tells them apart by it: give each its own, or leave one out");
        self.path.clear();
    }
}

impl<'g> Looking<'_, 'g> {
    fn text_in(&self, of: ValueId, field: &str) -> Option<&'g str> {
        match self.store().get(self.store().field(of, Name::new(field))?) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    fn number_in(&self, of: ValueId, field: &str) -> Option<i64> {
        match self.store().get(self.store().field(of, Name::new(field))?) {
            Value::Int(number) => Some(*number),
            _ => None,
        }
    }
}
