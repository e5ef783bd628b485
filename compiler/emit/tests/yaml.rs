//! What was written is read back as it was, by a reader that is not ours; tests/emit/yaml_readers.sh asks PyYAML and Go as well.

mod tricky;

#[test]
fn tricky_texts_are_read_back() {
    let read: serde_json::Value = serde_saphyr::from_str(&tricky::document()).unwrap();
    let expected = tricky::expected();
    for (key, wanted) in expected.as_object().unwrap() {
        assert_eq!(&read[key], wanted, "{key}");
    }
}

#[test]
fn ordinary_texts_stand_plain() {
    let plain = [
        "api",
        "registry.example.com/shop/api:1.4.2",
        "/healthz",
        "apps/v1",
        "512Mi",
        "RuntimeDefault",
        "app.kubernetes.io/name",
    ];
    for text in plain {
        let document = emit::writer::write_yaml(
            "x".to_owned(),
            &[emit::writer::Node::map([("a", emit::writer::Node::text(text))])],
            false,
        );
        assert_eq!(document.text, format!("a: {text}\n"));
    }
}
