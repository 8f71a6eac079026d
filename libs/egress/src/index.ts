export {
  type BreakerChange,
  type BreakerState,
  type Breakers,
  type BreakersOptions,
  createBreakers,
} from './breakers.ts';
export {
  createEgress,
  type Egress,
  type EgressAnswer,
  type EgressFailure,
  type EgressOptions,
  type EgressOutcome,
  type EgressRequest,
} from './egress.ts';
export { mergeHeaders } from './headers.ts';
