//! Provider configurations: which one a native resource needs, and what the platform values in use configure.

use check::checked::{NativeKind, ProviderCode, Statement};
use graph::{CredentialFrom, CredentialRef, IdentityRead, Provider, ProviderId};
use rustc_hash::FxHashMap;
use schema::Maker;
use source::{Diagnostic, Name, Place, list_of};
use value::{Store, Value, ValueId};

use crate::evaluate::Evaluation;
use crate::frame::{Frame, InstanceId, Parent};
use crate::listed::own_name;
use crate::names::slug;

/// Which configuration: of a platform value, by position among its providers; or one without a platform, by target and name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum ProviderKey {
    Platform(ValueId, u32),
    Plain(Name, Name),
}

/// Configurations that resources need.
#[derive(Clone, Debug, Default)]
pub(crate) struct Providers {
    pub of: FxHashMap<InstanceId, ProviderKey>,
    /// Where each was needed first.
    used: Vec<(ProviderKey, Place, check::checked::SchemaId)>,
}

impl<'a> Evaluation<'a> {
    /// Where a native resource stands: its header's `on`, the platform above it that configures its provider, or the only one
    /// listed that does. Remembers the provider's configuration.
    pub(crate) fn native_home(&mut self, id: InstanceId, statement: &'a Statement) -> ValueId {
        let Some(native) = self.native_of(id) else { return Store::ABSENT };
        let on = self.header_on(id, statement);
        if let Some(on) = on {
            if self.is_unknown(on) {
                return on;
            }
            if self.platform_id(on).is_some() {
                return match self.configuring(on, native) {
                    Some(at) => {
                        self.use_provider(id, ProviderKey::Platform(on, at), native, statement.place);
                        on
                    }
                    // A target that has no providers: what stands there needs no configuration.
                    None if native.provider.text().is_empty() && !self.is_configured(native) => on,
                    None => {
                        let place = statement.on.as_ref().map_or(statement.place, |code| code.place);
                        let message = format!(
                            "`{}` does not configure the provider of `{}`",
                            self.platform_text(on),
                            shown(native)
                        );
                        self.tell(Diagnostic::error("no_provider", place, message).help(self.who_configures(native)))
                    }
                };
            }
        }
        // A native instance as home (a host) configures nothing: the provider is looked up as without it.
        let mut parent = self.instances.get(id.0 as usize).map_or(Parent::Root, |instance| instance.parent);
        // It runs on the nearest instance that is a platform, whoever configures its provider.
        let mut on = on;
        loop {
            let above = self.home_of_parent(parent, statement.place);
            if self.is_unknown(above) {
                return above;
            }
            if matches!(self.store.get(above), Value::Platform { instance: Some(_), .. } | Value::Instance(_)) {
                on = on.or(Some(above));
            }
            if let Some(at) = self.configuring(above, native) {
                self.use_provider(id, ProviderKey::Platform(above, at), native, statement.place);
                return on.unwrap_or(above);
            }
            match self.owner_of(parent).and_then(|owner| self.instances.get(owner.0 as usize)) {
                Some(owner) => parent = owner.parent,
                None => break,
            }
        }
        let listed = match self.on_values(statement.place) {
            Ok(listed) => listed,
            Err(unknown) => return unknown,
        };
        let candidates: Vec<(ValueId, u32)> =
            listed.into_iter().filter_map(|value| self.configuring(value, native).map(|at| (value, at))).collect();
        match candidates.as_slice() {
            [(only, at)] => {
                self.use_provider(id, ProviderKey::Platform(*only, *at), native, statement.place);
                on.unwrap_or(*only)
            }
            [(first, _), (second, _), ..] => {
                let message = format!(
                    "`{}` could stand on `{}` or on `{}`",
                    statement.name,
                    self.platform_text(*first),
                    self.platform_text(*second)
                );
                let help = self.which_of(*first, *second);
                let told = Diagnostic::error("two_platforms", statement.place, message).help(help);
                let told = self.made_for(told, id, statement.place);
                self.tell(told)
            }
            [] if self.is_configured(native) => {
                let message = format!(
                    "no platform of `{}` configures the provider of `{}`",
                    self.environment.name,
                    shown(native)
                );
                let told = Diagnostic::error("no_platform", statement.place, message).help(self.who_configures(native));
                let told = self.made_for(told, id, statement.place);
                self.tell(told)
            }
            // A provider that needs no configuration, or a target that has none.
            [] => {
                if !native.provider.text().is_empty() {
                    self.use_provider(id, ProviderKey::Plain(native.target, native.provider), native, statement.place);
                }
                on.unwrap_or(Store::ABSENT)
            }
        }
    }

