import { callTextParts } from '@patchcord/contracts';
import { evaluate, foundValue, isGiven } from '../templates/scope.ts';
import { type Fillers, filledPieces, written } from './placeholders.ts';
import { toValue, type Value } from './values.ts';

/**
 * A fixed value, or a default, with the expressions of the call in it; a single one keeps the type of its value.
 * `complete`: undefined when one of several is missing, instead of a text in which it is empty.
 */
export function fixedValue(
  text: string,
  { scope, notes }: Pick<Fillers, 'scope' | 'notes'>,
  complete: boolean,
): Value | undefined {
  const [only, ...others] = callTextParts(text);
  if (only === undefined || (typeof only === 'string' && others.length === 0)) return text;
  if (typeof only !== 'string' && others.length === 0) {
    const evaluation = evaluate(only, scope);
    const value = foundValue(evaluation);
    if (isGiven(evaluation) || (value === null && only.fallback === undefined)) return toValue(value);
  }
  // Braces that a parameter table fills are text here, as they have always been.
  const pieces = filledPieces(text, { scope, notes, placeholders: undefined });
  const isMissing = pieces.some((piece) => typeof piece !== 'string' && piece.text === undefined);
  return isMissing && (complete || pieces.length === 1) ? undefined : written(pieces, (value) => value);
}
