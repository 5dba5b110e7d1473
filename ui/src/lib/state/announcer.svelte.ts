/** What screen readers are told: progress politely, failure at once. */
export class Announcer {
  polite = $state("");
  assertive = $state("");

  say = (text: string): void => {
    this.polite = text;
  };

  alert = (text: string): void => {
    this.assertive = text;
  };
}
