//! Desktop notifications. They are a courtesy: a desktop without a notification service misses nothing else.

use daypart_domain::problem::{Problem, RetryClass};
use daypart_ipc::{NeedsUserReason, Publication, PublicationState};
use notify_rust::{Notification, Timeout};
use tauri::AppHandle;

use crate::window;

/// What is worth telling a person who is not looking at the window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tidings {
    pub title: String,
    pub body: String,
    /// Which of our posts they are about; empty when about none.
    pub post_id: String,
    /// The post at the platform.
    pub link: Option<String>,
    /// Stays until it is dismissed.
    pub lasting: bool,
}

impl Tidings {
    /// Of a notice that no post is about. `None` for what the person need not act on.
    pub fn of_notice(problem: &Problem) -> Option<Self> {
        let needs_user = matches!(problem.retry, RetryClass::NeedsUser { .. });
        needs_user.then(|| Self {
            title: "Daypart needs you".into(),
            body: [Some(problem.message.clone()), problem.fix.clone()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join("\n"),
            post_id: String::new(),
            link: None,
            lasting: true,
        })
    }

    /// `None` for the moves that nobody waits for.
    pub fn of(publication: &Publication) -> Option<Self> {
        let whom = format!("{} · {}", publication.platform_name, publication.account_name);
        let practice = match publication.realm {
            daypart_ipc::Realm::Practice => "Practice: ",
            daypart_ipc::Realm::Real => "",
        };
        let problem = || publication.error.as_ref().map(|error| error.message.clone());
        let (title, body, lasting) = match publication.state {
            PublicationState::Published => ("Published", None, false),
            PublicationState::NeedsUser
                if publication.needs_user_reason == Some(NeedsUserReason::CannotTell) =>
            {
                (
                    "Is the post there?",
                    Some("Please look, and answer in Daypart.".to_owned()),
                    true,
                )
            }
            PublicationState::NeedsUser => ("A post needs you", problem(), true),
            PublicationState::InDoubt => (
                "Unclear whether a post went out",
                Some("Daypart is looking and sends nothing twice.".to_owned()),
                true,
            ),
            PublicationState::Failed => ("A post was not published", problem(), true),
            // Told once for all of them: `Tidings::of_missed`.
            _ => return None,
        };
        let link = publication
            .receipt
            .as_ref()
            .filter(|_| publication.state == PublicationState::Published)
            .and_then(|receipt| receipt.url.clone());
        let lines = [Some(whom), body, link.clone()];
        Some(Self {
            title: format!("{practice}{title}"),
            body: lines.into_iter().flatten().collect::<Vec<_>>().join("\n"),
            post_id: publication.post_id.clone(),
            link,
            lasting,
        })
    }
}

impl Tidings {
    /// One notice for everything that missed its time together; `first` is the one due first.
    pub fn of_missed(first: &Publication, count: usize) -> Self {
        let whom = format!("{} · {}", first.platform_name, first.account_name);
        let (title, body) = match count {
            0 | 1 => ("A post missed its time".to_owned(), whom),
            _ => (
                format!("{count} posts missed their time"),
                format!("{whom} and {} more", count - 1),
            ),
        };
        Self {
            title,
            body: format!("{body}\nNothing was sent. Decide in Daypart."),
            post_id: first.post_id.clone(),
            link: None,
            lasting: true,
        }
    }
}

/// One notification about everything that missed its time.
///
/// # Errors
/// When the record cannot be read.
pub async fn show_missed(
    app: &AppHandle,
    core: &crate::core::Core,
    ids: &[daypart_domain::ids::PublicationId],
) -> Result<(), daypart_domain::problem::Problem> {
    if let Some(first) = ids.first() {
        let publication = core.engine.publication(*first).await?;
        let first = daypart_app::wire::publication(&core.engine, publication).await?;
        show(app, Tidings::of_missed(&first, ids.len()));
    }
    Ok(())
}

/// Shows `tidings` without waiting for anything. A click opens the window on the post, the button opens it
/// at the platform.
pub fn show(app: &AppHandle, tidings: Tidings) {
    let app = app.clone();
    // Its own thread: it waits until the notification is clicked or gone, and a bus may take its time.
    let started = std::thread::Builder::new()
        .name("notification".into())
        .spawn(move || {
            let mut notification = Notification::new();
            notification
                .appname("Daypart")
                .summary(&tidings.title)
                .body(&escaped(&tidings.body))
                .icon("daypart-desktop")
                .timeout(if tidings.lasting {
                    Timeout::Never
                } else {
                    Timeout::Default
                });
            #[cfg(all(unix, not(target_os = "macos")))]
            {
                notification.hint(notify_rust::Hint::DesktopEntry("Daypart".into()));
                notification.action("default", "Open Daypart");
                if tidings.link.is_some() {
                    notification.action("link", "Open the post");
                }
            }
            match notification.show() {
                Ok(handle) => follow(&app, handle, &tidings),
                Err(error) => tracing::info!(%error, "no desktop notification could be shown"),
            }
        });
    if let Err(error) = started {
        tracing::warn!(%error, "no thread for a desktop notification");
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn follow(app: &AppHandle, handle: notify_rust::NotificationHandle, tidings: &Tidings) {
    handle.wait_for_action(|action| match (action, tidings.link.as_deref()) {
        ("default", _) if tidings.post_id.is_empty() => window::open(app),
        ("default", _) => window::open_post(app, &tidings.post_id),
        ("link", Some(link)) => {
            if let Err(problem) = crate::browser::open(link) {
                tracing::warn!(%problem, "the link of a notification could not be opened");
            }
        }
        _ => {}
    });
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn follow(_: &AppHandle, _: notify_rust::NotificationHandle, _: &Tidings) {}

/// The body is markup on Linux desktops.
fn escaped(text: &str) -> String {
    if cfg!(all(unix, not(target_os = "macos"))) {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
pub(crate) fn sample_publication(state: PublicationState) -> Publication {
    Publication {
        id: "p".into(),
        post_id: "q".into(),
        account_id: "a".into(),
        account_name: "Ada Makes".into(),
        platform: "youtube".into(),
        platform_name: "YouTube".into(),
        realm: daypart_ipc::Realm::Real,
        state,
        since: "2026-11-21T18:00:00Z".parse().expect("a valid instant"),
        needs_user_reason: None,
        error: None,
        warnings: vec![],
        planned: None,
        due_at: None,
        next_attempt_at: None,
        receipt: None,
        hand_over: false,
        paused_at: None,
        sending_plan: None,
        postponed_from: None,
        is_let_go: false,
        actions: vec![],
    }
}

#[cfg(test)]
mod tests {
    use daypart_domain::problem::{ErrorCode, UserAction};
    use daypart_ipc::{Realm, Receipt, WireError};

    use super::*;

    #[test]
    fn a_notice_is_shown_on_the_desktop_only_when_the_person_has_to_act() {
        let ended = Problem::needs_user(
            ErrorCode::new("auth.revoked"),
            UserAction::Reconnect,
            "The sign-in ended.",
        );
        let tidings = Tidings::of_notice(&ended).unwrap();
        assert!(tidings.lasting && tidings.body.contains("The sign-in ended."));
        let passing = Problem::transient(ErrorCode::new("record.mended"), "Put in order.");
        assert_eq!(Tidings::of_notice(&passing), None);
    }

    #[test]
    fn a_published_post_is_told_with_its_link() {
        let mut published = sample_publication(PublicationState::Published);
        published.receipt = Some(Receipt {
            remote_id: Some("abc".into()),
            url: Some("https://www.youtube.com/shorts/abc".into()),
            published_at: "2026-11-21T18:00:01Z".parse().unwrap(),
            visibility: Some("public".into()),
            read_back: true,
        });
        let tidings = Tidings::of(&published).unwrap();
        assert_eq!(tidings.title, "Published");
        assert_eq!(
            tidings.body,
            "YouTube · Ada Makes\nhttps://www.youtube.com/shorts/abc"
        );
        assert_eq!(
            tidings.link.as_deref(),
            Some("https://www.youtube.com/shorts/abc")
        );
        assert_eq!(tidings.post_id, published.post_id);
        assert!(!tidings.lasting);
    }

    #[test]
    fn a_practice_post_says_so_first() {
        let mut practice = sample_publication(PublicationState::Published);
        practice.realm = Realm::Practice;
        assert_eq!(Tidings::of(&practice).unwrap().title, "Practice: Published");
    }

    #[test]
    fn what_needs_the_user_stays_until_dismissed_and_says_why() {
        let mut waiting = sample_publication(PublicationState::NeedsUser);
        waiting.error = Some(WireError {
            code: "auth.revoked".into(),
            message: "YouTube no longer accepts the sign-in of Ada Makes.".into(),
            fix: None,
            retry: daypart_ipc::RetryClass::NeedsUser,
            action: None,
            until: None,
            details: vec![],
        });
        let tidings = Tidings::of(&waiting).unwrap();
        assert!(tidings.lasting);
        assert!(tidings.body.contains("no longer accepts the sign-in"));
    }

    #[test]
    fn steps_on_the_way_are_not_announced() {
        for state in [
            PublicationState::Scheduled,
            PublicationState::Preparing,
            PublicationState::Uploading,
            PublicationState::Staged,
            PublicationState::Publishing,
            PublicationState::Confirming,
            PublicationState::Cancelled,
            PublicationState::Missed,
        ] {
            assert_eq!(Tidings::of(&sample_publication(state)), None, "{state:?}");
        }
    }

    #[test]
    fn what_was_missed_together_is_told_once() {
        let first = sample_publication(PublicationState::Missed);
        assert_eq!(Tidings::of_missed(&first, 1).title, "A post missed its time");
        let all = Tidings::of_missed(&first, 12);
        assert_eq!(all.title, "12 posts missed their time");
        assert!(
            all.body.starts_with("YouTube · Ada Makes and 11 more"),
            "{}",
            all.body
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_title_with_markup_is_shown_as_it_was_written() {
        assert_eq!(
            escaped("Cats & <b>Dogs</b>"),
            "Cats &amp; &lt;b&gt;Dogs&lt;/b&gt;"
        );
    }
}
