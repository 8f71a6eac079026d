import type { BrowserContext } from 'playwright-core';

/** Everything that the console answers a browser from now on, to be looked through for what must not be in it. */
export function watchAnswers(context: BrowserContext): { readonly all: () => Promise<string> } {
  const bodies: Promise<string>[] = [];
  context.on('response', (response) => {
    // Of a redirect or a page that was closed there is nothing to read.
    bodies.push(
      response.text().then(
        (text) => `${response.url()} ${text}`,
        () => response.url(),
      ),
    );
  });
  return { all: async () => (await Promise.all(bodies)).join('\n') };
}
