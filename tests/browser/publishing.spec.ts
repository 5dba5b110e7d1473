import { expect, test } from "@playwright/test";

import { open, testIds } from "./pages";

test("a post goes from the library to Published, with time and link, under the eyes of the user", async ({ page }) => {
  await open(page, "library", "studio", 5);
  await page.getByTestId(testIds.assetCard).first().getByTestId(testIds.assetUse).click();
  await page.getByTestId(testIds.caption).fill("Out it goes");
  await page.getByTestId(testIds.destination("tiktok", "practice")).click();
  await page.getByTestId(testIds.option("tiktok", "privacy_level")).selectOption("PUBLIC_TO_EVERYONE");
  await page.getByTestId(testIds.publishNow).click();
  const publication = page.getByTestId(testIds.publication("tiktok"));
  await expect(publication).toHaveAttribute("data-state", "uploading");
  await expect(publication.getByRole("progressbar")).toBeVisible();
  await expect(publication).toHaveAttribute("data-state", "published");
  await expect(publication).toContainText("Public");
  await expect(publication.getByTestId(testIds.publicationLink("tiktok"))).toHaveAttribute("data-url", /^http:\/\/127\.0\.0\.1:8787\/tiktok\/watch\//);
  await publication.getByTestId(`${testIds.publicationLog}-toggle`).click();
  await expect(publication.getByTestId(testIds.publicationLog)).toContainText("Read back from the platform");
  await expect(publication.getByTestId(testIds.practiceBadge)).toBeVisible();
});

test("a failed upload says why and can be tried again", async ({ page }) => {
  await open(page, "library", "studio", 5);
  await page.getByTestId(testIds.assetCard).first().getByTestId(testIds.assetUse).click();
  await page.getByTestId(testIds.caption).fill("This one will #fail");
  await page.getByTestId(testIds.destination("tiktok", "practice")).click();
  await page.getByTestId(testIds.option("tiktok", "privacy_level")).selectOption("SELF_ONLY");
  await page.getByTestId(testIds.publishNow).click();
  const publication = page.getByTestId(testIds.publication("tiktok"));
  await expect(publication).toHaveAttribute("data-state", "failed");
  await expect(publication).toContainText("TikTok refused “sunrise on the ridge.mp4” at “Ada Practice”.");
  await page.getByTestId(testIds.publicationAction("retry")).click();
  await expect(publication).toHaveAttribute("data-state", "published");
});

test("a doubt is called a doubt, and only the user's answer ends it", async ({ page }) => {
  await open(page, "posts/post-night");
  const publication = page.getByTestId(testIds.publication("tiktok"));
  await expect(publication).toContainText("Did it go out?");
  await page.getByTestId(testIds.publicationAction("it_is_there")).click();
  await expect(publication).toHaveAttribute("data-state", "published");
  await expect(publication).toContainText("You have seen it at the platform");
});

test("what is staged can be cancelled", async ({ page }) => {
  await open(page, "posts/post-wave");
  const publication = page.getByTestId(testIds.publication("tiktok"));
  await publication.getByTestId(testIds.publicationAction("cancel")).click();
  await expect(publication).toHaveAttribute("data-state", "cancelled");
});

test("a running upload shows progress, rate and time left under Activity", async ({ page }) => {
  await open(page, "composer/post-plant", "studio", 1);
  await page.getByTestId(testIds.publishNow).click();
  await page.getByTestId(testIds.nav("activity")).click();
  const transfer = page.getByTestId(testIds.transfer);
  await expect(transfer).toContainText("MB/s");
  await expect(transfer).toContainText("left");
  await expect(transfer.getByRole("progressbar")).toHaveAttribute("aria-valuenow", /^[1-9]/);
});

test("a scheduled post is locked until it is a draft again", async ({ page }) => {
  await open(page, "composer/post-ridge");
  await expect(page.getByTestId(testIds.caption)).toBeDisabled();
  await page.getByTestId(testIds.unschedule).click();
  await expect(page.getByTestId(testIds.caption)).toBeEnabled();
  await expect(page.getByTestId(testIds.schedule)).toBeEnabled();
});

test("tabs count and filter", async ({ page }) => {
  await open(page, "posts");
  await expect(page.getByTestId(testIds.postsTab("all"))).toContainText("6");
  await page.getByTestId(testIds.postsTab("needs_you")).click();
  await expect(page.getByTestId(testIds.postRow)).toHaveCount(1);
  await expect(page.getByTestId(testIds.publicationStatus("tiktok"))).toHaveText("Needs you");
  await page.getByTestId(testIds.postsTab("moving")).click();
  await expect(page.getByText("Nothing under “In progress”")).toBeVisible();
});

test("deleting a post can be undone", async ({ page }) => {
  await open(page, "composer/post-plant");
  await page.getByTestId(testIds.deletePost).click();
  await expect(page.getByTestId(testIds.postRow)).toHaveCount(5);
  await page.getByTestId(testIds.toastUndo).click();
  await expect(page.getByTestId(testIds.postRow)).toHaveCount(6);
});

test("every row of a practice post carries the badge, and no real one does", async ({ page }) => {
  await open(page, "posts");
  const badgesOf = (post: string) => page.locator(`[data-post="${post}"]`).getByTestId(testIds.practiceBadge);
  await expect(badgesOf("post-wave")).toHaveCount(2);
  await expect(badgesOf("post-ridge")).toHaveCount(0);
});

test("a live post whose cover is missing says so, and the cover alone is tried again", async ({ page }) => {
  await open(page, "posts/post-espresso");
  const publication = page.getByTestId(testIds.publication("youtube"));
  await expect(publication).toContainText("Live, cover not set");
  await expect(publication).toContainText("Published, warning");
  await publication.getByTestId(testIds.publicationAction("retry")).click();
  await expect(publication).not.toContainText("cover not set");
  await expect(publication).toHaveAttribute("data-state", "published");
  await expect(publication.getByTestId(testIds.publicationAction("retry"))).toHaveCount(0);
});
