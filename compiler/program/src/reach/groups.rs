//! The layer of groups: rules that point at a group let something in or out of all its members; without a rule nothing passes.

use graph::Resource;
use rustc_hash::FxHashMap;
use value::AddressId;

use super::address_set::AddressSet;
use super::parties::Member;
use super::read::{self, Port, at, number_at, referred, text_at};
use super::seen::{Met, Seen};
use super::table::{Direction, GroupForm, May, RuleKind};
use super::walk::{Step, Verdict, World};

/// What the rules of some groups let pass at one port, read once: each flow of a machine asks for the rule that lets it pass.
#[derive(Default)]
pub(crate) struct Opened<'a> {
    /// The first rule that names each group, with its position.
    groups: FxHashMap<AddressId, (usize, &'a Resource)>,
    /// By position in `by`.
    addresses: AddressSet,
    by: Vec<&'a Resource>,
    unclear: Option<&'a Resource>,
}

impl<'a> Opened<'a> {
    pub fn new(
        world: &World<'a>,
        (position, form): (usize, &GroupForm),
        groups: &[AddressId],
        direction: Direction,
        port: Port,
    ) -> Self {
        let mut opened = Self::default();
        for (at_rule, (kind, rule)) in world.index.rules(position, groups, direction).enumerate() {
            match allows_port(world, form, kind, rule, port) {
                Some(true) => {}
                Some(false) => continue,
                None => {
                    opened.unclear = opened.unclear.or(Some(rule));
                    continue;
                }
            }
            if let Some(group) = at(world.graph, rule.body, &kind.other_group) {
                match referred(world.graph, group) {
                    Some(group) => drop(opened.groups.entry(group).or_insert((at_rule, rule))),
                    None => opened.unclear = opened.unclear.or(Some(rule)),
                }
                continue;
            }
            let named = kind.other_ranges.iter().filter_map(|field| at(world.graph, rule.body, field));
            let before = opened.by.len();
            for value in named {
                opened.addresses.add(opened.by.len(), &read::addresses(world.graph, value), &world.members);
                opened.by.push(rule);
            }
            if opened.by.len() == before {
                opened.unclear = opened.unclear.or(Some(rule));
            }
        }
        opened
    }
}

/// Whether the groups of a member let this port pass, from or to the other end.
pub(crate) fn through(
    world: &World,
    direction: Direction,
    (name, member): (&str, &Member),
    other: &Seen,
    port: Port,
) -> Option<Step> {
    let form = world.table.groups.get(member.form)?;
    let step = |verdict, says: String, place| Step::at_end(&form.layer, (direction, name), verdict, &says, place);
    let address = |id: AddressId| world.graph.store.address_text(id);
    if member.groups.is_empty() {
        return Some(step(
            Verdict::Unknown,
            "it is in no group that is written here".to_owned(),
            world.place(member.resource),
        ));
    }
    let opened = world.opened((member.form, form), &member.groups, direction, port);
    // The first rule that names a group of the other end.
    let named = other.groups.iter().filter_map(|group| Some((opened.groups.get(group)?, *group)));
    if let Some(((_, rule), group)) = named.min_by_key(|((position, _), _)| *position) {
        return Some(step(
            Verdict::Open,
            format!("`{}` names the group `{}`", address(rule.address), address(group)),
            Some(rule.place),
        ));
    }
    let mut unclear = opened.unclear;
    match other.met_by(&[&opened.addresses]) {
        Met::All(found) => {
            let says = opened
                .by
                .get(found)
                .map(|rule| (format!("`{}` lets it pass", address(rule.address)), Some(rule.place)));
            let (says, place) = says.unwrap_or_default();
            return Some(step(Verdict::Open, says, place));
        }
        Met::Unclear => unclear = unclear.or(opened.by.first().copied()),
        Met::Part | Met::Nothing => {}
    }
    if let Some(rule) = unclear {
        return Some(step(
            Verdict::Unknown,
            format!("`{}` may or may not mean `{}`", address(rule.address), other.name),
            Some(rule.place),
        ));
    }
    if let Some(rule) = not_read(world, form, &member.groups, May::Open) {
        return Some(step(Verdict::Unknown, format!("`{}` is not read", address(rule.address)), Some(rule.place)));
    }
    let group = member.groups.first().copied().unwrap_or(member.resource);
    let verdict = if member.more_groups { Verdict::Unknown } else { Verdict::Closed };
    let side = direction.side();
    let closed = step(
        verdict,
        format!("no rule of `{}` lets {port} pass {side} `{}`", address(group), other.name),
        world.place(group),
    );
    Some(Step { help: world.table.missing_ranges(other), ..closed })
}

/// What may keep it out and is not read: a resource that refers to where a member stands.
pub(crate) fn may_close<'a>(world: &'a World, member: &Member) -> Option<&'a Resource> {
    let form = world.table.groups.get(member.form)?;
    let around: Vec<AddressId> = member.subnets.iter().copied().chain(member.network).collect();
    not_read(world, form, &around, May::Close)
}

/// None: some of the port's numbers, not all.
fn allows_port(world: &World, form: &GroupForm, kind: &RuleKind, rule: &Resource, port: Port) -> Option<bool> {
    let protocol = text_at(world.graph, rule.body, &kind.protocol)?;
    if protocol == form.every_protocol {
        return Some(true);
    }
    if protocol != port.protocol.text() {
        return Some(false);
    }
    match (number_at(world.graph, rule.body, &kind.first), number_at(world.graph, rule.body, &kind.last)) {
        (Some(first), Some(last)) if first <= port.first && port.last <= last => Some(true),
        (Some(first), Some(last)) if last < port.first || port.last < first => Some(false),
        (Some(_), Some(_)) => None,
        // Without numbers it means all of them.
        (None, _) | (_, None) => Some(true),
    }
}

fn not_read<'a>(world: &'a World, form: &GroupForm, around: &[AddressId], may: May) -> Option<&'a Resource> {
    form.not_read.iter().filter(|known| known.may == may).find_map(|known| {
        world.of_kind(&known.kind).find(|resource| match &known.field {
            Some(field) => around.contains(&resource.address) && at(world.graph, resource.body, field).is_some(),
            None => resource.edges.iter().filter_map(graph::Edge::resource).any(|to| around.contains(&to)),
        })
    })
}
