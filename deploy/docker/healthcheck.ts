// Exit code 0 when the service in this container answers 2xx on the given path. The image has no curl.
const path = process.argv[2] ?? '/readyz';
const port = process.env.HTTP_PORT ?? '8080';

try {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(4000) });
  process.exitCode = answer.ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
