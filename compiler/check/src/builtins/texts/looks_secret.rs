//! `looks_secret("DB_PASS", "hunter2")` is true.

use value::{Fault, Store, Value, ValueId};

use crate::builtins::arguments::text;
use crate::builtins::{BuiltIn, Later};

pub(super) static BUILT_IN: BuiltIn = BuiltIn {
    name: "looks_secret",
    signature: "(name: string, value: string) -> bool",
    docs: "Whether a setting that is known looks like a password, a key or a token: by its name, or because its value holds one: in an address, a list of settings or a JSON text, as a private key, or as a token whose beginning is known. A guess, to refuse by; an empty value is none.",
    examples: &[
        (r#"looks_secret("DB_PASS", "hunter2")"#, "true"),
        (r#"looks_secret("URL", "postgres://app:hunter2@db")"#, "true"),
        (r#"looks_secret("PASSWORD_FILE", "/run/password")"#, "false"),
    ],
    evaluate,
    later: Later::Refused,
};

fn evaluate(store: &mut Store, args: &[ValueId]) -> Result<ValueId, Fault> {
    let looks = source::looks_secret(text(store, args, 0)?, text(store, args, 1)?);
    Ok(store.add(Value::Bool(looks)))
}
