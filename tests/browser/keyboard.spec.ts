import { expect, test, type Page } from "@playwright/test";

import { open, testIds } from "./pages";

/** Presses Tab until the element has the focus; fails when it is out of reach. */
async function tabTo(page: Page, testId: string, presses_max = 60): Promise<void> {
  const target = page.getByTestId(testId).first();
  await expect(target).toBeVisible();
  for (let press = 0; press < presses_max; press += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${testId} cannot be reached by ${presses_max} presses of Tab`);
}

test("from the library to a scheduled post without a pointer", async ({ page }) => {
  await open(page, "today");
  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await tabTo(page, testIds.assetUse);
  await page.keyboard.press("Enter");
  await tabTo(page, testIds.caption);
  await page.keyboard.type("By keyboard alone");
  await tabTo(page, testIds.destination("tiktok", "practice"));
  await page.keyboard.press("Space");
  await tabTo(page, testIds.option("tiktok", "privacy_level"));
  await page.keyboard.press("O");
  await expect(page.getByTestId(testIds.option("tiktok", "privacy_level"))).toHaveValue("SELF_ONLY");
  await tabTo(page, testIds.scheduleDate);
  await page.keyboard.press("Control+A");
  await page.keyboard.type("2031-02-03");
  await tabTo(page, testIds.scheduleTime);
  await page.keyboard.press("Control+A");
  await page.keyboard.type("11:30 pm");
  await tabTo(page, testIds.scheduleZone);
  await page.keyboard.press("Control+A");
  await page.keyboard.type("london");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId(testIds.scheduleZone)).toHaveValue("Europe/London");
  await tabTo(page, testIds.schedule);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId(testIds.publication("tiktok"))).toHaveAttribute("data-state", "scheduled");
  await expect(page.getByTestId(testIds.publication("tiktok"))).toContainText("4 Feb 2031, 00:30");
});

test("the palette finds and runs actions", async ({ page }) => {
  await open(page, "library");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("accounts");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId(testIds.palette)).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Accounts");
});

test("the shortcut sheet opens with ? and closes with Escape", async ({ page }) => {
  await open(page, "posts");
  await page.keyboard.press("?");
  await expect(page.getByTestId(testIds.shortcutSheet)).toContainText("New post");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId(testIds.shortcutSheet)).toHaveCount(0);
});

test("shortcuts leave typing alone", async ({ page }) => {
  await open(page, "composer/post-plant");
  await page.getByTestId(testIds.caption).focus();
  await page.keyboard.type("nagl?");
  await expect(page.getByTestId(testIds.caption)).toHaveValue(/nagl\?/);
  await expect(page.getByTestId(testIds.shortcutSheet)).toHaveCount(0);
});

test("a new view takes the focus", async ({ page }) => {
  await open(page, "today");
  await page.getByTestId(testIds.nav("posts")).click();
  await expect(page.getByRole("main")).toBeFocused();
});

test("the theme setting overrides the system and is kept", async ({ page }) => {
  await open(page, "settings");
  const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  await page.getByTestId(testIds.theme).selectOption("dark");
  expect(await scheme()).toBe("dark");
  await page.reload();
  await expect(page.getByTestId(testIds.theme)).toHaveValue("dark");
  expect(await scheme()).toBe("dark");
});
