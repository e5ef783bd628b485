//! Quantities of Kubernetes: a number, and behind it a unit. <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/>

const BINARY: [&str; 6] = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const DECIMAL: [&str; 10] = ["", "n", "u", "m", "k", "M", "G", "T", "P", "E"];

/// The number and the unit of a quantity; none when the text is no quantity. An exponent counts as a unit: `1` and `e3`.
pub fn quantity(text: &str) -> Option<(&str, &str)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = unsigned.find(|letter: char| !letter.is_ascii_digit() && letter != '.').unwrap_or(unsigned.len());
    let (number, unit) = text.split_at_checked(text.len() - unsigned.len() + digits)?;
    let has_digit = number.bytes().any(|byte| byte.is_ascii_digit());
    let is_number = has_digit && number.bytes().filter(|byte| *byte == b'.').count() <= 1;
    (is_number && (BINARY.contains(&unit) || DECIMAL.contains(&unit) || is_exponent(unit))).then_some((number, unit))
}

fn is_exponent(unit: &str) -> bool {
    let Some(power) = unit.strip_prefix(['e', 'E']) else { return false };
    let digits = power.strip_prefix(['+', '-']).unwrap_or(power);
    !digits.is_empty() && digits.len() <= 2 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_a_unit_behind_it() {
        for right in ["1", "0.5", ".5", "5.", "-1", "100m", "128Mi", "1e3", "1E", "2E-1", "12n", "1.5Gi"] {
            assert!(quantity(right).is_some(), "{right}");
        }
        for wrong in ["", "m", ".", "1.2.3", "1 Gi", "1gi", "1KB", "128MiB", "ten", "1e", "--1", "1Kim"] {
            assert!(quantity(wrong).is_none(), "{wrong}");
        }
        assert_eq!(quantity("-128m"), Some(("-128", "m")));
    }
}
