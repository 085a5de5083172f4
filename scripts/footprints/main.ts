/*
 * Compares the recipes of models/operations/zed with what was measured and writes the tables of
 * docs/models/footprints.md:
 *
 *   npx jiti scripts/footprints/main.ts
 *
 * The constants of the CPU model it only prints: who changes a recipe enters them in the service's file.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fitCpu } from './fit-cpu.js';
import { loadFootprints } from './load-footprints.js';
import { cpuRows } from './measured-cpu.js';
import { generatedTables, withTables } from './tables.js';

const page = new URL('../../docs/models/footprints.md', import.meta.url);
const footprints = loadFootprints('zed');
writeFileSync(page, withTables(readFileSync(page, 'utf8'), generatedTables(footprints)));
for (const [service, constants] of fitCpu(footprints, cpuRows(footprints)).services) {
  console.log(`${service}:`);
  for (const [constant, ms] of Object.entries(constants)) console.log(`  ${constant}: ${ms} ms`);
}
