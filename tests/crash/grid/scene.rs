//! Playing one cell: post, let it happen, start Daypart until everything is at rest, look into the ledger.

use std::{process::Stdio, time::Duration};

use daypart_tests::{
    Answer, Clip, Desk, Kind, Network, Practice, Started, Wire, daypart,
    grid::{Draw, Step, Trouble},
};
use serde_json::{Value, json};

use super::cells::Case;

/// Several parts on either platform.
const LARGE_BYTES: u64 = 66_000_000;
/// Less than the smallest part.
const CUT_BELOW_BYTES: u64 = 9_000_000;
/// How long somebody looks on before pressing “try again”.
const LOOK: Duration = Duration::from_secs(1);
const LOOKS: usize = 6;
const ROUNDS_MAX: usize = 12;
/// Far enough for the platform to hold it for the rest of the test.
const HELD_UNTIL: &[&str] = &["--at", "2030-01-01T12:00", "--zone", "UTC", "--detach"];

pub async fn play(case: Case, mut draw: Draw) {
    let practice = Practice::start().await;
    let network = Network::before(&practice).await;
    let desk = Desk::at(&network.url());
    desk.connect(&practice, case.platform, "ada", Answer::Allow)
        .await
        .expect(0);
    let clip = match case.step {
        Step::Upload => Clip::padded(&desk.file("clip.mp4"), LARGE_BYTES),
        Step::Prepare => desk.clip("old.avi", Kind::OldCodec),
        _ => desk.clip("clip.mp4", Kind::Compliant),
    };
    for rule in prelude(&case) {
        practice.fault(rule).await;
    }
    let trouble = happening(&case, &mut draw);
    match &trouble {
        Happening::AtThePlatform(rule) => practice.fault(rule.clone()).await,
        Happening::OnTheWire(wire) => network.when(case.call.on_wire, *wire),
        Happening::Here => {}
    }

    let stage = Stage {
        practice: &practice,
        desk: &desk,
        case,
    };
    let asked = stage.post_and_settle(&clip).await;
    // A cell in which nothing happened would show nothing.
    match &trouble {
        Happening::AtThePlatform(_) => {
            let rules = 1 + prelude(&case).len();
            practice.wait_for("fault", case.platform, rules as u32).await;
        }
        Happening::OnTheWire(_) => network.fired(1).await,
        Happening::Here => {}
    }
    let told = format!("{trouble:?}");

    // Whatever was converted went out as it was converted; everything else is the file itself.
    let posted = practice.only_post(case.platform).await;
    if case.step != Step::Prepare {
        assert_eq!(
            posted["sha256"],
            clip.sha256().as_str(),
            "other bytes after {told}"
        );
    }
    let publication = desk.only_publication().await;
    assert_eq!(
        publication["state"],
        stage.wanted(),
        "after {told}: {publication:#}"
    );
    assert_eq!(publication["error"], Value::Null, "after {told}");
    assert_eq!(
        case.step == Step::HandOver,
        posted["publish_at"].is_string(),
        "held or not, after {told}: {posted:#}"
    );
    // A platform that gives out a new refresh token whose answer is lost can only be asked by signing in again.
    let may_ask = case.trouble == Trouble::TokenRevoked || case.step == Step::Refresh;
    assert!(may_ask || !asked, "the person had to sign in again after {told}");
    assert!(
        asked || case.trouble != Trouble::TokenRevoked,
        "nobody was told that access was taken back"
    );
    if case.step != Step::HandOver {
        desk.work_off().await.expect(0);
        practice.only_post(case.platform).await;
    }
}

/// What has to happen first, so that the step is reached at all.
fn prelude(case: &Case) -> Vec<Value> {
    let (endpoint, kind) = match case.step {
        Step::Reconcile => ("last_chunk", "drop_after_commit"),
        Step::Refresh if case.trouble == Trouble::TokenRevoked => return Vec::new(),
        Step::Refresh => (case.open.endpoint, "token_expired"),
        _ => return Vec::new(),
    };
    vec![json!({"platform": case.platform, "endpoint": endpoint, "kind": kind})]
}

#[derive(Debug)]
enum Happening {
    AtThePlatform(Value),
    OnTheWire(Wire),
    Here,
}

