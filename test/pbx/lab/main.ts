// Fetches the real Asterisk of the tests: `npm run vitest` does not, `npm test` does by itself.
import { ensureAsterisk } from './packages.ts';

const fetched = await ensureAsterisk((line) => console.log(line));
console.log(fetched.outcome === 'ready' ? `Asterisk is in ${fetched.asterisk.root}` : fetched.why);
process.exitCode = fetched.outcome === 'ready' ? 0 : 1;
