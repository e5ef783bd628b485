//! Params: given on the command line, by the environment, by one that it is like, or their default.

use check::checked::{Param, ParamId};
use check::param_form::ParamValue;
use source::{Diagnostic, Name, Place, list_of};
use value::{Store, Value, ValueId};

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
            if let Some((_, text)) = me.params.iter().find(|(name, _)| *name == param.name) {
                return me.read_param(param, text);
            }
            let declared = given
                .map(|(_, code)| code)
                .or(param.default.as_ref())
                .map(|code| me.run(&mut Frame::new(Parent::Root), code));
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

    /// A param's text as a value of its type.
    fn read_param(&mut self, param: &Param, text: &str) -> ValueId {
        match param.form.read(text) {
            Ok(ParamValue::One(value)) => self.store.add(value),
            Ok(ParamValue::Range(first, last)) => {
                let (first, last) = (self.store.add(first), self.store.add(last));
                self.computed(param.place, |store| value::range(store, first, last))
            }
            Err(fault) => {
                let message = format!("`{}`: {}", param.name, fault.message);
                self.tell(Diagnostic::error("bad_param", param.place, message).help(fault.help))
            }
        }
    }

    /// Params on the command line: each is declared, given once, and of its type, whether something reads it or not.
    pub(crate) fn check_params_given(&mut self) {
        let given = self.params;
        for (at, (name, _)) in given.iter().enumerate() {
            if given.iter().take(at).any(|(other, _)| other == name) {
                let message = format!("`{name}` is given twice");
                let help = format!("give one value: `--param {name}=…`");
                let _ = self.tell(Diagnostic::placeless("bad_param", message).help(help));
            }
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
        let checked = self.checked;
        for (at, param) in checked.params.iter().enumerate() {
            if !param.secret && given.iter().any(|(name, _)| *name == param.name) {
                let _ = self.param(ParamId(at as u32), param.place);
            }
        }
    }
}
