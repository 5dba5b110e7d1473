import { defineConfig } from "@playwright/test";

const port = Number(process.env["PORT"] ?? 4173);

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  testIgnore: process.env["SCREENSHOTS"] ? [] : ["screenshots.spec.ts"],
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  retries: 0,
  // Generous: these wait for signals, and a build machine may be slow.
  timeout: 60_000,
  expect: { timeout: 20_000 },
  reporter: [["line"]],
  outputDir: "test-results",
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1280, height: 800 },
    timezoneId: "Europe/Berlin",
    locale: "en-GB",
    reducedMotion: "reduce",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-dev-shm-usage"],
    },
  },
  webServer: {
    command: `npm run preview -- --port ${port}`,
    cwd: "../../ui",
    url: `http://127.0.0.1:${port}`,
    reuseExistingServer: !process.env["CI"],
  },
});
