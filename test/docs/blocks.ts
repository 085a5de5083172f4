import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** Every page that readers see, in order. */
export function pages(): string[] {
  const found = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
  for (const folder of ['docs', 'experiments']) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && entry.name.endsWith('.md')) {
        found.push(relative(root, join(entry.parentPath, entry.name)));
      }
    }
  }
  return found.sort();
}

/** The fenced blocks of all pages in some languages. */
export function blocks(...languages: string[]): Block[] {
  return pages().flatMap((page) => {
    const lines = readFileSync(join(root, page), 'utf8').split('\n');
    const found: Block[] = [];
    for (let i = 0; i < lines.length; i++) {
      const language = /^```(\w+)$/.exec(lines[i])?.[1];
      if (language === undefined) continue;
      const end = lines.indexOf('```', i + 1);
      const text = lines.slice(i + 1, end).join('\n');
      if (languages.includes(language)) found.push({ page, line: i + 2, language, text });
      i = end;
    }
    return found;
  });
}
