export { type AnswerReading, readAnswer } from './custom-crm/answer.ts';
export { type CustomCrmQuestion, lookupCustomCrm } from './custom-crm/lookup.ts';
export { httpJson } from './http-json/connector.ts';
export { withPath, withQuery } from './http-url.ts';
export type * from './port.ts';
export { connectors } from './registry.ts';