fn happening(case: &Case, draw: &mut Draw) -> Happening {
    let carries_bytes = matches!(case.step, Step::Upload | Step::Publish | Step::HandOver);
    let mut rule = json!({"platform": case.platform, "endpoint": case.call.endpoint});
    if case.step == Step::Upload {
        rule["nth"] = json!(1 + draw.below(2));
    }
    let kind = match case.trouble {
        _ if case.step == Step::Prepare => return Happening::Here,
        Trouble::KilledBefore => "hold_before_commit",
        Trouble::KilledAfter => "hold_after_commit",
        Trouble::AnswerLost => "drop_after_commit",
        Trouble::AnswerTwice => return Happening::OnTheWire(Wire::AnswerTwice),
        Trouble::ServerError => {
            rule["status"] = json!(draw.one_of(&[500, 502, 503, 504]));
            if draw.coin() {
                "status"
            } else {
                "status_after_commit"
            }
        }
        Trouble::SlowBody => {
            rule["bytes_per_s"] = json!(if case.step == Step::Upload {
                8_000_000
            } else {
                1_000
            });
            if case.step == Step::Publish || case.step == Step::HandOver {
                rule["bytes_per_s"] = json!(300_000);
            }
            "slow"
        }
        Trouble::CutAtByte if carries_bytes => {
            rule["bytes"] = json!(draw.below(if case.step == Step::Upload {
                CUT_BELOW_BYTES
            } else {
                100_000
            }));
            "cut_after"
        }
        Trouble::CutAtByte => {
            let bytes = draw.below(150) as usize;
            let wire = if draw.coin() {
                Wire::CutAnswerAfter(bytes)
            } else {
                Wire::CutRequestAfter(bytes)
            };
            return Happening::OnTheWire(wire);
        }
        Trouble::TruncatedAnswer => "truncate_body",
        Trouble::TokenExpired => "token_expired",
        Trouble::TokenRevoked => {
            if case.step == Step::Refresh {
                rule["endpoint"] = json!(case.open.endpoint);
            }
            "token_revoked"
        }
        Trouble::DiskFull | Trouble::ClockJump | Trouble::ClockChange => return Happening::Here,
    };
    rule["kind"] = json!(kind);
    Happening::AtThePlatform(rule)
}

struct Stage<'a> {
    practice: &'a Practice,
    desk: &'a Desk,
    case: Case,
}

impl Stage<'_> {
    fn wanted(&self) -> &'static str {
        match self.case.step {
            Step::HandOver => "handed_off",
            _ => "published",
        }
    }

    /// Returns whether the person had to sign in again.
    async fn post_and_settle(&self, clip: &Clip) -> bool {
        let destination = format!("practice-{}", self.case.platform);
        let posting = if self.case.step == Step::HandOver {
            self.desk.post(clip, &destination, HELD_UNTIL).await.expect(0);
            self.desk.start(&["run"])
        } else if self.case.trouble == Trouble::DiskFull {
            on_a_small_disk(self.desk, &Desk::post_arguments(clip, &destination, &[]))
        } else {
            self.desk.start(&Desk::post_arguments(clip, &destination, &[]))
        };
        self.first_run(posting).await;
        let mut asked = false;
        for _ in 0..ROUNDS_MAX {
            let publication = self.desk.only_publication().await;
            if publication["state"] == self.wanted() {
                return asked;
            }
            let id = publication["id"].as_str().unwrap().to_owned();
            if publication["error"]["code"] == "auth.revoked" {
                asked = true;
                self.desk
                    .connect(self.practice, self.case.platform, "ada", Answer::Allow)
                    .await
                    .expect(0);
            } else if publication["state"] == "needs_user" {
                assert_eq!(
                    self.case.trouble,
                    Trouble::DiskFull,
                    "the person was asked: {publication:#}"
                );
            }
            assert_ne!(publication["state"], "failed", "{publication:#}");
            self.work(&["retry", &id]).await;
            self.work(&["run", "--until-settled"]).await;
        }
        panic!("never came to rest: {:#}", self.desk.only_publication().await);
    }

    async fn first_run(&self, mut posting: Started) {
        let is_killed = matches!(self.case.trouble, Trouble::KilledBefore | Trouble::KilledAfter);
        if is_killed && self.case.step == Step::Prepare {
            posting.line_with("preparing").await;
            posting.kill().await;
        } else if is_killed {
            self.practice.wait_for("held", self.case.platform, 1).await;
            posting.kill().await;
            self.practice.heal().await;
        } else {
            self.let_work(posting).await;
        }
    }

    async fn work(&self, arguments: &[&str]) {
        if self.desk.only_publication().await["state"] != self.wanted() {
            self.let_work(self.desk.start(arguments)).await;
        }
    }

    /// Looks on for a while; then it is ended politely, as somebody would who wants to try again at once.
    async fn let_work(&self, mut working: Started) {
        let mut looks = 0;
        while looks < LOOKS {
            if working.ends_within(LOOK).await {
                self.desk.heard(working.end().await);
                return;
            }
            let publications = self.desk.publications().await;
            if publications
                .iter()
                .any(|publication| publication["state"] == self.wanted())
            {
                break;
            }
            // Before it is written down there is nothing to try again.
            // A conversion that is ended begins anew: it is left alone.
            looks += if self.case.step == Step::Prepare {
                0
            } else {
                publications.len()
            };
        }
        self.desk.heard(working.terminate().await);
    }
}

const SMALL_DISK: &str = "mount -t tmpfs -o size=200k none \"$0\" && exec \"$@\"";

/// Whether an ordinary user may mount a disk that only a program of theirs sees.
pub fn can_mount() -> bool {
    let folder = tempfile::tempdir().unwrap();
    let tried = std::process::Command::new("unshare")
        .args(["-rm", "sh", "-c", SMALL_DISK])
        .arg(folder.path())
        .arg("true")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    tried.is_ok_and(|status| status.success())
}

/// Daypart, whose renditions go to a disk on which none fits. The next start finds room again.
fn on_a_small_disk(desk: &Desk, arguments: &[&str]) -> Started {
    let surroundings = desk.command(&[]);
    let mut command = tokio::process::Command::new("unshare");
    command
        .args(["-rm", "sh", "-c", SMALL_DISK])
        .arg(desk.data_dir().join("media"))
        .arg(daypart())
        .args(arguments);
    for (name, value) in surroundings.as_std().get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Started::new(&mut command)
}
