//! `once NAME [by EXPR] { … }`: the children that an implementation makes once for a statement and each key, whatever its loop.
//! Instances that chose another implementation, or stand on another platform, are in other groups.

use std::rc::Rc;

use check::checked::{OnceId, StatementId};
use source::{Name, Place};
use value::{Address, Store, ValueId};

use crate::cells::CellKey;
use crate::evaluate::Evaluation;
use crate::frame::{Frame, Group, GroupId, InstanceId, Parent};

/// Instances that share a key on a platform.
struct Members {
    key: ValueId,
    home: ValueId,
    ids: Vec<InstanceId>,
}

impl Evaluation<'_> {
    /// The group that an instance is a member of.
    pub(crate) fn group_of(&mut self, member: InstanceId, once: OnceId, asked: Place) -> Option<GroupId> {
        let instance = self.instances.get(member.0 as usize)?;
        let (parent, statement) = (instance.parent, instance.statement);
        let _ = self.grouping(parent, statement, once, asked);
        self.group_of_member.get(&(member, once)).copied()
    }

    /// All groups of the instances of a statement.
    pub(crate) fn groups_of_statement(&mut self, parent: Parent, statement: StatementId) -> Vec<GroupId> {
        let mut onces: Vec<OnceId> = Vec::new();
        for id in self.expand(parent, statement).iter() {
            let chosen = self.instances.get(id.0 as usize).and_then(|instance| instance.implementation);
            for once in
                chosen.and_then(|id| self.implementation(id)).map_or(&[][..], |implementation| &implementation.onces)
            {
                if !onces.contains(once) {
                    onces.push(*once);
                }
            }
        }
        let mut groups = Vec::new();
        for once in onces {
            if let Some(place) = self.checked.onces.get(once.0 as usize).map(|once| once.place) {
                groups.extend(self.grouping(parent, statement, once, place).iter().copied());
            }
        }
        groups
    }

    /// The statements that make the children of a group.
    pub(crate) fn children_of_group(&self, group: GroupId) -> Vec<(Parent, StatementId)> {
        let once = self.groups.get(group.0 as usize).and_then(|group| self.checked.onces.get(group.once.0 as usize));
        once.map_or_else(Vec::new, |once| once.statements.iter().map(|child| (Parent::Group(group), *child)).collect())
    }

    fn grouping(&mut self, parent: Parent, statement: StatementId, once: OnceId, asked: Place) -> Rc<[GroupId]> {
        let _ = self.cell(CellKey::Groups(parent, statement, once), asked, |me| {
            let groups = me.make_groups(parent, statement, once);
            me.groupings.insert((parent, statement, once), groups.into());
            Store::ABSENT
        });
        self.groupings.get(&(parent, statement, once)).cloned().unwrap_or_else(|| Rc::from([]))
    }

    fn make_groups(&mut self, parent: Parent, statement: StatementId, once_id: OnceId) -> Vec<GroupId> {
        let Some(once) = self.checked.onces.get(once_id.0 as usize) else { return Vec::new() };
        let Some(name) = self.checked.statements.get(statement.0 as usize).map(|statement| statement.name) else {
            return Vec::new();
        };
        let mut found: Vec<Members> = Vec::new();
        for id in self.expand(parent, statement).iter().copied() {
            let home = self.home(id, once.place);
            if self.instances.get(id.0 as usize).and_then(|instance| instance.implementation)
                != Some(once.implementation)
            {
                continue;
            }
            let key = match &once.by {
                Some(code) => {
                    let key = self.run(&mut Frame::new(Parent::Instance(id)), code);
                    match self.deep_known(key) {
                        Some(known) if !self.is_unknown(known) => known,
                        Some(_) => continue,
                        None => {
                            let _ = self.too_late(key, code.place);
                            continue;
                        }
                    }
                }
                None => Store::ABSENT,
            };
            match found.iter_mut().find(|members| members.key == key && members.home == home) {
                Some(members) => members.ids.push(id),
                None => found.push(Members { key, home, ids: vec![id] }),
            }
        }
        // By address: the order in which a loop names its elements changes nothing.
        for members in &mut found {
            members.ids.sort_by(|left, right| {
                let address = |id: &InstanceId| self.instances.get(id.0 as usize).map(|instance| instance.address);
                match (address(left), address(right)) {
                    (Some(left), Some(right)) => self.store.compare_addresses(left, right),
                    (left, right) => left.is_some().cmp(&right.is_some()),
                }
            });
        }
        let above = self.parent_address(parent);
        let of_statement = self.store.address(Address { parent: above, name, key: None });
        let mut groups = Vec::with_capacity(found.len());
        for members in found {
            let key = if members.key == Store::ABSENT {
                None
            } else {
                match self.key_name(members.key, once.place) {
                    Ok(key) => Some(key),
                    Err(_) => continue,
                }
            };
            let mut address = self.store.address(Address { parent: Some(of_statement), name: once.name, key });
            // A statement may stand on several platforms. What stands on one that is called like its platform has no step for it.
            if let Some(home) = self.name_of_platform(members.home) {
                let (name, key) = (Name::new("on"), Some(home));
                address = self.store.address(Address { parent: Some(address), name, key });
            }
            let mut values = Vec::with_capacity(members.ids.len());
            for member in &members.ids {
                values.push(self.instance_value(*member));
            }
            let list = self.store.list(values);
            let id = GroupId(self.groups.len() as u32);
            for member in &members.ids {
                self.group_of_member.insert((*member, once_id), id);
            }
            self.group_of_list.entry(list).or_insert(id);
            self.groups.push(Group { address, once: once_id, members: members.ids, list });
            groups.push(id);
        }
        groups
    }
}
