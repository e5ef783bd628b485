//! Schemas of ours, said in lines.

use schema::pack::pack_own;
use schema::{FieldType, Maker, Role, Schema};

const TEXT: &str = "\
# Plays over many hosts.
target plays 1

kind host
  name     string required
  groups   list string
  state    one of present absent
  address  string computed
  login    list record required
    user     string required
    password string sensitive
  port     int

kind group
  name string required
";

#[test]
fn what_the_lines_say_is_what_is_read() {
    let packed = pack_own("plays", TEXT).unwrap();
    let schema = Schema::open(packed.bytes).unwrap();
    let maker = Maker { target: "plays".to_owned(), source: String::new(), version: "1".to_owned() };
    assert_eq!((schema.maker(), schema.kinds().count()), (maker, 2));
    let row = schema.kind("host", Role::Resource).unwrap().row();
    let member = |name: &str| schema.member(row, name).unwrap();
    assert!(member("name").required && !member("name").optional && member("groups").optional);
    assert!(member("address").computed && !member("address").optional);
    let FieldType::Enum(values) = member("state").ty else { panic!("{:?}", member("state").ty) };
    assert_eq!(schema.values(values).collect::<Vec<_>>(), ["present", "absent"]);
    let FieldType::List(of) = member("login").ty else { panic!("{:?}", member("login").ty) };
    let FieldType::Record(login) = schema.ty(of) else { panic!("{:?}", schema.ty(of)) };
    assert!(schema.member(login, "password").unwrap().sensitive);
    // What follows a record stands beside it again.
    assert_eq!(member("port").ty, FieldType::Int);
}

#[test]
fn a_line_that_says_nothing_known_is_refused_with_its_number() {
    let refused = |text: &str| pack_own("plays", text).unwrap_err().to_string();
    let cases = [
        ("", "cannot pack `plays`: it says nothing"),
        ("kind host\n", "cannot pack `plays:1`: it begins with `target NAME VERSION`"),
        ("target plays 1\nhost\n", "cannot pack `plays:2`: a kind is `kind NAME`, and its fields are indented"),
        ("target plays 1\nkind host\n  name text\n", "cannot pack `plays:3`: there is no type `text`"),
        (
            "target plays 1\nkind host\n  name string once\n",
            "cannot pack `plays:3`: its type is a word, `list TYPE`, `map TYPE`, `record` or `one of A B`",
        ),
        (
            "target plays 1\nkind host\n  name string required once\n",
            "cannot pack `plays:3`: `once` is none of `required`, `computed`, `sensitive` and `admits_secret`",
        ),
        (
            "target plays 1\nkind host\n  name string\n    first string\n",
            "cannot pack `plays:4`: nothing stands above it that has fields",
        ),
        ("target plays 1\nkind host\nkind host\n", "cannot pack `host`: it is there twice"),
    ];
    for (text, said) in cases {
        assert_eq!(refused(text), said, "{text}");
    }
}
