//! The whole conversation: every command and every event, named once.

use ts_rs::{Config, TS, TypeVisitor};

use crate::*;

/// A command's name with its types, so that callers and handlers are checked against the table.
pub trait Command {
    const NAME: &'static str;
    type Request: serde::Serialize + serde::de::DeserializeOwned + TS + 'static;
    type Response: serde::Serialize + serde::de::DeserializeOwned + TS + 'static;
}

/// An event's name with the type it carries.
pub trait Event {
    const NAME: &'static str;
    type Payload: serde::Serialize + serde::de::DeserializeOwned + TS + 'static;
}

#[derive(Clone)]
pub(crate) struct CommandRow {
    pub name: &'static str,
    pub doc: &'static str,
    pub request: String,
    pub response: String,
}

pub(crate) struct EventRow {
    pub name: &'static str,
    pub doc: &'static str,
    pub payload: String,
}

macro_rules! commands {
    ($(#[doc = $module_doc:literal])+ $module:ident, $list:ident; $($(#[doc = $doc:literal])+ $name:ident($request:ty) -> $response:ty;)+) => {
        $(#[doc = $module_doc])+
        #[expect(non_camel_case_types, reason = "the marker is the command's name on the wire")]
        pub mod $module {
            use super::*;

            $($(#[doc = $doc])+ pub struct $name;)+

            pub(crate) fn rows(config: &Config) -> Vec<CommandRow> {
                vec![$(CommandRow {
                    name: stringify!($name),
                    doc: concat!($($doc),+),
                    request: <$request as TS>::name(config),
                    response: <$response as TS>::name(config),
                }),+]
            }

            pub(crate) fn visit_types(visitor: &mut impl TypeVisitor) {
                $(
                    visitor.visit::<$request>();
                    <$request as TS>::visit_generics(visitor);
                    visitor.visit::<$response>();
                    <$response as TS>::visit_generics(visitor);
                )+
            }
        }

        $(impl Command for $module::$name {
            const NAME: &'static str = stringify!($name);
            type Request = $request;
            type Response = $response;
        })+

        /// Every command of this part, in the order of the table.
        pub const $list: &[&str] = &[$(stringify!($name)),+];
    };
}

macro_rules! events {
    ($($(#[doc = $doc:literal])+ $name:ident($payload:ty);)+) => {
        /// One marker type per event; see [`Event`].
        #[expect(non_camel_case_types, reason = "the marker is the event's name on the wire")]
        pub mod event_name {
            $($(#[doc = $doc])+ pub struct $name;)+
        }

        $(impl Event for event_name::$name {
            const NAME: &'static str = stringify!($name);
            type Payload = $payload;
        })+

        /// Every event, in the order of the table.
        pub const EVENTS: &[&str] = &[$(stringify!($name)),+];

        pub(crate) fn event_rows(config: &Config) -> Vec<EventRow> {
            vec![$(EventRow {
                name: stringify!($name),
                doc: concat!($($doc),+),
                payload: <$payload as TS>::name(config),
            }),+]
        }

        pub(crate) fn visit_event_types(visitor: &mut impl TypeVisitor) {
            $(visitor.visit::<$payload>();)+
        }
    };
}

pub(crate) fn command_rows(config: &Config) -> Vec<CommandRow> {
    [
        command::rows(config),
        editor_command::rows(config),
        transfer_command::rows(config),
    ]
    .concat()
}

pub(crate) fn visit_command_types(visitor: &mut impl TypeVisitor) {
    command::visit_types(visitor);
    editor_command::visit_types(visitor);
    transfer_command::visit_types(visitor);
}

commands! {
    /// One marker type per command; see [`Command`].
    command, COMMANDS;

    /// Every asset that is not removed, newest first.
    list_assets(()) -> Vec<Asset>;
    /// Adds files in place; one outcome per path, in order. A refused path is an outcome, not an error.
    add_assets(AddAssetsRequest) -> Vec<AddOutcome>;
    /// Asks with the system's file dialog, then adds; empty when the user closes it.
    pick_assets(()) -> Vec<AddOutcome>;
    /// Adds the files that were copied in a file manager; empty when the clipboard holds none.
    paste_assets(()) -> Vec<AddOutcome>;
    /// Takes the asset out of the library; the file stays where it is.
    remove_asset(AssetRequest) -> ();
    /// Undoes `remove_asset`.
    restore_asset(AssetRequest) -> Asset;

    /// Every platform in every realm.
    list_platforms(()) -> Vec<Platform>;
    /// Keeps the user's own client id and secret in the keychain; real realm only.
    set_client_credentials(SetClientCredentialsRequest) -> ();
    /// Every connected account.
    list_accounts(()) -> Vec<Account>;
    /// Opens the system browser at the platform's consent page; `connect_finished` follows.
    begin_connect(BeginConnectRequest) -> BeginConnectResponse;
    /// Stops waiting for the browser. An unknown or finished id is not an error.
    cancel_connect(CancelConnectRequest) -> ();
    /// Revokes and forgets the account's tokens.
    disconnect_account(AccountRequest) -> ();
    /// Asks the platform what the account may do now.
    posting_options(PostingOptionsRequest) -> PostingOptions;
    /// Looks at the account now, as the daily rounds do.
    check_account(AccountRequest) -> Account;

    /// Every post that is not deleted, latest first.
    list_posts(()) -> Vec<Post>;
    /// One post with its publications.
    get_post(PostRequest) -> Post;
    /// Creates or overwrites the draft with this id.
    save_post(SavePostRequest) -> Post;
    /// Takes the post out of all lists. Fails while a publication of it is under way.
    delete_post(PostRequest) -> ();
    /// Undoes `delete_post`.
    restore_post(PostRequest) -> Post;
    /// Pre-flight of media, text and options per destination.
    check_post(PostRequest) -> PostCheck;
    /// Makes one publication per destination, due now or at a wall time in a named zone.
    schedule_post(SchedulePostRequest) -> Post;
    /// Back to a draft, as long as nothing has been sent.
    unschedule_post(PostRequest) -> Post;

    /// Stops the publication, if its state still allows it.
    cancel_publication(PublicationRequest) -> Publication;
    /// Starts a failed or missed publication again.
    retry_publication(PublicationRequest) -> Publication;
    /// The user's word on a publication whose outcome could not be read back.
    answer_in_doubt(AnswerInDoubtRequest) -> Publication;
    /// Decides about posts that missed their time; returns what was decided about.
    decide_missed(DecideMissedRequest) -> Vec<Publication>;
    /// Tries everything again that failed or waits for exactly that.
    retry_failed(()) -> Vec<Publication>;
    /// What happens to late posts by default.
    lateness_settings(()) -> LatenessSettings;
    /// Counts for posts made from now on.
    set_lateness_settings(LatenessSettings) -> LatenessSettings;
    /// What this post does when it is late.
    set_post_lateness(SetPostLatenessRequest) -> Post;
    /// Transitions and attempts with their log lines.
    publication_log(PublicationRequest) -> PublicationLog;
    /// The same in one list by time, with levels and the platform's words.
    publication_entries(PublicationRequest) -> Vec<LogEntry>;
    /// The entries as text to copy.
    publication_log_text(PublicationLogTextRequest) -> String;
    /// Asks with the system's file dialog and writes the entries there; none when the user closes it.
    save_publication_log(PublicationLogTextRequest) -> Option<String>;

    /// What the UI needs to know once at the start.
    app_info(()) -> AppInfo;
    /// Whether everything Daypart depends on is in order.
    health(()) -> Health;
    /// Asks every platform for an answer; one check each, with what the clocks differ by.
    reach_platforms(()) -> Health;
    /// What Daypart keeps on the disk, in bytes.
    storage(()) -> StorageReport;
    /// Removes what nothing refers to, as the daily rounds do.
    clean_up(()) -> CleanedUp;
    /// For how long history is kept; `history.days` refuses what is too short or too long.
    keep_history(KeepHistoryRequest) -> StorageReport;
    /// What could be sent with a question about Daypart, to be read before. Nothing is sent.
    diagnostics(()) -> Vec<DiagnosticsPart>;
    /// Asks for a folder and writes the diagnostics there; none when the user closes the dialog.
    save_diagnostics(()) -> Option<String>;
    /// Whether the graphics card may encode; where it may, whether it can, which takes seconds to find out once.
    graphics_card(()) -> GraphicsCard;
    /// Allows it to encode, or no longer. Counts for what is planned from now on.
    allow_graphics_card(AllowGraphicsCardRequest) -> GraphicsCard;
    /// Opens an address in the system browser.
    open_link(OpenLinkRequest) -> ();
}

commands! {
    /// The commands of the editor: what a timeline is drawn from, and edits as text.
    editor_command, EDITOR_COMMANDS;

    /// What is known of an asset over time, at once; measuring what is missing starts with the first question.
    timeline(TimelineRequest) -> Timeline;
    /// Starts decoding small pictures for a part of the timeline; `strip_frames` follows.
    open_strip(OpenStripRequest) -> OpenStripResponse;
    /// Stops decoding, because the view has moved on.
    close_strip(CloseStripRequest) -> ();
    /// How loud a part of the asset is, as far as it has been heard. An asset without sound has no buckets.
    waveform(WaveformRequest) -> Waveform;
    /// One exact frame.
    frame(FrameRequest) -> Frame;
    /// What there is to play of an asset; where that takes a copy, its making begins with the first question.
    playback(PlaybackRequest) -> Playback;
    /// Calls the making of a copy off. Not an error when none is being made.
    stop_playback_copy(TimelineRequest) -> ();
    /// Frames that would make good covers, best first; empty when none stands out.
    suggest_covers(TimelineRequest) -> Vec<CoverSuggestion>;
    /// The own picture that the saved post names as its cover; none when it names none.
    own_cover(OwnCoverRequest) -> Option<EditFile>;
    /// Which files will be made for the post, why, and what they cost.
    plan_post(PostRequest) -> Vec<PlannedRendition>;
    /// The post's edit as text.
    export_edit(PostRequest) -> EditText;
    /// Puts an edit on other drafts; `edit.invalid` says what is wrong with the text, and then nothing is changed.
    apply_edit(ApplyEditRequest) -> Vec<Post>;
    /// Asks with the system's file dialog; none when the user closes it. `cover.not_a_picture` and `cover.too_large`
    /// refuse what cannot be a cover.
    pick_edit_file(PickEditFileRequest) -> Option<EditFile>;
    /// What a caption file holds; the error says what is wrong with it.
    captions_file(CaptionsFileRequest) -> CaptionsFile;
}

commands! {
    /// The commands of transfers: pausing, order, and the rules for all of them.
    transfer_command, TRANSFER_COMMANDS;

    /// What is true of all transfers.
    transfers(()) -> Transfers;
    /// Counts at once, also for what is running. `transfers.invalid` says what cannot be, and then nothing changed.
    set_transfer_rules(TransferRules) -> Transfers;
    /// Holds everything back, also what is planned later, until `resume_transfers`.
    pause_transfers(()) -> Transfers;
    /// Ends every pause, of all and of single ones.
    resume_transfers(()) -> Transfers;
    /// Stops sending at the byte, and keeps it from going public, until it is resumed.
    pause_publication(PublicationRequest) -> Publication;
    /// Goes on at the byte. What became due meanwhile goes out now.
    resume_publication(PublicationRequest) -> Publication;
    /// Gives it the next turn among those that wait to be sent.
    send_publication_first(PublicationRequest) -> Publication;
}

events! {
    /// An asset was added, measured, removed or restored.
    asset_changed(AssetChanged);
    /// Files were dropped on the window and have been dealt with.
    assets_dropped(AssetsDropped);
    /// An account was connected, disconnected, or needs to be reconnected.
    account_changed(AccountChanged);
    /// A post was saved, scheduled, deleted or restored.
    post_changed(PostChanged);
    /// A publication moved.
    publication_changed(PublicationChanged);
    /// At most four times a second per publication.
    transfer_progress(TransferProgress);
    /// A pause or a rule for all transfers changed.
    transfers_changed(Transfers);
    /// The browser came back, or the wait ended.
    connect_finished(ConnectFinished);
    /// Files are held over the window, or no longer are.
    drop_hover(DropHover);
    /// Posts missed their time; one event for all of them.
    posts_missed(PostsMissed);
    /// Something went wrong outside any command.
    notice(Notification);
    /// More of a timeline or waveform has been measured.
    timeline_changed(TimelineChanged);
    /// There is more, or something else, to play of an asset.
    playback_changed(PlaybackChanged);
    /// Small pictures of an open strip.
    strip_frames(StripFrames);
}
