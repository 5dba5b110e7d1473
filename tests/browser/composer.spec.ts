import { expect, test, type Page } from "@playwright/test";

import { open, testIds } from "./pages";

const saved = (page: Page) => expect(page.getByTestId(testIds.composerSaved)).toHaveAttribute("data-saving", "saved");

/** A new post on the first video, to both practice accounts. */
async function newPost(page: Page): Promise<void> {
  await open(page, "library");
  await page.getByTestId(testIds.assetCard).first().getByTestId(testIds.assetUse).click();
  await page.getByTestId(testIds.destination("tiktok", "practice")).click();
  await page.getByTestId(testIds.destination("youtube", "practice")).click();
}

test("TikTok's visibility has no default and blocks until it is chosen", async ({ page }) => {
  await newPost(page);
  const visibility = page.getByTestId(testIds.option("tiktok", "privacy_level"));
  await expect(visibility.locator("option")).toHaveText(["Choose…", "Everyone", "Friends", "Only me"]);
  await expect(visibility).toHaveValue("");
  const reasons = page.getByTestId(testIds.blockingReason);
  await expect(reasons.filter({ hasText: "Who can view this video" })).toBeVisible();
  await expect(page.getByTestId(testIds.schedule)).toBeDisabled();
  await expect(page.getByTestId(testIds.publishNow)).toBeDisabled();
  await visibility.selectOption("SELF_ONLY");
  await expect(reasons.filter({ hasText: "Who can view this video" })).toHaveCount(0);
});

test("comment, duet and stitch are off, and what the account has switched off is greyed out with its reason", async ({ page }) => {
  await newPost(page);
  for (const key of ["allow_comment", "allow_duet", "allow_stitch"]) {
    await expect(page.getByTestId(testIds.option("tiktok", key))).toHaveAttribute("aria-checked", "false");
  }
  await expect(page.getByTestId(testIds.option("tiktok", "allow_stitch"))).toBeDisabled();
  await expect(page.getByText("Stitch is switched off in this TikTok account.")).toBeVisible();
});

test("a commercial disclosure wants its kind, and branded content cannot be private", async ({ page }) => {
  await newPost(page);
  const visibility = page.getByTestId(testIds.option("tiktok", "privacy_level"));
  await expect(page.getByTestId(testIds.option("tiktok", "branded_content"))).toHaveCount(0);
  await page.getByTestId(testIds.option("tiktok", "disclose_commercial")).click();
  await expect(page.getByTestId(testIds.blockingReason).filter({ hasText: "your own brand, another brand, or both" })).toBeVisible();
  await page.getByTestId(testIds.option("tiktok", "branded_content")).click();
  await expect(page.getByTestId(testIds.blockingReason).filter({ hasText: "or both" })).toHaveCount(0);
  await expect(visibility.locator("option")).toHaveText(["Choose…", "Everyone", "Friends"]);
  await expect(page.getByText("Branded content visibility cannot be private.")).toBeVisible();
  await page.getByTestId(testIds.option("tiktok", "disclose_commercial")).click();
  await expect(visibility.locator("option")).toHaveCount(4);
});

test("the consent line names what is agreed to, and links to it", async ({ page }) => {
  await newPost(page);
  await expect(page.getByText("By posting, you agree to TikTok's Music Usage Confirmation")).toBeVisible();
  const opened = page.evaluate(() => new Promise((resolve) => window.addEventListener("fake-open-link", (event) => resolve((event as CustomEvent).detail), { once: true })));
  await page.getByRole("button", { name: "Music Usage Confirmation" }).click();
  expect(await opened).toContain("music-usage-confirmation");
});

test("counters count in each platform's own unit", async ({ page }) => {
  await newPost(page);
  await page.getByTestId(testIds.caption).fill("👩‍👩‍👧 ü");
  await expect(page.getByTestId(testIds.textCounter("tiktok", "title"))).toContainText("10 / 2200");
  await expect(page.getByTestId(testIds.textCounter("youtube", "description"))).toContainText("21 / 5000");
  await expect(page.getByTestId(testIds.textCounter("youtube", "title"))).toContainText("10 / 100");
});