    /// Whether some platform configures the provider of a native kind.
    fn is_configured(&self, native: &NativeKind) -> bool {
        let mut providers = self.checked.platforms.iter().flat_map(|platform| &platform.providers);
        providers.any(|provider| configures(provider, native))
    }

    /// The position of the provider that a platform value configures for a native kind.
    fn configuring(&self, value: ValueId, native: &NativeKind) -> Option<u32> {
        let platform = self.platform_of_value(value)?;
        platform.providers.iter().position(|provider| configures(provider, native)).map(|at| at as u32)
    }

    fn use_provider(&mut self, id: InstanceId, key: ProviderKey, native: &NativeKind, place: Place) {
        self.providers.of.insert(id, key);
        if !self.providers.used.iter().any(|(used, ..)| *used == key) {
            self.providers.used.push((key, place, native.schema));
        }
    }

    /// The configurations in use, in the order of their names, and the id of each key.
    pub(crate) fn assemble_providers(&mut self) -> (Vec<Provider>, FxHashMap<ProviderKey, ProviderId>) {
        let mut made: Vec<(ProviderKey, Provider)> = Vec::new();
        for (key, place, schema) in self.providers.used.clone() {
            let provider = match key {
                ProviderKey::Platform(value, at) => self.configured(value, at, place),
                ProviderKey::Plain(target, name) => self.plain(target, name, schema, place),
            };
            let Some(provider) = provider else { continue };
            let is_same = |other: &Provider| {
                (other.target, other.name, other.alias) == (provider.target, provider.name, provider.alias)
            };
            match made.iter().find(|(_, other)| is_same(other)) {
                Some((ProviderKey::Platform(other, _), _)) => {
                    let other = *other;
                    self.tell_same_alias(key, other, place);
                }
                Some(_) | None => made.push((key, provider)),
            }
        }
        made.sort_by_cached_key(|(_, provider)| {
            (provider.target.text(), provider.name.text(), provider.alias.map_or("", Name::text))
        });
        let ids = made.iter().enumerate().map(|(at, (key, _))| (*key, ProviderId(at as u32))).collect();
        (made.into_iter().map(|(_, provider)| provider).collect(), ids)
    }

    /// Two platform values whose configurations would be called alike: `dublin` that is listed and an instance `dublin`.
    fn tell_same_alias(&mut self, key: ProviderKey, other: ValueId, place: Place) {
        let ProviderKey::Platform(value, _) = key else { return };
        let message = format!("`{}` and `{}` are called alike", self.platform_text(other), self.platform_text(value));
        let _ = self.tell(
            Diagnostic::error("same_platform", place, message)
                .help("give one of them another name, in `on` or at the instance that is the platform"),
        );
    }

    /// What a provider's configuration is called: nothing where the platform is called like the provider.
    fn alias(&self, value: ValueId, provider: Name) -> Option<Name> {
        let name = match self.store.get(value) {
            Value::Platform { instance: Some(address), .. } => slug(&self.store.address_text(*address)),
            Value::Platform { platform, name, .. } => {
                let name = name.unwrap_or_else(|| own_name(*platform));
                if name == provider {
                    return None;
                }
                let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
                if name.text().chars().all(is_plain) { name.text().to_owned() } else { slug(name.text()) }
            }
            _ => return None,
        };
        // Such names begin with a letter.
        let begins = name.starts_with(|first: char| first.is_ascii_alphabetic());
        Some(Name::new(&if begins { name } else { format!("{provider}-{name}") }))
    }

