//! One function per command of the wire table: read the request, ask the core, answer.
//!
//! Nothing is decided here. The types come from the table, so a handler that answers something else does not build.

pub mod accounts;
pub mod app;
pub mod assets;
pub mod editor;
pub mod playback;
pub mod posts;
pub mod publications;
pub mod transfers;
pub mod upkeep;

use daypart_ipc::{Command, WireError};

/// What a command answers.
pub type Answer<C> = Result<<C as Command>::Response, WireError>;
/// What a command is asked.
pub type Request<C> = <C as Command>::Request;

/// The handlers by name. A test holds this list against the wire table.
macro_rules! handlers {
    ($($module:ident :: $name:ident),+ $(,)?) => {
        pub fn handler() -> impl Fn(tauri::ipc::Invoke) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($module::$name),+]
        }

        #[cfg(test)]
        const HANDLED: &[&str] = &[$(stringify!($name)),+];
    };
}

handlers![
    assets::list_assets,
    assets::add_assets,
    assets::pick_assets,
    assets::paste_assets,
    assets::remove_asset,
    assets::restore_asset,
    accounts::list_platforms,
    accounts::set_client_credentials,
    accounts::list_accounts,
    accounts::begin_connect,
    accounts::cancel_connect,
    accounts::disconnect_account,
    accounts::posting_options,
    upkeep::check_account,
    posts::list_posts,
    posts::get_post,
    posts::save_post,
    posts::delete_post,
    posts::restore_post,
    posts::check_post,
    posts::schedule_post,
    posts::unschedule_post,
    publications::cancel_publication,
    publications::retry_publication,
    publications::decide_missed,
    publications::retry_failed,
    publications::lateness_settings,
    publications::set_lateness_settings,
    publications::set_post_lateness,
    publications::answer_in_doubt,
    publications::publication_log,
    upkeep::publication_entries,
    upkeep::publication_log_text,
    upkeep::save_publication_log,
    app::app_info,
    app::health,
    upkeep::reach_platforms,
    upkeep::storage,
    upkeep::clean_up,
    upkeep::keep_history,
    upkeep::diagnostics,
    upkeep::save_diagnostics,
    app::graphics_card,
    app::allow_graphics_card,
    app::open_link,
    editor::timeline,
    editor::open_strip,
    editor::close_strip,
    editor::waveform,
    editor::frame,
    editor::suggest_covers,
    editor::own_cover,
    editor::plan_post,
    editor::export_edit,
    editor::apply_edit,
    editor::pick_edit_file,
    playback::playback,
    playback::stop_playback_copy,
    playback::captions_file,
    transfers::transfers,
    transfers::set_transfer_rules,
    transfers::pause_transfers,
    transfers::resume_transfers,
    transfers::pause_publication,
    transfers::resume_publication,
    transfers::send_publication_first,
];

#[cfg(test)]
mod tests {
    #[test]
    fn every_command_of_the_wire_table_is_handled_and_no_other() {
        let mut handled = super::HANDLED.to_vec();
        let mut table = [
            daypart_ipc::COMMANDS,
            daypart_ipc::EDITOR_COMMANDS,
            daypart_ipc::TRANSFER_COMMANDS,
        ]
        .concat();
        handled.sort_unstable();
        table.sort_unstable();
        assert_eq!(handled, table);
    }
}
