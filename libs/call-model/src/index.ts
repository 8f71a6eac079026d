export { type LoggedCall, loggedCall, told } from './call-logging.ts';
export { type ItemContext, itemText, itemValue, mappedValue } from './data-items.ts';
export { digitalContactOf } from './digital/contact.ts';
export { type CourseStep, courseOf, courseStep } from './digital/course.ts';
export { applyDigital, type DigitalLog, type Transcripts, transcriptsOf } from './digital/log.ts';
export { digitalSessionOf } from './digital/session.ts';
export { applyEvent, fold, sessionsOf } from './fold/fold.ts';
export { inOrder, type Lane, laneOf, orderKey } from './order.ts';
export type { StoryPause } from './pauses.ts';
export { type AfterCall, callRecordsOf, type RecordContext } from './records.ts';
export { renderCall, renderStory } from './render.ts';
export {
  type Story,
  type StoryCall,
  type StoryInteraction,
  type StoryOptions,
  story,
  storyOf,
  storySchema,
} from './story.ts';
export { wholeCallOf } from './whole-call.ts';
