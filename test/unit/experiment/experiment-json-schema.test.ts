import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { experimentSchemaText } from '../../../src/experiment/experiment-json-schema.js';

it('the JSON Schema that is shipped is the one that validates', () => {
  const shipped = readFileSync('experiments/experiment.schema.json', 'utf8');
  // Out of date: npm run schema.
  expect(shipped).toBe(experimentSchemaText());
});

it('the JSON Schema describes every field', () => {
  const schema = JSON.parse(experimentSchemaText());
  const { properties } = schema.properties.infrastructure;
  const fields = { ...schema.properties, ...properties };
  delete fields.infrastructure;
  for (const [name, field] of Object.entries(fields)) {
    expect((field as { description?: string }).description, name).toBeTruthy();
  }
});
