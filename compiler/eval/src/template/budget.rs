//! What a template may take. Handlebars itself has no limits: a loop in a loop runs for as long as it takes, a partial that calls
//! itself fills the memory. So each block is made to begin with a decorator that counts and to end with one that counts back.

use std::io::{Error, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use handlebars::template::{DecoratorTemplate, HelperTemplate, Parameter, TemplateElement, TemplateMapping};
use handlebars::{
    Context, Decorator, DecoratorDef, Handlebars, RenderContext, RenderError, RenderErrorReason, Template,
};
use serde_json::Value as Json;

use crate::budget::TEXT;

/// The longest template, in bytes.
pub(super) const LONGEST: usize = 1 << 20;
/// Blocks and partials inside of each other, and brackets in one of their heads.
const DEEPEST: usize = 64;
/// Pieces of a template that are worked off: texts, values, blocks.
pub(super) const STEPS: u64 = 2_000_000;
/// Parts of the values that a template is given; each is copied.
pub(super) const PARTS: usize = 1_000_000;

/// The decorators' names, which no template can write: they hold a blank.
const BEGIN: &str = "infrac begin";
const END: &str = "infrac end";

/// Why a template was not worked off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Spent {
    Depth,
    Steps,
    Length,
}

impl Spent {
    /// What is said of it.
    pub fn message(self) -> &'static str {
        match self {
            Self::Depth => "it is more than 64 blocks deep",
            Self::Steps => "it takes more than 2,000,000 steps",
            Self::Length => "it makes a text that is longer than 64 MiB",
        }
    }
}

/// What is left of the budget of one call. Handlebars wants to share it between threads, though there is only one.
#[derive(Debug)]
pub(super) struct Budget {
    steps: AtomicU64,
    depth: AtomicUsize,
    spent: OnceLock<Spent>,
}

impl Budget {
    /// The budget of a call that may take this many steps.
    pub fn new(steps: u64) -> Self {
        Self { steps: AtomicU64::new(steps), depth: AtomicUsize::new(0), spent: OnceLock::new() }
    }

    /// What was used up, when something was.
    pub fn spent(&self) -> Option<Spent> {
        self.spent.get().copied()
    }

    /// The steps that are left.
    pub fn left(&self) -> u64 {
        self.steps.load(Ordering::Relaxed)
    }

    fn stop(&self, spent: Spent) -> RenderError {
        let _ = self.spent.set(spent);
        RenderErrorReason::Other(spent.message().to_owned()).into()
    }

    fn begin(&self, steps: u64) -> Result<(), RenderError> {
        let Some(left) = self.left().checked_sub(steps) else { return Err(self.stop(Spent::Steps)) };
        self.steps.store(left, Ordering::Relaxed);
        let depth = self.depth.fetch_add(1, Ordering::Relaxed);
        if depth < DEEPEST { Ok(()) } else { Err(self.stop(Spent::Depth)) }
    }

    fn end(&self) {
        self.depth.fetch_sub(1, Ordering::Relaxed);
    }

    /// Makes the marks of a counted template count here.
    pub fn register<'b>(&'b self, registry: &mut Handlebars<'b>) {
        registry.register_decorator(BEGIN, Box::new(Begin(self)));
        registry.register_decorator(END, Box::new(End(self)));
    }
}

struct Begin<'b>(&'b Budget);

impl DecoratorDef for Begin<'_> {
    fn call<'reg: 'rc, 'rc>(
        &'reg self,
        decorator: &Decorator<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<(), RenderError> {
        self.0.begin(decorator.param(0).and_then(|steps| steps.value().as_u64()).unwrap_or(1))
    }
}

struct End<'b>(&'b Budget);

impl DecoratorDef for End<'_> {
    fn call<'reg: 'rc, 'rc>(
        &'reg self,
        _: &Decorator<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<(), RenderError> {
        self.0.end();
        Ok(())
    }
}

/// What is rendered, up to the longest text.
pub(super) struct Bounded<'b> {
    pub text: Vec<u8>,
    pub budget: &'b Budget,
}

