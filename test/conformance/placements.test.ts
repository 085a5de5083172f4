import { readdirSync } from 'node:fs';
import { PLACEMENT_CONFORMANCE, type PlacementModel } from 'fogplane';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../models/placements/', import.meta.url);
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .sort();

describe.each(files)('placement model %s', (file) => {
  it.each(PLACEMENT_CONFORMANCE.map((entry) => [entry.name, entry] as const))(
    '%s',
    async (_name, entry) => {
      const { default: model } = (await import(new URL(file, folder).href)) as {
        default: PlacementModel<never>;
      };
      expect(`${model.name}.ts`).toBe(file);
      entry.run(model);
    },
  );
});
