//! Random programs whose parts are known one by one, so that each can be taken out with what cannot stand without it.

use std::collections::BTreeSet;

use crate::draw;
use crate::random::Random;
use crate::taken::Taken;

pub type Id = usize;

/// A piece of a program that can be taken out.
#[derive(Clone, Debug)]
pub struct Part {
    pub name: String,
    /// It goes when one of these goes.
    pub needs: Vec<Id>,
    pub what: What,
}

#[derive(Clone, Debug)]
pub enum What {
    Environment {
        tier: &'static str,
    },
    /// A platform value in the list of every environment: as it is listed, and a `let` for it.
    Value {
        listed: String,
        declared: String,
    },
    /// What loops go over; one that is shared stands in a `let`.
    Loop {
        shared: bool,
        is_map: bool,
    },
    /// Its text in a map: of a loop over places, the region.
    Element {
        of: Id,
        text: String,
    },
    /// `HEAD [for k in …] TAIL { body }`
    Statement {
        head: String,
        tail: String,
        body: Vec<String>,
        over: Option<Id>,
        /// Ranges and other texts that stand in others because of it.
        words: Vec<String>,
        /// A flow without which it is refused.
        flow: Option<String>,
    },
    Firewall,
    Flow {
        of: Id,
        text: String,
        ends: Vec<Id>,
    },
    Output {
        value: String,
    },
}

impl What {
    fn needs_flow(&self) -> bool {
        matches!(self, Self::Statement { flow: Some(_), .. })
    }

    pub fn noun(&self) -> &str {
        match self {
            What::Environment { .. } => "the environment",
            What::Value { .. } => "the place",
            What::Loop { .. } => "the loop",
            What::Element { .. } => "the element",
            What::Statement { head, .. } => head,
            What::Firewall => "the firewall",
            What::Flow { text, .. } => text,
            What::Output { .. } => "the output",
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct Drawn {
    pub parts: Vec<Part>,
}

/// Kinds of the program itself: with groups, loops inside, and kinds of the library below them.
const KINDS: &str = r#"
kind depot {
  size: string
  shelves: [string] = ["low", "high"]
  out url: later string
}
implement depot on aws {
  once shared by size {
    terraform.aws_sqs_queue pile { name = "${name_of(self, limit = 60)}-pile" }
  }
  once common {
    terraform.aws_sqs_queue rest { name = "${name_of(self, limit = 60)}-rest" }
  }
  terraform.aws_sqs_queue main {
    name = name_of(self, limit = 70)
    tags = { pile = pile.name, rest = rest.name }
  }
  terraform.aws_sqs_queue shelf for s in shelves { name = "${name_of(self, limit = 60)}-${s}" }
  out url = main.url
}
kind station { keep: duration = 30d }
implement station {
  bucket store { keep_versions = keep }
  depot work { size = "small" }
}
"#;

impl Drawn {
    pub fn new(seed: u64) -> Self {
        draw::draw(&mut Random::new(seed))
    }

    pub fn add(&mut self, name: impl Into<String>, needs: Vec<Id>, what: What) -> Id {
        self.parts.push(Part { name: name.into(), needs, what });
        self.parts.len() - 1
    }

    /// What goes with one part: whatever needs it, and loops and environments of which nothing is left.
    pub fn closure(&self, part: Id) -> BTreeSet<Id> {
        let mut gone = BTreeSet::from([part]);
        loop {
            let before = gone.len();
            for (id, part) in self.parts.iter().enumerate() {
                let is_empty = matches!(part.what, What::Loop { .. }) && self.elements(id, &gone).is_empty();
                if is_empty || part.needs.iter().any(|need| gone.contains(need)) {
                    gone.insert(id);
                }
            }
            if gone.len() == before {
                return gone;
            }
        }
    }

    fn left<'a>(&'a self, gone: &'a BTreeSet<Id>) -> impl Iterator<Item = (Id, &'a Part)> {
        self.parts.iter().enumerate().filter(|(id, _)| !gone.contains(id))
    }

    /// The keys of a loop that are left, with their texts.
    fn elements<'a>(&'a self, of: Id, gone: &'a BTreeSet<Id>) -> Vec<(&'a str, &'a str)> {
        let element = |part: &'a Part| match &part.what {
            What::Element { of: other, text } if *other == of => Some((part.name.as_str(), text.as_str())),
            _ => None,
        };
        self.left(gone).filter_map(|(_, part)| element(part)).collect()
    }

    fn loop_text(&self, id: Id, gone: &BTreeSet<Id>) -> String {
        let elements = self.elements(id, gone).into_iter();
        if matches!(self.parts[id].what, What::Loop { is_map: true, .. }) {
            let entries: Vec<String> = elements.map(|(key, text)| format!("\"{key}\" => \"{text}\"")).collect();
            return format!("{{ {} }}", entries.join(", "));
        }
        format!("[{}]", elements.map(|(key, _)| format!("\"{key}\"")).collect::<Vec<_>>().join(", "))
    }

