import { defineConfig } from "vitest/config";

// Two speeds: *.test.ts for `npm test`, *.long.test.ts (minutes of kills, torn writes, simulation) for `npm run test:long`.
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/**/*.long.test.ts", "node_modules/**"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Two cores: more workers only make real servers slower.
    maxWorkers: 2,
    coverage: {
      provider: "v8",
      reporter: ["text", "html", "json-summary"],
      include: ["bridge/**/*.ts", "shared/**/*.ts"],
      // The rest runs mostly in child processes, where nothing is counted.
      thresholds: { "bridge/core/**/*.ts": { lines: 90 } },
    },
  },
});
