//! Params: given on the command line, by the environment, by one that it is like, or their default.

use check::checked::ParamId;
use source::{Diagnostic, Name, Place, list_of};
use value::{ScalarKind, Store, Value, ValueId};

use crate::cells::CellKey;
use crate::evaluate::Evaluation;
use crate::frame::{Frame, Parent};

impl Evaluation<'_> {
    /// The value of a param in this environment.
    pub(crate) fn param(&mut self, id: ParamId, asked: Place) -> ValueId {
        let Some(param) = self.checked.params.get(id.0 as usize) else {
            return self.unknown(asked, "a param is missing");
        };
        if param.secret {
            return self.secret_param(id, param.name);
        }
        self.cell(CellKey::Param(id), asked, |me| {
            let given = me
                .chain
                .clone()
                .into_iter()
                .find_map(|environment| environment.params.iter().find(|(param, _)| *param == id));
            let mut declared = given
                .map(|(_, code)| code)
                .or(param.default.as_ref())
                .map(|code| me.run(&mut Frame::new(Parent::Root), code));
            if let Some((_, text)) = me.params.iter().find(|(name, _)| *name == param.name) {
                // Other environments may say what sort of value it is when this one does not.
                if declared.is_none_or(|value| value == Store::ABSENT) {
                    let other = me
                        .checked
                        .environments
                        .iter()
                        .find_map(|environment| environment.params.iter().find(|(param, _)| *param == id));
                    declared = other.map(|(_, code)| me.run(&mut Frame::new(Parent::Root), code));
                }
                return me.read_param(param.name.text(), text, declared, param.place);
            }
            match declared {
                Some(value) => value,
                None if param.optional => Store::ABSENT,
                None => {
                    let name = param.name;
                    let message = format!("environment `{}` gives no value for `{name}`", me.environment.name);
                    let place = me.environment.place;
                    me.tell(
                        Diagnostic::error("missing_param", param.place, message).also(place, "this environment").help(
                            format!("add `params {{ {name} = … }}` to the environment, or run with `--param {name}=…`"),
                        ),
                    )
                }
            }
        })
    }

    /// A secret has no value here: it is a reference to what is given when something is applied.
    fn secret_param(&mut self, id: ParamId, name: Name) -> ValueId {
        let of = self.store.input(name);
        self.secret_params.insert(id, of);
        self.store.add(Value::Ref { of, path: Box::default(), folded: None, secret: true })
    }

    /// What is given from outside and something reads, by name.
    pub(crate) fn inputs_read(&self) -> Vec<graph::Input> {
        let read = self.secret_params.iter().filter_map(|(id, address)| {
            let param = self.checked.params.get(id.0 as usize)?;
            Some(graph::Input { name: param.name, address: *address, place: param.place })
        });
        let mut inputs: Vec<graph::Input> = read.collect();
        inputs.sort_by_key(|input| input.name.text());
        inputs
    }

    /// A param's text as a value of the sort that it has elsewhere.
    fn read_param(&mut self, name: &str, text: &str, sample: Option<ValueId>, place: Place) -> ValueId {
        let sample = sample.map(|sample| match self.store.get(sample) {
            Value::Range(first, _) => (*first, true),
            _ => (sample, false),
        });
        let kind = match sample.map(|(sample, _)| self.store.get(sample)) {
            Some(Value::Bool(_)) => ScalarKind::Bool,
            Some(Value::Int(_)) => ScalarKind::Int,
            Some(Value::Decimal(_)) => ScalarKind::Decimal,
            Some(Value::Ratio(_)) => ScalarKind::Ratio,
            Some(Value::Size(_)) => ScalarKind::Size,
            Some(Value::Duration(_)) => ScalarKind::Duration,
            Some(Value::Ip(_)) => ScalarKind::Ip,
            Some(Value::Cidr(_)) => ScalarKind::Cidr,
            Some(Value::Port { .. }) => ScalarKind::Port,
            Some(Value::Date(_)) => ScalarKind::Date,
            Some(Value::List(_) | Value::Record(_) | Value::Map(_) | Value::Tagged { .. } | Value::Platform { .. }) => {
                return self.tell(
                    Diagnostic::error(
                        "bad_param",
                        place,
                        format!("`{name}` is not a single value, so it cannot be given on the command line"),
                    )
                    .help("give it in the environment: `params { … }`"),
                );
            }
            Some(_) | None => ScalarKind::Text,
        };
        let is_range = sample.is_some_and(|(_, range)| range);
        let parts: Vec<&str> = if is_range { text.splitn(2, "..").collect() } else { vec![text] };
        let mut values = Vec::with_capacity(2);
        for part in parts {
            match value::parse_scalar(kind, part) {
                Ok(value) => values.push(self.store.add(value)),
                Err(fault) => {
                    return self.tell(
                        Diagnostic::error("bad_param", place, format!("`{name}`: {}", fault.message)).help(fault.help),
                    );
                }
            }
        }
        match (values.as_slice(), is_range) {
            ([only], true) => self.store.add(Value::Range(*only, *only)),
            ([first, last], true) => {
                let (first, last) = (*first, *last);
                self.computed(place, |store| value::range(store, first, last))
            }
            ([only, ..], false) => *only,
            ([], _) | ([_, _, ..], true) => Store::ABSENT,
        }
    }

    /// Params on the command line that nobody declared.
    pub(crate) fn check_params_given(&mut self) {
        for (name, _) in self.params {
            if self.checked.params.iter().any(|param| param.name == *name && param.secret) {
                let message = format!("`{name}` is secret, and others see with what a program is called");
                let help = format!("leave out `--param {name}=…`: the value is asked for when something is applied");
                let _ = self.tell(Diagnostic::placeless("plain_secret", message).help(help));
            }
            if !self.checked.params.iter().any(|param| param.name == *name) {
                let known: Vec<&str> = self.checked.params.iter().map(|param| param.name.text()).collect();
                let help = match source::did_you_mean(name.text(), known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if known.is_empty() => "the program has no params".to_owned(),
                    None => format!("the params are {}", list_of(known)),
                };
                let _ =
                    self.tell(Diagnostic::placeless("unknown_param", format!("there is no param `{name}`")).help(help));
            }
        }
    }
}
