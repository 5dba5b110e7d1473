import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";

import { open, testIds, views } from "./pages";

async function expectNoViolations(page: Page): Promise<void> {
  const result = await new AxeBuilder({ page }).analyze();
  const told = result.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => `${node.target.join(" ")} (${node.failureSummary ?? ""})`).join(" | ")}`);
  expect(told).toEqual([]);
}

for (const scheme of ["light", "dark"] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });

    test("no view has a violation", async ({ page }) => {
      await open(page, "today");
      for (const view of views) {
        await test.step(view, async () => {
          await page.getByTestId(testIds.nav(view)).click();
          await expect(page.getByRole("heading", { level: 1 })).toHaveText(view, { ignoreCase: true });
          await expectNoViolations(page);
        });
      }
    });

    test("the composer has none, with everything open and something wrong", async ({ page }) => {
      await open(page, "composer/post-plant");
      await page.getByTestId(testIds.destination("tiktok", "practice")).click();
      await page.getByTestId(testIds.option("tiktok", "disclose_commercial")).click();
      await page.getByText("More options").first().click();
      await page.getByTestId(testIds.textField("youtube", "title")).fill("a".repeat(101));
      await expect(page.getByText("too many")).toBeVisible();
      await expect(page.getByTestId(testIds.blockingReason).first()).toBeVisible();
      await expectNoViolations(page);
    });

    test("a publication that needs an answer has none, with its log open", async ({ page }) => {
      await open(page, "posts/post-night");
      await page.getByTestId(`${testIds.publicationLog}-toggle`).first().click();
      await expect(page.getByTestId(testIds.publicationLog)).toContainText("Scheduled in the composer");
      await expectNoViolations(page);
    });

    test("dialogs, pickers and the waiting sign-in have none", async ({ page }) => {
      await open(page, "composer/post-plant");
      await page.getByLabel("Choose a date").click();
      await expect(page.getByRole("grid")).toBeVisible();
      await expectNoViolations(page);
      await page.keyboard.press("Escape");
      await page.getByTestId(testIds.scheduleZone).click();
      await page.keyboard.type("york");
      await expect(page.getByRole("option", { name: "New York" })).toBeVisible();
      await expectNoViolations(page);
      await page.keyboard.press("Escape");
      await page.getByTestId(testIds.nav("accounts")).click();
      await page.getByRole("button", { name: "Set up" }).click();
      await expectNoViolations(page);
      await page.keyboard.press("Control+k");
      await expect(page.getByTestId(testIds.palette)).toBeVisible();
      await expectNoViolations(page);
    });

    test("empty and failed views have none", async ({ page }) => {
      await open(page, "today", "empty");
      await expect(page.getByRole("heading", { name: "Your first post, in practice" })).toBeVisible();
      await expectNoViolations(page);
      await open(page, "library", "broken");
      await expect(page.getByTestId(testIds.errorState)).toBeVisible();
      await expectNoViolations(page);
    });
  });
}

test("high contrast has no violation either", async ({ page }) => {
  await open(page, "settings");
  await page.getByLabel("Contrast").selectOption("more");
  await page.getByTestId(testIds.nav("posts")).click();
  await expect(page.getByTestId(testIds.postRow).first()).toBeVisible();
  await expectNoViolations(page);
});
