//! Texts that look like passwords, keys and tokens: by what they are called, or because an address in them names a user and a
//! password. A guess, for errors and for what messages leave out; what the language knows to be secret never comes here.

/// Words that make a name suspicious wherever they stand in it.
const WORDS: [&str; 5] = ["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "CREDENTIAL"];
/// Ends of suspicious names.
const ENDS: [&str; 8] = ["TOKEN", "_PASS", "_PWD", "_KEY", "APIKEY", "ACCESSKEY", "PRIVATEKEY", "_DSN"];
/// Keys that are no secret, and names that only say where a secret is.
const HARMLESS: [&str; 14] = [
    "PUBLIC_KEY",
    "CACHE_KEY",
    "SORT_KEY",
    "PARTITION_KEY",
    "PRIMARY_KEY",
    "FOREIGN_KEY",
    "ROUTING_KEY",
    "_FILE",
    "_PATH",
    "_NAME",
    "_ARN",
    "_ID",
    "_TTL",
    "_LENGTH",
];

/// Whether something of this name is likely to be a secret: `DB_PASS`, `aws-secret-access-key`, `--password`.
pub fn is_called_secret(name: &str) -> bool {
    let name = name.to_uppercase().replace(['-', '.', ' '], "_");
    let suspicious = WORDS.iter().any(|word| name.contains(word)) || ENDS.iter().any(|end| name.ends_with(end));
    suspicious && !HARMLESS.iter().any(|end| name.ends_with(end))
}

/// Whether an address in a text names a user and a password: `postgres://app:hunter2@db`.
pub fn has_password(text: &str) -> bool {
    text.split("://").skip(1).any(|rest| {
        let server = rest.split(['/', '?', '#', ' ', '"', '\'']).next().unwrap_or_default();
        let user = server.rsplit_once('@').and_then(|(user, _)| user.split_once(':'));
        user.is_some_and(|(_, password)| !password.is_empty() && !names_another(password))
    })
}

/// Whether a setting looks like a secret, by its name or by its value. An empty value says nothing.
pub fn looks_secret(name: &str, value: &str) -> bool {
    !value.is_empty() && (is_called_secret(name) && !is_harmless(value) || has_password(value))
}

/// Values that are no secret whatever they are called: a switch, a number, a path, an identifier of the cloud, and what only names
/// another setting.
fn is_harmless(value: &str) -> bool {
    let is_word = ["true", "false", "yes", "no", "on", "off", "none", "null"].contains(&value.to_lowercase().as_str());
    let is_number = value.len() <= 6 && value.bytes().all(|byte| byte.is_ascii_digit());
    is_word || is_number || value.starts_with('/') || value.starts_with("arn:") || names_another(value)
}

/// `$(DB_PASSWORD)`, `${DB_PASSWORD}`, `{password}`: what takes the place stands elsewhere.
fn names_another(value: &str) -> bool {
    let inner = value.strip_prefix('$').unwrap_or(value);
    let is_name =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let between = |open: char, close: char| inner.strip_prefix(open).and_then(|text| text.strip_suffix(close));
    between('(', ')').or_else(|| between('{', '}')).is_some_and(is_name)
}

/// The text of a source file without literals that look like secrets or hold one of these texts; of the same length.
pub fn masked(text: &str, withheld: &[String]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // `"--password", "hunter2"`: the argument behind an option belongs to it.
    let mut option = false;
    while let Some(at) = rest.find(['"', '/']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let length = if from.starts_with("//") {
            let length = from.find('\n').unwrap_or(from.len());
            out.push_str(&from[..length]);
            length
        } else if from.starts_with('"') {
            let literal = literal_at(from);
            let inner = literal.trim_matches('"');
            let is_withheld = withheld.iter().any(|text| tells(inner, text));
            let hidden = is_withheld || looks_secret(name_before(&out), inner) || is_option(literal) || option;
            option = inner.starts_with('-') && is_called_secret(inner);
            if hidden {
                hide(literal, &mut out)
            } else {
                out.push_str(literal)
            }
            literal.len()
        } else {
            out.push('/');
            1
        };
        rest = &from[length..];
    }
    out.push_str(rest);
    out
}

/// Whether a literal tells a withheld text, or a part of it; the shortest texts are words that stand everywhere.
fn tells(literal: &str, withheld: &str) -> bool {
    const SHORTEST: usize = 4;
    let holds = |whole: &str, part: &str| part.len() >= SHORTEST && whole.contains(part);
    literal == withheld || holds(literal, withheld) || holds(withheld, literal)
}

/// Whether a literal is an argument that gives a secret: `--password=hunter2`.
fn is_option(literal: &str) -> bool {
    literal.trim_matches('"').split_once('=').is_some_and(|(name, _)| is_called_secret(name))
}

/// The literal at the start of a text, with its quotes; to the end of the line where it is not closed.
fn literal_at(text: &str) -> &str {
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

/// The name that a literal is given to: the last word before `=`, `=>` or `:`, quoted or not.
fn name_before(before: &str) -> &str {
    let before = before.trim_end().trim_end_matches(['=', '>', ':', '?', '[', '(']).trim_end().trim_end_matches('"');
    let start = before.rfind(|character: char| !(character.is_alphanumeric() || "_-.".contains(character)));
    &before[start.map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8))..]
}

fn hide(literal: &str, out: &mut String) {
    for character in literal.chars() {
        if matches!(character, '"' | '\n') {
            out.push(character);
        } else {
            out.extend(std::iter::repeat_n('*', character.len_utf8()));
        }
    }
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
    fn some_values_are_harmless() {
        for value in ["/run/password", "true", "4096", "arn:aws:x", "$(DB_PASSWORD)", "${PASSWORD}", ""] {
            assert!(!looks_secret("DB_PASSWORD", value), "{value}");
        }
        for value in ["12345678", "hunter2", "$ecret", "(x y)"] {
            assert!(looks_secret("DB_PASSWORD", value), "{value}");
        }
        assert!(masked("args = [\"--password\", \"hunter2\", \"x\"]", &[]).contains("\"*******\", \"x\""));
    }

    #[test]
    fn what_looks_like_a_secret_is_masked() {
        let text = "env = { LOG = \"info\", DB_PASS = \"hünter\", \"API_TOKEN\" => \"x\\\"y\" } // \"kept\"\nurl = \"a://u:p@h\"\n";
        let shown = masked(text, &[]);
        assert_eq!(shown.len(), text.len());
        assert_eq!(
            shown,
            "env = { LOG = \"info\", DB_PASS = \"*******\", \"API_TOKEN\" => \"**\"*\" } // \"kept\"\nurl = \"*********\"\n"
        );
        assert!(!masked(text, &["info".to_owned()]).contains("info"));
    }
}
