//! Texts that look like passwords, keys and tokens: by what they are called, or by what they say themselves. A guess, for errors
//! and for what messages leave out (`mask.rs`); what the language knows to be secret never comes here.

/// Words that make a name suspicious wherever they stand in it.
const WORDS: [&str; 5] = ["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "CREDENTIAL"];
/// Ends of suspicious names.
const ENDS: [&str; 10] =
    ["TOKEN", "_PASS", "PWD", "_PW", "_KEY", "APIKEY", "ACCESSKEY", "ACCOUNTKEY", "PRIVATEKEY", "_PAT"];
/// Keys that are no secret, and names that only say where a secret is, or how one is made.
const HARMLESS: [&str; 36] = [
    "PUBLIC_KEY",
    "PUBLISHABLE_KEY",
    "SITE_KEY",
    "CACHE_KEY",
    "SORT_KEY",
    "PARTITION_KEY",
    "PRIMARY_KEY",
    "FOREIGN_KEY",
    "ROUTING_KEY",
    "OBJECT_KEY",
    "KMS_KEY",
    "S3_KEY",
    "_FILE",
    "_PATH",
    "_NAME",
    "_ARN",
    "_ID",
    "_TTL",
    "_LENGTH",
    "_STDIN",
    "_MODE",
    "_TYPE",
    "_METHOD",
    "_POLICY",
    "PASSWORDPOLICY",
    "_HASHER",
    "_ALGORITHM",
    "_PROVIDER",
    "_BACKEND",
    "_STORE",
    "_ENDPOINT",
    "_EXPIRY",
    "_ROTATION",
    "_ENABLED",
    "_HASHING",
    "_VERSION",
];
/// What tokens and addresses begin with that give access to whoever has them: those of GitHub, GitLab, Slack, Stripe, OpenAI, Anthropic,
/// npm, PyPI, Google, SendGrid and Discord, and tokens that are JSON (RFC 7519), as their makers document them for scanners.
const BEARERS: [&str; 21] = [
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "xapp-",
    "sk_live_",
    "sk-proj-",
    "sk-ant-",
    "eyJ",
    "rk_live_",
    "npm_",
    "pypi-",
    "AIza",
    "SG.",
    "https://hooks.slack.com/services/",
    "https://discord.com/api/webhooks/",
];
/// The shortest of them that is no example.
const SHORTEST_BEARER: usize = 24;

/// Whether something of this name is likely to be a secret: `DB_PASS`, `aws-secret-access-key`, `--password`.
pub fn is_called_secret(name: &str) -> bool {
    let name = as_variable(name);
    let suspicious = WORDS.iter().any(|word| name.contains(word)) || ENDS.iter().any(|end| name.ends_with(end));
    suspicious && !HARMLESS.iter().any(|end| name.ends_with(end))
}

/// A name as variables are written: `DB_PASS` of `db.pass`.
fn as_variable(name: &str) -> String {
    name.to_uppercase().replace(['-', '.', ' '], "_")
}

/// Whether an address in a text names a user and a password: `postgres://app:hunter2@db`.
fn has_password(text: &str) -> bool {
    logins(text).any(|login| match login.split_once(':') {
        Some((_, password)) => !password.is_empty() && !names_another(password),
        None => is_bearer(login),
    })
}

/// What stands before the `@` of addresses in a text.
pub(crate) fn logins(text: &str) -> impl Iterator<Item = &str> {
    text.split("://").skip(1).filter_map(|rest| {
        let server = rest.split(['/', '?', '#', ' ', '"', '\'', '`']).next().unwrap_or_default();
        server.rsplit_once('@').map(|(login, _)| login)
    })
}

/// Whether a setting looks like a secret, by its name or by its value. An empty value says nothing.
pub fn looks_secret(name: &str, value: &str) -> bool {
    !value.is_empty() && (is_called_secret(name) && !is_harmless(value) || is_login(name, value) || says_secret(value))
}

/// Whether a text is a secret whatever it is called, or holds one.
fn says_secret(text: &str) -> bool {
    is_bearer(text) || text.contains("PRIVATE KEY-----") || has_password(text) || has_setting(text) || has_member(text)
}

fn is_bearer(text: &str) -> bool {
    let text = ["Authorization:", "Bearer", "Basic"].iter().fold(text, |text, head| match text.strip_prefix(head) {
        Some(rest) => rest.trim_start(),
        None => text,
    });
    let is_known = |head: &str| text.starts_with(head) && (head != "eyJ" || text.split('.').count() == 3);
    text.len() >= SHORTEST_BEARER && !text.contains(char::is_whitespace) && BEARERS.into_iter().any(is_known)
}

/// `NEO4J_AUTH = "neo4j/hunter2"`: a user and a password.
fn is_login(name: &str, value: &str) -> bool {
    let name = as_variable(name);
    let parts = value.split_once([':', '/']);
    (name == "AUTH" || name.ends_with("_AUTH"))
        && !value.contains("//")
        && parts.is_some_and(|(user, password)| !user.is_empty() && !password.is_empty() && !names_another(password))
}

/// Whether an address, a list of settings, a script or a file of settings gives a secret by its name:
/// `jdbc:postgresql://db/app?password=hunter2`, `Server=db;Password=hunter2`, `export DB_PASS=hunter2`, `password: hunter2`.
fn has_setting(text: &str) -> bool {
    let is_list = ["://", ";", "\n", "export "].iter().any(|sign| text.contains(sign))
        || text.starts_with("jdbc:")
        || text.split(' ').filter(|part| part.contains('=')).count() > 1;
    let parts = || text.split([';', '&', '?', ' ', '\n']).filter_map(|part| part.split_once('='));
    is_list && parts().any(gives) || text.lines().filter_map(|line| line.split_once(['=', ':'])).any(gives)
}

/// Whether a setting of a text gives a secret.
fn gives((name, value): (&str, &str)) -> bool {
    let (name, value) = (bare(name), bare(value));
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    is_name
        && is_called_secret(name)
        && !value.is_empty()
        && !value.starts_with(['$', '<', '{', '%'])
        && !is_harmless(value)
}

/// A name or a value without what stands around it in a script or a file of settings.
fn bare(text: &str) -> &str {
    text.trim().trim_start_matches("- ").trim_matches(['"', '\'', '\\'])
}

/// The arguments that give a program a secret, with what they are: `--password=hunter2`, `--token hunter2`, an address with a password.
pub fn secret_arguments<'t>(arguments: &[Option<&'t str>]) -> Vec<(usize, &'t str)> {
    let mut found = Vec::new();
    let mut option = None;
    for (at, argument) in arguments.iter().enumerate() {
        let before: Option<&str> = option.take();
        let Some(argument) = *argument else { continue };
        if let Some(name) = before.filter(|_| !argument.starts_with('-')) {
            found.extend(looks_secret(name, argument).then_some((at, name)));
            continue;
        }
        match argument.split_once('=') {
            Some((name, value)) if gives((name, value)) || !name.contains(' ') && says_secret(value) => {
                found.push((at, name))
            }
            None | Some(_) if says_secret(argument) => found.push((at, "this argument")),
            None if argument.starts_with('-') && is_called_secret(argument) => option = Some(argument),
            None | Some(_) => {}
        }
    }
    found
}