test("a text of its own stays behind when the caption changes, until it follows again", async ({ page }) => {
  await newPost(page);
  await page.getByTestId(testIds.caption).fill("First line\nand more");
  const title = page.getByTestId(testIds.textField("youtube", "title"));
  await expect(title).toHaveValue("First line");
  await title.fill("My own title");
  await page.getByTestId(testIds.caption).fill("Something else");
  await expect(title).toHaveValue("My own title");
  await page.getByRole("button", { name: "Follow the caption" }).click();
  await expect(title).toHaveValue("Something else");
});

test("too long a title blocks, with the number and the limit", async ({ page }) => {
  await newPost(page);
  await page.getByTestId(testIds.textField("youtube", "title")).fill("x".repeat(103));
  await expect(page.getByTestId(testIds.textCounter("youtube", "title"))).toContainText("3 too many");
  await expect(page.getByTestId(testIds.blockingReason).filter({ hasText: "title is too long" })).toBeVisible();
});

test("everything typed survives a reload", async ({ page }) => {
  await newPost(page);
  await page.getByTestId(testIds.caption).fill("Half a sentence, and then");
  await page.getByTestId(testIds.option("tiktok", "privacy_level")).selectOption("MUTUAL_FOLLOW_FRIENDS");
  await page.getByTestId(testIds.scheduleDate).fill("2030-05-06");
  await page.getByTestId(testIds.scheduleTime).fill("07:45");
  await saved(page);
  await page.reload();
  await expect(page.getByTestId(testIds.caption)).toHaveValue("Half a sentence, and then");
  await expect(page.getByTestId(testIds.option("tiktok", "privacy_level"))).toHaveValue("MUTUAL_FOLLOW_FRIENDS");
  await expect(page.getByTestId(testIds.scheduleDate)).toHaveValue("2030-05-06");
  await expect(page.getByTestId(testIds.scheduleTime)).toHaveValue("07:45");
  await expect(page.getByTestId(testIds.composerAssetName)).toHaveText("sunrise on the ridge.mp4");
});

test("typing and leaving at once loses nothing", async ({ page }) => {
  await newPost(page);
  await page.getByTestId(testIds.caption).fill("Gone in a blink");
  await page.getByTestId(testIds.nav("today")).click();
  await page.goBack();
  await expect(page.getByTestId(testIds.caption)).toHaveValue("Gone in a blink");
});

test("the hint says how long it is, and where the clocks change", async ({ page }) => {
  await newPost(page);
  await page.getByTestId(testIds.scheduleDate).fill("2020-01-01");
  await expect(page.getByTestId(testIds.scheduleHint)).toContainText("This time has passed.");
  await page.getByTestId(testIds.scheduleDate).fill("2031-03-30");
  await page.getByTestId(testIds.scheduleTime).fill("02:30");
  await expect(page.getByTestId(testIds.scheduleHint)).toContainText("The clocks skip this time");
  await page.getByTestId(testIds.scheduleTime).fill("6pm");
  await page.getByTestId(testIds.scheduleTime).blur();
  await expect(page.getByTestId(testIds.scheduleTime)).toHaveValue("18:00");
  await page.getByRole("button", { name: "In 1 hour" }).click();
  await expect(page.getByTestId(testIds.scheduleHint)).toContainText(/in (1 h|59 min|1 h 1 min)/);
});

test("another zone moves the instant and shows the time here", async ({ page }) => {
  await newPost(page);
  await page.getByTestId(testIds.scheduleDate).fill("2030-01-10");
  await page.getByTestId(testIds.scheduleTime).fill("12:00");
  await page.getByTestId(testIds.scheduleZone).click();
  await page.keyboard.type("new york");
  await page.getByRole("option", { name: "New York" }).click();
  await expect(page.getByTestId(testIds.scheduleZone)).toHaveValue("America/New_York");
  await expect(page.getByTestId(testIds.scheduleHint)).toContainText("UTC−05:00");
  await expect(page.getByTestId(testIds.scheduleHint)).toContainText("18:00 here");
});

test("practice is told apart from real, in the destination and beside the button", async ({ page }) => {
  await newPost(page);
  await expect(page.getByRole("region", { name: "TikTok, Ada Practice, practice" }).getByTestId(testIds.practiceBadge)).toBeVisible();
  await expect(page.getByRole("region", { name: "Publish" })).toContainText("Nothing leaves this computer.");
  await page.getByTestId(testIds.destination("youtube", "real")).click();
  await expect(page.getByRole("region", { name: "Publish" })).toContainText("1 goes public");
});
