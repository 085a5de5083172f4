import { describe, expect, it } from 'vitest';
import { readExperiment } from '../../../src/experiment/experiment-file.js';
import { planStudy } from '../../../src/experiment/plan-study.js';
import { UserError } from '../../../src/experiment/user-error.js';
import { changed, studyFile } from './study-text.js';

async function plan(levels: string) {
  const text = changed('  placement: [centralized, cells]', `  placement: [${levels}]`);
  return planStudy(readExperiment(studyFile(text)));
}

const quorum = '{model: centralized, backends: {bus: rabbitmq-quorum}}';

describe('backends of a placement in an experiment', () => {
  it('puts the buses on the chosen backend and leaves the databases', async () => {
    const { scenarios, study } = await plan(`centralized, ${quorum}`);
    const backendsOf = (point: number) => {
      const { buses, databases } = scenarios[point].placement.deployment;
      return [...buses, ...databases].map(({ backend }) => backend);
    };
    const [plain, other] = [backendsOf(0), backendsOf(scenarios.length - 1)];
    expect(plain).toContain('rabbitmq');
    expect(other).toEqual(plain.map((name) => (name === 'rabbitmq' ? 'rabbitmq-quorum' : name)));
    expect(study.factors[0].levels).toEqual(['centralized', 'centralized(bus=rabbitmq-quorum)']);
  });

  it.each([
    ['bus: rabbitmq-quorom', 'did you mean "rabbitmq-quorum"?'],
    ['database: rabbitmq', '"rabbitmq" is not a backend of a database'],
    ['store: redis', 'allowed: bus, database'],
  ])('refuses %s', async (backends, message) => {
    const planned = plan(`centralized, {model: centralized, backends: {${backends}}}`);
    const error: unknown = await planned.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toContain(message);
  });
});
