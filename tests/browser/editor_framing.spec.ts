import { expect, test, type Page } from "@playwright/test";

import { openEditor, testIds } from "./pages";

const window = (page: Page) => page.getByTestId(testIds.cropWindow);
const only = (page: Page) => page.getByTestId(testIds.onlyThisPart);
const part = (page: Page, index: number) => page.getByTestId(testIds.framedPart(index));
const undo = (page: Page) => page.getByTestId(testIds.editorAction("undo"));

/** In portrait, and cut in two some seconds in; the playhead stands in the second part. */
async function twoParts(page: Page): Promise<void> {
  await openEditor(page, "desk");
  await page.keyboard.press("Alt+ArrowRight");
  await page.keyboard.press("Alt+ArrowRight");
  await page.getByTestId(testIds.editorAction("split")).click();
  await page.getByTestId(testIds.editorTab("picture")).click();
  await page.getByTestId(testIds.aspect("portrait_9_16")).click();
  await expect(part(page, 1)).toHaveAttribute("aria-pressed", "true");
}

test("one part's window moves alone, the others stay, and which differ is to be seen", async ({ page }) => {
  await twoParts(page);
  await only(page).click();
  await window(page).focus();
  await page.keyboard.press("End");
  await expect(window(page)).toHaveAttribute("aria-valuetext", "100 % from the left");
  await expect(part(page, 1)).toHaveAccessibleName("Part 2, framed on its own");
  await expect(part(page, 0)).toHaveAccessibleName("Part 1, framed as all");

  await part(page, 0).click();
  await expect(window(page)).toHaveAttribute("aria-valuetext", "50 % from the left");
  await expect(only(page)).not.toBeChecked();
  await window(page).focus();
  await page.keyboard.press("Home");
  await expect(window(page)).toHaveAttribute("aria-valuetext", "0 % from the left");
  await part(page, 1).click();
  await expect(window(page)).toHaveAttribute("aria-valuetext", "100 % from the left");

  await only(page).click();
  await expect(window(page)).toHaveAttribute("aria-valuetext", "0 % from the left");
  await undo(page).click();
  await expect(window(page)).toHaveAttribute("aria-valuetext", "100 % from the left");
});

test("one part is fitted over its blur while the other is filled, and the preview follows the playhead", async ({ page }) => {
  await twoParts(page);
  await only(page).focus();
  await page.keyboard.press("Space");
  await page.getByTestId(testIds.fit("blur")).click();
  const blur = page.getByTestId(testIds.stage).locator(".backdrop");
  await expect(blur).toBeVisible();
  await expect(window(page)).toHaveCount(0);
  await part(page, 0).focus();
  await page.keyboard.press("Enter");
  await expect(window(page)).toBeVisible();
  await expect(page.getByTestId(testIds.fit("fill"))).toHaveAttribute("aria-pressed", "true");

  await page.getByTestId(testIds.editorTab("cut")).click();
  await expect(blur).toHaveCount(0);
  await page.getByRole("button", { name: "Go to part 2" }).click();
  await expect(blur).toBeVisible();
});

test("the framing of one part becomes that of all, in one step", async ({ page }) => {
  await twoParts(page);
  await only(page).click();
  await page.getByTestId(testIds.fit("blur")).click();
  await page.getByTestId(testIds.sameEverywhere).click();
  await expect(page.getByTestId(testIds.sameEverywhere)).toHaveCount(0);
  await part(page, 0).click();
  await expect(page.getByTestId(testIds.fit("blur"))).toHaveAttribute("aria-pressed", "true");
  await undo(page).click();
  await expect(page.getByTestId(testIds.fit("fill"))).toHaveAttribute("aria-pressed", "true");
});

test("a clip in one part has nothing to frame on its own", async ({ page }) => {
  await openEditor(page, "desk");
  await page.getByTestId(testIds.editorTab("picture")).click();
  await page.getByTestId(testIds.aspect("square")).click();
  await expect(window(page)).toBeVisible();
  await expect(only(page)).toHaveCount(0);
});

test("of several audio tracks one is chosen; what was measured is told of that one", async ({ page }) => {
  await openEditor(page, "talk");
  await page.getByTestId(testIds.editorTab("sound")).click();
  const tracks = page.getByTestId(testIds.audioTrack);
  await expect(tracks.locator("option")).toHaveText(["English, stereo AAC · main", "German, mono AAC (Dolmetscherin)", "Track 3, 5.1 AC-3"]);
  await expect(page.getByText("−17.4 LUFS")).toBeVisible();
  await tracks.selectOption({ label: "German, mono AAC (Dolmetscherin)" });
  await expect(page.getByText("−23.4 LUFS")).toBeVisible();
  await expect(page.getByText("the preview plays the main one")).toBeVisible();
  await undo(page).click();
  await expect(tracks).toHaveValue("1");
  await expect(page.getByText("−17.4 LUFS")).toBeVisible();
});

test("where there is one audio track there is nothing to choose", async ({ page }) => {
  await openEditor(page, "ridge");
  await page.getByTestId(testIds.editorTab("sound")).click();
  await expect(page.getByTestId(testIds.volume)).toBeVisible();
  await expect(page.getByTestId(testIds.audioTrack)).toHaveCount(0);
});
