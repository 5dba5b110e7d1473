import { expect, test } from "@playwright/test";

import { open, testIds } from "./pages";

test("everything missed is listed once, and one click decides for all", async ({ page }) => {
  await open(page, "today", "slept");
  const missed = page.getByTestId(testIds.missed);
  await expect(missed.getByTestId(testIds.missedOne("publish_now"))).toHaveCount(3);
  await expect(page.getByRole("region", { name: "Needs you" }).getByText("Missed")).toHaveCount(0);
  await page.getByTestId(testIds.missedForAll("next_slot")).click();
  await expect(missed).toHaveCount(0);
});

test("each missed post is decided by itself: another time, or let go", async ({ page }) => {
  await open(page, "today", "slept");
  const missed = page.getByTestId(testIds.missed);
  await missed.getByTestId(testIds.missedOne("let_go")).first().click();
  await expect(missed.getByTestId(testIds.missedOne("let_go"))).toHaveCount(2);
  await missed.getByTestId(testIds.missedOne("new_time")).first().click();
  await missed.getByTestId(testIds.missedTime).fill("2099-01-02T09:30");
  await missed.getByTestId(testIds.missedUseTime).click();
  await expect(missed.getByTestId(testIds.missedOne("let_go"))).toHaveCount(1);
  await page.getByTestId(testIds.nav("posts")).click();
  await page.getByTestId(testIds.postsTab("scheduled")).click();
  await expect(page.getByTestId(testIds.postRow)).toHaveCount(1);
});

test("what happens to late posts is a setting that stays", async ({ page }) => {
  await open(page, "settings");
  const policy = page.getByTestId(testIds.latenessPolicy);
  await expect(policy).toHaveValue("publish_within:3600000");
  await policy.selectOption("next_slot");
  await page.getByTestId(testIds.latenessSpacing).selectOption("1800000");
  await page.getByTestId(testIds.nav("today")).click();
  await page.getByTestId(testIds.nav("settings")).click();
  await expect(policy).toHaveValue("next_slot");
  await expect(page.getByTestId(testIds.latenessSpacing)).toHaveValue("1800000");
});