impl Write for Bounded<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.text.len() + bytes.len() > TEXT {
            let _ = self.budget.spent.set(Spent::Length);
            return Err(Error::other(Spent::Length.message()));
        }
        self.text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Puts the marks into a template and into all blocks of it. A piece that looks at whole values, as a partial or a comparison may,
/// counts by how many parts they have.
pub(super) fn counted(template: &mut Template, parts: usize) {
    let heavy = 1 + parts as u64 / 16;
    let mut steps = 1;
    for element in &mut template.elements {
        steps += match element {
            TemplateElement::HtmlExpression(helper)
            | TemplateElement::Expression(helper)
            | TemplateElement::HelperBlock(helper) => in_helper(helper, parts, heavy),
            TemplateElement::DecoratorExpression(decorator)
            | TemplateElement::DecoratorBlock(decorator)
            | TemplateElement::PartialExpression(decorator)
            | TemplateElement::PartialBlock(decorator) => {
                decorator.template.iter_mut().for_each(|block| counted(block, parts));
                heavy
            }
            // Texts and comments.
            _ => 1,
        };
    }
    if let (Some((begin, first)), Some((end, last))) = (mark(BEGIN, steps), mark(END, steps)) {
        template.elements.insert(0, begin);
        template.mapping.insert(0, first);
        template.elements.push(end);
        template.mapping.push(last);
    }
}

fn in_helper(helper: &mut HelperTemplate, parts: usize, heavy: u64) -> u64 {
    helper.template.iter_mut().chain(&mut helper.inverse).for_each(|block| counted(block, parts));
    let is_nested = |parameter: &Parameter| matches!(parameter, Parameter::Subexpression(_));
    let looks = helper.params.len() > 1 || !helper.hash.is_empty() || helper.params.iter().any(is_nested);
    if looks { heavy } else { 1 }
}

/// A decorator by itself, as a template would have it, with its place.
fn mark(name: &str, steps: u64) -> Option<(TemplateElement, TemplateMapping)> {
    let mut alone = Template::compile("{{*mark}}").ok()?;
    let (element, place) = (alone.elements.pop()?, alone.mapping.pop()?);
    let TemplateElement::DecoratorExpression(mut decorator) = element else { return None };
    let named: &mut DecoratorTemplate = &mut decorator;
    named.name = Parameter::Name(name.to_owned());
    named.params = vec![Parameter::Literal(Json::from(steps))];
    Some((TemplateElement::DecoratorExpression(decorator), place))
}

/// Whether blocks, or brackets in a head, stand deeper in each other than can be read. Looks at no more than the signs: what it
/// takes for a block too many is one that no template needs.
pub(super) fn is_too_deep(text: &str) -> bool {
    let mut rest = text;
    let (mut blocks, mut chained) = (0_usize, Vec::new());
    while let Some(at) = rest.find("{{") {
        let (before, head) = rest.split_at(at);
        if before.ends_with('\\') {
            rest = &head[2..];
            continue;
        }
        let end = match head.strip_prefix("{{").map(|head| head.trim_start_matches('~')) {
            Some(comment) if comment.starts_with("!--") => "--}}",
            _ => "}}",
        };
        let length = head.find(end).map_or(head.len(), |length| length + end.len());
        let (head, behind) = head.split_at(length);
        rest = behind;
        let head = head.trim_start_matches(['{', '~', ' ']);
        if head.starts_with('#') {
            blocks += 1;
            chained.push(0);
        } else if head.starts_with('/') {
            blocks = blocks.saturating_sub(1 + chained.pop().unwrap_or(0));
        } else if let Some(chain) =
            head.strip_prefix("else").filter(|chain| chain.starts_with(' ')).and(chained.last_mut())
        {
            *chain += 1;
            blocks += 1;
        }
        let mut open = 0_usize;
        for sign in head.bytes() {
            match sign {
                b'(' => open += 1,
                b')' => open = open.saturating_sub(1),
                _ => {}
            }
            if open > DEEPEST {
                return true;
            }
        }
        if blocks > DEEPEST {
            return true;
        }
    }
    false
}