/// Whether a JSON text gives a secret by its name: `{"password": "hunter2"}`.
fn has_member(text: &str) -> bool {
    if !text.trim_start().starts_with(['{', '[']) {
        return false;
    }
    let mut literals = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('"') {
        let literal = literal_at(&rest[at..]);
        rest = &rest[at + literal.len()..];
        literals.push((literal.trim_matches('"'), rest.trim_start().starts_with(':')));
    }
    literals.windows(2).any(|pair| match pair {
        [(name, true), (value, false)] => !value.is_empty() && is_called_secret(name) && !is_harmless(value),
        _ => false,
    })
}

/// Values that are no secret whatever they are called: a switch, a number, a path, an address (that holds none is looked at
/// elsewhere), an identifier of the cloud, and what only names another setting.
fn is_harmless(value: &str) -> bool {
    const WORDS: [&str; 14] = [
        "true", "false", "yes", "no", "on", "off", "none", "null", "auto", "default", "enabled", "disabled",
        "required", "optional",
    ];
    let is_number = value.len() <= 6 && value.bytes().all(|byte| byte.is_ascii_digit());
    let is_place = ["/", "./", "arn:", "alias/", "http://", "https://"].iter().any(|head| value.starts_with(head));
    WORDS.contains(&value.to_lowercase().as_str())
        || is_number
        || is_place
        || is_shown_key(value)
        || names_another(value)
}

