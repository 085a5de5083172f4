import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createJiti } from 'jiti';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { COMMANDS } from '../../src/cli/commands.js';
import { blocks, pages, root } from './blocks.js';

const folder = mkdtempSync(join(tmpdir(), 'fogplane-docs-'));
for (const shown of ['experiments', 'test']) symlinkSync(join(root, shown), join(folder, shown));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const BASE = `
name: base
duration: 1 min
warm-up: 10 s
infrastructure: { topology: { generator: pair, params: { round-trip: 10 ms } }, computes-per-site: 1 }
placement: centralized
workload: [{ operation: token-issue, from: every-site, arrivals: { poisson: 1 per min } }]
`;

/** Runs fogplane as a reader would, in a folder of its own. */
function fogplane(args: readonly string[]): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'bin/fogplane.js'), ...args],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  return { status, text: stdout + stderr };
}

/** The words of a command line; quotes hold words together, also within a word. */
function words(line: string): string[] {
  return [...line.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) =>
    word.replaceAll(/['"]/g, ''),
  );
}

/** Short enough for a test: the same command, of a small part of its work. */
function shortened(args: readonly string[]): string[] {
  if (args[0] !== 'run' && args[0] !== 'sensitivity') return [...args];
  const given = [...args, '--set', 'duration=2 min', '--set', 'warm-up=30 s'];
  if (args[0] === 'run' && !args.includes('--replications')) given.push('--replications', '1');
  if (!args.some((word) => word.startsWith('infrastructure.computes-per-site='))) {
    given.push('--set', 'infrastructure.computes-per-site=1');
  }
  if (!args.includes('--out')) given.push('--out', 'results/short');
  return given;
}

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

const commands = blocks('sh').flatMap(({ page, line, text }) =>
  text
    .split('\n')
    .filter((command) => command.trim() !== '')
    .map((command, i) => ({ place: `${page}:${line + i}`, command })),
);

describe('commands of the pages', () => {
  it.each(commands.filter(({ command }) => command.startsWith('npm ')))(
    '$place $command is a script',
    ({ command }) => {
      const [, first, second] = words(command);
      expect(scripts).toHaveProperty(first === 'run' ? second : first);
    },
  );

  const own = commands.filter(({ command }) => command.startsWith('npx fogplane '));
  it.each(own)('$place $command', ({ command }) => {
    const args = words(command).slice(2);
    // Pages that show how to begin a model all begin the same one.
    if (args[0] === 'new-model') rmSync(join(folder, 'models'), { recursive: true, force: true });
    const { status, text } = fogplane(shortened(args));
    expect(text).not.toContain('internal error');
    expect(status, text).toBe(0);
  });

  it('are all of these two kinds', () => {
    const other = commands.filter(({ command }) => !/^(npm|npx fogplane) /.test(command));
    expect(other).toEqual([]);
  });

  it('name every command of fogplane', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    for (const { name } of COMMANDS) expect(readme).toContain(`fogplane ${name}`);
  });
});

describe('YAML of the pages', () => {
  it.each(blocks('yaml').map((block) => [`${block.page}:${block.line}`, block.text] as const))(
    '%s',
    (place, text) => {
      const value = parse(text) as Record<string, unknown>;
      const file = join(folder, `${place.replaceAll(/\W/g, '-')}.yaml`);
      // A part of an experiment is checked within a whole one.
      const whole = 'workload' in value ? value : { ...(parse(BASE) as object), ...value };
      writeFileSync(file, JSON.stringify(whole));
      const { status, text: said } = fogplane(['check', file]);
      expect(status, said).toBe(0);
    },
  );
});

describe('TypeScript of the pages', () => {
  const jiti = createJiti(import.meta.url, { alias: { fogplane: join(root, 'dist/src/api.js') } });
  const models = blocks('ts').filter(({ text }) => text.includes('export default definePlacement'));

  it.each(models.map((block) => [`${block.page}:${block.line}`, block.text] as const))(
    '%s is a model that plans',
    (_place, text) => {
      writeFileSync(join(folder, 'my-model.ts'), text);
      writeFileSync(join(folder, 'base.yaml'), BASE);
      const { status, text: said } = fogplane([
        'check',
        'base.yaml',
        '--set',
        'placement=./my-model.ts',
      ]);
      expect(status, said).toBe(0);
    },
  );

  const programs = blocks('ts').filter(({ text }) => text.includes("from './my-model.js'"));
  it.each(programs.map((block) => [`${block.page}:${block.line}`, block.text] as const))(
    '%s runs',
    async (_place, text) => {
      expect(existsSync(join(folder, 'my-model.ts'))).toBe(true);
      const file = join(folder, 'program.ts');
      writeFileSync(file, text);
      await jiti.import(file);
    },
  );

  it('shows types as they are', () => {
    const source = readFileSync(join(root, 'src/placement/deployment.ts'), 'utf8');
    const shown = blocks('ts').filter(({ text }) => text.startsWith('interface'));
    expect(shown.length).toBeGreaterThan(0);
    for (const { text } of shown) {
      for (const [, field] of text.matchAll(/^ {2}(\w+\??):/gm))
        expect(source).toContain(`  ${field}: `);
    }
  });
});

describe('links of the pages', () => {
  it.each(pages())('%s', (page) => {
    const text = readFileSync(join(root, page), 'utf8').replaceAll(/```[\s\S]*?```/g, '');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]);
    const missing = links
      .filter((link) => !/^https?:/.test(link))
      .map((link) => link.split('#')[0])
      .filter((link) => link !== '' && !existsSync(resolve(root, dirname(page), link)));
    expect(missing).toEqual([]);
  });
});
