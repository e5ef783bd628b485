//! Drivers at their places: each configuration is opened once, and what it proves to be decides which realm it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use drivers::{Driver, Opening, Session};
use state::{ConfigId, Configuration, Entropy, Realm, RealmId, Record, State, Tree};

use crate::told::Told;

/// The drivers that there are, by target.
#[derive(Clone, Default)]
pub struct Drivers {
    by_target: BTreeMap<String, Arc<dyn Driver>>,
}

impl Drivers {
    /// These drivers.
    pub fn of(drivers: impl IntoIterator<Item = Arc<dyn Driver>>) -> Self {
        Self { by_target: drivers.into_iter().map(|driver| (driver.target().to_owned(), driver)).collect() }
    }
    /// Whether something makes what this target is about.
    pub fn has(&self, target: &str) -> bool {
        self.by_target.contains_key(target)
    }
}

/// A driver at its place.
#[derive(Clone)]
pub(crate) struct Opened {
    pub session: Arc<dyn Session>,
    pub config: ConfigId,
    pub realm: RealmId,
}

/// What was opened in this run.
pub(crate) struct Sessions<'a> {
    drivers: &'a Drivers,
    opened: Vec<(String, String, Tree, Opened)>,
    /// Realms and configurations that the state does not know yet.
    new: Vec<Record>,
}

impl<'a> Sessions<'a> {
    pub fn new(drivers: &'a Drivers) -> Self {
        Self { drivers, opened: Vec::new(), new: Vec::new() }
    }

    /// The driver of a target with a configuration, whose secrets are open.
    pub async fn open(
        &mut self,
        target: &str,
        name: &str,
        inputs: &Tree,
        state: &State,
        entropy: &mut dyn Entropy,
    ) -> Result<Opened, Told> {
        let is_it =
            |known: &&(String, String, Tree, Opened)| known.0 == target && known.1 == name && known.2 == *inputs;
        if let Some((.., opened)) = self.opened.iter().find(is_it) {
            return Ok(opened.clone());
        }
        let Some(driver) = self.drivers.by_target.get(target) else {
            return Err(no_driver(target));
        };
        let session = driver.open(Opening { name, inputs }).await.map_err(|trouble| Told::of_driver(trouble, name))?;
        let realm = self.realm(target, session.proof(), state, entropy);
        let config = self.config(target, name, inputs, realm, state, entropy);
        let opened = Opened { session, config, realm };
        self.opened.push((target.to_owned(), name.to_owned(), inputs.clone(), opened.clone()));
        Ok(opened)
    }

    fn realm(
        &mut self,
        target: &str,
        proof: Vec<(String, String)>,
        state: &State,
        entropy: &mut dyn Entropy,
    ) -> RealmId {
        let new = self.new.iter().filter_map(|record| match record {
            Record::Realm(realm) => Some(realm),
            _ => None,
        });
        let known = state.realms.values().chain(new).find(|realm| realm.driver == target && realm.proof == proof);
        if let Some(realm) = known {
            return realm.id;
        }
        let id = RealmId::new(entropy);
        self.new.push(Record::Realm(Realm { id, driver: target.to_owned(), proof }));
        id
    }

    fn config(
        &mut self,
        target: &str,
        name: &str,
        inputs: &Tree,
        realm: RealmId,
        state: &State,
        entropy: &mut dyn Entropy,
    ) -> ConfigId {
        let is_it = |known: &&Configuration| {
            known.driver == target && known.name == name && known.realm == realm && known.inputs == *inputs
        };
        if let Some(known) = state.configurations.values().find(is_it) {
            return known.id;
        }
        let id = ConfigId::new(entropy);
        let (driver, name) = (target.to_owned(), name.to_owned());
        self.new.push(Record::Configuration(Configuration { id, driver, name, inputs: inputs.clone(), realm }));
        id
    }

    /// What the state has to know before something is made there.
    pub fn take_new(&mut self) -> Vec<Record> {
        std::mem::take(&mut self.new)
    }
}

/// Nobody makes what a target is about.
pub(crate) fn no_driver(target: &str) -> Told {
    let message = format!("nothing here makes what `{target}` is about");
    Told::new("no_driver", message, "leave it to the tool of that target: `infrac build`")
}
