import type { BenchGroup } from './bench-case.js';
import { cancelGroup } from './cancel.js';
import { flowsGroup } from './flows.js';
import { holdGroup } from './hold.js';
import { mm1Group } from './mm1.js';
import { modelGroup } from './model.js';
import { pingpongGroup } from './pingpong.js';
import { ringGroup } from './ring.js';
import { startupGroup } from './startup.js';

/** Every group of cases, in order of the report. A new group is one file here and one line below. */
export const benchGroups: BenchGroup[] = [
  holdGroup,
  mm1Group,
  cancelGroup,
  pingpongGroup,
  ringGroup,
  flowsGroup,
  modelGroup,
  startupGroup,
];