    /// The program without these parts.
    pub fn text(&self, gone: &BTreeSet<Id>) -> String {
        let mut text = format!("project siblings {{ edition = 1 }}\n{KINDS}");
        let flows = |firewall: Id| {
            self.left(gone).filter_map(move |(_, part)| match &part.what {
                What::Flow { of, text, .. } if *of == firewall => Some(text.clone()),
                _ => None,
            })
        };
        for (id, part) in self.left(gone) {
            let name = &part.name;
            match &part.what {
                What::Environment { tier } => {
                    let listed = self.left(gone).filter_map(|(_, part)| match &part.what {
                        What::Value { listed, .. } => Some(format!("    {},\n", listed.replace("ENV", name))),
                        _ => None,
                    });
                    let listed: String = listed.collect();
                    text.push_str(&format!("environment {name} {{\n  tier = {tier}\n  on = [\n{listed}  ]\n}}\n"));
                }
                What::Value { declared, .. } => text.push_str(&format!("{declared}\n")),
                What::Loop { shared: true, .. } => {
                    text.push_str(&format!("let {name} = {}\n", self.loop_text(id, gone)));
                }
                What::Statement { head, tail, body, over, .. } => {
                    let over = over.map(|over| match self.parts[over].what {
                        What::Loop { shared, is_map } => {
                            let names = if is_map { "k, v" } else { "k" };
                            let list = if shared { self.parts[over].name.clone() } else { self.loop_text(over, gone) };
                            format!(" for {names} in {list}")
                        }
                        _ => String::new(),
                    });
                    let over = over.unwrap_or_default();
                    text.push_str(&format!("{head} {name}{over}{tail} {{\n  {}\n}}\n", body.join("\n  ")));
                }
                What::Firewall => {
                    let flows: String = flows(id).map(|flow| format!("    {flow},\n")).collect();
                    text.push_str(&format!("firewall {name} {{\n  allow = [\n{flows}  ]\n}}\n"));
                }
                What::Output { value } => text.push_str(&format!("output {name} = {value}\n")),
                What::Loop { .. } | What::Element { .. } | What::Flow { .. } => {}
            }
        }
        let needed: String = self
            .left(gone)
            .filter_map(|(_, part)| match &part.what {
                What::Statement { flow: Some(flow), .. } => Some(format!("    {flow},\n")),
                _ => None,
            })
            .collect();
        if !needed.is_empty() {
            text.push_str(&format!("firewall needed {{\n  allow = [\n{needed}  ]\n}}\n"));
        }
        text
    }

    /// What others are known by that went, in an environment where the optional statements are or are not.
    pub fn taken(&self, gone: &BTreeSet<Id>, has_optional: bool) -> Taken {
        let mut taken = Taken { flows: Some(0), ..Taken::default() };
        for (id, part) in self.parts.iter().enumerate() {
            if matches!(part.what, What::Value { .. }) {
                taken.platforms.insert(part.name.clone());
            }
            if !gone.contains(&id) {
                continue;
            }
            let more = match &part.what {
                What::Statement { words, flow, .. } => {
                    // The firewall that holds what load balancers need goes with the last of them.
                    if flow.is_some() && !self.left(gone).any(|(_, part)| part.what.needs_flow()) {
                        taken.roots.insert("needed".to_owned());
                    }
                    taken.roots.insert(part.name.clone());
                    taken.words.extend(words.iter().cloned());
                    taken.words.insert(part.name.clone());
                    usize::from(flow.is_some())
                }
                What::Value { .. } => {
                    taken.roots.insert(part.name.clone());
                    taken.words.insert(part.name.clone());
                    0
                }
                What::Element { of, .. } => {
                    taken.words.insert(part.name.clone());
                    let over = |what: &What| matches!(what, What::Statement { over: Some(over), .. } if over == of);
                    for statement in self.parts.iter().filter(|part| over(&part.what)) {
                        taken.roots.insert(format!("{}[\"{}\"]", statement.name, part.name));
                        let What::Statement { body, .. } = &statement.what else { continue };
                        // The group of the size that only this element has, or of the network.
                        if body.iter().any(|line| line.contains("of ${k}")) {
                            taken.roots.insert(format!("{}.shared[\"of {}\"]", statement.name, part.name));
                        }
                        let network = body.iter().find_map(|line| line.strip_prefix("network = ")?.strip_suffix("[k]"));
                        if let Some(network) = network {
                            let key = format!("{network}[\"{}\"]", part.name);
                            taken.roots.insert(format!("{}.shared[\"{key}\"]", statement.name));
                        }
                    }
                    0
                }
                What::Flow { ends, text, .. } => {
                    taken.ends.extend(ends.iter().map(|end| self.parts[*end].name.clone()));
                    taken.words.extend(text.split([' ', '[', ']', ',']).map(str::to_owned));
                    usize::from(has_optional || !text.contains("?."))
                }
                What::Output { .. } => {
                    taken.words.insert(part.name.clone());
                    0
                }
                What::Firewall => {
                    taken.roots.insert(part.name.clone());
                    0
                }
                What::Environment { .. } | What::Loop { .. } => 0,
            };
            taken.flows = taken.flows.map(|flows| flows + more);
        }
        taken
    }
}
