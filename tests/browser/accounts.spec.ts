import { expect, test } from "@playwright/test";

import { open, testIds } from "./pages";

test("a practice account is connected through the browser", async ({ page }) => {
  await open(page, "accounts", "empty", 5);
  await page.getByTestId(testIds.connect("tiktok", "practice")).click();
  await expect(page.getByTestId(testIds.connectWaiting)).toContainText("Waiting for your browser");
  await expect(page.getByTestId(testIds.accountRow("tiktok", "practice"))).toContainText("Ada Practice");
  await expect(page.getByTestId(testIds.connectWaiting)).toHaveCount(0);
});

test("waiting for the browser can be cancelled", async ({ page }) => {
  await open(page, "accounts", "empty", 1);
  await page.getByTestId(testIds.connect("youtube", "practice")).click();
  await page.getByTestId(testIds.connectCancel).click();
  await expect(page.getByTestId(testIds.connectWaiting)).toHaveCount(0);
  await expect(page.getByTestId(testIds.connect("youtube", "practice"))).toBeEnabled();
});

test("a real account needs credentials first, with the exact redirect URI", async ({ page }) => {
  await open(page, "accounts", "empty");
  await expect(page.getByTestId(testIds.connect("tiktok", "real"))).toBeDisabled();
  const card = page.getByRole("region", { name: "Real platforms" }).getByRole("region", { name: "TikTok" });
  await card.getByRole("button", { name: "Set up" }).click();
  await expect(card.getByText("http://127.0.0.1:*/callback/", { exact: true })).toBeVisible();
  await expect(card.getByTestId(testIds.saveCredentials)).toBeDisabled();
  await card.getByTestId(testIds.clientId).fill("my-key");
  await card.getByTestId(testIds.clientSecret).fill("my-secret");
  await expect(card.getByTestId(testIds.clientSecret)).toHaveAttribute("type", "password");
  await card.getByTestId(testIds.saveCredentials).click();
  await expect(page.getByTestId(testIds.connect("tiktok", "real"))).toBeEnabled();
});

test("practice and real stand apart", async ({ page }) => {
  await open(page, "accounts");
  await expect(page.getByRole("region", { name: "Practice platforms" }).getByTestId(testIds.practiceBadge)).toBeVisible();
  await expect(page.getByRole("region", { name: "Real platforms" }).getByTestId(testIds.practiceBadge)).toHaveCount(0);
});

test("disconnecting asks first", async ({ page }) => {
  await open(page, "accounts");
  const row = page.getByTestId(testIds.accountRow("youtube", "real"));
  await row.getByTestId(testIds.disconnect).click();
  await expect(row).toContainText("Forget this sign-in?");
  await row.getByTestId(`${testIds.disconnect}-confirm`).click();
  await expect(row).toHaveCount(0);
});

test("the first steps lead through an empty app", async ({ page }) => {
  await open(page, "today", "empty", 5);
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await page.getByTestId(testIds.connect("tiktok", "practice")).click();
  await expect(page.getByTestId(testIds.accountRow("tiktok", "practice"))).toBeVisible();
  await page.getByTestId(testIds.nav("today")).click();
  await expect(page.getByText("Done:")).toHaveCount(1);
});