/// Whether a text is the half of a key that everybody may see, or a certificate (RFC 7468). One that holds more is found by what it says.
fn is_shown_key(text: &str) -> bool {
    let label = text.trim_start().strip_prefix("-----BEGIN ").and_then(|rest| rest.split_once("-----"));
    label.is_some_and(|(label, _)| label.contains("PUBLIC KEY") || label.contains("CERTIFICATE"))
}

/// `$(DB_PASSWORD)`, `${DB_PASSWORD}`, `{password}`: what takes the place stands elsewhere.
fn names_another(value: &str) -> bool {
    let inner = value.strip_prefix('$').unwrap_or(value);
    let is_name =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let between = |open: char, close: char| inner.strip_prefix(open).and_then(|text| text.strip_suffix(close));
    between('(', ')').or_else(|| between('{', '}')).is_some_and(is_name)
}

/// The literal at the start of a text, with its quotes; to the end of the line where it is not closed.
pub(crate) fn literal_at(text: &str) -> &str {
    if let Some(inner) = text.strip_prefix("\"\"\"") {
        let end = inner.find("\"\"\"").map_or(text.len(), |end| end + 6);
        return &text[..end];
    }
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            '\n' => return &text[..at],
            '"' if !escaped => return &text[..=at],
            _ => escaped = character == '\\' && !escaped,
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses() {
        for name in
            ["DB_PASS", "aws-secret-access-key", "STRIPE_KEY", "MYSQL_PWD", "--password", "db.password", "token"]
        {
            assert!(is_called_secret(name), "{name}");
        }
        for name in
            ["LOG", "PGPASSFILE", "PUBLIC_KEY", "PASSWORD_FILE", "SECRET_NAME", "KEYBOARD", "COMPASS", "TOKENS_MAX"]
        {
            assert!(!is_called_secret(name), "{name}");
        }
        for text in ["postgres://app:hunter2@db/app", "a https://u:p@h b", "amqp://u:p%40x@h:1"] {
            assert!(has_password(text), "{text}");
        }
        for text in [
            "postgres://$(USER):$(PASSWORD)@db",
            "postgres://{user}:{password}@db",
            "postgres://app@db",
            "http://h:80/a@b:c",
            "https://h",
            "a:b@c",
            "redis://:@h",
        ] {
            assert!(!has_password(text), "{text}");
        }
    }

    #[test]
    fn some_values_say_it_themselves() {
        for (name, value) in [
            ("KEY", "-----BEGIN RSA PRIVATE KEY-----\nMIIE"),
            ("/etc/ssl/shop.pem", "-----BEGIN CERTIFICATE-----\nMIIE\n-----BEGIN PRIVATE KEY-----\nMIIE"),
            ("URL", "jdbc:postgresql://db/app?user=app&password=hunter2"),
            ("DATABASE", "Server=db;User Id=app;Password=hunter2;"),
            ("STORAGE", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=aGVsbG8="),
            ("CONFIG", r#"{ "user": "app", "password": "hunter2" }"#),
            ("CONFIG", r#"[{"db": {"api_key":"hunter2"}}]"#),
            ("NOTIFY", "https://hooks.slack.com/services/T000/B000/XXXXXXXX"),
            ("REGISTRY", "ghp_0123456789abcdefghijABCDEFGHIJ012345"),
            ("GITHUB_PAT", "hunter2"),
            ("OPENAI", "sk-proj-abcdefghijklmnopqrstuvwxyz"),
            ("HEADER", "Authorization: Bearer ghp_0123456789abcdefghijABCDEFGHIJ012345"),
            ("JWT", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefghij"),
            ("GIT", "https://ghp_0123456789abcdefghijABCDEFGHIJ012345@github.com/a/b"),
            ("CONNECTION", "host=db user=app password=hunter2"),
            ("VALUES", "db:\n  password: hunter2\n"),
            ("CONF", "[db]\npassword = \"hunter2\"\n"),
            ("DB_PW", "hunter2"),
            ("START", "set -e\nexport DB_PASS='hunter2'\nrun"),
            ("NEO4J_AUTH", "neo4j/hunter2"),
        ] {
            assert!(looks_secret(name, value), "{name} {value}");
        }
        for (name, value) in [
            ("KEY", "-----BEGIN PUBLIC KEY-----\nMIIE"),
            ("/etc/apt/keyrings/shop.key", "-----BEGIN PGP PUBLIC KEY BLOCK-----\nmQIN"),
            ("TLS_KEY", "-----BEGIN CERTIFICATE-----\nMIIE"),
            ("URL", "jdbc:postgresql://db/app?user=app&password=$(PASSWORD)"),
            ("URL", "https://h/?page=2;sort=name"),
            ("CONFIG", r#"{ "password_file": "/run/password", "password": "" }"#),
            ("CONFIG", r#"{ "password": { "from": "vault" } }"#),
            ("CONFIG", r#"{ "password": "${PASSWORD}" }"#),
            ("HELP", "the password=x form of the option"),
            ("START", "set -e\nexport DB_PASS=$(cat /run/pass)\nTOKEN=\"$1\""),
            ("MINIO_AUTH", "basic"),
            ("PASSWORD_RESET_URL", "https://example.com/reset"),
            ("PASSWORD_HASHER", "argon2"),
            ("AWS_SECRETSMANAGER_ENDPOINT", "https://example.com"),
            ("STRIPE_PUBLISHABLE_KEY", "pk_test_0123456789012345"),
            ("SENTRY_DSN", "https://publickey@o0.ingest.sentry.io/0"),
            ("PROXY_PASS", "http://backend"),
            ("SECRET_BACKEND", "vault"),
            ("KMS_KEY", "alias/shop"),
            ("S3_KEY", "backups/latest.tar"),
            ("AUTH_TOKEN", "disabled"),
            ("REALM", r#"{"passwordPolicy": "length(8)"}"#),
            ("VALUES", "password: ${PASSWORD}\ntoken: {{ token }}\npasswordFrom:\n  name: x\n"),
            ("AUTH", "https://login"),
            ("PREFIX", "npm_config_"),
        ] {
            assert!(!looks_secret(name, value), "{name} {value}");
        }
    }

    #[test]
    fn arguments_of_a_program() {
        let found = |text: &str| {
            let arguments: Vec<Option<&str>> = text.split('|').map(Some).collect();
            secret_arguments(&arguments).into_iter().map(|(at, name)| format!("{at} {name}")).collect::<Vec<_>>()
        };
        assert_eq!(found("app|--password=hunter2|--token|hunter3"), ["1 --password", "3 --token"]);
        assert_eq!(found("psql|postgres://app:hunter2@db/app"), ["1 this argument"]);
        assert_eq!(found("sh|-c|export PASSWORD=hunter2"), ["2 this argument"]);
        assert_eq!(found("--header|x|--url=https://a:b@h"), ["2 --url"]);
        for text in [
            "login|--password-stdin|--secret-name|x",
            "--max-token=5",
            "--password=$(DB_PASSWORD)",
            "sh|-c|exec app --password=\"$DB_PASSWORD\"",
            "--token|--verbose",
            "--token-file=/run/token",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn some_values_are_harmless() {
        for value in ["/run/password", "true", "4096", "arn:aws:x", "$(DB_PASSWORD)", "${PASSWORD}", ""] {
            assert!(!looks_secret("DB_PASSWORD", value), "{value}");
        }
        for value in ["12345678", "hunter2", "$ecret", "(x y)"] {
            assert!(looks_secret("DB_PASSWORD", value), "{value}");
        }
    }
}
