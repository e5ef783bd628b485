//! The platform values that an environment lists, and what each is called: its label, else the `let` that is listed, else its
//! platform. What stands on a platform is identified by this name, never by the inputs and never by what is listed beside it.

use check::code::Code;
use source::{Diagnostic, Name, Place, list_of};
use value::{Address, AddressId, Value, ValueId};

use crate::cells::CellKey;
use crate::evaluate::Evaluation;
use crate::frame::{Frame, Parent};
use crate::names::slug;

/// A platform value that the environment lists. An instance that is a platform keeps its own identity, its address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listed {
    pub name: Name,
    pub value: ValueId,
}

impl<'a> Evaluation<'a> {
    /// An element of a list with the name that it is given.
    pub(crate) fn named_element(&mut self, frame: &mut Frame, name: &'a Code, of: &'a Code) -> ValueId {
        let value = self.run(frame, of);
        let given = self.run(frame, name);
        let given = match self.key_name(given, name.place) {
            Ok(given) => given,
            Err(unknown) => return unknown,
        };
        match self.store.get(value).clone() {
            Value::Platform { platform, inputs, instance, .. } => {
                if slug(given.text()).is_empty() {
                    let message = format!("`{given}` cannot be the name of a platform");
                    return self.tell(
                        Diagnostic::error("wrong_name", name.place, message)
                            .help("a name has letters or digits, such as `dublin`"),
                    );
                }
                self.store.add(Value::Platform { platform, name: Some(given), inputs, instance })
            }
            _ => value,
        }
    }

    /// The platform values that the environment lists, with their names.
    pub(crate) fn on_values(&mut self, asked: Place) -> Result<Vec<ValueId>, ValueId> {
        let environment = self.environment;
        let list = self.cell(CellKey::On, asked, |me| {
            let list = me.run(&mut Frame::new(Parent::Root), &environment.on);
            let known = me.known(list).unwrap_or(list);
            match me.store.get(known).clone() {
                Value::List(values) => {
                    me.listed = values.iter().filter_map(|value| me.listed_element(*value)).collect();
                    me.tell_same_platforms(environment.on.place);
                    let values: Vec<ValueId> = me.listed.iter().map(|listed| listed.value).collect();
                    me.store.list(values)
                }
                _ => known,
            }
        });
        match self.store.get(list) {
            Value::List(values) => Ok(values.to_vec()),
            Value::Unknown(_) => Err(list),
            _ => Ok(Vec::new()),
        }
    }

    fn listed_element(&mut self, value: ValueId) -> Option<Listed> {
        // An instance that is a platform may be listed as it is.
        let platform = self.instance_of(value).and_then(|id| self.kind_of(id)).and_then(|kind| kind.platform);
        let value = platform.map_or(value, |platform| self.as_platform(value, platform));
        let Value::Platform { platform, name, inputs, instance } = *self.store.get(value) else { return None };
        let own = match instance {
            Some(address) => Name::new(&self.store.address_text(address)),
            None => own_name(platform),
        };
        let listed = name.unwrap_or(own);
        let name = if instance.is_some() { None } else { Some(listed) };
        Some(Listed { name: listed, value: self.store.add(Value::Platform { platform, name, inputs, instance }) })
    }

    /// Names are compared as they stand in names of the clouds.
    fn tell_same_platforms(&mut self, place: Place) {
        let listed = self.listed.clone();
        for (at, one) in listed.iter().enumerate() {
            let Some(other) = listed.iter().take(at).find(|other| {
                slug(other.name.text()) == slug(one.name.text()) || self.is_same_platform(other.value, one.value)
            }) else {
                continue;
            };
            let (message, help) = if self.is_same_platform(other.value, one.value) {
                (
                    format!("`{}` is listed twice", self.platform_text(one.value)),
                    "list each place once: the second name would stand for the same one".to_owned(),
                )
            } else {
                let renamed = Listed { name: Name::new("other"), value: one.value };
                let (first, second) = (self.written(*other), self.written(renamed));
                (
                    format!("two platforms of `{}` are called `{}`", self.environment.name, one.name),
                    format!("give one a name of its own: `on = [{first}, {second}]`"),
                )
            };
            let _ = self.tell(Diagnostic::error("same_platform", place, message).help(help));
            self.rename_listed(at);
        }
    }

    /// Gives a listed value a name that no other has: what stands on it would be taken for what stands on the other, and one
    /// mistake would be told at all of that.
    fn rename_listed(&mut self, at: usize) {
        let Some(Listed { value, .. }) = self.listed.get(at).copied() else { return };
        let Value::Platform { platform, inputs, instance: None, .. } = *self.store.get(value) else { return };
        let free = |name: &Name| !self.listed.iter().any(|listed| listed.name == *name);
        let Some(name) = (0..).map(|count| Name::new(&format!("other{}", "-".repeat(count)))).find(free) else {
            return;
        };
        let value = self.store.add(Value::Platform { platform, name: Some(name), inputs, instance: None });
        if let Some(listed) = self.listed.get_mut(at) {
            *listed = Listed { name, value };
        }
    }

