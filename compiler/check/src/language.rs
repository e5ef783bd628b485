//! What the language has of its own beside the built-ins of [`crate::builtins`], with its documentation: functions that need more than
//! values, annotations, the words of types. For whoever shows it; the checker itself is in the other modules.

/// A function that is no built-in because it needs more than values.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LanguageFunction {
    pub name: &'static str,
    /// As that of a built-in: `(x: instance, limit: int = 63) -> string`. `instance`, `kind` and `value` stand for any of them.
    pub signature: &'static str,
    pub docs: &'static str,
}

/// Sorted by name.
pub const FUNCTIONS: [LanguageFunction; 25] = [
    function("address_of", "(x: instance) -> later string", "The address or host name under which it is reached."),
    function("all", "(kind: kind) -> [instance]", "Every instance of a kind, in the whole program."),
    function("endpoints", "(x: ends) -> [endpoint]", "The ports among the ends that an end of a flow stands for."),
    function("ends", "(x: ends) -> [ends]", "The single ends that an end of a flow stands for."),
    function("file", "(path: string) -> string", "The text of a file; its path is seen from the program's folder."),
    function(
        "group_of",
        "(x: instance) -> string",
        "The key of its group where its kind is made with a `once`; else its address.",
    ),
    function(
        "in_place",
        "(x: later secret string, target: string) -> later string?",
        "The value where all that is later in it is kept by resources of this target, which puts it in place where it is used; absent otherwise.",
    ),
    function("inputs", "(kind: kind) -> type", "A type: the record of what an instance of the kind is given."),
    function("is_later", "(x: value) -> bool", "Whether a value is known only after apply."),
    function("is_secret", "(x: value) -> bool", "Whether a value is never shown."),
    function("key_of", "(x: instance) -> string", "Its key in a loop; its name without a loop."),
    function("label_of", "(e: endpoint) -> string", "The label of the port that an endpoint is."),
    function(
        "leaves",
        "(x: instance) -> bool",
        "Whether `destroy` is said of it in this environment, or of what it stands in: its protection is lifted.",
    ),
    function(
        "loop_of",
        "(x: instance) -> string",
        "The address of its statement, also where it was `moved` into the loop.",
    ),
    function(
        "name_of",
        "(x: instance, limit: int = 63, bare: bool = false) -> string",
        "Its physical name: project, environment and address; `bare` leaves project and environment out.",
    ),
    function("owner_of", "(e: endpoint) -> ends", "Whose an endpoint is."),
    function("path_of", "(x: instance) -> string", "Its address: `api[\"a\"]`."),
    function("platform_of", "(x: instance) -> platform", "Its platform: inputs and outputs of it are fields."),
    function("port_of", "(e: endpoint) -> port", "The port that an endpoint is."),
    function("project_name", "() -> string", "The name of the project."),
    function("range_of", "(x: ends) -> cidr?", "The range of an end that is an address; absent for others."),
    function("statement_of", "(x: instance) -> string", "The address of its statement: `api` of `api[\"a\"]`."),
    function(
        "template",
        "(path: string, values: record) -> string",
        "The text of a file with the values in place of what stands in `{{…}}`.",
    ),
    function("tier", "() -> \"test\" | \"preprod\" | \"prod\"", "How much the environment matters."),
    function("where_is", "(x: instance) -> string", "Its file and the head of its statement."),
];

const fn function(name: &'static str, signature: &'static str, docs: &'static str) -> LanguageFunction {
    LanguageFunction { name, signature, docs }
}

/// What an annotation may stand before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Before {
    /// An instance, and where it means something for several also an implementation, a `once` or an `adjust`.
    Instances,
    /// An instance only.
    Instance,
    /// A field of a kind.
    Fields,
    /// A function.
    Functions,
}

/// An annotation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AnnotationForm {
    pub name: &'static str,
    /// What may stand in its brackets, as parameters of a function; `…`: any number of them.
    pub signature: &'static str,
    /// Whether something must stand there.
    pub takes: bool,
    pub before: Before,
    pub docs: &'static str,
}

