#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';

const program = new URL('../dist/src/cli/main.js', import.meta.url);
if (existsSync(program)) {
  // From Node 22 on: spares compiling the same code at every start.
  module.enableCompileCache?.();
  const { main } = await import(program.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  console.error(
    'fogplane is not built yet: run `npm start` (installs, builds and runs the default study) ' +
      'or `npm install` in its folder',
  );
  process.exitCode = 2;
}
