/** One axis of a study. */
export interface StudyFactor {
  /** Path in the experiment file, such as `infrastructure.rtt-scale`; the key in `RunResult.factors`. */
  path: string;
  /** As people say it, such as `RTT scale`; with its unit where the levels have none. */
  label: string;
  /** In the order of the file, as printed in `RunResult.factors`. One level is allowed. */
  levels: string[];
}

/** What a report needs to know of an experiment besides its runs. Plain data. */
export interface Study {
  name: string;
  /** The question that the experiment answers; may be empty. */
  question: string;
  seed: string;
  /** Replications asked for at each design point. */
  replications: number;
  /** The factor with the path `placement` gives the lines of the charts; it may be absent. */
  factors: StudyFactor[];
  /**
   * Factor path to level: what paired differences are taken against, such as
   * `{placement: 'centralized'}`. Factors that are absent here are held equal. May be empty.
   */
  baseline: Record<string, string>;
  /** Written to provenance.json as it is. */
  provenance: unknown;
}
