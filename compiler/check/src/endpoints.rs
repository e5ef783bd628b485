//! What stands behind a dot where an endpoint is wanted: a port of the instance by its label, else a field that is an endpoint.

use source::{Name, Place};

use crate::checked::{KindId, StatementId};
use crate::checker::{Checker, Cx};
use crate::code::{Code, CodeKind, ListPart, Loop};
use crate::types::{Shape, Ty};

impl Checker<'_> {
    /// An endpoint of an instance, of a collection of instances or of ends; None when what stands before the dot is neither. `at` is
    /// the name behind the dot, and the whole.
    pub(crate) fn endpoint(
        &mut self,
        cx: &mut Cx,
        code: Code,
        ty: &Ty,
        name: Name,
        (at, place): (Place, Place),
    ) -> Option<(Code, Ty)> {
        let (instance, many) = match &*ty.shape {
            Shape::Instance { .. } | Shape::Ends => (ty.clone(), false),
            Shape::List(of) | Shape::Map { value: of, .. } if of.kind().is_some() => (of.clone(), true),
            _ => return None,
        };
        if ty.optional {
            let told = self.error(
                "may_be_absent",
                place,
                "this instance may be absent",
                format!("write `?.{name}`: a flow with an absent end is no flow"),
            );
            return Some(self.unknown(place, told));
        }
        let Shape::Instance { kind, statement, .. } = &*instance.shape else {
            // Whatever it is: evaluation knows who has the port.
            let endpoint = Code::new(place, CodeKind::Endpoint { of: code, port: name });
            return Some((endpoint, Ty::list(Ty::new(Shape::Endpoint))));
        };
        let fields = self.endpoint_fields(*kind);
        if self.is_endpoint_field(*kind, *statement, name, &fields) || self.is_instance_field(*kind, *statement, name) {
            return Some(if many {
                self.field_of_each(cx, code, &instance, name, (at, place))
            } else {
                self.field_of(cx, code, &instance, name, at)
            });
        }
        if let Some(told) = self.no_such_port(*kind, *statement, name, &fields, at) {
            return Some(self.unknown(place, told));
        }
        let endpoint = Code::new(place, CodeKind::Endpoint { of: code, port: name });
        let one = Ty::new(Shape::Endpoint);
        Some((endpoint, if many { Ty::list(one) } else { one }))
    }

    /// The inputs and outputs of a kind that are endpoints.
    pub(crate) fn endpoint_fields(&mut self, kind: KindId) -> Vec<Name> {
        let info = self.kind_info(kind);
        let holds = |ty: &Ty| match &*ty.shape {
            Shape::Map { value, .. } => wants_endpoint(value),
            _ => wants_endpoint(ty),
        };
        let inputs = info.inputs.iter().filter(|input| holds(&input.ty)).map(|input| input.name);
        let outs = info.outs.iter().filter(|out| holds(&out.ty)).map(|out| out.name);
        inputs.chain(outs).collect()
    }

    /// Whether a name is read as a field: no port of the instance is called like this, as far as its ports are known here.
    fn is_endpoint_field(&mut self, kind: KindId, of: Option<StatementId>, name: Name, fields: &[Name]) -> bool {
        let ports = of.and_then(|statement| self.statement_ports(statement));
        // What has endpoints and no ports is read by its fields, those that do not exist too.
        let known = fields.contains(&name) || !fields.is_empty() && !self.has_ports(kind);
        known && ports.is_none_or(|ports| !ports.contains(&name))
    }

    /// Whether a name is that of an instance, which is an end as well: `e == web.jump`.
    fn is_instance_field(&mut self, kind: KindId, of: Option<StatementId>, name: Name) -> bool {
        let ports = of.and_then(|statement| self.statement_ports(statement));
        let info = self.kind_info(kind);
        let inputs = info.inputs.iter().map(|input| (input.name, &input.ty));
        let mut fields = inputs.chain(info.outs.iter().map(|out| (out.name, &out.ty)));
        fields.any(|(field, ty)| field == name && ty.kind().is_some())
            && ports.is_none_or(|ports| !ports.contains(&name))
    }

    fn has_ports(&mut self, kind: KindId) -> bool {
        self.kind_info(kind).ports().is_some()
    }

    /// `monitors.watch`: the endpoint of each instance.
    fn field_of_each(
        &mut self,
        cx: &mut Cx,
        code: Code,
        instance: &Ty,
        name: Name,
        (at, place): (Place, Place),
    ) -> (Code, Ty) {
        let slot = cx.bind(Name::new(""), instance.clone());
        let (field, ty) = self.field_of(cx, Code::new(place, CodeKind::Local(slot)), instance, name, at);
        if ty.is_unknown() {
            return (field, ty);
        }
        // With one variable a loop over a map goes over its keys.
        let key = cx.bind(Name::new(""), Ty::string());
        let each = Loop { key: Some(key), value: slot, collection: code };
        let (element, of) = match &*ty.shape {
            Shape::List(of) | Shape::Map { value: of, .. } => (ListPart::Spread(field), of.clone()),
            _ => (ListPart::Element { code: field, drop_absent: ty.optional }, ty.present()),
        };
        let part = ListPart::For { each, condition: None, part: Box::new(element) };
        (Code::new(place, CodeKind::List(vec![part])), Ty::list(of))
    }

    /// Tells that a port does not exist, when that is certain.
    fn no_such_port(
        &mut self,
        kind: KindId,
        of: Option<StatementId>,
        name: Name,
        fields: &[Name],
        at: Place,
    ) -> Option<source::Told> {
        let kind_name = self.kind_name(kind);
        if !self.has_ports(kind) {
            return Some(self.error(
                "no_ports",
                at,
                format!("a `{kind_name}` has no ports"),
                "only what opens or receives connections has ports",
            ));
        }
        let ports = of.and_then(|statement| self.statement_ports(statement)).filter(|ports| !ports.contains(&name))?;
        if let Some(told) = self.not_of_its_child(kind, of, name, &ports, at) {
            return Some(told);
        }
        let names: Vec<&str> = ports.iter().chain(fields).map(|name| name.text()).collect();
        let message = format!("this `{kind_name}` declares no port `{name}`");
        Some(if names.is_empty() {
            self.error("unknown_port", at, message, format!("declare it: `port {name} = 8080/tcp`"))
        } else {
            self.unknown_name("unknown_port", at, &message, name.text(), &names, "its ports are")
        })
    }
}

