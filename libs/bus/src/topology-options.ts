export interface TopologyOptions {
  /** Default: `file`. */
  readonly storage?: 'file' | 'memory';
  /** Copies of each stream in a cluster. Default: 1. */
  readonly replicas?: number;
}
