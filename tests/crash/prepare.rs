//! Killed while a file is converted.

use daypart_tests::{Clip, Desk, Kind, Practice};

#[tokio::test]
async fn killed_while_converting_leaves_no_half_file_and_converts_again() {
    let practice = Practice::start().await;
    let desk = Desk::connected(&practice).await;
    let clip = desk.clip("old.avi", Kind::OldCodec);
    let mut posting = desk.start(&Desk::post_arguments(&clip, "practice-youtube", &[]));
    posting.line_with("preparing").await;
    posting.kill().await;

    desk.work_off().await.expect(0);
    let posted = practice.only_post("youtube").await;
    assert_eq!(posted["state"], "published");
    let made: Vec<_> = desk
        .files()
        .into_iter()
        .filter(|(path, bytes)| path.starts_with(desk.data_dir().join("media")) && bytes.len() > 100_000)
        .collect();
    assert_eq!(
        made.len(),
        1,
        "half made files are left: {:?}",
        made.iter().map(|(path, _)| path).collect::<Vec<_>>()
    );
    let path = made[0].0.clone();
    assert_eq!(Clip { path }.sha256(), posted["sha256"].as_str().unwrap());
}
