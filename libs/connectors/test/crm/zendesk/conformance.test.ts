import { describe } from 'vitest';
import { conformance } from '../conformance/index.ts';
import { subjectOf } from './zendesk-subject.ts';

describe('tickets alone', () => conformance(subjectOf()));
describe('with voice comments', () => conformance(subjectOf({ callLog: 'voice-comment' })));
describe('with Talk Partner Edition', () => conformance(subjectOf({ callLog: 'talk-partner', appId: 1352 })));
