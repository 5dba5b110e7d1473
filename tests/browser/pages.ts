import { expect, type Page } from "@playwright/test";

import { testIds } from "../../ui/src/lib/test_ids";

export { testIds };

export type Scenario = "studio" | "empty" | "broken" | "stuck" | "editor" | "slept";

/** Opens the interface over the fake core, and waits until its navigation stands. */
export async function open(page: Page, view: string, scenario: Scenario = "studio", pace = 20): Promise<void> {
  await page.goto(`/?scenario=${scenario}&pace=${pace}#/${view}`);
  await page.getByTestId(testIds.nav("library")).waitFor();
}

/** What the fake core does with videos, beyond its scenario: `media=broken`, `preview=/clip.webm`. */
export type MediaQuery = "" | "&copy=/preview/clip.webm" | "&media=broken" | "&media=stuck" | "&preview=/preview/clip.webm";

/** Opens the draft `post-<name>` of the scenario `editor`, and its editor; waits until its timeline stands where one can. */
export async function openEditor(page: Page, name: string, media: MediaQuery = "", pace = 20): Promise<void> {
  await page.goto(`/?scenario=editor&pace=${pace}${media}#/composer/post-${name}`);
  await page.getByTestId(testIds.editorOpen).click();
  await expect(page.getByTestId(testIds.editor)).toBeVisible();
  if (!media.startsWith("&media")) await expect(page.getByTestId(testIds.playhead)).toBeVisible();
}

/** Where the playhead stands, as it is read aloud. */
export const playheadAt = (page: Page): Promise<string | null> => page.getByTestId(testIds.playhead).getAttribute("aria-valuetext");

export const views = ["today", "library", "composer", "posts", "activity", "accounts", "settings"] as const;
