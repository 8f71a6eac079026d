import { describe } from 'vitest';
import { conformance } from '../conformance/index.ts';
import { keyed, subjectOf } from './zoho-subject.ts';

describe('with a field of unique values', () => conformance(subjectOf(keyed)));
describe('without one', () => conformance(subjectOf({})));
