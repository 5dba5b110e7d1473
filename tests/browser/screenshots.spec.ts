import { test } from "@playwright/test";

import { open, openEditor, testIds } from "./pages";

for (const scheme of ["light", "dark"] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });
    const shot = (name: string) => ({ path: `screenshots/${name}-${scheme}.png` });

    for (const [name, place] of [
      ["today", "today"], ["library", "library"], ["composer-home", "composer"], ["posts", "posts"], ["posts-doubt", "posts/post-night"], ["posts-failed", "posts/post-desk"],
      ["posts-staged", "posts/post-wave"], ["accounts", "accounts"], ["settings", "settings"], ["composer-draft", "composer/post-plant"], ["composer-locked", "composer/post-wave"],
    ] as const) {
      test(name, async ({ page }) => {
        await open(page, place);
        await page.waitForTimeout(500);
        if (name.startsWith("posts-")) await page.getByTestId(`${testIds.publicationLog}-toggle`).first().click();
        await page.waitForTimeout(200);
        await page.screenshot(shot(name));
      });
    }

    test("empty", async ({ page }) => {
      for (const view of ["today", "library", "posts", "accounts", "activity"]) {
        await open(page, view, "empty");
        await page.waitForTimeout(250);
        await page.screenshot(shot(`empty-${view}`));
      }
      await open(page, "library", "broken");
      await page.waitForTimeout(250);
      await page.screenshot(shot("broken-library"));
    });

    test("composer filled", async ({ page }) => {
      await page.setViewportSize({ width: 1280, height: 1000 });
      await open(page, "library");
      await page.getByTestId(testIds.assetCard).first().getByTestId(testIds.assetUse).click();
      await page.getByTestId(testIds.caption).fill("Up before the birds 🌄\nThe ridge at 6:12. #hiking");
      await page.getByTestId(testIds.destination("tiktok", "practice")).click();
      await page.getByTestId(testIds.destination("youtube", "real")).click();
      await page.waitForTimeout(700);
      await page.screenshot(shot("composer-blocked"));
      await page.getByTestId(testIds.option("tiktok", "disclose_commercial")).click();
      await page.getByTestId(testIds.option("tiktok", "branded_content")).click();
      await page.getByTestId(testIds.option("tiktok", "privacy_level")).selectOption({ index: 1 });
      await page.getByTestId(testIds.option("youtube", "visibility")).selectOption("unlisted");
      await page.getByTestId(testIds.option("youtube", "made_for_kids")).selectOption("no");
      await page.waitForTimeout(700);
      await page.screenshot(shot("composer-ready"));
      await page.getByLabel("Choose a date").click();
      await page.waitForTimeout(200);
      await page.screenshot(shot("composer-calendar"));
      await page.keyboard.press("Escape");
      await page.getByTestId(testIds.scheduleZone).click();
      await page.keyboard.type("york");
      await page.waitForTimeout(300);
      await page.screenshot(shot("composer-zone"));
    });

    test("editor", async ({ page }) => {
      await openEditor(page, "desk", "", 4);
      for (const key of ["Alt+ArrowRight", "Alt+ArrowRight", ".", "s", "Alt+ArrowRight", "Alt+ArrowRight", "Alt+ArrowRight", "Alt+ArrowRight", "i"]) await page.keyboard.press(key);
      await page.waitForTimeout(1500);
      await page.screenshot(shot("editor-cut"));
      for (const tab of ["picture", "sound", "cover"]) {
        await page.getByTestId(testIds.editorTab(tab)).click();
        if (tab === "picture") await page.getByTestId(testIds.aspect("portrait_9_16")).click();
        await page.waitForTimeout(900);
        await page.screenshot(shot(`editor-${tab}`));
      }
      for (const name of ["talk", "blink", "plant", "hevc"]) {
        await openEditor(page, name, "", 4);
        await page.waitForTimeout(1500);
        await page.screenshot(shot(`editor-${name}`));
      }
      await openEditor(page, "ridge", "&media=broken");
      await page.waitForTimeout(300);
      await page.screenshot(shot("editor-broken"));
    });

    test("moving", async ({ page }) => {
      await open(page, "composer/post-plant", "studio", 1);
      await page.getByTestId(testIds.option("youtube", "made_for_kids")).waitFor();
      await page.waitForTimeout(800);
      await page.getByTestId(testIds.publishNow).click();
      await page.waitForTimeout(1700);
      await page.getByTestId(testIds.nav("activity")).click();
      await page.waitForTimeout(900);
      await page.screenshot(shot("activity"));
    });

    test("overlays", async ({ page }) => {
      await open(page, "library");
      await page.waitForTimeout(300);
      await page.keyboard.press("Control+k");
      await page.waitForTimeout(200);
      await page.screenshot(shot("palette"));
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await page.waitForTimeout(200);
      await page.screenshot(shot("shortcuts"));
      await page.keyboard.press("Escape");
      await page.getByTestId(testIds.addVideos).click();
      await page.waitForTimeout(200);
      await page.getByTestId(testIds.addVideos).click();
      await page.getByTestId(testIds.assetCard).first().hover();
      await page.getByTestId(testIds.assetRemove).first().click();
      await page.waitForTimeout(300);
      await page.screenshot(shot("library-refused"));
      await open(page, "accounts", "studio", 1);
      await page.getByTestId(testIds.connect("tiktok", "practice")).click();
      await page.getByRole("button", { name: "Set up" }).click();
      await page.waitForTimeout(300);
      await page.screenshot(shot("accounts-waiting"));
    });
  });
}
