/**
 * Exchanges of a queue's declaration between the members of a cluster, by type: d_cluster_rpc.csv
 * (slopes over RTT).
 */
export const DECLARE_EXCHANGES: Readonly<Record<string, number>> = {
  classic: 6,
  classic_mirrored_all: 52,
  quorum: 11,
};

/** A declaration beside the wire, in ms, at RTT 0. */
export const DECLARE_MS: Readonly<Record<string, number>> = {
  classic: 0.4,
  classic_mirrored_all: 16,
  quorum: 21,
};
