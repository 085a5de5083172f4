import type { BenchGroup } from './bench-case.js';
import { cancelGroup } from './cancel.js';
import { holdGroup } from './hold.js';
import { mm1Group } from './mm1.js';

/** Every group of cases, in order of the report. A new group is one file here and one line below. */
export const benchGroups: BenchGroup[] = [holdGroup, mm1Group, cancelGroup];