impl Checker<'_> {
    /// Tells that what an instance names as its port is none of the child that stands for it.
    fn not_of_its_child(
        &mut self,
        kind: KindId,
        of: Option<StatementId>,
        name: Name,
        ports: &[Name],
        at: Place,
    ) -> Option<source::Told> {
        let child = self.child_that_answers(kind)?;
        let own = self.find_ports(of?)?;
        if !own.contains(&name) {
            return None;
        }
        let kind_name = self.kind_name(kind);
        let help = if ports.is_empty() {
            format!(
                "it has no ports: give it those of the instance, `port = port`, in the implementation of `{kind_name}`"
            )
        } else {
            let ports = source::list_of(ports.iter().map(|port| port.text()));
            format!(
                "its ports are {ports}: leave `port` out of this `{kind_name}`, or give it those of the instance, `port = port`"
            )
        };
        Some(self.error(
            "no_port",
            at,
            format!("`{child}`, which stands for this `{kind_name}`, has no port `{name}`"),
            help,
        ))
    }
}

/// Whether an endpoint, or several, may stand where this type is expected.
pub(crate) fn wants_endpoint(ty: &Ty) -> bool {
    match &*ty.shape {
        Shape::Endpoint | Shape::Ends => true,
        Shape::List(of) => wants_endpoint(of),
        Shape::Union(parts) => parts.iter().any(wants_endpoint),
        _ => false,
    }
}
