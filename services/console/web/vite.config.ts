import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build, defineConfig, type Plugin } from 'vite';

/** Each file beside itself, compressed once instead of with every request. Only what was written is final. */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  writeBundle: async ({ dir = 'dist' }, bundle) => {
    for (const fileName of Object.keys(bundle).filter((name) => /\.(js|css|svg)$/.test(name))) {
      const file = join(dir, fileName);
      const content = await readFile(file);
      await writeFile(`${file}.br`, brotliCompressSync(content));
      await writeFile(`${file}.gz`, gzipSync(content));
    }
  },
};

/** What pages of others load to hold the desk in a frame: whole in itself, as a module and as a plain script. */
const hostScript: Plugin = {
  name: 'host-script',
  apply: 'build',
  writeBundle: async () => {
    await build({
      configFile: false,
      root: import.meta.dirname,
      logLevel: 'warn',
      build: {
        outDir: 'dist/embed',
        emptyOutDir: true,
        copyPublicDir: false,
        lib: {
          entry: 'src/embed/host/patchcord.ts',
          name: 'patchcord',
          formats: ['es', 'iife'],
          fileName: (format) => (format === 'es' ? 'patchcord.js' : 'patchcord.global.js'),
        },
      },
    });
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [compressed, hostScript],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    // Before compression. What a browser loads first is measured where it is tested.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      // "use client" is for servers that render: here there is none.
      onLog: (level, log, tell) => (log.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : tell(level, log)),
    },
  },
  // While the pages are worked on: they come from here, everything else from a console that runs.
  server: { port: 5173, proxy: { '/v1': 'http://127.0.0.1:8080' } },
});
