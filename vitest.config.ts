import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { fogplane: fileURLToPath(new URL('./src/api.ts', import.meta.url)) } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/setup/temporary-folder.ts',
    testTimeout: 120_000,
    maxWorkers: 2,
  },
});
