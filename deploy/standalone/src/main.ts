import { type Options, readOptions, usage } from './options.ts';

function optionsOrExplain(): Options | undefined {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    process.stdout.write(`patchcord: ${(error as Error).message}\n\n${usage}`);
    process.exitCode = 1;
    return undefined;
  }
}

const options = optionsOrExplain();
if (options?.help === true) process.stdout.write(usage);
else if (options !== undefined) {
  // Loaded only now: the help need not wait for all services.
  const { begin } = await import('./run.ts');
  await begin(options);
}
