//! A provider's schemas survive packing, and what is alike is stored once.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use schema::pack::terraform::{
    Attribute, AttributeType, Block, BlockNesting, KindSchema, NestedBlock, ObjectNesting, ProviderSchema,
};
use schema::pack::{Overlay, Packed, pack_terraform};
use schema::{FieldType, Maker, Nesting, Role, Row, Schema};

fn attribute(name: &str, ty: &str) -> Attribute {
    Attribute {
        name: name.to_owned(),
        ty: AttributeType::Constraint(ty.as_bytes().to_vec()),
        required: false,
        optional: true,
        computed: false,
        sensitive: false,
        write_only: false,
        deprecated: false,
    }
}

fn nested(name: &str, nesting: BlockNesting, max: u64) -> NestedBlock {
    let block = Block { attributes: vec![attribute("size", "\"number\"")], ..Block::default() };
    NestedBlock { name: name.to_owned(), nesting, min: 0, max, block }
}

fn pack(resources: Vec<(&str, Block)>) -> Packed {
    let kind = |block| KindSchema { version: 0, block };
    let resources: BTreeMap<_, _> = resources.into_iter().map(|(name, block)| (name.to_owned(), kind(block))).collect();
    let schema = ProviderSchema { resources, ..ProviderSchema::default() };
    pack_terraform("example/cloud", "1.2.3", &schema, &Overlay::default()).unwrap()
}

fn disk(block: Block) -> (Schema, Row) {
    let schema = Schema::open(pack(vec![("cloud_disk", block)]).bytes).unwrap();
    let row = schema.kind("cloud_disk", Role::Resource).unwrap().row();
    (schema, row)
}

#[test]
fn flags_types_and_limits_come_back() {
    let mut block = Block { deprecated: true, ..Block::default() };
    block.attributes = vec![
        Attribute { required: true, optional: false, ..attribute("name", "\"string\"") },
        Attribute { computed: true, sensitive: true, ..attribute("key", "\"string\"") },
        Attribute { write_only: true, deprecated: true, ..attribute("password", "\"string\"") },
        attribute("labels", r#"["map", "string"]"#),
        attribute("rules", r#"["set", ["object", {"from": "number", "to": "number"}, ["to"]]]"#),
        attribute("anything", "\"dynamic\""),
    ];
    block.blocks = vec![NestedBlock { min: 2, ..nested("part", BlockNesting::List, 40) }];
    let (schema, row) = disk(block);
    assert_eq!(
        schema.maker(),
        Maker { target: "terraform".to_owned(), source: "example/cloud".to_owned(), version: "1.2.3".to_owned() }
    );
    assert!(schema.kind("cloud_disk", Role::Resource).unwrap().deprecated());
    assert!(schema.kind("cloud", Role::Provider).is_some());
    let member = |name: &str| schema.member(row, name).unwrap();
    let names: Vec<&str> = schema.members(row).map(|member| member.name).collect();
    assert_eq!(names, ["anything", "key", "labels", "name", "part", "password", "rules"]);
    assert!(member("name").required && !member("name").optional);
    assert!(member("key").computed && member("key").sensitive && member("key").optional);
    assert!(member("password").write_only && member("password").deprecated);
    assert_eq!(member("anything").ty, FieldType::Any);
    let part = member("part");
    assert_eq!((part.min, part.max, part.required, part.nesting), (2, 40, true, Nesting::List));
    let FieldType::Set(of) = member("rules").ty else { panic!("a set") };
    let FieldType::Record(rule) = schema.ty(of) else { panic!("a record") };
    let stands =
        |name: &str| schema.member(rule, name).map(|member| (member.required, member.optional, member.nullable));
    assert_eq!(stands("from"), Some((false, true, true)));
    assert_eq!(stands("to"), Some((false, true, false)));
}

#[test]
fn blocks_nest_as_users_write_them() {
    let block = Block {
        blocks: vec![
            nested("single", BlockNesting::Single, 0),
            nested("group", BlockNesting::Group, 0),
            nested("one_of_list", BlockNesting::List, 1),
            nested("one_of_set", BlockNesting::Set, 1),
            nested("list", BlockNesting::List, 0),
            nested("set", BlockNesting::Set, 5),
            nested("map", BlockNesting::Map, 0),
        ],
        ..Block::default()
    };
    let (schema, row) = disk(block);
    let shape = |name: &str| {
        let member = schema.member(row, name).unwrap();
        assert!(member.block);
        let shape = match member.ty {
            FieldType::Record(_) => "record",
            FieldType::List(_) => "list",
            FieldType::Set(_) => "set",
            FieldType::Map(_) => "map",
            _ => "",
        };
        (shape, member.nesting, member.max)
    };
    assert_eq!(shape("single"), ("record", Nesting::Single, 1));
    assert_eq!(shape("group"), ("record", Nesting::Single, 1));
    assert_eq!(shape("one_of_list"), ("record", Nesting::List, 1));
    assert_eq!(shape("one_of_set"), ("record", Nesting::Set, 1));
    assert_eq!(shape("list"), ("list", Nesting::List, 0));
    assert_eq!(shape("set"), ("set", Nesting::Set, 5));
    assert_eq!(shape("map"), ("map", Nesting::Map, 0));
}

#[test]
fn attributes_of_protocol_6_may_hold_attributes() {
    let object = AttributeType::Object {
        nesting: ObjectNesting::List,
        attributes: vec![Attribute { required: true, optional: false, ..attribute("port", "\"number\"") }],
    };
    let block = Block { attributes: vec![Attribute { ty: object, ..attribute("listeners", "") }], ..Block::default() };
    let (schema, row) = disk(block);
    let listeners = schema.member(row, "listeners").unwrap();
    assert!(!listeners.block);
    let FieldType::List(of) = listeners.ty else { panic!("a list") };
    let FieldType::Record(row) = schema.ty(of) else { panic!("a record") };
    assert!(schema.member(row, "port").unwrap().required);
}

#[test]
fn what_is_alike_is_stored_once() {
    let block = || Block { blocks: vec![nested("disk", BlockNesting::Set, 0)], ..Block::default() };
    let one = pack(vec![("cloud_a", block())]);
    let two = pack(vec![("cloud_a", block()), ("cloud_b", block())]);
    assert_eq!((one.rows, one.members), (two.rows, two.members));
    // One name more and one kind of three words.
    assert!(two.bytes.len() <= one.bytes.len() + 12 + 4 + 8);
}

#[test]
fn a_type_that_cannot_be_read_is_told_with_its_place() {
    let block = Block { attributes: vec![attribute("size", "\"float\"")], ..Block::default() };
    let resources = BTreeMap::from([("cloud_disk".to_owned(), KindSchema { version: 0, block })]);
    let schema = ProviderSchema { resources, ..ProviderSchema::default() };
    let error = pack_terraform("example/cloud", "1.2.3", &schema, &Overlay::default()).unwrap_err();
    assert_eq!(error.to_string(), "cannot pack `cloud_disk`: the type of its attribute `size` cannot be read");
}
