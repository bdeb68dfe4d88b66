/** octo's version that this plugin belongs to; a test compares it with package.json. */
export const pluginVersion = "0.1.0";
