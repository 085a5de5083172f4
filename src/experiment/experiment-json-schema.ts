import { z } from 'zod';
import { experimentSchema } from './experiment-schema.js';

/**
 * JSON Schema of an experiment file as users write it, for completion in editors:
 * experiments/experiment.schema.json.
 */
export function experimentSchemaText(): string {
  const schema = z.toJSONSchema(experimentSchema, { io: 'input' });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