    fn configured(&mut self, value: ValueId, at: u32, place: Place) -> Option<Provider> {
        let platform = self.platform_of_value(value)?;
        let code: &'a ProviderCode = platform.providers.get(at as usize)?;
        let (inputs, origin) = self.traced(&mut Frame::new(Parent::Platform(value)), &code.body);
        self.tell_credentials_in_clear(inputs, origin, code.place);
        let Value::Platform { instance: hosted_on, .. } = self.store.get(value) else { return None };
        let hosted_on = *hosted_on;
        // Of an instance that is the platform: its outputs and the platform's defaults.
        let fields: Vec<(Name, ValueId)> =
            platform.inputs.iter().map(|input| (input.name, self.platform_field(value, input.name, place))).collect();
        let platform_inputs = self.store.record(fields);
        Some(Provider {
            target: code.target,
            name: code.name,
            // A target with one provider has no name for it.
            alias: self.alias(value, if code.name.text().is_empty() { code.target } else { code.name }),
            source: code.source.clone(),
            version: code.version.clone(),
            inputs,
            credentials: self.credentials(code.target, code.name).into(),
            proof: self.identity(code.target, code.name).into(),
            platform: platform.name,
            platform_inputs,
            hosted_on,
            edges: graph::data_edges(&self.store, inputs),
            place: if matches!(self.store.get(inputs), Value::Unknown(_)) { place } else { code.place },
        })
    }

    /// A provider that no platform configures: it needs no configuration, only a version.
    fn plain(&mut self, target: Name, name: Name, schema: check::checked::SchemaId, place: Place) -> Option<Provider> {
        let Maker { source, version, .. } = self.checked.schemas.get(schema.0 as usize)?.maker();
        let inputs = self.store.record(Vec::new());
        Some(Provider {
            target,
            name,
            alias: None,
            source: source.into(),
            version: version.into(),
            inputs,
            credentials: self.credentials(target, name).into(),
            proof: self.identity(target, name).into(),
            platform: name,
            platform_inputs: inputs,
            hosted_on: None,
            edges: Vec::new(),
            place,
        })
    }

    /// Where a provider finds credentials, as the library says: `variable AWS_PROFILE`, `file ~/.kube/config`, `input context`.
    fn credentials(&mut self, target: Name, provider: Name) -> Vec<CredentialRef> {
        let said = self.said_of_natives("credentials", &of_provider(target, provider));
        said.iter()
            .filter_map(|text| {
                let (from, name) = text.split_once(' ')?;
                let from = match from {
                    "variable" => CredentialFrom::Variable,
                    "file" => CredentialFrom::File,
                    "input" => CredentialFrom::Input,
                    _ => return None,
                };
                Some(CredentialRef { from, name: name.trim().into() })
            })
            .collect()
    }

    /// What tells whose account it is, as the library says: `aws_caller_identity.account_id`.
    fn identity(&mut self, target: Name, provider: Name) -> Vec<IdentityRead> {
        let said = self.said_of_natives("identity", &of_provider(target, provider));
        said.iter()
            .filter_map(|text| text.split_once('.'))
            .map(|(kind, field)| IdentityRead { kind: Name::new(kind), field: Name::new(field) })
            .collect()
    }

    fn who_configures(&self, native: &NativeKind) -> String {
        let platforms: Vec<&str> = self
            .checked
            .platforms
            .iter()
            .filter(|platform| platform.providers.iter().any(|provider| configures(provider, native)))
            .map(|platform| platform.name.text())
            .collect();
        if platforms.is_empty() {
            format!(
                "declare a platform that does: `platform mine {{ provider {}.{} {{ … }} }}`",
                native.target, native.provider
            )
        } else {
            format!("{} does; list it in `on` of the environment", list_of(platforms))
        }
    }
}

pub(crate) fn of_provider(target: Name, provider: Name) -> String {
    if provider.text().is_empty() { target.text().to_owned() } else { format!("{target}.{provider}") }
}

fn configures(provider: &ProviderCode, native: &NativeKind) -> bool {
    provider.target == native.target && (native.provider.text().is_empty() || provider.name == native.provider)
}

/// `terraform.aws_vpc`: a native kind as the user writes it.
pub(crate) fn shown(native: &NativeKind) -> String {
    format!("{}.{}", native.target, native.name)
}
