//! `infrac waivers`: what is allowed, why, and until when.

use program::waivers::parse_date;

const PROGRAM: &str = r#"
project yard { edition = 1 }
environment prod { tier = prod, on = [aws(region = "eu-west-3")] }
environment test { tier = test, on = [aws(region = "eu-west-1")] }
@allow(CKV_AWS_21, because = "the files can be made again", until = 2027-03-31)
bucket files {}
@allow(CKV_AWS_18, because = "nobody reads it")
team crew { mail = "crew@example.com" }
"#;

#[test]
fn a_waiver_holds_until_the_end_of_its_last_day() {
    let program = tests::program(&[("main.infra".to_owned(), PROGRAM.to_owned())]);
    let waivers = program
        .waivers(&program.environments(), &[])
        .unwrap_or_else(|told| panic!("{}", tests::render(&told, program.sources())));
    let own: Vec<_> = waivers.iter().filter(|waiver| !waiver.at.library).collect();
    let day = |text: &str| parse_date(text).unwrap();
    assert_eq!(
        [day("2027-03-31"), day("2027-04-01")].map(|today| own.iter().filter(|waiver| waiver.expired(today)).count()),
        [0, 1]
    );
    let shown: Vec<String> = own.iter().map(|waiver| waiver.text(day("2027-04-01"))).collect();
    insta::assert_snapshot!(shown.join("\n"));
    assert!(waivers.iter().any(|waiver| waiver.at.library));
    assert!(parse_date("soon").is_err());
}

const SILENCED: &str = r#"
project yard { edition = 1 }
environment prod { tier = prod, on = [kubernetes(context = "yard", api = { ranges = [10.0.0.10/32] })] }
team crew { mail = "crew@example.com" }
monitoring prom { mail { server = "smtp.example.com", from = "alerts@example.com" } }
container api { image = "example.com/api:1", port http = 8080/tcp }
monitor api_health { watch = api.http, objective = 99.9%, notify = crew }
silence move { of = [api_health], because = "the yard moves", from = 2026-12-05, until = 2026-12-06 }
"#;

#[test]
fn a_silence_is_listed_and_is_over_after_its_last_day() {
    let day = |text: &str| parse_date(text).unwrap();
    let program = || tests::program(&[("main.infra".to_owned(), SILENCED.to_owned())]);
    let waivers = program().waivers(&program().environments(), &[]).unwrap();
    let own: Vec<String> =
        waivers.iter().filter(|waiver| !waiver.at.library).map(|waiver| waiver.text(day("2026-12-07"))).collect();
    insta::assert_snapshot!("silence", own.join("\n"));
    let told = |today: &str| {
        let program = program().on(day(today));
        program.check().iter().map(|told| format!("{}: {}", told.code, told.message)).collect::<Vec<_>>()
    };
    assert_eq!(told("2026-12-06"), Vec::<String>::new());
    assert_eq!(told("2026-12-07"), ["ended: `move` had an effect until 2026-12-06, which is over"]);
}
