import { expect, test, type Page } from "@playwright/test";

import { open, testIds } from "./pages";

/** Drops files on the window the way a browser tells it. */
async function drop(page: Page, names: string[]): Promise<void> {
  await page.evaluate((wanted) => {
    const data = new DataTransfer();
    for (const name of wanted) data.items.add(new File(["x"], name));
    for (const kind of ["dragenter", "dragover", "drop"]) window.dispatchEvent(new DragEvent(kind, { dataTransfer: data, cancelable: true, bubbles: true }));
  }, names);
}

test("a card tells what was measured", async ({ page }) => {
  await open(page, "library");
  const card = page.getByTestId(testIds.assetCard).filter({ hasText: "sunrise on the ridge.mp4" });
  await expect(card.getByTestId(testIds.assetDuration)).toHaveText("0:34");
  await expect(card).toContainText("1080 × 1920 · 30 fps");
  await expect(card).toContainText("H.264 · AAC · 48.2 MB");
  await expect(card.locator("img").first()).toBeVisible();
});

test("a finding names the rule, what was measured, what is allowed and the fix", async ({ page }) => {
  await open(page, "library");
  const card = page.getByTestId(testIds.assetCard).filter({ hasText: "night drive.mp4" });
  await card.getByRole("button", { name: "1 finding" }).click();
  const finding = card.getByTestId(testIds.finding);
  await expect(finding).toContainText("The frame rate is higher than TikTok takes.");
  await expect(finding).toContainText("120 fps");
  await expect(finding).toContainText("23 to 60 fps");
  await expect(finding).toContainText("Daypart converts the video");
});

test("a picture tells what it is and why it is no post by itself", async ({ page }) => {
  await open(page, "library");
  const card = page.getByTestId(testIds.assetCard).filter({ hasText: "thumbnail idea.jpg" });
  await expect(card).toContainText("1920 × 1080");
  await expect(card).toContainText("JPEG · Display P3 · 2.40 MB");
  await expect(card.getByTestId(testIds.assetDuration)).toHaveCount(0);
  await expect(card.getByTestId(testIds.assetUse)).toBeDisabled();
  await card.getByRole("button", { name: "2 findings" }).click();
  await expect(card.getByTestId(testIds.finding).first()).toContainText("TikTok takes pictures only from a public web address");
});

test("pictures and videos can be dropped together", async ({ page }) => {
  await open(page, "library", "empty");
  await drop(page, ["clip.mp4", "cover.png"]);
  const cards = page.getByTestId(testIds.assetCard);
  await expect(cards).toHaveCount(2);
  await expect(cards.filter({ hasText: "clip.mp4" }).getByTestId(testIds.assetUse)).toBeEnabled();
  await expect(cards.filter({ hasText: "cover.png" })).toContainText("Picture");
  await expect(cards.filter({ hasText: "cover.png" }).getByTestId(testIds.assetUse)).toBeDisabled();
});

test("dropped videos appear and refused files say why, without breaking the rest", async ({ page }) => {
  await open(page, "today", "empty");
  await drop(page, ["clip with spaces.mp4", "notes.txt", "empty.mp4"]);
  await expect(page.getByTestId(testIds.assetCard)).toHaveCount(1);
  await expect(page.getByTestId(testIds.assetCard)).toHaveAttribute("data-state", "ready");
  const refusals = page.getByTestId(testIds.refusal);
  await expect(refusals).toHaveCount(2);
  await expect(refusals.first()).toContainText("“notes.txt” is not a video");
  await expect(refusals.last()).toContainText("“empty.mp4” is empty");
  await refusals.first().getByRole("button", { name: "Dismiss" }).click();
  await expect(refusals).toHaveCount(1);
});

test("a video dropped on an empty composer becomes the post's video", async ({ page }) => {
  await open(page, "composer/0198c0de-0000-7000-8000-00000000abcd", "empty");
  await expect(page.getByText("No video yet")).toBeVisible();
  await drop(page, ["harbour at dusk.mp4", "readme.txt"]);
  await expect(page.getByTestId(testIds.composerAssetName)).toHaveText("harbour at dusk.mp4");
  await expect(page.getByTestId(testIds.refusal)).toContainText("“readme.txt” is not a video");
});

test("files held over the window light it up", async ({ page }) => {
  await open(page, "posts");
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(["x"], "a.mp4"));
    window.dispatchEvent(new DragEvent("dragenter", { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await expect(page.getByTestId(testIds.dropOverlay)).toContainText("Drop to add to the library");
});

test("pasted files are added", async ({ page }) => {
  await open(page, "library", "empty");
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData("text/uri-list", "file:///home/ada/f%C3%BCr%20dich.mp4");
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(page.getByTestId(testIds.assetName)).toHaveText("für dich.mp4");
});

test("files that the page may not see are pasted by the program", async ({ page }) => {
  await open(page, "library", "empty");
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(["x"], "hidden.mp4"));
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(page.getByTestId(testIds.assetName)).toHaveText("copied in the file manager.mp4");
});

test("removing can be undone", async ({ page }) => {
  await open(page, "library");
  const cards = page.getByTestId(testIds.assetCard);
  await expect(cards).toHaveCount(7);
  await cards.filter({ hasText: "night drive.mp4" }).getByTestId(testIds.assetRemove).click();
  await expect(cards).toHaveCount(6);
  await expect(page.getByTestId(testIds.toast)).toContainText("Removed “night drive.mp4”");
  await page.getByTestId(testIds.toastUndo).click();
  await expect(cards).toHaveCount(7);
  await expect(cards.nth(3)).toContainText("night drive.mp4");
});

for (const view of ["library", "posts", "today", "activity", "accounts"]) {
  test(`${view} says when it cannot be read, and reads again on request`, async ({ page }) => {
    await open(page, view, "broken");
    const error = page.getByTestId(testIds.errorState).first();
    await expect(error).toContainText("The database does not answer");
    await expect(error).toContainText("Check the disk, then try again.");
    await expect(error.getByRole("button", { name: "Try again" })).toBeEnabled();
  });
}

test("a list that has not been answered yet is loading", async ({ page }) => {
  await open(page, "library", "stuck");
  await expect(page.getByText("Loading the library…")).toBeVisible();
});
