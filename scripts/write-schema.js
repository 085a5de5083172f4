/* Writes the JSON Schema of experiment files from the schema that validates them. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { experimentSchemaText } from '../dist/src/experiment/experiment-json-schema.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
writeFileSync(join(root, 'experiments', 'experiment.schema.json'), experimentSchemaText());
