//! The file and the comparison, over programs that are told in a few words.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use check::checked::{Said, SaidWhat};
use emit::{Emitted, Ground, HeldResource, Inventory, ProviderInUse};
use value::WrittenAddress;

use super::*;

fn held(address: &str, needs: &[&str]) -> HeldResource {
    HeldResource {
        address: address.to_owned(),
        reference: reference(address),
        names: [(address.to_owned(), format!("shop-prod-{address}"))].into(),
        guarded: false,
        needs: needs.iter().map(|need| reference(need)).collect(),
        on: Some("aws".to_owned()),
        grounds: BTreeMap::new(),
    }
}
/// It stands on what is called so.
fn on_ground(held: HeldResource, address: &str, range: &str) -> HeldResource {
    let fixed = [("cidr_block".to_owned(), range.to_owned())].into();
    let ground = Ground { address: address.to_owned(), fixed };
    HeldResource { grounds: [(reference(address), ground)].into(), ..held }
}
fn reference(address: &str) -> String {
    format!("aws_thing.{}", address.replace(|other: char| !other.is_ascii_alphanumeric(), "_"))
}
fn provider(name: &str, alias: Option<&str>) -> ProviderInUse {
    ProviderInUse {
        provider: name.to_owned(),
        alias: alias.map(str::to_owned),
        source: format!("hashicorp/{name}"),
        version: "1.0.0".to_owned(),
        inputs: serde_json::Map::new(),
    }
}
fn inventory(held: &[HeldResource], others: &[&str], providers: &[ProviderInUse]) -> Inventory {
    let own = held.iter().map(|held| held.reference.clone());
    Inventory {
        held: held.to_vec(),
        providers: providers.to_vec(),
        resources: own.chain(others.iter().map(|other| reference(other))).collect(),
        moved: vec![],
        state: None,
    }
}
fn said(what: SaidWhat) -> Said {
    Said { what, environment: None, places: None }
}
fn address(text: &str) -> WrittenAddress {
    WrittenAddress::read(text).unwrap()
}
fn nothing() -> Emitted {
    Emitted {
        documents: vec![],
        awaited: vec![],
        clusters: vec![],
        steps: vec![],
        notes: vec![],
        leaving: vec![],
        staying: vec![],
    }
}
fn now<'a>(inventory: &'a Inventory, said: &'a [Said]) -> Now<'a> {
    Now { environment: "prod", inventory, said }
}
/// What is remembered after a build of this.
fn after(lock: &Lock, inventory: &Inventory, said: &[Said]) -> Lock {
    let now = now(inventory, said);
    lock.remember(&compare(lock, &now), &now, &nothing())
}

#[test]
fn what_is_printed_is_read_again() {
    let first =
        inventory(&[held("media.main", &["key"]), held("front[\"a b\"].vm", &[])], &[], &[provider("aws", None)]);
    let said = [
        said(SaidWhat::Moved { from: address("old[\"x\"]"), to: address("new") }),
        said(SaidWhat::Forget { address: address("gone"), because: None }),
    ];
    let lock = after(&Lock::default(), &first, &said);
    let text = lock.print();
    assert_eq!(read(&text).unwrap(), lock);
    assert_eq!(read(&text).unwrap().print(), text);
    let lines: Vec<&str> = text.lines().skip(1).collect();
    assert!(lines.is_sorted() && lines.len() == 5, "{text}");
    // Both sides of a merge, in any order.
    let mut both: Vec<&str> = lines.iter().chain(&lines).copied().collect();
    both.reverse();
    assert_eq!(read(&both.join("\n")).unwrap(), lock);
}

