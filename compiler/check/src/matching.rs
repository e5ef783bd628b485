//! `match`: environments, cases, kinds, platforms and literals; all must be covered.

use rustc_hash::FxHashSet;
use syntax::{Kind as Node, NodeId};
use value::Value;

use crate::checker::{Checker, Cx};
use crate::code::{BinaryOperator, Code, CodeKind, Pattern, Scalar};
use crate::patterns::{Subject, literals};
use crate::types::{Shape, Stage, Ty};

impl Checker<'_> {
    pub(crate) fn match_expression(&mut self, cx: &mut Cx, node: NodeId, expected: Option<&Ty>) -> (Code, Ty) {
        let tree = cx.tree.clone();
        let place = cx.place(self, node);
        let Some(subject_node) = tree.children(node).next() else { return self.broken_expression(cx, node) };
        let (subject, subject_ty) = self.infer(cx, subject_node, None);
        if subject_ty.stage != Stage::Known && !subject_ty.is_reference() {
            let at = cx.place(self, subject_node);
            let told = self.error(
                "known_later",
                at,
                "what is matched must be known; this is known only after apply",
                "use `if … then … else …` on a later condition",
            );
            return self.unknown(place, told);
        }
        let mut branches = Vec::new();
        let mut patterns_of = Vec::new();
        let mut covered: FxHashSet<String> = FxHashSet::default();
        let matched = Subject::of(&subject_ty, tree.text(subject_node).to_owned());
        let mut any = false;
        let mut all_covered = false;
        for arm in tree.all(node, Node::Arm) {
            let mark = cx.locals.len();
            let narrowed = cx.narrowed.len();
            let mut patterns = Vec::new();
            if all_covered {
                let at = cx.place(self, arm);
                self.error(
                    "unreachable_arm",
                    at,
                    "an arm above covers all that is left",
                    "put `_` last: the first arm that fits is taken",
                );
            }
            for pattern in tree.all(arm, Node::Pattern) {
                let (pattern, covers) = self.pattern(cx, pattern, &matched);
                match covers {
                    Some(covers) => {
                        if covered.contains(&covers) {
                            let at = cx.place(self, arm);
                            self.error(
                                "unreachable_arm",
                                at,
                                format!("`{covers}` has an arm already"),
                                "the first arm is taken; remove one of the two",
                            );
                        }
                        any |= pattern.is_none();
                        covered.insert(covers);
                    }
                    // What a broken pattern covers is not known.
                    None => any |= matches!(pattern, None | Some(Pattern::Any)),
                }
                all_covered |= matches!(pattern, Some(Pattern::Any));
                patterns.extend(pattern);
            }
            let Some(body) = tree.children(arm).last().filter(|body| tree.kind(*body) != Node::Pattern) else {
                continue;
            };
            let branch = self.infer(cx, body, expected);
            cx.unbind(mark);
            cx.narrowed.truncate(narrowed);
            branches.push(branch);
            patterns_of.push(patterns);
        }
        if !any && !subject_ty.is_unknown() {
            self.exhaustive(&subject_ty, &covered, place);
        }
        if branches.is_empty() {
            return self.broken_expression(cx, node);
        }
        self.join_branches(cx, place, branches, expected, Stage::Known, &mut |codes| {
            let arms = patterns_of.drain(..).zip(codes).collect();
            Some(CodeKind::Match { subject: subject.clone(), arms })
        })
    }

    /// An operator on two values that are both evaluated.
    #[expect(
        clippy::too_many_lines,
        reason = "one body read member by member; it falls apart when `check` answers declaration by declaration"
    )]
    pub(crate) fn operator(
        &mut self,
        place: source::Place,
        operator: &str,
        left: (Code, Ty),
        right: (Code, Ty),
        cx: &mut Cx,
    ) -> (Code, Ty) {
        let ((left_code, left_ty), (right_code, right_ty)) = (left, right);
        for ty in [&left_ty, &right_ty] {
            if let Shape::Unknown(told) = *ty.shape {
                return self.unknown(place, told);
            }
        }
        let stage = left_ty.deep_stage().max(right_ty.deep_stage());
        let build = |operator: BinaryOperator, left: Code, right: Code| {
            Code::new(place, CodeKind::Binary { operator, left, right })
        };
        let mismatch = |checker: &mut Self, help: &str| {
            let (left, right) = checker.show_apart(&left_ty, &right_ty);
            let told = checker.error(
                "type_mismatch",
                place,
                format!("`{operator}` does not work on {left} and {right}"),
                help,
            );
            checker.unknown(place, told)
        };
        let comparison = match operator {
            "==" => Some(BinaryOperator::Equal),
            "!=" => Some(BinaryOperator::NotEqual),
            "<" => Some(BinaryOperator::Less),
            "<=" => Some(BinaryOperator::LessOrEqual),
            ">" => Some(BinaryOperator::Greater),
            ">=" => Some(BinaryOperator::GreaterOrEqual),
            "in" => Some(BinaryOperator::In),
            _ => None,
        };
        if let Some(comparison) = comparison {
            let equality = matches!(comparison, BinaryOperator::Equal | BinaryOperator::NotEqual);
            // Whether a value is there, and whether a collection is empty, is known though its content is not.
            let about_presence =
                equality && (matches!(*left_ty.shape, Shape::None) || matches!(*right_ty.shape, Shape::None));
            let about_emptiness = equality && (is_empty_literal(&left_ty) || is_empty_literal(&right_ty));
            // Which keys there are is known though what stands behind them is not.
            let keys = match &*right_ty.shape {
                Shape::Map { key, .. } => Some(key.deep_stage()),
                Shape::Record(_) => Some(Stage::Known),
                _ => None,
            };
            let stage = match (about_presence, about_emptiness, keys) {
                (true, ..) => Stage::Known,
                (false, true, _) => left_ty.stage.max(right_ty.stage),
                (false, false, Some(keys)) if comparison == BinaryOperator::In => {
                    left_ty.deep_stage().max(right_ty.stage).max(keys)
                }
                (false, false, _) => stage,
            };
            if stage == Stage::Secret {
                let told = self.error(
                    "secret_exposed",
                    place,
                    "comparing a secret would show it",
                    "decide on something that is no secret",
                );
                return self.unknown(place, told);
            }
            if equality {
                let comparable = matches!(*left_ty.shape, Shape::None)
                    || matches!(*right_ty.shape, Shape::None)
                    || self.comparable(&left_ty, &right_ty);
                if let Some(told) = self.never_equal((&left_code, &left_ty), (&right_code, &right_ty)) {
                    return self.unknown(place, told);
                }
                if !comparable {
                    if let Some(help) =
                        self.environment_as_text((&left_code, &left_ty), (&right_code, &right_ty), operator)
                    {
                        return mismatch(self, &help);
                    }
                    return mismatch(self, "compare two values of one type");
                }
                return (build(comparison, left_code, right_code), Ty::bool().at(stage));
            }
            if stage != Stage::Known {
                let what = if comparison == BinaryOperator::In { "`in`" } else { "comparing" };
                let told = self.error(
                    "known_later",
                    place,
                    format!("{what} needs values that are known"),
                    "decide on what the program says itself",
                );
                return self.unknown(place, told);
            }
            let fine = match comparison {
                BinaryOperator::In => match &*right_ty.shape {
                    Shape::List(of) => {
                        self.may_be_element(&left_ty, of)
                            || matches!(&*left_ty.shape, Shape::List(each) if self.may_be_element(each, of))
                    }
                    Shape::Map { key, .. } => self.comparable(&left_ty, key),
                    Shape::Range(of) => self.comparable(&left_ty, of),
                    Shape::Record(_) => true,
                    _ => matches!(
                        (left_ty.as_scalar(), right_ty.as_scalar()),
                        (Some(Scalar::Ip | Scalar::Cidr), Some(Scalar::Cidr))
                            | (Some(Scalar::String), Some(Scalar::String))
                    ),
                },
                _ => match (left_ty.as_scalar(), right_ty.as_scalar()) {
                    (Some(left), Some(right)) => {
                        left == right && left != Scalar::Bool
                            || matches!((left, right), (Scalar::Int, Scalar::Decimal) | (Scalar::Decimal, Scalar::Int))
                    }
                    _ => false,
                },
            };
            if !fine {
                let of_ranges = matches!(&*right_ty.shape, Shape::List(of) if of.as_scalar() == Some(Scalar::Cidr));
                return mismatch(
                    self,
                    match comparison {
                        BinaryOperator::In if of_ranges && left_ty.as_scalar() == Some(Scalar::Ip) => {
                            "no range is an address; ask each of them: `any([for range in ranges: address in range])`"
                        }
                        BinaryOperator::In => "`in` takes a list, the keys of a map, a range, or an ip in a cidr",
                        _ => "only values of one unit have an order",
                    },
                );
            }
            return (build(comparison, left_code, right_code), Ty::bool());
        }
        if left_ty.optional || right_ty.optional {
            let at = if left_ty.optional { left_code.place } else { right_code.place };
            let told = self.error(
                "may_be_absent",
                at,
                "this may be absent",
                "say what then with `?? …`, or look first with `if x != none`",
            );
            return self.unknown(place, told);
        }
        if operator == "++" {
            return self.concatenation(place, (left_code, left_ty), (right_code, right_ty), cx);
        }
        if stage != Stage::Known {
            let told = self.error(
                "known_later",
                place,
                "arithmetic needs values that are known; this is known only after apply",
                "compute with what the program says itself",
            );
            return self.unknown(place, told);
        }
        use Scalar::{Date, Decimal, Duration, Int, Ratio, Size, String};
        let (Some(left_scalar), Some(right_scalar)) = (left_ty.as_scalar(), right_ty.as_scalar()) else {
            return match (&*left_ty.shape, operator) {
                (Shape::List(_) | Shape::Map { .. } | Shape::Record(_), "+") => {
                    mismatch(self, "lists, maps and records are joined with `++`")
                }
                _ => mismatch(self, "arithmetic takes numbers, sizes, durations, ratios and dates"),
            };
        };
        if operator == "+" && left_scalar.is_text() && right_scalar.is_text() {
            return mismatch(self, "texts are joined with `++` or written in one: `\"${a}${b}\"`");
        }
        let (operation, result) = match (operator, left_scalar, right_scalar) {
            ("+" | "-", Int, Int) => {
                (if operator == "+" { BinaryOperator::Add } else { BinaryOperator::Subtract }, Int)
            }
            ("+" | "-", Int | Decimal, Int | Decimal) => {
                (if operator == "+" { BinaryOperator::Add } else { BinaryOperator::Subtract }, Decimal)
            }
            ("+" | "-", Int | Decimal, Ratio) => {
                (if operator == "+" { BinaryOperator::Add } else { BinaryOperator::Subtract }, Decimal)
            }
            ("+" | "-", Ratio, Ratio) => {
                (if operator == "+" { BinaryOperator::Add } else { BinaryOperator::Subtract }, Ratio)
            }
            ("+" | "-", Size, Size) => {
                (if operator == "+" { BinaryOperator::Add } else { BinaryOperator::Subtract }, Size)
            }
            ("+" | "-", Duration, Duration) => {
                (if operator == "+" { BinaryOperator::Add } else { BinaryOperator::Subtract }, Duration)
            }
            ("+" | "-", Date, Duration) => {
                (if operator == "+" { BinaryOperator::Add } else { BinaryOperator::Subtract }, Date)
            }
            ("-", Date, Date) => (BinaryOperator::Subtract, Duration),
            ("*", Int, Int) => (BinaryOperator::Multiply, Int),
            ("*", Int | Decimal, Int | Decimal) => (BinaryOperator::Multiply, Decimal),
            ("*", Ratio, Int | Decimal | Ratio) | ("*", Int | Decimal, Ratio) => (BinaryOperator::Multiply, Decimal),
            ("*", Size, Int | Decimal | Ratio) | ("*", Int | Decimal | Ratio, Size) => (BinaryOperator::Multiply, Size),
            ("*", Duration, Int | Decimal | Ratio) | ("*", Int | Decimal | Ratio, Duration) => {
                (BinaryOperator::Multiply, Duration)
            }
            ("/", Int | Decimal | Ratio, Int | Decimal | Ratio) | ("/", Size, Size) | ("/", Duration, Duration) => {
                (BinaryOperator::Divide, Decimal)
            }
            ("/", Size, Int | Decimal | Ratio) => (BinaryOperator::Divide, Size),
            ("/", Duration, Int | Decimal | Ratio) => (BinaryOperator::Divide, Duration),
            ("div", Int, Int) | ("div", Size, Size) | ("div", Duration, Duration) => {
                (BinaryOperator::IntegerDivide, Int)
            }
            ("mod", Int, Int) => (BinaryOperator::Modulo, Int),
            ("mod", Size, Size) => (BinaryOperator::Modulo, Size),
            ("mod", Duration, Duration) => (BinaryOperator::Modulo, Duration),
            ("+", String, _) | ("+", _, String) => return mismatch(self, "texts are joined with `++`"),
            (_, String, _) | (_, _, String) => {
                return mismatch(self, "a text is no number: write the number without quotes, or `int(text)`");
            }
            _ => return mismatch(self, "the units do not go together"),
        };
        (build(operation, left_code, right_code), Ty::scalar(result))
    }

    /// `environment == "prod"`: how it is written.
    fn environment_as_text(&self, left: (&Code, &Ty), right: (&Code, &Ty), operator: &str) -> Option<String> {
        let text = match (&*left.1.shape, &*right.1.shape) {
            (Shape::Environment, _) => crate::fit::constant(right.0),
            (_, Shape::Environment) => crate::fit::constant(left.0),
            _ => None,
        };
        let Some(Value::Text(text)) = text else { return None };
        let names: Vec<&str> = self.loose.environments.iter().map(|environment| environment.0.text()).collect();
        let meant = names
            .iter()
            .copied()
            .find(|name| *name == text.as_ref())
            .or_else(|| source::did_you_mean(text, names.iter().copied()));
        Some(match meant {
            Some(meant) => format!("environments have no quotes: write `environment {operator} {meant}`"),
            None => format!("environments have no quotes, and there are {}", source::list_of(names)),
        })
    }

    fn concatenation(&mut self, place: source::Place, left: (Code, Ty), right: (Code, Ty), cx: &mut Cx) -> (Code, Ty) {
        let ((left_code, left_ty), (right_code, right_ty)) = (left, right);
        let _ = &cx;
        let kind = CodeKind::Binary {
            operator: BinaryOperator::Concatenate,
            left: left_code.clone(),
            right: right_code.clone(),
        };
        match (&*left_ty.shape, &*right_ty.shape) {
            (Shape::List(_), Shape::List(_))
            | (Shape::Map { .. }, Shape::Map { .. })
            | (Shape::Record(_), Shape::Record(_)) => {
                let ty = self.join(&left_ty, &right_ty);
                (Code::new(place, kind), ty)
            }
            (Shape::Map { .. }, Shape::Record(_)) => {
                let right = self.fit(right_code, &right_ty, &left_ty, place, cx);
                (
                    Code::new(
                        place,
                        CodeKind::Binary { operator: BinaryOperator::Concatenate, left: left_code, right },
                    ),
                    left_ty,
                )
            }
            (Shape::Record(_), Shape::Map { .. }) => {
                let left = self.fit(left_code, &left_ty, &right_ty, place, cx);
                (
                    Code::new(
                        place,
                        CodeKind::Binary { operator: BinaryOperator::Concatenate, left, right: right_code },
                    ),
                    right_ty,
                )
            }
            _ if left_ty.as_scalar().is_some_and(Scalar::is_text)
                && right_ty.as_scalar().is_some_and(Scalar::is_text) =>
            {
                // Texts that may be later are joined as a text is.
                let stage = left_ty.stage.max(right_ty.stage);
                (Code::new(place, CodeKind::Text(vec![left_code, right_code])), Ty::string().at(stage))
            }
            _ => {
                let (left, right) = (self.show(&left_ty), self.show(&right_ty));
                let told = self.error(
                    "type_mismatch",
                    place,
                    format!("`++` does not work on {left} and {right}"),
                    "it joins two texts, lists, maps or records",
                );
                self.unknown(place, told)
            }
        }
    }

    /// A text beside one of several words, none of which it is: `tier() == "production"`.
    fn never_equal(&mut self, left: (&Code, &Ty), right: (&Code, &Ty)) -> Option<source::Told> {
        for ((_, ty), (code, _)) in [(left, right), (right, left)] {
            let words = if matches!(&*ty.shape, Shape::Union(_)) { literals(ty) } else { Vec::new() };
            if let CodeKind::Const(Value::Text(text)) = code.kind.as_ref()
                && !words.is_empty()
                && !words.iter().any(|word| word.as_str() == text.as_ref())
            {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                return Some(self.unknown_name(
                    "type_mismatch",
                    code.place,
                    &format!("this is never `{text}`"),
                    text,
                    &words,
                    "it is one of",
                ));
            }
        }
        None
    }

    /// Whether a list of the one may have an element of the other.
    fn may_be_element(&mut self, element: &Ty, of: &Ty) -> bool {
        let is_of_one_sort = match (element.as_scalar(), of.as_scalar()) {
            (Some(element), Some(of)) => element == of,
            (None, None) => true,
            (Some(_), None) => !matches!(*of.shape, Shape::Instance { .. } | Shape::Endpoint),
            (None, Some(_)) => !matches!(*element.shape, Shape::Instance { .. } | Shape::Endpoint),
        };
        matches!(*of.shape, Shape::None)
            || matches!(*element.shape, Shape::None)
            || self.comparable(element, of)
            || is_of_one_sort && self.is_end(element) && self.is_end(of)
    }

    /// Whether two types have values that could be equal.
    fn comparable(&mut self, left: &Ty, right: &Ty) -> bool {
        if left.is_unknown()
            || right.is_unknown()
            || matches!(*left.shape, Shape::Json | Shape::Ends)
            || matches!(*right.shape, Shape::Json | Shape::Ends)
        {
            return true;
        }
        match (&*left.shape, &*right.shape) {
            (Shape::List(a), Shape::List(b)) | (Shape::Range(a), Shape::Range(b)) => self.comparable(a, b),
            (Shape::List(_) | Shape::Map { .. }, Shape::None) | (Shape::None, _) => true,
            (Shape::Union(parts), _) if left.as_scalar().is_none() => {
                parts.iter().any(|part| self.comparable(part, right))
            }
            (_, Shape::Union(parts)) if right.as_scalar().is_none() => {
                parts.iter().any(|part| self.comparable(left, part))
            }
            (Shape::Map { .. }, Shape::Map { .. } | Shape::Record(_))
            | (Shape::Record(_), Shape::Record(_) | Shape::Map { .. }) => true,
            (Shape::Tagged(a), Shape::Tagged(b)) => a.name == b.name,
            (Shape::Instance { .. }, Shape::Instance { .. })
            | (Shape::Endpoint, Shape::Endpoint)
            | (Shape::Flow, Shape::Flow)
            | (Shape::Platform(_), Shape::Platform(_)) => true,
            (Shape::Native(a), Shape::Native(b)) => a.shown == b.shown,
            (Shape::Environment, Shape::Environment) => true,
            (Shape::Environment, _) | (_, Shape::Environment) => false,
            _ => match (left.as_scalar(), right.as_scalar()) {
                (Some(a), Some(b)) => {
                    a == b
                        || a.is_text() && b.is_text()
                        || matches!((a, b), (Scalar::Int, Scalar::Decimal) | (Scalar::Decimal, Scalar::Int))
                }
                _ => false,
            },
        }
    }
}

/// `[]` and `{}`.
fn is_empty_literal(ty: &Ty) -> bool {
    match &*ty.shape {
        Shape::List(of) => matches!(*of.shape, Shape::None),
        Shape::Record(record) => record.fields.is_empty(),
        _ => false,
    }
}