/// Sorted by name.
pub const ANNOTATIONS: [AnnotationForm; 12] = [
    AnnotationForm {
        name: "after",
        signature: "(instance: instance, …)",
        takes: true,
        before: Before::Instances,
        docs: "It is applied after these instances.",
    },
    AnnotationForm {
        name: "allow",
        signature: "(check: code, because = string, until = date)",
        takes: true,
        before: Before::Instances,
        docs: "A finding of a linter, or a warning of infrac's, that is accepted, and why. Once for each check.",
    },
    AnnotationForm {
        name: "deprecated",
        signature: "(instead: string)",
        takes: true,
        before: Before::Fields,
        docs: "Warns those who set this field, and says what to use instead.",
    },
    AnnotationForm {
        name: "ignore_drift",
        signature: "(field: field, …)",
        takes: true,
        before: Before::Instances,
        docs: "Later changes of these fields from outside are left alone.",
    },
    AnnotationForm {
        name: "lower",
        signature: "(target: target, form: type)",
        takes: true,
        before: Before::Functions,
        docs: "The function says how a scalar is spelt for a target.",
    },
    AnnotationForm {
        name: "name",
        signature: "(name: string)",
        takes: true,
        before: Before::Instance,
        docs: "Its physical name.",
    },
    AnnotationForm {
        name: "native",
        signature: "(of: string, fact: string)",
        takes: true,
        before: Before::Functions,
        docs: "The function says what the compiler knows of the native kinds of a target or a provider.",
    },
    AnnotationForm {
        name: "notify",
        signature: "(instance: instance, …)",
        takes: true,
        before: Before::Instances,
        docs: "These are told of a change, where the tool of the target does that: Ansible runs them after it, and else not at all.",
    },
    AnnotationForm {
        name: "only",
        signature: "",
        takes: false,
        before: Before::Fields,
        docs: "May be left out where the program has exactly one instance of this kind.",
    },
    AnnotationForm {
        name: "protect",
        signature: "(condition: bool = true)",
        takes: false,
        before: Before::Instances,
        docs: "It is not destroyed, also when it is taken out of the program.",
    },
    AnnotationForm {
        name: "replace",
        signature: "(first = \"create\")",
        takes: true,
        before: Before::Instances,
        docs: "When it must be replaced, the new one is made first.",
    },
    AnnotationForm {
        name: "role",
        signature: "(role: ports | address | peer | range)",
        takes: true,
        before: Before::Fields,
        docs: "Which field of a kind holds its ports, its address, how others recognise it, or its range.",
    },
];

/// The words of types that name no declaration: how each is written, and what it is.
pub const TYPES: [(&str, &str); 24] = [
    ("bool", "`true` or `false`"),
    ("cidr", "a range of addresses: `10.0.0.0/16`"),
    ("cron", "when something is done again and again: `\"0 3 * * *\"`"),
    ("date", "a day: `2027-03-31`"),
    ("decimal", "an exact number: `0.25`"),
    ("duration", "a time, in whole nanoseconds: `30s`, `5min`, `30d`"),
    ("endpoint", "a port of an instance, as it stands beside `->`"),
    ("ends", "what may stand beside `->`"),
    ("flow", "who may talk to whom: `front -> api.http`"),
    ("image", "the image of a container: `\"registry.example.com/shop/api:1.4.2\"`"),
    ("int", "a whole number of 64 bits: `42`"),
    ("ip", "an address: `10.0.0.4`"),
    ("json", "any value that JSON can hold"),
    ("later", "`later T`: known only after apply"),
    ("platform", "any platform"),
    ("port", "a port and its protocol: `443/tcp`, `8000-8100/udp`"),
    ("promql", "a question to a time series database"),
    ("range", "`range<T>`: both ends included, `2..10`; a single value is a range"),
    ("ratio", "an exact share: `99.9%`"),
    ("secret", "`secret T`: never shown"),
    ("size", "a size, in whole bytes: `512MiB`, `10GB`"),
    ("string", "a text: `\"…\"`"),
    ("url", "an address of the web: `\"https://shop.example/healthz\"`"),
    ("version", "a version: `\"1.4.2\"`"),
];

#[cfg(test)]
mod tests {
    use super::{ANNOTATIONS, Before, FUNCTIONS, TYPES};
    use crate::annotation_places::{OF_FIELDS, OF_FUNCTIONS, OF_INSTANCES};
    use crate::calls::FACTS;
    use crate::code::Scalar;

    #[test]
    fn the_functions_of_the_language_are_those_that_the_checker_knows() {
        let facts = FACTS.iter().map(|fact| fact.0).chain(["all", "file", "template", "inputs"]);
        let mut known: Vec<&str> = facts.collect();
        known.sort_unstable();
        assert_eq!(FUNCTIONS.map(|function| function.name).to_vec(), known);
        assert!(FUNCTIONS.iter().all(|function| function.docs.ends_with('.')));
    }

    #[test]
    fn the_annotations_are_those_that_the_checker_knows() {
        let mut known = [&OF_INSTANCES[..], &OF_FIELDS, &OF_FUNCTIONS].concat();
        known.sort_unstable();
        assert_eq!(ANNOTATIONS.map(|form| form.name).to_vec(), known);
        for form in ANNOTATIONS {
            let room = match form.before {
                Before::Instances | Before::Instance => &OF_INSTANCES[..],
                Before::Fields => &OF_FIELDS[..],
                Before::Functions => &OF_FUNCTIONS[..],
            };
            assert!(room.contains(&form.name), "{}", form.name);
        }
    }

    #[test]
    fn the_words_of_types_hold_every_scalar() {
        assert!(TYPES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        let named = TYPES.iter().filter(|(word, _)| Scalar::named(word).is_some()).count();
        assert_eq!(named, Scalar::ALL.len());
    }
}
