//! The examples of the built-ins, evaluated. A small reader stands in for grammar and checker: it knows literals, lists, records,
//! calls, methods, loops and the operators that examples use, and takes the first built-in of a name that accepts the values.

use value::{Arithmetic, ScalarKind, Store, Value, ValueId};

use super::{BuiltIn, all, named};

#[test]
fn every_example_is_true() {
    let mut wrong = Vec::new();
    for built_in in all() {
        assert!(built_in.examples.len() >= 2, "{} needs two examples", built_in.name);
        for (expression, expected) in built_in.examples {
            let mut store = Store::default();
            match evaluate(&mut store, expression) {
                Ok(found) if store.show(found) == *expected => {}
                Ok(found) => wrong.push(format!("{expression}\n  gives    {}\n  expected {expected}", store.show(found))),
                Err(why) => wrong.push(format!("{expression}\n  {why}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_built_in_is_documented_and_sorted() {
    let all = all();
    assert!(all.windows(2).all(|pair| pair[0].name <= pair[1].name));
    for built_in in all {
        assert!(built_in.docs.ends_with('.'), "{}: {}", built_in.name, built_in.docs);
        assert!(built_in.signature.starts_with('(') && built_in.signature.contains(") -> "), "{}", built_in.signature);
        assert!(named(built_in.name).iter().any(|other| other.signature == built_in.signature));
        let twins = all.iter().filter(|other| other.name == built_in.name && other.signature == built_in.signature);
        assert_eq!(twins.count(), 1, "{}{}", built_in.name, built_in.signature);
        // An example calls what it is an example of.
        assert!(built_in.examples.iter().all(|(expression, _)| expression.contains(built_in.name)), "{}", built_in.name);
    }
}

#[test]
fn what_is_wrong_says_what_to_do() {
    for (expression, message) in [
        ("(10GB).in(1GiB)", "`10GB` is not a whole number of this unit"),
        ("(90s).minutes", "`90s` is not a whole number of this unit"),
        ("(1ns).prometheus", "Prometheus has no form for `1ns`"),
        ("(10.0.0.0/16).subnet(17, 0)", "`10.0.0.0/16` cannot be divided by 17 more bits"),
        ("(10.0.0.0/16).subnet(2, 4)", "`10.0.0.0/16` divided by 2 more bits has no part 4"),
        ("(10.0.0.0/24).host(256)", "`10.0.0.0/24` has no address at 256"),
        ("(255.255.255.255).next", "there is no address 1 steps from `255.255.255.255`"),
        ("cidr(\"::/0\").size", "`::/0` has more addresses than fit an int"),
        ("tcp(0)", "0 is not a port"),
        ("tcp(65536)", "65536 is not a port"),
        ("(1).div(0)", "`1` is divided by zero"),
        ("(1.5).text(1000)", "a number has no 1000 places"),
        ("zip([1], [])", "these lists have 1 and 0 elements"),
        ("\"a\".replace(\"\", \"b\")", "an empty text cannot be replaced"),
        ("\"a\".pad_left(3, \"\")", "a text is filled up with one character"),
        ("int(1.5)", "`1.5` is not a whole number"),
        ("int(\"x\")", "`x` is not an int"),
        ("ip(\"10.0.0\")", "`10.0.0` is not an ip"),
        ("promql(\"up{\")", "`up{` is not a promql: `}` is missing"),
        ("max([1GiB, 1h])", "`1h` and `1GiB` have no order"),
        ("sum([9223372036854775807, 1])", "this sum does not fit 64 bits"),
        ("json({ a = 1GiB })", "JSON has no form of its own for `1GiB`"),
        ("text(1GiB)", "a size has several forms as a text: `1GiB`"),
        ("(2027-03-31).plus(1h)", "`2027-03-31 + 1h` is not a whole day"),
    ] {
        let mut store = Store::default();
        let Err(why) = evaluate(&mut store, expression) else { panic!("{expression} is taken") };
        assert!(why.starts_with(message), "{expression}: {why}");
    }
}

#[test]
fn the_last_subnet_of_the_whole_internet_is_found() {
    let mut store = Store::default();
    let subnet = evaluate(&mut store, "cidr(\"::/0\").subnet(128, 5)").unwrap();
    assert_eq!(store.show(subnet), "::5/128");
    let subnet = evaluate(&mut store, "cidr(\"0.0.0.0/0\").subnet(32, 4294967295)").unwrap();
    assert_eq!(store.show(subnet), "255.255.255.255/32");
}

fn evaluate(store: &mut Store, expression: &str) -> Result<ValueId, String> {
    let mut reader = Reader { store, rest: expression, names: Vec::new() };
    let value = reader.expression()?;
    if reader.rest.trim().is_empty() { Ok(value) } else { Err(format!("left over: {}", reader.rest)) }
}

struct Reader<'a> {
    store: &'a mut Store,
    rest: &'a str,
    names: Vec<(&'a str, ValueId)>,
}

impl<'a> Reader<'a> {
    fn eat(&mut self, text: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
    fn need(&mut self, text: &str) -> Result<(), String> {
        if self.eat(text) { Ok(()) } else { Err(format!("`{text}` is missing before {}", self.rest)) }
    }
    fn token(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        self.rest = self.rest.trim_start();
        let end = self.rest.char_indices().find(|(at, letter)| !fits(*letter) || self.rest[*at..].starts_with("..")).map_or(self.rest.len(), |(at, _)| at);
        let (token, rest) = self.rest.split_at(end);
        self.rest = rest;
        token
    }
    fn word(&mut self) -> &'a str {
        self.token(|letter| letter.is_alphanumeric() || letter == '_')
    }

    fn expression(&mut self) -> Result<ValueId, String> {
        let mut left = self.operand()?;
        let operators = [
            ("..", None),
            (">", None),
            ("+", Some(Arithmetic::Add)),
            ("-", Some(Arithmetic::Subtract)),
            ("*", Some(Arithmetic::Multiply)),
            ("/", Some(Arithmetic::Divide)),
            ("mod ", Some(Arithmetic::Modulo)),
        ];
        while let Some((text, arithmetic)) = operators.into_iter().find(|(text, _)| self.eat(text)) {
            let right = self.operand()?;
            left = match arithmetic {
                Some(operator) => value::calculate(self.store, operator, left, right),
                None if text == ".." => value::range(self.store, left, right),
                None => value::compare(self.store, left, right).map(|order| self.store.add(Value::Bool(order.is_gt()))),
            }
            .map_err(|fault| fault.message)?;
        }
        Ok(left)
    }

    fn operand(&mut self) -> Result<ValueId, String> {
        let mut value = self.primary()?;
        while !self.rest.trim_start().starts_with("..") && self.eat(".") {
            let name = self.word();
            let mut args = vec![(None, value)];
            if self.eat("(") {
                self.arguments(&mut args)?;
            } else if let Some(field) = self.store.field(value, source::Name::new(name)) {
                value = field;
                continue;
            }
            value = self.call(name, true, args)?;
        }
        Ok(value)
    }

    fn primary(&mut self) -> Result<ValueId, String> {
        if self.eat("(") {
            let value = self.expression()?;
            self.need(")")?;
            return Ok(value);
        }
        if self.eat("[") {
            return self.list();
        }
        if self.eat("{") {
            let mut fields = Vec::new();
            while !self.eat("}") {
                let name = source::Name::new(self.word());
                self.need("=")?;
                fields.push((name, self.expression()?));
                let _ = self.eat(",");
            }
            return Ok(self.store.record(fields));
        }
        if self.eat("\"") {
            let end = self.rest.find('"').ok_or("the text is not closed")?;
            let text = self.rest[..end].replace("\\n", "\n");
            self.rest = &self.rest[end + 1..];
            return Ok(self.store.text(text));
        }
        if self.eat("-") {
            let operand = self.primary()?;
            return value::negate(self.store, operand).map_err(|fault| fault.message);
        }
        if self.rest.trim_start().starts_with(|letter: char| letter.is_ascii_digit()) {
            let token = self.token(|letter| letter.is_alphanumeric() || "._/%-".contains(letter));
            let kinds = [ScalarKind::Number, ScalarKind::Measure, ScalarKind::Ratio, ScalarKind::Date, ScalarKind::Ip, ScalarKind::Cidr, ScalarKind::Port];
            let value = kinds.into_iter().find_map(|kind| value::parse_scalar(kind, token).ok()).ok_or(format!("{token} is no literal"))?;
            return Ok(self.store.add(value));
        }
        let name = self.word();
        if self.eat("(") {
            let mut args = Vec::new();
            self.arguments(&mut args)?;
            return self.call(name, false, args);
        }
        match name {
            "none" => Ok(Store::ABSENT),
            "true" | "false" => Ok(self.store.add(Value::Bool(name == "true"))),
            _ => self.names.iter().rev().find(|known| known.0 == name).map(|known| known.1).ok_or(format!("there is no `{name}`")),
        }
    }

    fn list(&mut self) -> Result<ValueId, String> {
        let mut elements = Vec::new();
        if self.eat("for ") {
            let mut names = vec![self.word()];
            if self.eat(",") {
                names.push(self.word());
            }
            self.need("in ")?;
            let collection = self.expression()?;
            let rows: Vec<Vec<ValueId>> = match self.store.get(collection).clone() {
                Value::List(elements) => elements.iter().map(|element| vec![*element]).collect(),
                Value::Record(fields) => fields.iter().map(|(name, value)| vec![self.store.text(name.text()), *value]).collect(),
                _ => return Err("not a collection".to_owned()),
            };
            let body = self.rest;
            for row in rows {
                self.rest = body;
                self.names.extend(names.iter().copied().zip(row));
                let key = if self.eat("by ") { Some(self.expression()?) } else { None };
                self.need(":")?;
                let element = self.expression()?;
                self.names.truncate(self.names.len() - names.len());
                elements.push(match key {
                    Some(key) => self.store.add(Value::Tagged { tag: source::Name::new("by"), fields: [key, element].into() }),
                    None => element,
                });
            }
            self.need("]")?;
        } else {
            while !self.eat("]") {
                elements.push(self.expression()?);
                let _ = self.eat(",");
            }
        }
        Ok(self.store.list(elements))
    }

    fn arguments(&mut self, args: &mut Vec<(Option<&'a str>, ValueId)>) -> Result<(), String> {
        while !self.eat(")") {
            let before = self.rest;
            let name = self.word();
            if !name.is_empty() && self.eat("=") {
                args.push((Some(name), self.expression()?));
            } else {
                self.rest = before;
                args.push((None, self.expression()?));
            }
            let _ = self.eat(",");
        }
        Ok(())
    }

    fn call(&mut self, name: &str, method: bool, args: Vec<(Option<&str>, ValueId)>) -> Result<ValueId, String> {
        let mut last = format!("there is no `{name}`");
        for built_in in named(name).iter().filter(|built_in| built_in.is_method() == method) {
            let Some(args) = in_order(built_in, &args) else { continue };
            match (built_in.evaluate)(self.store, &args) {
                Ok(value) => return Ok(value),
                Err(fault) if fault.code == "internal" => last = fault.message,
                Err(fault) => return Err(fault.message),
            }
        }
        Err(last)
    }
}

/// The arguments in the order of the parameters, when all required ones are there and no other.
fn in_order(built_in: &BuiltIn, args: &[(Option<&str>, ValueId)]) -> Option<Vec<ValueId>> {
    let (parameters, _) = built_in.signature.trim_start_matches('(').rsplit_once(") -> ")?;
    // Commas inside of `{ a: A, b: B }` and `[by K: T]` belong to no example's parameters.
    let parameters: Vec<(&str, bool)> = parameters.split(", ").filter_map(|part| Some((part.split_once(':')?.0, part.contains(" = ")))).collect();
    let mut ordered = Vec::new();
    for (at, (name, optional)) in parameters.iter().enumerate() {
        let given = args.iter().enumerate().find(|(place, (given, _))| given.map_or(*place == at, |given| given == *name));
        match given {
            Some((_, (_, value))) => ordered.push(*value),
            None if *optional => break,
            None => return None,
        }
    }
    (ordered.len() == args.len()).then_some(ordered)
}