#[test]
fn what_is_held_is_lost_until_something_is_said_of_it() {
    let first = inventory(
        &[held("media.main", &["key", "media.policy"]), held("orders.main", &[])],
        &["key", "media.policy"],
        &[],
    );
    let lock = after(&Lock::default(), &first, &[]);
    let later = inventory(&[held("orders.main", &[])], &["key"], &[]);
    assert_eq!(compare(&lock, &now(&later, &[])).lost, [held("media.main", &["key", "media.policy"])]);

    let forget = [said(SaidWhat::Forget { address: address("media"), because: None })];
    let compared = compare(&lock, &now(&later, &forget));
    assert!(compared.lost.is_empty());
    // Its key is still there and stays managed.
    assert_eq!(compared.remains.released, ["aws_thing.media_main", "aws_thing.media_policy"]);
    let lock = after(&lock, &later, &forget);
    assert_eq!(compare(&lock, &now(&later, &[])).remains.released, ["aws_thing.media_main", "aws_thing.media_policy"]);
    assert_eq!(after(&lock, &later, &[]), lock, "the statement was deleted");
    // It comes back under its name, and is held again: nothing recorded lets go of it.
    let back = after(&lock, &first, &[]);
    assert_eq!(compare(&back, &now(&later, &[])).lost.len(), 1);

    let destroy = [said(SaidWhat::Destroy { address: address("media"), because: "old".to_owned() })];
    let compared = compare(&back, &now(&later, &destroy));
    assert!(compared.lost.is_empty() && compared.remains.is_empty());
}

#[test]
fn what_is_kept_for_another_needs_no_word_of_its_own() {
    let first = inventory(&[held("media.main", &["keys.key"]), held("keys.key", &[])], &[], &[]);
    let lock = after(&Lock::default(), &first, &[]);
    let empty = Inventory::default();
    let forget = [said(SaidWhat::Forget { address: address("media"), because: None })];
    let compared = compare(&lock, &now(&empty, &forget));
    assert!(compared.lost.is_empty());
    assert_eq!(compared.remains.released, ["aws_thing.keys_key", "aws_thing.media_main"]);
}

#[test]
fn a_provider_that_left_stays_configured_until_it_is_pruned() {
    let both = inventory(&[], &[], &[provider("aws", None), provider("aws", Some("dublin"))]);
    let lock = after(&Lock::default(), &both, &[]);
    let one = inventory(&[], &[], &[provider("aws", None)]);
    let left = after(&lock, &one, &[]);
    assert_eq!(compare(&left, &now(&one, &[])).remains.providers, [provider("aws", Some("dublin"))]);
    assert!(compare(&left, &now(&both, &[])).remains.is_empty(), "it came back");
    let pruned = prune(&left, &[], |_| true, &BTreeSet::new());
    assert!(compare(&pruned, &now(&one, &[])).remains.is_empty());
}

#[test]
fn a_move_to_what_stands_is_kept_by_prune() {
    let moved = |to: &str| said(SaidWhat::Moved { from: address("old"), to: address(to) });
    let lock = after(&Lock::default(), &Inventory::default(), &[moved("new"), moved("gone")]);
    let pruned = prune(&lock, &[], |to| *to == address("new"), &BTreeSet::new());
    let kept: Vec<&SaidWhat> = pruned.said("prod").collect();
    assert_eq!(kept, [&SaidWhat::Moved { from: address("old"), to: address("new") }]);
}

#[test]
fn the_whole_way_to_what_stands_is_kept_by_prune() {
    let moved = |from: &str, to: &str| said(SaidWhat::Moved { from: address(from), to: address(to) });
    let all = [moved("a", "b"), moved("b", "c"), moved("x", "y"), moved("c.d", "e")];
    let lock = after(&Lock::default(), &Inventory::default(), &all);
    let kept = |there: &str| prune(&lock, &[], |to| *to == address(there), &BTreeSet::new()).said("prod").count();
    assert_eq!(kept("c"), 2);
    assert_eq!(kept("e"), 3, "what stood in it was moved on");
    assert_eq!(kept("y"), 1);
    assert_eq!(kept("z"), 0);
}

#[test]
fn before_a_build_ends_both_are_known() {
    let old = after(&Lock::default(), &inventory(&[held("a", &[])], &[], &[]), &[]);
    let new = after(&Lock::default(), &inventory(&[held("b", &[])], &[], &[]), &[]);
    let both = new.and(&old);
    assert_eq!(both.of("prod").count(), 2);
    assert_eq!(read(&both.print()).unwrap(), both);
}

