export { callScope, expressionCatalogue, type ScopeOptions } from './call-scope.ts';
export type { ViewOptions } from './call-view.ts';
export { type Encoding, encodings, escapeHtml } from './encodings.ts';
export type { ExpressionEntry, ExpressionType } from './known-names.ts';
export { type ReferenceState, referenceFinishReason, referenceState } from './reference-states.ts';
export { type RenderedTemplate, renderTemplate } from './render.ts';
export { renderValue } from './render-value.ts';
export { type Evaluation, evaluate, isAbsent, isGiven, type Scope } from './scope.ts';
export { unknownNameMessage } from './unknown-name.ts';
