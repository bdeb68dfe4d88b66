/**
 * Header by which a client names itself, so that its requests are counted for themselves: 1 to 64 letters, digits, dots, colons, dashes
 * or underscores. Those without it count as one.
 */
export const clientHeader = "octo-client";
