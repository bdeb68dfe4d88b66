import { defineConfig } from "vitest/config";

// One file after the other: each of them wants the whole machine.
export default defineConfig({
  test: {
    include: ["test/**/*.long.test.ts"],
    exclude: ["node_modules/**"],
    fileParallelism: false,
    testTimeout: 10 * 60_000,
    hookTimeout: 2 * 60_000,
  },
});