#[test]
fn what_cannot_be_read_is_told_with_its_line() {
    let told = |text: &str| read(text).unwrap_err();
    assert_eq!(told("\nheld prod \"a\" \"aws_x.a\" {\"names\":{},\"needs\":[]}\n").line, 2);
    for wrong in [
        "held",
        "held prod",
        "held ../x \"a\" \"aws_x.a\" {\"names\":{},\"guarded\":false,\"needs\":[]}",
        "held prod \"a\" \"aws_x.${evil}\" {\"names\":{},\"guarded\":false,\"needs\":[]}",
        "left prod \"resource\" \"a\"",
        "left prod \"something\" \"a.b\"",
        "said * \"renamed\" \"a\" \"b\"",
        "said * \"moved\" \"a..b\" \"b\"",
        "object prod \"kubernetes/..\" \"v1\" \"S\" null \"x\" {\"context\":null,\"made\":false,\"data\":false}",
    ] {
        assert!(told(wrong).what.ends_with("cannot be read"), "{wrong}");
    }
    assert!(told("=======").help.contains("both sides"));
    assert!(told("engine prod \"x\"").help.contains("newer"));
}

#[test]
fn what_something_forgotten_needs_is_forgotten_when_it_leaves_later() {
    let lock = after(&Lock::default(), &inventory(&[held("media", &["rules", "key"])], &["rules", "key"], &[]), &[]);
    let forget = [said(SaidWhat::Forget { address: address("media"), because: None })];
    let shared = inventory(&[], &["key"], &[]);
    let lock = after(&lock, &shared, &forget);
    assert_eq!(compare(&lock, &now(&shared, &[])).remains.released, [reference("media"), reference("rules")]);
    // Pruned, in a later commit, and without the statement.
    let lock = read(&prune(&lock, &[], |_| false, &shared.resources).print()).unwrap();
    assert_eq!(lock.print().lines().nth(1), Some(r#"left prod "needs" "aws_thing.media" ["aws_thing.key"]"#));
    assert!(compare(&lock, &now(&shared, &[])).remains.is_empty());
    let empty = inventory(&[], &[], &[]);
    let lock = after(&lock, &empty, &[]);
    assert_eq!(compare(&lock, &now(&empty, &[])).remains.released, [reference("key")], "until it is pruned as well");
    assert!(prune(&lock, &[], |_| false, &empty.resources).is_empty());
}

#[test]
fn what_something_forgotten_needs_is_not_destroyed_with_what_is_around_it() {
    let both = [held("media", &["keys.key"]), held("keys.key", &[])];
    let lock = after(&Lock::default(), &inventory(&both, &[], &[]), &[]);
    let destroy = SaidWhat::Destroy { address: address("keys"), because: "it is over".to_owned() };
    let said = [said(SaidWhat::Forget { address: address("media"), because: None }), said(destroy)];
    let empty = inventory(&[], &[], &[]);
    assert_eq!(compare(&lock, &now(&empty, &said)).remains.released, [reference("keys.key"), reference("media")]);
}

#[test]
fn what_came_back_needs_nothing_for_what_left() {
    let there = inventory(&[held("media", &["key"])], &["key"], &[]);
    let lock = after(&Lock::default(), &there, &[]);
    let forget = [said(SaidWhat::Forget { address: address("media"), because: None })];
    let lock = after(&lock, &inventory(&[], &["key"], &[]), &forget);
    let lock = after(&lock, &there, &[]);
    assert!(!lock.print().contains("left"), "{}", lock.print());
}

#[test]
fn the_deepest_word_counts_whatever_the_order_and_the_newest_of_two() {
    let whole = inventory(&[held("one.x", &[]), held("one.y", &[])], &[], &[]);
    let lock = after(&Lock::default(), &whole, &[]);
    let empty = inventory(&[], &[], &[]);
    let destroy = |at: &str| said(SaidWhat::Destroy { address: address(at), because: "over".to_owned() });
    let forget = |at: &str| said(SaidWhat::Forget { address: address(at), because: None });
    for both in [[destroy("one"), forget("one.x")], [forget("one.x"), destroy("one")]] {
        assert_eq!(compare(&lock, &now(&empty, &both)).remains.released, [reference("one.x")]);
    }
    // A mind that is changed after a build, in both directions.
    let gone = after(&lock, &empty, &[destroy("one")]);
    assert!(compare(&gone, &now(&empty, &[])).remains.is_empty());
    let kept = after(&gone, &empty, &[forget("one")]);
    assert_eq!(compare(&kept, &now(&empty, &[])).remains.released, [reference("one.x"), reference("one.y")]);
    assert_eq!(kept.said("prod").count(), 1);
    let gone = after(&kept, &empty, &[destroy("one")]);
    assert!(compare(&gone, &now(&empty, &[])).remains.is_empty());
}

#[test]
fn what_its_maker_guards_is_put_back_before_it_is_destroyed() {
    let guarded = HeldResource { guarded: true, ..held("orders", &[]) };
    let lock = after(&Lock::default(), &inventory(std::slice::from_ref(&guarded), &[], &[]), &[]);
    let destroy = [said(SaidWhat::Destroy { address: address("orders"), because: "over".to_owned() })];
    let empty = inventory(&[], &[], &[]);
    assert_eq!(compare(&lock, &now(&empty, &destroy)).guarded, [guarded]);
    let lifted = after(&lock, &inventory(&[held("orders", &[])], &[], &[]), &destroy);
    assert_eq!(compare(&lifted, &now(&empty, &destroy)).guarded, []);
}

#[test]
fn a_place_that_changes_under_what_is_held_is_told() {
    let aws = |region: &str, account: Option<&str>| {
        let mut aws = provider("aws", None);
        aws.inputs.insert("region".to_owned(), region.into());
        aws.inputs.extend(account.map(|account| ("allowed_account_ids".to_owned(), account.into())));
        aws
    };
    let there = |aws: ProviderInUse| inventory(&[held("orders", &[])], &[], &[aws]);
    let lock = after(&Lock::default(), &there(aws("eu-west-3", None)), &[]);
    let displaced = |aws: ProviderInUse| compare(&lock, &now(&there(aws), &[])).displaced;
    assert_eq!(displaced(aws("eu-west-1", None))[0].input, "region");
    assert_eq!(displaced(aws("eu-west-3", Some("111122223333"))), [], "what was not said does not change");
    // Under another name of the same place.
    let paris = ProviderInUse { alias: Some("paris".to_owned()), ..aws("eu-west-3", None) };
    let held = HeldResource { on: Some("aws.paris".to_owned()), ..held("orders", &[]) };
    assert_eq!(compare(&lock, &now(&inventory(&[held], &[], &[paris]), &[])).displaced, []);
}

#[test]
fn the_ground_under_what_is_held_does_not_give_way_in_silence() {
    let there = |place: &str, range: &str| inventory(&[on_ground(held("orders", &[]), place, range)], &[place], &[]);
    let lock = after(&Lock::default(), &there("lan", "10.0.0.0/16"), &[]);
    assert_eq!(read(&lock.print()).unwrap(), lock);
    let undermined = |inventory: &Inventory, said: &[Said]| -> Vec<_> {
        let all = compare(&lock, &now(inventory, said)).undermined.into_iter();
        all.map(|undermined| (undermined.address, undermined.change)).collect()
    };
    let change = ("cidr_block".to_owned(), "10.0.0.0/16".to_owned(), "10.1.0.0/16".to_owned());
    let (office, wider) = (there("office", "10.0.0.0/16"), there("lan", "10.1.0.0/16"));
    assert_eq!(undermined(&there("lan", "10.0.0.0/16"), &[]), []);
    assert_eq!(undermined(&office, &[]), [("lan".to_owned(), None)]);
    assert_eq!(undermined(&wider, &[]), [("lan".to_owned(), Some(change))]);
    // Something is said of the ground, or of what stands on it.
    for about in ["lan", "orders"] {
        let destroy = [said(SaidWhat::Destroy { address: address(about), because: "over".to_owned() })];
        assert_eq!(undermined(&office, &destroy), []);
        assert_eq!(undermined(&wider, &destroy), []);
    }
    assert!(knows(&lock, Some("prod"), &address("lan")) && !knows(&lock, Some("prod"), &address("office")));
}
