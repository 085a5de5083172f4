import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newFolder } from './run-cli.js';

/** Stands for npm: notes that it ran and installs a compiler that does the same. */
const NPM = `
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
appendFileSync('log', process.argv.slice(2).join(' ') + '\\n');
if (process.env.NPM_FAILS) process.exit(1);
setTimeout(() => {
  mkdirSync('node_modules/typescript/bin', { recursive: true });
  writeFileSync('node_modules/typescript/bin/tsc', \`
    const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
    appendFileSync('log', 'tsc\\\\n');
    if (process.env.TSC_FAILS) process.exit(2);
    const folder = process.argv[process.argv.indexOf('--outDir') + 1] + '/src/cli';
    mkdirSync(folder, { recursive: true });
    writeFileSync(folder + '/main.js', 'export const main = (argv) => { console.log(argv.join()); return 0; };');
  \`);
  writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: {
    'node_modules/yargs': { version: process.env.YARGS || '18.0.0' },
  } }));
}, 300);
`;

const LOCK = {
  packages: {
    '': { name: 'fogplane' },
    'node_modules/yargs': { version: '18.0.0' },
    'node_modules/only-on-windows': { version: '1.0.0', optional: true },
  },
};

function clone(): string {
  const folder = newFolder();
  for (const part of ['scripts', 'bin', 'tsconfig.json', 'tsconfig.build.json', 'package.json']) {
    cpSync(part, join(folder, part), { recursive: true });
  }
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src', 'api.ts'), 'export {};\n');
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(LOCK));
  writeFileSync(join(folder, 'npm.cjs'), NPM);
  return folder;
}

function node(folder: string, script: string, environment: Record<string, string> = {}) {
  const env = { ...process.env, npm_execpath: join(folder, 'npm.cjs'), ...environment };
  delete (env as Record<string, unknown>).FOGPLANE_BUILD_LOCK;
  const child = spawn(process.execPath, [script, 'x'], { cwd: folder, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += data;
    });
  }
  return new Promise<{ code: number | null; output: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, output })),
  );
}

const setup = (folder: string, environment?: Record<string, string>) =>
  node(folder, 'scripts/setup.js', environment);
const logOf = (folder: string) =>
  readFileSync(join(folder, 'log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0]);

describe('the setup of a clone', () => {
  it('installs and builds what is missing, once', async () => {
    const folder = clone();
    expect((await node(folder, 'bin/fogplane.js')).code).toBe(2);
    expect((await setup(folder)).code).toBe(0);
    expect(logOf(folder)).toEqual(['ci', 'tsc']);
    expect(readFileSync(join(folder, 'log'), 'utf8')).toContain('ci --include=dev');
    expect(await node(folder, 'bin/fogplane.js')).toEqual({ code: 0, output: 'x\n' });
    expect(await node(folder, 'node_modules/.bin/fogplane')).toEqual({ code: 0, output: 'x\n' });
    expect(await setup(folder)).toEqual({ code: 0, output: '' });
    expect(logOf(folder)).toEqual(['ci', 'tsc']);
  });

  it('says what to do where nothing is built', async () => {
    const { code, output } = await node(clone(), 'bin/fogplane.js');
    expect(code).toBe(2);
    expect(output).toMatch(/not built yet: run `npm start`.*`npm install`/);
  });

  it('builds again where the text of a source is another, not where its time is', async () => {
    const folder = clone();
    await setup(folder);
    const source = join(folder, 'src', 'api.ts');
    utimesSync(source, new Date(), new Date());
    await setup(folder);
    expect(logOf(folder)).toEqual(['ci', 'tsc']);
    writeFileSync(source, 'export const a = 1;\n');
    await setup(folder);
    expect(logOf(folder)).toEqual(['ci', 'tsc', 'tsc']);
    rmSync(join(folder, 'dist'), { recursive: true });
    await setup(folder);
    expect(logOf(folder)).toEqual(['ci', 'tsc', 'tsc', 'tsc']);
  });

  it('installs again where the lock file asks for another version', async () => {
    const folder = clone();
    await setup(folder);
    const lock = structuredClone(LOCK);
    lock.packages['node_modules/yargs'].version = '18.0.1';
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
    await setup(folder, { YARGS: '18.0.1' });
    await setup(folder);
    expect(logOf(folder)).toEqual(['ci', 'tsc', 'ci', 'tsc']);
  });

  it('lets a second process wait for the first', async () => {
    const folder = clone();
    const both = await Promise.all([setup(folder), setup(folder), setup(folder)]);
    expect(both.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(logOf(folder)).toEqual(['ci', 'tsc']);
    expect(existsSync(join(folder, '.fogplane', 'build.lock'))).toBe(false);
  });

  it('takes away the lock of a process that has died', async () => {
    const folder = clone();
    mkdirSync(join(folder, '.fogplane', 'build.lock'), { recursive: true });
    writeFileSync(join(folder, '.fogplane', 'build.lock', 'owner'), '999999999');
    expect((await setup(folder)).code).toBe(0);
  });

  it('fails where npm or the compiler fails, and leaves the old build', async () => {
    const folder = clone();
    expect(await setup(folder, { NPM_FAILS: '1' })).toMatchObject({ code: 1 });
    await setup(folder);
    writeFileSync(join(folder, 'src', 'api.ts'), 'not TypeScript\n');
    const { code, output } = await setup(folder, { TSC_FAILS: '1' });
    expect(code).toBe(1);
    expect(output).toContain('the build failed');
    expect((await node(folder, 'bin/fogplane.js')).code).toBe(0);
    expect((await setup(folder)).code).toBe(0);
  });
});

it('the lock file has the packages of every platform', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  for (const [path, entry] of Object.entries<Record<string, object>>(packages)) {
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      const places = [`${path}/node_modules/${name}`, `node_modules/${name}`];
      expect(
        places.some((place) => place in packages),
        `${name}, wanted by ${path}`,
      ).toBe(true);
    }
  }
});
