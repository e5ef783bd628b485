//! A map that is written where any map may stand.

use crate::from_text::graph;

#[test]
fn a_map_in_a_call_has_the_types_of_what_is_in_it() {
    let graph = graph(
        r#"
project shop { edition = 1 }
environment test { tier = test, on = [] }
output a = (values({ a = 1h }).get(0) ?? 2h) * 2
output b = (first(keys({ a = 1h })) ?? "x").length
output c = (values({ for x in ["a"]: x => 1h }).get(0) ?? 2h) * 2
output d = values({ a { x = 1 } })[0].x + 1
output e = keys({ a = 1, ...{ b = 2 } })
"#,
    );
    let shown: Vec<String> = graph.outputs.iter().map(|output| graph.store.show(output.value)).collect();
    assert_eq!(shown, ["2h", "1", "2h", "2", r#"["a", "b"]"#]);
}
