/** Of this octo; the same as in package.json (a test compares them). */
export const octoVersion = "0.1.0";