    /// An element of `on`, without its inputs: `aws(…)`, `dublin = aws(…)`.
    fn written(&self, listed: Listed) -> String {
        let made = match *self.store.get(listed.value) {
            Value::Platform { instance: Some(address), .. } => self.store.address_text(address),
            Value::Platform { platform, .. } if own_name(platform) == listed.name => return format!("{platform}(…)"),
            Value::Platform { platform, .. } => format!("{platform}(…)"),
            _ => "…".to_owned(),
        };
        format!("{} = {made}", listed.name)
    }

    /// What a listed value is called.
    pub(crate) fn name_of_listed(&self, value: ValueId) -> Option<Name> {
        self.listed.iter().find(|listed| listed.value == value).map(|listed| listed.name)
    }

    fn is_same_platform(&self, left: ValueId, right: ValueId) -> bool {
        match (self.store.get(left), self.store.get(right)) {
            (
                Value::Platform { platform, inputs, instance, .. },
                Value::Platform { platform: other, inputs: others, instance: another, .. },
            ) => (platform, inputs, instance) == (other, others, another),
            (_, _) => false,
        }
    }

    /// The listed value that is called like this.
    pub(crate) fn listed_value(&mut self, name: Name, place: Place) -> ValueId {
        if let Err(unknown) = self.on_values(place) {
            return unknown;
        }
        if let Some(listed) = self.listed.iter().find(|listed| listed.name == name) {
            return listed.value;
        }
        let message = format!("`{}` lists no platform `{name}`", self.environment.name);
        let names = self.listed.iter().map(|listed| listed.name.text());
        let help = match source::did_you_mean(name.text(), names) {
            Some(close) => format!("did you mean `{close}`?"),
            None => self.what_is_listed(),
        };
        let told = Diagnostic::error("unlisted_platform", place, message).help(help);
        self.tell(told.also(self.environment.place, "this environment"))
    }

    /// A platform value as the environment lists it, with its name. An instance that is a platform needs no list.
    pub(crate) fn listed_as(&mut self, value: ValueId, place: Place) -> ValueId {
        match *self.store.get(value) {
            Value::Platform { platform, inputs, instance: instance @ Some(_), .. } => {
                self.store.add(Value::Platform { platform, name: None, inputs, instance })
            }
            Value::Platform { .. } => {
                if let Err(unknown) = self.on_values(place) {
                    return unknown;
                }
                let found = self.listed.iter().find(|listed| self.is_same_platform(listed.value, value));
                if let Some(listed) = found {
                    return listed.value;
                }
                let text = self.platform_text(value);
                let message = format!("`{text}` is not listed in `on` of `{}`", self.environment.name);
                let told = Diagnostic::error("unlisted_platform", place, message)
                    .help(format!("list it with a name, `on = [… , other = {text}]`, and write `on other`"))
                    .help(self.what_is_listed());
                self.tell(told.also(self.environment.place, "this environment"))
            }
            _ => value,
        }
    }

    fn what_is_listed(&self) -> String {
        match self.listed.as_slice() {
            [] => "it lists none".to_owned(),
            listed => format!("it lists {}", list_of(listed.iter().map(|listed| listed.name.text()))),
        }
    }

    /// What a platform value is called apart from its platform: none for one that is called like it.
    pub(crate) fn name_of_platform(&self, value: ValueId) -> Option<Name> {
        match self.store.get(value) {
            Value::Platform { instance: Some(address), .. } | Value::Instance(address) => {
                Some(Name::new(&self.store.address_text(*address)))
            }
            Value::Platform { platform, name, .. } => name.filter(|name| *name != own_name(*platform)),
            _ => None,
        }
    }

    /// Where the resources of a platform's body stand: `aws`, `dublin`; of an instance that is the platform, below it:
    /// `main.kubernetes`.
    pub(crate) fn platform_address(&mut self, value: ValueId) -> AddressId {
        let (parent, name) = match self.store.get(value) {
            Value::Platform { platform, instance: Some(address), .. } => (Some(*address), own_name(*platform)),
            Value::Platform { platform, name, .. } => (None, name.unwrap_or_else(|| own_name(*platform))),
            _ => (None, Name::new("platform")),
        };
        self.store.address(Address { parent, name, key: None })
    }
}

/// `aws` of `acme.aws`: a platform's name without its folder.
pub fn own_name(platform: Name) -> Name {
    platform.text().rsplit_once('.').map_or(platform, |(_, name)| Name::new(name))
}
