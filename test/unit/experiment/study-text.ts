import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A small study, to be changed by tests. */
export const STUDY = `name: small
seed: 1
replications: 2
duration: 2 min
warm-up: 10 s
infrastructure:
  topology: geant2012
  computes-per-site: 1
placement: centralized
workload:
  - operation: server-list
    from: every-site
    arrivals: {poisson: 2 per min}
  - name: tokens
    mix: {token-issue: 2, image-list: 1}
    runner: {constant: {concurrency: 2, times: 5}}
    think-time: 1 s
factors:
  placement: [centralized, cells]
  infrastructure.rtt-scale: [0.5, 1]
baseline: {placement: centralized}
`;

/** Writes text to study.yaml in a new folder. */
export function studyFile(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'fogplane-test-')), 'study.yaml');
  writeFileSync(file, text);
  return file;
}

/** `STUDY` with one piece of text replaced; the piece must be there. */
export function changed(from: string, to: string): string {
  if (!STUDY.includes(from)) throw new Error(`the study has no ${JSON.stringify(from)}`);
  return STUDY.replace(from, to);
}
