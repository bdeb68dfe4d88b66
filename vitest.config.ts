import { defineConfig } from "vitest/config";

// Two speeds: *.test.ts for `npm test`, *.long.test.ts (real servers for minutes, kills, simulation) for `npm run test:long`.
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/**/*.long.test.ts", "node_modules/**"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Two cores: more workers only make real servers slower.
    maxWorkers: 2,
  },
});
