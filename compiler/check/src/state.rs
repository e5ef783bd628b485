//! Where Terraform keeps its state: `state = s3(bucket = "…", region = "…")` in an environment. The names are those of Terraform's
//! own backends. What signs in (keys, passwords, tokens) is not among them: whoever runs Terraform has that.

use source::{Name, Place};
use syntax::{Kind as Node, NodeId};

use crate::checked::StateCode;
use crate::checker::{Checker, Cx};
use crate::types::Ty;

/// A backend of Terraform.
struct Backend {
    name: &'static str,
    /// What must be said.
    required: &'static [&'static str],
    /// Texts that may be said.
    texts: &'static [&'static str],
    /// Truths that may be said.
    truths: &'static [&'static str],
}

/// As Terraform 1.11 documents them.
const BACKENDS: [Backend; 5] = [
    Backend { name: "local", required: &["path"], texts: &[], truths: &[] },
    Backend {
        name: "s3",
        required: &["bucket", "region"],
        texts: &["key", "kms_key_id", "dynamodb_table", "profile", "acl"],
        truths: &[
            "encrypt",
            "use_lockfile",
            "use_path_style",
            "skip_region_validation",
            "skip_credentials_validation",
            "skip_requesting_account_id",
        ],
    },
    Backend {
        name: "gcs",
        required: &["bucket"],
        texts: &["prefix", "kms_encryption_key", "impersonate_service_account"],
        truths: &[],
    },
    Backend {
        name: "azurerm",
        required: &["resource_group_name", "storage_account_name", "container_name"],
        texts: &["key", "subscription_id", "tenant_id", "environment"],
        truths: &["use_azuread_auth", "use_oidc", "use_msi", "snapshot"],
    },
    Backend {
        name: "http",
        required: &["address"],
        texts: &["lock_address", "unlock_address", "update_method", "lock_method", "unlock_method"],
        truths: &[],
    },
];

const EXAMPLE: &str =
    "write `state = s3(bucket = \"shop-state\", region = \"eu-west-3\")`; left out, it lies beside the project";

/// Where state can be kept: the name of each place with what must be said of it, then what may be said.
pub fn backends() -> impl Iterator<Item = (&'static str, &'static [&'static str], Vec<&'static str>)> {
    BACKENDS.iter().map(|backend| {
        let may_be = backend.texts.iter().chain(backend.truths).copied().collect();
        (backend.name, backend.required, may_be)
    })
}

impl Checker<'_> {
    /// The state of an environment; none when it cannot be understood, which is told.
    pub(crate) fn state(&mut self, cx: &mut Cx, value: NodeId) -> Option<StateCode> {
        let tree = cx.tree.clone();
        let place = cx.place(self, value);
        let callee = tree
            .children(value)
            .next()
            .filter(|callee| tree.kind(value) == Node::Call && tree.kind(*callee) == Node::Ident);
        let Some(callee) = callee else {
            self.error("type_mismatch", place, "this does not say where Terraform keeps its state", EXAMPLE);
            return None;
        };
        let name = tree.text(callee).to_owned();
        let Some(backend) = BACKENDS.iter().find(|backend| backend.name == name) else {
            let names: Vec<&str> = BACKENDS.iter().map(|backend| backend.name).collect();
            let at = cx.place(self, callee);
            self.unknown_name(
                "unknown_name",
                at,
                &format!("Terraform's state cannot be kept in `{name}`"),
                &name,
                &names,
                "it can be kept in",
            );
            return None;
        };
        let mut settings: Vec<(Name, crate::code::Code)> = Vec::new();
        let mut given: Vec<(Name, Place)> = Vec::new();
        let mut misnamed = false;
        for argument in tree.all(value, Node::Arg).collect::<Vec<_>>() {
            let at = cx.place(self, argument);
            let (Some(label), Some(said)) = (tree.child(argument, Node::Name), tree.children(argument).last()) else {
                self.error(
                    "wrong_arguments",
                    at,
                    format!("the arguments of `{name}` have names"),
                    format!("write `{} = …`", backend.required.first().copied().unwrap_or("path")),
                );
                continue;
            };
            let (label_place, label) = (cx.place(self, label), tree.name(label));
            let ty = if backend.truths.contains(&label.as_str()) {
                Ty::bool()
            } else if backend.required.contains(&label.as_str()) || backend.texts.contains(&label.as_str()) {
                Ty::string()
            } else {
                let names: Vec<&str> =
                    backend.required.iter().chain(backend.texts).chain(backend.truths).copied().collect();
                self.unknown_name(
                    "wrong_arguments",
                    label_place,
                    &format!("`{name}` has no setting `{label}`"),
                    &label,
                    &names,
                    "it has",
                );
                misnamed = true;
                continue;
            };
            self.given_once(&mut given, Name::new(&label), label_place);
            let code = self.check_expr(cx, said, &ty);
            settings.push((Name::new(&label), code));
        }
        let missing: Vec<&str> = backend
            .required
            .iter()
            .copied()
            .filter(|required| !given.iter().any(|given| given.0.text() == *required))
            .collect();
        // A setting under a wrong name is most likely the one that is missing: one mistake is told once.
        if let Some(first) = missing.first().filter(|_| !misnamed) {
            let shown = source::list_of(missing.iter().copied());
            self.error(
                "missing_field",
                place,
                format!("the state in `{name}` lacks {shown}"),
                format!("add `{first} = \"…\"`"),
            );
        }
        settings.sort_by_key(|setting| setting.0.text());
        Some(StateCode { backend: Name::new(backend.name), settings, place })
    }
}
