//! No secret that was used is found anywhere outside the vault.

use daypart_domain::ids::{AccountId, PublicationId};
use daypart_ports::secrets::{SecretName, SecretVault};
use daypart_tests::{Answer, Clip, Desk, Practice, Started};
use daypart_vault::FileVault;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

/// How the practice platforms' secrets begin; a piece of one counts as the whole.
const SHAPES: &[&str] = &[
    "act.practice",
    "rft.practice",
    "ya29.",
    "1//practice",
    "4/practice",
    "4%2Fpractice",
];

const EVERYTHING_OF_OURS: &str =
    "error,daypart=trace,daypart_app=trace,daypart_engine=trace,daypart_platforms=trace,daypart_vault=trace";

const PLATFORMS: [&str; 2] = ["tiktok", "youtube"];

#[tokio::test]
async fn secrets_stay_in_the_vault_whatever_happens() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = Clip::padded(&desk.file("large.mp4"), 74_000_000);

    let accounts = desk.run(&["accounts", "list", "--json"]).await.expect(0).json();

    // Killed in the middle of both uploads: their addresses are in use and in the vault.
    for platform in PLATFORMS {
        practice
            .fault(json!({"platform": platform, "endpoint": "chunk", "nth": 3, "kind": "slow", "bytes_per_s": 200_000}))
            .await;
    }
    let mut owner = desk.command(&["run"]);
    owner.env("DAYPART_LOG", EVERYTHING_OF_OURS);
    let mut owner = Started::new(&mut owner);
    owner.line_with("working in").await;
    let posted = desk
        .post(&clip, "practice-tiktok,practice-youtube", &["--detach", "--json"])
        .await
        .expect(0)
        .json();
    for platform in PLATFORMS {
        practice.wait_for("chunk_stored", platform, 2).await;
    }
    desk.heard(owner.kill().await);
    let secrets = secrets_in_use(&desk, &accounts, &posted).await;
    assert!(
        secrets.len() >= 7,
        "a passphrase, two grants of two tokens, two upload addresses: {}",
        secrets.len()
    );

    // The shapes that are searched for are those of the secrets in use.
    for shape in &SHAPES[..4] {
        assert!(
            secrets.iter().any(|secret| secret.starts_with(shape)),
            "no secret begins with {shape}"
        );
    }

    // Errors are where secrets leak.
    practice.heal().await;
    for platform in PLATFORMS {
        for rule in [
            json!({"endpoint": "chunk", "kind": "status", "status": 500}),
            json!({"endpoint": "chunk", "nth": 3, "kind": "cut_after", "bytes": 100_000}),
            json!({"endpoint": "last_chunk", "kind": "drop_after_commit"}),
        ] {
            let mut rule = rule;
            rule["platform"] = json!(platform);
            practice.fault(rule).await;
        }
    }
    desk.work_off().await.expect(0);
    assert_eq!(practice.ledger().await.len(), 2);
    desk.connect(&practice, "tiktok", "bo", Answer::Deny)
        .await
        .expect(4);
    desk.run(&["show", posted["draft"]["id"].as_str().unwrap()])
        .await
        .expect(0);

    // What is made to be passed on.
    let diagnostics = desk.data_dir().join("diagnostics");
    desk.run(&["diagnostics", "--out", diagnostics.to_str().unwrap()])
        .await
        .expect(0);
    let log = std::fs::read_to_string(diagnostics.join("log.txt")).unwrap();
    assert!(log.lines().count() > 20, "the diagnostics hold the log: {log}");
    for publication in posted["publications"].as_array().unwrap() {
        let id = publication["id"].as_str().unwrap();
        let entries = desk.run(&["log", id, "--json"]).await.expect(0).json();
        assert!(
            entries
                .as_array()
                .unwrap()
                .iter()
                .any(|entry| entry["level"] == "warning"
                    && entry["text"]
                        .as_str()
                        .is_some_and(|text| text.starts_with("in doubt"))),
            "the log tells what went wrong: {entries:#}"
        );
        desk.run(&["log", id, "--csv"]).await.expect(0);
    }
    desk.run(&["health", "--reach", "--json"]).await.expect(0);
    desk.run(&["accounts", "check", "--json"]).await;
    desk.run(&["storage", "--clean", "--json"]).await.expect(0);

    let mut places: Vec<(String, Vec<u8>)> = desk
        .files()
        .into_iter()
        .map(|(path, bytes)| (path.display().to_string(), bytes))
        .collect();
    assert!(
        places
            .iter()
            .any(|(name, bytes)| name.ends_with("daypart.db") && !bytes.is_empty())
    );
    assert!(
        places
            .iter()
            .any(|(name, bytes)| name.ends_with(".log") && !bytes.is_empty()),
        "nothing was logged"
    );
    // What is printed for the person to open belongs to the sign-in that it starts, and to nobody else.
    let said = desk.everything_said();
    places.push(("what was said".to_owned(), said.into_bytes()));
    let mut needles: Vec<String> = SHAPES.iter().map(|&shape| shape.to_owned()).collect();
    needles.extend(secrets);
    for (name, bytes) in &places {
        for needle in &needles {
            assert!(
                !holds(bytes, needle),
                "{name} holds a secret that begins with {}",
                &needle[..8.min(needle.len())]
            );
        }
    }
}

/// Every string in every document of the vault that can act for the person.
async fn secrets_in_use(desk: &Desk, accounts: &Value, posted: &Value) -> Vec<String> {
    let passphrase = SecretString::from(Desk::PASSPHRASE.to_owned());
    let vault = FileVault::open(&desk.data_dir().join("vault.bin"), passphrase)
        .await
        .unwrap();
    let grants = accounts.as_array().unwrap().iter().map(grant_of);
    let uploads = posted["publications"].as_array().unwrap().iter().map(upload_of);
    let names: Vec<SecretName> = grants.chain(uploads).collect();
    let mut found = vec![Desk::PASSPHRASE.to_owned()];
    for name in names {
        let secret = vault
            .get(&name)
            .await
            .unwrap()
            .unwrap_or_else(|| panic!("no secret {}", name.as_str()));
        collect(secret.expose_secret(), &mut found);
    }
    found
}

fn grant_of(account: &Value) -> SecretName {
    let id: AccountId = account["id"].as_str().unwrap().parse().unwrap();
    SecretName::grant(id)
}

fn upload_of(publication: &Value) -> SecretName {
    let id: PublicationId = publication["id"].as_str().unwrap().parse().unwrap();
    SecretName::upload(id)
}

/// Tokens out of a document, and the secret parts out of an address.
fn collect(secret: &str, found: &mut Vec<String>) {
    let document: Value = serde_json::from_str(secret).unwrap_or_else(|_| json!({"token": secret}));
    let texts = document
        .as_object()
        .unwrap()
        .iter()
        .filter_map(|(key, value)| Some((key, value.as_str()?)));
    for (key, text) in texts {
        if let Some((_, query)) = text.split_once('?') {
            let long = query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .map(|(_, value)| value);
            found.extend(long.filter(|value| value.len() >= 16).map(str::to_owned));
        } else if key.contains("token") {
            found.push(text.to_owned());
        }
    }
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes
        .windows(needle.len())
        .any(|window| window == needle.as_bytes())
}
