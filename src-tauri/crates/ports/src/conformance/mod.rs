//! Conformance cases, one file per trait: plain functions that panic with a sentence when a promise is broken.
//! Every implementation is put through them, fakes included.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a broken promise ends the test it is found in"
)]

pub mod platform;
pub mod vault;

/// One test per conformance case of [`crate::platform::Platform`]. `$harness` is an expression that gives a future of
/// a fresh [`platform::PlatformHarness`]; needs `tokio`.
#[macro_export]
macro_rules! platform_cases {
    ($harness:expr; $($module:ident: $($case:ident),+ $(,)?;)+) => {
        $($(
            #[tokio::test]
            async fn $case() {
                let harness = $harness.await;
                $crate::conformance::platform::$module::$case(&harness).await;
            }
        )+)+
    };
    ($harness:expr) => {
        $crate::platform_cases! {
            $harness;
            sign_in:
                a_sign_in_gives_a_grant_and_a_profile,
                nothing_granted_means_that_scopes_are_missing,
                a_denied_consent_is_the_users_choice,
                a_redirect_that_is_not_ours_does_not_end_the_wait,
                a_used_or_old_code_is_refused,
                a_wrong_client_secret_is_said,
                a_refresh_gives_a_complete_grant,
                an_old_access_token_is_expired_and_a_refresh_helps,
                access_taken_away_at_the_platform_is_revoked,
                a_revoked_grant_is_dead_and_may_be_revoked_again,
                without_a_network_nothing_is_lost;
            upload:
                files_of_every_size_arrive_whole,
                nothing_is_public_before_the_last_byte,
                after_a_lost_answer_the_upload_goes_on_where_it_was,
                after_a_cut_connection_the_upload_goes_on,
                a_token_that_expires_midway_does_not_end_the_upload,
                a_forgotten_upload_is_gone,
                a_file_that_changed_is_not_sent;
            trouble:
                a_lost_answer_to_the_last_byte_is_a_doubt_that_looking_ends,
                a_last_byte_that_never_arrived_is_proven_and_sent_again,
                a_lost_answer_to_the_opening_is_harmless,
                limits_name_the_time_they_end,
                problems_carry_no_secrets;
        }
    };
}
