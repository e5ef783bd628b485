//! Implementations beside each other: two of one kind on one platform are told apart by their names; those of a kind that is a
//! platform give what that platform must have.

use source::{Diagnostic, Name, Place};
use syntax::{Kind as Node, Tree};

use crate::checked::{ImplementationId, KindId, PlatformId};
use crate::checker::Checker;

impl Checker<'_> {
    /// Tells implementations of the project that no environment could choose between.
    pub(crate) fn rivals(&mut self) {
        let mut linked: Vec<(ImplementationId, KindId, Option<PlatformId>)> = self
            .implementations_of
            .iter()
            .flat_map(|(kind, all)| all.iter().map(|(implementation, platform)| (*implementation, *kind, *platform)))
            .collect();
        linked.sort_unstable();
        for (at, (own, kind, platform)) in linked.iter().enumerate() {
            if !self.is_of_project(*own) {
                continue;
            }
            // Of two in the project the later one is told; what a library has stands first.
            let others: Vec<ImplementationId> = linked
                .iter()
                .enumerate()
                .filter(|(index, other)| {
                    (other.1, other.2) == (*kind, *platform)
                        && *index != at
                        && (*index < at || !self.is_of_project(other.0))
                })
                .map(|(_, other)| other.0)
                .collect();
            let name = self.implementation_info(*own).name;
            if let Some(other) = others.into_iter().find(|other| self.implementation_info(*other).name == name) {
                self.tell_rival(*own, other, *kind, *platform, name);
            }
        }
    }

    fn tell_rival(
        &mut self,
        own: ImplementationId,
        other: ImplementationId,
        kind: KindId,
        platform: Option<PlatformId>,
        name: Option<Name>,
    ) {
        let kind = self.kind_name(kind);
        let platform = platform.map(|platform| self.platform_items[platform.0 as usize].0);
        let on = platform.map_or_else(String::new, |platform| format!(" on `{platform}`"));
        let (message, help) = match name {
            Some(name) => (
                format!("two implementations of `{kind}`{on} are called `{name}`"),
                "give one of the two another name".to_owned(),
            ),
            None => {
                let (head, chosen) = match platform {
                    Some(platform) => (format!(" on {platform}"), format!("{platform}.NAME")),
                    None => (String::new(), "NAME".to_owned()),
                };
                (
                    format!("`{kind}` has another implementation{on}"),
                    format!(
                        "remove one of the two, or call this one `implement {kind}{head} as NAME` and choose: `choose {{ {kind} = {chosen} }}`"
                    ),
                )
            }
        };
        let told = Diagnostic::error("two_implementations", self.head_place(own), message)
            .also(self.head_place(other), "the other one")
            .help(help);
        self.told.tell(told);
    }

    /// Whether an implementation of a kind on a platform, or without one, has a name.
    pub(crate) fn is_implemented_as(&mut self, kind: KindId, platform: Option<PlatformId>, name: Name) -> bool {
        self.names_on(kind, platform).contains(&name)
    }

    /// The names of the implementations of a kind on a platform, or of those without one.
    fn names_on(&mut self, kind: KindId, platform: Option<PlatformId>) -> Vec<Name> {
        let all = self.implementations_for(kind);
        let there = all.into_iter().filter(|(_, on)| *on == platform);
        there.filter_map(|(implementation, _)| self.implementation_info(implementation).name).collect()
    }

    /// Whether `choose { topic = aws.queue }` names an implementation that is there; told when it does not.
    pub(crate) fn is_chosen_named(
        &mut self,
        kind: KindId,
        platform: Option<PlatformId>,
        chosen: Option<Name>,
        place: Place,
    ) -> bool {
        let (Some(platform), Some(chosen)) = (platform, chosen) else { return true };
        let names = self.names_on(kind, Some(platform));
        if names.contains(&chosen) {
            return true;
        }
        let (kind, platform) = (self.kind_name(kind), self.platform_items[platform.0 as usize].0);
        let message = format!("no implementation of `{kind}` on `{platform}` is called `{chosen}`");
        let names: Vec<String> = names.iter().map(|name| format!("{platform}.{name}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        if names.is_empty() {
            let help = format!("none has a name: write `choose {{ {kind} = {platform} }}`");
            self.error("unknown_name", place, message, help);
        } else {
            self.unknown_name("unknown_name", place, &message, &format!("{platform}.{chosen}"), &names, "there are");
        }
        false
    }

    fn is_of_project(&self, implementation: ImplementationId) -> bool {
        self.is_project(self.implementation_heads[implementation.0 as usize].at)
    }

    /// Where an implementation says of which kind it is.
    pub(crate) fn head_place(&self, implementation: ImplementationId) -> Place {
        let at = self.implementation_heads[implementation.0 as usize].at;
        let tree = self.item(at).tree();
        let path = tree.child(Tree::ROOT, Node::Implement).and_then(|node| tree.child(node, Node::Path));
        path.map_or_else(
            || crate::declare::item_place(self.item(at).id, self.item(at).text.len()),
            |path| self.place(at, &tree, path),
        )
    }

    /// Tells what a platform must have and an instance that is one would not give.
    pub(crate) fn platform_is_whole(&mut self, kind: KindId, platform: PlatformId) {
        let required: Vec<Name> = self
            .platform_info(platform)
            .inputs
            .iter()
            .filter(|input| input.required())
            .map(|input| input.name)
            .collect();
        let info = self.kind_info(kind);
        for (implementation, on) in self.implementations_for(kind) {
            // What stands on the same platform has what that gives.
            if on == Some(platform) {
                continue;
            }
            let given = self.implementation_info(implementation);
            // What a kind above is as well, is told there.
            if given.kind != kind && self.kind_info(given.kind).platform == Some(platform) {
                continue;
            }
            let missing: Vec<&str> = required
                .iter()
                .filter(|name| info.out(**name).is_none() && !given.outs.iter().any(|out| out.0 == **name))
                .map(|name| name.text())
                .collect();
            if missing.is_empty() {
                continue;
            }
            let place = self.head_place(implementation);
            let (kind, platform) = (self.kind_name(kind), self.platform_items[platform.0 as usize].0);
            let list = source::list_of(missing.iter().copied());
            let message = format!("a `{kind}` is a `{platform}`, and this does not say its {list}");
            self.error("missing_output", place, message, "add `out NAME = …` for each");
        }
    }
}
