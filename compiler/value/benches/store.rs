//! Building the values of a large environment: `cargo bench -p value`. One resource has 16 values and 3 references.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use source::Name;
use value::{Address, Step, Store, Value, ValueId};

/// A store with about this many values; resources differ in name, address and number and share the rest, as they do in life.
fn build(values: usize) -> (Store, Vec<ValueId>) {
    let names: Vec<Name> = (0..16).map(|nth| Name::new(&format!("field_{nth:02}"))).collect();
    let (id, tags) = (Name::new("id"), Name::new("tags"));
    let mut store = Store::default();
    let mut resources = Vec::new();
    let mut nth = 0i64;
    while store.len() < values {
        let of = store.address(Address { parent: None, name: Name::new("vm"), key: Some(Name::new(&nth.to_string())) });
        let mut fields = Vec::with_capacity(16);
        for (at, name) in names.iter().enumerate() {
            let value = match at {
                0..3 => store.add(Value::Ref { of, path: [Step::Field(*name)].into(), folded: None, secret: false }),
                3..8 => store.add(Value::Int(nth * 16 + at as i64)),
                8..12 => store.text(format!("shop-prod-front-{nth}-{at}")),
                12 => store.add(Value::Size(4 << 30)),
                13 => store.add(Value::Bool(true)),
                _ => store.add(Value::Duration(nth)),
            };
            fields.push((*name, value));
        }
        let list: Vec<ValueId> = fields.iter().take(3).map(|field| field.1).collect();
        fields.push((id, store.list(list)));
        let (key, value) = (store.text("Name"), store.text(format!("front-{nth}")));
        fields.push((tags, store.map(vec![(key, value)])));
        resources.push(store.record(fields));
        nth += 1;
    }
    (store, resources)
}

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("store");
    group.sample_size(10);
    group.bench_function("build 100,000 values", |bencher| bencher.iter(|| black_box(build(100_000))));
    group.bench_function("build 1,000,000 values", |bencher| bencher.iter(|| black_box(build(1_000_000))));
    let (store, resources) = build(1_000_000);
    group.bench_function("list all references of 1,000,000 values", |bencher| {
        bencher.iter(|| resources.iter().map(|resource| store.references(black_box(*resource)).len()).sum::<usize>());
    });
    group.finish();
}

criterion_group!(store, benches);
criterion_main!(store);
