// Exit code 0 when the process in this container answers on the given path, and not with 5xx. The image has no curl.
const path = process.argv[2] ?? '/readyz';
const port = process.env.HTTP_PORT ?? '8080';

try {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(4000) });
  process.exitCode = answer.status < 500 ? 0 : 1;
} catch {
  process.exitCode = 1;
}
