import { Text } from '@mantine/core';
import { type Refused, useRefusalText } from './use-refusal-text.ts';

/** Why something failed and what to do next; behind it what the other side said. */
export function FailureText({ failure }: { readonly failure: Refused }) {
  const { says, detail } = useRefusalText()(failure);
  return (
    <>
      {says}
      {detail !== undefined && (
        <>
          {' '}
          <Text span inherit c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {detail}
          </Text>
        </>
      )}
    </>
  );
}
