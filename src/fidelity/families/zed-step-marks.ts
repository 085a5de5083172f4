import type { PlannedScenario } from '../../experiment/study.js';
import type { Step } from '../../operations/procedure-schema.js';

type Services = PlannedScenario['footprints']['services'];

/** Where a milestone of the ledger's own stands in a recipe. */
interface Mark {
  readonly name: string;
  readonly service: string;
  readonly procedure: string;
  /** Callee of the step beside which it stands; undefined: at the beginning. */
  readonly beside?: string;
  readonly after?: boolean;
}

const build = { service: 'nova-compute', procedure: 'build-and-run-instance' };
const schedule = { service: 'nova-conductor', procedure: 'schedule-and-build-instances' };
const end = { service: 'nova-compute', procedure: 'terminate-instance' };

export const CREATE_MARKS: readonly Mark[] = [
  { ...schedule, name: 'conductor' },
  { ...schedule, name: 'scheduling', beside: 'select-destinations' },
  { ...schedule, name: 'scheduled', beside: 'select-destinations', after: true },
  { ...build, name: 'building' },
  { ...build, name: 'claiming', beside: 'instance-save-claim' },
  { ...build, name: 'claimed', beside: 'service-by-host', after: true },
  { ...build, name: 'port-creating', beside: 'port-create' },
  { ...build, name: 'port-created', beside: 'port-create', after: true },
  { ...build, name: 'port-binding', beside: 'port-update-binding' },
  { ...build, name: 'port-bound', beside: 'port-update-binding', after: true },
  { ...build, name: 'network-cached', beside: 'info-cache-save', after: true },
];

export const DELETE_MARKS: readonly Mark[] = [
  { ...end, name: 'terminating' },
  { ...end, name: 'port-deleting', beside: 'port-delete' },
  { ...end, name: 'port-deleted', beside: 'port-delete', after: true },
  { ...end, name: 'updating', beside: 'compute-node-save' },
  { ...end, name: 'updated', beside: 'service-by-host', after: true },
  { ...end, name: 'freeing', beside: 'allocations-delete' },
  { ...end, name: 'freed', beside: 'allocations-delete', after: true },
];

function calleeOf(step: Step): string | undefined {
  if ('rest' in step) return step.rest.procedure;
  if ('rpc-call' in step) return step['rpc-call'].procedure;
  return undefined;
}

/** The steps with a milestone beside each step that calls `mark.beside`; the first reached counts. */
function insert(steps: readonly Step[], mark: Mark): Step[] {
  return steps.flatMap((step) => {
    if (calleeOf(step) === mark.beside) {
      const milestone: Step = { milestone: mark.name };
      return mark.after ? [step, milestone] : [milestone, step];
    }
    if ('lock' in step) {
      return [{ lock: { ...step.lock, steps: insert(step.lock.steps, mark) } }];
    }
    if ('parallel' in step) return [{ parallel: step.parallel.map((own) => insert(own, mark)) }];
    return [step];
  });
}

/** Footprints whose operation tells when it passes each mark. */
export function withMarks(
  footprints: PlannedScenario['footprints'],
  operation: string,
  marks: readonly Mark[],
): PlannedScenario['footprints'] {
  const services: Services = footprints.services.map((service) => {
    const procedures = { ...service.procedures };
    for (const mark of marks) {
      const procedure = procedures[mark.procedure];
      if (mark.service !== service.service || !procedure) continue;
      const { steps } = procedure;
      const marked = mark.beside ? insert(steps, mark) : [{ milestone: mark.name }, ...steps];
      procedures[mark.procedure] = { ...procedure, steps: marked };
    }
    return { ...service, procedures };
  });
  const own = footprints.operations.operations[operation];
  const milestones = [...marks.map(({ name }) => name), ...(own.milestones ?? [])];
  return {
    ...footprints,
    services,
    operations: {
      ...footprints.operations,
      operations: { ...footprints.operations.operations, [operation]: { ...own, milestones } },
    },
  };
}
